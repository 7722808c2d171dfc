"""What people decide about a step. The engine never undoes a decision.

A law can't be extended or waived by one person: its words are *Sæt opfølgningsdato* and *Ikke omfattet*, the latter
holding only when a second person has confirmed it. Goals and targets: *Forlæng* and *Fritag til og med*, after which
the same step is open again by itself. ValidationError carries a Danish sentence that says what to do.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from accounts import audit
from cases.access import sees_places
from cases.formats import plural, weekday_date
from cases.location import places_of
from cases.models import Case, KeptApart, Party
from cases.secrecy import pairs_of
from cases.services import record
from deadlines.local import keys_by_role, keys_of
from deadlines.models import Kind, Step
from deadlines.rules import CASEWORKER, COORDINATOR, MANAGER, class_of
from deadlines.status import is_late

MIN_REASON = 10


def locked(step: Step) -> Step:
    """The step as it is now, its row locked for the rest of the transaction."""
    return Step.objects.select_for_update(of=("self",)).select_related("case", "person").get(pk=step.pk)


def subject(step: Step) -> str:
    """The step in a sentence: "Tilbyd sprogskole (Halyna)"."""
    return f"{step.title} ({step.person.short_name})" if step.person else step.title


def _line(step: Step, *, verb: str, text: str, on: date, by) -> None:
    """Reasons and parties tell something: the line is of the step's class."""
    people = [step.person] if step.person else []
    kind, data_class = f"step.{verb}", class_of(step.area, step.rule)
    record(step.case, area=step.area, kind=kind, text=text, on=on, by=by, people=people, data_class=data_class)


def _must_be_open(step: Step) -> None:
    if step.met_on or step.done_on or step.withdrawn_on:
        raise ValidationError(_("Fristen er allerede afsluttet. Genåbn den først."))


def _need_reason(reason: str) -> None:
    if len(reason.strip()) < MIN_REASON:
        raise ValidationError({"reason": _("Skriv en begrundelse på mindst %d tegn.") % MIN_REASON})


def _need_ahead(name: str, day: date | None, today: date) -> None:
    if day is None or day <= today:
        raise ValidationError({name: _("Vælg en dag efter i dag.")})


@transaction.atomic
def follow_up(step: Step, *, on: date, reason: str, by, today: date) -> Step:
    """*Sæt opfølgningsdato* (law: the deadline itself stays) or *Forlæng* (goal and target: acts from the new day)."""
    step = locked(step)
    _must_be_open(step)
    _need_ahead("on", on, today)
    _need_reason(reason)
    step.follow_up_on, step.follow_up_by, step.follow_up_reason = on, by, reason.strip()
    step.save(update_fields=["follow_up_on", "follow_up_by", "follow_up_reason"])
    verb = _("Opfølgningsdato") if step.kind == Kind.LAW else _("Forlænget til")
    _line(
        step,
        verb="followed_up",
        text=f"{verb} {weekday_date(on)}: {subject(step)}. {reason.strip()}"[:400],
        on=today,
        by=by,
    )
    return step


@transaction.atomic
def exempt(step: Step, *, until: date, reason: str, by, today: date) -> Step:
    """*Fritag til og med*: for goals and targets; the step is open again by itself the day after."""
    step = locked(step)
    _must_be_open(step)
    if step.kind == Kind.LAW:
        raise ValidationError(_("En lovfrist kan ikke fritages. Brug »Ikke omfattet« med hjemmel."))
    _need_ahead("until", until, today)
    _need_reason(reason)
    _waive(step, kind=Step.WaiverKind.EXEMPT, until=until, reason=reason, by=by, today=today)
    _line(
        step,
        verb="exempted",
        text=f"{_('Fritaget til og med')} {weekday_date(until)}: {subject(step)}. {reason.strip()}"[:400],
        on=today,
        by=by,
    )
    return step


