"""Two colleagues give two families the same volunteer at the same moment. Only with several connections: PostgreSQL."""

import threading
import time
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.db.models import QuerySet

from tests.factories import TODAY, a_family
from tests.volunteers.makers import VolunteerFactory
from volunteers.models import Match
from volunteers.services import proposals, ties

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time"),
]


def both_at_once() -> list[str]:
    """Tie a volunteer with room for one to two families side by side; returns how each ended."""
    start, ends, volunteer = threading.Barrier(2), [], VolunteerFactory(capacity=1)
    cases = [a_family({"given_names": "Olena"}, arrived_on=TODAY - timedelta(days=9)) for _at in range(2)]
    for case in cases:
        ties.record_consent(case, on=TODAY, today=TODAY, by=None)

    def tie(case):
        try:
            start.wait(timeout=10)
            ties.match_volunteer(case, volunteer=volunteer, on=TODAY, today=TODAY, by=None)
            ends.append("tied")
        except ValidationError:
            ends.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=tie, args=[case]) for case in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return sorted(ends)


@pytest.fixture
def slowly(monkeypatch):
    """Hold every tie for a moment between the check and the writing."""
    check = proposals.obstacle

    def slow(case, volunteer, *, on):
        found = check(case, volunteer, on=on)
        time.sleep(0.3)
        return found

    monkeypatch.setattr(proposals, "obstacle", slow)


def test_one_family_gets_the_volunteer_and_the_other_is_told(slowly):
    assert both_at_once() == ["refused", "tied"]
    assert Match.objects.count() == 1


def test_without_the_lock_both_would_have_got_one(slowly, monkeypatch):
    """The control: the test above can fail."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self)
    assert both_at_once() == ["tied", "tied"]
    assert connection.vendor == "postgresql"
