"""The sweep: one short transaction that marks what has been reached, tells it, and leaves a heartbeat.

It may run at any time, twice, late, or be killed: the ledger's unique keys make every notice happen once.
"""

import time
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import CharField, Exists, Max, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat

from accounts.models import User
from cases.models import Case, Entry
from deadlines import ledger
from deadlines.models import Delivery, Level, Notice
from deadlines.telling import MAIL_STUCK, NO_CASEWORKER, SWEEP_STOPPED
from desk.models import Heartbeat, Mail
from desk.services import log_review
from desk.services.corrections import correct
from desk.services.recipients import StandIns, deliver, manager_of, stand_ins, tell

# The duties whose beginning is told, because nobody registers it: (rule, from which round).
ANNOUNCED = (("housing.next_home", 1), ("volunteers.contact_person", 2))
STALE_AFTER = timedelta(hours=1)
STUCK_AFTER = timedelta(hours=2)


@transaction.atomic
def sweep(*, today: date, now: datetime) -> dict:
    """Mark, tell, correct. today: the civil date in Copenhagen. Returns the counts of what was written."""
    began, run = time.monotonic(), ledger.begin(today=today, now=now)
    who = stand_ins(today)
    levels = ledger.mark(run, announced=ANNOUNCED)
    counts = {
        "today": today.isoformat(),
        "notices": {level.value: levels.get(level, 0) for level in Level if levels.get(level)},
        "told": run.notices().filter(told=True).count() if levels else 0,
        "timeline": ledger.write_passed(run) if levels else 0,
        "corrected": correct(run, since=_seen_before()),
        "delivered": deliver(run, who) if levels else 0,
    }
    counts["reviews"] = log_review.draw(today=today, now=now) + log_review.remind(today=today, now=now)
    log_review.note_snooping(today=today)
    counts["managers"] = (
        _note_unassigned(run, who) + _note_stopped(run) + _note_stuck_mail(run) + _tell_managers(run, who)
    )
    seen = Entry.objects.aggregate(last=Max("pk"))["last"] or 0
    ended = now + timedelta(seconds=time.monotonic() - began)
    Heartbeat.objects.create(
        run=Heartbeat.Run.SWEEP, day=today, started_at=now, finished_at=ended, counts={**counts, "seen": seen}
    )
    return counts


def _seen_before() -> int:
    """The last line of the timeline as of two sweeps ago: what is newer may have changed a case.

    Two, so that a slow transaction isn't overlooked; 0, that is everything, after a repair and at the beginning.
    """
    beats = list(Heartbeat.objects.exclude(run=Heartbeat.Run.CHECK).order_by("-pk")[:2])
    if len(beats) < 2 or any(beat.run == Heartbeat.Run.REPAIR for beat in beats):
        return 0
    return beats[-1].counts.get("seen", 0)


def last_sweep() -> datetime | None:
    """When the last sweep ended; None before the first."""
    return Heartbeat.objects.filter(run=Heartbeat.Run.SWEEP).aggregate(last=Max("finished_at"))["last"]


def is_stale(now: datetime) -> bool:
    """Whether pages must say that the deadlines are no longer watched: no sweep for an hour."""
    last = last_sweep()
    if last is None:
        return User.objects.filter(date_joined__lt=now - STALE_AFTER).exists()
    return now - last > STALE_AFTER


def _note_unassigned(run: ledger.Run, who: StandIns) -> int:
    """Open cases without a caseworker: told once to the team's manager, and again when it happens again."""
    prefix = f"{NO_CASEWORKER}:"
    subject = Concat(Value(prefix), Cast("pk", CharField()), output_field=CharField())
    cases = Case.objects.filter(closed_on=None, caseworker=None).annotate(subject=subject)
    standing = Notice.objects.filter(subject__gte=prefix, subject__lt=f"{NO_CASEWORKER};", dropped=False)
    standing.exclude(subject__in=cases.values("subject")).update(dropped=True)
    known = Notice.objects.filter(subject=OuterRef("subject"), dropped=False)
    fresh = list(
        cases.exclude(Exists(known)).order_by("pk").annotate(to=manager_of(who, "team")).values_list("subject", "to")
    )
    if not fresh:
        return 0
    _note(run, [subject for subject, _to in fresh])
    told = {notice.subject: notice.pk for notice in run.notices().exclude(subject="")}
    rows = [
        Delivery(notice_id=told[key], user_id=to, channel=Delivery.Channel.LIST, told_at=run.now)
        for key, to in fresh
        if to and key in told
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _note_stopped(run: ledger.Run) -> int:
    """The sweep had stopped: the managers hear of it once, when it is back."""
    last = last_sweep()
    if last is None or run.now - last <= STALE_AFTER:
        return 0
    return _note(run, [f"{SWEEP_STOPPED}:{last:%Y-%m-%dT%H:%M}"])


def _note_stuck_mail(run: ledger.Run) -> int:
    waiting = Mail.objects.filter(sent_at=None, put_away_at=None).filter(
        Q(made_at__lt=run.now - STUCK_AFTER) | Q(given_up_at__isnull=False)
    )
    stuck = waiting.filter(made_at__gte=run.now - timedelta(days=7)).exists()
    return _note(run, [MAIL_STUCK]) if stuck else 0


def _note(run: ledger.Run, subjects: list[str]) -> int:
    rows = [
        Notice(subject=subject, level=Level.STARTED, date=run.today, run=run.mark, created_at=run.now)
        for subject in subjects
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)
    return 0


def _tell_managers(run: ledger.Run, who: StandIns) -> int:
    """Notices without a step that nobody has heard yet, due today or before: to everybody who leads."""
    heard = Delivery.objects.filter(notice=OuterRef("pk"))
    waiting = Notice.objects.exclude(subject="").filter(dropped=False, date__lte=run.today).exclude(Exists(heard))
    notices = waiting.order_by("pk").values_list("pk", flat=True)
    return tell(((notice, user) for notice in notices for user in who.managers), run.now)
