"""How a step stands today: computed from days, never stored. `Step.objects.with_group` says the same in SQL."""

from datetime import date, timedelta
from enum import StrEnum

from deadlines.models import Kind, Step

SOON = timedelta(days=3)


class Status(StrEnum):
    OVERDUE = "overdue"
    DUE_TODAY = "due_today"
    OPEN = "open"
    WAITING = "waiting"
    AWAITING_DATE = "awaiting_date"
    MET = "met"
    MET_LATE = "met_late"
    WAIVED = "waived"
    NOT_APPLICABLE = "not_applicable"
    WITHDRAWN = "withdrawn"
    UNDATED = "undated"


CLOSED = {Status.MET, Status.MET_LATE, Status.WAIVED, Status.NOT_APPLICABLE, Status.WITHDRAWN}


def finished_on(step: Step) -> date | None:
    """The day of the act: of the fact that met it, or of the tick."""
    return step.met_on or step.done_on


def is_waived(step: Step, today: date) -> bool:
    """Waived today; a law's waiver holds only when a second person has confirmed it."""
    if step.waived_on is None or (step.waived_until and step.waived_until < today):
        return False
    return step.kind != Kind.LAW or step.confirmed_on is not None


def is_waiting(step: Step, today: date) -> bool:
    """Until the waiting day; on that day the step is back by itself."""
    return step.waiting_for_id is not None and (step.waiting_until is None or step.waiting_until > today)


def _closed(step: Step, today: date) -> Status | None:
    if done := finished_on(step):
        return Status.MET_LATE if step.due_on and done > step.due_on else Status.MET
    if step.withdrawn_on:
        return Status.WITHDRAWN
    if is_waived(step, today):
        exempt = step.waived_kind == Step.WaiverKind.EXEMPT
        return Status.WAIVED if exempt else Status.NOT_APPLICABLE
    return None


def _dated(step: Step, today: date) -> Status:
    if step.effective_on < today and step.kind != Kind.WATCH:
        return Status.OVERDUE
    return Status.DUE_TODAY if step.effective_on == today else Status.OPEN


def status_of(step: Step, today: date) -> Status:
    """The status by the JSON word. Reads effective_on, which is stale after save() until read again."""
    if closed := _closed(step, today):
        return closed
    if step.due_on is None and not step.waits_for:
        return Status.UNDATED
    if step.kind == Kind.LAW and step.due_on and step.due_on < today:
        return Status.OVERDUE
    if is_waiting(step, today):
        return Status.WAITING
    return Status.AWAITING_DATE if step.due_on is None else _dated(step, today)


def look_of(step: Step, today: date) -> str:
    """The glyph: as the status, but a local target is `passed` (amber) and the last three days are `soon`."""
    status = status_of(step, today)
    if status is Status.OVERDUE and step.kind == Kind.LOCAL_TARGET:
        return "passed"
    if status is Status.OPEN and step.kind != Kind.WATCH and step.effective_on <= today + SOON:
        return "soon"
    return status.value


def is_late(step: Step, today: date) -> bool:
    """*Forsinket*: done after the deadline, or past it while open. For all statistics; extensions don't help."""
    done = finished_on(step)
    if step.due_on is None:
        return False
    if done:
        return done > step.due_on
    if step.withdrawn_on:
        return step.due_on < step.withdrawn_on
    return step.due_on < today


def is_before_use(step: Step, in_use_from: date | None) -> bool:
    return bool(in_use_from and step.due_on and step.due_on < in_use_from)


def acts_on(step: Step) -> date | None:
    """effective_on of a step that is not yet written, as the column's own expression has it."""
    if step.kind == Kind.LAW or step.due_on is None:
        return step.due_on
    return max(step.due_on, step.follow_up_on or step.due_on, step.waived_until or step.due_on)
