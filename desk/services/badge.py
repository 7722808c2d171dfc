"""What the menu of every page says: the user's overdue steps, and the names of the families opened last. One query.

Building and compiling a queryset of twenty conditions costs twice what the database needs to answer it. So the
question is compiled once per process for each shape of user (roles, colleagues stood in for, team or none, families
asked for), with placeholders for ids, numbers and days, and asked with the real ones (docs/adr/0010). It is the very
queryset of the work list, so badge and list can't differ.
"""

from datetime import UTC, date, datetime
from functools import lru_cache

from django.core.exceptions import EmptyResultSet
from django.db.models import Func, IntegerField, QuerySet, Subquery

from accounts.models import User
from cases.access import shown_name
from cases.models import Case
from deadlines import ledger
from desk.services.worklist import own_overdue

# No id, no case number and no deadline is like these: what equals one in the compiled question is a placeholder.
IDS, NUMBERS, DAY = 2**52, ("?0", "?1", "?2", "?3"), date(4000, 1, 1)
MOMENT = datetime(4000, 1, 1, 12, 34, 56, tzinfo=UTC)
NEARBY = 366  # days: how far from today a condition may look

Shape = tuple[frozenset[str], int, bool, int]


def menu_figures(user: User, today: date, numbers: list[str]) -> tuple[int, dict[str, str]]:
    """(overdue steps of the user's own list, family name by case number for those still visible)."""
    if user.openings or user.assigned:  # a question of their own
        return _answer(list(_question(user, today, tuple(numbers))), user, today, numbers)
    colleagues = sorted(user.acting_for - {user.pk})
    sql, given = _compiled((user.role_keys, len(colleagues), user.team_id is not None, len(numbers)))
    if not sql:
        return 0, {}
    real = dict(enumerate((user.pk, user.team_id, *colleagues), IDS)) | dict(zip(NUMBERS, numbers, strict=False))
    rows = ledger.ask(sql, [_real(value, real, today) for value in given])
    return _answer(rows, user, today, numbers)


def _answer(rows: list[tuple], user: User, today: date, numbers: list[str]) -> tuple[int, dict[str, str]]:
    if not rows:  # none of the families is visible any more, and the count stands beside them
        return menu_figures(user, today, [])
    return rows[0][0], {number: name for _overdue, number, name in rows} if numbers else {}


@lru_cache(maxsize=256)
def _compiled(shape: Shape) -> tuple[str, tuple]:
    """(SQL, parameters) of the question for a stand-in of this shape; ("", ()) where it can have no rows."""
    roles, colleagues, has_team, families = shape
    stand_in = User(pk=IDS, team_id=IDS + 1 if has_team else None)
    stand_in.role_keys, stand_in.asked_on, stand_in.openings = roles, DAY, {}
    stand_in.assigned = frozenset()
    stand_in.acting_for = frozenset({IDS, *range(IDS + 2, IDS + 2 + colleagues)})
    try:
        return ledger.compiled(_question(stand_in, DAY, NUMBERS[:families]))
    except EmptyResultSet:
        return "", ()


def _question(user: User, today: date, numbers: tuple[str, ...]) -> QuerySet:
    """One row with the count; with families asked for, one row each and the count beside."""
    counted = Func("pk", function="COUNT", output_field=IntegerField())
    overdue = own_overdue(user, today).order_by().values_list(counted)
    if not numbers:
        return overdue
    found = Case.objects.visible_to(user).filter(number__in=numbers)
    return found.values_list(Subquery(overdue, output_field=IntegerField()), "number", shown_name(user))


def _real(value, real: dict, today: date):
    if value in real:
        return real[value]
    day = _day_of(value)
    return value if day is None else ledger.day(today + (day - DAY))


def _day_of(value) -> date | None:
    """The placeholder day this parameter stands for: a date on PostgreSQL, its text on SQLite."""
    if isinstance(value, str) and value[:3] in ("399", "400") and len(value) == 10:
        value = date.fromisoformat(value)
    return value if isinstance(value, date) and abs((value - DAY).days) < NEARBY else None
