"""One deadline: how it was computed, what has been decided, and what can be done about it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import audit
from accounts.access import Permission, can, works_on
from cases import sight
from cases.access import mark
from cases.formats import relative, weekday_date
from cases.location import conceal
from deadlines import services
from deadlines.access import hush, tells, title_of
from deadlines.explain import explain, load_terms, working_day_before
from deadlines.models import Kind, Step
from deadlines.status import finished_on, is_late, is_waiting, is_waived, look_of
from deadlines.views import blame, next_url
from desk.areas import BY_KEY, rule_of
from desk.forms import decisions as forms
from desk.services.casefile import hint, step_action_url


@dataclass(frozen=True, slots=True)
class Decision:
    """One block of the page: its form, the verb it calls, and what the page says afterwards."""

    key: str
    title: str
    icon: str
    hint: str
    form: Callable
    verb: Callable
    submit: str
    done: str


def get_step(user, pk: int) -> Step:
    found = (
        Step.objects.visible_to(user)
        .filter(pk=pk)
        .select_related(
            "case__team",
            "case__caseworker",
            "owner",
            "assignee",
            "waiting_for",
            "waived_by",
            "confirmed_by",
            "follow_up_by",
            "done_by",
        )
    )
    step = found.first()
    if step is None:
        raise Http404
    mark(user, step.case)
    if step.case.covered:
        conceal([step])
    if step.person_id:
        step.person = person_of(user, step)
    step.title = title_of(user, step)
    return step


def person_of(user, step: Step):
    """Whom it is about, as far as the user sees it."""
    known = sight.people_of(step.case, user, today=timezone.localdate(), also=[step.person_id])
    return next((person for person in known if person.pk == step.person_id), sight.stranger(step.person_id, 1))


def may_decide(user, step: Step) -> bool:
    """Caseworkers decide about all steps they see, the others about those of their areas and their own tasks."""
    return works_on(user, step.area, step.rule) or (step.rule == "" and step.assignee_id in user.acting_for)


def decisions_for(step: Step, user, today) -> list[Decision]:
    """What this user may decide about this step today, the likeliest first."""
    if not may_decide(user, step):
        return led(step, user, today) if can(user, Permission.LEAD_TEAM) else []
    if finished_on(step) or step.withdrawn_on:
        return [REOPEN] if step.done_on else []
    if is_waived(step, today) or (step.waived_on and step.waived_until is None):
        return [CONFIRM, REOPEN] if may_confirm(user, step) else [REOPEN]
    law = step.kind == Kind.LAW
    offered = [
        (FOLLOW_UP if law else EXTEND, step.due_on),
        (WAIT, True),
        (EXEMPT, step.rule and not law and step.due_on),
        (NOT_APPLICABLE, step.rule),
        (CAUSE, step.rule and is_late(step, today)),
        (ASSIGN, True),
        (REOPEN, step.follow_up_on or is_waiting(step, today)),
    ]
    return [decision for decision, applies in offered if applies]


def led(step: Step, user, today) -> list[Decision]:
    """A manager gives the deadline to somebody else, and is the second person; what to do about it is the others'."""
    waits = step.waived_on and step.waived_until is None
    if finished_on(step) or step.withdrawn_on or (is_waived(step, today) and not waits):
        return []
    return ([CONFIRM] if waits and may_confirm(user, step) else []) + [ASSIGN]


def may_confirm(user, step: Step) -> bool:
    """The second person behind "Ikke omfattet" of a law: anybody with the right but the one who decided it."""
    waits = step.kind == Kind.LAW and step.confirmed_on is None
    return waits and step.waived_by_id != user.pk and can(user, Permission.CONFIRM_EXEMPTION)


def build(decision: Decision, step: Step, data=None):
    extra = {"case": step.case, "area": step.area, "rule": step.rule} if decision is ASSIGN else {}
    return decision.form(data, prefix=decision.key, **extra)


def ticks_here(step: Step) -> bool:
    """Own tasks, check-lists and local rules are ticked on this page; other facts on their area's page."""
    rule = rule_of(step)
    return not step.rule or rule is None or rule.tick


