"""On time, late, or neither: the one definition behind every figure of the board, in SQL.

A deadline counts from its day on: on time when the act came on or before the *original* date, late when it came after
it, or has not come and the date is past. It doesn't count while it is ahead and open, when the duty fell away on or
before its date, or while somebody is exempt. What the deadlines of a law, a goal and a local target say is never added
up. `deadlines.status.is_late` says the same of one step.
Source: the strategy, § 8 (follow up, evaluate, revise).
"""

from datetime import date

from django.db.models import Case, CharField, F, Q, TextChoices, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from cases.choices import Closing
from deadlines.models import Cause, Kind, Step, StepQuerySet, is_waiting

KINDS = (Kind.LAW, Kind.SERVICE_GOAL, Kind.LOCAL_TARGET)


class Outcome(TextChoices):
    ON_TIME = "on_time", _("til tiden")
    LATE = "late", _("for sent")
    EXCUSED = "excused", _("fritaget")
    FALLEN = "fallen", _("bortfaldet")
    RUNNING = "running", _("løber")


def is_excused(today: date) -> Q:
    """Waived today; a law's waiver holds only when a second person has confirmed it."""
    return (
        Q(waived_on__isnull=False)
        & (Q(waived_until=None) | Q(waived_until__gte=today))
        & (~Q(kind=Kind.LAW) | Q(confirmed_on__isnull=False))
    )


def of_figures(steps: StepQuerySet) -> StepQuerySet:
    """What is in the figures at all: dated duties of a rule. No own tasks, check-lists or reminders.

    A protected family is in none, so that a small number tells nobody that it is here (docs/adr/0013).
    """
    return steps.counted().filter(is_family("case__"), kind__in=KINDS, due_on__isnull=False).exclude(rule="")


def is_family(path: str = "") -> Q:
    """Cases that are in the figures: not protected, and not made by mistake. path leads to the case ("case__")."""
    mistake = Q(**{f"{path}closing_reason": Closing.MISTAKE})
    return Q(**{f"{path}protected": False}) & ~mistake


def with_outcome(steps: StepQuerySet, today: date) -> StepQuerySet:
    """Annotate acted_on and outcome (an Outcome)."""
    done, undone = Q(acted_on__isnull=False), Q(acted_on=None)
    gone = undone & Q(withdrawn_on__isnull=False)
    return steps.annotate(acted_on=Coalesce("met_on", "done_on")).annotate(
        outcome=Case(
            When(done & Q(acted_on__lte=F("due_on")), then=Value(Outcome.ON_TIME)),
            When(done, then=Value(Outcome.LATE)),
            When(gone & Q(withdrawn_on__gt=F("due_on")), then=Value(Outcome.LATE)),
            When(gone, then=Value(Outcome.FALLEN)),
            When(is_excused(today), then=Value(Outcome.EXCUSED)),
            When(due_on__lt=today, then=Value(Outcome.LATE)),
            default=Value(Outcome.RUNNING),
            output_field=CharField(),
        )
    )


def within_new_date(today: date) -> Q:
    """Done by the latest of the dates that were set, or that one is ahead; a law has none but its own."""
    return Q(acted_on__lte=F("effective_on")) | Q(acted_on=None, withdrawn_on=None, effective_on__gte=today)


def open_and_waiting(today: date) -> Q:
    """Not done, and in the hands of others."""
    return Q(acted_on=None, withdrawn_on=None) & is_waiting(today)


IS_LATE = Q(outcome=Outcome.LATE)
REACHED_LATE = Q(cause=Cause.KNOWN_LATE)


def judged(today: date) -> StepQuerySet:
    """All steps of the figures with their outcome."""
    return with_outcome(of_figures(Step.objects.all()), today)
