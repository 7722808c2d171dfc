"""The demonstration's year before: families that came, were helped and went on, and figures for their months."""

from datetime import date

import pytest

from board.models import FigureMonth
from board.services import compliance as figures
from board.services.compliance import Period
from board.services.scope import scope_of
from board.services.snapshots import take
from cases.models import Case, Stay
from deadlines.models import Kind, Step
from housing.models import Dwelling
from intake.services.demo import history
from intake.services.demo.history import seed_history
from tests.factories import TODAY
from volunteers.models import Match, Volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def short(monkeypatch):
    """Three families of one month instead of seventy of eleven."""
    monkeypatch.setattr(history, "MONTHS", (4,))
    monkeypatch.setattr(history, "ARRIVALS", (3, 3))
    monkeypatch.setattr(history, "PAUSE", 0)


def told(cases) -> list[tuple]:
    return [(case.family_name, case.closed_on, case.closing_reason, case.people.count()) for case in cases]


def test_the_families_of_the_year_are_gone_and_leave_figures():
    cases = seed_history(seed=2022, today=TODAY)
    assert len(cases) == 3
    assert not Case.objects.filter(closed_on=None).exists()
    assert not Stay.objects.filter(left_on=None).exists()
    assert not Match.objects.filter(ended_on=None).exists()
    assert not Step.objects.listed(TODAY).exists(), "nothing of theirs is in anybody's list"
    assert Dwelling.objects.get(street=history.HOSTEL[0]).out_of_use_from == TODAY.replace(day=1)
    assert not Volunteer.objects.filter(name__in=[name for name, *_rest in history.HELPERS], active=True).exists()
    take(today=TODAY)
    july = date(2026, 7, 1)
    assert FigureMonth.objects.filter(closed_on__isnull=False, month=july).exists()
    whole = figures.tallies(scope_of(cases[0].caseworker), Period(july, TODAY), TODAY)
    for kind in (Kind.LAW, Kind.SERVICE_GOAL, Kind.LOCAL_TARGET):
        tally = figures.total(whole, kind=kind.value)
        assert tally.counted >= tally.on_time > tally.counted / 2


def test_the_same_seed_and_day_tell_the_same_year():
    assert told(seed_history(seed=7, today=TODAY)) == told(seed_history(seed=7, today=TODAY))
