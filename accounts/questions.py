"""Questions asked on every page: compiled once per process, asked with the real values (docs/adr/0010).

Building and compiling a queryset of many conditions costs more than the database needs to answer it. So it is built
once for a stand-in with impossible ids on an impossible day, and what equals these in the compiled SQL is replaced.
"""

from datetime import UTC, date, datetime

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

# No id, no deadline and no moment is like these.
IDS, DAY = 2**52, date(4000, 1, 1)
MOMENT = datetime(4000, 1, 1, 12, 34, 56, tzinfo=UTC)
NEARBY = 366  # days: how far from today a condition may look

Compiled = tuple[str, tuple]


def compiled(question: QuerySet) -> Compiled:
    """(SQL, parameters) of a queryset of values; ("", ()) where it can have no rows."""
    try:
        return question.query.sql_with_params()
    except EmptyResultSet:
        return "", ()


def ask(question: Compiled, real: dict, *, today: date, now: datetime) -> list[tuple]:
    """The rows. real: placeholder → value, beside today for DAY (and the days around it) and now for MOMENT."""
    sql, given = question
    if not sql:
        return []
    real = {**real, connection.ops.adapt_datetimefield_value(MOMENT): connection.ops.adapt_datetimefield_value(now)}
    with connection.cursor() as cursor:
        cursor.execute(sql, [_value(value, real, today) for value in given])
        return cursor.fetchall()


def _value(value, real: dict, today: date):
    if value in real:
        return real[value]
    day = _day_of(value)
    return value if day is None else connection.ops.adapt_datefield_value(today + (day - DAY))


def _day_of(value) -> date | None:
    """The placeholder day this parameter stands for: a date on PostgreSQL, its text on SQLite."""
    if isinstance(value, str) and value[:3] in ("399", "400") and len(value) == len("4000-01-01"):
        value = date.fromisoformat(value)
    return value if type(value) is date and abs((value - DAY).days) < NEARBY else None