@transaction.atomic
def not_applicable(step: Step, *, reason: str, by, today: date) -> Step:
    """*Ikke omfattet*, with the legal basis in the reason. For a law it awaits a second person."""
    step = locked(step)
    _must_be_open(step)
    _need_reason(reason)
    _waive(step, kind=Step.WaiverKind.NOT_APPLICABLE, until=None, reason=reason, by=by, today=today)
    waits = _(" (afventer godkendelse)") if step.kind == Kind.LAW else ""
    _line(
        step,
        verb="not_applicable",
        text=f"{_('Ikke omfattet')}{waits}: {subject(step)}. {reason.strip()}"[:400],
        on=today,
        by=by,
    )
    return step


def _waive(step: Step, *, kind: str, until: date | None, reason: str, by, today: date) -> None:
    step.waived_on, step.waived_until, step.waived_by = today, until, by
    step.waived_kind, step.waived_reason = kind, reason.strip()
    step.confirmed_by = step.confirmed_on = None
    step.save(
        update_fields=[
            "waived_on",
            "waived_until",
            "waived_by",
            "waived_kind",
            "waived_reason",
            "confirmed_by",
            "confirmed_on",
        ]
    )


@transaction.atomic
def confirm(step: Step, *, by, today: date) -> Step:
    """The second person behind *Ikke omfattet* of a law. Refused to whoever decided it."""
    step = locked(step)
    _must_be_open(step)
    if step.waived_on is None or step.waived_kind != Step.WaiverKind.NOT_APPLICABLE or step.confirmed_on:
        raise ValidationError(_("Der er intet at godkende."))
    if step.waived_by_id == by.pk:
        raise ValidationError(_("Du kan ikke godkende din egen afgørelse. Bed en kollega om det."))
    step.confirmed_by, step.confirmed_on = by, today
    step.save(update_fields=["confirmed_by", "confirmed_on"])
    _line(step, verb="confirmed", text=_("»Ikke omfattet« godkendt: %s") % subject(step), on=today, by=by)
    return step


@transaction.atomic
def wait_for(step: Step, *, party: str, until: date, by, today: date) -> Step:
    """*Venter på*: another authority, school or firm. The step returns by itself on that day; the deadline runs on."""
    step = locked(step)
    _must_be_open(step)
    _need_ahead("until", until, today)
    if not party.strip():
        raise ValidationError({"party": _("Skriv, hvem der ventes på.")})
    step.waiting_for = Party.objects.get_or_create(name=party.strip()[:120])[0]
    step.waiting_until = until
    step.save(update_fields=["waiting_for", "waiting_until"])
    text = _("Venter på %(party)s til %(day)s: %(what)s") % {
        "party": step.waiting_for,
        "day": weekday_date(until),
        "what": subject(step),
    }
    _line(step, verb="waiting", text=text, on=today, by=by)
    return step


@transaction.atomic
def reopen(step: Step, *, reason: str, by, today: date) -> Step:
    """Undo the decisions (waiver, follow-up, waiting, tick). A step met by a fact is reopened by annulling the fact."""
    step = locked(step)
    if step.met_on:
        raise ValidationError(_("Fristen er opfyldt af en registrering. Annullér registreringen i stedet."))
    _need_reason(reason)
    cleared = {
        "waived_on": None,
        "waived_until": None,
        "waived_by": None,
        "waived_kind": "",
        "waived_reason": "",
        "confirmed_by": None,
        "confirmed_on": None,
        "follow_up_on": None,
        "follow_up_by": None,
        "follow_up_reason": "",
        "waiting_for": None,
        "waiting_until": None,
        "done_on": None,
        "done_by": None,
        "done_text": "",
        "cause": "",
    }
    for name, value in cleared.items():
        setattr(step, name, value)
    step.episode += 1
    step.save(update_fields=[*cleared, "episode"])
    _line(step, verb="reopened", text=f"{_('Genåbnet')}: {subject(step)}. {reason.strip()}"[:400], on=today, by=by)
    return step


@transaction.atomic
def tick(step: Step, *, on: date, text: str, by, today: date, cause: str = "") -> Step:
    """Done on a day, with what and where: own tasks, check-lists and local rules."""
    step = locked(step)
    _must_be_open(step)
    if on > today:
        raise ValidationError({"on": _("Datoen ligger frem i tiden. Skriv den dag, det skete.")})
    step.done_on, step.done_by, step.done_text, step.cause = on, by, text.strip(), cause or step.cause
    step.save(update_fields=["done_on", "done_by", "done_text", "cause"])
    note = f". {text.strip()}" if text.strip() else ""
    _line(step, verb="done", text=f"{_('Udført')}: {subject(step)}{against(step.due_on, on)}{note}"[:400], on=on, by=by)
    return step


