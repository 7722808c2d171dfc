"""The nightly look at the log's chain, kept as a heartbeat: when it was last found untouched."""

import time
from datetime import date, datetime, timedelta

from accounts import audit
from desk.models import Heartbeat


def check(*, today: date, now: datetime) -> dict:
    """Seal and verify the whole log once. counts: rows, and what is wrong first ("" where nothing is)."""
    began = time.monotonic()
    audit.seal()
    verdict = audit.verify()
    finding = verdict.finding
    counts = {
        "rows": verdict.sealed,
        "finding": finding.what if finding else "",
        "row": finding.row if finding else None,
    }
    ended = now + timedelta(seconds=time.monotonic() - began)
    Heartbeat.objects.create(run=Heartbeat.Run.CHECK, day=today, started_at=now, finished_at=ended, counts=counts)
    return counts
