"""Files from the background: made once whatever the broker does, for one user, and forgotten after a week."""

import os
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.access import Permission
from accounts.models import AccessRecord, RoleGrant
from desk import tasks
from desk.models import Job
from desk.services import jobs
from tests.desk.wishes import KIND, files, made, wish, work
from tests.factories import UserFactory
from tests.files import prove

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_storage")]
ROOT = Path(__file__).parents[2]


def as_(user) -> Client:
    browser = Client()
    browser.force_login(user)
    prove(browser, user)
    return browser


def logged(action: str) -> int:
    return AccessRecord.objects.filter(action=action).count()


# --- Made once --------------------------------------------------------------------------------


def test_a_job_leaves_one_file_its_log_and_its_end(mette):
    job = work(wish(mette, order="Kovalenko"))
    assert (job.status, job.done, job.total, job.message) == ("done", 2, 2, "To rækker.")
    assert (logged("list.export"), len(files())) == (1, 1)
    assert job.order == "", "what was typed is not needed any more"
    assert job.file.removeprefix("jobs/") not in {"frister.csv", str(job.pk)}
    assert len(job.file) > 32, "nobody guesses its name"


def test_a_doubled_task_makes_one_file(mette):
    job = wish(mette)
    assert work(job) is not None
    assert work(job) is None
    assert (logged("list.export"), len(files())) == (1, 1)


def test_a_task_that_comes_while_another_works_does_nothing(mette):
    job, inner = wish(mette), []

    def meanwhile(job, user, progress):
        inner.append(work(job))
        return made(job, user, progress)

    assert work(job, meanwhile).status == "done"
    assert (inner, len(files())) == ([None], 1)


def test_a_silent_worker_is_replaced_and_writes_nothing_when_it_wakes(mette):
    job, inner = wish(mette), []

    def sleeps(job, user, progress):
        inner.append(work(job, later=jobs.SILENT + timedelta(seconds=1)))
        return jobs.Made(b"late", "late.csv", log=[{"action": "list.export"}])

    assert work(job, sleeps).name == "frister.csv"
    assert inner[0].status == "done"
    assert (logged("list.export"), len(files())) == (1, 1)


def test_a_worker_without_its_claim_stops_at_the_next_step(mette):
    job, after = wish(mette), []

    def robbed(job, user, progress):
        Job.objects.filter(pk=job.pk).update(claim="another")
        progress(2, 2)
        after.append(True)

    assert work(job, robbed) is None
    assert after == []
    job.refresh_from_db()
    assert (job.status, job.claim) == ("running", "another")


def test_how_far_it_is_can_be_read_while_it_works(mette):
    job, seen = wish(mette), []

    def watched(job, user, progress):
        progress(1, 4)
        seen.append(Job.objects.values_list("status", "done", "total").get(pk=job.pk))
        return made(job, user, progress)

    work(job, watched)
    assert seen == [("running", 1, 4)]


# --- What goes wrong --------------------------------------------------------------------------


def test_a_refusal_is_said_in_its_own_words(mette):
    def refuses(job, user, progress):
        raise jobs.Refused("Der er ingen rækker.")

    job = work(wish(mette), refuses)
    assert (job.status, job.message, files()) == ("failed", "Der er ingen rækker.", [])


def test_an_error_is_said_without_its_words_and_may_be_tried_again(mette):
    def breaks(job, user, progress):
        raise ValueError("Olena Kovalenko")

    job = work(wish(mette), breaks)
    assert (job.status, job.message) == ("failed", "Noget gik galt, mens filen blev lavet.")
    page = as_(mette).get(reverse("desk:job", args=[job.pk])).text
    assert "Prøv igen" in page
    assert jobs.again(job, now=timezone.now())
    assert work(job).status == "done"


def test_a_killed_worker_leaves_no_file_and_the_job_is_found_again(mette):
    def dies(job, user, progress):
        raise KeyboardInterrupt

    job = wish(mette)
    with pytest.raises(KeyboardInterrupt):
        work(job, dies)
    job.refresh_from_db()
    assert (job.status, files(), logged("list.export")) == ("running", [], 0)
    now = timezone.now()
    assert jobs.give_up_or_ask(now=now) == []
    assert jobs.give_up_or_ask(now=now + jobs.SILENT + timedelta(seconds=1)) == [job]
    assert work(job, later=jobs.SILENT + timedelta(seconds=2)).status == "done"


