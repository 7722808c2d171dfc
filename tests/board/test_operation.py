"""Drift: what runs by itself and how it stands, letters that never arrived, and the last backup."""

import os
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core import mail as outbox
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRecord
from board.services import operation
from board.services.operation import Health
from cases.formats import length
from config.celery import app
from desk import tasks
from desk.models import Heartbeat, Job, Mail
from desk.services.log_check import check
from desk.services.mail import send_again, send_pending
from desk.services.sweep import _seen_before, sweep
from tests.factories import TODAY, UserFactory

pytestmark = pytest.mark.django_db
HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def no_marker(settings):
    settings.BACKUP_MARKER = ""


@pytest.fixture
def lars():
    return UserFactory(role="manager")


@pytest.fixture
def browser(lars):
    client = Client()
    client.force_login(lars)
    return client


def beat(run: str, *, age: timedelta, took: timedelta = timedelta(), **counts) -> Heartbeat:
    ended = timezone.now() - age
    return Heartbeat.objects.create(run=run, day=TODAY, started_at=ended - took, finished_at=ended, counts=counts)


def letter(key: str, *, age: timedelta = 4 * DAY, lost: bool = True, **given) -> Mail:
    now = timezone.now()
    given.setdefault("user", None if "address" in given else UserFactory(email=f"{key[:4]}@example.dk"))
    row = {"subject": "2 frister udløber i dag", "body": "x", "made_at": now - age, "next_try_at": now} | given
    return Mail.objects.create(
        key=key, attempts=70, last_error="TimeoutError", given_up_at=now - age + 3 * DAY if lost else None, **row
    )


def part(key: str) -> operation.Part:
    return next(part for part in operation.parts(now=timezone.now()) if part.key == key)


def page(browser) -> str:
    answer = browser.get(reverse("board:operation"))
    assert answer.status_code == 200
    return answer.text


# --- Who ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["manager", "administrator"])
def test_managers_and_the_administrator_see_it(role):
    client = Client()
    client.force_login(UserFactory(role=role))
    assert "Det, der kører af sig selv" not in page(client), "nothing has run yet"


@pytest.mark.parametrize("role", ["caseworker", "volunteer_coordinator", "finance", "auditor", None])
def test_for_others_it_does_not_exist(role):
    client = Client()
    client.force_login(UserFactory(role=role) if role else UserFactory())
    lost = letter("escalation:1")
    assert client.get(reverse("board:operation")).status_code == 404
    assert client.post(reverse("board:mend_mail"), {"do": "away", "mail": lost.pk}).status_code == 404
    lost.refresh_from_db()
    assert lost.put_away_at is None


def test_the_menu_of_the_manager_leads_here(browser):
    assert f'href="{reverse("board:operation")}"' in browser.get(reverse("desk:overview")).text


# --- Runs --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "health"), [(4 * MINUTE, Health.FINE), (HOUR, Health.FINE), (HOUR + MINUTE, Health.WRONG)]
)
def test_a_sweep_older_than_an_hour_is_wrong_and_says_what_to_do(age, health):
    beat("sweep", age=age - timedelta(seconds=30))
    found = part("sweep")
    assert (found.health, "starte dem" in found.todo) == (health, health is Health.WRONG)
    assert length(age - timedelta(seconds=30)) in found.said


@pytest.mark.parametrize(("run", "key"), [("repair", "repair"), ("check", "log")])
def test_the_nights_runs_are_missed_after_a_day(run, key):
    beat(run, age=24 * HOUR, cases=9, differed=0, rows=5, finding="")
    assert part(key).health is Health.FINE
    Heartbeat.objects.update(finished_at=timezone.now() - 27 * HOUR)
    assert part(key).health is Health.WRONG


def test_what_never_ran_is_wrong_but_an_unchecked_log_is_unknown():
    found = {part.key: part.health for part in operation.parts(now=timezone.now())}
    assert found == {
        "sweep": Health.WRONG, "repair": Health.WRONG, "mail": Health.FINE, "jobs": Health.FINE,
        "backup": Health.UNKNOWN, "log": Health.UNKNOWN,
    }  # fmt: skip


def test_the_page_shows_the_last_runs_with_time_length_and_counts(browser):
    took = timedelta(seconds=12)
    beat("sweep", age=MINUTE, took=took, notices={"warn": 3, "due": 2}, told=4, delivered=5, managers=1, corrected=7)
    beat("repair", age=HOUR, took=3 * MINUTE, cases=6512, differed=2, created=1, updated=3)
    html = page(browser)
    for words in ("12 sekunder", "3 minutter", "6512", "Sidst for 1 minut siden.", "2 afveg og er rettet"):
        assert words in html, words
    assert [row["noticed"] for row in browser.get(reverse("board:operation")).context["sweeps"]] == [5]
    assert browser.get(reverse("board:operation")).context["sweeps"][0]["delivered"] == 6


