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
    """And what was lost is asked for once more."""
    now = timezone.now()
    batch.forget_old(now)
    for job_id in batch.lost(now):
        print_letters.delay(job_id)