@transaction.atomic
def own_task(case, *, title: str, due_on: date, by, today: date, person=None, assignee=None, area: str = "") -> Step:
    """A step without a rule: same list and warnings, in no figure."""
    owner = assignee or case.caseworker or by
    step = Step.objects.create(
        case=case, person=person, title=title[:160], due_on=due_on, area=area, assignee=assignee, owner=owner
    )
    audit.log(by, "step.own_task", case_number=case.number, person_id=step.person_id, detail=f"step {step.pk}")
    return step


@transaction.atomic
def change_task(step: Step, *, title: str, due_on: date, by, today: date) -> Step:
    step = locked(step)
    if step.rule:
        raise ValidationError(_("Kun egne opgaver kan ændres her."))
    step.title, step.due_on = title[:160], due_on
    step.save(update_fields=["title", "due_on"])
    audit.log(by, "step.task_changed", case_number=step.case.number, detail=f"step {step.pk}")
    return step


@transaction.atomic
def withdraw_task(step: Step, *, by, today: date) -> Step:
    """An own task that is no longer wanted by what it was made for. What was done stays done."""
    step = locked(step)
    if step.rule:
        raise ValidationError(_("Kun egne opgaver kan ændres her."))
    _must_be_open(step)
    step.withdrawn_on = today
    step.save(update_fields=["withdrawn_on"])
    audit.log(by, "step.task_withdrawn", case_number=step.case.number, detail=f"step {step.pk}")
    return step


@transaction.atomic
def assign(step: Step, *, assignee, by, today: date) -> Step:
    """Give one step to a colleague; None gives it back to the one who owns it by rule."""
    step = locked(step)
    step.assignee = assignee
    step.owner = assignee or default_owner(step)
    step.save(update_fields=["assignee", "owner"])
    to = assignee.name if assignee else _("sagens ansvarlige")
    _line(
        step,
        verb="assigned",
        text=_("%(what)s er givet til %(who)s") % {"what": subject(step), "who": to},
        on=today,
        by=by,
    )
    return step


def default_owner(step: Step):
    """As deadlines.setting.Setting.owner_id says for the rules; an own task among the volunteers' is theirs too."""
    case = step.case
    if case.team is None or case.protected:
        return case.caseworker
    role = next((role for role, keys in keys_by_role().items() if step.rule in keys), "")
    role = role or (COORDINATOR if step.area == "volunteers" else CASEWORKER)
    held = {COORDINATOR: case.team.coordinator, MANAGER: case.team.manager}
    return held.get(role) or case.caseworker


FOLLOWS_CASE = Q(assignee=None)  # what is given to one colleague stays there


def held_by_team() -> list[tuple[str, Q]]:
    """(field of Team, its deadlines): whose they are where the team has somebody, whoever has the case."""
    # No local rule is written into the conditions: they may be compiled once and asked for days (accounts.prepared).
    volunteers = Q(area="volunteers") & ~Q(rule__in=keys_of())
    coordinators, managers = (Q(rule__in=keys_of(owner_role=role)) for role in (COORDINATOR, MANAGER))
    return [("coordinator", volunteers | coordinators), ("manager", managers)]


def move_ownership(case_ids, *, caseworker) -> int:
    """After a hand-over: the owner of every unassigned step follows the case, set-based. Returns the rows changed."""
    steps = Step.objects.filter(case__in=case_ids).filter(FOLLOWS_CASE)
    moved, others = 0, steps
    for held, theirs in held_by_team():
        known = {f"case__team__{held}__isnull": False, "case__protected": False}
        ids = steps.filter(theirs, **known).values("pk")
        holder = Case.objects.filter(pk=OuterRef("case")).values(f"team__{held}")[:1]
        moved += Step.objects.filter(pk__in=ids).update(owner=Subquery(holder))
        others = others.exclude(pk__in=ids)
    return moved + others.exclude(owner=caseworker).update(owner=caseworker)


