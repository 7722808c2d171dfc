"""Handlinger: the strategy's action catalogue, its order, its history, and what the evaluation asks of it."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from openpyxl import load_workbook

from board.models import Action, ActionChange
from board.services import actions as service
from board.services.catalogue import STRATEGY
from desk.areas import AREAS
from tests.factories import TODAY, UserFactory
from tests.files import fetch

pytestmark = pytest.mark.django_db


@pytest.fixture
def lars():
    return UserFactory(role="manager", first_name="Lars", last_name="Holm")


def made(title="Etablér boliger", area="housing", **fields):
    return service.add(title=title, area=area, **{"today": TODAY, "by": None} | fields)


def changed(action, **fields):
    kept = {name: getattr(action, name) for name in ("title", "area", "owner", "due_on", "status", "done_on", "note")}
    return service.change(action, **kept | {"today": TODAY, "by": None} | fields)


def sent(**fields):
    return {"title": "Etablér boliger", "area": "housing", "status": "planned", "due_on": "", "note": "", **fields}


# --- The strategy's own -----------------------------------------------------------------------


def test_the_strategys_actions_are_loaded_once(client, lars):
    client.force_login(lars)
    first = client.post(reverse("board:load_catalogue"), follow=True).content.decode()
    assert "17 af strategiens handlinger er tilføjet." in first
    changed(Action.objects.get(catalogue="hosts"), title="Værter: eget ord", status="dropped")
    again = client.post(reverse("board:load_catalogue"), follow=True).content.decode()
    assert "Alle strategiens handlinger står her allerede." in again
    assert Action.objects.count() == len(STRATEGY) == 17
    assert Action.objects.get(catalogue="hosts").title == "Værter: eget ord"


def test_one_that_is_missing_is_added_and_two_at_a_time_do_no_harm(lars):
    service.load_catalogue(today=TODAY, by=lars)
    Action.objects.get(catalogue="health").delete()
    assert service.load_catalogue(today=TODAY, by=lars) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        made(catalogue="health")


def test_each_action_of_the_strategy_has_its_area_and_paragraph():
    numbers = {area.key: number for number, area in enumerate(AREAS, 1)}
    assert {(area, number) for area, number, _title in STRATEGY.values()} == set(numbers.items())
    assert max(len(str(title)) for _area, _number, title in STRATEGY.values()) <= 200


# --- Order and filters ------------------------------------------------------------------------


def test_by_area_the_overdue_first_and_what_is_over_last(client, lars, today):
    made("Droppet", status="dropped")
    made("Færdig", status="done", done_on=today)
    made("Uden dato")
    made("I morgen", due_on=today + timedelta(days=1))
    made("I dag", due_on=today)
    made("I går", due_on=today - timedelta(days=1), status="under_way")
    made("Først", area="reception")
    order = [row.title for row in service.found({}, today)]
    assert order == ["Først", "I går", "I dag", "I morgen", "Uden dato", "Droppet", "Færdig"]
    client.force_login(lars)
    page = client.get(reverse("board:actions")).content.decode()
    assert page.count("1 dag over") == 1
    assert page.index("1. Modtagelse") < page.index("2. Bolig") < page.index("I går")
    assert "7 handlinger: 4 planlagt, 1 i gang, 1 færdig, 1 droppet. 1 er overskredet." in page


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({}, {"Sen", "Ny", "Færdig"}),
        ({"omraade": "housing"}, {"Sen", "Færdig"}),
        ({"status": "overskredne"}, {"Sen"}),
        ({"status": "aabne"}, {"Sen", "Ny"}),
        ({"status": "done"}, {"Færdig"}),
        ({"omraade": "health", "status": "done"}, set()),
        ({"q": "møbler"}, {"Sen"}),
        ({"status": "findes-ikke"}, {"Sen", "Ny", "Færdig"}),
    ],
)
def test_filters_of_page_and_file(client, lars, today, query, titles):
    made("Sen", due_on=today - timedelta(days=3), note="Mangler møbler")
    made("Ny", area="health")
    made("Færdig", status="done", done_on=today - timedelta(days=1), due_on=today - timedelta(days=9))
    client.force_login(lars)
    response = client.get(reverse("board:actions"), query)
    assert {row["title"] for group in response.context["groups"] for row in group["rows"]} == titles
    answer = fetch(client, lars, "board:actions_xlsx", "?" + "&".join(f"{k}={v}" for k, v in query.items()))
    sheet = load_workbook(BytesIO(answer.content))["Handlinger"]
    assert {row[1] for row in sheet.iter_rows(min_row=2, values_only=True)} == titles


def test_a_title_like_a_formula_is_harmless_in_the_file(client, lars):
    made("=HYPERLINK(1)")
    sheet = load_workbook(BytesIO(fetch(client, lars, "board:actions_xlsx").content))["Handlinger"]
    assert sheet["B2"].value == "'=HYPERLINK(1)"
    assert sheet["B2"].data_type == "s"


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_same_number_of_questions(number, django_assert_num_queries):
    for each in range(number):
        made(f"Handling {each}", owner=UserFactory())
    with django_assert_num_queries(2):
        rows = list(service.found({}, TODAY))
        assert [row.owner.name for row in rows]
        list(service.actions_in(TODAY, TODAY))


# --- Adding and changing ----------------------------------------------------------------------


def test_an_action_is_added_and_starts_its_history(client, lars, today):
    client.force_login(lars)
    response = client.post(
        reverse("board:add_action"), sent(owner=lars.pk, due_on="1.3.2027", note="Budget i januar"), follow=True
    )
    assert "»Etablér boliger« er gemt." in response.content.decode()
    action = Action.objects.get()
    assert (action.owner, action.due_on, action.status) == (lars, date(2027, 3, 1), "planned")
    assert [(c.status, c.on, c.by) for c in action.changes.all()] == [("planned", today, lars)]


def test_done_with_its_day_stands_in_the_history(client, lars, today):
    client.force_login(lars)
    action = made()
    url = reverse("board:edit_action", args=[action.pk])
    client.post(url, sent(status="under_way"))
    client.post(url, sent(status="under_way", note="Ny note"))
    client.post(url, sent(status="done", done_on="20.11.2026"))
    assert [(c.status, c.on) for c in action.changes.all()] == [
        ("done", date(2026, 11, 20)),
        ("under_way", today),
        ("planned", today),
    ]
    page = client.get(url).content.decode()
    assert "fra 20.11.2026" in page
    assert "Lars Holm, 24.11.2026 kl. 9.0" in page
    client.post(url, sent(status="under_way", done_on="20.11.2026"))
    action.refresh_from_db()
    assert (action.status, action.done_on) == ("under_way", None)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"status": "done"}, "Skriv den dag, handlingen blev færdig."),
        ({"status": "done", "done_on": "25.11.2026"}, "Datoen ligger frem i tiden."),
        ({"title": ""}, "Udfyld feltet »Handling«."),
        ({"area": ""}, "Udfyld feltet »Område«."),
    ],
)
def test_what_is_refused_is_kept_in_the_form(client, lars, fields, sentence):
    client.force_login(lars)
    response = client.post(reverse("board:add_action"), sent(note="Skrevet med omhu", **fields))
    assert response.status_code == 422
    page = response.content.decode()
    assert sentence in page
    assert "Skrevet med omhu" in page
    assert not Action.objects.exists()


def test_an_unknown_area_is_refused_by_the_verb():
    with pytest.raises(ValidationError):
        made(area="kultur")


def test_the_database_holds_the_day_of_being_done(today):
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.create(title="x", area="housing", status="done")
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.create(title="x", area="housing", done_on=today)


def test_who_has_stopped_stays_the_owner_of_what_stands_there(client, lars):
    gone = UserFactory(role="caseworker")
    action = made(owner=gone)
    gone.is_active = False
    gone.save()
    client.force_login(lars)
    assert gone.name in client.get(reverse("board:edit_action", args=[action.pk])).content.decode()
    assert gone.name not in client.get(reverse("board:add_action")).content.decode()


def test_a_second_click_that_is_faster_loses_nothing_and_doubles_nothing(lars, monkeypatch):
    other = []

    def while_the_other_click_writes(text):
        if not other:
            other.append(made(catalogue=next(iter(STRATEGY))))
        return text

    monkeypatch.setattr(service, "_", while_the_other_click_writes)
    assert service.load_catalogue(today=TODAY, by=lars) == len(STRATEGY) - 1
    assert sorted(Action.objects.values_list("catalogue", flat=True)) == sorted(STRATEGY)


@pytest.mark.parametrize("role", ["caseworker", "finance", "administrator", "auditor", "volunteer_coordinator"])
def test_others_have_no_catalogue(client, role):
    client.force_login(UserFactory(role=role))
    assert client.get(reverse("board:actions")).status_code == 404
    assert client.post(reverse("board:load_catalogue")).status_code == 404


# --- For the evaluation -----------------------------------------------------------------------


def test_the_actions_of_a_period_stand_as_they_did_then(today):
    """Planned in January, under way in March, done in May; another begun in June; a third dropped in February."""
    action = made("Boliger", today=date(2026, 1, 10), due_on=date(2026, 4, 30))
    changed(action, status="under_way", today=date(2026, 3, 2))
    changed(action, status="done", done_on=date(2026, 5, 4), today=date(2026, 5, 6))
    made("Senere", today=date(2026, 6, 1))
    dropped = made("Opgivet", today=date(2026, 1, 11))
    changed(dropped, status="dropped", today=date(2026, 2, 1))

    def then(first, last):
        return [(one.action.title, one.status, one.was_overdue) for one in service.actions_in(first, last)]

    assert then(date(2026, 1, 1), date(2026, 1, 31)) == [("Boliger", "planned", False), ("Opgivet", "planned", False)]
    assert then(date(2026, 2, 1), date(2026, 3, 31)) == [("Boliger", "under_way", False), ("Opgivet", "dropped", False)]
    assert then(date(2026, 4, 1), date(2026, 5, 3)) == [("Boliger", "under_way", True)]
    assert then(date(2026, 5, 1), date(2026, 5, 31)) == [("Boliger", "done", False)]
    assert then(date(2026, 6, 1), date(2026, 6, 30)) == [("Senere", "planned", False)]
    assert ActionChange.objects.filter(action=action).count() == 3
