"""Søg eller gå til: what is found, what is not told, and what it costs."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRecord
from cases.names import fold
from cases.services import set_cpr
from deadlines.models import Notice
from desk.services import search
from tests.desk.rows import Unit
from tests.factories import TODAY, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db
OWN, FOREIGN, NOBODYS = "620690-1126", "630690-1125", "640690-1124"
TOKEN = re.compile(r'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"|X-CSRFToken": "[^"]*"')


@pytest.fixture
def unit():
    return Unit("Nord")


@pytest.fixture
def worker(client, unit):
    client.force_login(unit.caseworker)
    return unit.caseworker


def a_person(case, given, surname="Kovalenko", **fields):
    return PersonFactory(case=case, given_names=given, surname=surname, search_key=fold(f"{given} {surname}"), **fields)


def ask(client, text, **extra):
    return client.post(reverse("desk:search"), {"q": text}, **extra)


def found(client, text) -> list[str]:
    return re.findall(r"data-found>.*?<span>(.*?)</span>", ask(client, text, HTTP_HX_REQUEST="true").content.decode())


@pytest.mark.parametrize("text", ["Юлія", "Yuliia", "Julia", "Юлия", "yulii"])
def test_a_name_is_found_in_every_alphabet(client, worker, unit, text):
    a_person(unit.case("Kovalenko"), "Yuliia", "Marchenko")
    assert "Yuliia Marchenko" in found(client, text)


@pytest.mark.parametrize("written", ["2026-0147", "20260147", "2026 0147", "F-77"])
def test_a_case_is_found_by_its_numbers(client, worker, unit, written):
    unit.case("Bilous", number="2026-0147", external_number="F-77", external_source="USS")
    assert "Bilous" in found(client, written)


def test_a_person_is_found_by_phone(client, worker, unit):
    a_person(unit.case("Bilous"), "Olha", phone="+4520481193")
    assert "Olha Kovalenko" in found(client, "20 48 11 93")


def test_only_what_the_user_may_see_is_found(client, worker, unit):
    own, foreign = unit.case("Kovalenko"), Unit("Syd").case("Kovalchuk")
    a_person(foreign, "Oksana", "Kovalchuk")
    assert "Kovalchuk" not in found(client, "Kovalchuk")
    assert "Oksana Kovalchuk" not in found(client, "Oksana")
    assert "Kovalenko" in found(client, "Koval")
    assert own.number in ask(client, "Koval").content.decode()


def test_a_protected_family_is_not_there(client, worker, unit):
    case = unit.case("Hontar", caseworker=UserFactory(role="caseworker", team=unit.team), protected=True)
    a_person(case, "Oksana", "Hontar")
    assert found(client, "Hontar") == found(client, "Findes Ikke")


@pytest.mark.parametrize("role", ["manager", "volunteer_coordinator"])
def test_roles_find_what_their_pages_show(client, unit, role):
    case = unit.case("Bilous")
    a_person(case, "Olha", "Bilous", phone="+4520481193")
    client.force_login(unit.manager if role == "manager" else unit.coordinator)
    assert "Bilous" in found(client, "Bilous")
    assert ("Olha Bilous" in found(client, "Olha")) is (role != "manager")
    assert found(client, "20481193") == []


@pytest.mark.parametrize("role", ["administrator", "auditor", "finance"])
def test_who_has_no_cases_has_no_search(client, role):
    client.force_login(UserFactory(role=role))
    assert client.get(reverse("desk:search")).status_code == 404
    assert "data-open-palette" not in client.get("/").content.decode()


@pytest.mark.parametrize("text", ["ko", "a b", "12", "%", "' OR 1=1"])
def test_too_little_is_no_search(client, worker, unit, text):
    unit.case("Kovalenko")
    assert "Kovalenko" not in found(client, text)


def test_more_than_fifty_is_advice_and_no_list(client, worker, unit):
    case = unit.case("Bilous")
    for _number in range(51):
        a_person(case, "Olena", "Kovalenko")
    html = ask(client, "Kovalenko").content.decode()
    assert "Indsnævr søgningen" in html
    assert "Olena Kovalenko" not in html


# --- CPR --------------------------------------------------------------------------------------


@pytest.fixture
def numbers(unit):
    """A number in a case of the user's, and one in a case of another team."""
    own, foreign = unit.case("Bilous"), Unit("Syd").case("Lypa")
    set_cpr(a_person(own, "Olha", "Bilous"), OWN, today=TODAY)
    set_cpr(a_person(foreign, "Iryna", "Lypa"), FOREIGN, today=TODAY)


