"""The verbs about who works here: roles, users, links, absences. Each writes its line in the log."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from hashlib import sha256

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Absence, RoleGrant, RoleRequest, Team, User
from accounts.roles import ALONE, ROLES, Permission, refused

SENSITIVE = {Permission.SEE_HEALTH, Permission.LEAD_TEAM}

# --- Roles ------------------------------------------------------------------------------------


def end_sessions(user: User) -> None:
    """Log the user out everywhere, at the next click."""
    User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)
    user.refresh_from_db(fields=["session_round"])


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
        end_sessions(user)
        audit.log(by, "role.granted", detail=f"user {user.pk} {role}")
    return grant


@transaction.atomic
def revoke_role(user: User, role: str, *, by: User | None) -> None:
    """Take a role back; it is gone at the user's next click, which leads to the log-in."""
    if user.grants.filter(role=role).delete()[0]:
        end_sessions(user)
        audit.log(by, "role.revoked", detail=f"user {user.pk} {role}")


def needs_manager(role: str) -> bool:
    """Whether an administrator may only ask for the role: it sees health, or leads. Before the first manager, not."""
    managing = [key for key, other in ROLES.items() if Permission.LEAD_TEAM in other.permissions]
    return (
        bool(ROLES[role].permissions & SENSITIVE)
        and User.objects.filter(is_active=True, grants__role__in=managing).exists()
    )


@transaction.atomic
def ask_role(user: User, role: str, *, by: User) -> RoleRequest:
    """Wait for a manager to say yes."""
    request, is_new = RoleRequest.objects.get_or_create(user=user, role=role, defaults={"asked_by": by})
    if is_new:
        audit.log(by, "role.asked", detail=f"user {user.pk} {role}")
    return request


@transaction.atomic
def answer_role(request: RoleRequest, *, agreed: bool, by: User) -> None:
    """The manager's answer. ValidationError: to one's own wish or about oneself, or the role is excluded by now."""
    if by.pk in {request.user_id, request.asked_by_id}:
        raise ValidationError(_("En anden leder skal svare på dette."))
    if agreed:
        grant_role(request.user, request.role, by=by)
    else:
        audit.log(by, "role.declined", detail=f"user {request.user_id} {request.role}")
    request.delete()


@transaction.atomic
def set_roles(user: User, roles: Collection[str], *, by: User | None) -> set[str]:
    """Exactly these roles; returns those that a manager must say yes to first.

    ValidationError: one's own, or some that exclude each other. by None: the municipality's own log-in vouches.
    """
    if by is not None and by.pk == user.pk:
        raise ValidationError({"roles": _("Du kan ikke ændre dine egne roller. Bed en anden administrator.")})
    clashing = [role for role in roles if refused(roles, role)]
    if clashing:
        names = ", ".join(sorted(str(ROLES[key].label) for key in clashing))
        text = _("Én bruger kan ikke have både %s. Administrator og Revisor står altid alene.")
        raise ValidationError({"roles": text % " og ".join(names.rsplit(", ", 1))})
    held = set(user.grants.values_list("role", flat=True))
    for role in sorted(held - set(roles)):
        revoke_role(user, role, by=by)
    user.role_requests.exclude(role__in=roles).delete()
    asked = {role for role in set(roles) - held if by is not None and needs_manager(role)}
    for role in sorted(asked):
        ask_role(user, role, by=by)
    for role in sorted(set(roles) - held - asked):
        grant_role(user, role, by=by)
    return asked


# --- Users ------------------------------------------------------------------------------------


@transaction.atomic
def create_user(
    *, username: str, first_name: str, last_name: str, email: str, phone: str, team: Team | None, by: User | None
) -> User:
    """A user without a password, who can't log in before the link of the invitation is used."""
    user = User(
        username=username, first_name=first_name, last_name=last_name, email=email, phone=phone, team=team
    )  # fmt: skip
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    user.save()
    audit.log(by, "user.created", detail=f"user {user.pk}")
    return user


@transaction.atomic
def change_user(
    user: User, *, first_name: str, last_name: str, email: str, phone: str, team: Team | None, by: User
) -> None:
    """Another address makes earlier links void."""
    user.first_name, user.last_name, user.email, user.phone, user.team = first_name, last_name, email, phone, team
    user.save(update_fields=["first_name", "last_name", "email", "phone", "team"])
    audit.log(by, "user.changed", detail=f"user {user.pk}")


@transaction.atomic
def deactivate(user: User, *, by: User) -> None:
    """Out at the next click, and for good; the name stays where it stands. ValidationError: oneself."""
    if user.pk == by.pk:
        raise ValidationError(_("Du kan ikke lukke din egen bruger."))
    User.objects.filter(pk=user.pk).update(is_active=False)
    end_sessions(user)
    audit.log(by, "user.deactivated", detail=f"user {user.pk}")


@transaction.atomic
def reactivate(user: User, *, by: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=True)
    end_sessions(user)
    audit.log(by, "user.reactivated", detail=f"user {user.pk}")


@transaction.atomic
def reset_second_factor(user: User, *, by: User) -> None:
    """For a lost telephone: the next log-in sets up a new one. ValidationError: one's own, which needs no help."""
    if user.pk == by.pk:
        raise ValidationError(_("Skift dit eget andet led under Min konto."))
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user)
    audit.log(by, "login.factor", detail=f"user {user.pk} reset")


