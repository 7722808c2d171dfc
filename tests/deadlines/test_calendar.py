"""Date arithmetic against an oracle that shares nothing with it: dateutil for months, Gauss's Easter for holidays."""

import os
from datetime import date, timedelta

import pytest
from dateutil.easter import easter
from dateutil.relativedelta import relativedelta
from hypothesis import given, settings
from hypothesis import strategies as st

from deadlines.calendar import add, is_working_day, last_working_day

DAYS = st.dates(date(2000, 1, 1), date(2080, 12, 31))
# 4,000 for each of the five properties (20,000 in all) in the first run of the gate, 500 everywhere else.
many = settings(max_examples=int(os.environ.get("DATE_EXAMPLES", "500")))


def danish_holidays(year: int) -> set[date]:
    """By the law: lov nr. 214 of 6 March 2023 abolished Store bededag from 2024."""
    sunday = easter(year)
    from_easter = [-3, -2, 0, 1, 39, 49, 50] + ([26] if year < 2024 else [])
    fixed = [date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)]
    return {sunday + timedelta(days=n) for n in from_easter} | set(fixed)


def oracle_working_day(day: date) -> bool:
    return day.isoweekday() <= 5 and day not in danish_holidays(day.year)


def oracle_working_days(start: date, amount: int) -> date:
    """Counts over a list of all working days instead of stepping."""
    ahead = [start + timedelta(days=n) for n in range(1, amount * 3 + 40)]
    return start if amount == 0 else [day for day in ahead if oracle_working_day(day)][amount - 1]


@many
@given(DAYS, st.integers(0, 400))
def test_days_are_days(start, amount):
    assert add(start, amount, "days").toordinal() == start.toordinal() + amount


@many
@given(DAYS, st.integers(0, 60))
def test_months_are_calendar_months_counted_from_the_start(start, amount):
    assert add(start, amount, "months") == start + relativedelta(months=amount)


@many
@given(DAYS, st.integers(0, 40))
def test_working_days_know_the_danish_holidays(start, amount):
    assert add(start, amount, "working_days") == oracle_working_days(start, amount)


@many
@given(DAYS)
def test_every_single_day_is_classified_like_the_law(day):
    assert is_working_day(day) == oracle_working_day(day)


@many
@given(DAYS)
def test_the_advice_is_the_last_working_day_not_after_the_deadline(day):
    found = last_working_day(day)
    between = [found + timedelta(days=n) for n in range(1, (day - found).days + 1)]
    assert found <= day
    assert oracle_working_day(found)
    assert not any(oracle_working_day(d) for d in between)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "due"),
    [
        (date(2026, 1, 31), 1, "months", date(2026, 2, 28)),
        (date(2028, 1, 31), 1, "months", date(2028, 2, 29)),
        (date(2028, 2, 29), 12, "months", date(2029, 2, 28)),
        (date(2026, 1, 31), 2, "months", date(2026, 3, 31)),
        (date(2026, 12, 15), 14, "days", date(2026, 12, 29)),
        (date(2026, 3, 28), 2, "days", date(2026, 3, 30)),  # over the clock change
        (date(2026, 10, 24), 2, "days", date(2026, 10, 26)),
        (date(2022, 4, 11), 4, "working_days", date(2022, 4, 20)),  # skærtorsdag, langfredag, 2. påskedag
        (date(2023, 5, 4), 1, "working_days", date(2023, 5, 8)),  # Store bededag 5 May 2023
        (date(2024, 4, 25), 1, "working_days", date(2024, 4, 26)),  # no longer in 2024
        (date(2026, 11, 9), 15, "working_days", date(2026, 11, 30)),  # SIRI: Monday → Monday three weeks later
    ],
)
def test_known_cases(start, amount, unit, due):
    assert add(start, amount, unit) == due


def test_an_unknown_unit_is_refused():
    with pytest.raises(ValueError, match="fortnights"):
        add(date(2026, 1, 1), 1, "fortnights")
