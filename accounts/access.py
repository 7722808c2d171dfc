"""What a user may do. Rights are read per request and denied by default."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404

from accounts.roles import AREAS, WORKS_ON, WORKS_ON_PARTS, Permission, Scope

__all__ = [
    "Permission",
    "Scope",
    "areas_of",
    "can",
    "classes_of",
    "has_team_scope",
    "needs",
    "parts_of",
    "permissions_for",
    "reads_file",
    "reads_notes",
    "sees_cases",
    "sees_names",
    "tabs_of",
    "works_on",
]


def can(user, permission: Permission) -> bool:
    """True when one of the user's roles carries the permission."""
    return permission in getattr(user, "permissions", ())  # nobody's, for who is not logged in


def areas_of(user) -> frozenset[str]:
    """Slugs of the areas whose steps, lines and panels the user works with."""
    return frozenset().union(*(role.areas for role in user.roles)) if user.is_authenticated else frozenset()


def parts_of(user) -> frozenset[str]:
    """Prefixes of the rules and lines that the user works with in areas that are otherwise not the user's."""
    return frozenset().union(*(role.parts for role in user.roles)) if user.is_authenticated else frozenset()


def classes_of(user) -> frozenset[str]:
    """The data classes that the user reads in these areas."""
    return frozenset().union(*(role.classes for role in user.roles)) if user.is_authenticated else frozenset()


def tabs_of(user, number: str = "") -> frozenset[str]:
    """The areas of which the user opens the tab, if only for a part of it; all in a case opened for a while."""
    if number and number in user.openings:
        return frozenset(AREAS)
    return areas_of(user) | {part.partition(".")[0] for part in parts_of(user)}


def sees_cases(user) -> bool:
    """Whether the user has cases at all."""
    return user.is_authenticated and any(role.scope in {Scope.TEAM, Scope.ASSIGNED} for role in user.roles)


def has_team_scope(user) -> bool:
    return any(role.scope is Scope.TEAM for role in user.roles)


def works_on(user, area: str, rule: str = "") -> bool:
    """Whether the user decides about deadlines of this area (and rule) and registers what was done."""
    return any(can(user, permission) for permission in permissions_for(area, rule))


def permissions_for(area: str, rule: str = "") -> frozenset[Permission]:
    """Each of them is enough to work on deadlines of the area; an own task without an area is the caseworker's."""
    parts = {permission for prefix, permission in WORKS_ON_PARTS.items() if rule.startswith(prefix)}
    return frozenset({Permission.WRITE_CASES, WORKS_ON.get(area, Permission.WRITE_CASES), *parts})


def reads_file(user, number: str) -> bool:
    """Whether the user reads the whole file of the case: by role, or because it is opened for a while."""
    return can(user, Permission.SEE_CASE_FILES) or number in user.openings


def reads_notes(user, number: str) -> bool:
    """Whether the user reads what people wrote in the lines that are visible to the user."""
    return can(user, Permission.WRITE_NOTES) or reads_file(user, number)


def sees_names(user, number: str = "") -> bool:
    """Whether the user sees who the people are, in this case or (without a number) in any of the scope."""
    return can(user, Permission.SEE_FAMILIES) or (number != "" and number in user.openings)


def needs(permission: Permission) -> Callable:
    """A view for those who hold the permission; for others it does not exist (404)."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not can(request.user, permission):
                raise Http404
            return view(request, *args, **kwargs)

        guarded.permission = permission
        return guarded

    return decorate