# --- Holdes adskilt ---------------------------------------------------------------------------

Meetings = set[tuple[int, str]]  # (id of the relation, name of the place that both have to do with)


def meetings(case) -> Meetings:
    """Where members of the case and those they are kept apart from have the same place now. One query without any."""
    found: Meetings = set()
    for row in pairs_of(case.people.values("pk")):
        one, other = (places_of([person.pk], case_id=person.case_id, now=True) for person in (row.one, row.other))
        found.update((row.pk, place) for place in one & other)
    return found


def warnings_about(new: Meetings, case, *, user) -> list[str]:
    """What this user may know of it: sentences about those whose cases and places the user sees."""
    return [
        _("%(one)s og %(other)s skal holdes adskilt, men får begge med %(place)s at gøre.")
        % {"one": row.one.short_name, "other": row.other.short_name, "place": place}
        for row, place in _rows_of(new)
        if all(_may_know(user, person.case) for person in (row.one, row.other))
    ]


@transaction.atomic
def tell_assigned(new: Meetings, case, *, user, today: date) -> None:
    """Where the user may not know, the other's caseworker gets a task that says neither where nor whom."""
    for row, _place in _rows_of(new):
        for person in (row.one, row.other):
            if not _may_know(user, person.case):
                title = _("Holdes adskilt: %s kan være på vej til samme sted som en anden. Tal med din leder")
                own_task(
                    person.case, title=title % person.short_name, due_on=today, by=user, today=today, person=person
                )


def _rows_of(new: Meetings) -> list[tuple[KeptApart, str]]:
    places = dict(sorted(new, reverse=True))  # one place per relation is enough to act on
    rows = KeptApart.objects.filter(pk__in=places).select_related("one__case", "other__case").order_by("pk")
    return [(row, places[row.pk]) for row in rows]


def _may_know(user, case) -> bool:
    return Case.objects.visible_to(user).filter(pk=case.pk).exists() and sees_places(user, case)


def set_cause(step: Step, *, cause: str) -> None:
    """Why an act came late; asked only when it was."""
    Step.objects.filter(pk=step.pk).update(cause=cause)


@transaction.atomic
def give_cause(step: Step, *, cause: str, by, today: date) -> Step:
    """Why an open one is late, while it is: for the managers' figures, and asked no more when it is done."""
    step = locked(step)
    _must_be_open(step)
    if not step.rule or not is_late(step, today):
        raise ValidationError(_("Fristen er ikke overskredet."))
    step.cause = cause
    step.save(update_fields=["cause"])
    text = f"{_('Årsag til forsinkelse')}: {subject(step)}. {step.get_cause_display()}"[:400]
    _line(step, verb="cause_given", text=text, on=today, by=by)
    return step


def current_step(case_id: int, rule: str, person_id: int | None) -> Step | None:
    """The newest step of a rule for a person or a household that has not fallen away."""
    steps = Step.objects.filter(case=case_id, rule=rule, person=person_id, withdrawn_on=None)
    return steps.order_by("-round").first()


def against(due: date | None, on: date) -> str:
    """ ", 20 dage før fristen" | ", på fristdagen" | ", 2 dage efter fristen" | "" without a deadline."""
    if due is None:
        return ""
    days = (due - on).days
    if days == 0:
        return _(", på fristdagen")
    word = _("før fristen") if days > 0 else _("efter fristen")
    return f", {plural(abs(days), _('dag'), _('dage'))} {word}"


def timeliness(case_id: int, person_id: int | None, rule: str, on: date) -> str:
    """How an act stands to its deadline, for the sentence in the timeline. Ask before the refresh."""
    step = current_step(case_id, rule, person_id)
    return against(step.due_on, on) if step and not step.met_on else ""


def late_by(step: Step | None, on: date) -> str:
    """ "2 dage" when the act came after the deadline, else ""."""
    if step is None or step.due_on is None or on <= step.due_on:
        return ""
    return plural((on - step.due_on).days, _("dag"), _("dage"))
