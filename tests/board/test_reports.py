"""Reports are made once, kept as they were made, and given to whom their figures belong."""

import subprocess
import sys
from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRecord
from board.models import Report
from board.services import reports, snapshots
from board.services.compliance import Period, due_in
from board.services.scope import scope_of
from board.tasks import make_file
from desk.models import Job
from desk.services import jobs
from tests.board.generated import House, families
from tests.board.reported import NOVEMBER, OCTOBER, made, wish, work
from tests.conftest import TODAY

pytestmark = pytest.mark.django_db
PAGE, MAKE = reverse("board:reports"), reverse("board:make_report")


@pytest.fixture(autouse=True)
def quick(storage, monkeypatch):
    """The printer has tests of its own in test_report_files."""
    monkeypatch.setattr(reports, "paper", lambda report: f"%PDF-1.7 {report.figures}".encode())


@pytest.fixture
def house():
    found = House()
    families(found, 40)
    snapshots.take(today=TODAY)
    return found


def as_(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def files() -> set[str]:
    return set(default_storage.listdir(reports.FOLDER)[1]) if default_storage.exists(reports.FOLDER) else set()


def month(first: date, **more) -> dict:
    return {"kind": "monthly", "monthly-first": f"{first:%Y-%m}", **more}


# --- Made once --------------------------------------------------------------------------------


def test_a_doubled_task_makes_one_report(house):
    job = wish(house.manager)
    make_file(job.pk)
    make_file(job.pk)
    assert Report.objects.count() == 1
    assert len(files()) == 2
    assert AccessRecord.objects.filter(action="report.made").count() == 1


def test_a_run_that_broke_off_after_the_report_goes_on_with_it(house):
    job = wish(house.manager)
    work(job)
    Job.objects.filter(pk=job.pk).update(status=Job.Status.FAILED)
    jobs.again(job, now=timezone.now())
    assert work(job).status == Job.Status.DONE
    assert (Report.objects.count(), len(files())) == (1, 2)


@pytest.mark.parametrize("same_wish", [True, False])
def test_of_two_at_a_time_the_first_stays(house, monkeypatch, same_wish):
    """The same wish twice, or two wishes for the same closed month: one report, and no stray file."""
    first = made(house.manager)
    job = wish(house.manager)
    if same_wish:
        monkeypatch.setattr(reports, "wish_of", lambda job: first.wish)
    monkeypatch.setattr(reports, "final_one", lambda *args: None)
    monkeypatch.setattr(reports, "wished", lambda wish: None)
    assert work(job).status == Job.Status.DONE
    assert Report.objects.get() == first
    assert files() == {first.pdf.partition("/")[2], first.xlsx.partition("/")[2]}


def test_nothing_is_left_of_what_failed(house, monkeypatch):
    def breaks(report):
        raise reports.PaperError("PDF'en kunne ikke laves.")

    monkeypatch.setattr(reports, "paper", breaks)
    job = work(wish(house.manager))
    assert (job.status, job.message) == (Job.Status.FAILED, "PDF'en kunne ikke laves.")
    assert (Report.objects.count(), files()) == (0, set())


def test_how_far_it_is(house):
    job, told = wish(house.manager), []
    makers = {
        reports.KIND: lambda job, user, progress: reports.make(
            job, user, lambda done, total: told.append((done, total)) or progress(done, total), now=timezone.now()
        )
    }
    jobs.run(job.pk, makers, now=timezone.now())
    assert told == [(number, job.total) for number in range(1, job.total + 1)]


def test_a_web_process_finds_the_task_of_the_worker():
    """A page has not loaded board.tasks."""
    code = (
        "import django, sys; django.setup(); from desk import tasks; from desk.models import Job;"
        "assert 'board.tasks' not in sys.modules; print(tasks.task_of(Job(kind='board.report')).name)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "board.tasks.make_file", done.stderr


# --- Kept -------------------------------------------------------------------------------------


def test_a_closed_month_stays_as_it_was_when_a_case_is_corrected(house):
    report = made(house.manager)
    page = reverse("board:report", args=[report.pk])
    client = as_(house.manager)
    before = body(client.get(page).text), reports.content_of(report, "pdf"), reports.content_of(report, "xlsx")
    step = a_late_step(house.manager)
    step.met_on = step.due_on
    step.save()
    assert snapshots.take(today=TODAY)["corrected"] > 0
    again = Report.objects.get(pk=report.pk)
    assert again.figures == report.figures
    after = body(client.get(page).text), reports.content_of(again, "pdf"), reports.content_of(again, "xlsx")
    assert after == before
    answer = client.post(MAKE, month(OCTOBER))
    assert answer["Location"] == page, "asked for once more, it is the same"
    assert Report.objects.count() == 1


def body(page: str) -> str:
    """Its own part, without the keys of its forms."""
    return page[page.index("<h1>") : page.index("</main>")]


def a_late_step(user):
    """One that October closed with as late, of a case that is still open."""
    october = Period(OCTOBER, date(2026, 10, 31))
    return due_in(scope_of(user), october, TODAY).filter(outcome="late", withdrawn_on=None).first()


def test_an_open_month_gets_a_new_edition_each_time(house, clock):
    first = made(house.manager, first=NOVEMBER)
    clock.move_to(timezone.now() + timedelta(hours=2))
    second = made(house.manager, first=NOVEMBER)
    assert (first.is_final, second.is_final) == (False, False)
    assert first.made_at < second.made_at
    text = as_(house.manager).get(PAGE).text
    assert "24.11.2026 kl. 9.0" in text
    assert "24.11.2026 kl. 11.0" in text
    assert text.count("Foreløbig") == 2


def test_the_edition_after_closing_is_the_final_one(house, clock):
    made(house.manager, first=NOVEMBER)
    clock.move_to(timezone.now() + timedelta(days=30))
    snapshots.take(today=timezone.localdate())
    final = made(house.manager, first=NOVEMBER)
    assert final.is_final
    assert final.last == date(2026, 11, 30)
    assert as_(house.manager).post(MAKE, month(NOVEMBER))["Location"] == reverse("board:report", args=[final.pk])


def test_a_kept_report_is_not_written_again(house):
    report = made(house.manager)
    report.figures = {}
    with pytest.raises(TypeError):
        report.save()


# --- For whom ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["report", "report_pdf", "report_xlsx"])
def test_nobody_else_gets_it(house, name):
    report = made(house.manager)
    url = reverse(f"board:{name}", args=[report.pk])
    assert as_(house.manager).get(url).status_code == 200
    for other in (house.neighbour, house.unattached, house.finance, house.owners[0]):
        assert as_(other).get(url).status_code == 404
    assert PAGE in as_(house.manager).get(PAGE).text
    assert reverse("board:report", args=[report.pk]) not in as_(house.neighbour).get(PAGE).text


def test_who_moves_to_another_unit_leaves_its_reports_behind(house):
    report = made(house.manager)
    house.manager.team = house.teams[1]
    house.manager.save()
    assert as_(house.manager).get(reverse("board:report", args=[report.pk])).status_code == 404


@pytest.mark.parametrize(("name", "ending"), [("report_pdf", ".pdf"), ("report_xlsx", ".xlsx")])
def test_a_file_is_fetched_with_a_line_in_the_log(house, name, ending):
    report = made(house.manager)
    answer = as_(house.manager).get(reverse(f"board:{name}", args=[report.pk]))
    assert answer["Content-Disposition"] == f'attachment; filename="maanedsrapport-2026-10{ending}"'
    row = AccessRecord.objects.get(action="report.export")
    assert (row.user_id, row.detail) == (house.manager.pk, f"monthly {report.pk}: {ending}")


# --- The page ---------------------------------------------------------------------------------


def test_asking_leads_to_the_page_that_tells_how_far_it_is(house):
    client = as_(house.manager)
    answer = client.post(MAKE, month(NOVEMBER, **{"monthly-form": "xlsx"}))
    job = Job.objects.get()
    assert answer["Location"] == reverse("desk:job", args=[job.pk])
    assert (job.title, job.data["form"]) == ("Månedsrapport, november 2026", "xlsx")
    assert "Månedsrapport, november 2026" in client.get(PAGE).text
    assert client.post(MAKE, month(NOVEMBER))["Location"] == answer["Location"], "asked twice, made once"
    assert Job.objects.count() == 1
    assert work(job).name == "maanedsrapport-2026-11-2411-0900.xlsx"


def test_months_the_wrong_way_round(house):
    wrong = {"kind": "evaluation", "evaluation-first": "2026-11", "evaluation-last": "2026-09"}
    answer = as_(house.manager).post(MAKE, wrong)
    assert answer.status_code == 422
    assert "Den første måned ligger efter den sidste. Byt om på dem." in answer.text
    assert '<option value="2026-09" selected>' in answer.text
    assert not Job.objects.exists()


@pytest.mark.parametrize("word", ["2031-01", "x", ""])
def test_a_month_that_is_not_offered(house, word):
    answer = as_(house.manager).post(MAKE, {"kind": "monthly", "monthly-first": word})
    assert answer.status_code == 422
    assert "Vælg en måned" in answer.text


def test_an_unknown_kind(house):
    answer = as_(house.manager).post(MAKE, {"kind": "yearly"})
    assert (answer.status_code, Job.objects.count()) == (422, 0)


def test_the_period_of_the_board_is_chosen(house):
    client = as_(house.manager)
    board = client.get(reverse("board:compliance"), {"fra": "01-09-2026", "til": "20-10-2026"}).text
    link = f"{PAGE}?fra=2026-09-01&amp;til=2026-10-20&amp;som=xlsx"
    assert f'href="{link}"' in board
    assert "data-print" in board
    text = client.get(link.replace("&amp;", "&")).text
    assert text.count('<option value="2026-10" selected>') == 2
    assert '<option value="2026-09" selected>' in text
    assert 'name="monthly-form" value="xlsx"' in text
    assert "Det valgte team" not in text
    assert "Det valgte team" in client.get(PAGE, {"by": "1"}).text


def test_before_anything_is_kept():
    user = House().manager
    text = as_(user).get(PAGE).text
    assert "Ingen rapporter endnu" in text
    assert as_(user).post(MAKE, month(NOVEMBER)).status_code == 302
    assert work(Job.objects.get()).status == Job.Status.DONE
    assert as_(user).get(reverse("board:report", args=[Report.objects.get().pk])).status_code == 200


def test_three_reports_ask_no_more_than_one(house):
    client, asked = as_(house.manager), []
    for number in (1, 3):
        while Report.objects.count() < number:
            made(house.manager, first=NOVEMBER)
        client.get(PAGE)
        with CaptureQueriesContext(connection) as found:
            client.get(PAGE)
        asked.append(len(found))
    assert asked[0] == asked[1]
