"""Long lists as files: xlsx or csv, made by a worker that asks anew for right, yes and rows."""

import csv
import io
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.conf import settings as configured
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import AccessRecord
from cases.models import Case, Consent
from config.celery import app
from deadlines.models import Step
from desk import tasks
from desk.models import ExportRequest, Job
from desk.services import approvals, catalogue, export, jobs, listings
from housing.models import Dwelling, Host, Placement
from keeping import tasks as keeping_tasks
from letters import tasks as letters_tasks
from tests.desk.rows import Unit, day, step
from tests.factories import TODAY, UserFactory
from tests.files import fetch
from tests.security.formulas import FORMULAS, effective

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_storage")]
STEPS = "desk:steps_xlsx"
CSV = {"format": "csv"}


@pytest.fixture
def unit():
    return Unit("Nord")


@pytest.fixture
def long_from_three(monkeypatch):
    """More than two rows are made by a worker."""
    monkeypatch.setattr("desk.views.files.AT_ONCE", 2)


def steps(unit, titles) -> None:
    case = unit.case()
    shared = {"case": case, "area": "reception", "starts_on": day(-20), "due_on": day(9), "owner": case.caseworker}
    Step.objects.bulk_create(Step(title=title, **shared) for title in titles)


def table(content: bytes) -> list[list[str]]:
    """An xlsx or csv as text; dates as Danes write them."""
    if content[:2] == b"PK":
        return [[as_text(cell) for cell in row] for row in load_workbook(io.BytesIO(content)).worksheets[0].values]
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def as_text(cell) -> str:
    return f"{cell:%d.%m.%Y}" if isinstance(cell, date) else "" if cell is None else str(cell)


def content_of(job: Job) -> bytes:
    with default_storage.open(job.file) as held:
        return held.read()


@pytest.fixture
def order(client, django_capture_on_commit_callbacks):
    """Ask for the file and let the worker work: the job, or the answer where there is none."""

    def ordered(user, name=STEPS, query="", *, works=True, **data):
        with django_capture_on_commit_callbacks(execute=works):
            answer = fetch(client, user, name, query, **data)
        found = Job.objects.order_by("-pk").first()
        if answer.status_code == 302 and found is not None:
            assert answer["Location"] == reverse("desk:job", args=[found.pk])
            return found
        return answer

    return ordered


# --- The csv ----------------------------------------------------------------------------------


def test_a_csv_is_what_danish_spreadsheets_read():
    columns = (export.Column("Navn"), export.Column("Dato"), export.Column("Tal"))
    moment = datetime(2026, 11, 24, 9, 5, tzinfo=UTC)
    rows = [("Sørensen; Ærø", date(2026, 11, 27), 2.5), (None, moment, -3), ("=1+1", None, 0)]
    content = export.sheet(columns, rows)
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").splitlines() == [
        "Navn;Dato;Tal", '"Sørensen; Ærø";27.11.2026;2,5', ";24.11.2026 kl. 10.05;-3", "'=1+1;;0",
    ]  # fmt: skip


def test_no_formula_runs_in_the_csv_of_the_deadlines(client, unit):
    steps(unit, [formula[:200] for formula in FORMULAS])
    answer = fetch(client, unit.caseworker, STEPS, **CSV)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert len(table(answer.content)) == len(FORMULAS) + 1
    assert effective(answer.content, "text/csv") == []


@pytest.mark.parametrize(
    ("role", "name"),
    [
        ("caseworker", STEPS),
        ("caseworker", "desk:cases_xlsx"),
        ("caseworker", "keeping:consents_xlsx"),
        ("housing_officer", "desk:placements_xlsx"),
        ("employment_consultant", STEPS),
        ("auditor", "desk:log_xlsx"),
        ("auditor", "keeping:breach_csv"),
    ],
)
def test_each_list_says_the_same_in_both(client, unit, clock, role, name):
    user = unit.caseworker if role == "caseworker" else UserFactory(role=role, team=unit.team)
    case = unit.case("Kovalenko")
    step(case, 3)
    Consent.objects.create(case=case, what="Billeder", shared_with="Skolen", given_on=TODAY, language="dansk")
    AccessRecord.objects.create(action="case.read", case_number=case.number, mark="1", at=timezone.now())
    one, other = (fetch(client, user, name, format=kind) for kind in ("xlsx", "csv"))
    assert one["Content-Disposition"].removesuffix('.xlsx"') == other["Content-Disposition"].removesuffix('.csv"')
    rows = table(one.content)
    assert rows == [row for row in table(other.content) if row in rows]
    assert len(rows) >= 1 + (role not in {"housing_officer", "employment_consultant"})


