"""Rule sets, a caseworker and small helpers of the reception's stories."""

from datetime import date

import pytest

from deadlines import engine
from deadlines.models import RuleSet, Step, Term
from reception.rules import RULES
from tests.factories import TeamFactory, UserFactory

ARRIVED = date(2026, 11, 13)


@pytest.fixture
def rule_set(db):
    """A set in force for ever with the terms of the reception's dated rules."""
    rules = RuleSet.objects.create(number=91, valid_from=date(2022, 4, 1), state=RuleSet.State.ACTIVE)
    terms = {
        "reception.min_plan": (14, "days", "service_goal"),
        "reception.contract": (1, "months", "law"),
        "reception.dates": (7, "days", "local_target"),
        "reception.permit_expiry": (0, "days", "watch"),
    }
    for rule, (amount, unit, kind) in terms.items():
        Term.objects.create(rule_set=rules, rule=rule, amount=amount, unit=unit, kind=kind)
    return rules


@pytest.fixture
def team(db):
    return TeamFactory()


@pytest.fixture
def worker(team):
    return UserFactory(role="caseworker", team=team)


@pytest.fixture
def look(rule_set, today):
    """look(case, "min_plan", person, nth=1, today=...): refresh, then the step as it stands, or None."""

    def _look(case, rule, person, nth=1, today=today):
        engine.refresh([case.pk], RULES, today=today)
        return Step.objects.filter(rule=f"reception.{rule}", person=person, round=nth).first()

    return _look
