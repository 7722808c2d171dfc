"""Pure date arithmetic. Day 0 is the trigger; a deadline may still be met on its day.

A month is a calendar month counted from the start (31 January + 1 = 28 or 29 February), never 30 days.
Working days are Monday to Friday without the Danish holidays (Store bededag only up to 2023).
"""

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

from holidays.countries import Denmark

UNITS = ("days", "months", "working_days")
ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=64)
def holidays_of(year: int) -> frozenset[date]:
    return frozenset(Denmark(years=year))


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in holidays_of(day.year)


def add(start: date, amount: int, unit: str) -> date:
    """start + amount of unit (days | months | working_days); ValueError for another unit."""
    if unit == "days":
        return start + timedelta(days=amount)
    if unit == "months":
        months = start.month - 1 + amount
        year, month = start.year + months // 12, months % 12 + 1
        return date(year, month, min(start.day, monthrange(year, month)[1]))
    if unit == "working_days":
        return _add_working_days(start, amount)
    raise ValueError(unit)


def _add_working_days(start: date, amount: int) -> date:
    day = start
    while amount:
        day += ONE_DAY
        amount -= is_working_day(day)
    return day


def last_working_day(day: date) -> date:
    """The day itself, or the working day before: what the page advises for a weekend or a holiday."""
    while not is_working_day(day):
        day -= ONE_DAY
    return day
