"""The worker's door: what has stood its time goes away. Run twice or late, it does no harm."""

import logging

from celery import shared_task
from django.utils import timezone

from accounts import audit
from offers.services import handling

logger = logging.getLogger(__name__)


@shared_task(name="offers.tasks.forget_old", expires=15 * 60)
def forget_old():
    now = timezone.now()
    gone = handling.forget(now=now, today=timezone.localdate(now))
    if gone:
        counts = ", ".join(f"{kind} {number}" for kind, number in sorted(gone.items()))
        audit.log(None, "offer.deleted", detail=counts)
        logger.info("Offers deleted: %s", counts)
