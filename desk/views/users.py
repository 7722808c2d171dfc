"""Users, roles, teams and absences: the administrator's pages. None of them shows a case."""

from functools import partial

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import audit, claims, services, tasks
from accounts.access import Permission, needs
from accounts.models import Absence, RoleRequest, Team, User
from accounts.roles import ROLES
from cases.formats import doc_date, join_names
from desk.forms.users import (
    AbsenceForm,
    ClaimsForm,
    NewUserForm,
    RolesForm,
    SubjectForm,
    TeamForm,
    UserFilter,
    UserForm,
)
from desk.services import users as people
from desk.services.lists import in_order, page_of
from desk.views.lists import page_number, pager

only_administrators = needs(Permission.MANAGE_USERS)


@only_administrators
def users(request):
    form = UserFilter(request.GET, teams=[(str(team.pk), team.name) for team in Team.objects.order_by("name")])
    rows = in_order(people.found(form.chosen), form.chosen.get("sort", ""), people.ORDERS, people.ORDER)
    page = page_of(rows, page_number(request))
    context = {
        "form": form,
        "rows": [user_row(user) for user in page.rows],
        "pager": pager(request, page),
        "reset_url": reverse("desk:users") if form.narrowed else "",
        "first": people.ORDER,
        "actions": [
            {"url": reverse("desk:role_trial"), "text": _("Prøv roller fra log-in"), "icon": "shield-check"},
            {"url": reverse("desk:teams"), "text": _("Teams"), "icon": "diagram-3"},
            {"url": reverse("desk:add_user"), "text": _("Opret bruger"), "icon": "person-plus", "primary": True},
        ],
    }
    return render(request, "desk/users.html", context)


def user_row(user: User) -> dict:
    held = {grant.role for grant in user.grants.all()}
    return {
        "url": reverse("desk:user", args=[user.pk]),
        "name": user.name,
        "username": user.username,
        "active": user.is_active,
        "roles": join_names([str(role.label) for key, role in ROLES.items() if key in held]),
        "team": user.team.name if user.team else "",
        "factor": user.has_factor,
        "seen": moment(user.last_login),
    }


def moment(at) -> str:
    return doc_date(timezone.localtime(at).date()) if at else _("Aldrig")


@only_administrators
def add_user(request):
    form = NewUserForm(request.POST or None)

    @transaction.atomic
    def act(data):
        user = services.create_user(by=request.user, **data)
        transaction.on_commit(partial(tasks.send_invitation.delay, user.pk))
        return reverse("desk:user_roles", args=[user.pk])

    return form_page(
        request,
        form,
        heading=_("Opret bruger"),
        lede=_("Brugeren får en mail med et link og vælger selv adgangskode og andet led. Nu vælger du roller."),
        submit=_("Opret og send invitation"),
        act=act,
        done=_("Brugeren er oprettet, og invitationen er på vej."),
        back=reverse("desk:users"),
    )


@only_administrators
def user(request, pk):
    """One user: what is known, and the form behind it."""
    found = get_object_or_404(User.objects.select_related("team"), pk=pk)
    initial = {name: getattr(found, name) for name in ("first_name", "last_name", "email", "phone", "team")}
    form = UserForm(request.POST or None, initial=initial, user=found)
    if request.method == "POST" and form.is_valid():
        services.change_user(found, by=request.user, **form.cleaned_data)
        messages.success(request, _("Ændringerne er gemt."))
        return redirect("desk:user", pk=pk)
    absences = [absence_row(row) for row in found.absences.select_related("deputy").order_by("-starts_on", "-pk")]
    context = {
        "one": found,
        "form": form,
        "crumbs": crumbs(found.name),
        "roles": [(role.label, people.what_it_may(role)) for key, role in ROLES.items() if key in found.role_keys],
        "waiting": labels(found.role_requests.values_list("role", flat=True)),
        "facts": user_facts(found),
        "absences": absences,
        "open_cases": people.open_cases(found),
        "is_self": found.pk == request.user.pk,
        "sso": bool(settings.OIDC_SERVER),
    }
    return render(request, "desk/user.html", context, status=422 if form.errors else 200)


