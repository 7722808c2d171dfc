"""Who leads sees numbers, surnames and deadlines, nobody's name; and a case whole while it is opened."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Opening
from cases.models import Case
from deadlines.models import Step
from tests.factories import UserFactory
from tests.security.marked import lines, rows
from tests.security.world import a_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return a_world()


NAMES = r'"cases_person"."'


def brought(client, url: str) -> list[str]:
    """What the queries of a page bring back."""
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200, url
    return [query["sql"].split(" FROM ")[0] for query in queries.captured_queries if query["sql"].startswith("SELECT")]


def leads(world) -> list[str]:
    step = Step.objects.filter(case=world.own.case, person__isnull=False).first()
    family = world.own.case.get_absolute_url()
    return ["/", "/overblik/mere/", "/frister/", "/familier/", family, reverse("desk:step", args=[step.pk])]


def test_a_manager_sees_number_surname_and_deadlines_and_nobodys_name(world, client):
    client.force_login(world.users["manager"])
    page = client.get(world.own.case.get_absolute_url()).content.decode()
    assert world.own.case.number in page
    assert "Kovalenko" in page
    assert "Tilbyd sprogskole" in page
    for url in leads(world):
        text = client.get(url).content.decode()
        assert "Olena" not in text, url
        assert "Ring Kovalenko" not in text, url  # an own task's words are a note
        assert [sql for sql in brought(client, url) if f'{NAMES}given_names"' in sql] == [], url


def test_the_names_test_sees_what_a_caseworker_fetches(world, client):
    client.force_login(world.users["caseworker"])
    for url in leads(world)[2:]:
        if url != "/familier/":
            assert [sql for sql in brought(client, url) if f'{NAMES}given_names"' in sql], url


def test_what_a_manager_may_not_see_is_no_search_and_no_order(world, client):
    client.force_login(world.users["manager"])
    assert "Kovalenko" not in rows(client, "/familier/?q=Olena")
    assert "Kovalenko" in rows(client, "/familier/?q=Koval")
    assert rows(client, "/frister/?sort=person") == rows(client, "/frister/?sort=frist")
    assert world.own.case.number not in rows(client, "/frister/?q=Ring+Kova")


@pytest.mark.parametrize("kind", Opening.Kind.values)
def test_an_opening_shows_the_case_whole_as_long_as_it_lasts(world, client, kind):
    lines(world)
    manager, number = world.users["manager"], world.own.case.number
    client.force_login(manager)
    now = timezone.now()
    opening = Opening.objects.create(
        user=manager, case_number=number, kind=kind, reason="Klage", purpose="Tilsyn", opened_at=now,
        closes_at=now + timedelta(minutes=60),
    )  # fmt: skip
    url = world.own.case.get_absolute_url()
    page = client.get(url).content.decode()
    assert "Olena" in page
    assert "CNRY-health-violence" in page
    assert client.get(reverse("desk:area", args=[number, "sundhed"])).status_code == 200
    assert client.post(f"{url}notat/", {"kind": "note", "text": "x", "on": "24.11.2026"}).status_code == 404
    Opening.objects.filter(pk=opening.pk).update(closes_at=now - timedelta(seconds=1))
    assert "Olena" not in client.get(url).content.decode()
    Opening.objects.filter(pk=opening.pk).update(closes_at=now + timedelta(minutes=60), closed_at=now)
    assert "Olena" not in client.get(url).content.decode()


def test_the_menu_forgets_a_family_when_its_opening_ends(world, client):
    """The menu's question is compiled once per process: the moment of the opening must not be compiled into it."""
    stranger, number = UserFactory(role="housing_officer"), world.foreign.case.number
    client.force_login(stranger)
    now = timezone.now()
    given = {"case_number": number, "kind": "glass", "reason": "Akut", "purpose": "Akut"}
    opening = Opening.objects.create(user=stranger, closes_at=now + timedelta(minutes=60), **given)
    assert client.get(world.foreign.case.get_absolute_url()).status_code == 200
    assert "Melnyk" in client.get("/frister/").content.decode()
    Opening.objects.filter(pk=opening.pk).update(closes_at=now - timedelta(seconds=1))
    assert "Melnyk" not in client.get("/frister/").content.decode()


def test_an_opening_is_for_one_user_and_one_case(world, client):
    stranger = world.users["housing_officer"]
    now = timezone.now()
    Opening.objects.create(
        user=stranger, case_number=world.foreign.case.number, kind="glass", reason="Akut", purpose="Akut",
        closes_at=now + timedelta(minutes=60),
    )  # fmt: skip
    seen = set(Case.objects.visible_to(stranger).values_list("number", flat=True))
    assert seen == {world.own.case.number, world.foreign.case.number}
    other = UserFactory(role="housing_officer")
    assert not Case.objects.visible_to(other).exists()


def test_a_manager_gives_a_deadline_to_somebody_and_decides_nothing_else(world, client):
    step = Step.objects.filter(case=world.own.case, rule="schooling.language_offer").first()
    client.force_login(world.users["manager"])
    url = reverse("desk:step", args=[step.pk])
    assert [block["decision"].key for block in client.get(url).context["blocks"]] == ["assign"]
    sent = {"decision": "assign", "assign-assignee": world.own.worker.pk}
    assert client.post(url, sent).status_code == 302
    step.refresh_from_db()
    assert step.assignee == world.own.worker
    wait = {"decision": "wait", "wait-party": "Skolen", "wait-until": "30.12.2026"}
    assert client.post(url, wait).status_code == 404
