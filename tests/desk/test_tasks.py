"""The tasks: thin, idempotent, named as the schedule names them; repair and the start of a worker."""

from datetime import date, timedelta

import pytest
from celery.schedules import crontab
from django.conf import settings

from cases.models import Stay
from config.celery import app
from deadlines import engine
from deadlines.models import Notice, Step
from desk import tasks
from desk.areas import all_rules
from desk.models import Heartbeat, Mail
from desk.services.repair import is_due, repair
from tests.desk.test_sweep import DAY, TODAY, Office, at
from tests.factories import a_family


@pytest.fixture
def office(db) -> Office:
    return Office()


def test_every_entry_of_the_schedule_names_a_task_and_expires():
    app.loader.import_default_modules()
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert entry["task"] in app.tasks
        assert entry["options"]["expires"]
    assert settings.CELERY_TIMEZONE == "UTC"


def test_the_sweep_is_scheduled_every_quarter_of_an_hour():
    minutes = settings.CELERY_BEAT_SCHEDULE["sweep"]["schedule"]
    assert isinstance(minutes, crontab)
    assert (sorted(minutes.minute), len(minutes.hour), len(minutes.day_of_week)) == ([0, 15, 30, 45], 24, 7)


def test_digests_are_scheduled_whenever_it_may_be_half_past_seven():
    hours = settings.CELERY_BEAT_SCHEDULE["digests"]["schedule"].hour
    assert {5, 6, 14, 15} <= hours  # summer and winter, morning to late afternoon


def test_tasks_may_run_twice(office):
    office.step("", TODAY, rule="", title="Ring til skolen")
    for _turn in range(2):
        tasks.sweep.delay()
        tasks.send_digests.delay()
        tasks.send_mail.delay()
        tasks.repair.delay()
    assert Notice.objects.filter(level="due").count() == 1
    assert [(letter.user, letter.sent_at is not None) for letter in Mail.objects.all()] == [(office.mette, True)]


def test_a_worker_that_starts_sweeps_and_repairs_what_the_night_missed(office):
    assert is_due(at(TODAY))
    tasks.at_start()
    assert set(Heartbeat.objects.values_list("run", flat=True)) == {"sweep", "repair"}
    assert not is_due(at(TODAY))


def test_repair_brings_what_time_itself_demands(db):
    case = a_family(
        {"given_names": "Olena"},
        {"given_names": "Sofiia", "role": "child", "birth_date": date(2021, 3, 1)},
        arrived_on=TODAY, visitation_on=TODAY, residence_from=TODAY, today=TODAY,
    )  # fmt: skip
    engine.refresh([case.pk], all_rules(), today=TODAY)
    assert not Step.objects.filter(rule="schooling.school_offer").exists()
    later = TODAY.replace(year=2027, month=3)
    counts = repair(today=later, now=at(later))
    assert (counts["cases"], counts["numbers"]) == (1, [case.number])
    assert Step.objects.get(rule="schooling.school_offer").starts_on.isoformat() == "2027-08-01"
    assert repair(today=later, now=at(later))["differed"] == 0


def test_repair_writes_only_what_differs_and_keeps_decisions(db):
    one, other = (a_family(arrived_on=TODAY, visitation_on=TODAY, today=TODAY) for _n in range(2))
    engine.refresh([one.pk, other.pk], all_rules(), today=TODAY)
    step = Step.objects.get(case=one, rule="reception.min_plan")
    Step.objects.filter(pk=step.pk).update(follow_up_on=TODAY + 30 * DAY, follow_up_reason="Familien er rejst")
    Stay.objects.filter(person__case=one).update(arrived_on=TODAY - DAY)
    counts = repair(today=TODAY, now=at(TODAY))
    assert counts["numbers"] == [one.number]
    step.refresh_from_db()
    assert (step.starts_on, step.follow_up_on) == (TODAY, TODAY + 30 * DAY)
    assert Step.objects.get(case=one, rule="volunteers.introduction").starts_on == TODAY - DAY


def test_old_heartbeats_go(db):
    long_ago = at(TODAY) - timedelta(days=31)
    Heartbeat.objects.create(run="sweep", day=TODAY, started_at=long_ago, finished_at=long_ago)
    repair(today=TODAY, now=at(TODAY))
    assert list(Heartbeat.objects.values_list("run", flat=True)) == ["repair"]
