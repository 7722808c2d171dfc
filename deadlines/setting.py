"""What the engine knows about the cases besides the facts: rule sets, permits, departures, closings, owners.

Read in a constant number of queries for one case or five hundred.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from cases.choices import PermitState
from cases.household import Period, households
from cases.models import Permit
from deadlines.models import RuleSet, Term
from deadlines.rules import COORDINATOR, MANAGER, Fact, Rule, earliest

GRANTING = {PermitState.GRANTED, PermitState.EXTENDED}
ENDING = {PermitState.REFUSED, PermitState.REVOKED, PermitState.LAPSED}


@dataclass(slots=True)
class PermitNow:
    """Where a person's permit history stands: granted_on of the unbroken chain, ended_on of a refusal or the like.

    held_from is the start of the chain that ended_on ended: what had begun then keeps its dates and its lateness.
    """

    granted_on: date | None = None
    ended_on: date | None = None
    held_from: date | None = None


def permit_now(history: list[Permit]) -> PermitNow:
    """history: standing permits of one person, oldest first."""
    now = PermitNow()
    for permit in history:
        if permit.state in GRANTING:
            now.granted_on = now.granted_on or permit.granted_on or permit.since
            now.ended_on = now.held_from = None
        elif permit.state in ENDING:
            now = PermitNow(None, permit.since, now.granted_on or now.held_from)
        else:
            now.ended_on = None
    return now


@dataclass(frozen=True, slots=True)
class Proposal:
    """A draft, read as if it were in force. also_open: pinned on the open steps too (engine.to_pin says which)."""

    rule_set: RuleSet
    also_open: bool = False


@dataclass(slots=True)
class Setting:
    sets: list[RuleSet] = field(default_factory=list)
    terms: dict[tuple[int, str], Term] = field(default_factory=dict)
    permits: dict[int, PermitNow] = field(default_factory=dict)
    left: dict[tuple[int, int], date | None] = field(default_factory=dict)
    periods: dict[tuple[int, int], Period] = field(default_factory=dict)
    last_period: dict[int, Period] = field(default_factory=dict)
    cases: dict[int, object] = field(default_factory=dict)
    registered: dict[int, date] = field(default_factory=dict)

    def term(self, rule_set: RuleSet | None, rule: str) -> Term | None:
        return self.terms.get((rule_set.pk, rule)) if rule_set else None

    def members(self, fact: Fact) -> list[int]:
        if fact.person_id is not None:
            return [fact.person_id]
        return [stay.person_id for stay in self._period(fact).stays]

    def _period(self, fact: Fact) -> Period:
        """The household's period of that round; rules that count matches or placements use the last one."""
        return self.periods.get((fact.case_id, fact.period or fact.round)) or self.last_period[fact.case_id]

    def granted_on(self, fact: Fact) -> date | None:
        held = [self.permits[pk] for pk in self.members(fact) if pk in self.permits]
        return earliest(permit.granted_on or (permit.held_from if permit.ended_on else None) for permit in held)

    def gone_on(self, fact: Fact, *, permit_matters: bool) -> date | None:
        """The day nobody remained for whom the step runs; None while somebody does."""
        if fact.person_id is not None:
            return self._end(fact.person_id, self.left.get((fact.person_id, fact.round)), permit_matters)
        ends = [self._end(stay.person_id, stay.left_on, permit_matters) for stay in self._period(fact).stays]
        return None if None in ends or not ends else max(ends)

    def _end(self, person_id: int, left: date | None, permit_matters: bool) -> date | None:
        permit = self.permits.get(person_id)
        return earliest([left, permit.ended_on if permit and permit_matters else None])

    def registered_on(self, fact: Fact) -> date:
        """The day the person, or for a household's duty the case, reached us."""
        return self.registered.get(fact.person_id) or self.cases[fact.case_id].registered_on

    def closed_on(self, case_id: int) -> date | None:
        return self.cases[case_id].closed_on

    def owner_id(self, case_id: int, rule: Rule) -> int | None:
        """The rule's role in the case's team; without one, or in a protected case, the caseworker."""
        case = self.cases[case_id]
        if case.team is None or case.protected:
            return case.caseworker_id
        held = {COORDINATOR: case.team.coordinator_id, MANAGER: case.team.manager_id}
        return held.get(rule.owner_role) or case.caseworker_id


def load_setting(cases, proposal: Proposal | None = None) -> Setting:
    """cases: a queryset. Six queries in all. proposal: a draft that counts among the sets in force."""
    in_force = Q(state=RuleSet.State.ACTIVE) | Q(pk=proposal.rule_set.pk if proposal else None)
    setting = Setting(sets=list(RuleSet.objects.filter(in_force)))
    terms = Term.objects.filter(rule_set__in=[held.pk for held in setting.sets])
    setting.terms = {(term.rule_set_id, term.rule): term for term in terms}
    history = defaultdict(list)
    for permit in Permit.objects.filter(person__case__in=cases, annulled_on=None).order_by("since", "pk"):
        history[permit.person_id].append(permit)
    setting.permits = {pk: permit_now(rows) for pk, rows in history.items()}
    setting.cases = {case.pk: case for case in cases.select_related("team")}
    for period in households(cases):
        setting.periods[period.case_id, period.number] = period
        setting.last_period[period.case_id] = period
        setting.registered.update({stay.person_id: stay.person.registered_on for stay in period.stays})
        setting.left.update({(stay.person_id, stay.round): stay.left_on for stay in period.stays})
    return setting
