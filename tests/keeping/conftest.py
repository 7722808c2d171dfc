"""A family with a marker in everything that is held: OWN of the mother, OTHER of everybody else. All invented."""

from datetime import date

import pytest

from cases.choices import DataClass
from cases.models import Consent
from cases.services import record, set_cpr, write_note
from deadlines.models import Step
from employment.models import Job
from health.models import Assessment
from housing.models import Dwelling, Host, Placement
from reception.models import Plan, PlanActivity
from schooling.models import School, SchoolOffer
from tests.factories import TODAY, TeamFactory, UserFactory, a_family
from volunteers.models import Match, Volunteer


@pytest.fixture
def team(db):
    return TeamFactory()


@pytest.fixture
def worker(team):
    return UserFactory(role="caseworker", team=team, first_name="Stafmette")


@pytest.fixture
def colleague(team):
    return UserFactory(role="caseworker", team=team, first_name="Stafsigne")


@pytest.fixture
def manager(team):
    return UserFactory(role="manager", team=team, first_name="Stafkaren")


@pytest.fixture
def family(worker, team):
    mother = {"given_names": "Ownolena", "surname": "Kovalenko", "phone": "+4511122233", "custody_holder": ""}
    teenager = {"given_names": "Othersofiia", "role": "child", "birth_date": date(2010, 3, 1)}
    return a_family(mother, teenager, caseworker=worker, team=team, arrived_on=date(2026, 11, 13))


@pytest.fixture
def mother(family, worker):
    person = family.people.get(role="main")
    set_cpr(person, "620690-1234", today=TODAY)
    hers(person, worker)
    household(person.case)
    return person


@pytest.fixture
def teenager(family, worker, mother):
    person = family.people.get(role="child")
    school = School.objects.create(name="OTHERSKOLE")
    SchoolOffer.objects.create(person=person, school=school, offered_on=TODAY)
    Assessment.objects.create(person=person, assessed_on=TODAY, need=True, kinds=["OTHERTILBUD"])
    lines(person, worker, "OTHER")
    return person


def hers(person, worker):
    plan = Plan.objects.create(person=person, goal="OWNMAAL")
    PlanActivity.objects.create(plan=plan, position=1, area="employment", text="OWNPRAKTIK")
    child = person.case.people.get(role="child")
    PlanActivity.objects.create(plan=plan, position=2, area="schooling", text="Hent Othersofiia kl. 14", about=child)
    Job.objects.create(person=person, employer="OWNFIRMA", starts_on=TODAY)
    Assessment.objects.create(person=person, assessed_on=TODAY, need=True, kinds=["OWNTILBUD"])
    Step.objects.create(
        case=person.case, person=person, title="OWNFRIST", due_on=TODAY, waived_on=TODAY,
        waived_kind="exempt", waived_reason="OWNFRITAGET fordi",
    )  # fmt: skip
    lines(person, worker, "OWN")


def lines(person, worker, mark):
    shared = {"kind": "note", "on": TODAY, "by": worker, "area": ""}
    for data_class in DataClass.values:
        write_note(
            person.case, body=f"{mark}{data_class.upper()}NOTE", data_class=data_class, people=[person], **shared
        )


def household(case):
    home = Dwelling.objects.create(street="OWNVEJEN", house_number="4", places=4)
    host = Host.objects.create(name="Othervaert Hansen", places=2)
    Placement.objects.create(case=case, number=1, dwelling=home, kind="temporary", residents=2, offered_on=TODAY)
    Placement.objects.create(case=case, number=2, host=host, kind="private", residents=2, offered_on=TODAY)
    Match.objects.create(
        case=case, volunteer=Volunteer.objects.create(name="Otherbirte Holm"), round=1, started_on=TODAY
    )
    Consent.objects.create(case=case, what="OWNSAMTYKKE", shared_with="Frivillige", given_on=TODAY, language="dansk")
    record(case, area="", kind="cases.note", text="OWNHUSSTAND er ankommet", on=TODAY, by=None, people=[])
    everybody = list(case.people.all())
    record(case, area="", kind="cases.note", text="OTHERFAELLES linje", on=TODAY, by=None, people=everybody)
    record(case, area="", kind="cases.note", text="OTHERNAVN: Othersofiias tand", on=TODAY, by=None, people=[])
