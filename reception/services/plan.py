"""The verbs of Min plan: save a draft, hand it over, sign it.

They write facts, one line of the timeline, and refresh the reception's own rules. Wrong input raises
ValidationError with a Danish sentence; two who edit the same draft at once meet in PlanConflict.
"""

from dataclasses import asdict
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from cases.formats import doc_date
from cases.models import Person
from cases.services import record
from deadlines import engine
from deadlines.models import Step
from deadlines.rules import is_adult
from deadlines.services import timeliness
from phrases.models import SOURCE
from phrases.paper import Bank
from reception.models import Plan, PlanActivity, PlanHandover, PlanRevision, Signature
from reception.paper import ACTIVITIES
from reception.rules import MIN_PLAN, RULES
from reception.services import activities
from reception.services.content import Line, checksum_of, content_of, lines_of


class PlanConflict(Exception):
    """Somebody saved the plan after this one was opened; `plan` is what stands now (None: nothing)."""

    def __init__(self, plan: Plan | None):
        super().__init__("the plan has been changed meanwhile")
        self.plan = plan


# --- Reading ---


def current_plan(person: Person) -> Plan | None:
    """The highest version, or None while nothing is written."""
    return person.plans.order_by("-version").first()


def handover_of(plan: Plan | None) -> PlanHandover | None:
    """The standing hand-over of this version; a version that has one is locked."""
    return plan.handovers.standing().first() if plan else None


def latest_handover(person: Person, version: str = "") -> PlanHandover | None:
    """The newest version in the citizen's hand, also while the next is being written; or the one asked for."""
    rows = PlanHandover.objects.standing().filter(plan__person=person).select_related("plan__person__case")
    if version.isdecimal():
        rows = rows.filter(plan__version=version)
    return rows.order_by("-plan__version").first()


def has_own_plan(person: Person, today: date) -> bool:
    """Adults and unaccompanied minors; the other children's parts stand in the plan of an adult."""
    return person.unaccompanied_minor or is_adult(person, today) or person.plans.exists()


def planners(case, today: date) -> list[Person]:
    """The members who have a plan of their own, in the family's order; one query."""
    return [p for p in case.people.order_by("pk") if p.unaccompanied_minor or is_adult(p, today)]


def children_of(case, today: date) -> list[Person]:
    """The members without a plan of their own."""
    grown = {person.pk for person in planners(case, today)}
    return [person for person in case.people.order_by("pk") if person.pk not in grown]


def carriers(case) -> dict[int, list[Person]]:
    """Child's id -> the adults whose current version has a part of the child. Two queries."""
    current = {plan.person_id: plan.pk for plan in Plan.objects.filter(person__case=case).order_by("version")}
    parts = PlanActivity.objects.filter(plan__in=current.values(), about__isnull=False)
    found: dict[int, dict[int, Person]] = {}
    for part in parts.select_related("plan__person").order_by("plan__person"):
        found.setdefault(part.about_id, {})[part.plan.person_id] = part.plan.person
    return {child: list(adults.values()) for child, adults in found.items()}


def in_no_plan(case, today: date) -> list[Person]:
    """The children whose part stands in nobody's plan."""
    carried = carriers(case)
    return [child for child in children_of(case, today) if child.pk not in carried]


def first_choice(person: Person, today: date) -> set[int]:
    """The children that a new plan starts with: those in no plan, for the holder of custody, else the first adult."""
    first = next(iter(planners(person.case, today)), None)
    return {
        child.pk
        for child in in_no_plan(person.case, today)
        if (child.custody_holder == person.full_name if child.custody_holder else person == first)
    }


def proposals(person: Person, *, today: date, children: set[int] | None = None) -> list[Line]:
    """What the open deadlines would put into the plan: the person's own, the household's and these children's parts.

    children: ids; None for those that a new plan starts with.
    """
    children = first_choice(person, today) if children is None else children
    bank = Bank.read([SOURCE])
    found = [line for step in _proposing(person, today) if (line := _proposal(bank, step, person, children))]
    order = list(ACTIVITIES)
    return sorted(found, key=lambda line: (order.index(line.rule), line.about_id or 0))


def left_out(person: Person, there: set[tuple[str, int | None]], *, today: date) -> list[Line]:
    """Open deadlines of the person and of the plan's children without a line. there: (rule, about) of its lines."""
    children = {about for _rule, about in there if about}
    return [
        line for line in proposals(person, today=today, children=children) if (line.rule, line.about_id) not in there
    ]


def part_of(child: Person, person: Person, *, today: date) -> list[Line]:
    """The part of one child, for a plan that takes it along; a line to begin with where no deadline is open."""
    lines = [line for line in proposals(person, today=today, children={child.pk}) if line.about_id == child.pk]
    return lines or [Line("schooling", child.short_name, about_id=child.pk)]


def _proposing(person: Person, today: date):
    steps = Step.objects.filter(case=person.case_id, rule__in=ACTIVITIES).open(today)
    return steps.select_related("person").order_by("pk")


def _proposal(bank: Bank, step: Step, person: Person, children: set[int]) -> Line | None:
    activity, key = ACTIVITIES[step.rule], f"activity.{step.rule}"
    area, responsible = step.rule.partition(".")[0], bank.text(activity.who)
    if step.person_id in (None, person.pk):
        name = step.person.short_name if step.person else ""
        return Line(area, bank.text(key, name=name), responsible, on=step.due_on, rule=step.rule)
    if activity.of_child and step.person_id in children:
        text = bank.text(key, name=step.person.short_name)
        return Line(area, text, responsible, on=step.due_on, about_id=step.person_id, rule=step.rule)
    return None


