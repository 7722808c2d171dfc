"""The figures of each day, taken every night while their month is open, and kept as they were when it closed.

A month closes on the fifth working day of the next one. What is corrected later stands beside the figure that the
month closed with, never instead of it. Every row can be computed again from the steps (`differences`).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Min, Q
from django.db.models.functions import Coalesce

from board.models import DayFigure, FigureMonth
from board.services.outcomes import IS_LATE, Outcome, judged, open_and_waiting, within_new_date
from deadlines.calendar import add
from deadlines.models import Cause

CLOSES_AFTER = 5  # working days of the next month
CORRECTED_FOR = 24  # closed months that are compared with the facts every night
BATCH = 500


class Key(NamedTuple):
    """What a figure is about."""

    day: date
    rule: str
    kind: str
    household: bool
    team: int
    locality: int


@dataclass(slots=True)
class Tally:
    """Ids by outcome, and how many of the late ones are so in which way."""

    on_time: list[int] = field(default_factory=list)
    late: list[int] = field(default_factory=list)
    extended: int = 0
    waiting: int = 0
    known_late: int = 0


def month_of(day: date) -> date:
    return day.replace(day=1)


def next_month(month: date) -> date:
    return add(month, 1, "months")


def last_day(month: date) -> date:
    return next_month(month) - timedelta(days=1)


def closes_on(month: date) -> date:
    """The fifth working day of the month after."""
    return add(last_day(month), CLOSES_AFTER, "working_days")


def months(first: date, last: date) -> Iterator[date]:
    month = month_of(first)
    while month <= last:
        yield month
        month = next_month(month)


def open_from() -> date | None:
    """The first day whose figures are not closed; None while none are. Months close one after the other."""
    closed = FigureMonth.objects.filter(closed_on__isnull=False).order_by("-month").first()
    return next_month(closed.month) if closed else None


# --- Reading the steps ------------------------------------------------------------------------


def tallied(first: date, last: date, today: date) -> dict[Key, Tally]:
    """What became of the deadlines of these days, from the steps themselves."""
    wanted = judged(today).filter(due_on__gte=first, due_on__lte=last, outcome__in=[Outcome.ON_TIME, Outcome.LATE])
    extended = set(wanted.filter(IS_LATE & within_new_date(today)).values_list("pk", flat=True))
    waiting = set(wanted.filter(IS_LATE & open_and_waiting(today)).values_list("pk", flat=True))
    rows = wanted.order_by("pk").values_list(
        "pk", "due_on", "rule", "kind", "person_id", "case__team_id", "case__locality_id", "outcome", "cause"
    )
    found: dict[Key, Tally] = defaultdict(Tally)
    for pk, due, rule, kind, person, team, locality, outcome, cause in rows.iterator():
        tally = found[Key(due, rule, kind, person is None, team or 0, locality or 0)]
        if outcome == Outcome.ON_TIME:
            tally.on_time.append(pk)
            continue
        tally.late.append(pk)
        tally.extended += pk in extended
        tally.waiting += pk in waiting
        tally.known_late += cause == Cause.KNOWN_LATE
    return found


def late_stock(first: date, last: date, today: date) -> Counter[Key]:
    """Per day, how many were late and not yet done when it ended; days after today are left out."""
    late = judged(today).filter(outcome=Outcome.LATE, due_on__lt=last)
    ended = Coalesce(F("acted_on"), F("withdrawn_on"))
    rows = (
        late.annotate(ended=ended)
        .filter(Q(ended=None) | Q(ended__gt=first))
        .values_list("due_on", "ended", "rule", "kind", "person_id", "case__team_id", "case__locality_id")
    )
    found: Counter[Key] = Counter()
    for due, end, rule, kind, person, team, locality in rows.iterator():
        start = max(due + timedelta(days=1), first)
        stop = min(end - timedelta(days=1) if end else last, last, today)
        for number in range((stop - start).days + 1):
            day = start + timedelta(days=number)
            found[Key(day, rule, kind, person is None, team or 0, locality or 0)] += 1
    return found


def figures(first: date, last: date, today: date) -> list[DayFigure]:
    """The rows for these days as the steps give them."""
    tallies, stock = tallied(first, last, today), late_stock(first, last, today)
    return [_figure(key, tallies.get(key, Tally()), stock[key]) for key in sorted(tallies.keys() | stock.keys())]


def _figure(key: Key, tally: Tally, late_open: int) -> DayFigure:
    return DayFigure(
        **key._asdict(),
        on_time=len(tally.on_time),
        late=len(tally.late),
        extended=tally.extended,
        waiting=tally.waiting,
        known_late=tally.known_late,
        late_open=late_open,
        steps={"on_time": tally.on_time, "late": tally.late},
    )


# --- Taking and closing -----------------------------------------------------------------------


@transaction.atomic
def take(*, today: date) -> dict[str, int]:
    """Take the open months anew, close those whose day has come, and look what was corrected in the closed ones.

    Twice on a day changes nothing; a night that was missed is made up for by the next.
    """
    due = judged(today).filter(due_on__lte=today).aggregate(first=Min("due_on"))["first"]
    if due is None:
        return {"rows": 0, "closed": 0, "corrected": 0}
    start = open_from() or month_of(due)
    _hold(months(start, today))
    rows = closed = 0
    for month in months(start, today):
        last = last_day(month)
        DayFigure.objects.filter(day__gte=month, day__lte=last).delete()
        rows += len(DayFigure.objects.bulk_create(figures(month, last, today), batch_size=BATCH))
        FigureMonth.objects.filter(month=month).update(taken_on=today)
        if closes_on(month) <= today:
            closed += FigureMonth.objects.filter(month=month, closed_on=None).update(closed_on=today)
    return {"rows": rows, "closed": closed, "corrected": correct(today=today)}


def is_taken(*, today: date) -> bool:
    """Whether this month was taken today already."""
    return FigureMonth.objects.filter(month=month_of(today), taken_on=today).exists()


def _hold(wanted: Iterable[date]) -> None:
    """The months' rows, locked, so that two at a time take turns."""
    wanted = list(wanted)
    FigureMonth.objects.bulk_create([FigureMonth(month=month) for month in wanted], ignore_conflicts=True)
    list(FigureMonth.objects.select_for_update().filter(month__in=wanted).order_by("month"))


