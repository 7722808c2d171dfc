"""A team, its volunteer coordinator at the browser, and a family with a child."""

import pytest

from accounts.models import Team
from tests.factories import UserFactory
from tests.volunteers.makers import family


@pytest.fixture
def team(db):
    return Team.objects.create(name="Jobberiet")


@pytest.fixture
def user(team):
    """A volunteer coordinator: no case files, but all of this."""
    return UserFactory(team=team, role="volunteer_coordinator")


@pytest.fixture
def web(client, user):
    client.force_login(user)
    return client


@pytest.fixture
def case(team):
    return family(team)