def test_the_page_offers_both_and_nothing_else(client, unit):
    page = client
    page.force_login(unit.caseworker)
    answer = fetch(client, unit.caseworker, STEPS, format="exe")
    assert answer.status_code == 422
    html = client.get(reverse(STEPS)).text
    assert 'value="xlsx"' in html
    assert 'value="csv"' in html


# --- In the background ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.usefixtures("long_from_three")
def test_a_long_list_is_the_same_file_made_by_a_worker(client, unit, order, monkeypatch, kind):
    monkeypatch.setattr(listings, "CHUNK", 2)
    steps(unit, [f"Opgave {number}" for number in range(5)])
    query = "?q=opgave&sort=-opgave"
    job = order(unit.caseworker, query=query, format=kind)
    assert (job.status, job.done, job.total, job.name) == ("done", 5, 5, f"frister-2026-11-24.{kind}")
    monkeypatch.setattr("desk.views.files.AT_ONCE", 100)
    at_once = fetch(client, unit.caseworker, STEPS, query, format=kind)
    assert table(content_of(job)) == table(at_once.content)
    assert [row[2] for row in table(at_once.content)[1:]] == [f"Opgave {number}" for number in (4, 3, 2, 1, 0)]
    logged = AccessRecord.objects.filter(action="list.export").values_list("purpose", "detail")
    assert list(logged) == [("Mødeforberedelse", "frister: 5")] * 2


@pytest.mark.usefixtures("long_from_three")
def test_two_rows_are_given_at_once_and_three_are_not(unit, order):
    steps(unit, ["a", "b"])
    assert order(unit.caseworker)["Content-Disposition"].startswith("attachment;")
    steps(unit, ["c"])
    assert order(unit.caseworker).status == "done"


@pytest.mark.usefixtures("long_from_three")
def test_the_page_says_that_it_takes_time(client, unit):
    steps(unit, ["a", "b", "c"])
    fetch(client, unit.caseworker, STEPS, reason="")
    html = client.get(reverse(STEPS)).text
    for words in ("Filen laves i baggrunden.", "Lav filen", "data-once"):
        assert words in html


@pytest.mark.usefixtures("long_from_three")
def test_the_same_wish_twice_is_one_job_while_it_waits(unit, order):
    steps(unit, ["a", "b", "c"])
    first = order(unit.caseworker, works=False)
    assert order(unit.caseworker, works=False) == first
    assert order(unit.caseworker, works=False, format="csv") != first
    assert Job.objects.count() == 2


@pytest.mark.usefixtures("long_from_three")
def test_what_was_searched_for_is_encrypted_and_then_forgotten(unit, order):
    steps(unit, ["Olena a", "Olena b", "Olena c"])
    job = order(unit.caseworker, query="?q=Olena", works=False)
    assert "Olena" in job.order
    stored = Job.objects.extra(select={"raw": '"order"'}).values_list("raw", "data", "title").get()
    assert "lena" not in str(stored)
    tasks.make_file(job.pk)
    job.refresh_from_db()
    assert (job.status, job.order) == ("done", "")


@pytest.mark.usefixtures("long_from_three")
def test_who_lost_the_right_meanwhile_gets_a_failed_job(unit, order):
    steps(unit, ["a", "b", "c"])
    job = order(unit.caseworker, works=False)
    unit.caseworker.grants.all().delete()
    tasks.make_file(job.pk)
    job.refresh_from_db()
    assert (job.status, job.file, job.message) == (
        "failed", "", "Du har ikke længere adgang til det, filen handler om.",
    )  # fmt: skip
    assert not AccessRecord.objects.filter(action="list.export").exists()


