"""Who of the team is away now or soon, and who stands in."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Absence, RoleGrant, User
from accounts.roles import ROLES, Scope


def colleagues(user) -> QuerySet[User]:
    """Active users of the manager's own team, the manager among them."""
    return User.objects.filter(team=user.team_id, team__isnull=False, is_active=True)


def deputies(user) -> QuerySet[User]:
    """Those of them who work with the unit's cases, by name."""
    works = [key for key, role in ROLES.items() if role.scope is Scope.TEAM]
    holds = RoleGrant.objects.filter(user=OuterRef("pk"), role__in=works)
    return colleagues(user).filter(Exists(holds)).order_by("first_name", "last_name", "pk")


def of_unit(user, today: date) -> QuerySet[Absence]:
    """Absences of colleagues of the manager's own team that have not ended, the running ones first."""
    rows = Absence.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today))
    rows = rows.filter(user__in=colleagues(user))
    return rows.select_related("user", "deputy").order_by("starts_on", "pk")


def by_user(user, today: date) -> dict[int, list[Absence]]:
    found: dict[int, list[Absence]] = {}
    for absence in of_unit(user, today):
        found.setdefault(absence.user_id, []).append(absence)
    return found
