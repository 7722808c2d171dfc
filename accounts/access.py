"""What a user may do. Rights are read per request and denied by default."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404

from accounts.roles import Permission, Scope

__all__ = ["Permission", "Scope", "areas_of", "can", "needs", "sees_cases"]


def can(user, permission: Permission) -> bool:
    """True when one of the user's roles carries the permission."""
    return user.is_authenticated and user.is_active and any(permission in role.permissions for role in user.roles)


def areas_of(user) -> frozenset[str]:
    """Slugs of the areas whose steps, lines and panels the user works with."""
    return frozenset().union(*(role.areas for role in user.roles)) if user.is_authenticated else frozenset()


def sees_cases(user) -> bool:
    return user.is_authenticated and any(role.scope is Scope.TEAM for role in user.roles)


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
