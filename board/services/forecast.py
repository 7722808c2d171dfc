"""What will slip in the next fourteen days at today's pace, and how many deadlines the coming weeks bring.

An estimate for sharing work, not a measure of anybody. A duty that is open at an age of a days is expected to be done
when the middle one of the team's own duties that took at least a days was done, drawn out by the owner's load. With
fewer than OBSERVATIONS of a rule only load against capacity speaks. The core is pure; the page states it in words.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import ceil
from typing import NamedTuple

from django.db.models import Count, DurationField, ExpressionWrapper, F

from board.services.compliance import Period
from board.services.flow import Histograms, Moves, histograms, persons_in
from board.services.goals import goals
from board.services.open_duties import AHEAD, Duty
from board.services.outcomes import judged
from board.services.scope import Scope
from cases.models import Stay
from deadlines.calendar import add
from deadlines.models import Group

OBSERVATIONS = 10
PACE = timedelta(days=365)  # the acts that tell the pace
RECENT_WEEKS = 12
WEEKS = 8
WORKING_DAYS = 5
HEAVIEST = 3.0  # nobody is thought to be slower than three times the team


class Why(StrEnum):
    PACE = "pace"  # as fast as usual, it is done after its date
    OLD = "old"  # open for longer than any before
    CAPACITY = "capacity"  # more stands before it than the week can carry
    WAITS = "waits"  # in the hands of others until after its date


class Open(NamedTuple):
    """An open duty whose date is in the next days. waits_until: date.max without a day."""

    pk: int
    rule: str
    owner: int | None
    starts_on: date
    due_on: date
    waits_until: date | None = None


@dataclass(frozen=True, slots=True)
class Slip:
    """A duty that is expected to be late, and when it may be done; None where nothing tells."""

    pk: int
    rule: str
    why: Why
    expected_on: date | None = None


def remaining_days(age: int, took: Sequence[int]) -> int | None:
    """Days until the middle one of those that took at least `age` days was done; None when none took so long.

    took: days of the acts of the past, the shortest first.
    """
    first = bisect_left(took, age)
    return took[(first + len(took) - 1) // 2] - age if first < len(took) else None


def load_of(owner: int | None, loads: Mapping[int | None, int]) -> float:
    """How much more than a colleague the owner has to do: 1.0 for the middle and below, at most HEAVIEST."""
    carried = [number for each, number in loads.items() if each is not None]
    if owner is None or not carried:
        return 1.0
    return min(max(loads.get(owner, 0) * len(carried) / sum(carried), 1.0), HEAVIEST)


def slips(
    due: Iterable[Open],
    *,
    took: Mapping[str, Counter[int]],
    loads: Mapping[int | None, int],
    per_owner_week: float | None,
    today: date,
) -> list[Slip]:
    """Those that are expected to be late, the earliest date first. Pure.

    took: rule → days → number. loads: owner → duties to do in these days. per_owner_week: what one carries in a week.
    """
    paces = {rule: sorted(days.elements()) for rule, days in took.items()}
    burdens = {owner: load_of(owner, loads) for owner in {None, *loads}}
    ahead = Counter()
    found = []
    for duty in sorted(due, key=lambda each: (each.due_on, each.pk)):
        ahead[duty.owner] += 1
        pace = paces.get(duty.rule, ())
        slip = _slip(duty, pace, burdens.get(duty.owner, 1.0), today)
        slip = slip or _by_capacity(duty, pace, ahead[duty.owner], per_owner_week, today)
        if slip:
            found.append(slip)
    return found


def _slip(duty: Open, took: Sequence[int], load: float, today: date) -> Slip | None:
    about = (duty.pk, duty.rule)
    if duty.waits_until and duty.waits_until > duty.due_on:
        return Slip(*about, Why.WAITS, None if duty.waits_until == date.max else duty.waits_until)
    if len(took) < OBSERVATIONS:
        return None
    days = remaining_days((today - duty.starts_on).days, took)
    if days is None:
        return Slip(*about, Why.OLD)
    expected = today + timedelta(days=ceil(days * load))
    return Slip(*about, Why.PACE, expected) if expected > duty.due_on else None


def _by_capacity(duty: Open, took: Sequence[int], number: int, weekly: float | None, today: date) -> Slip | None:
    """number: the duty's place in the owner's row. weekly: what one owner carries in a week."""
    if len(took) >= OBSERVATIONS or not weekly:
        return None
    needed = ceil(number * WORKING_DAYS / weekly)
    expected = add(today, max(needed - 1, 0), "working_days")
    return Slip(duty.pk, duty.rule, Why.CAPACITY, expected) if expected > duty.due_on else None


# --- From the database ------------------------------------------------------------------------


class Pace(NamedTuple):
    """How long the duties of the last year took, and how many were done in a week, in the mean of the last twelve."""

    took: Histograms
    per_week: float


def paces(today: date) -> tuple[Period, Period]:
    """The year and the weeks that tell the pace; today isn't over."""
    yesterday = today - timedelta(days=1)
    return Period(today - PACE, yesterday), Period(today - timedelta(weeks=RECENT_WEEKS), yesterday)


