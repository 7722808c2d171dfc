"""Two caseworkers give two families the same home at the same moment. Only with several connections: PostgreSQL."""

import threading
import time

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.db.models import QuerySet

from housing import services
from housing.models import Placement
from tests.factories import TODAY
from tests.housing.conftest import family, offer

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time"),
]


def both_at_once(mette, home) -> list[str]:
    """Start two placements of two families side by side; returns how each ended."""
    start, ends = threading.Barrier(2), []

    def place(case):
        try:
            start.wait(timeout=10)
            offer(case, home, mette)
            ends.append("placed")
        except ValidationError:
            ends.append("refused")
        finally:
            connections.close_all()

    cases = [family(mette, arrived_on=TODAY) for _at in range(2)]
    threads = [threading.Thread(target=place, args=[case]) for case in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return sorted(ends)


@pytest.fixture
def slowly(monkeypatch):
    """Hold every placement for a moment between the check and the writing."""
    check = services.check_room

    def slow(placement, *, today):
        check(placement, today=today)
        time.sleep(0.3)

    monkeypatch.setattr(services, "check_room", slow)


def test_one_gets_the_home_and_the_other_is_told(mette, home, slowly):
    assert both_at_once(mette, home) == ["placed", "refused"]
    assert Placement.objects.taken().filter(dwelling=home).count() == 1


def test_without_the_lock_both_would_have_got_it(mette, home, slowly, monkeypatch):
    """The control: the test above can fail."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self)
    assert both_at_once(mette, home) == ["placed", "placed"]
    assert connection.vendor == "postgresql"
