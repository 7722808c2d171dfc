"""Makers of test rows, free of surprising behaviour. All people are invented.

`a_family(...)` goes through the real verbs; the factories write bare rows.
"""

from datetime import date

import factory

from accounts.models import RoleGrant, Team, User
from cases import services
from cases.models import Case, Locality, Party, Person, Stay

TODAY = date(2026, 11, 24)


class TeamFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Team

    name = factory.Sequence(lambda n: f"Jobberiet {n}")


class UserFactory(factory.django.DjangoModelFactory):
    """UserFactory(role="caseworker", team=team); roles=("manager", "caseworker") for several."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"bruger{n}")
    first_name = "Mette"
    last_name = factory.Sequence(lambda n: f"Lindholm{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.dk")

    @factory.post_generation
    def role(self, create, extracted, **kwargs):
        for key in [extracted] if isinstance(extracted, str) else extracted or ():
            RoleGrant.objects.create(user=self, role=key)


class LocalityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Locality

    name = factory.Sequence(lambda n: f"Lynge {n}")


class PartyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Party

    name = factory.Sequence(lambda n: f"Pladsanvisningen {n}")


class CaseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Case

    number = factory.Sequence(lambda n: f"2026-{5000 + n}")
    family_name = "Kovalenko"
    registered_on = TODAY


class PersonFactory(factory.django.DjangoModelFactory):
    """An adult without any stay: add one with StayFactory."""

    class Meta:
        model = Person

    case = factory.SubFactory(CaseFactory)
    role = "main"
    given_names = "Olena"
    surname = "Kovalenko"
    birth_date = date(1990, 6, 2)
    registered_on = TODAY


class StayFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Stay

    person = factory.SubFactory(PersonFactory)
    round = 1


def a_family(*people, case: Case | None = None, caseworker=None, team=None, today: date = TODAY, **dates) -> Case:
    """A case with these people (dicts of Person fields, plus `dates`), all with the same stay dates by default.

    a_family({"given_names": "Olena"}, {"given_names": "Sofiia", "role": "child", "birth_date": …}, arrived_on=…)
    Nothing is refreshed: call engine.refresh with the rules under test.
    """
    case = case or services.open_case(family_name="Kovalenko", today=today, caseworker=caseworker, team=team)
    for given in people or ({"given_names": "Olena"},):
        fields = {"surname": "Kovalenko", "role": "main", "birth_date": date(1990, 6, 2), **given}
        own = fields.pop("dates", {})
        services.add_person(case, today=today, dates={**dates, **own}, **fields)
    return case