@transaction.atomic
def link_subject(user: User, subject: str, *, by: User) -> None:
    """Tie a local user to the stable id that the municipality's own log-in gives; empty unties."""
    accounts = SocialAccount.objects.filter(provider=settings.OIDC_PROVIDER)
    if subject and accounts.filter(uid=subject).exclude(user=user).exists():
        raise ValidationError({"subject": _("Dette id hører til en anden bruger.")})
    accounts.filter(user=user).exclude(uid=subject).delete()
    if subject:
        SocialAccount.objects.get_or_create(provider=settings.OIDC_PROVIDER, uid=subject, defaults={"user": user})
    end_sessions(user)
    audit.log(by, "login.linked", detail=f"user {user.pk}")


@transaction.atomic
def user_from_claims(subject: str, claims: Mapping, roles: Collection[str]) -> User:
    """A user for somebody whom the municipality's own log-in vouches for, with the roles of the claims."""
    wanted = str(claims.get("preferred_username", ""))[:150]
    taken = not wanted or User.objects.filter(username__iexact=wanted).exists()
    user = create_user(
        username=f"sso-{sha256(subject.encode()).hexdigest()[:16]}" if taken else wanted,
        first_name=str(claims.get("given_name", ""))[:150],
        last_name=str(claims.get("family_name", ""))[:150],
        email="",  # an address that nobody has verified would get letters
        phone="",
        team=None,
        by=None,
    )
    set_roles(user, roles, by=None)
    return user


# --- Links by mail ----------------------------------------------------------------------------


def local_users(email: str) -> list[User]:
    """The active users with this address who log in with a password."""
    found = User.objects.filter(email__iexact=email, is_active=True) if email else User.objects.none()
    return [user for user in found if user.has_usable_password()]


def invited(user_id: int) -> User | None:
    return User.objects.filter(pk=user_id, is_active=True).exclude(email="").first()


def link_of(user: User) -> str:
    """Where a password is chosen: for 72 hours (settings.PASSWORD_RESET_TIMEOUT), and once."""
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return f"{settings.BASE_URL}{reverse('account_reset_password_from_key', kwargs=key)}"


def send_link(user: User, kind: str) -> None:
    """kind: "invitation" or "reset". The second factor is asked for all the same when the user then logs in."""
    subject = {"invitation": _("Din bruger i Indgang"), "reset": _("Ny adgangskode til Indgang")}[kind]
    context = {"user": user, "url": link_of(user), "municipality": settings.MUNICIPALITY["name"]}
    body = render_to_string(f"account/mail/{kind}.txt", context)
    send_mail(subject, body, None, [user.email])
    audit.log(None, f"login.{kind}", detail=f"user {user.pk}")


# --- Teams and absences -----------------------------------------------------------------------


@transaction.atomic
def save_team(
    team: Team, *, name: str, phone: str, manager: User | None, coordinator: User | None, by: User
) -> Team:  # fmt: skip
    team.name, team.phone, team.manager, team.coordinator = name, phone, manager, coordinator
    team.full_clean()
    team.save()
    audit.log(by, "team.saved", detail=f"team {team.pk}")
    return team


@transaction.atomic
def add_absence(user: User, *, starts_on: date, ends_on: date | None, deputy: User | None, by: User) -> Absence:
    absence = Absence(user=user, starts_on=starts_on, ends_on=ends_on, deputy=deputy)
    absence.full_clean()
    absence.save()
    audit.log(by, "absence.added", detail=f"user {user.pk} deputy {deputy.pk if deputy else '-'}")
    return absence


def absence_doubts(user: User, *, starts_on: date, ends_on: date | None, deputy: User | None) -> list[str]:
    """What speaks against it, in words: away already, a deputy who is closed or away too, somebody left without one."""
    found = []
    if known := Absence.objects.between(starts_on, ends_on).filter(user=user).first():
        words = {"name": user.name, "days": span(known)}
        found.append(_("%(name)s har allerede fravær i de dage (%(days)s). Gem igen for at beholde begge.") % words)
    if deputy is not None and not deputy.is_active:
        found.append(_("%s er lukket og kan ikke være stedfortræder.") % deputy.name)
    elif deputy is not None and (away := Absence.objects.between(starts_on, ends_on).filter(user=deputy).first()):
        words = {"name": deputy.name, "days": span(away)}
        text = _("%(name)s er selv væk i de dage (%(days)s). Så længe får teamets leder fristerne. ")
        found.append(text % words + _("Vælg en anden, eller gem igen for at beholde valget."))
    for other in Absence.objects.between(starts_on, ends_on).filter(deputy=user).select_related("user"):
        words = {"name": user.name, "other": other.user.name, "days": span(other)}
        text = _("%(name)s er stedfortræder for %(other)s i de dage (%(days)s). Vælg en anden dér, eller gem igen.")
        found.append(text % words)
    return found


def span(absence: Absence) -> str:
    """ "24.11.2026–27.11.2026", or "fra 24.11.2026"."""
    first, last = (f"{day:%d.%m.%Y}" if day else "" for day in (absence.starts_on, absence.ends_on))
    return f"{first}–{last}" if last else _("fra %s") % first


@transaction.atomic
def end_absence(absence: Absence, *, by: User, today: date) -> None:
    """Back today: the last day away was yesterday. One that has not begun is taken out."""
    if absence.starts_on >= today:
        remove_absence(absence, by=by)
        return
    absence.ends_on = today - timedelta(days=1)
    absence.save(update_fields=["ends_on"])
    audit.log(by, "absence.ended", detail=f"user {absence.user_id}")


@transaction.atomic
def remove_absence(absence: Absence, *, by: User) -> None:
    audit.log(by, "absence.removed", detail=f"user {absence.user_id}")
    absence.delete()
