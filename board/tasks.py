"""What a worker does for the managers' pages. Idempotent: a night that is lost is made up for by the next."""

import logging
from functools import partial

from celery import shared_task
from django.utils import timezone

from board.services import reports, snapshots
from desk.services import jobs

log = logging.getLogger(__name__)
NIGHT = 4 * 3600
QUARTER = 15 * 60


@shared_task(name="board.tasks.take_figures", expires=NIGHT, soft_time_limit=NIGHT, time_limit=NIGHT + 60)
def take_figures():
    """Asked for every hour, so that a machine that sleeps at night has its figures too."""
    today = timezone.localdate()
    if not snapshots.is_taken(today=today):
        log.info("figures %s", snapshots.take(today=today))


@shared_task(name="board.tasks.make_file", soft_time_limit=QUARTER, time_limit=QUARTER + 30)
def make_file(job_id: int):
    """A report for the user who asked; see desk.tasks.ask_for."""
    now = timezone.now()
    jobs.run(job_id, {reports.KIND: partial(reports.make, now=now)}, now=now)
