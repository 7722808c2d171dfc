"""The log of who looked and who changed, and the chain that shows whether it has been touched.

A row is written in the transaction of the read or the write, with an HMAC of its own (`mark`). `seal` chains the new
rows under a lock of the head, every minute and before each check, so that pages never wait for each other
(docs/adr/0009). Keyed with settings.AUDIT_KEY.
"""

import hmac
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, timedelta
from functools import reduce
from operator import or_

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import AccessRecord, AuditHead, Opening
from accounts.visits import VISIT

HEAD, BATCH = 1, 500
SHOWS = ("read", "search", "export", "print", "reveal")
GROUPS = {
    "read": Q(action__endswith="read"),
    "search": Q(action__endswith=".search"),
    "export": Q(action__endswith=".export"),
    "print": Q(action__endswith=".print"),
    "reveal": Q(action__endswith=".reveal"),
    "denied": Q(action="denied"),
    "login": Q(action__startswith="login.") | Q(action="logout"),
}
CHANGES = ~reduce(or_, GROUPS.values())
COLUMNS = ("at", "user_id", "action", "case_number", "person_id", "purpose", "detail", "request_id")


# --- Writing ----------------------------------------------------------------------------------


def is_shown() -> bool:
    """Whether this request already has its row about what it shows."""
    current = VISIT.get()
    return current is not None and current.shown


def log(
    user, action: str, *, case_number: str = "", person_id: int | None = None, purpose: str = "", detail: str = ""
) -> AccessRecord:
    """One line: action is a dotted verb (`case.read`, `list.export`); detail never holds personal data."""
    current = VISIT.get()
    row = AccessRecord(
        at=timezone.now(),
        user_id=id_of(user),
        action=action,
        case_number=plain(case_number)[:12],
        person_id=person_id if person_id is None or person_id < 2**63 else None,  # a typed URL may hold anything
        purpose=plain(purpose or opened_for(user, case_number))[:200],
        detail=plain(detail)[:200],
        request_id=current.id if current else f"-{secrets.token_hex(12)}",
    )
    row.mark = mark_of(row)
    row.save(force_insert=True)
    if current and action.endswith(SHOWS):
        current.shown = True
    return row


def log_many(user, action: str, numbers: Iterable[str], *, detail: str = "") -> None:
    """`log` for one change to many cases: a row each, in one insert per five hundred."""
    current, at = VISIT.get(), timezone.now()
    rows = [
        AccessRecord(
            at=at,
            user_id=id_of(user),
            action=action,
            case_number=plain(number)[:12],
            purpose=opened_for(user, number)[:200],
            detail=plain(detail)[:200],
            request_id=current.id if current else f"-{secrets.token_hex(12)}",
        )
        for number in numbers
    ]
    for row in rows:
        row.mark = mark_of(row)
    AccessRecord.objects.bulk_create(rows, batch_size=BATCH)


def id_of(user) -> int | None:
    return user.pk if user is not None and user.is_authenticated else None


def opened_for(user, case_number: str) -> str:
    """The kind of opening by which this user sees the case; empty in the daily scope."""
    openings = getattr(user, "openings", {}) if case_number else {}
    return str(Opening.Kind(openings[case_number]).label) if case_number in openings else ""


def has_recent(user, action: str, case_number: str, *, within: timedelta) -> bool:
    """Whether the user has this row about the case since so long: what was asked for with a reason holds a while."""
    rows = AccessRecord.objects.filter(case_number=case_number, user_id=user.pk, action=action)
    return rows.filter(at__gt=timezone.now() - within).exists()


def plain(text) -> str:
    """Printable characters only: a line of the log can't be forged by a line break."""
    return "".join(character if character.isprintable() else " " for character in str(text))


# --- The chain --------------------------------------------------------------------------------


def keyed(*parts) -> str:
    """HMAC-SHA256 under settings.AUDIT_KEY over the parts, hex."""
    return hmac.digest(settings.AUDIT_KEY.encode(), json.dumps(parts).encode(), "sha256").hex()


