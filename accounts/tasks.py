"""The doors through which Celery comes in."""

import logging

from celery import shared_task

from accounts import audit, services

logger = logging.getLogger(__name__)


@shared_task(name="accounts.tasks.seal", expires=60)
def seal():
    """Every minute: until a row is sealed, its removal would leave no trace."""
    logger.info("sealed %s", audit.seal())


@shared_task(name="accounts.tasks.send_reset", expires=3600)
def send_reset(email: str):
    """A link to a new password, where an active user has this address. The page has answered already."""
    for user in services.local_users(email):
        services.send_link(user, "reset")


@shared_task(name="accounts.tasks.send_invitation", expires=3600)
def send_invitation(user_id: int, kind: str = "invitation"):
    """A link by which the user chooses a password; the token is made here, so the queue holds none."""
    if user := services.invited(user_id):
        services.send_link(user, kind)
