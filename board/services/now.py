"""What stands on the board of today: overdue by age and reason, the next fourteen days, times, and who came and left.

Every number has the rows behind it in `board.services.cells`; the definitions are the same expressions.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import reduce
from heapq import nsmallest
from operator import or_
from typing import NamedTuple

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Q,
    Value,
    When,
)
from django.utils.translation import gettext_lazy as _

from board.services.columns import column_word
from board.services.compliance import Period
from board.services.outcomes import KINDS, judged
from board.services.scope import Scope
from board.services.snapshots import month_of
from cases.choices import FamilyRole
from cases.formats import years_before
from cases.models import Stay
from deadlines.models import Cause, Group, Step, StepQuerySet

AHEAD = timedelta(days=14)
# Word, first and last day over the date; the last band has no end.
BANDS = (("1-3", 1, 3), ("4-7", 4, 7), ("8-14", 8, 14), ("over-14", 15, None))
WAITS, NOBODY, NO_CAUSE = "venter", "uden", "ingen"


def listed_now(scope: Scope, today: date) -> StepQuerySet:
    """What the work lists hold today of the duties of the figures, with its `group`."""
    steps = Step.objects.listed(today).with_group(today).filter(scope.of_cases("case__"), kind__in=KINDS)
    return steps.exclude(rule="")


def late_now(scope: Scope, today: date) -> StepQuerySet:
    """Overdue or passed. The day says most of it, and has an index."""
    return listed_now(scope, today).filter(effective_on__lt=today, group__in=[Group.OVERDUE, Group.PASSED])


# --- Overdue ------------------------------------------------------------------------------------


def in_band(word: str, today: date) -> Q:
    """So many days past the day on which somebody had to act."""
    first, last = next((first, last) for each, first, last in BANDS if each == word)
    found = Q(effective_on__lte=today - timedelta(days=first))
    return found if last is None else found & Q(effective_on__gte=today - timedelta(days=last))


def reason() -> Case:
    """Why an open one is late, as far as the record knows: a Cause, WAITS, NOBODY or NO_CAUSE."""
    return Case(
        When(~Q(cause=""), then=F("cause")),
        When(waiting_for__isnull=False, then=Value(WAITS)),
        When(owner=None, then=Value(NOBODY)),
        default=Value(NO_CAUSE),
        output_field=CharField(),
    )


REASONS = {
    **dict(Cause.choices),
    WAITS: _("Venter på andre"),
    NOBODY: _("Ingen har opgaven"),
    NO_CAUSE: _("Ingen årsag angivet"),
}


@dataclass(slots=True)
class Overdue:
    """Counts of one group (overdue or passed): in all, the families, the oldest day, by age and by reason."""

    steps: list[tuple[date, int]] = field(default_factory=list)  # the day to act, and the id
    cases: set[int] = field(default_factory=set)
    by_band: Counter[str] = field(default_factory=Counter)
    by_reason: Counter[str] = field(default_factory=Counter)

    @property
    def number(self) -> int:
        return len(self.steps)

    @property
    def families(self) -> int:
        return len(self.cases)

    @property
    def oldest(self) -> date | None:
        return min(self.steps)[0] if self.steps else None

    def longest(self, number: int) -> list[int]:
        """Ids of those that have been late for longest."""
        return [pk for _day, pk in nsmallest(number, self.steps)]

    def add(self, pk: int, case: int, day: date, why: str, today: date) -> None:
        self.steps.append((day, pk))
        self.cases.add(case)
        self.by_band[band_of((today - day).days)] += 1
        self.by_reason[why] += 1


def overdue(scope: Scope, today: date) -> dict[int, Overdue]:
    """For Group.OVERDUE (laws and goals) and Group.PASSED (local targets). One query."""
    found = {group: Overdue() for group in (Group.OVERDUE, Group.PASSED)}
    late = late_now(scope, today).order_by().annotate(reason=reason())
    for group, pk, case, day, why in late.values_list("group", "pk", "case", "effective_on", "reason"):
        found[group].add(pk, case, day, why, today)
    return found


def band_of(days: int) -> str:
    """The band of so many days past."""
    return next(word for word, first, last in BANDS if last is None or first <= days <= last)


# --- The next fourteen days -----------------------------------------------------------------------


class Load(NamedTuple):
    """Open deadlines of one owner in one column, late ones among them."""

    number: int
    late: int


@dataclass(slots=True)
class OwnerLoad:
    """One row of the heat map; owner None: nobody."""

    owner: int | None
    name: str
    cells: dict[str, Load]

    @property
    def total(self) -> Load:
        return Load(sum(each.number for each in self.cells.values()), sum(each.late for each in self.cells.values()))


def to_do(scope: Scope, today: date) -> StepQuerySet:
    """Late, or to be done within fourteen days; what others have in their hands is left out."""
    return listed_now(scope, today).filter(effective_on__lte=today + AHEAD).exclude(group=Group.WAITING)


def loads(scope: Scope, today: date) -> list[OwnerLoad]:
    """By who owns the deadline, not by the family's caseworker; the fullest first, nobody's last. One query."""
    late = Count("pk", filter=Q(group__in=[Group.OVERDUE, Group.PASSED]))
    named = ("owner", "owner__first_name", "owner__last_name", "owner__username")
    rows = to_do(scope, today).order_by().annotate(column=column_word()).values_list(*named, "column")
    found: dict[int | None, OwnerLoad] = {}
    for owner, given, surname, username, column, number, behind in rows.annotate(number=Count("pk"), behind=late):
        name = f"{given or ''} {surname or ''}".strip() or username or ""
        found.setdefault(owner, OwnerLoad(owner, name, {})).cells[column] = Load(number, behind)
    return sorted(found.values(), key=lambda each: (each.owner is None, -each.total.number, each.name))


# --- Times, arrivals, people ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Times:
    """Days from the start to the act of one rule: how many, the middle one, and that within which nine of ten were."""

    number: int
    median: float
    nine_of_ten: int


def done_steps(scope: Scope, today: date) -> StepQuerySet:
    return judged(today).filter(scope.of_cases("case__"), starts_on__isnull=False, acted_on__isnull=False)


def acted_in(scope: Scope, period: Period, today: date) -> StepQuerySet:
    """What was done in the period, in time or not."""
    return done_steps(scope, today).filter(acted_on__range=(period.first, period.last))


Histograms = dict[str, Counter[int]]  # rule → days from start to act → how many


def histograms(scope: Scope, today: date, *periods: Period) -> list[Histograms]:
    """How long what was done in each of the periods took. An act before the clock began took no days. One query."""
    took = ExpressionWrapper(F("acted_on") - F("starts_on"), output_field=DurationField())
    inside = {f"in_{at}": Q(acted_on__range=(each.first, each.last)) for at, each in enumerate(periods)}
    flags = {name: ExpressionWrapper(within, output_field=BooleanField()) for name, within in inside.items()}
    steps = done_steps(scope, today).filter(reduce(or_, inside.values())).order_by()
    found: list[Histograms] = [defaultdict(Counter) for _period in periods]
    rows = steps.annotate(took=took, **flags).values_list("rule", "took", *flags).annotate(Count("pk"))
    for rule, days, *within, number in rows:
        for histogram, counts in zip(found, within, strict=True):
            if counts:
                histogram[rule][max(days.days, 0)] += number
    return found


def times_of(histogram: Counter[int]) -> Times:
    """histogram: at least one act."""
    number, days = histogram.total(), sorted(histogram)
    lower, upper = _at(histogram, days, (number - 1) // 2), _at(histogram, days, number // 2)
    return Times(number, (lower + upper) / 2, _at(histogram, days, -(-9 * number // 10) - 1))


def _at(histogram: Counter[int], days: list[int], index: int) -> int:
    """The value at the index of the sorted acts."""
    seen = 0
    for day in days:
        seen += histogram[day]
        if seen > index:
            return day
    raise IndexError(index)


class Moves(NamedTuple):
    """So many persons of one family who came or left on a day."""

    day: date
    case: int
    persons: int


class Moved(NamedTuple):
    """How many persons and families came or left."""

    persons: int = 0
    families: int = 0


ARRIVED, LEFT = "arrived_on", "left_on"


def moves(scope: Scope, period: Period, name: str) -> list[Moves]:
    """Who came (ARRIVED) or left (LEFT) in the period. One query."""
    stays = Stay.objects.filter(scope.of_cases("person__case__"), **{f"{name}__range": (period.first, period.last)})
    rows = stays.order_by().values_list(name, "person__case")
    return [Moves(*row) for row in rows.annotate(Count("pk"))]


def persons_in(rows: Iterable[Moves], period: Period) -> int:
    return sum(row.persons for row in rows if period.first <= row.day <= period.last)


def by_month(rows: Iterable[Moves], period: Period) -> dict[date, Moved]:
    """The months of the period in which anybody moved."""
    persons, families = Counter(), defaultdict(set)
    for row in rows:
        if period.first <= row.day <= period.last:
            persons[month_of(row.day)] += row.persons
            families[month_of(row.day)].add(row.case)
    return {month: Moved(number, len(families[month])) for month, number in persons.items()}


class Here(NamedTuple):
    families: int
    persons: int
    children: int


def here(scope: Scope, today: date) -> Here:
    """Who has arrived and not left, in open cases; without a birth date the role says who is a child. One query."""
    stays = Stay.objects.filter(scope.of_cases("person__case__"), arrived_on__lte=today, person__case__closed_on=None)
    stays = stays.filter(Q(left_on=None) | Q(left_on__gt=today))
    young = Q(person__birth_date__gt=years_before(today, 18))
    child = young | Q(person__birth_date=None, person__role=FamilyRole.CHILD)
    return Here(
        **stays.aggregate(
            families=Count("person__case", distinct=True),
            persons=Count("person", distinct=True),
            children=Count("person", distinct=True, filter=child),
        )
    )