def user_facts(found: User) -> list[dict]:
    return [
        {"label": _("Brugernavn"), "value": found.username},
        {"label": _("Senest logget ind"), "value": moment(found.last_login)},
        {"label": _("Andet led"), "value": people.factors(found) or _("Mangler")},
        {"label": _("Adgangskode"), "value": _("Valgt") if found.has_usable_password() else _("Ikke valgt")},
        {"label": _("Kommunens log-in"), "value": people.subject_of(found) or _("Ikke forbundet")},
    ]


def wanted(found: User) -> list[str]:
    """The roles held and those asked for: what the boxes show."""
    return sorted({*found.role_keys, *found.role_requests.values_list("role", flat=True)})


def absence_row(absence: Absence) -> dict:
    last = doc_date(absence.ends_on) if absence.ends_on else _("videre")
    return {
        "text": f"{doc_date(absence.starts_on)} – {last}",
        "deputy": absence.deputy.name if absence.deputy else _("Teamets leder"),
        "url": reverse("desk:remove_absence", args=[absence.pk]),
    }


@only_administrators
def user_roles(request, pk):
    found = get_object_or_404(User, pk=pk)

    def act(data):
        if asked := services.set_roles(found, data["roles"], by=request.user):
            messages.warning(request, _("Afventer en leders ja: %s.") % labels(asked))

    return form_page(
        request,
        RolesForm(request.POST if request.method == "POST" else None, initial={"roles": wanted(found)}),
        heading=_("Roller for %s") % found.name,
        lede=_("Brugeren bliver logget ud ved en ændring. Roller, der leder eller ser helbred, kræver en leders ja."),
        submit=_("Gem roller"),
        act=act,
        done=_("Rollerne er gemt."),
        back=reverse("desk:user", args=[pk]),
    )


# --- A manager's yes to roles that lead or see health -----------------------------------------


@needs(Permission.LEAD_TEAM)
def role_requests(request):
    rows = [
        {
            "name": row.user.name,
            "role": ROLES[row.role].label,
            "may": people.what_it_may(ROLES[row.role]),
            "asked": _("%(who)s bad om det %(day)s") % {"who": row.asked_by.name, "day": moment(row.asked_at)},
            "url": reverse("desk:answer_role", args=[row.pk]),
        }
        for row in RoleRequest.objects.select_related("user", "asked_by").order_by("pk")
        if row.role in ROLES
    ]
    return render(request, "desk/role_requests.html", {"rows": rows})


