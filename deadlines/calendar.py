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
def holidays_of(year: int) -> dict[date, str]:
    """The holidays of a year with their Danish names; two on one day are joined by "; "."""
    return dict(Denmark(years=year, language="da"))


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in holidays_of(day.year)


def holidays_between(start: date, end: date) -> list[tuple[date, str]]:
    """Holidays from Monday to Friday after `start` up to `end`: those that lengthen a count of working days."""
    days = (start + timedelta(days=number) for number in range(1, (end - start).days + 1))
    return [(day, holidays_of(day.year)[day]) for day in days if day.weekday() < 5 and not is_working_day(day)]


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
