"""A whole CPR number: by POST, with a reason, for a minute, in the log, and nowhere else."""

import re

import pytest
from django.urls import reverse

from accounts.models import AccessRecord
from cases.services import set_cpr
from tests.accounts.proofs import PASSWORD
from tests.factories import TeamFactory, UserFactory, a_family
from tests.files import prove

DIGITS = "6206901234"  # day + 60: never issued as an ordinary number
WHOLE = "620690-1234"
pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return TeamFactory()


@pytest.fixture
def mette(team):
    return UserFactory(role="caseworker", team=team)


@pytest.fixture
def olena(mette, team, today):
    person = a_family(caseworker=mette, team=team, today=today).people.get()
    set_cpr(person, DIGITS, today=today)
    return person


def url(person):
    return reverse("desk:reveal_cpr", args=[person.case.number, person.pk])


def reveals():
    return list(AccessRecord.objects.filter(action="cpr.reveal"))


def test_the_person_page_shows_it_masked_with_the_form(client, mette, olena):
    client.force_login(mette)
    page = client.get(reverse("desk:person", args=[olena.case.number, olena.pk])).content.decode()
    assert "620690-••••" in page
    assert DIGITS[6:] not in page
    assert "Vis hele nummeret" in page


def test_a_reason_shows_it_for_a_minute_and_is_logged_once(client, mette, olena):
    client.force_login(mette)
    prove(client, mette)
    answer = client.post(url(olena), {"reason": "authority", "text": "Samtale"}, headers={"hx-request": "true"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert text.count(WHOLE) == 1
    assert 'hx-trigger="load delay:60s"' in text
    assert f'hx-get="{url(olena)}"' in text
    assert re.search(rf'class="d-print-none"[^>]*><strong>{WHOLE}', text)
    assert 'hx-history="false"' in text
    assert "no-store" in answer.headers["Cache-Control"]
    row = reveals()[0]
    assert (row.user_id, row.case_number, row.person_id) == (mette.pk, olena.case.number, olena.pk)
    assert (row.purpose, row.detail) == ("Henvendelse til eller fra en anden myndighed", "Samtale")
    assert AccessRecord.objects.filter(request_id=row.request_id).count() == 1
    again = client.get(url(olena), headers={"hx-request": "true"}).content.decode()
    assert WHOLE not in again
    assert "620690-••••" in again


def test_without_scripts_the_page_leaves_by_itself(client, mette, olena):
    client.force_login(mette)
    prove(client, mette)
    answer = client.post(url(olena), {"reason": "identity"})
    text = answer.content.decode()
    assert text.count(WHOLE) == 1
    assert '<meta http-equiv="refresh" content="60; url=/familier/' in text
    assert WHOLE not in re.search("<title>.*?</title>", text).group()
    assert "1234" not in url(olena)
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "data", [{}, {"reason": "x"}, {"reason": "other"}, {"reason": "identity", "text": "nummeret 620690-1234"}]
)
def test_without_a_reason_nothing_is_shown(client, mette, olena, data):
    client.force_login(mette)
    prove(client, mette)
    answer = client.post(url(olena), data)
    assert answer.status_code == 422
    assert "<strong>" + WHOLE not in answer.content.decode()
    assert reveals() == []


def test_a_look_without_post_shows_nothing(client, mette, olena):
    client.force_login(mette)
    assert WHOLE not in client.get(url(olena), {"reason": "identity"}).content.decode()
    assert reveals() == []


@pytest.mark.parametrize("role", ["manager", "volunteer_coordinator", "administrator", "auditor"])
def test_others_find_nothing(client, olena, team, role):
    client.force_login(UserFactory(role=role, team=team))
    answer = client.post(url(olena), {"reason": "identity"})
    assert answer.status_code == 404
    assert WHOLE not in answer.content.decode()
    assert reveals() == []


def test_another_team_finds_nothing(client, olena):
    client.force_login(UserFactory(role="caseworker", team=TeamFactory()))
    assert client.post(url(olena), {"reason": "identity"}).status_code == 404
    assert [row.action for row in AccessRecord.objects.filter(case_number=olena.case.number).order_by("pk")][
        -1
    ] == "denied"


def test_a_person_without_a_number(client, mette, team, today):
    person = a_family(caseworker=mette, team=team, today=today).people.get()
    prove(client, mette)
    client.force_login(mette)
    assert client.post(url(person), {"reason": "identity"}).status_code == 200
    assert reveals() == []


# --- Who one is, once an hour -----------------------------------------------------------------


@pytest.fixture
def alone(client, mette):
    mette.set_password(PASSWORD)
    mette.save()
    client.force_login(mette)
    return client


def test_who_one_is_comes_first_and_what_was_typed_goes_on(alone, olena):
    asked = alone.post(url(olena), {"reason": "authority", "text": "Samtale"})
    assert asked["Location"].startswith("/bekraeft/")
    assert not reveals()
    shown = alone.post(asked["Location"], {"password": PASSWORD})
    assert shown.text.count(WHOLE) == 1
    assert reveals()[0].detail == "Samtale"


def test_a_page_that_has_grown_old_keeps_what_was_typed(alone, olena):
    answer = alone.post(url(olena), {"reason": "authority", "text": "Samtale"}, headers={"hx-request": "true"})
    assert WHOLE not in answer.text
    assert 'value="Samtale"' in answer.text
    assert "hx-post" not in answer.text, "sent as a page, it is asked who one is"
    assert not reveals()


def test_once_an_hour(client, mette, olena, clock):
    client.force_login(mette)
    prove(client, mette)
    for minutes, shown in ((29, True), (29, True), (4, False)):
        clock.shift(minutes * 60)
        answer = client.post(url(olena), {"reason": "identity"}, headers={"hx-request": "true"})
        assert (WHOLE in answer.text) is shown
