"""The two pages that every area's acts share: register that something was done, and annul what was wrong."""

from collections.abc import Callable, Iterable
from contextlib import contextmanager

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from accounts.access import Permission, can
from cases.models import Annullable
from cases.services import annul, record
from deadlines import engine
from deadlines.explain import explain, load_terms, working_day_before
from deadlines.forms import AnnulForm
from deadlines.rules import Rule
from deadlines.services import meetings, set_cause, tell_assigned, warnings_about


def next_url(request, case) -> str:
    """Where the page was opened from, if it is a page of ours; else the family's page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return wanted
    return case.get_absolute_url()


def crumbs(case, text: str) -> list[dict]:
    return [
        {"url": "/familier/", "text": _("Familier")},
        {"url": case.get_absolute_url(), "text": case.title},
        {"url": "", "text": text},
    ]


def blame(form, error: ValidationError) -> None:
    """Put a verb's refusal on the fields it names, else on the whole form."""
    named = getattr(error, "error_dict", None)
    if named and set(named) <= set(form.fields):
        form.add_error(None, error)
    else:
        form.add_error(None, error.messages)


class Together(ValidationError):
    """The act would bring two people together who must be kept apart; it is taken back until the user says so again."""


@contextmanager
def apart(request, case, *, today):
    """Around an act: warns the one who may know before it is kept, and tells the other's caseworker otherwise."""
    before = meetings(case)
    yield
    new = meetings(case) - before
    if new and "apart_seen" not in request.POST and (found := warnings_about(new, case, user=request.user)):
        raise Together([*found, _("Tryk en gang til for at gemme alligevel.")])
    tell_assigned(new, case, user=request.user, today=today)


def _keep(request, case, form, perform, *, today) -> None:
    with transaction.atomic(), apart(request, case, today=today):
        perform({**form.act(), "today": today, "by": request.user})
        if form.step and form.cleaned_data.get("cause"):
            set_cause(form.step, cause=form.cleaned_data["cause"])


def act_page(
    request,
    case,
    *,
    rule: Rule,
    form_class,
    perform: Callable[[dict], object],
    done: str,
    person=None,
    initial: dict | None = None,
    permission: Permission = Permission.WRITE_CASES,
    title: str = "",
    template: str = "deadlines/act.html",
    context: dict | None = None,
):
    """Show and take one act. perform(data) is the area's verb; done is what the page says afterwards."""
    if not can(request.user, permission):
        raise Http404
    today, warned = timezone.localdate(), False
    form = form_class(
        request.POST or None, request.FILES or None, case=case, person=person, rule=rule, today=today, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        try:
            _keep(request, case, form, perform, today=today)
        except ValidationError as error:
            blame(form, error)
            warned = isinstance(error, Together)
        else:
            messages.success(request, done)
            return redirect(next_url(request, case))
    shown = {
        **_of_act(case, rule, person, form.step, heading=title or rule.title),
        "form": form,
        "cancel_url": next_url(request, case),
        "today": today,
        "apart_seen": warned,
        **(context or {}),
    }
    return render(request, template, shown, status=422 if form.is_bound else 200)


def _of_act(case, rule: Rule, person, step, *, heading: str) -> dict:
    """What the page says of the act, whatever is typed: whose it is, the deadline it meets and why there is one."""
    return {
        "case": case,
        "person": person,
        "rule": rule,
        "heading": heading,
        "lede": f"{person.full_name} · {case.title}" if person else case.title,
        "crumbs": crumbs(case, heading),
        "step": step,
        "why": explain(step, load_terms()) if step else "",
        "advice": working_day_before(step.due_on) if step else "",
        "submit_label": rule.act or _("Registrér"),
    }


def annul_page(
    request,
    case,
    row: Annullable,
    *,
    rules: Iterable[Rule],
    sentence: str,
    kind: str,
    person=None,
    data_class: str = "ordinary",
    permission: Permission = Permission.WRITE_CASES,
):
    """Ask why, annul the fact, write the line, open the step again. kind: dotted, e.g. schooling.offer_annulled."""
    if not can(request.user, permission) or row.annulled_on:
        raise Http404
    today = timezone.localdate()
    form = AnnulForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        text = f"{_('Annulleret')}: {sentence}. {reason}"[:400]
        told = {"kind": kind, "text": text, "people": [person] if person else [], "data_class": data_class}
        with transaction.atomic():
            annul(row, reason=reason, today=today, by=request.user)
            record(case, area=kind.split(".")[0], on=today, by=request.user, **told)
            engine.refresh([case.pk], rules, today=today)
        messages.success(request, _("Registreringen er annulleret."))
        return redirect(next_url(request, case))
    context = {
        "case": case,
        "form": form,
        "heading": _("Annullér registrering"),
        "lede": sentence,
        "crumbs": crumbs(case, _("Annullér registrering")),
        "submit_label": _("Annullér registreringen"),
        "cancel_url": next_url(request, case),
    }
    return render(request, "deadlines/annul.html", context, status=422 if form.is_bound else 200)


def form_page(
    request, form, perform: Callable[[], str], *, done: str, template: str = "deadlines/form.html", **context
):
    """Show and take a form that is no act. perform() is the verb and gives the address to go to afterwards.

    context: what components/form_page.html asks for (heading, lede, crumbs, submit_label, cancel_url).
    """
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                target = perform()
        except ValidationError as error:
            blame(form, error)
        else:
            messages.success(request, done)
            return redirect(target)
    return render(request, template, {"form": form, **context}, status=422 if form.is_bound else 200)
