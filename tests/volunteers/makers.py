"""Rows of the volunteers' tests. All people are invented."""

from datetime import date

import factory

from deadlines import engine
from tests.factories import TODAY, a_family
from volunteers import rules
from volunteers.models import Certificate, Organisation, Volunteer

ARRIVED = date(2026, 11, 13)


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Frivilliggruppen {n}")


class VolunteerFactory(factory.django.DjangoModelFactory):
    """Active, room for one family, without an assessed børneattest."""

    class Meta:
        model = Volunteer

    name = factory.Sequence(lambda n: f"Karin Frandsen {n}")
    organisation = factory.SubFactory(OrganisationFactory)
    languages = "ukrainsk, engelsk"


def family(team, *people, **dates):
    people = people or (
        {"given_names": "Olena", "languages": "ukrainsk, russisk"},
        {"given_names": "Sofiia", "role": "child", "birth_date": date(2017, 3, 1), "languages": "ukrainsk"},
    )
    case = a_family(*people, team=team, **(dates or {"arrived_on": ARRIVED}))
    engine.refresh([case.pk], rules.RULES, today=TODAY)
    return case


def cleared(**fields):
    return VolunteerFactory(certificate=Certificate.CLEARED, certificate_assessed_on=date(2026, 10, 1), **fields)
