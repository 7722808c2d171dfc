"""Who works here, as the administrator's lists and pages read it: no cases, only how many are open."""

from collections.abc import Mapping

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import RoleGrant, Team, User
from accounts.roles import Role
from accounts.stepup import SECOND_FACTORS
from cases.formats import join_names
from cases.models import Case

STATES = {"": _("Aktive"), "lukkede": _("Lukkede"), "alle": _("Alle")}
FACTORS = {"": _("Alle"), "mangler": _("Mangler"), "har": _("Har")}
ORDERS = {
    "navn": ("first_name", "last_name"),
    "team": ("team__name", "first_name"),
    "senest": ("last_login",),
}
ORDER = "navn"
# What a permission lets one do, as the continuation of "Må".
WORDS = {
    "see_cases": _("se sagsnumre og frister"),
    "see_families": _("se familiernes navne"),
    "see_contact": _("se telefon og e-mail"),
    "see_ages": _("se alder"),
    "see_case_files": _("læse sagerne"),
    "write_cases": _("registrere i sagerne"),
    "write_notes": _("skrive notater"),
    "see_health": _("se helbredsoplysninger"),
    "see_homes": _("se boliger og værter"),
    "work_with_homes": _("anvise boliger"),
    "work_with_jobs": _("henvise til job"),
    "work_with_language": _("henvise til sprogskole"),
    "work_with_health": _("registrere helbredsvurderinger"),
    "match_volunteers": _("finde kontaktpersoner"),
    "import_list": _("indlæse lister"),
    "hand_over": _("overdrage sager"),
    "confirm_exemption": _("godkende »Ikke omfattet«"),
    "lead_team": _("lede enheden"),
    "reveal_cpr": _("vise CPR-numre"),
    "see_figures": _("se tal uden familier"),
    "read_log": _("læse loggen, ikke sagerne"),
    "manage_users": _("styre brugere og roller, ikke sager"),
}


def what_it_may(role: Role) -> str:
    """One line, read aloud: "Må læse sagerne og indlæse lister"."""
    said = [str(words) for permission, words in WORDS.items() if permission in role.permissions]
    return _("Må %s.") % join_names(said) if said else ""


def found(chosen: Mapping) -> QuerySet[User]:
    """The users that `chosen` (desk.forms.users.UserFilter) leaves, with has_factor."""
    users = User.objects.select_related("team").prefetch_related("grants").annotate(has_factor=factor())
    state = chosen.get("state", "")
    if state != "alle":
        users = users.filter(is_active=state != "lukkede")
    for word in chosen.get("q", "").split():
        names = Q(first_name__icontains=word) | Q(last_name__icontains=word)
        users = users.filter(names | Q(username__icontains=word) | Q(email__icontains=word))
    if chosen.get("role"):
        users = users.filter(Exists(RoleGrant.objects.filter(user=OuterRef("pk"), role=chosen["role"])))
    if chosen.get("team"):
        users = users.filter(team=chosen["team"])
    if chosen.get("factor"):
        users = users.filter(has_factor=chosen["factor"] == "har")
    return users


def factor() -> Exists:
    return Exists(Authenticator.objects.filter(user=OuterRef("pk"), type__in=SECOND_FACTORS))


def active() -> QuerySet[User]:
    return User.objects.filter(is_active=True).order_by("first_name", "last_name", "pk")


def teams() -> QuerySet[Team]:
    members = Count("members", filter=Q(members__is_active=True))
    return Team.objects.select_related("manager", "coordinator").annotate(people=members).order_by("name")


def open_cases(user: User) -> int:
    """Cases that somebody else must take over before the user leaves."""
    return Case.objects.filter(caseworker=user, closed_on=None).count()


def subject_of(user: User) -> str:
    """The stable id in the municipality's own log-in; empty: none."""
    mine = SocialAccount.objects.filter(user=user, provider=settings.OIDC_PROVIDER)
    return mine.values_list("uid", flat=True).first() or ""


def factors(user: User) -> str:
    names = {
        Authenticator.Type.TOTP: _("app"),
        Authenticator.Type.WEBAUTHN: _("adgangsnøgle"),
        Authenticator.Type.RECOVERY_CODES: _("gendannelseskoder"),
    }
    kinds = Authenticator.objects.filter(user=user).order_by("pk").values_list("type", flat=True)
    return join_names([str(names[kind]) for kind in dict.fromkeys(kinds)])
