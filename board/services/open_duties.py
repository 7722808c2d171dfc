"""What is open today of the duties of the figures: overdue by age and reason, and the work of the next fourteen days.

The board reads them once (`open_duties`) and counts in Python; the rows behind each number are the querysets above it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from heapq import nsmallest
from typing import NamedTuple

from django.db.models import Case, CharField, F, Q, Value, When
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from board.services.columns import column_of
from board.services.outcomes import KINDS
from board.services.scope import Scope
from deadlines.models import Cause, Group, Step, StepQuerySet

AHEAD = timedelta(days=14)
# Word, first and last day over the date; the last band has no end.
BANDS = (("1-3", 1, 3), ("4-7", 4, 7), ("8-14", 8, 14), ("over-14", 15, None))
BAND_LABELS = {
    word: format_lazy(_("{first}–{last} dage"), first=first, last=last) if last else _("Over 14 dage")
    for word, first, last in BANDS
}
LATE = (Group.OVERDUE, Group.PASSED)
WAITS, NOBODY, NO_CAUSE = "venter", "uden", "ingen"


def listed_now(scope: Scope, today: date) -> StepQuerySet:
    """What the work lists hold today of the duties of the figures, with its `group`."""
    steps = Step.objects.listed(today).with_group(today).filter(scope.of_cases("case__"), kind__in=KINDS)
    return steps.exclude(rule="")


def late_now(scope: Scope, today: date) -> StepQuerySet:
    """Overdue or passed. The day says most of it, and has an index."""
    return listed_now(scope, today).filter(effective_on__lt=today, group__in=LATE)


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


def to_do(scope: Scope, today: date) -> StepQuerySet:
    """Late, or to be done within fourteen days; what others have in their hands is left out."""
    return listed_now(scope, today).filter(effective_on__lte=today + AHEAD).exclude(group=Group.WAITING)


class Duty(NamedTuple):
    """One open deadline. day: on which somebody has to act. group: of the work lists. reason: why it is late."""

    pk: int
    rule: str
    owner: int | None
    case: int
    starts_on: date | None
    day: date
    group: int
    waiting_until: date | None
    reason: str

    @property
    def is_late(self) -> bool:
        return self.group in LATE


def open_duties(scope: Scope, today: date, last: date) -> list[Duty]:
    """All whose day is `last` or before. One query."""
    steps = listed_now(scope, today).filter(effective_on__lte=last).order_by().annotate(reason=reason())
    fields = ("pk", "rule", "owner", "case", "starts_on", "effective_on", "group", "waiting_until", "reason")
    return [Duty(*row) for row in steps.values_list(*fields)]


# --- Overdue ------------------------------------------------------------------------------------


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

    def add(self, duty: Duty, today: date) -> None:
        self.steps.append((duty.day, duty.pk))
        self.cases.add(duty.case)
        self.by_band[band_of((today - duty.day).days)] += 1
        self.by_reason[duty.reason] += 1


def overdue(duties: Iterable[Duty], today: date) -> dict[int, Overdue]:
    """For Group.OVERDUE (laws and goals) and Group.PASSED (local targets)."""
    found = {group: Overdue() for group in LATE}
    for duty in duties:
        if duty.is_late:
            found[duty.group].add(duty, today)
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


def loads(duties: Iterable[Duty], today: date) -> list[OwnerLoad]:
    """What is late or to be done within fourteen days, by who owns the deadline, not by the family's caseworker.

    The fullest first, nobody's last. One query, for the names.
    """
    number, late = Counter(), Counter()
    for duty in duties:
        if duty.day <= today + AHEAD and duty.group != Group.WAITING:
            number[duty.owner, column_of(duty.rule)] += 1
            late[duty.owner, column_of(duty.rule)] += duty.is_late
    people = User.objects.in_bulk({owner for owner, _column in number} - {None})
    found: dict[int | None, OwnerLoad] = {}
    for (owner, column), counted in number.items():
        load = found.setdefault(owner, OwnerLoad(owner, people[owner].name if owner else "", {}))
        load.cells[column] = Load(counted, late[owner, column])
    return sorted(found.values(), key=lambda each: (each.owner is None, -each.total.number, each.name))
