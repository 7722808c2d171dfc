"""What a worker does for the managers' pages. Idempotent: a night that is lost is made up for by the next."""

import logging

from celery import shared_task
from django.utils import timezone

from board.services import snapshots

log = logging.getLogger(__name__)
NIGHT = 4 * 3600


@shared_task(name="board.tasks.take_figures", expires=NIGHT, soft_time_limit=NIGHT, time_limit=NIGHT + 60)
def take_figures():
    """Asked for every hour, so that a machine that sleeps at night has its figures too."""
    today = timezone.localdate()
    if not snapshots.is_taken(today=today):
        log.info("figures %s", snapshots.take(today=today))