def test_what_dies_each_time_fails_in_the_end(mette):
    def dies(job, user, progress):
        raise KeyboardInterrupt

    job, later = wish(mette), timedelta()
    for _turn in range(jobs.MOST_TRIES):
        with pytest.raises(KeyboardInterrupt):
            work(job, dies, later=later)
        later += jobs.SILENT + timedelta(seconds=1)
    assert jobs.give_up_or_ask(now=timezone.now() + later) == []
    job.refresh_from_db()
    assert (job.status, job.message) == ("failed", "Arbejdet blev afbrudt flere gange.")
    assert jobs.again(job, now=timezone.now())


def test_a_log_that_can_not_be_written_leaves_no_file(mette, monkeypatch):
    def fails(*args, **kwargs):
        raise OSError("no space left")

    monkeypatch.setattr("accounts.audit.log", fails)
    job = wish(mette)
    with pytest.raises(OSError, match="no space"):
        work(job)
    job.refresh_from_db()
    assert (job.status, files()) == ("running", [])


def test_a_wish_that_was_lost_on_the_way_is_asked_for_again(mette, monkeypatch):
    job, asked = wish(mette), []
    monkeypatch.setattr(tasks, "ask_for", asked.append)
    tasks.look_after_jobs()
    assert asked == []
    Job.objects.update(created_at=timezone.now() - jobs.UNASKED - timedelta(seconds=1))
    tasks.look_after_jobs()
    assert asked == [job]


def test_what_no_worker_takes_up_may_be_asked_for_again_by_hand(mette, monkeypatch):
    job, asked, browser = wish(mette), [], as_(mette)
    monkeypatch.setattr(tasks, "ask_for", asked.append)
    assert "Prøv igen" not in browser.get(reverse("desk:job", args=[job.pk])).text
    Job.objects.update(created_at=timezone.now() - jobs.UNASKED - timedelta(seconds=1))
    assert "Prøv igen" in browser.get(reverse("desk:job", args=[job.pk])).text
    for _click in range(2):
        browser.post(reverse("desk:job_again", args=[job.pk]))
    assert asked == [job], "then it is waited for again"


def test_a_message_that_nobody_read_in_time_is_none(mette, monkeypatch, django_capture_on_commit_callbacks):
    """A weekend without a worker leaves no heap of messages behind: look_after_jobs writes new ones."""
    job, sent = wish(mette), []
    monkeypatch.setattr(tasks.make_file, "apply_async", lambda args, **how: sent.append((args, how)))
    with django_capture_on_commit_callbacks(execute=True):
        tasks.ask_for(job)
    assert sent == [((job.pk,), {"expires": jobs.UNASKED.total_seconds()})]


def test_whoever_lost_the_right_gets_neither_run_nor_file(mette):
    job = work(wish(mette, permission=Permission.SEE_CASE_FILES))
    later = wish(mette, permission=Permission.SEE_CASE_FILES)
    RoleGrant.objects.filter(user=mette).delete()
    user = type(mette).objects.get(pk=mette.pk)
    assert jobs.file_of(job, user) is None
    later = work(later)
    assert (later.status, later.message) == ("failed", "Du har ikke længere adgang til det, filen handler om.")


# --- Fetched ----------------------------------------------------------------------------------


def test_only_its_user_knows_of_it(mette):
    job = work(wish(mette))
    other = as_(UserFactory(role="manager"))
    for name in ("job", "job_file"):
        assert other.get(reverse(f"desk:{name}", args=[job.pk])).status_code == 404
    assert other.post(reverse("desk:job_again", args=[job.pk])).status_code == 404
    assert "Frister (CSV)" not in other.get(reverse("desk:files")).text


def test_fetching_is_logged_with_its_purpose(mette):
    job = work(wish(mette, purpose="Mødeforberedelse"))
    answer = as_(mette).get(reverse("desk:job_file", args=[job.pk]))
    assert (answer.content, answer["Content-Type"]) == (b"a;b", "text/csv; charset=utf-8")
    assert answer["Content-Disposition"] == 'attachment; filename="frister.csv"'
    row = AccessRecord.objects.get(action="file.export")
    assert (row.user_id, row.purpose, row.detail) == (mette.pk, "Mødeforberedelse", f"{KIND} job {job.pk}")


