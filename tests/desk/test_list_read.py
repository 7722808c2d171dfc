"""A long list is read while the job's row is written, on the embedded database too."""

import sqlite3

import pytest
from django.db import connection, connections
from django.utils import timezone

from accounts.access import Permission
from desk.models import Heartbeat
from desk.services import listings
from tests.conftest import TODAY


@pytest.fixture
def beside(tmp_path, django_db_blocker):
    """A second database of the same kind in a file, as the embedded default has it, with some rows."""
    connections.settings["beside"] = {**connections.settings["default"], "NAME": str(tmp_path / "beside.sqlite3")}
    with django_db_blocker.unblock():
        link = connections["beside"]
        with link.schema_editor() as editor:
            editor.create_model(Heartbeat)
        now = timezone.now()
        Heartbeat.objects.using("beside").bulk_create(
            Heartbeat(run="sweep", day=now.date(), started_at=now, finished_at=now)
            for _row in range(3 * listings.CHUNK)
        )
        yield link
        link.close()
    del connections["beside"], connections.settings["beside"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="of the embedded database alone")
def test_a_long_list_is_read_while_others_write(beside):
    """An open cursor would hold an old picture of the database, in which nothing may be written any more."""
    rows = Heartbeat.objects.using("beside").order_by("pk")
    sheet = listings.ListFile("x", "X", Permission.READ_LOG, (), lambda *_: rows, lambda found, *_: [(len(found),)])

    def progress(done, total):
        with sqlite3.connect(beside.settings_dict["NAME"]) as other:
            other.execute("UPDATE desk_heartbeat SET run = 'other' WHERE id = 1")
        other.close()
        rows.filter(pk=2).update(run=f"{done}")

    told = list(listings.in_chunks(sheet, rows, None, TODAY, rows.count(), progress))
    assert told == [(listings.CHUNK,)] * 3
    assert rows.get(pk=2).run == str(3 * listings.CHUNK)