@pytest.mark.usefixtures("long_from_three")
def test_the_file_holds_what_the_user_sees_when_it_is_made(unit, order):
    steps(unit, ["a", "b", "c"])
    job = order(unit.caseworker, works=False)
    Step.objects.filter(title="a").update(case=Unit("Syd").case("Melnyk"))
    case = Step.objects.get(title="b").case
    tasks.make_file(job.pk)
    job.refresh_from_db()
    assert {row[2] for row in table(content_of(job))[1:]} == {"b", "c"}
    case.protected = True
    case.save()
    later = order(unit.caseworker, works=False)
    assert not isinstance(later, Job), "what is left of the list is given at once"


@pytest.mark.usefixtures("long_from_three")
@pytest.mark.parametrize("what", ["team", "protected"])
def test_a_file_with_a_family_that_is_out_of_sight_is_not_given(client, unit, order, what):
    """The yes of the day it was made is not one for ever."""
    steps(unit, ["a", "b", "c"])
    job, own = order(unit.caseworker), Step.objects.first().case
    given = client.get(reverse("desk:job_file", args=[job.pk]))
    assert (given.status_code, job.data["cases"]) == (200, [own.pk])
    if what == "team":
        own.team, own.caseworker = (other := Unit("Syd")).team, other.caseworker
    own.protected = what == "protected"
    own.save()
    refused = client.get(reverse("desk:job_file", args=[job.pk]), follow=True)
    assert refused.redirect_chain == [(reverse("desk:job", args=[job.pk]), 302)]
    assert "Nogle af familierne i filen er ikke længere dine at se. Bestil filen igen." in refused.text


@pytest.mark.usefixtures("long_from_three")
def test_the_families_of_a_file_are_asked_about_in_parts(unit, order, monkeypatch):
    monkeypatch.setattr(jobs, "AT_ONCE", 2)
    for _family in range(3):
        steps(unit, ["a"])
    job = order(unit.caseworker)
    assert len(job.data["cases"]) == 3
    assert jobs.sees_all(job, unit.caseworker)
    Case.objects.filter(pk=job.data["cases"][-1]).update(protected=True)
    assert not jobs.sees_all(job, unit.caseworker)


def test_the_managers_yes_must_still_hold_when_the_worker_comes(unit, order, monkeypatch, clock):
    monkeypatch.setattr("desk.views.files.AT_ONCE", 200)
    steps(unit, [f"Opgave {number}" for number in range(201)])
    order(unit.caseworker, works=False, ask="1")
    approvals.answer(ExportRequest.objects.get(), agreed=True, by=unit.manager, now=timezone.now())
    job = order(unit.caseworker, works=False)
    assert job.status == "waiting"
    clock.shift(approvals.LENGTH + timedelta(minutes=1))
    tasks.make_file(job.pk)
    job.refresh_from_db()
    assert job.status == "failed"
    assert "ja til filen gælder ikke længere" in job.message


def test_without_a_yes_there_is_no_job(unit, order, monkeypatch):
    monkeypatch.setattr("desk.views.files.AT_ONCE", 200)
    steps(unit, [f"Opgave {number}" for number in range(201)])
    assert order(unit.caseworker).status_code == 422
    assert not Job.objects.exists()


@pytest.mark.usefixtures("long_from_three")
def test_more_than_any_file_holds_is_cut_and_said(unit, order, monkeypatch):
    monkeypatch.setattr(listings, "MOST_IN_FILE", 3)
    monkeypatch.setattr("desk.views.files.MOST_IN_FILE", 3)
    steps(unit, [f"Opgave {number}" for number in range(5)])
    job = order(unit.caseworker, query="?sort=opgave")
    assert (job.status, job.message) == (
        "done", "Kun de første 3 rækker er med. Brug filtrene for at få resten.",
    )  # fmt: skip
    book = load_workbook(io.BytesIO(content_of(job)))
    assert book.worksheets[0].max_row == 4
    assert "Bemærk" in {row[0] for row in book.worksheets[1].values}