def correct(*, today: date) -> int:
    """Write beside the closed figures what the facts say today, where it differs. Returns how many rows differ."""
    closed = FigureMonth.objects.filter(closed_on__isnull=False).order_by("-month").values_list("month", flat=True)
    return sum(_correct_month(month, today) for month in closed[:CORRECTED_FOR])


def _correct_month(month: date, today: date) -> int:
    last = last_day(month)
    now = tallied(month, last, today)
    kept = {_key_of(row): row for row in DayFigure.objects.filter(day__gte=month, day__lte=last)}
    changed, differing = [], 0
    for key, row in kept.items():
        tally = now.pop(key, Tally())
        says = (len(tally.on_time), len(tally.late))
        shown = (None, None) if says == (row.on_time, row.late) else says
        differing += shown != (None, None)
        if (row.on_time_now, row.late_now) != shown:
            row.on_time_now, row.late_now = shown
            changed.append(row)
    DayFigure.objects.bulk_update(changed, ["on_time_now", "late_now"], batch_size=BATCH)
    fresh = [
        DayFigure(**key._asdict(), on_time_now=len(tally.on_time), late_now=len(tally.late), steps={})
        for key, tally in sorted(now.items(), key=lambda entry: entry[0])
    ]
    DayFigure.objects.bulk_create(fresh, batch_size=BATCH)
    return differing + len(fresh)


def _key_of(row: DayFigure) -> Key:
    return Key(*(getattr(row, name) for name in Key._fields))


# --- Checking ---------------------------------------------------------------------------------


def differences(*, today: date) -> list[str]:
    """Where the kept figures of the open months are not what the steps give today; empty when all is well."""
    start, found = open_from(), []
    for row in FigureMonth.objects.filter(closed_on=None, **({"month__gte": start} if start else {})):
        last = last_day(row.month)
        kept = _by_key(DayFigure.objects.filter(day__range=(row.month, last)))
        fresh = _by_key(figures(row.month, last, today))
        changed = (key for key in kept.keys() | fresh.keys() if kept.get(key) != fresh.get(key))
        found += [f"{key.day} {key.rule}" for key in sorted(changed)]
    return found


def _by_key(rows: Iterable[DayFigure]) -> dict[Key, tuple]:
    return {_key_of(figure): _counts(figure) for figure in rows}


def _counts(figure: DayFigure) -> tuple:
    return (figure.on_time, figure.late, figure.extended, figure.waiting, figure.known_late, figure.late_open)
