"""Letters to colleagues: rows written with what they tell, sent afterwards, at least once and with one Message-ID.

A letter is claimed by moving its next attempt ahead, in a transaction of its own; no lock is held while the mail
server answers, so a hanging server stops no page. A crash after sending repeats the letter under the same Message-ID.
"""

import hashlib
import time
from collections.abc import Collection
from datetime import date, datetime, timedelta
from smtplib import SMTPException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from accounts import audit
from accounts.models import User
from deadlines.models import Delivery
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
        _not_sent(mail, type(error).__name__, now)
        return False
    mail.sent_at = now
    mail.body = "" if mail.address else mail.body
    mail.save(update_fields=["sent_at", "body"])
    return True


@transaction.atomic
def _not_sent(mail: Mail, error: str, now: datetime) -> None:
    """After days of trying it is given up; what a morning mail would have told stands in the next one."""
    mail.last_error = error
    mail.given_up_at = now if now - mail.made_at > GIVE_UP_AFTER else None
    mail.save(update_fields=["last_error", "given_up_at"])
    if mail.given_up_at and is_morning(mail):
        day = timezone.localdate(mail.made_at)  # of which there is one
        Delivery.objects.filter(user=mail.user, channel=Delivery.Channel.DIGEST, told_at__date=day).delete()


# --- What never arrived -----------------------------------------------------------------------


def given_up() -> QuerySet[Mail]:
    """The letters that were tried for days and that nobody has dealt with, the newest first."""
    return Mail.objects.filter(sent_at=None, given_up_at__isnull=False, put_away_at=None).order_by("-pk")


def is_outdated(mail: Mail, today: date) -> bool:
    """A morning mail of another day says what is no longer so: the next one tells it anew."""
    return is_morning(mail) and not mail.key.endswith(f":{today}")


def is_morning(mail: Mail) -> bool:
    return mail.key.startswith("digest:")


@transaction.atomic
def send_again(ids: Collection[int], *, by: User, today: date, now: datetime) -> int:
    """Put given-up letters back into the queue, for another three days. Returns how many."""
    held = given_up().select_for_update().filter(pk__in=ids)
    letters = [mail for mail in held if not is_outdated(mail, today)]
    for mail in letters:
        mail.given_up_at, mail.attempts, mail.made_at, mail.next_try_at = None, 0, now, now
        mail.save(update_fields=["given_up_at", "attempts", "made_at", "next_try_at"])
        audit.log(by, "mail.again", detail=f"mail {mail.pk}")
    return len(letters)


@transaction.atomic
def put_away(ids: Collection[int], *, by: User, now: datetime) -> int:
    """Somebody knows that these never arrived. Returns how many."""
    letters = list(given_up().select_for_update().filter(pk__in=ids))
    for mail in letters:
        mail.put_away_at = now
        mail.save(update_fields=["put_away_at"])
        audit.log(by, "mail.put_away", detail=f"mail {mail.pk}")
    return len(letters)


def headers(mail: Mail) -> dict[str, str]:
    host = urlsplit(settings.BASE_URL).hostname
    return {
        "Message-ID": f"<{hashlib.sha256(mail.key.encode()).hexdigest()[:32]}@{host}>",
        "Auto-Submitted": "auto-generated",
    }
