"""Rights are read per request, an administrator has no cases, and what a coordinator may not see is not fetched."""

import pytest
from django.urls import reverse

from accounts.models import RoleGrant
from accounts.roles import ROLES, Scope
from cases.models import Case, Entry
from deadlines.models import Step
from desk.areas import AREAS
from tests.security.world import a_world

pytestmark = pytest.mark.django_db
NO_CASES = sorted(key for key, role in ROLES.items() if role.scope is Scope.NONE)
# Columns that a coordinator's pages may not even ask the database for.


@pytest.fixture
def world():
    return a_world()


@pytest.fixture
def family_page(world):
    return world.own.case.get_absolute_url()


def test_a_demoted_user_is_out_at_the_next_click(world, family_page, client):
    worker = world.users["caseworker"]
    client.force_login(worker)
    assert client.get(family_page).status_code == 200
    RoleGrant.objects.filter(user=worker).delete()
    assert client.get(family_page).status_code == 404
    assert client.get("/familier/").status_code == 404
    RoleGrant.objects.create(user=worker, role="volunteer_coordinator")
    assert client.get(family_page).status_code == 200
    assert client.post(f"{family_page}notat/").status_code == 404


def test_a_deactivated_user_is_at_the_log_in_at_the_next_click(world, family_page, client):
    worker = world.users["caseworker"]
    client.force_login(worker)
    assert client.get(family_page).status_code == 200
    worker.is_active = False
    worker.save()
    answer = client.get(family_page)
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("account_login"))


def test_a_case_that_moves_to_another_team_is_gone_at_the_next_click(world, family_page, client):
    client.force_login(world.users["manager"])
    assert client.get(family_page).status_code == 200
    Case.objects.filter(pk=world.own.case.pk).update(team=world.foreign.worker.team)
    assert client.get(family_page).status_code == 404


@pytest.mark.parametrize("role", NO_CASES)
def test_some_roles_see_no_cases_not_even_their_own(world, family_page, client, role):
    user = world.users[role]
    Case.objects.filter(pk=world.own.case.pk).update(caseworker=user)
    Step.objects.filter(case=world.own.case).update(owner=user, assignee=user)
    for model in (Case, Step, Entry):
        assert not model.objects.visible_to(user).exists()
    client.force_login(user)
    assert client.get(family_page).status_code == 404
    assert client.get(reverse("desk:step", args=[world.own.ids["desk:step"]])).status_code == 404
    front = client.get("/")
    assert front.status_code == 200
    assert "Kovalenko" not in front.content.decode()


def test_the_coordinator_gets_the_volunteers_area_and_no_other(world, client):
    client.force_login(world.users["volunteer_coordinator"])
    number = world.own.case.number
    answers = {area.slug: client.get(reverse("desk:area", args=[number, area.slug])).status_code for area in AREAS}
    assert answers == {area.slug: 200 if area.key == "volunteers" else 404 for area in AREAS}
    others = Step.objects.filter(case=world.own.case).exclude(area="volunteers")
    assert others.exists()
    for step in others:
        assert client.get(reverse("desk:step", args=[step.pk])).status_code == 404
    page = client.get(world.own.case.get_absolute_url()).content.decode()
    assert "36 år" not in page
    assert "Notat Kovalenko" not in page
