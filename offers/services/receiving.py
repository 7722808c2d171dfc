"""An offer comes in: what is doubtful stands in quarantine, and nobody can fill the list.

Nothing here tells the sender what was found: a row in the list and one in quarantine get the same answer.
"""

from datetime import date, datetime, timedelta
from ipaddress import IPv6Address, ip_address

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from deadlines.calendar import add
from offers.choices import Doubt, Source
from offers.models import DayCount, HelpOffer

SALT = "offers.stamp"
HASTE, STALE = 3, 24 * 3600  # seconds
HOUR, PER_HOUR = timedelta(hours=1), 5
PER_DAY = 200  # then into quarantine
QUARANTINE_PER_DAY = 2_000  # then nowhere: a flood must not fill the disk
MONTHS_KEPT, DOUBTFUL_KEPT = 6, timedelta(days=30)


class Refused(Exception):
    """Too many from one address within an hour; nothing was stored."""


def kept_until(received: date) -> date:
    """How long an offer is kept that nobody has closed."""
    return add(received, MONTHS_KEPT, "months")


# --- When the page was opened -------------------------------------------------------------------


def stamp(now: datetime) -> str:
    """The signed time at which a form was drawn."""
    return signing.dumps(int(now.timestamp()), salt=SALT)


def age(stamped: str, now: datetime) -> float | None:
    """Seconds since the form was drawn; None when the signature is not ours."""
    try:
        return now.timestamp() - signing.loads(stamped[:200], salt=SALT)
    except signing.BadSignature:
        return None


def is_stale(stamped: str, now: datetime) -> bool:
    """Whether the page has stood open for more than a day."""
    seconds = age(stamped, now)
    return seconds is not None and seconds > STALE


def doubt_about(*, trap: str, stamped: str, now: datetime) -> str:
    """Why a machine may have sent this; empty when nothing speaks for it."""
    if trap:
        return Doubt.TRAP
    seconds = age(stamped, now)
    if seconds is None:
        return Doubt.UNSIGNED
    return Doubt.HASTE if seconds < HASTE else ""


# --- Storing ------------------------------------------------------------------------------------


def sender_of(address: str) -> str:
    """A keyed hash of a network address, which is stored nowhere. Of IPv6 the network counts, not its many ends."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return salted_hmac("offers.sender", address[:100], algorithm="sha256").hexdigest()
    if isinstance(parsed, IPv6Address):
        parsed = parsed.ipv4_mapped or int(parsed) >> 64
    return salted_hmac("offers.sender", str(parsed), algorithm="sha256").hexdigest()


@transaction.atomic
def receive(offer: dict, *, kind: str, language: str, address: str, doubt: str, now: datetime) -> HelpOffer:
    """Store what the public form brought. Raises Refused beyond five an hour from one address."""
    day, sender = timezone.localdate(now), sender_of(address)
    DayCount.objects.get_or_create(day=day)
    count = DayCount.objects.select_for_update().get(day=day)
    if HelpOffer.objects.filter(sender=sender, received_at__gt=now - HOUR).count() >= PER_HOUR:
        raise Refused
    if not doubt and count.ordinary >= PER_DAY:
        doubt = Doubt.CROWDED
    if doubt and count.quarantined >= QUARANTINE_PER_DAY:
        raise Refused
    if doubt:
        count.quarantined += 1
    else:
        count.ordinary += 1
    count.save()
    return HelpOffer.objects.create(
        kind=kind,
        language=language,
        source=Source.WEB,
        doubt=doubt,
        sender=sender,
        consent_at=now,
        received_at=now,
        delete_on=day + DOUBTFUL_KEPT if doubt else kept_until(day),
        **offer,
    )


def write_down(offer: dict, *, kind: str, now: datetime, today: date) -> HelpOffer:
    """An offer told on the telephone."""
    return HelpOffer.objects.create(
        kind=kind, source=Source.PHONE, consent_at=now, received_at=now, delete_on=kept_until(today), **offer
    )