def step_page(request, pk):
    step = get_step(request.user, pk)
    today = timezone.localdate()
    blocks = decisions_for(step, request.user, today)
    tick_form = _tick_form(request, step, today)
    posted = request.POST.get("decision", "")
    forms_of = {decision.key: build(decision, step) for decision in blocks}
    if request.method == "POST":
        if posted == "tick" and tick_form is not None:
            answer = _do_tick(request, step, tick_form, today)
        else:
            decision = next((d for d in blocks if d.key == posted), None)
            if decision is None:
                raise Http404
            forms_of[posted] = build(decision, step, request.POST)
            answer = _decide(request, step, decision, forms_of[posted], today)
        if answer:
            return answer
    else:
        audit.log(request.user, "step.read", case_number=step.case.number, person_id=step.person_id, detail=step.rule)
    context = page(request, step, today) | {
        "blocks": [{"decision": d, "form": forms_of[d.key], "open": d.key == posted} for d in blocks],
        "tick_form": tick_form,
        "all_forms": [forms_of[posted]] if posted in forms_of else [],
    }
    return render(request, "desk/step.html", context, status=422 if request.method == "POST" else 200)


def _tick_form(request, step, today):
    closed = finished_on(step) or step.withdrawn_on or is_waived(step, today)
    if closed or not ticks_here(step) or not may_decide(request.user, step):
        return None
    data = request.POST if request.POST.get("decision") == "tick" else None
    return forms.TickForm(data, step=step, initial={"on": today})


def _do_tick(request, step, form, today):
    if not form.is_valid():
        return None
    data = form.cleaned_data
    try:
        services.tick(step, on=data["on"], text=data["text"], cause=data["cause"], by=request.user, today=today)
    except ValidationError as error:
        return blame(form, error)
    messages.success(request, _("Registreret som udført."))
    return redirect(next_url(request, step.case))


def _decide(request, step, decision, form, today):
    if not form.is_valid():
        return None
    try:
        decision.verb(step, **form.cleaned_data, by=request.user, today=today)
    except ValidationError as error:
        return blame(form, error)
    messages.success(request, decision.done)
    return redirect(next_url(request, step.case))


def page(request, step: Step, today) -> dict:
    if not tells(request.user, step):
        hush(step, waiver=not may_confirm(request.user, step))
    due = step.effective_on
    rule = rule_of(step)
    action = (
        "" if ticks_here(step) or finished_on(step) or step.withdrawn_on else step_action_url(step, step.case.number)
    )
    return {
        "step": step,
        "case": step.case,
        "look": look_of(step, today),
        "crumbs": [
            {"url": "/familier/", "text": _("Familier")},
            {"url": step.case.get_absolute_url(), "text": step.case.title},
            {"url": "", "text": step.title},
        ],
        "lede": f"{step.person.full_name} · {step.case.title}" if step.person_id else step.case.title,
        "relative": relative(due, today) if due and not finished_on(step) else "",
        "why": explain(step, load_terms()),
        "advice": working_day_before(step.due_on) if not finished_on(step) else "",
        "latest": hint(step, today),
        "facts": facts(step),
        "action_url": action if may_decide(request.user, step) else "",
        "action_label": str(rule.act) if rule and rule.act else _("Registrér udført"),
        "next": next_url(request, step.case),
        "parties": forms.WaitForm().parties() if may_decide(request.user, step) else [],
    }


def facts(step: Step) -> list[dict]:
    """The dates and the decisions, for components/facts.html."""
    done = finished_on(step)
    found = [
        (_("Frist"), weekday_date(step.due_on) if step.due_on else ""),
        (_("Art"), step.get_kind_display()),
        (_("Område"), str(BY_KEY[step.area].title) if step.area in BY_KEY else ""),
        (_("Ansvarlig"), step.owner.name if step.owner else _("ingen endnu")),
        (_("Udført"), weekday_date(done) if done else ""),
        (_("Med"), step.evidence if step.met_on else step.done_text),
        (_("Årsag til forsinkelse"), step.get_cause_display()),
        (_("Bortfaldet"), weekday_date(step.withdrawn_on) if step.withdrawn_on else ""),
        (_("Opfølgning"), f"{weekday_date(step.follow_up_on)}: {step.follow_up_reason}" if step.follow_up_on else ""),
        (_("Venter på"), _waiting(step)),
        (step.get_waived_kind_display() or _("Fritaget"), _waiver(step)),
    ]
    return [{"label": label, "value": value} for label, value in found if value]