@require_POST
@needs(Permission.LEAD_TEAM)
def answer_role(request, pk):
    asked = get_object_or_404(RoleRequest.objects.select_related("user"), pk=pk)
    answer = request.POST.get("answer")
    try:
        if answer in {"yes", "no"}:
            services.answer_role(asked, agreed=answer == "yes", by=request.user)
            messages.success(request, _("Rollen er givet.") if answer == "yes" else _("Der er sagt nej til rollen."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("desk:role_requests")


@only_administrators
def user_subject(request, pk):
    found = get_object_or_404(User, pk=pk)
    return form_page(
        request,
        SubjectForm(request.POST or None, initial={"subject": people.subject_of(found)}),
        heading=_("Kommunens log-in for %s") % found.name,
        submit=_("Gem"),
        act=lambda data: services.link_subject(found, data["subject"], by=request.user),
        done=_("Forbindelsen er gemt."),
        back=reverse("desk:user", args=[pk]),
    )


@only_administrators
def add_absence(request, pk):
    found = get_object_or_404(User, pk=pk)
    return form_page(
        request,
        AbsenceForm(request.POST or None, user=found),
        heading=_("Fravær for %s") % found.name,
        submit=_("Gem fravær"),
        act=lambda data: services.add_absence(found, by=request.user, **data),
        done=_("Fraværet er gemt."),
        back=reverse("desk:user", args=[pk]),
    )


@require_POST
@only_administrators
def remove_absence(request, pk):
    absence = get_object_or_404(Absence, pk=pk)
    services.remove_absence(absence, by=request.user)
    messages.success(request, _("Fraværet er fjernet."))
    return redirect("desk:user", pk=absence.user_id)


# --- One click each ---------------------------------------------------------------------------


def click(request, pk, act, done: str):
    """Do it to this user, say so, and stay on the page."""
    found = get_object_or_404(User, pk=pk)
    try:
        act(found)
        messages.success(request, done)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("desk:user", pk=pk)


@require_POST
@only_administrators
def deactivate(request, pk):
    return click(request, pk, partial(services.deactivate, by=request.user), _("Brugeren er lukket."))


@require_POST
@only_administrators
def reactivate(request, pk):
    return click(request, pk, partial(services.reactivate, by=request.user), _("Brugeren er åbnet igen."))


@require_POST
@only_administrators
def reset_factor(request, pk):
    done = _("Andet led er nulstillet. Brugeren vælger et nyt ved næste log-in.")
    return click(request, pk, partial(services.reset_second_factor, by=request.user), done)


@require_POST
@only_administrators
def send_link(request, pk):
    """An invitation while no password is chosen, after that a link to a new one."""

    def act(found: User):
        audit.log(request.user, "login.link", detail=f"user {found.pk}")
        tasks.send_invitation.delay(found.pk, "reset" if found.has_usable_password() else "invitation")

    return click(request, pk, act, _("Mailen med linket er på vej. Linket gælder i 72 timer."))


# --- Teams ------------------------------------------------------------------------------------


@only_administrators
def teams(request):
    actions = [{"url": reverse("desk:add_team"), "text": _("Opret team"), "icon": "plus-circle", "primary": True}]
    return render(
        request, "desk/teams.html", {"rows": people.teams(), "crumbs": crumbs(_("Teams")), "actions": actions}
    )


@only_administrators
def add_team(request):
    return team_page(request, Team(), heading=_("Opret team"))


@only_administrators
def change_team(request, pk):
    team = get_object_or_404(Team, pk=pk)
    return team_page(request, team, heading=team.name)


def team_page(request, team: Team, *, heading: str):
    initial = {name: getattr(team, name) for name in ("name", "phone", "manager", "coordinator")}
    return form_page(
        request,
        TeamForm(request.POST or None, initial=initial),
        heading=heading,
        lede=_("Lederen får det, der eskalerer, og træder til, når en stedfortræder mangler."),
        submit=_("Gem team"),
        act=lambda data: services.save_team(team, by=request.user, **data),
        done=_("Teamet er gemt."),
        back=reverse("desk:teams"),
    )


# --- Roles from claims, tried -----------------------------------------------------------------


@only_administrators
def role_trial(request):
    """These claims would give these roles. Nothing is kept."""
    form = ClaimsForm(request.POST or None)
    reading = None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data["claims"]
        reading = claims.read(told, claim=settings.OIDC_ROLE_CLAIM, mapping=settings.OIDC_ROLES)
    context = {
        "form": form,
        "crumbs": crumbs(_("Prøv roller fra log-in")),
        "reading": reading,
        "roles": labels(reading.roles) if reading else "",
        "clash": labels(reading.clash) if reading else "",
        "claim": settings.OIDC_ROLE_CLAIM,
        "mapping": [(group, labels({key}) or key) for group, key in settings.OIDC_ROLES.items()],
    }
    return render(request, "desk/role_trial.html", context, status=422 if form.errors else 200)


def labels(keys) -> str:
    return join_names([str(role.label) for key, role in ROLES.items() if key in keys])


# --- The page of one form ---------------------------------------------------------------------


def crumbs(here: str) -> list[dict]:
    return [{"url": reverse("desk:users"), "text": _("Brugere")}, {"url": "", "text": here}]


def form_page(request, form, *, heading: str, submit: str, act, done: str, back: str, lede: str = ""):
    """Show the form, or do what it says and go back; `act` may give another address to go to."""
    if request.method == "POST" and form.is_valid():
        try:
            target = act(form.cleaned_data)
        except ValidationError as error:
            known = hasattr(error, "error_dict") and set(error.error_dict) <= set(form.fields)
            form.add_error(None, error if known else error.messages)
        else:
            messages.success(request, done)
            return redirect(target if isinstance(target, str) else back)
    context = {
        "form": form,
        "heading": heading,
        "lede": lede,
        "crumbs": crumbs(heading),
        "submit_label": submit,
        "cancel_url": back,
    }
    return render(request, "desk/user_form.html", context, status=422 if form.errors else 200)
