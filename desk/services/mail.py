"""Letters to colleagues: rows written with what they tell, sent afterwards, at least once and with one Message-ID.

A letter is claimed by moving its next attempt ahead, in a transaction of its own; no lock is held while the mail
server answers, so a hanging server stops no page. A crash after sending repeats the letter under the same Message-ID.
"""

import hashlib
import time
from datetime import datetime, timedelta
from smtplib import SMTPException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.template.loader import render_to_string

from accounts.models import User
from desk.models import Mail

GIVE_UP_AFTER = timedelta(hours=72)
LONGEST_PAUSE = 60  # minutes
SECONDS_PER_RUN = 40


def write(
    user: User, *, key: str, subject: str, template: str, context: dict, now: datetime
) -> tuple[Mail | None, bool]:
    """The letter with this key, and whether it was written now; None for a user without an address.

    Call it in the transaction that records what the letter tells.
    """
    if not user.email:
        return None, False
    return _written(key, {"user": user}, subject, template, context, now)


def write_outside(
    address: str, *, key: str, subject: str, template: str, context: dict, now: datetime
) -> tuple[Mail, bool]:
    """The same to somebody who is no colleague. Nothing in it may name a family."""
    return _written(key, {"address": address}, subject, template, context, now)


def _written(key: str, to: dict, subject: str, template: str, context: dict, now: datetime) -> tuple[Mail, bool]:
    body = render_to_string(template, {**context, "url": settings.BASE_URL})
    return Mail.objects.get_or_create(
        key=key, defaults={**to, "subject": subject[:200], "body": body, "made_at": now, "next_try_at": now}
    )


def send_pending(*, now: datetime) -> dict[str, int]:
    """Send what waits, one letter at a time, for at most SECONDS_PER_RUN. Returns how many were sent and failed."""
    counts = {"sent": 0, "failed": 0}
    ends = time.monotonic() + SECONDS_PER_RUN
    while time.monotonic() < ends and (mail := claim(now=now)):
        counts["sent" if send(mail, now=now) else "failed"] += 1
    return counts


def claim(*, now: datetime) -> Mail | None:
    """Take the oldest letter that is due; nobody else takes it before its next attempt."""
    with transaction.atomic():
        due = Mail.objects.filter(sent_at=None, given_up_at=None, next_try_at__lte=now).order_by("id")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        mail = due.first()
        if mail is None:
            return None
        mail.attempts += 1
        mail.next_try_at = now + pause(mail.attempts)
        mail.save(update_fields=["attempts", "next_try_at"])
        return mail


def pause(attempts: int) -> timedelta:
    """2, 4, 8 … minutes, at most an hour."""
    return timedelta(minutes=min(2**attempts, LONGEST_PAUSE))


def send(mail: Mail, *, now: datetime) -> bool:
    """True when the server took it. After 72 hours of trying the letter is given up, and the manager is told."""
    message = EmailMessage(
        mail.subject, mail.body, to=[mail.user.email if mail.user else mail.address], headers=headers(mail)
    )
    try:
        message.send()
    except (SMTPException, OSError) as error:
        mail.last_error = type(error).__name__
        mail.given_up_at = now if now - mail.made_at > GIVE_UP_AFTER else None
        mail.save(update_fields=["last_error", "given_up_at"])
        return False
    mail.sent_at = now
    mail.body = "" if mail.address else mail.body
    mail.save(update_fields=["sent_at", "body"])
    return True


def headers(mail: Mail) -> dict[str, str]:
    host = urlsplit(settings.BASE_URL).hostname
    return {
        "Message-ID": f"<{hashlib.sha256(mail.key.encode()).hexdigest()[:32]}@{host}>",
        "Auto-Submitted": "auto-generated",
    }
