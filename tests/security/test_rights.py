"""Rights are read per request, an administrator has no cases, and what a coordinator may not see is not fetched."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
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
HIDDEN = (
    r"cases_cprnumber",
    r"cases_permit",
    r"health_assessment",
    r"\"cases_person\".\"(cyrillic_name|birth_date_estimated|sex|citizenship|udl_nr|custody_holder|email)\"",
    r"\"cases_person\".\"(unaccompanied_minor|interpreter_wish|treated_as_adult_from|search_key)\"",
    r"\"cases_entry\".\"body\"",
    r"\"cases_stay\".\"(visitation_on|residence_from|responsibility_from|staying_since|expected_on)\"",
    r"housing_placement|housing_dwelling|housing_host",
    r"employment_|schooling_|reception_",
)


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


def asked_for(client, url: str) -> list[str]:
    """The hidden columns and tables that the page's queries name."""
    client.get(url)  # what is learnt once per process is out of the way
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    selected = [columns(query["sql"]) for query in queries.captured_queries]
    return sorted({found for sql in selected for pattern in HIDDEN if (found := first(pattern, sql))})


def columns(sql: str) -> str:
    """What a query brings back: the part of the outermost SELECT; the log's own writes bring nothing."""
    return sql.split(" FROM ")[0] if sql.startswith("SELECT") else ""


def first(pattern: str, sql: str) -> str:
    found = re.search(pattern, sql)
    return found.group() if found else ""


def coordinators_pages(world) -> list[str]:
    family = world.own.case.get_absolute_url()
    step = Step.objects.get(case=world.own.case, rule="volunteers.contact_person")
    lists = [
        "/",
        "/?hvem=team",
        "/overblik/mere/",
        "/frister/?status=alle",
        "/frister/?sort=person&q=Olena",
        "/familier/",
    ]
    return [
        reverse("volunteers:contacts"),
        *lists,
        family,
        f"{family}lokalsamfund/",
        reverse("desk:step", args=[step.pk]),
    ]


def test_what_the_coordinator_may_not_see_is_not_fetched(world, client):
    client.force_login(world.users["volunteer_coordinator"])
    for url in coordinators_pages(world):
        assert asked_for(client, url) == [], url
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        brought = [columns(query["sql"]) for query in queries.captured_queries]
        assert [sql for sql in brought if '"cases_person"."birth_date"' in without_bands(sql)] == [], url


def without_bands(sql: str) -> str:
    """Age bands are computed from the birth date in the database; only the band leaves it."""
    return re.sub(r"CASE WHEN .*? END", "", sql)


def test_the_columns_test_sees_what_a_caseworker_fetches(world, client):
    """The negative control: the same page, asked by somebody who reads case files."""
    client.force_login(world.users["caseworker"])
    found = asked_for(client, world.own.case.get_absolute_url())
    assert '"cases_entry"."body"' in found
    assert any("cases_person" in name for name in found)


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
