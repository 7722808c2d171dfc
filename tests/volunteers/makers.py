"""Rows of the volunteers' tests. All people are invented."""

import factory

from volunteers.models import Organisation, Volunteer


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
