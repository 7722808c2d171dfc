from datetime import timedelta

import pytest

from deadlines import engine
from deadlines.models import Step
from housing import services
from housing.models import Dwelling, Host, PlacementKind
from housing.rules import RULES
from tests.factories import TODAY, TeamFactory, UserFactory, a_family

DAY = timedelta(days=1)


def ago(days: int):
    return TODAY - days * DAY


def ahead(days: int):
    return TODAY + days * DAY


@pytest.fixture
def team(db):
    return TeamFactory()


@pytest.fixture
def mette(team):
    return UserFactory(role="caseworker", team=team)


@pytest.fixture
def stranger(db):
    return UserFactory(role="caseworker", team=TeamFactory())


@pytest.fixture
def home(db):
    return a_dwelling("Rønneholt", "4", floor="st.", door="th.")


@pytest.fixture
def host(db):
    return Host.objects.create(name="Kirsten Holm", places=3)


def a_dwelling(street="Kongevejen", number="12", places=4, **fields):
    return Dwelling.objects.create(street=street, house_number=number, places=places, **fields)


def family(mette, *people, **dates):
    case = a_family(*people, caseworker=mette, **dates)
    refresh(case)
    return case


def refresh(case, today=TODAY):
    return engine.refresh([case.pk], RULES, today=today)


def offer(case, home, by, **given):
    fields = {"kind": PlacementKind.TEMPORARY, "on": TODAY, "today": TODAY, **given}
    return services.offer_home(case, home=home, by=by, **fields)


def step(case, name, number=1, person=None) -> Step:
    return Step.objects.get(case=case, rule=f"housing.{name}", round=number, person=person)
