"""What will slip: the pure core against cases worked out by hand, and the numbers of the page against its rows."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from board.services.forecast import (
    HEAVIEST,
    Open,
    Why,
    expected_duties,
    load_of,
    remaining_days,
    slips,
)
from tests.conftest import TODAY

TEN_DAYS = Counter({10: 12})


def duty(**fields) -> Open:
    given_ = {"pk": 1, "rule": "r", "owner": 1, "starts_on": TODAY - timedelta(days=4), "due_on": TODAY}
    return Open(**{**given_, **fields})


def one(duties, **fields):
    known = {"took": {"r": TEN_DAYS}, "loads": {1: 1}, "per_owner_week": 5.0, "today": TODAY}
    return slips(duties, **{**known, **fields})


@pytest.mark.parametrize(("ahead", "slipped"), [(5, True), (6, False), (14, False)])
def test_as_fast_as_the_team_was(ahead, slipped):
    """Open for 4 days, the team takes 10: it is expected in 6 days."""
    found = one([duty(due_on=TODAY + timedelta(days=ahead))])
    assert [slip.why for slip in found] == ([Why.PACE] if slipped else [])
    assert not found or found[0].expected_on == TODAY + timedelta(days=6)


def test_who_has_twice_as_much_takes_twice_as_long():
    due = TODAY + timedelta(days=11)
    assert one([duty(due_on=due)], loads={1: 2, 2: 2}) == []
    slip = one([duty(due_on=due)], loads={1: 6, 2: 0, 3: 3})[0]
    assert (slip.why, slip.expected_on) == (Why.PACE, TODAY + timedelta(days=12))


def test_older_than_any_before():
    slip = one([duty(starts_on=TODAY - timedelta(days=11), due_on=TODAY + timedelta(days=3))])[0]
    assert (slip.why, slip.expected_on) == (Why.OLD, None)


def test_nine_observations_say_nothing_about_the_pace():
    """Then the row is worked off at the capacity: five a week, one a day, from today."""
    row = [duty(pk=number, due_on=TODAY + timedelta(days=1)) for number in range(1, 4)]
    found = one(row, took={"r": Counter({1: 9})})
    assert [(slip.pk, slip.why, slip.expected_on) for slip in found] == [(3, Why.CAPACITY, date(2026, 11, 26))]
    assert one(row, took={}, per_owner_week=None) == []


def test_what_others_have_until_after_its_date():
    late, early = TODAY + timedelta(days=3), TODAY + timedelta(days=1)
    found = one(
        [
            duty(pk=1, due_on=early, waits_until=late),
            duty(pk=2, due_on=early, waits_until=date.max),
            duty(pk=3, due_on=late, waits_until=early, starts_on=TODAY - timedelta(days=9)),
        ]
    )
    assert [(slip.pk, slip.why, slip.expected_on) for slip in found] == [(1, Why.WAITS, late), (2, Why.WAITS, None)]


@given(st.lists(st.integers(0, 60), min_size=1, max_size=40), st.integers(0, 70))
def test_remaining_days_is_the_middle_of_those_that_took_as_long(days, age):
    longer = sorted(day for day in days if day >= age)
    found = remaining_days(age, sorted(days))
    if not longer:
        assert found is None
        return
    total = found + age
    assert total in longer
    assert sum(day < total for day in longer) <= len(longer) / 2 >= sum(day > total for day in longer)


@given(st.dictionaries(st.integers(1, 9), st.integers(1, 50), min_size=1), st.integers(1, 9))
def test_nobody_is_thought_faster_than_the_team_or_thrice_as_slow(loads, owner):
    assert 1.0 <= load_of(owner, loads) <= HEAVIEST


def test_arrivals_bring_their_duties_weeks_later():
    monday = date(2026, 11, 23)
    found = expected_duties({monday: 2.0, monday + timedelta(weeks=1): 1.0}, {0: 0.5, 2: 1.0})
    weeks = [found[monday + timedelta(weeks=number)] for number in range(4)]
    assert weeks == [1.0, 0.5, 2.0, 1.0]