def test_a_real_sweep_leaves_how_long_it_took():
    now = timezone.now()
    sweep(today=TODAY, now=now)
    row = Heartbeat.objects.get()
    assert now <= row.finished_at < now + MINUTE
    assert row.finished_at > row.started_at


def test_the_state_is_said_by_word_and_sign(browser):
    beat("sweep", age=2 * HOUR)
    html = page(browser)
    assert html.count("Kræver handling") >= 2
    assert "2 ting kræver handling." in html
    assert html.count('<span class="tag tag-overdue"><svg') >= 2


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 sekunder"), (1, "1 sekund"), (59, "59 sekunder"), (60, "1 minut"), (3599, "59 minutter"), (3600, "1 time"),
     (86399, "23 timer"), (86400, "1 dag"), (3 * 86400, "3 dage"), (-5, "0 sekunder")],
)  # fmt: skip
def test_lengths_in_words(seconds, words):
    assert length(timedelta(seconds=seconds)) == words


# --- The log -----------------------------------------------------------------------------------


def test_the_nightly_check_says_when_the_log_was_last_found_untouched(browser):
    browser.get(reverse("desk:overview"))
    counts = check(today=TODAY, now=timezone.now())
    assert counts["finding"] == ""
    assert part("log").health is Health.FINE
    assert "Urørt:" in part("log").said


def test_a_touched_log_is_wrong(lars):
    AccessRecord.objects.create(action="case.read", mark="forged", at=timezone.now())
    tasks.check_log()
    found = part("log")
    assert (found.health, "verify_audit" in found.todo) == (Health.WRONG, True)


def test_a_check_between_two_sweeps_changes_nothing_of_what_the_second_looks_at(lars):
    now = timezone.now()
    for turn in range(2):
        sweep(today=TODAY, now=now + turn * MINUTE)
        check(today=TODAY, now=now + turn * MINUTE)
    Heartbeat.objects.filter(run="sweep").update(counts={"seen": 42})
    assert _seen_before() == 42


# --- Mail --------------------------------------------------------------------------------------


def test_the_queue_by_age_is_a_partition():
    ages = [MINUTE, 59 * MINUTE, 61 * MINUTE, 119 * MINUTE, 121 * MINUTE, 23 * HOUR, 25 * HOUR, 50 * DAY]
    for number, age in enumerate(ages):
        letter(f"weekly:{number}", age=age, lost=False)
    letter("escalation:gone")
    letter("escalation:sent", lost=False, sent_at=timezone.now())
    assert [row["count"] for row in operation.queue_by_age(now=timezone.now())] == [2, 2, 2, 2]


def test_mail_that_waits_too_long_is_wrong():
    letter("weekly:1", age=HOUR, lost=False)
    assert part("mail").health is Health.FINE
    letter("weekly:2", age=3 * HOUR, lost=False)
    found = part("mail")
    assert found.health is Health.WRONG
    assert found.said == "0 mails sendt det seneste døgn. 2 mails venter, den ældste i 3 timer."


def test_a_given_up_letter_is_sent_again_once(browser, lars):
    lost = letter("escalation:1")
    assert part("mail").health is Health.WRONG
    html = page(browser)
    assert "Mailserveren svarede ikke" in html
    for _twice in range(2):
        browser.post(reverse("board:mend_mail"), {"do": "again", "mail": lost.pk})
        send_pending(now=timezone.now())
    assert [sent.to for sent in outbox.outbox] == [[lost.user.email]]
    assert part("mail").health is Health.FINE
    rows = AccessRecord.objects.filter(action="mail.again")
    assert [(row.user_id, row.detail) for row in rows] == [(lars.pk, f"mail {lost.pk}")]


def test_all_at_once_but_for_mornings_that_are_over(browser):
    lost = [letter("escalation:1"), letter("weekly:1"), letter("digest:1:2026-11-20"), letter(f"digest:2:{TODAY}")]
    html = page(browser)
    assert html.count("Gælder en dag, der er gået") == 1
    browser.post(reverse("board:mend_mail"), {"do": "again"})
    assert set(Mail.objects.filter(given_up_at=None)) == {lost[0], lost[1], lost[3]}


def test_a_letter_put_away_is_off_the_page_and_out_of_the_warning(browser):
    lost, other = letter("escalation:1"), letter("weekly:1")
    browser.post(reverse("board:mend_mail"), {"do": "away", "mail": lost.pk})
    assert [row["pk"] for row in browser.get(reverse("board:operation")).context["lost"]] == [other.pk]
    browser.post(reverse("board:mend_mail"), {"do": "away", "mail": other.pk})
    assert part("mail").health is Health.FINE
    assert Mail.objects.filter(sent_at=None).count() == 2, "nothing pretends that they arrived"


