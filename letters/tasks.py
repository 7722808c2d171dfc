"""The worker's doors: ids only, and nothing is lost when one never runs."""

from celery import shared_task
from django.utils import timezone

from letters.services import batch

QUARTER = 15 * 60


@shared_task(name="letters.tasks.print_letters", soft_time_limit=QUARTER, time_limit=QUARTER + 30)
def print_letters(job_id: int):
    now = timezone.now()
    batch.run(job_id, today=timezone.localdate(now), now=now)


@shared_task(name="letters.tasks.forget_old", expires=QUARTER)
def forget_old():
    batch.forget_old(timezone.now())
