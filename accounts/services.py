"""Who gets which role."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import RoleGrant, User
from accounts.roles import ALONE, ROLES, refused


@transaction.atomic
def grant_role(user: User, role: str, *, by: User | None) -> RoleGrant:
    """Give a role; once is enough. ValidationError: an unknown role, or one that the user's others exclude."""
    if role not in ROLES:
        raise ValidationError({"role": _("Vælg en rolle fra listen.")})
    User.objects.select_for_update().get(pk=user.pk)
    held = set(user.grants.values_list("role", flat=True))
    if others := refused(held, role):
        names = ", ".join(sorted(str(ROLES[key].label) for key in others))
        text = _("%(role)s kan ikke have andre roller. %(user)s er allerede %(names)s: fjern den rolle først.")
        lone = ROLES[role if role in ALONE else min(others)].label
        raise ValidationError({"role": text % {"role": lone, "user": user.name, "names": names}})
    grant, is_new = RoleGrant.objects.get_or_create(user=user, role=role, defaults={"granted_by": by})
    if is_new:
        audit.log(by, "role.granted", detail=f"user {user.pk} {role}")
    return grant


@transaction.atomic
def revoke_role(user: User, role: str, *, by: User | None) -> None:
    """Take a role back; it is gone at the user's next click."""
    if user.grants.filter(role=role).delete()[0]:
        audit.log(by, "role.revoked", detail=f"user {user.pk} {role}")
