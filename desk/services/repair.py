"""Compare every open case with its facts and put right what differs. Time itself changes what should be there:
ages, school starts, permits that come near their end.

The comparison only reads; the write lock is taken for the cases that differ alone, a hundred at a time with a pause,
so that pages on SQLite go on.
"""

import time
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from cases.models import Case
from deadlines import engine
from deadlines.rules import Rule
from desk.areas import all_rules
from desk.models import Heartbeat
from desk.services import approvals

CHUNK = 100
PAUSE = 0.05  # seconds between two chunks
KEEP_HEARTBEATS = timedelta(days=30)
OVERDUE_HOURS = 25


def repair(*, today: date, now: datetime, pause: float = PAUSE) -> dict:
    """Returns the cases read, the numbers of those that differed, and the rows written. Twice changes nothing."""
    began = time.monotonic()
    ids = open_cases()
    different, written = bring_in_line(ids, today=today, pause=pause)
    numbers = list(Case.objects.filter(pk__in=different).order_by("number").values_list("number", flat=True))
    counts = {
        "today": today.isoformat(),
        "cases": len(ids),
        "differed": len(numbers),
        "created": written.created,
        "updated": written.updated,
    }
    approvals.forget(now=now)
    Heartbeat.objects.filter(finished_at__lt=now - KEEP_HEARTBEATS).delete()
    ended = now + timedelta(seconds=time.monotonic() - began)
    Heartbeat.objects.create(run=Heartbeat.Run.REPAIR, day=today, started_at=now, finished_at=ended, counts=counts)
    return {**counts, "numbers": numbers}


def open_cases() -> list[int]:
    return list(Case.objects.open().order_by("pk").values_list("pk", flat=True))


def bring_in_line(
    ids: Iterable[int], *, today: date, pause: float = PAUSE, rules: list[Rule] | None = None
) -> tuple[list[int], engine.Written]:
    """(ids of the cases that differed, rows written). Chunks are transactions of their own: one that fails stops here,
    what is written stays, and the next run (at the latest the night's) does the rest. rules: where no others differ.
    """
    rules, written = all_rules() if rules is None else rules, engine.Written()
    different = sorted(engine.differing(ids, rules, today=today))
    for at in range(0, len(different), CHUNK):
        if at:
            time.sleep(pause)
        written += engine.refresh(different[at : at + CHUNK], rules, today=today)
    return different, written


def is_due(now: datetime) -> bool:
    """Whether the night's repair has not run: after days without a worker, or on a new installation."""
    since = now - timedelta(hours=OVERDUE_HOURS)
    return not Heartbeat.objects.filter(run=Heartbeat.Run.REPAIR, finished_at__gt=since).exists()
