from datetime import timedelta

import pytest

from deadlines import engine
from deadlines.models import Step
from employment.rules import RULES
from tests.factories import TODAY, TeamFactory, UserFactory, a_family

DAY = timedelta(days=1)


def ago(days: int):
    return TODAY - days * DAY


def ahead(days: int):
    return TODAY + days * DAY


@pytest.fixture
def mette(db):
    return UserFactory(role="caseworker", team=TeamFactory())


@pytest.fixture
def stranger(db):
    return UserFactory(role="caseworker", team=TeamFactory())


def refresh(case, today=TODAY):
    return engine.refresh([case.pk], RULES, today=today)


def somebody(mette, **given):
    """One person in a case of her own; dates by name, the rest are fields of Person."""
    names = ("visitation_on", "arrived_on", "residence_from", "responsibility_from")
    dates = {name: given.pop(name) for name in names if name in given}
    case = a_family({"given_names": "Halyna", **given}, caseworker=mette, **dates)
    refresh(case)
    return case.people.get()


def resident(mette, days=10, **given):
    """Visitated and resident since so many days, with the permit from the letter."""
    return somebody(mette, visitation_on=ago(days + 5), residence_from=ago(days), **given)


def step(person, name, number=1) -> Step:
    return Step.objects.get(person=person, rule=f"employment.{name}", round=number)
