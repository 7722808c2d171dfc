"""The worker's door: ids only, and nothing is lost when one never runs."""

from celery import shared_task
from django.utils import timezone

from desk.services import jobs, listings
from keeping.services import catalogue

QUARTER = 15 * 60
MAKERS = {catalogue.KIND: listings.maker(catalogue.LISTINGS)}


@shared_task(name="keeping.tasks.make_file", soft_time_limit=QUARTER, time_limit=QUARTER + 30)
def make_file(job_id: int):
    jobs.run(job_id, MAKERS, now=timezone.now())
