"""The doors through which Celery comes in. Ids only, idempotent, and nothing is lost when one never runs.

The broker may lose, double or delay a task: every run asks the database what is left to do.
"""

import logging

from celery import Task, current_app, shared_task
from celery.signals import worker_ready
from django.db import transaction
from django.utils import timezone

from desk.models import Job
from desk.services import catalogue, digest, inquiries, jobs, listings, log_check, mail
from desk.services import repair as repairing
from desk.services import sweep as sweeping

log = logging.getLogger(__name__)
QUARTER, NIGHT = 15 * 60, 4 * 3600
MAKERS = {catalogue.KIND: listings.maker(catalogue.LISTINGS)}


@shared_task(name="desk.tasks.sweep", expires=QUARTER)
def sweep():
    """Every quarter of an hour. Where the night's repair was missed, because no worker ran, it is asked for too."""
    now = timezone.now()
    today = timezone.localdate(now)
    log.info("sweep %s", sweeping.sweep(today=today, now=now))
    if repairing.is_due(now):
        repair.apply_async(expires=NIGHT)


@shared_task(name="desk.tasks.send_digests", expires=QUARTER)
def send_digests():
    now = timezone.now()
    log.info("digests %s", digest.tell_by_mail(today=timezone.localdate(now), now=now))


@shared_task(name="desk.tasks.send_mail", expires=60)
def send_mail():
    now = timezone.now()
    asked = inquiries.write_pending(now=now)
    log.info("asked %d, mail %s", asked, mail.send_pending(now=now))


@shared_task(name="desk.tasks.repair", expires=NIGHT, soft_time_limit=NIGHT, time_limit=NIGHT + 60)
def repair():
    """At night; and once more a sweep, so that what it found is told."""
    now = timezone.now()
    counts = repairing.repair(today=timezone.localdate(now), now=now)
    log.info("repair %s", {**counts, "numbers": len(counts["numbers"])})
    sweep.apply_async(expires=QUARTER)


@shared_task(name="desk.tasks.check_log", expires=NIGHT, soft_time_limit=NIGHT, time_limit=NIGHT + 60)
def check_log():
    """At night: whether anybody has touched the log. Of a finding the page Drift and the worker's log speak."""
    now = timezone.now()
    counts = log_check.check(today=timezone.localdate(now), now=now)
    (log.error if counts["finding"] else log.info)("log %s", counts)


@shared_task(name="desk.tasks.make_file", soft_time_limit=QUARTER, time_limit=QUARTER + 30)
def make_file(job_id: int):
    jobs.run(job_id, MAKERS, now=timezone.now())


def ask_for(job: Job) -> None:
    """A worker for the job, once the transaction has ended.

    A broker that is away stops no page: look_after_jobs asks again.
    """
    task = task_of(job)

    def ask():  # Django names what it calls when it fails; a partial has no name
        task.apply_async((job.pk,), expires=jobs.UNASKED.total_seconds())

    transaction.on_commit(ask, robust=True)


def task_of(job: Job) -> Task:
    """The task make_file of the app that the job's kind names; a web process has not loaded those of other apps."""
    name = f"{job.kind.partition('.')[0]}.tasks.make_file"
    if name not in current_app.tasks:
        current_app.loader.import_default_modules()
    return current_app.tasks[name]


@shared_task(name="desk.tasks.look_after_jobs", expires=5 * 60)
def look_after_jobs():
    """Every five minutes: files of last week go, and what no worker has ended is asked for once more."""
    now = timezone.now()
    jobs.forget_old(now=now)
    for job in jobs.give_up_or_ask(now=now):
        ask_for(job)


@worker_ready.connect
def at_start(**kwargs):
    """A worker that starts sweeps at once, whatever the schedule says."""
    sweep.apply_async(expires=QUARTER)
