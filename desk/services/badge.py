"""What the menu of every page says: the user's overdue steps, and the names of the families opened last. One query.

It is the very queryset of the work list, so badge and list can't differ; see accounts.prepared.
"""

from datetime import date

from django.db.models import Func, IntegerField, QuerySet, Subquery

from accounts import prepared
from accounts.models import User
from cases.access import shown_name
from cases.models import Case
from desk.services.worklist import own_overdue


def menu_figures(user: User, today: date, numbers: list[str]) -> tuple[int, dict[str, str]]:
    """(overdue steps of the user's own list, family name by case number for those still visible)."""
    rows = prepared.rows(_question, user, today, texts=numbers) if user.role_keys else []
    if not rows:  # none of the families is visible any more, and the count stands beside them
        return menu_figures(user, today, []) if numbers else (0, {})
    return rows[0][0], {number: name for _overdue, number, name in rows} if numbers else {}


def _question(user: User, today: date, numbers: tuple[str, ...] = ()) -> QuerySet:
    """One row with the count; with families asked for, one row each and the count beside."""
    counted = Func("pk", function="COUNT", output_field=IntegerField())
    overdue = own_overdue(user, today).order_by().values_list(counted)
    if not numbers:
        return overdue
    found = Case.objects.visible_to(user).filter(number__in=numbers)
    return found.values_list(Subquery(overdue, output_field=IntegerField()), "number", shown_name(user))