@pytest.mark.usefixtures("long_from_three")
def test_registers_of_the_floor_above_go_the_same_way(unit, order):
    case = unit.case()
    for number in range(3):
        Consent.objects.create(case=case, what=f"Nr. {number}", shared_with="x", given_on=TODAY, language="dansk")
    job = order(unit.caseworker, "keeping:consents_xlsx", "?status=standing")
    assert (job.kind, job.status, job.name) == ("keeping.list", "done", "samtykker-2026-11-24.xlsx")
    assert len(table(content_of(job))) == 4


@pytest.mark.usefixtures("long_from_three")
def test_times_of_a_filter_reach_the_worker(order):
    auditor = UserFactory(role="auditor")
    for minute in range(6):
        at = datetime(2026, 11, 24, 5, minute, tzinfo=UTC)
        AccessRecord.objects.create(action="case.read", case_number="2026-0001", mark=str(minute), at=at)
    query = "?fra=24.11.2026&fra-kl=6.01&til=24.11.2026&til-kl=6.04&sag=2026-0001"
    job = order(auditor, "keeping:breach_csv", query)
    assert (job.status, job.name) == ("done", "brud-2026-11-24.csv")
    assert [row[0][-8:] for row in table(content_of(job))[1:]] == [" 6.04.00", " 6.03.00", " 6.02.00", " 6.01.00"]


def test_filters_survive_the_way_to_the_worker():
    chosen = {
        "q": "Ærø",
        "first": date(2026, 2, 28),
        "since": datetime(2026, 11, 24, 5, 1, tzinfo=UTC),
        "first_at": time(5, 1),
        "sort": "-art",
    }
    assert listings.unpacked(listings.packed(chosen, "Søg: Ærø")) == (chosen, "Søg: Ærø")


def test_every_kind_of_job_has_a_worker():
    app.loader.import_default_modules()
    kinds = [*tasks.MAKERS, *keeping_tasks.MAKERS, *letters_tasks.MAKERS]
    assert kinds == ["desk.list", "keeping.list", "letters.many"]
    for kind in kinds:
        assert f"{kind.partition('.')[0]}.tasks.make_file" in app.tasks
    assert "jobs" in configured.CELERY_BEAT_SCHEDULE
    assert len(catalogue.LISTINGS) == 4


# --- Who has which ----------------------------------------------------------------------------


def test_placements_are_those_of_the_own_families_and_of_no_protected_one(client, unit):
    home = Dwelling.objects.create(street="Rønneholt", house_number="4", places=4)
    host = Host.objects.create(name="Kirsten Holm", places=2)
    shared = {"number": 1, "kind": "temporary", "residents": 3, "offered_on": day(-9), "ends_on": day(30)}
    Placement.objects.create(case=unit.case("Kovalenko"), dwelling=home, **shared)
    Placement.objects.create(case=unit.case("Melnyk", protected=True), host=host, **shared)
    Placement.objects.create(case=Unit("Syd").case("Shevchuk"), host=host, **shared)
    rows = table(fetch(client, unit.caseworker, "desk:placements_xlsx", **CSV).content)
    assert [row[0] for row in rows[1:]] == ["Kovalenko"]
    assert rows[1][2:] == [
        "Rønneholt 4", "", "Midlertidig boligplacering", "3", "Intet svar endnu", "15.11.2026", "", "24.12.2026",
    ]  # fmt: skip


def test_the_list_of_homes_leads_to_the_placements(client, unit):
    client.force_login(unit.caseworker)
    assert reverse("desk:placements_xlsx") in client.get(reverse("housing:board")).text
    assert reverse("desk:placements_xlsx") not in client.get(reverse("desk:cases")).text


@pytest.mark.parametrize("role", ["volunteer_coordinator", "health_visitor", "manager", "administrator", "auditor"])
def test_the_matrix_gives_no_list_of_families_to_others(client, unit, role):
    user = UserFactory(role=role, team=unit.team)
    for name in (STEPS, "desk:cases_xlsx", "desk:placements_xlsx", "keeping:consents_xlsx"):
        assert fetch(client, user, name).status_code == 404, name
