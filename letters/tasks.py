"""The worker's door: ids only, and nothing is lost when one never runs."""

from celery import shared_task
from django.utils import timezone

from desk.services import jobs
from letters.services import batch

QUARTER = 15 * 60


def letters(job, user, progress) -> jobs.Made:
    return batch.make(job, user, progress, today=timezone.localdate())


MAKERS = {batch.KIND: letters}


@shared_task(name="letters.tasks.make_file", soft_time_limit=QUARTER, time_limit=QUARTER + 30)
def make_file(job_id: int):
    jobs.run(job_id, MAKERS, now=timezone.now())
