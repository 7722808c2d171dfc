"""Hvem arbejder med familien: who sees the case beyond its caseworker, since when, until when, and why."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import Permission, needs
from cases import services
from cases.access import get_case
from cases.formats import join_names, long_date, plural
from cases.models import AFTER_TASK, Assignment, Case
from deadlines.models import Step
from deadlines.views import blame
from desk.forms.colleagues import ColleagueForm
from desk.views.case import crumbs


@needs(Permission.HAND_OVER)
def colleagues(request, number):
    """The list, and the form that adds one."""
    case, today = get_case(request.user, number), timezone.localdate()
    form = ColleagueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.put_on_case(case, **form.cleaned_data, by=request.user, today=today)
        except ValidationError as error:
            blame(form, error)
        else:
            messages.success(request, _("%s arbejder nu med familien.") % form.cleaned_data["user"].name)
            return redirect("desk:colleagues", number)
    context = {
        "case": case,
        "form": form,
        "rows": rows_of(case, request.user, today),
        "crumbs": crumbs(case, _("Hvem arbejder med familien")),
    }
    return render(request, "desk/colleagues.html", context, status=422 if form.is_bound else 200)


def rows_of(case: Case, user, today) -> list[dict]:
    """The caseworker, those put on the case, and those who have an open task: a constant number of queries."""
    assignments = case.assignments.select_related("user").prefetch_related("user__grants").order_by("starts_on", "pk")
    rows = [
        assignment_row(given, today)
        for given in assignments
        if given.ends_on is None or given.ends_on + AFTER_TASK >= today
    ]
    tasks = Step.objects.visible_to(user).filter(case=case, assignee__isnull=False).open(today)
    holders: dict[int, tuple] = {}
    for step in tasks.select_related("assignee").prefetch_related("assignee__grants"):
        holders.setdefault(step.assignee_id, (step.assignee, []))[1].append(step)
    until = _("til 14 dage efter opgaven")
    rows += [row(holder, plural(len(steps), _("opgave"), _("opgaver")), until) for holder, steps in holders.values()]
    return (
        [row(case.caseworker, _("Har sagen"), _("så længe sagen er hos kollegaen"))] if case.caseworker else []
    ) + rows


def assignment_row(found: Assignment, today) -> dict:
    since = _("siden %s") % long_date(found.starts_on)
    if found.ends_on:
        last = found.ends_on + AFTER_TASK
        since = _("afsluttet %(day)s, kan se sagen til %(last)s") % {
            "day": long_date(found.ends_on),
            "last": long_date(last),
        }
    return {**row(found.user, found.why, since), "end": None if found.ends_on else found.pk}


def row(colleague, why: str, since: str) -> dict:
    roles = join_names([str(role.label) for role in colleague.roles])
    return {"name": colleague.name, "roles": roles, "why": why, "since": since, "end": None}


@needs(Permission.HAND_OVER)
@require_POST
def end(request, number, pk):
    """The colleague's task is over."""
    case = get_case(request.user, number)
    with transaction.atomic():
        found = Assignment.objects.select_for_update().filter(case=case, ends_on=None, pk=pk).first()
        if found is None:
            raise Http404
        services.take_off_case(found, by=request.user, today=timezone.localdate())
    messages.success(request, _("Opgaven er afsluttet. Adgangen ophører om 14 dage."))
    return redirect("desk:colleagues", number)