# --- Writing the plan ---


def locked(person: Person) -> Person:
    """The person's row locked, so that two who save at once come one after the other."""
    return Person.objects.select_for_update(of=("self",)).select_related("case").get(pk=person.pk)


@transaction.atomic
def save_plan(
    person: Person,
    *,
    version: int,
    revision: int,
    goal: str,
    lines: list[Line],
    by,
    today: date,
    goal_danish: str = "",
) -> Plan:
    """Save the draft that was opened as (version, revision); (0, 0) means that nothing was written yet.

    A locked version is followed by the next one. PlanConflict when somebody else saved meanwhile.
    """
    person = locked(person)
    plan = current_plan(person)
    if (plan.version, plan.revision) != (version, revision) if plan else (version, revision) != (0, 0):
        raise PlanConflict(plan)
    _check_children(person, lines)
    tasks = {line.task_id for line in lines_of(plan) if line.task_id}
    if plan is None or handover_of(plan):
        plan = _begin(person, version + 1, by=by, today=today)
    else:
        plan.revision, plan.changed_by = revision + 1, by
        plan.activities.all().delete()
    plan.goal, plan.goal_danish = goal.strip(), goal_danish.strip()
    plan.save()
    kept = activities.settle(person, lines, tasks, by=by, today=today)
    PlanActivity.objects.bulk_create(
        [PlanActivity(plan=plan, position=at, **asdict(line)) for at, line in enumerate(kept)]
    )
    PlanRevision.objects.create(plan=plan, revision=plan.revision, content=content_of(plan).as_data(), saved_by=by)
    engine.refresh([person.case_id], [MIN_PLAN], today=today)
    return plan


def _begin(person: Person, version: int, *, by, today: date) -> Plan:
    plan = Plan.objects.create(person=person, version=version, created_by=by, changed_by=by)
    told = {"name": person.short_name, "version": version}
    text = _("Min plan påbegyndt for %(name)s, version %(version)s") % told
    record(person.case, area="reception", kind="reception.plan_started", text=text, on=today, by=by, people=[person])
    return plan


def _check_children(person: Person, lines: list[Line]) -> None:
    children = {line.about_id for line in lines if line.about_id}
    if children and Person.objects.filter(pk__in=children, case=person.case_id).count() != len(children):
        raise ValidationError(_("Et af børnene er ikke med i familien længere. Vælg igen."))


@transaction.atomic
def hand_over(
    person: Person,
    *,
    on: date,
    by,
    today: date,
    language: str = "",
    signature: str = Signature.NOT_ASKED,
    guardian: str = "",
    guardian_signs: bool = False,
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
    content = content_of(plan).as_data()
    handover = PlanHandover.objects.create(
        plan=plan,
        on=on,
        language=language,
        signature=signature,
        signed_on=signed,
        guardian=named_guardian(guardian, signs=guardian_signs),
        guardian_signed_on=on if guardian_signs else None,
        recorded_by=by,
        content=content,
        checksum=checksum_of(content),
    )
    # the log is a chain: who changes both the text and its checksum in the database is still found
    sealed = f"v{plan.version} {handover.checksum}"
    audit.log(by, "plan.lock", case_number=person.case.number, person_id=person.pk, detail=sealed)
    when = timeliness(person.case_id, person.pk, MIN_PLAN.key, on)
    text = _("Min plan gennemgået og udleveret til %(name)s%(when)s") % {"name": person.short_name, "when": when}
    write_line(person, kind="plan_handed_over", text=text, on=on, by=by, today=today)
    return handover


@transaction.atomic
def sign_plan(
    handover: PlanHandover,
    *,
    signature: str,
    on: date,
    by,
    today: date,
    guardian: str = "",
    guardian_signs: bool = False,
) -> PlanHandover:
    """The signature is a mark of its own, often later than the hand-over. A minor's guardian signs too."""
    not_ahead(on, today)
    if signature == Signature.SIGNED and on < handover.on:
        raise ValidationError({"on": _("Planen blev først udleveret %s.") % doc_date(handover.on)})
    handover.signature = signature
    handover.signed_on = on if signature == Signature.SIGNED else None
    handover.guardian = named_guardian(guardian, signs=guardian_signs)
    handover.guardian_signed_on = on if guardian_signs else None
    handover.save(update_fields=["signature", "signed_on", "guardian", "guardian_signed_on"])
    person, label = handover.plan.person, Signature(signature).label
    text = _("Min plan for %(name)s: %(how)s") % {"name": person.short_name, "how": label[0].lower() + label[1:]}
    if handover.guardian_signed_on:
        text = _("%(text)s, også af værgen %(guardian)s") % {"text": text, "guardian": handover.guardian}
    write_line(person, kind="plan_signed", text=text, on=on, by=by, today=today)
    return handover


def named_guardian(name: str, *, signs: bool) -> str:
    if signs and not name.strip():
        raise ValidationError({"guardian": _("Skriv værgens navn.")})
    return name.strip()


# --- Shared ---


def not_ahead(on: date, today: date) -> None:
    if on > today:
        raise ValidationError({"on": _("Datoen ligger frem i tiden. Skriv den dag, det skete.")})


def write_line(person: Person, *, kind: str, text: str, on: date, by, today: date) -> None:
    record(person.case, area="reception", kind=f"reception.{kind}", text=text[:400], on=on, by=by, people=[person])
    engine.refresh([person.case_id], RULES, today=today)