def _waiting(step: Step) -> str:
    if not step.waiting_for:
        return ""
    return f"{step.waiting_for}" + (_(" til %s") % weekday_date(step.waiting_until) if step.waiting_until else "")


def _waiver(step: Step) -> str:
    if not step.waived_on:
        return ""
    until = _("til og med %s. ") % weekday_date(step.waived_until) if step.waived_until else ""
    second = _(" Godkendt af %s.") % step.confirmed_by.name if step.confirmed_by else ""
    waits = _(" Afventer godkendelse.") if step.kind == Kind.LAW and not step.confirmed_on else ""
    return f"{until}{step.waived_reason} ({step.waived_by.name}).{second}{waits}"


FOLLOW_UP = Decision(
    "follow_up",
    gettext_lazy("Sæt opfølgningsdato"),
    "calendar-plus",
    gettext_lazy("Lovfristen står ved magt og vises stadig"),
    forms.FollowUpForm,
    services.follow_up,
    gettext_lazy("Sæt dato"),
    gettext_lazy("Opfølgningsdatoen er sat."),
)
EXTEND = Decision(
    "follow_up",
    gettext_lazy("Forlæng"),
    "calendar-plus",
    gettext_lazy("Den oprindelige frist vises stadig og tæller i statistikken"),
    forms.FollowUpForm,
    services.follow_up,
    gettext_lazy("Forlæng fristen"),
    gettext_lazy("Fristen er forlænget."),
)
WAIT = Decision(
    "wait",
    gettext_lazy("Venter på andre"),
    "hourglass-split",
    gettext_lazy("Kommer tilbage af sig selv på dagen"),
    forms.WaitForm,
    services.wait_for,
    gettext_lazy("Gem"),
    gettext_lazy("Fristen venter nu på andre."),
)
EXEMPT = Decision(
    "exempt",
    gettext_lazy("Fritag til og med"),
    "pause-circle",
    gettext_lazy("Åbner igen af sig selv dagen efter"),
    forms.ExemptForm,
    services.exempt,
    gettext_lazy("Fritag"),
    gettext_lazy("Fritagelsen er gemt."),
)
NOT_APPLICABLE = Decision(
    "not_applicable",
    gettext_lazy("Ikke omfattet"),
    "slash-circle",
    gettext_lazy("Ved lovfrister skal en kollega godkende"),
    forms.NotApplicableForm,
    services.not_applicable,
    gettext_lazy("Gem"),
    gettext_lazy("Gemt som ikke omfattet."),
)
CONFIRM = Decision(
    "confirm",
    gettext_lazy("Godkend »Ikke omfattet«"),
    "check2-circle",
    gettext_lazy("Du er den anden person"),
    forms.ConfirmForm,
    services.confirm,
    gettext_lazy("Godkend"),
    gettext_lazy("Godkendt."),
)
ASSIGN = Decision(
    "assign",
    gettext_lazy("Giv til en kollega"),
    "person-check",
    "",
    forms.AssignForm,
    services.assign,
    gettext_lazy("Giv opgaven"),
    gettext_lazy("Opgaven er givet videre."),
)
CAUSE = Decision(
    "cause",
    gettext_lazy("Angiv årsag"),
    "chat-left-text",
    gettext_lazy("Hvorfor er fristen overskredet? Leder kan så se, hvad der holder sagerne op"),
    forms.CauseForm,
    services.give_cause,
    gettext_lazy("Gem årsag"),
    gettext_lazy("Årsagen er gemt."),
)
REOPEN = Decision(
    "reopen",
    gettext_lazy("Genåbn"),
    "arrow-counterclockwise",
    gettext_lazy("Fjerner det, der er besluttet om fristen"),
    forms.ReopenForm,
    services.reopen,
    gettext_lazy("Genåbn fristen"),
    gettext_lazy("Fristen er åben igen."),
)
