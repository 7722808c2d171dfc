"""Fristoverholdelse: what was kept on time, month by month and rule by rule, persons and households apart.

Closed months come from what was kept when they closed (board.services.snapshots), open ones from the steps. Laws,
goals and local targets are never added up.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from board.models import DayFigure
from board.services.open_duties import reason
from board.services.outcomes import Outcome, judged, open_and_waiting, within_new_date
from board.services.scope import Scope
from board.services.snapshots import month_of, months, open_from
from deadlines.models import Cause, StepQuerySet

FEW = 5  # below it a percentage says nothing: the counts are shown


@dataclass(frozen=True, slots=True)
class Period:
    """From and to, both included."""

    first: date
    last: date

    @property
    def months(self) -> list[date]:
        return list(months(self.first, self.last))


class Part(NamedTuple):
    """What a tally is about."""

    month: date
    kind: str
    rule: str
    household: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """on_time + late = counted. late holds the others: within a new date, waiting for others, reached us too late.

    now_*: the same from today's facts for the parts of closed months; they differ where something was corrected.
    """

    on_time: int = 0
    late: int = 0
    extended: int = 0
    waiting: int = 0
    known_late: int = 0
    on_time_now: int = 0
    late_now: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Tally)))

    @property
    def counted(self) -> int:
        return self.on_time + self.late

    @property
    def percent(self) -> int | None:
        """Whole percent on time; None where fewer than FEW are counted."""
        return percent(self.on_time, self.counted)

    @property
    def percent_extended(self) -> int | None:
        """The second figure: those within a new date count as on time."""
        return percent(self.on_time + self.extended, self.counted)

    @property
    def is_corrected(self) -> bool:
        return (self.on_time, self.late) != (self.on_time_now, self.late_now)


def percent(part: int, whole: int) -> int | None:
    """Rounded half up, but 100 only when all are in it, and 0 only when none is."""
    if whole < FEW:
        return None
    found = (200 * part + whole) // (2 * whole)
    return min(found, 99) if part < whole else found if part else 0


Tallies = dict[Part, Tally]


def tallies(scope: Scope, period: Period, today: date) -> Tallies:
    """What counts in the period, by part. Three queries."""
    border = open_from()
    found: Tallies = defaultdict(Tally)
    if border and period.first < border:
        last = min(period.last, border - timedelta(days=1))
        found.update(_kept(scope, Period(period.first, last)))
    live = Period(max(period.first, border), period.last) if border else period
    if live.first <= live.last:
        found.update(_live(scope, live, today))
    return found


def _kept(scope: Scope, period: Period) -> Tallies:
    rows = DayFigure.objects.filter(scope.of_figures(), day__range=(period.first, period.last))
    names = ("on_time", "late", "extended", "waiting", "known_late")
    sums = {f"sum_{name}": Sum(name) for name in names}
    corrected = Q(on_time_now__isnull=False)
    was = {f"was_{name}": Sum(name, filter=corrected, default=0) for name in ("on_time", "late")}
    now = {f"is_{name}": Sum(f"{name}_now", default=0) for name in ("on_time", "late")}
    found = (
        rows.annotate(month=TruncMonth("day"))
        .values("month", "kind", "rule", "household")
        .annotate(**sums, **was, **now)
        .order_by()
    )
    return {
        Part(row["month"], row["kind"], row["rule"], row["household"]): Tally(
            *(row[f"sum_{name}"] for name in names),
            on_time_now=row["sum_on_time"] - row["was_on_time"] + row["is_on_time"],
            late_now=row["sum_late"] - row["was_late"] + row["is_late"],
        )
        for row in found
    }


def _live(scope: Scope, period: Period, today: date) -> Tallies:
    """Grouped by what is true of each, so that the database asks it of a step once."""
    flags = {"extended": within_new_date(today), "waiting": open_and_waiting(today)}
    wrapped = {name: ExpressionWrapper(each, BooleanField()) for name, each in flags.items()}
    steps = due_in(scope, period, today).filter(outcome__in=[Outcome.ON_TIME, Outcome.LATE])
    steps = steps.annotate(month=TruncMonth("due_on"), household=ExpressionWrapper(Q(person=None), BooleanField()))
    rows = steps.annotate(**wrapped).order_by().values_list(*Part._fields, "outcome", "cause", *flags)
    found: Tallies = defaultdict(Tally)
    for *part, outcome, cause, extended, waiting, number in rows.annotate(Count("pk")):
        found[Part(*part)] += _of_group(outcome, cause, number, extended=bool(extended), waiting=bool(waiting))
    return found


def _of_group(outcome: str, cause: str, number: int, *, extended: bool, waiting: bool) -> Tally:
    """So many steps of which all this is true."""
    if outcome == Outcome.ON_TIME:
        return Tally(on_time=number, on_time_now=number)
    return Tally(
        late=number,
        extended=number * extended,
        waiting=number * waiting,
        known_late=number * (cause == Cause.KNOWN_LATE),
        late_now=number,
    )


def due_in(scope: Scope, period: Period, today: date) -> StepQuerySet:
    """The steps of the scope with their original date in the period, as they are today."""
    return judged(today).filter(scope.of_cases("case__"), due_on__range=(period.first, period.last))


def why_late(scope: Scope, period: Period, today: date) -> StepQuerySet:
    """Those of them that were late, with their `reason`, as the cases stand today. In no order."""
    return due_in(scope, period, today).filter(outcome=Outcome.LATE).order_by().annotate(reason=reason())


def total(found: Tallies, **wanted) -> Tally:
    """The sum over the parts with these values: total(found, kind="law", month=march)."""
    return sum_of(tally for part, tally in found.items() if _fits(part, wanted))


def sum_of(some: Iterable[Tally]) -> Tally:
    return sum(some, Tally())


def _fits(part: Part, wanted: dict) -> bool:
    return all(getattr(part, name) == value for name, value in wanted.items())


# --- The rows behind a number -----------------------------------------------------------------


def kept_ids(scope: Scope, period: Period, outcome: str, **wanted) -> list[int]:
    """Ids of the steps with which the closed days of the period were counted."""
    rows: QuerySet = DayFigure.objects.filter(
        scope.of_figures(), day__range=(period.first, period.last), **wanted
    ).values_list("steps", flat=True)
    return [pk for steps in rows for pk in steps.get(outcome, ())]


def last_months(today: date, number: int) -> Period:
    """From the first of the month `number` - 1 months ago until today."""
    first = month_of(today)
    for _ in range(number - 1):
        first = month_of(first - timedelta(days=1))
    return Period(first, today)


def quarter(today: date) -> Period:
    """From the first day of the calendar's quarter until today."""
    return Period(date(today.year, 3 * ((today.month - 1) // 3) + 1, 1), today)
