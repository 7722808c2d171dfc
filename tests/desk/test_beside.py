"""What stands beside the work list: suggestions, orientation, news and families."""

from datetime import date

import pytest
from django.urls import reverse

from cases.services import record
from deadlines.models import Kind
from desk.services import beside
from tests.desk.rows import Unit, child, day, everything, step
from tests.factories import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return Unit("Nord")


# --- Suggestions, orientation, news -----------------------------------------------------------


@pytest.mark.parametrize(
    ("born", "title"),
    [
        (date(2008, 12, 20), "Maksym fylder 18 år søn. 20. dec."),
        (date(2008, 11, 24), "Maksym fylder 18 år i dag"),
        (date(2008, 11, 1), "Maksym fyldte 18 år søn. 1. nov."),
        (date(2011, 12, 1), "Maksym fylder 15 år tir. 1. dec."),
        (date(2009, 1, 10), None),
        (date(2007, 12, 1), None),  # was 18 before he came
    ],
)
def test_who_grows_up_is_suggested(unit, born, title):
    child(unit, born)
    found = beside.suggestions(unit.caseworker, TODAY, team=False)
    assert [line.title for line in found] == ([title] if title else [])
    assert beside.suggestions(unit.coordinator, TODAY, team=False) == []


def test_yes_makes_the_duties_of_an_adult_run(unit, client):
    person = child(unit, date(2008, 12, 20))
    client.force_login(unit.caseworker)
    html = client.get("/overblik/mere/").content.decode()
    url = reverse("desk:treat_as_adult", args=[person.case.number, person.pk])
    assert url in html
    assert client.get(url).status_code == 405
    assert client.post(url).status_code == 302
    person.refresh_from_db()
    assert person.treated_as_adult_from == date(2008 + 18, 12, 20)
    assert beside.suggestions(unit.caseworker, TODAY, team=False) == []
    assert client.post(url).status_code == 404


def test_yes_is_refused_to_those_who_may_not_write(unit, client):
    person = child(unit, date(2008, 12, 20))
    url = reverse("desk:treat_as_adult", args=[person.case.number, person.pk])
    for user in (unit.coordinator, Unit("Syd").caseworker):
        client.force_login(user)
        assert client.post(url).status_code == 404


def test_what_awaits_a_second_person_is_shown_to_the_others(unit):
    made = step(
        unit.case(),
        3,
        kind=Kind.LAW,
        waived_on=day(-1),
        waived_kind="not_applicable",
        waived_reason="Undtaget efter loven",
        waived_by=unit.caseworker,
    )
    assert beside.suggestions(unit.caseworker, TODAY, team=False) == []
    assert [line.url for line in beside.suggestions(unit.manager, TODAY, team=False)] == [
        reverse("desk:step", args=[made.pk])
    ]


def test_watches_are_one_line_per_date_and_check_lists_one_per_family_from_day_30(unit, client):
    old, new = unit.case("Gammel", arrived_on=day(-30)), unit.case("Ny", arrived_on=day(-29))
    for case in (old, new):
        step(case, None, kind="", rule="reception.gp", title="Tilmeld læge")
        step(case, None, kind="", rule="reception.tax_card", title="Få skattekort")
        step(case, 40, kind=Kind.WATCH, rule="reception.permit_expiry", title="Opholdstilladelsen udløber")
    step(new, 50, kind=Kind.WATCH, rule="reception.permit_expiry", title="Opholdstilladelsen udløber")
    client.force_login(unit.caseworker)
    answer = client.get("/overblik/mere/")
    assert [(line["title"], line["meta"]) for line in answer.context["orientation"]] == [
        ("Opholdstilladelsen udløber", "2 personer"),
        ("Opholdstilladelsen udløber", "Familien Ny"),
        ("Familien Gammel", "Tjekliste: 2 punkter mangler"),
    ]
    assert client.get("/").context["pills"][0]["count"] == 0
    grouped = client.get(answer.context["orientation"][0]["url"])
    assert len(grouped.context["rows"]) == 2


def test_news_are_what_others_wrote_since_yesterday_and_the_reader_may_see(unit):
    case = unit.case()
    for who, data_class in (
        (unit.caseworker, "ordinary"),
        (unit.coordinator, "ordinary"),
        (unit.manager, "violence"),
        (None, "health"),
    ):
        record(case, area="volunteers", kind="note.note", text=f"Fra {who}", on=TODAY, by=who, data_class=data_class)
    assert {line["title"] for line in beside.news(unit.caseworker, TODAY)} == {
        f"Fra {unit.coordinator}",
        f"Fra {unit.manager}",
        "Fra None",
    }
    assert {line["title"] for line in beside.news(unit.coordinator, TODAY)} == {f"Fra {unit.caseworker}"}
    assert beside.news(unit.caseworker, day(2)) == []


def test_the_most_urgent_families_come_first_with_their_figures(unit):
    calm, late = unit.case("Rolig", arrived_on=day(-11)), unit.case("Sen", arrived_on=day(-70))
    step(calm, 3), step(late, -1), step(late, -1, rule="volunteers.introduction", household=True)
    unit.case("Fremmed", caseworker=unit.manager)
    found = beside.families(unit.caseworker, TODAY)
    assert [(item["title"], item["meta"], item["end"]) for item in found.items] == [
        ("Sen", "Ankom tir. 15. sep. · 1 person", "2 overskredne"),
        ("Rolig", "Dag 11 · 1 person", "Om 3 dage"),
    ]
    assert found.total == 2
    assert next(item["end"] for item in beside.families(unit.coordinator, TODAY).items) == "1 overskredet"


def test_families_without_caseworker_are_pointed_out(unit, client):
    for _number in range(2):
        case = unit.case()
        case.caseworker = None
        case.save()
    client.force_login(unit.caseworker)
    assert "2 familier er uden sagsbehandler." in client.get("/overblik/mere/").content.decode()
    client.force_login(unit.manager)
    assert "2 nye sager: fordel" in client.get("/").content.decode()
    assert "uden sagsbehandler." not in client.get("/overblik/mere/").content.decode()
    client.force_login(unit.coordinator)
    assert "uden sagsbehandler." not in client.get("/overblik/mere/").content.decode()


def test_what_stands_beside_the_list_comes_as_a_fragment_or_as_a_page(unit, client):
    everything(unit)
    client.force_login(unit.caseworker)
    assert 'hx-get="/overblik/mere/?hvem=team"' in client.get("/?hvem=team").content.decode()
    fragment = client.get("/overblik/mere/", headers={"HX-Request": "true"}).content.decode()
    page = client.get("/overblik/mere/").content.decode()
    for text in ("Mine familier", "Nyt siden i går", "Til orientering", "Maksym fylder 18 år"):
        assert text in fragment
        assert text in page
    assert "<html" not in fragment
    assert 'hx-swap-oob="innerHTML"' in fragment
