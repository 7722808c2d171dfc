"""The rule set, the assigned caseworker and a colleague of the same team."""

import pytest

from deadlines import engine
from deadlines.models import RuleSet, Step, Term
from health.rules import RULES
from tests.factories import TeamFactory, UserFactory


@pytest.fixture
def rule_set(db):
    rules = RuleSet.objects.create(number=92, valid_from="2022-04-01", state=RuleSet.State.ACTIVE)
    Term.objects.create(rule_set=rules, rule="health.need_assessed", amount=6, unit="months", kind="law")
    return rules


@pytest.fixture
def team(db):
    return TeamFactory()


@pytest.fixture
def worker(team):
    return UserFactory(role="caseworker", team=team)


@pytest.fixture
def colleague(team):
    return UserFactory(role="caseworker", team=team)


@pytest.fixture
def look(rule_set, today):
    """look(case, person, nth=1, today=...): refresh, then the step as it stands, or None."""

    def _look(case, person, nth=1, today=today):
        engine.refresh([case.pk], RULES, today=today)
        return Step.objects.filter(rule="health.need_assessed", person=person, round=nth).first()

    return _look
