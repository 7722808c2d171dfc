"""What the menu of every page says: the user's overdue steps, and the names of the families opened last. One query.

It is compiled once per process for each shape of user (roles, colleagues stood in for, team or none, families asked
for; see accounts.questions). It is the very queryset of the work list, so badge and list can't differ.
"""

from datetime import date
from functools import lru_cache

from django.db.models import Func, IntegerField, QuerySet, Subquery

from accounts.models import User
from accounts.questions import DAY, IDS, MOMENT, Compiled, ask, compiled
from cases.access import shown_name
from cases.models import Case
from desk.services.worklist import own_overdue

NUMBERS = ("?0", "?1", "?2", "?3")  # no case has such a number

Shape = tuple[frozenset[str], int, bool, int]


def menu_figures(user: User, today: date, numbers: list[str]) -> tuple[int, dict[str, str]]:
    """(overdue steps of the user's own list, family name by case number for those still visible)."""
    if user.openings or user.assigned:  # a question of their own
        return _answer(list(_question(user, today, tuple(numbers))), user, today, numbers)
    colleagues = sorted(user.acting_for - {user.pk})
    question = _compiled((user.role_keys, len(colleagues), user.team_id is not None, len(numbers)))
    if not question[0]:
        return 0, {}
    real = dict(enumerate((user.pk, user.team_id, *colleagues), IDS)) | dict(zip(NUMBERS, numbers, strict=False))
    return _answer(ask(question, real, today=today, now=user.asked_at), user, today, numbers)


def _answer(rows: list[tuple], user: User, today: date, numbers: list[str]) -> tuple[int, dict[str, str]]:
    if not rows:  # none of the families is visible any more, and the count stands beside them
        return menu_figures(user, today, [])
    if not numbers:
        (overdue,) = rows[0]
        return overdue, {}
    return rows[0][0], {number: name for _overdue, number, name in rows}


@lru_cache(maxsize=256)
def _compiled(shape: Shape) -> Compiled:
    """The question for a stand-in of this shape."""
    roles, colleagues, has_team, families = shape
    stand_in = User(pk=IDS, team_id=IDS + 1 if has_team else None)
    stand_in.role_keys, stand_in.asked_on, stand_in.asked_at = roles, DAY, MOMENT
    stand_in.openings, stand_in.assigned = {}, frozenset()
    stand_in.acting_for = frozenset({IDS, *range(IDS + 2, IDS + 2 + colleagues)})
    return compiled(_question(stand_in, DAY, NUMBERS[:families]))


def _question(user: User, today: date, numbers: tuple[str, ...]) -> QuerySet:
    """One row with the count; with families asked for, one row each and the count beside."""
    counted = Func("pk", function="COUNT", output_field=IntegerField())
    overdue = own_overdue(user, today).order_by().values_list(counted)
    if not numbers:
        return overdue
    found = Case.objects.visible_to(user).filter(number__in=numbers)
    return found.values_list(Subquery(overdue, output_field=IntegerField()), "number", shown_name(user))