def pace_of(scope: Scope, today: date) -> Pace:
    return _pace(*histograms(scope, today, *paces(today)))


def _pace(year: Histograms, recent: Histograms) -> Pace:
    return Pace(year, sum(each.total() for each in recent.values()) / RECENT_WEEKS)


def times_and_pace(scope: Scope, period: Period, today: date) -> tuple[Histograms, Pace]:
    """What took how long in the period, and the pace: what was done is read once."""
    times, *rest = histograms(scope, today, period, *paces(today))
    return times, _pace(*rest)


def open_ahead(duties: Iterable[Duty], today: date) -> list[Open]:
    """Not late, and due within fourteen days; those that others have in their hands by their own date."""
    return [
        Open(
            each.pk,
            each.rule,
            each.owner,
            each.starts_on,
            each.day,
            (each.waiting_until or date.max) if each.group == Group.WAITING else None,
        )
        for each in duties
        if each.starts_on and today <= each.day <= today + AHEAD
    ]


def expected_slips(duties: Iterable[Duty], scope: Scope, today: date, pace: Pace) -> list[Slip]:
    """Of the scope's open duties, the earliest date first."""
    due = open_ahead(duties, today)
    loads = Counter(duty.owner for duty in due)
    owners = len([owner for owner in loads if owner is not None]) or 1
    weekly = capacity_of(scope) or pace.per_week
    return slips(due, took=pace.took, loads=loads, per_owner_week=weekly / owners, today=today)


def capacity_of(scope: Scope) -> int | None:
    """Duties per week as set for a unit; None where nobody has, for a town and for the whole house."""
    return None if scope.locality else goals().per_week


# --- The coming weeks -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Week:
    """Duties that fall due in one ISO week: known today, and expected of those who are still to come."""

    monday: date
    known: int
    expected: int
    arrivals: float


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def expected_duties(arrivals: Mapping[date, float], profile: Mapping[int, float]) -> dict[date, float]:
    """Monday → duties. profile: weeks after the arrival → duties per person who came. Pure."""
    found: dict[date, float] = defaultdict(float)
    for monday, persons in arrivals.items():
        for lag, duties in profile.items():
            found[monday + timedelta(weeks=lag)] += persons * duties
    return found


def last_of_weeks(today: date) -> date:
    """The Sunday of the last of the coming weeks."""
    return monday_of(today) + timedelta(weeks=WEEKS, days=-1)


def coming_weeks(duties: Iterable[Duty], scope: Scope, today: date, came: Iterable[Moves]) -> list[Week]:
    """This week and seven more. duties: until last_of_weeks. came: at least of the last year. Two queries."""
    mondays = [monday_of(today) + timedelta(weeks=number) for number in range(WEEKS)]
    in_year, lately = (persons_in(came, period) for period in paces(today))
    arrivals = _arrivals(scope, today, mondays, lately / RECENT_WEEKS)
    expected = expected_duties(arrivals, _profile(scope, today, in_year) if in_year else {})
    known = Counter(monday_of(each.day) for each in duties if each.day >= today)
    return [Week(monday, known[monday], round(expected.get(monday, 0)), arrivals[monday]) for monday in mondays]


def _arrivals(scope: Scope, today: date, mondays: list[date], mean: float) -> dict[date, float]:
    """Persons per week: those who are announced, at least the mean of the last twelve weeks."""
    stays = Stay.objects.filter(scope.of_cases("person__case__"), left_on=None, person__case__closed_on=None)
    announced: Counter[date] = Counter()
    waiting = stays.filter(arrived_on=None, expected_on__gte=today).order_by().values_list("expected_on")
    for day, number in waiting.annotate(Count("pk")):
        announced[monday_of(day)] += number
    return {monday: max(announced[monday], mean) for monday in mondays}


def _profile(scope: Scope, today: date, persons: int) -> dict[int, float]:
    """Weeks from the start to the date → duties per person who came, over the last year."""
    year, _recent = paces(today)
    given = ExpressionWrapper(F("due_on") - F("starts_on"), output_field=DurationField())
    steps = judged(today).filter(scope.of_cases("case__"), starts_on__range=(year.first, year.last))
    found: Counter[int] = Counter()
    for span, number in steps.order_by().annotate(given=given).values_list("given").annotate(Count("pk")):
        found[max(span.days, 0) // 7] += number
    return {lag: number / persons for lag, number in found.items() if lag < WEEKS}
