"""Fristoverholdelse in the browser's view: numbers and their rows, who sees what, what is said."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from board.models import Goals
from board.services import snapshots
from deadlines.models import Step
from tests.board.generated import House, families
from tests.conftest import TODAY
from tests.factories import UserFactory
from tests.files import fetch

pytestmark = pytest.mark.django_db
URL = reverse("board:compliance")
ROWS = reverse("board:rows")


class Links(HTMLParser):
    """(address, text) of every link to rows behind a number, and the n that follows it."""

    def __init__(self):
        super().__init__()
        self.found: list[list[str]] = []
        self.inside = self.hidden = False

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "a":
            self.inside = given.get("href", "").startswith(ROWS + "?")
            if self.inside:
                self.found.append([given["href"], ""])
        self.hidden = self.inside and tag == "span" and given.get("class") in {"ov", "visually-hidden"}

    def handle_endtag(self, tag):
        if tag == "a":
            self.inside = False
        if tag == "span":
            self.hidden = False

    def handle_data(self, data):
        if self.inside and not self.hidden:
            self.found[-1][1] += data


def number_of(text: str) -> int | None:
    """The count a link says; None for a share in percent, whose n stands beside it."""
    text = " ".join(text.split())
    if "%" in text or ("dage" in text and "frist" not in text) or text in {"–", "Vis alle"}:
        return None
    return int(re.findall(r"\d+", text)[-1 if " af " in text else 0])


def listed(page: str) -> int:
    """How many rows the list says it has."""
    found = re.search(r"Viser \d+–\d+ af (\d+)", page)
    return int(found.group(1)) if found else 0


@pytest.fixture
def house():
    made = House()
    families(made, 120)
    return made


@pytest.fixture
def web(client, house):
    client.force_login(house.manager)
    return client


def links(client, query="") -> list[list[str]]:
    parser = Links()
    parser.feed(client.get(URL + query).content.decode())
    return parser.found


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("query", ["", "?periode=kvartal"])
def test_every_number_leads_to_as_many_rows(web, closed, query):
    if closed:
        snapshots.take(today=TODAY)
    found = {href: number for href, text in links(web, query) if (number := number_of(text)) is not None}
    assert len(found) > 40
    for href, number in found.items():
        assert listed(web.get(href).content.decode()) == number, href


def test_the_file_holds_the_rows_of_the_list(web, house):
    """Number, list and file are one; the file has case numbers and nobody's name."""
    href = next(href for href, _text in links(web) if "figur=overskredet" in href)
    number = listed(web.get(href).content.decode())
    answer = fetch(web, house.manager, "board:rows_xlsx", href.removeprefix(ROWS))
    rows = list(load_workbook(BytesIO(answer.content)).worksheets[0].values)[1:]
    assert len(rows) == number > 0
    assert all(re.fullmatch(r"2026-\d+", row[0]) for row in rows)
    assert not any("Prøve" in str(cell) for row in rows for cell in row)


def test_a_team_of_others_shows_nothing_of_them(web, house):
    strange = Step.objects.filter(case__team=house.teams[1]).exclude(rule="").first()
    for figure in ("talt", "overskredet", "naeste", "gjort"):
        page = web.get(f"{ROWS}?figur={figure}&team={house.teams[1].pk}&fra=1.1.2026").content.decode()
        assert strange.case.number not in page


@pytest.mark.parametrize("role", ["caseworker", "volunteer_coordinator", "administrator", "auditor", "health_visitor"])
def test_it_does_not_exist_for_others(client, user_with, role):
    client.force_login(user_with(role))
    assert client.get(URL).status_code == client.get(ROWS).status_code == 404


@pytest.fixture
def user_with():
    return lambda role: UserFactory(role=role)


def test_figures_down_to_one_family_are_for_who_leads(client, house):
    """Who sees figures without families has Tal på en dato, where small ones are hidden."""
    client.force_login(house.finance)
    assert [client.get(address).status_code for address in (URL, ROWS, reverse("board:reports"))] == [404, 404, 404]
    assert client.get(reverse("board:day_figures")).status_code == 200


def test_days_that_cannot_be_are_said_and_the_year_is_shown(web):
    page = web.get(URL + "?periode=eget&fra=31.2.2026&til=1.3.2026").content.decode()
    assert "Den dato findes ikke i kalenderen" in page
    assert "1. december 2025 til 24. november 2026" in page
    page = web.get(URL + "?periode=eget&fra=1.11.2026&til=1.3.2026").content.decode()
    assert "Fra-datoen ligger efter til-datoen" in page


def test_an_own_period(web):
    page = web.get(URL + "?fra=1.9.2026&til=30.9.2026").content.decode()
    assert "1. september 2026 til 30. september 2026" in page
    assert 'value="1.9.2026"' in page


def test_a_corrected_month_says_so(web):
    snapshots.take(today=TODAY)
    late = Step.objects.filter(due_on__range=("2026-09-01", "2026-09-30"), met_on=None, rule="reception.min_plan")
    late.update(met_on=TODAY - timedelta(days=90), withdrawn_on=None)
    snapshots.take(today=TODAY)
    assert "korrigeret:" in web.get(URL).content.decode()


def test_as_many_questions_for_one_family_as_for_many(client):
    asked = []
    for number in (1, 3):
        house = House()
        families(house, number, seed=number)
        client.force_login(house.manager)
        client.get(URL)
        with CaptureQueriesContext(connection) as found:
            client.get(URL)
        asked.append(len(found))
        client.logout()
    assert asked[0] == asked[1]


def test_goals_are_kept_and_shown(web):
    given = {"law": "99", "service_goal": "80", "local_target": "70", "per_week": "12"}
    assert web.post(reverse("board:goals"), given).status_code == 302
    assert "Mål 80 %" in web.get(URL).content.decode()
    assert "kapacitet, 12 pr. uge" in web.get(URL).content.decode()
    answer = web.post(reverse("board:goals"), {**given, "law": "101"})
    assert answer.status_code == 422
    assert "Skriv et tal fra 1 til 100." in answer.content.decode()
    assert 'value="101"' in answer.content.decode()
    assert Goals.objects.get().law == 99