def test_a_file_about_families_asks_for_a_fresh_log_in(mette):
    job, figures = work(wish(mette)), work(wish(mette, personal=False))
    browser = Client()
    browser.force_login(mette)
    asked = browser.get(reverse("desk:job_file", args=[job.pk]))
    assert (asked.status_code, asked["Location"].startswith("/bekraeft/")) == (302, True)
    assert logged("file.export") == 0
    assert browser.get(reverse("desk:job_file", args=[figures.pk])).content == b"a;b"


def test_the_page_asks_again_until_it_is_over(mette):
    job, browser = wish(mette), as_(mette)
    Job.objects.filter(pk=job.pk).update(status="running", done=1200, total=3000, seen_at=timezone.now())
    url = reverse("desk:job", args=[job.pk])
    page = browser.get(url).text
    for words in ("1.200 af 3.000", 'hx-trigger="every 2s"', '<progress max="100" value="40"'):
        assert words in page
    fragment = browser.get(url, headers={"HX-Request": "true"})
    assert (fragment.status_code, "<html" in fragment.text, "Prøv igen" in fragment.text) == (200, False, False)
    work(job, later=jobs.SILENT + timedelta(seconds=1))
    ended = browser.get(url, headers={"HX-Request": "true"})
    assert ended.status_code == 286, "htmx asks no more"
    assert reverse("desk:job_file", args=[job.pk]) in ended.text
    assert 'hx-trigger="every 2s"' not in browser.get(url).text


def test_a_job_whose_worker_is_silent_offers_to_try_again(mette):
    job = wish(mette)
    Job.objects.filter(pk=job.pk).update(status="running", seen_at=timezone.now() - jobs.SILENT - timedelta(seconds=9))
    assert "Prøv igen" in as_(mette).get(reverse("desk:job", args=[job.pk])).text


def test_the_list_costs_the_same_for_one_and_for_three(mette, django_assert_max_num_queries):
    browser, url = as_(mette), reverse("desk:files")
    assert "Ingen filer endnu" in browser.get(url).text
    counts = []
    for rows in (1, 3):
        while Job.objects.count() < rows:
            work(wish(mette))
        with django_assert_max_num_queries(100) as counted:
            page = browser.get(url).text
        counts.append(len(counted))
        assert page.count("Hent<span") == rows
    assert counts[0] == counts[1]


# --- On the way to a worker --------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["letters.many", "keeping.list"])
def test_a_web_process_finds_the_task_of_an_app_whose_tasks_it_never_imported(kind):
    script = f"""
import sys, django
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
from desk.models import Job
from desk.tasks import task_of
assert "{kind.partition(".")[0]}.tasks" not in sys.modules
print(task_of(Job(kind="{kind}")).name)
"""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": "sqlite://:memory:",
        "DEMO": "1",
    }
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == f"{kind.partition('.')[0]}.tasks.make_file", done.stderr[-2000:]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_broker_that_is_away_stops_no_page(mette, monkeypatch):
    asked = []

    def away(*args, **kwargs):
        asked.append(args)
        raise ConnectionError("nobody there")

    job = jobs.start(mette, "desk.list", title="Frister (CSV)")
    monkeypatch.setattr(tasks.make_file, "apply_async", away)
    with transaction.atomic():
        tasks.ask_for(job)
    assert asked == [((job.pk,),)]
    job.refresh_from_db()
    assert job.status == "waiting", "look_after_jobs asks again"


# --- At once ----------------------------------------------------------------------------------


@pytest.mark.skipif(connection.vendor == "sqlite", reason="in memory, two threads do not wait for each other")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_workers_at_the_same_moment_one_makes_it(mette):
    job, gate, won = wish(mette), threading.Barrier(2), []

    def both():
        try:
            gate.wait(timeout=10)
            won.append(work(job) is not None)
        finally:
            connection.close()

    workers = [threading.Thread(target=both) for _each in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=30)
    assert sorted(won) == [False, True]
    assert (logged("list.export"), len(files())) == (1, 1)
