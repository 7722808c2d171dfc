"""How long things take, who came and left, and who is here."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.db.models import (
    BooleanField,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Q,
)

from board.services.compliance import Period
from board.services.outcomes import judged
from board.services.scope import Scope
from board.services.snapshots import month_of
from cases.choices import FamilyRole
from cases.formats import years_before
from cases.models import Stay
from deadlines.models import StepQuerySet

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
