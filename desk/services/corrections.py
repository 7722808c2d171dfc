"""Typed on Monday, done in time on Friday: what was told and not true is put right, what was untold is dropped."""

from collections import defaultdict
from datetime import date

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from cases.choices import DataClass
from cases.formats import weekday_date
from cases.models import Entry
from deadlines.ledger import CORRECTED_KIND, PASSED_KIND, Run
from deadlines.models import Delivery, Level, Notice, Step
from deadlines.services import subject
from deadlines.status import finished_on

OUTWARD = (Delivery.Channel.DIGEST, Delivery.Channel.MAIL, Delivery.Channel.WEEKLY)
ABOUT_THE_DEADLINE = (Level.WARN, Level.DUE, Level.PASSED, Level.ESCALATED)


def outward(**where):
    """Deliveries that have left the list: by digest, mail or weekly bundle."""
    return Delivery.objects.filter(channel__in=OUTWARD, **where)


def correct(run: Run, *, since: int = 0) -> int:
    """Deadlines marked as passed that were kept after all: one line each, and one "er i orden" to who was told.

    since: only cases with a line in the timeline after this one; every act writes a line.
    """
    kept = Q(step__met_on__lte=F("date")) | Q(step__met_on=None, step__done_on__lte=F("date"))
    passed = Notice.objects.filter(kept, level=Level.PASSED, dropped=False).select_related("step__case", "step__person")
    if since:
        acts = Entry.objects.filter(pk__gt=since).exclude(kind__in=[PASSED_KIND, CORRECTED_KIND])
        passed = passed.filter(step__case__in=acts.values("case"))
    notices = list(passed.order_by("pk"))
    if not notices:
        return 0
    _write_lines(notices, run.today)
    _tell_those_who_heard(notices, run)
    for notice in notices:
        Notice.objects.filter(step=notice.step_id, date=notice.date, level__in=ABOUT_THE_DEADLINE).update(dropped=True)
    return len(notices)


def _write_lines(notices: list[Notice], today: date) -> None:
    earlier = _earlier_lines(notices)
    lines = [
        Entry(
            case=step.case,
            area=step.area,
            kind=CORRECTED_KIND,
            on=today,
            data_class=DataClass.ORDINARY,
            text=_("Rettet: overholdt %(day)s – %(what)s")
            % {"day": weekday_date(finished_on(step)), "what": subject(step)},
            corrects_id=earlier.get((step.case_id, notice.on, subject(step))),
        )
        for notice in notices
        for step in [notice.step]
    ]
    Entry.objects.bulk_create(lines)
    people = [
        Entry.people.through(entry_id=line.pk, person_id=notice.step.person_id)
        for line, notice in zip(lines, notices, strict=True)
        if notice.step.person_id
    ]
    Entry.people.through.objects.bulk_create(people)


def _earlier_lines(notices: list[Notice]) -> dict[tuple, int]:
    """The lines to correct, by case, day and subject."""
    lines = Entry.objects.filter(kind=PASSED_KIND, case__in={notice.step.case_id for notice in notices})
    return {(line.case_id, line.on, line.text.partition(": ")[2]): line.pk for line in lines.order_by("-pk")}


def _tell_those_who_heard(notices: list[Notice], run: Run) -> None:
    about = {(notice.step_id, notice.date) for notice in notices}
    heard = defaultdict(set)
    for step, day, user in outward(notice__step__in=[step for step, _day in about]).values_list(
        "notice__step", "notice__date", "user"
    ):
        if (step, day) in about:
            heard[step, day].add(user)
    fresh = [
        Notice(step_id=step, level=Level.IN_ORDER, date=day, run=run.mark, created_at=run.now)
        for step, day in sorted(heard)
    ]
    Notice.objects.bulk_create(fresh, ignore_conflicts=True)
    told = run.notices().filter(level=Level.IN_ORDER)
    rows = [
        Delivery(notice=notice, user_id=user, channel=Delivery.Channel.LIST, told_at=run.now)
        for notice in told
        for user in heard[notice.step_id, notice.date]
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)


def still_true(today: date):
    """Notices worth telling: about an open step and the date it has now, or about no step at all."""
    open_steps = Step.objects.open(today).counted().filter(pk=OuterRef("step"), case__closed_on=None)
    dated = open_steps.filter(effective_on=OuterRef("date"))
    true = Q(step=None) | Q(level=Level.IN_ORDER) | (Q(level__in=ABOUT_THE_DEADLINE) & Exists(dated))
    true |= ~Q(level__in=ABOUT_THE_DEADLINE) & Exists(open_steps)
    return Notice.objects.filter(true, told=True, dropped=False)
