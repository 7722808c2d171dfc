"""What a draft would change, computed by the engine itself and written nowhere: every open case, in its chunks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from board.models import Activation
from cases.models import Case, Person
from deadlines import engine
from deadlines.models import RuleSet, Step, Term
from deadlines.rules import Rule
from deadlines.setting import Proposal
from deadlines.status import acts_on
from desk.areas import RULES, local_rules
from desk.services.moves import Move, compare
from desk.services.repair import open_cases

COMPARED = ("amount", "unit", "kind")  # what of a term moves a deadline


def preview(rule_set: RuleSet, choice: str, *, today: date) -> list[Move]:
    """Every step whose deadline the activation would change, by case. Reads five queries and one per rule a chunk."""
    proposal = Proposal(rule_set, also_open=choice == Activation.Choice.OPEN)
    rules, ids = moving_rules(rule_set), open_cases()
    found: list[Move] = []
    for at in range(0, len(ids) if rules else 0, engine.CHUNK):
        found += _moves(ids[at : at + engine.CHUNK], rules, today, proposal)
    return found


def moving_rules(rule_set: RuleSet) -> list[Rule]:
    """The rules that the draft treats otherwise than some set in force: no other deadline can move."""
    held: dict[int, dict[str, tuple]] = {rule_set.pk: {}}
    held |= {pk: {} for pk in RuleSet.objects.filter(state=RuleSet.State.ACTIVE).values_list("pk", flat=True)}
    for pk, rule, *term in Term.objects.filter(rule_set__in=held).values_list("rule_set", "rule", *COMPARED):
        held[pk][rule] = tuple(term)
    draft = held[rule_set.pk]
    rules = [*RULES.values(), *local_rules(rule_set)]
    return [rule for rule in rules if any(terms.get(rule.key) != draft.get(rule.key) for terms in held.values())]


def _moves(ids: list[int], rules: list[Rule], today: date, proposal: Proposal) -> list[Move]:
    new, changed = engine.difference(ids, rules, today, proposal)
    before = list(Step.objects.filter(pk__in=[step.pk for step in changed]).select_related("person"))
    people = Person.objects.in_bulk({step.person_id for step in (*new, *changed) if step.person_id})
    for step in (*new, *changed):
        step.person = people.get(step.person_id)
        step.effective_on = acts_on(step)
    return compare(before, [*new, *changed], today=today)


@dataclass(frozen=True, slots=True)
class Seen:
    """A move in a case that the user has."""

    move: Move
    number: str
    protected: bool


def seen_by(user, moves: Iterable[Move]) -> list[Seen]:
    """The moves in the cases that this user has; what happens in others is counted, not shown."""
    cases = {pk: rest for pk, *rest in Case.objects.visible_to(user).values_list("pk", "number", "protected")}
    found = [Seen(move, *cases[move.case_id]) for move in moves if move.case_id in cases]
    return sorted(found, key=lambda seen: (urgency(seen.move), seen.number))


def urgency(move: Move) -> int:
    """What becomes late stands first, what is done already last."""
    return 0 if move.overdue or move.passed else 1 if move.relieved else 3 if move.finished else 2
