"""The verbs of Min plan: save a draft, hand it over, sign it.

They write facts, one line of the timeline, and refresh the reception's own rules. Wrong input raises
ValidationError with a Danish sentence; two who edit the same draft at once meet in PlanConflict.
"""

from dataclasses import asdict, dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cases.formats import doc_date
from cases.models import Person
from cases.services import record
from deadlines import engine
from deadlines.models import Step
from deadlines.rules import is_adult
from deadlines.services import timeliness
from phrases.models import SOURCE
from phrases.paper import Bank
from reception.models import Plan, PlanActivity, PlanHandover, Signature
from reception.paper import ACTIVITIES
from reception.rules import MIN_PLAN, RULES


class PlanConflict(Exception):
    """Somebody saved the plan after this one was opened; `plan` is what stands now (None: nothing)."""

    def __init__(self, plan: Plan | None):
        super().__init__("the plan has been changed meanwhile")
        self.plan = plan


@dataclass(frozen=True, slots=True)
class Line:
    """One activity as it is written, before it is a row. about_id: the child whose part it is."""

    area: str
    text: str
    responsible: str = ""
    contact: str = ""
    on: date | None = None
    about_id: int | None = None
    rule: str = ""


# --- Reading ---


def current_plan(person: Person) -> Plan | None:
    """The highest version, or None while nothing is written."""
    return person.plans.order_by("-version").first()


def handover_of(plan: Plan | None) -> PlanHandover | None:
    """The standing hand-over of this version; a version that has one is locked."""
    return plan.handovers.standing().first() if plan else None


def lines_of(plan: Plan | None) -> list[Line]:
    rows = plan.activities.all() if plan else ()
    return [Line(r.area, r.text, r.responsible, r.contact, r.on, r.about_id, r.rule) for r in rows]


def has_own_plan(person: Person, today: date) -> bool:
    """Adults and unaccompanied minors; the other children's parts stand in the plan of an adult."""
    return person.unaccompanied_minor or is_adult(person, today) or person.plans.exists()


def planners(case, today: date) -> list[Person]:
    """The members who have a plan of their own, in the family's order; one query."""
    return [p for p in case.people.order_by("pk") if p.unaccompanied_minor or is_adult(p, today)]


def proposals(person: Person, *, today: date) -> list[Line]:
    """What the open deadlines would put into the plan: the person's own, the household's and the children's parts."""
    steps = (
        Step.objects.filter(case=person.case_id, rule__in=ACTIVITIES)
        .open(today)
        .select_related("person")
        .order_by("pk")
    )
    bank = Bank.read([SOURCE])
    found = [line for step in steps if (line := _proposal(bank, step, person, today))]
    order = list(ACTIVITIES)
    return sorted(found, key=lambda line: (order.index(line.rule), line.about_id or 0))


def _proposal(bank: Bank, step: Step, person: Person, today: date) -> Line | None:
    activity, key = ACTIVITIES[step.rule], f"activity.{step.rule}"
    area, responsible = step.rule.partition(".")[0], bank.text(activity.who)
    if step.person_id in (None, person.pk):
        name = step.person.short_name if step.person else ""
        return Line(area, bank.text(key, name=name), responsible, on=step.due_on, rule=step.rule)
    child = step.person
    if activity.of_child and not (child.unaccompanied_minor or is_adult(child, today)):
        text = bank.text(key, name=child.short_name)
        return Line(area, text, responsible, on=step.due_on, about_id=child.pk, rule=step.rule)
    return None


# --- Writing the plan ---


def locked(person: Person) -> Person:
    """The person's row locked, so that two who save at once come one after the other."""
    return Person.objects.select_for_update(of=("self",)).select_related("case").get(pk=person.pk)


