"""Mit overblik as a page: its sentence, its clock, what it says to whom, and what it costs."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from cases.formats import weekday_date
from deadlines.models import Step
from desk.services.worklist import Counts, sentence
from tests.desk.rows import Unit, everything, one_of_each, reads, step
from tests.factories import TODAY, UserFactory

pytestmark = pytest.mark.django_db
ROLES = ("caseworker", "coordinator", "manager")


@pytest.fixture
def unit():
    return Unit("Nord")


# --- The sentence -----------------------------------------------------------------------------

TUESDAY = "Tirsdag den 24. november, uge 48."


@pytest.mark.parametrize(
    ("counts", "next_on", "said"),
    [
        ({"overskredet": 3, "i-dag": 2}, TODAY, "Tre frister er overskredet, og to udløber i dag."),
        ({"overskredet": 1}, None, "En frist er overskredet."),
        ({"overskredet": 14, "i-dag": 1}, TODAY, "14 frister er overskredet, og en udløber i dag."),
        ({"uge": 2}, date(2026, 11, 27), "Ingen frister er overskredet. Den næste er på fredag."),
        ({"uge": 2}, date(2026, 11, 25), "Ingen frister er overskredet. Den næste er i morgen."),
        ({"senere": 2}, date(2026, 12, 3), "Ingen frister er overskredet. Den næste er tor. 3. dec."),
        ({"i-dag": 2}, TODAY, "Ingen frister er overskredet, og to udløber i dag."),
        ({"passeret": 1, "venter": 1}, None, "Ingen frister er overskredet. Et lokalt mål er passeret."),
        ({"passeret": 2}, None, "Ingen frister er overskredet. To lokale mål er passeret."),
        ({}, None, "Ingen åbne frister."),
    ],
)
def test_one_sentence_says_how_it_stands(counts, next_on, said):
    assert sentence(Counts(counts, 0, next_on), TODAY).rstrip(".") == f"{TUESDAY} {said}".rstrip(".")


# --- Around midnight and the clock changes ----------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "today"),
    [
        ("2026-11-23T23:30:00Z", date(2026, 11, 24)),  # 00.30 in Copenhagen
        ("2026-11-24T22:30:00Z", date(2026, 11, 24)),  # 23.30
        ("2026-07-01T22:30:00Z", date(2026, 7, 2)),  # 00.30, summer time
        ("2026-03-29T00:30:00Z", date(2026, 3, 29)),  # the night the clock goes forward
        ("2026-10-25T00:30:00Z", date(2026, 10, 25)),  # the first of the two 02.30
        ("2026-10-25T23:30:00Z", date(2026, 10, 26)),
    ],
)
def test_today_is_the_day_in_copenhagen(unit, client, clock, moment, today):
    clock.move_to(moment)
    case = unit.case()
    for distance in (-1, 0, 1):
        step(case, None, waits_for="residence_from").delete()
        made = step(case, 0)
        Step.objects.filter(pk=made.pk).update(due_on=today + timedelta(days=distance))
    client.force_login(unit.caseworker)
    answer = client.get("/")
    counted = {str(pill["label"]): pill["count"] for pill in answer.context["pills"]}
    assert (counted["Overskredet"], counted["I dag"], counted["De næste 7 dage"]) == (1, 1, 1)
    assert weekday_date(today).split(" ", 1)[1].split(".")[0] in answer.context["lede"]


# --- The page ---------------------------------------------------------------------------------


def test_an_empty_list_says_what_to_do(unit, client):
    client.force_login(unit.caseworker)
    html = client.get("/").content.decode()
    assert "Du har ingen åbne frister." in html
    assert "Registrér en familie, eller se teamets frister." in html


def test_who_sees_no_cases_gets_a_page_that_says_so(client):
    client.force_login(UserFactory(role="administrator"))
    answer = client.get("/")
    assert (answer.status_code, "Du har ingen sager" in answer.content.decode()) == (200, True)
    assert client.get("/frister/").status_code == 404
    assert client.get("/overblik/mere/").status_code == 404
    assert client.get("/familier/excel/").status_code == 404


def test_who_sees_figures_alone_is_led_to_them(client):
    client.force_login(UserFactory(role="finance"))
    main = client.get("/").content.decode().partition("<main")[2]
    assert "Tal uden familier" in main
    assert f'href="{reverse("board:day_figures")}"' in main


def test_the_log_in_is_asked_first(client):
    for name in ("overview", "overview_more", "steps", "steps_xlsx", "cases", "cases_xlsx"):
        assert client.get(reverse(f"desk:{name}")).url.startswith("/log-ind/")


@pytest.mark.parametrize("query", ["vis=%00", "vis=a&hvem=b", "vis[]=1", "hvem=%FF", "vis=overskredet&vis=x"])
def test_what_a_url_says_beyond_the_choices_is_ignored(unit, client, query):
    client.force_login(unit.caseworker)
    assert client.get(f"/?{query}").status_code == 200


def test_the_page_works_as_a_fragment_and_keeps_its_state_in_the_url(unit, client):
    one_of_each(unit.case())
    client.force_login(unit.caseworker)
    html = client.get("/?hvem=team&vis=venter").content.decode()
    assert 'href="/?hvem=team&amp;vis=i-dag"' in html
    assert 'hx-push-url="true"' in html
    assert html.count('id="liste"') == 1


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    ("url", "most"),
    [
        ("/", 6),
        ("/?hvem=team", 7),
        ("/?vis=overskredet", 6),
        ("/overblik/mere/", 11),
        ("/overblik/mere/?hvem=team", 11),
    ],
)
def test_the_page_costs_the_same_for_one_family_and_for_three(unit, client, role, url, most):
    everything(unit)
    client.force_login(getattr(unit, role))
    client.get(url)
    first = reads(client, url)
    everything(unit), everything(unit)
    # the unit's list is the first page of whoever leads, with a line of its own (tests/board/test_first_line.py)
    leads = role == "manager" and "mere" not in url
    assert reads(client, url) == first <= (max(most, 8) if leads else most)