@pytest.mark.parametrize(
    "data", [{}, {"do": "again", "mail": "x"}, {"do": "burn", "mail": "1"}, {"do": "away", "mail": "9" * 30}]
)
def test_what_makes_no_sense_does_nothing(browser, data):
    lost = letter("escalation:1")
    assert browser.post(reverse("board:mend_mail"), data).status_code == 302
    lost.refresh_from_db()
    assert (lost.given_up_at is None, lost.put_away_at) == (False, None)


def test_only_given_up_letters_are_sent_again(lars):
    sent, waits = letter("weekly:1", lost=False, sent_at=timezone.now()), letter("weekly:2", lost=False)
    assert send_again([sent.pk, waits.pk], by=lars, today=TODAY, now=timezone.now()) == 0


def test_addresses_outside_are_not_shown(browser):
    letter("inquiry:1", address="frivillig@example.dk", subject="En familie søger en kontaktperson")
    html = page(browser)
    assert "En adresse uden for kommunen" in html
    assert "frivillig@example.dk" not in html


# --- Background jobs ---------------------------------------------------------------------------


def test_failed_and_silent_jobs_are_told_and_old_or_healthy_ones_are_not(browser):
    now, user = timezone.now(), UserFactory(first_name="Mette", last_name="Lindholm")
    shared = {"user": user, "kind": "desk.list"}
    Job.objects.create(status="failed", title="Mislykket", message="Noget gik galt.", **shared)
    Job.objects.create(status="running", title="Stum", seen_at=now - HOUR, **shared)
    Job.objects.create(status="running", title="Flittig", seen_at=now, **shared)
    Job.objects.create(status="waiting", title="Ny", **shared)
    stuck = Job.objects.create(status="waiting", title="Glemt", **shared)
    Job.objects.filter(pk=stuck.pk).update(created_at=now - HOUR)
    old = Job.objects.create(status="failed", title="Gammel", **shared)
    Job.objects.filter(pk=old.pk).update(created_at=now - 8 * DAY)
    titles = [row["title"] for row in browser.get(reverse("board:operation")).context["jobs"]]
    assert titles == ["Glemt", "Stum", "Mislykket"]
    assert part("jobs").said == "4 filer venter eller er i gang. 3 filer gik galt eller står stille."


# --- Backup ------------------------------------------------------------------------------------


def note() -> str:
    out = StringIO()
    call_command("note_backup", stdout=out)
    return out.getvalue()


def test_without_a_marker_the_page_says_so_in_plain_words(browser):
    assert "Ikke sat op: Indgang ved ikke, om der tages backup." in page(browser)
    with pytest.raises(CommandError, match="BACKUP_MARKER"):
        note()


def test_the_marker_says_how_old_the_last_one_is(settings, tmp_path, clock):
    settings.BACKUP_MARKER = str(tmp_path / "last")
    assert (part("backup").health, part("backup").said) == (Health.WRONG, "Der er endnu ikke noteret nogen backup.")
    assert "Backup noteret i" in note()
    for age, health in ((26 * HOUR, Health.FINE), (26 * HOUR + MINUTE, Health.WRONG)):
        at = (timezone.now() - age + timedelta(seconds=5)).timestamp()
        os.utime(settings.BACKUP_MARKER, (at, at))
        assert part("backup").health is health
        assert part("backup").said == "Sidst for 1 dag siden."


def test_a_marker_that_can_not_be_written_is_said(settings, tmp_path):
    settings.BACKUP_MARKER = str(tmp_path / "nowhere" / "last")
    with pytest.raises(CommandError, match="kan ikke skrives"):
        note()


def test_the_marker_is_read_as_a_moment(settings, tmp_path):
    settings.BACKUP_MARKER = str(tmp_path / "last")
    note()
    os.utime(settings.BACKUP_MARKER, (1_000_000, 1_000_000))
    assert operation.last_backup() == datetime(1970, 1, 12, 13, 46, 40, tzinfo=UTC)


# --- The page ----------------------------------------------------------------------------------


def test_the_page_costs_the_same_for_one_and_for_three(browser, django_assert_max_num_queries):
    page(browser)  # each process learns a few things once
    counts = []
    for rows in (1, 3):
        while Job.objects.count() < rows:
            number = Job.objects.count()
            Job.objects.create(status="failed", title="x", user=UserFactory(), kind="desk.list")
            letter(f"weekly:{number}")
            beat("sweep", age=MINUTE)
            beat("repair", age=MINUTE)
        with django_assert_max_num_queries(60) as counted:
            page(browser)
        counts.append(len(counted))
    assert counts[0] == counts[1]


def test_the_check_of_the_log_is_scheduled():
    app.loader.import_default_modules()
    assert "desk.tasks.check_log" in app.tasks