def test_a_number_finds_its_person_and_stands_nowhere(client, worker, numbers):
    html = ask(client, OWN).content.decode()
    assert "Olha Bilous" in html
    row = AccessRecord.objects.get(action="cpr.search")
    assert row.detail == "1"
    assert OWN not in f"{row.detail}{row.purpose}"
    assert OWN[-4:] not in re.sub(r'value="[^"]*"', "", html)


def test_out_of_sight_answers_like_nowhere(client, worker, numbers):
    """Byte for byte, but for what every answer has of its own; the text typed stands in the field both times."""

    def answer(number):
        html = ask(client, number).content.decode().replace(number, "")
        return TOKEN.sub("", html)

    assert answer(FOREIGN) == answer(NOBODYS)
    assert "Iryna" not in answer(FOREIGN)
    assert set(AccessRecord.objects.filter(action="cpr.search").values_list("detail", flat=True)) == {"0"}


def test_the_thirty_first_look_up_of_the_hour_is_refused_and_told(client, worker, numbers):
    for _number in range(30):
        ask(client, NOBODYS)
    assert "Du har slået 30 CPR-numre op" in ask(client, OWN).content.decode()
    assert AccessRecord.objects.filter(action="cpr.search").count() == 30
    assert Notice.objects.filter(subject__startswith=f"cpr_limit:{worker.pk}:").count() == 1


def test_an_hour_later_one_may_again(unit, numbers):
    later = timezone.now() + timedelta(minutes=61)
    for _number in range(31):
        search.by_cpr(unit.caseworker, NOBODYS, today=TODAY, now=timezone.now())
    assert search.by_cpr(unit.caseworker, OWN, today=TODAY, now=later).people


def test_others_look_up_no_numbers(client, unit, numbers):
    client.force_login(unit.coordinator)
    assert "Olha Bilous" not in ask(client, OWN).content.decode()
    assert not AccessRecord.objects.filter(action="cpr.search").exists()


# --- The page ---------------------------------------------------------------------------------


def test_the_log_holds_the_hits_and_not_the_text(client, worker, unit):
    unit.case("Kovalenko")
    ask(client, "Kovalenko")
    row = AccessRecord.objects.get(action="case.search")
    assert "Kovalenko" not in f"{row.detail}{row.purpose}"
    assert int(row.detail) >= 1


def test_without_a_text_it_leads_to_pages_and_the_families_opened_last(client, worker, unit):
    case = unit.case("Bilous")
    client.get(case.get_absolute_url())
    html = ask(client, "", HTTP_HX_REQUEST="true").content.decode()
    assert "Senest åbnet" in html
    assert 'href="/frister/"' in html


def test_the_page_works_without_scripts(client, worker, unit):
    unit.case("Bilous")
    assert client.get(reverse("desk:search")).status_code == 200
    assert 'name="q" value="Bilous"' in ask(client, "Bilous").content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_one_hit_or_three_cost_the_same(client, worker, unit, number, django_assert_num_queries):
    case = unit.case("Bilous")
    for _number in range(number):
        a_person(case, "Oksana", "Bilous")
    ask(client, "Oksana")
    with django_assert_num_queries(8):
        ask(client, "Oksana", HTTP_HX_REQUEST="true")
