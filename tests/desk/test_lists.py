"""Frister and Familier: who is found by which filter, in which order, on which page, and at what cost."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from cases.names import fold
from deadlines.models import Kind
from desk.forms.filters import CaseFilter, StepFilter
from desk.services import lists
from tests.desk.rows import Unit, day, one_of_each, reads, step
from tests.factories import TODAY, LocalityFactory, PersonFactory
from tests.files import PURPOSE, fetch, prove

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return Unit("Nord")


@pytest.fixture
def page(unit, client):
    """The context of a list for the caseworker."""
    client.force_login(unit.caseworker)

    def get(url: str):
        answer = client.get(url)
        assert answer.status_code == 200
        return answer.context

    return get


def file_rows(client, user, name: str, query: str = "") -> list[list]:
    sheet = load_workbook(BytesIO(fetch(client, user, name, query).content)).worksheets[0]
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]


# --- Frister ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "names"),
    [
        ("", {"overskredet", "lov", "passeret", "i-dag", "uge", "venter", "mangler", "senere", "frivillig"}),
        ("overskredet", {"overskredet", "lov", "frivillig"}),
        ("passeret", {"passeret"}),
        ("i-dag", {"i-dag"}),
        ("uge", {"uge"}),
        ("venter", {"venter"}),
        ("mangler", {"mangler"}),
        ("senere", {"senere"}),
        ("udfoert", {"udført"}),
        ("for-sent", {"for sent"}),
        ("fritaget", {"fritaget"}),
        ("bortfaldet", {"bortfaldet"}),
        ("orientering", {"orientering"}),
        ("tjekliste", {"tjekliste"}),
        ("godkendelse", set()),
    ],
)
def test_each_status_finds_its_steps(unit, page, status, names):
    steps = one_of_each(unit.case())
    of_url = {reverse("desk:step", args=[made.pk]): name for name, made in steps.items()}
    assert {of_url[row["url"]] for row in page(f"/frister/?status={status}")["rows"]} == names


def test_all_means_all(unit, page):
    steps = one_of_each(unit.case())
    assert len(page("/frister/?status=alle")["rows"]) == len(steps)


def test_filters_narrow_and_combine(unit, page):
    lynge = LocalityFactory(name="Lynge")
    one, two = unit.case("Kovalenko", locality=lynge), unit.case("Melnyk", caseworker=unit.manager)
    step(one, 3), step(one, 9, rule="reception.min_plan", title="Lav Min plan", kind=Kind.LAW), step(two, 3)

    def families(query: str) -> list[str]:
        return [row["family"] for row in page(f"/frister/?{query}")["rows"]]

    assert families(f"by={lynge.pk}") == ["Kovalenko", "Kovalenko"]
    assert families("omraade=schooling") == ["Kovalenko", "Melnyk"]
    assert families("regel=reception.min_plan") == ["Kovalenko"]
    assert families("art=law") == ["Kovalenko"]
    assert families("sagsbehandler=mig") == ["Kovalenko", "Kovalenko"]
    assert families(f"sagsbehandler={unit.manager.pk}") == ["Melnyk"]
    assert families("sagsbehandler=ingen") == []
    assert families("fra=1.12.2026") == ["Kovalenko"]
    assert families("fra=25.11.2026&til=30.11.2026") == ["Kovalenko", "Melnyk"]
    assert families("q=melnyk") == ["Melnyk"]
    assert families("q=min+plan") == ["Kovalenko"]
    assert families(f"q={two.number}") == ["Melnyk"]
    assert families(f"by={lynge.pk}&art=service_goal&q=olena") == ["Kovalenko"]


@pytest.mark.parametrize(
    "query",
    [
        "status=x&regel=x&omraade=x&by=x&sagsbehandler=x&art=x&fra=x&til=x&sort=x&page=x",
        "by=999999&sagsbehandler=999999",
        "page=-1",
        "page=0",
        "page=99999999999999999999",
        "page=%C2%B2",
        "page=2",
        "sort=-",
        "sort=case__number",
        "fra=31.02.2026",
        "q=%00",
        "q=" + "a" * 300,
        "status=overskredet&status=i-dag",
        "owner__password=a",
        "q=%25_%27",
        "by=%F0%9F%98%80",
    ],
)
def test_bad_parameters_are_ignored(unit, page, query):
    step(unit.case(), 3)
    for url in ("/frister/", "/familier/"):
        context = page(f"{url}?{query}")
        assert not context["form"].errors
        assert "sort" not in context["form"].chosen


def test_a_wrong_choice_leaves_the_others_standing(unit, page):
    step(unit.case("Kovalenko"), 3), step(unit.case("Melnyk"), -3)
    context = page("/frister/?status=overskredet&omraade=x&fra=aldrig")
    assert [row["family"] for row in context["rows"]] == ["Melnyk"]
    assert context["form"].chosen == {"status": "overskredet"}


@pytest.mark.parametrize("sort", sorted(lists.STEP_ORDERS))
def test_every_heading_sorts_both_ways(unit, client, page, sort):
    for name, distance in (("Bondarenko", 3), ("Antonenko", 5), ("Melnyk", -2)):
        case = unit.case(name, caseworker=unit.manager if name == "Melnyk" else None)
        step(case, distance, title=f"Opgave {name}", kind=Kind.LAW if name == "Antonenko" else Kind.SERVICE_GOAL)
    up = [row["url"] for row in page(f"/frister/?sort={sort}")["rows"]]
    down = [row["url"] for row in page(f"/frister/?sort=-{sort}")["rows"]]
    assert up == down[::-1]
    html = client.get(f"/frister/?sort=-{sort}").content.decode()
    assert html.count('aria-sort="descending"') == 1


def test_an_undated_step_stands_last_both_ways(unit, page):
    case = unit.case()
    step(case, None, waits_for="residence_from", starts_on=None), step(case, 2)
    for sort in ("frist", "-frist"):
        assert [row["date"] for row in page(f"/frister/?sort={sort}")["rows"]] == ["tor. 26. nov.", "–"]


def test_pages_of_fifty_hold_every_row_once(unit, client, page):
    case = unit.case()
    for number in range(103):
        step(case, number % 7)
    found = [page(f"/frister/?page={number}") for number in (1, 2, 3)]
    assert [len(context["rows"]) for context in found] == [50, 50, 3]
    assert len({row["url"] for context in found for row in context["rows"]}) == 103
    assert [context["pager"]["text"] for context in found] == [
        "Viser 1–50 af 103",
        "Viser 51–100 af 103",
        "Viser 101–103 af 103",
    ]
    assert found[1]["pager"]["previous_url"] == "?page=1"
    assert found[2]["pager"]["next_url"] == ""
    assert len(file_rows(client, unit.caseworker, "desk:steps_xlsx")) == 103


def test_a_count_stops_at_a_thousand(unit, page, monkeypatch):
    monkeypatch.setattr(lists, "COUNT_TO", 60)
    case = unit.case()
    for _number in range(62):
        step(case, 1)
    assert page("/frister/")["pager"]["text"] == "Viser 1–50 af flere end 1.000"


def test_the_file_holds_what_the_list_shows_in_its_order(unit, client, page):
    one_of_each(unit.case("Kovalenko")), one_of_each(unit.case("Antonenko"))
    query = "?status=overskredet&sort=-familie"
    shown = [(row["title"], row["family"], row["word"]) for row in page(f"/frister/{query}")["rows"]]
    rows = file_rows(client, unit.caseworker, "desk:steps_xlsx", query)
    assert [(row[2], row[4], row[8]) for row in rows] == shown
    assert page(f"/frister/{query}&page=2")["download_url"] == f"/frister/excel/{query}"


# --- Familier ---------------------------------------------------------------------------------


def names(context) -> list[str]:
    return [row["name"] for row in context["rows"]]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Kovalenko", ["Kovalenko"]),
        ("koval", ["Kovalenko"]),
        ("Oleksandra", ["Kovalenko"]),
        ("Aleksandra", ["Kovalenko"]),
        ("Олександра", ["Kovalenko"]),
        ("Oleksandra Tkachenko", ["Kovalenko"]),
        ("20 48 11 93", ["Kovalenko"]),
        ("+4520481193", ["Kovalenko"]),
        ("4811", ["Kovalenko"]),
        ("F-2201", ["Melnyk"]),
        ("f-2201", ["Melnyk"]),
        ("U-778", ["Kovalenko"]),
        ("ukendt", []),
        ("'; DROP", []),
    ],
)
def test_a_family_is_found_by_name_phone_and_number(unit, page, text, found):
    case = unit.case("Kovalenko")
    PersonFactory(
        case=case,
        given_names="Oleksandra",
        surname="Tkachenko",
        search_key=fold("Oleksandra Tkachenko"),
        phone="+4520481193",
        udl_nr="U-778",
    )
    unit.case("Melnyk", external_number="F-2201", external_source="US")
    assert names(page(f"/familier/?q={text.replace('+', '%2B')}")) == found


def test_the_member_who_matched_is_named(unit, page):
    case = unit.case("Kovalenko")
    PersonFactory(case=case, given_names="Iryna", surname="Bondar", search_key=fold("Iryna Bondar"))
    assert page("/familier/?q=Iryna")["rows"][0]["matched"] == "Iryna Bondar"
    assert page("/familier/")["rows"][0]["matched"] == ""


def test_a_whole_case_number_opens_the_family(unit, client):
    case, strange = unit.case(), Unit("Syd").case("Fremmed")
    client.force_login(unit.caseworker)
    assert client.get(f"/familier/?q={case.number}").url == f"/familier/{case.number}/"
    assert client.get(f"/familier/?q={strange.number}").status_code == 200


def test_a_cpr_number_leaves_the_address_at_once(unit, client):
    client.force_login(unit.caseworker)
    for number in ("611290-4321", "6112904321"):
        assert client.get(f"/familier/?q={number}").url == "/familier/"


def test_the_filters_of_families(unit, page):
    lynge = LocalityFactory(name="Lynge")
    unit.case("Her", arrived_on=day(-3), locality=lynge), unit.case("Ventes")
    unit.case("Lukket", closed_on=TODAY, closing_reason="left")
    lone = unit.case("Uden", arrived_on=day(-9))
    lone.caseworker = None
    lone.save()
    unit.case("Leders", arrived_on=day(-9), caseworker=unit.manager)
    assert names(page("/familier/")) == ["Her", "Leders", "Uden", "Ventes"]
    assert names(page("/familier/?status=ventes")) == ["Ventes"]
    assert names(page("/familier/?status=her")) == ["Her", "Leders", "Uden"]
    assert names(page("/familier/?status=afsluttet")) == ["Lukket"]
    assert len(names(page("/familier/?status=alle"))) == 5
    assert names(page("/familier/?sagsbehandler=ingen")) == ["Uden"]
    assert names(page("/familier/?sagsbehandler=mig")) == ["Her", "Ventes"]
    assert names(page(f"/familier/?sagsbehandler={unit.manager.pk}")) == ["Leders"]
    assert names(page(f"/familier/?by={lynge.pk}")) == ["Her"]


def test_a_familys_figures(unit, page):
    case = unit.case("Kovalenko", arrived_on=day(-11))
    PersonFactory(case=case)
    one_of_each(case)
    row = page("/familier/")["rows"][0]
    assert (row["members"], row["arrival"], row["overdue"], row["status"]) == (1, "Dag 11", "3 overskredne", "overdue")
    assert (row["next"], row["next_days"]) == ("ons. 18. nov.", "6 dage over")


def test_the_coordinators_figures_are_of_the_volunteers_steps(unit, client):
    one_of_each(unit.case(arrived_on=day(-11)))
    client.force_login(unit.coordinator)
    assert client.get("/familier/").context["rows"][0]["overdue"] == "1 overskredet"


@pytest.mark.parametrize("sort", sorted(lists.CASE_ORDERS))
def test_every_heading_of_families_sorts(unit, page, sort):
    lynge = LocalityFactory(name="Lynge")
    for name, distance in (("Bondarenko", -3), ("Antonenko", 5)):
        step(unit.case(name, arrived_on=day(-distance - 9), locality=lynge if distance < 0 else None), distance)
    assert (
        sorted(names(page(f"/familier/?sort={sort}")))
        == sorted(names(page(f"/familier/?sort=-{sort}")))
        == ["Antonenko", "Bondarenko"]
    )


def test_next_deadline_and_overdue_order_the_families(unit, page):
    for name, distance in (("Snart", 2), ("Sen", -3), ("Senere", 20)):
        step(unit.case(name), distance)
    unit.case("Uden frist")
    assert names(page("/familier/?sort=naeste")) == ["Sen", "Snart", "Senere", "Uden frist"]
    assert names(page("/familier/?sort=-overskredne"))[0] == "Sen"


def test_the_families_file_is_the_list(unit, client, page):
    one_of_each(unit.case("Kovalenko", arrived_on=date(2026, 11, 13))), unit.case("Antonenko")
    rows = file_rows(client, unit.caseworker, "desk:cases_xlsx", "?sort=-familie")
    assert [row[0] for row in rows] == names(page("/familier/?sort=-familie")) == ["Kovalenko", "Antonenko"]
    assert (rows[0][2], rows[0][3].date(), rows[0][7], rows[0][8]) == (1, date(2026, 11, 13), 3, 1)


def test_no_list_file_holds_birth_dates_or_health(unit, client):
    case = unit.case()
    step(case, -1, rule="health.need_assessed", title="Vurdér behov for sundhedstilbud", evidence="Astma")
    for name, query in (("desk:steps_xlsx", "?status=alle"), ("desk:cases_xlsx", "")):
        text = str(file_rows(client, unit.caseworker, name, query))
        assert "Astma" not in text
        assert "1990" not in text


def test_an_empty_list_says_what_to_do(unit, client):
    client.force_login(unit.caseworker)
    assert "Her er ingen familier endnu." in client.get("/familier/").content.decode()
    assert "Ingen familier passer til filtrene." in client.get("/familier/?q=ukendt").content.decode()
    assert "Ingen frister passer til filtrene." in client.get("/frister/?status=venter").content.decode()


# --- What the lists cost ----------------------------------------------------------------------


@pytest.mark.parametrize("role", ["caseworker", "coordinator", "manager"])
@pytest.mark.parametrize(
    "url",
    [
        "/frister/",
        "/frister/?status=alle",
        "/familier/",
        "/familier/?q=olena&sort=naeste",
        "/familier/excel/",
        "/frister/excel/",
        "POST /familier/excel/",
        "POST /frister/excel/",
    ],
)
def test_a_list_costs_the_same_for_one_family_and_for_three(unit, client, url, role):
    method, _space, path = url.rpartition(" ")
    sent = PURPOSE if method else None
    client.force_login(getattr(unit, role))
    prove(client, getattr(unit, role))
    one_of_each(unit.case(arrived_on=day(-3)))
    reads(client, path, sent)
    first = reads(client, path, sent)
    for name in ("Melnyk", "Rudenko"):
        one_of_each(unit.case(name, arrived_on=day(-4)))
    assert reads(client, path, sent) == first <= 11


def test_the_words_in_the_url_are_danish_and_the_forms_closed():
    choices = {"owners": [], "localities": []}
    form = StepFilter({}, rules=[], areas=frozenset(), today=TODAY, **choices)
    assert {form.add_prefix(name) for name in form.fields} == {
        "q",
        "sort",
        "status",
        "sagsbehandler",
        "regel",
        "omraade",
        "art",
        "by",
        "fra",
        "til",
    }
    assert {CaseFilter({}, **choices).add_prefix(name) for name in CaseFilter.base_fields} == {
        "q",
        "sort",
        "status",
        "sagsbehandler",
        "by",
    }
