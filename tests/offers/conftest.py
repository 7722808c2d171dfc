"""The coordinator who reads the offers, and her browser."""

import pytest
from django.test import Client

from tests.factories import TeamFactory, UserFactory


@pytest.fixture
def karen():
    return UserFactory(role="volunteer_coordinator", team=TeamFactory())


@pytest.fixture
def browser(karen):
    client = Client()
    client.force_login(karen)
    return client