@transaction.atomic
def save_plan(person: Person, *, version: int, revision: int, goal: str, lines: list[Line], by, today: date) -> Plan:
    """Save the draft that was opened as (version, revision); (0, 0) means that nothing was written yet.

    A locked version is followed by the next one. PlanConflict when somebody else saved meanwhile.
    """
    person = locked(person)
    plan = current_plan(person)
    if (plan.version, plan.revision) != (version, revision) if plan else (version, revision) != (0, 0):
        raise PlanConflict(plan)
    if plan is None or handover_of(plan):
        plan = Plan.objects.create(person=person, version=version + 1, goal=goal.strip(), created_by=by, changed_by=by)
        text = _("Min plan påbegyndt for %(name)s, version %(version)s") % {
            "name": person.short_name,
            "version": plan.version,
        }
        record(
            person.case, area="reception", kind="reception.plan_started", text=text, on=today, by=by, people=[person]
        )
    else:
        plan.goal, plan.revision, plan.changed_by = goal.strip(), revision + 1, by
        plan.save(update_fields=["goal", "revision", "changed_by", "changed_at"])
        plan.activities.all().delete()
    _check_children(person, lines)
    PlanActivity.objects.bulk_create(
        [PlanActivity(plan=plan, position=at, **asdict(line)) for at, line in enumerate(lines)]
    )
    engine.refresh([person.case_id], [MIN_PLAN], today=today)
    return plan


def _check_children(person: Person, lines: list[Line]) -> None:
    children = {line.about_id for line in lines if line.about_id}
    if children and Person.objects.filter(pk__in=children, case=person.case_id).count() != len(children):
        raise ValidationError(_("Et af børnene er ikke med i familien længere. Vælg igen."))


@transaction.atomic
def hand_over(
    person: Person, *, on: date, by, today: date, language: str = "", signature: str = Signature.NOT_ASKED
) -> PlanHandover:
    """The current version was gone through with the citizen and handed over; it is locked from now on."""
    person = locked(person)
    plan = current_plan(person)
    if plan is None or not (plan.goal or plan.activities.exists()):
        raise ValidationError(_("Skriv mindst et mål eller én aktivitet, før planen udleveres."))
    if handover_of(plan):
        raise ValidationError(_("Version %s er allerede udleveret.") % plan.version)
    not_ahead(on, today)
    signed = on if signature == Signature.SIGNED else None
    handover = PlanHandover.objects.create(
        plan=plan, on=on, language=language, signature=signature, signed_on=signed, recorded_by=by
    )
    when = timeliness(person.case_id, person.pk, MIN_PLAN.key, on)
    text = _("Min plan gennemgået og udleveret til %(name)s%(when)s") % {"name": person.short_name, "when": when}
    write_line(person, kind="plan_handed_over", text=text, on=on, by=by, today=today)
    return handover


@transaction.atomic
def sign_plan(handover: PlanHandover, *, signature: str, on: date, by, today: date) -> PlanHandover:
    """The signature is a mark of its own, often later than the hand-over."""
    not_ahead(on, today)
    if signature == Signature.SIGNED and on < handover.on:
        raise ValidationError({"on": _("Planen blev først udleveret %s.") % doc_date(handover.on)})
    handover.signature = signature
    handover.signed_on = on if signature == Signature.SIGNED else None
    handover.save(update_fields=["signature", "signed_on"])
    person, label = handover.plan.person, Signature(signature).label
    text = _("Min plan for %(name)s: %(how)s") % {"name": person.short_name, "how": label[0].lower() + label[1:]}
    write_line(person, kind="plan_signed", text=text, on=on, by=by, today=today)
    return handover


# --- Shared ---


def not_ahead(on: date, today: date) -> None:
    if on > today:
        raise ValidationError({"on": _("Datoen ligger frem i tiden. Skriv den dag, det skete.")})


def write_line(person: Person, *, kind: str, text: str, on: date, by, today: date) -> None:
    record(person.case, area="reception", kind=f"reception.{kind}", text=text[:400], on=on, by=by, people=[person])
    engine.refresh([person.case_id], RULES, today=today)
