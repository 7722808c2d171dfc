"""Compare what should be with what is, and write the difference.

`compute` is pure; `refresh` is the door to the database. Twice on a day changes nothing, a skipped week loses
nothing, and two at a time do no harm: the cases are locked, inserts ignore conflicts, updates go by id.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet

from cases.models import Case
from deadlines.calendar import add
from deadlines.models import Cause, RuleSet, Step, Term
from deadlines.rules import Fact, Rule, earliest
from deadlines.setting import Proposal, Setting, load_setting

CHUNK = 200


@dataclass(frozen=True, slots=True)
class Computed:
    """The columns of a step that only the engine writes."""

    title: str
    starts_on: date | None = None
    due_on: date | None = None
    kind: str = ""
    met_on: date | None = None
    evidence: str = ""
    waits_for: str = ""
    start_note: str = ""
    withdrawn_on: date | None = None
    rule_set_id: int | None = None
    owner_id: int | None = None


UNDECIDED = Step()  # what people have decided about a step that is not there yet: nothing
COLUMNS = tuple(field.name for field in fields(Computed))


@dataclass(slots=True)
class Written:
    """How many rows a refresh wrote."""

    created: int = 0
    updated: int = 0

    def __iadd__(self, other: "Written") -> "Written":
        self.created += other.created
        self.updated += other.updated
        return self


def set_for(sets: Sequence[RuleSet], start: date) -> RuleSet | None:
    """The set in force on the starting day; a start before the first set takes the first."""
    in_force = [s for s in sets if s.valid_from <= start]
    return in_force[-1] if in_force else (sets[0] if sets else None)


def started(rule: Rule, fact: Fact, setting: Setting) -> tuple[date | None, str, str]:
    """(starts_on, waits_for, start_note) after the permit has had its say."""
    start, waits_for, note = fact.starts_on, fact.waits_for, fact.start_note
    if rule.permit != "granted" or start is None:
        return start, waits_for, note
    granted = setting.granted_on(fact)
    if granted is None:
        return None, "permit", note
    if granted > start:
        return granted, "", "permit"
    return start, waits_for, note


def ends_on(rule: Rule, fact: Fact, setting: Setting) -> date | None:
    """The day an unmet step falls away: departure, closing, the permit's end, or the rule's own end."""
    return earliest(
        [fact.ends_on, setting.gone_on(fact, permit_matters=rule.permit != "any"), setting.closed_on(fact.case_id)]
    )


def compute(
    rule: Rule,
    fact: Fact,
    setting: Setting,
    *,
    decided: Step,
    today: date,
) -> Computed:
    """What the facts, the terms in force and the permit ask for today. Pure."""
    start, waits_for, note = started(rule, fact, setting)
    chosen = decided.pinned_set or set_for(setting.sets, start or today)
    term = setting.term(chosen, rule.key)
    due = None
    if start and term:
        due = fact.due_on or add(start, term.amount, term.unit)
    end = ends_on(rule, fact, setting)
    return Computed(
        title=str(rule.title),
        starts_on=start,
        due_on=due,
        kind=term.kind if term else "",
        met_on=fact.met_on,
        evidence=fact.evidence[:240],
        waits_for=waits_for if start is None else "",
        start_note=note,
        withdrawn_on=end if end and end <= today and not (fact.met_on or decided.done_on) else None,
        rule_set_id=chosen.pk if term and start else None,
        owner_id=decided.assignee_id or setting.owner_id(fact.case_id, rule),
    )


def read(step: Step) -> Computed:
    return Computed(**{name: getattr(step, name) for name in COLUMNS})


def refresh(case_ids: Iterable[int], rules: Iterable[Rule], *, today: date) -> Written:
    """Bring the steps of these rules in line with the facts of these cases. Returns what was written."""
    ids, rules, written = sorted(set(case_ids)), list(rules), Written()
    for at in range(0, len(ids), CHUNK):
        with transaction.atomic():
            written += _refresh(ids[at : at + CHUNK], rules, today)
    return written


def differing(case_ids: Iterable[int], rules: Iterable[Rule], *, today: date) -> set[int]:
    """Ids of the cases whose steps a refresh would change; reads only, locks nothing."""
    found, rules = set(), list(rules)
    ids = sorted(set(case_ids))
    for at in range(0, len(ids), CHUNK):
        new, changed = difference(ids[at : at + CHUNK], rules, today)
        found.update(step.case_id for step in (*new, *changed))
    return found


def _refresh(ids: list[int], rules: list[Rule], today: date) -> Written:
    locked = list(
        Case.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk", flat=True)
    )
    new, changed = difference(locked, rules, today)
    Step.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
    Step.objects.bulk_update(changed, COLUMNS_TO_WRITE, batch_size=100)
    return Written(len(new), len(changed))


COLUMNS_TO_WRITE = [name.removesuffix("_id") for name in COLUMNS]


def difference(
    ids: list[int], rules: list[Rule], today: date, proposal: Proposal | None = None
) -> tuple[list[Step], list[Step]]:
    """(new steps, changed steps) in memory, for at most a chunk of cases. proposal: what its activation would write."""
    cases = Case.objects.filter(pk__in=ids)
    setting = load_setting(cases, proposal)
    rows = _rows(ids, rules)
    if proposal and proposal.also_open:
        _pin(rows.values(), proposal, setting)
    new, changed = [], []
    for rule in rules:
        for fact in rule.facts(cases, today=today):
            key = (rule.key, None if fact.person_id else fact.case_id, fact.person_id, fact.round)
            state = compute(rule, fact, setting, decided=rows.get(key, UNDECIDED), today=today)
            if rule.local and not state.kind:
                continue  # the set of that day doesn't know the duty: a step that is there falls away below
            row = rows.pop(key, None)
            if row is None and worth_a_row(state):
                new.append(_write(_new(rule, fact, state, setting), state))
            elif row and (read(row) != state or row.case_id != fact.case_id):
                row.case_id = fact.case_id
                changed.append(_write(row, state))
    changed += [_withdraw(row, today) for row in rows.values() if stands(row)]
    return new, changed


def _rows(ids: list[int], rules: list[Rule]) -> dict[tuple, Step]:
    steps = Step.objects.filter(case__in=ids, rule__in=[rule.key for rule in rules]).select_related("pinned_set")
    return {(step.rule, None if step.person_id else step.case_id, step.person_id, step.round): step for step in steps}


def to_pin(rule_set: RuleSet) -> QuerySet[Step]:
    """The open steps that "Også åbne frister" pins: those the set has a term for, and those whose deadline it ends."""
    standing = Step.objects.filter(met_on=None, done_on=None, withdrawn_on=None, case__closed_on=None)
    return standing.exclude(rule="").filter(Q(rule__in=rule_set.terms.values("rule")) | ~Q(kind=""))


def _pin(steps: Iterable[Step], proposal: Proposal, setting: Setting) -> None:
    """The same in memory."""
    for step in steps:
        if stands(step) and (step.kind or setting.term(proposal.rule_set, step.rule)):
            step.pinned_set = proposal.rule_set


def settle(within: Q) -> int:
    """Move steps between sets that say the same about their rule, set-based: only `rule_set` changes, no deadline.

    within: which steps. What compute would choose: the pinned set, else the one of the starting day. Returns the rows.
    """
    shapes: dict[int, dict[str, list]] = {pk: {} for pk in RuleSet.objects.values_list("pk", flat=True)}
    for rule_set, rule, *shape in Term.objects.values_list("rule_set", "rule", "amount", "unit", "kind"):
        shapes[rule_set][rule] = shape
    sets, moved = list(RuleSet.objects.filter(state=RuleSet.State.ACTIVE)), 0
    for place, target in enumerate(sets):
        begun = Q(starts_on__isnull=False) if place == 0 else Q(starts_on__gte=target.valid_from)
        if place + 1 < len(sets):
            begun &= Q(starts_on__lt=sets[place + 1].valid_from)
        chosen = Q(pinned_set=target, starts_on__isnull=False) | Q(begun, pinned_set=None)
        for source in shapes:
            same = [rule for rule, shape in shapes[target.pk].items() if shapes[source].get(rule) == shape]
            if source != target.pk and same:
                moved += Step.objects.filter(within, chosen, rule_set=source, rule__in=same).update(rule_set=target)
    return moved


def _new(rule: Rule, fact: Fact, state: Computed, setting: Setting) -> Step:
    """A case that reached us after the date has that as its cause by itself."""
    late = state.due_on is not None and state.due_on < setting.registered_on(fact)
    return Step(
        case_id=fact.case_id,
        person_id=fact.person_id,
        rule=rule.key,
        round=fact.round,
        area=rule.area,
        cause=Cause.KNOWN_LATE if late else "",
    )


def worth_a_row(state: Computed) -> bool:
    """A duty that had fallen away before it began leaves no trace."""
    return state.withdrawn_on is None or (state.starts_on is not None and state.starts_on < state.withdrawn_on)


def stands(step: Step) -> bool:
    return step.met_on is None and step.done_on is None and step.withdrawn_on is None


def _withdraw(step: Step, today: date) -> Step:
    """No fact asks for it any more: it falls away today, unless it was met."""
    step.withdrawn_on = today
    return step


def _write(step: Step, state: Computed) -> Step:
    for name in COLUMNS:
        setattr(step, name, getattr(state, name))
    return step