def mark_of(row) -> str:
    at, *others = (getattr(row, name) for name in COLUMNS)
    return keyed("row", at.astimezone(UTC).isoformat(timespec="microseconds"), *others)


def link(row, sequence: int, previous: str) -> str:
    return keyed("link", sequence, previous, row.pk, row.mark)


def head_mark(count: int, last: str) -> str:
    return keyed("head", count, last)


def begin() -> None:
    """The head of an empty chain; once, by the migration. Nothing else makes one, or its loss would go unseen."""
    AuditHead.objects.get_or_create(pk=HEAD, defaults={"mark": head_mark(0, "")})


def seal() -> int:
    """Chain the rows that are not yet in the chain, in the order of their ids. Returns their number."""
    sealed = 0
    while found := seal_batch():
        sealed += found
    return sealed


@transaction.atomic
def seal_batch() -> int:
    head = AuditHead.objects.select_for_update().get(pk=HEAD)
    rows = list(AccessRecord.objects.filter(hash=None).order_by("pk")[:BATCH])
    if not rows:
        return 0
    for row in rows:
        row.sequence, row.previous = head.count + 1, head.hash
        row.hash = link(row, row.sequence, row.previous)
        head.count, head.hash = row.sequence, row.hash
        # one by one: a joint update compares each row with all others of the batch
        AccessRecord.objects.filter(pk=row.pk).update(sequence=row.sequence, previous=row.previous, hash=row.hash)
    head.mark = head_mark(head.count, head.hash)
    head.save()
    return len(rows)


# --- Checking ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong first. row: id of the row, or of the last sound one before a gap; None for the head."""

    what: str
    row: int | None
    sequence: int | None


@dataclass(frozen=True, slots=True)
class Verdict:
    sealed: int
    unsealed: int
    last: str
    finding: Finding | None


def verify() -> Verdict:
    """Read the whole log once. The head is read first: rows sealed meanwhile only lengthen the chain."""
    head = AuditHead.objects.filter(pk=HEAD).first()
    count, last, finding = walk(head)
    unsealed = AccessRecord.objects.filter(hash=None)
    finding = finding or first_forged(unsealed) or first_copied()
    return Verdict(count, unsealed.count(), last, finding)


def walk(head: AuditHead | None) -> tuple[int, str, Finding | None]:
    """(sound rows, hash of the last one, the first finding) in the order of the chain."""
    count, last, row_id = 0, "", None
    if head is None or not hmac.compare_digest(head.mark, head_mark(head.count, head.hash)):
        return count, last, Finding("head", None, None)
    for row in AccessRecord.objects.exclude(sequence=None).order_by("sequence", "pk").iterator(chunk_size=2000):
        if row.sequence != count + 1:
            return count, last, Finding("inserted" if row.sequence <= count else "missing", row_id, count + 1)
        if row.previous != last or row.hash != link(row, row.sequence, last) or row.mark != mark_of(row):
            return count, last, Finding("changed", row.pk, row.sequence)
        count, last, row_id = row.sequence, row.hash, row.pk
        if count == head.count and last != head.hash:
            return count, last, Finding("head", row_id, count)
    if count < head.count:
        return count, last, Finding("missing", row_id, count + 1)
    return count, last, None


def first_forged(unsealed) -> Finding | None:
    """A waiting row that was not written by `log`, or has been changed since."""
    wrong = (row.pk for row in unsealed.order_by("pk").iterator(chunk_size=2000) if row.mark != mark_of(row))
    pk = next(wrong, None)
    return None if pk is None else Finding("changed", pk, None)


def first_copied() -> Finding | None:
    """A row written a second time with the mark of another."""
    doubled = AccessRecord.objects.values("mark").annotate(rows=Count("pk")).filter(rows__gt=1).values("mark")
    pk = AccessRecord.objects.filter(mark__in=doubled).order_by("-pk").values_list("pk", flat=True).first()
    return None if pk is None else Finding("inserted", pk, None)
