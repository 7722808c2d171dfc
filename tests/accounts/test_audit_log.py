"""What stands in the log, and who may read it."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.urls import reverse
from openpyxl import load_workbook

from accounts import audit
from accounts.apps import guards_stand, roles_are_compatible
from accounts.models import AccessRecord, RoleGrant
from accounts.roles import ROLES
from accounts.services import grant_role, revoke_role
from cases.services import write_note
from tests.factories import TeamFactory, UserFactory, a_family
from tests.files import fetch

PASSWORD = "korrekt hest batteri hæfteklamme"
pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    return TeamFactory()


@pytest.fixture
def mette(team):
    user = UserFactory(role="caseworker", team=team)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def case(mette, team, today):
    return a_family(caseworker=mette, team=team, today=today)


@pytest.fixture
def auditor():
    return UserFactory(role="auditor", first_name="Rikke")


def actions(**chosen):
    return list(AccessRecord.objects.filter(**chosen).order_by("pk").values_list("action", flat=True))


def new_rows(act):
    last = AccessRecord.objects.order_by("pk").last()
    act()
    return AccessRecord.objects.filter(pk__gt=last.pk if last else 0).order_by("pk")


# --- What is written --------------------------------------------------------------------------


def test_log_in_failed_log_in_and_log_out(client, mette):
    client.post("/log-ind/", {"login": mette.username, "password": "forkert adgangskode"})
    client.post("/log-ind/", {"login": "findes-ikke", "password": "forkert adgangskode"})
    client.post("/log-ind/", {"login": mette.username, "password": PASSWORD})
    client.post("/log-ud/")
    rows = AccessRecord.objects.order_by("pk")
    assert [(row.action, row.user_id, row.detail) for row in rows] == [
        ("login.failed", None, f"account {mette.pk}"),
        ("login.failed", None, ""),
        ("login.in", mette.pk, ""),
        ("logout", mette.pk, ""),
    ]


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("desk:overview", "page.read"),
        ("desk:steps", "page.read"),
        ("desk:cases", "page.read"),
        ("desk:case", "case.read"),
        ("desk:person", "person.read"),
        ("desk:permit", "page.read"),
        ("desk:hand_over", "page.read"),
        ("housing:board", "housing.board_read"),
    ],
)
def test_each_answer_with_personal_data_leaves_one_row(client, mette, case, name, action):
    client.force_login(mette)
    person = case.people.get()
    of_person = {"desk:person", "desk:permit"}
    args = (
        [case.number, person.pk]
        if name in of_person
        else [case.number]
        if name in {"desk:case", "desk:hand_over"}
        else []
    )
    rows = new_rows(lambda: client.get(reverse(name, args=args)))
    assert [row.action for row in rows] == [action]
    assert rows[0].user_id == mette.pk
    assert rows[0].case_number == (case.number if args else "")
    assert len(rows[0].request_id) == 32


def test_a_file_leaves_one_row_that_says_what_for(client, mette, case):
    client.force_login(mette)
    assert list(new_rows(lambda: client.get(reverse("desk:cases_xlsx")))) == [], "the log-in is asked for first"
    row = new_rows(lambda: fetch(client, mette, "desk:cases_xlsx", reason="other", text="Til byrådet")).get()
    assert (row.action, row.user_id, row.purpose, row.detail) == (
        "list.export",
        mette.pk,
        "Andet: Til byrådet",
        "familier: 1",
    )
    assert len(row.request_id) == 32


@pytest.mark.parametrize(
    "slug", ["modtagelse", "bolig", "selvforsoergelse", "leg-og-laering", "sundhed", "lokalsamfund"]
)
def test_each_area_leaves_one_row(client, mette, case, slug):
    client.force_login(mette)
    rows = new_rows(lambda: client.get(reverse("desk:area", args=[case.number, slug])))
    assert len(rows) == 1
    assert rows[0].case_number == case.number


def test_a_refusal_is_logged_alike_for_what_exists_and_what_does_not(client, case):
    stranger = UserFactory(role="caseworker", team=TeamFactory())
    client.force_login(stranger)
    for number in (case.number, "2026-9999"):
        rows = new_rows(lambda number=number: client.get(reverse("desk:case", args=[number])))
        assert [(row.action, row.case_number, row.detail) for row in rows] == [("denied", number, "GET desk:case")]


@pytest.mark.parametrize(("name", "action"), [("desk:cases", "case.search"), ("desk:steps", "step.search")])
@pytest.mark.parametrize(("text", "hits"), [("Kovalenko", None), ("findes ikke", "0")])
def test_a_search_is_logged_with_its_hits_and_without_its_words(client, mette, case, name, action, text, hits):
    client.force_login(mette)
    rows = new_rows(lambda: client.get(reverse(name), {"q": text}))
    assert [row.action for row in rows] == [action]
    assert rows[0].detail.isdecimal()
    assert hits is None or rows[0].detail == hits


def test_a_change_leaves_one_row_beside_its_line(mette, case, today):
    rows = new_rows(lambda: write_note(case, kind="note", body="Tekst", on=today, by=mette))
    assert [(row.action, row.case_number, row.user_id) for row in rows] == [("note.note", case.number, mette.pk)]
    assert "Tekst" not in rows[0].detail


def test_an_answer_that_can_not_be_logged_is_not_delivered(client, mette, case, monkeypatch):
    def broken(*args, **kwargs):
        raise DatabaseError("disk full")

    client.force_login(mette)
    client.raise_request_exception = False
    monkeypatch.setattr(audit.AccessRecord, "save", broken)
    for name, args in (("desk:cases", []), ("desk:case", [case.number])):
        answer = client.get(reverse(name, args=args))
        assert answer.status_code == 500
        assert "Kovalenko" not in answer.content.decode()


# --- Who reads it -----------------------------------------------------------------------------


def test_the_auditor_reads_filters_and_fetches_the_log(client, auditor, mette, case):
    audit.log(mette, "case.read", case_number=case.number)
    audit.log(None, "login.failed")
    client.force_login(auditor)
    page = client.get(reverse("desk:log"))
    assert page.status_code == 200
    assert mette.name in page.content.decode()
    assert "Kovalenko" not in page.content.decode()
    found = client.get(reverse("desk:log"), {"sag": case.number, "bruger": mette.pk, "handling": "read"})
    assert [row["what"] for row in found.context["rows"]] == ["Familiens side er vist"]
    assert client.get(reverse("desk:log"), {"fra": "25-11-2026"}).context["rows"] == []
    assert len(client.get(reverse("desk:log"), {"fra": "24-11-2026", "til": "24-11-2026"}).context["rows"]) > 2
    book = load_workbook(BytesIO(fetch(client, auditor, "desk:log_xlsx", f"?sag={case.number}").content))
    assert book.worksheets[0].max_row >= 2
    assert actions(user_id=auditor.pk) == ["log.read"] * 4 + ["list.export"]
    assert client.get(reverse("desk:case", args=[case.number])).status_code == 404
    assert client.get(reverse("desk:overview")).status_code == 200


@pytest.mark.parametrize("role", ["administrator", "caseworker", "manager", "volunteer_coordinator"])
def test_nobody_else_reads_the_whole_log(client, team, role):
    client.force_login(UserFactory(role=role, team=team))
    assert client.get(reverse("desk:log")).status_code == 404
    assert client.get(reverse("desk:log_xlsx")).status_code == 404


def test_the_manager_sees_who_has_seen_a_case_of_the_own_unit(client, team, mette, case):
    person = case.people.get()
    audit.log(mette, "person.read", case_number=case.number, person_id=person.pk)
    audit.log(mette, "health.read", case_number=case.number)
    client.force_login(UserFactory(role="manager", team=team))
    page = client.get(reverse("desk:case_log", args=[case.number]))
    rows = page.context["rows"]
    assert {"who": mette.name, "person": "Olena"}.items() <= rows[1].items()
    assert "Helbred" not in str(rows)
    assert [row["detail"] for row in rows if row["detail"]] == []
    assert reverse("desk:case_log", args=[case.number]) in client.get(case.get_absolute_url()).content.decode()
    client.force_login(UserFactory(role="manager", team=TeamFactory()))
    assert client.get(reverse("desk:case_log", args=[case.number])).status_code == 404
    client.force_login(mette)
    assert client.get(reverse("desk:case_log", args=[case.number])).status_code == 404


def test_the_citizens_extract_names_no_staff(client, team, mette, case):
    audit.log(mette, "case.read", case_number=case.number)
    audit.log(mette, "cpr.reveal", case_number=case.number, purpose="Kontrol af, hvem det er", detail="Telefon")
    audit.log(UserFactory(), "denied", case_number=case.number)
    manager = UserFactory(role="manager", team=team, first_name="Lars")
    client.force_login(manager)
    answer = client.get(reverse("desk:case_log_extract", args=[case.number]))
    book = load_workbook(BytesIO(answer.content))
    cells = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert cells[0][1:] == ["CPR-nr. er vist", "Kontrol af, hvem det er"]
    assert cells[1][1:] == ["Familiens side er vist", "Sagsbehandling"]
    everything = str([[cell.value for row in sheet.iter_rows() for cell in row] for sheet in book.worksheets])
    for name in (mette.name, manager.name, "Telefon", "Adgang"):
        assert name not in everything
    assert actions(user_id=manager.pk) == ["log.export"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_questions(client, auditor, count, django_assert_max_num_queries):
    for _number in range(count):
        audit.log(UserFactory(), "case.read")
    client.force_login(auditor)
    with django_assert_max_num_queries(12):
        client.get(reverse("desk:log"))


# --- Roles that exclude each other ------------------------------------------------------------


@pytest.mark.parametrize("lone", ["administrator", "auditor"])
@pytest.mark.parametrize("other", list(ROLES))
def test_incompatible_roles_are_refused_both_ways(lone, other):
    by = UserFactory()
    for first, second in ((lone, other), (other, lone)):
        user = UserFactory()
        grant_role(user, first, by=by)
        if lone == other:
            grant_role(user, second, by=by)
            continue
        with pytest.raises(ValidationError, match="kan ikke have andre roller"):
            grant_role(user, second, by=by)
        assert [grant.role for grant in user.grants.all()] == [first]


def test_grants_are_logged_once_and_work_roles_go_together():
    by, user = UserFactory(), UserFactory()
    grant_role(user, "manager", by=by)
    grant_role(user, "manager", by=by)
    grant_role(user, "caseworker", by=by)
    revoke_role(user, "manager", by=by)
    assert actions(user_id=by.pk) == ["role.granted", "role.granted", "role.revoked"]
    with pytest.raises(ValidationError):
        grant_role(user, "superhelt", by=by)


def test_the_checks_find_a_forbidden_pair_and_lost_guards():
    assert roles_are_compatible(None, databases=["default"]) == []
    assert guards_stand(None, databases=["default"]) == []
    user = UserFactory(role=("administrator", "auditor"))
    assert [error.id for error in roles_are_compatible(None, databases=["default"])] == ["accounts.E002"]
    RoleGrant.objects.filter(user=user, role="auditor").delete()
    assert roles_are_compatible(None, databases=["default"]) == []
