"""The periods in which anyone of a household was here: the rounds of the household's duties. Pure but for one query."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from cases.models import BEFORE_ALL, Case, Stay


@dataclass(slots=True)
class Period:
    """after (exclusive) to until (inclusive, None while somebody is here)."""

    case: Case
    number: int
    after: date = BEFORE_ALL
    stays: list[Stay] = field(default_factory=list)

    @property
    def case_id(self) -> int:
        return self.case.pk

    @property
    def until(self) -> date | None:
        left = [stay.left_on for stay in self.stays]
        return None if not left or None in left else max(left)

    @property
    def present(self) -> list[Stay]:
        return [stay for stay in self.stays if stay.left_on is None]

    def first(self, name: str) -> date | None:
        """The earliest of that date among the members; who moved in later counts from that day."""
        found = ((getattr(stay, name), stay.person.joined_on) for stay in self.stays)
        return min((max(day, joined or day) for day, joined in found if day), default=None)


def begins(stay: Stay) -> date | None:
    return stay.arrived_on or stay.staying_since or stay.residence_from or stay.visitation_on or stay.expected_on


def periods(case: Case, stays: Iterable[Stay]) -> list[Period]:
    """A new period begins when everybody had left before somebody came."""
    found: list[Period] = []
    for stay in sorted(stays, key=lambda s: (begins(s) or date.max, s.round, s.person_id)):
        current = found[-1] if found else None
        start = begins(stay)
        gone = current is not None and current.until is not None
        if current is None or (gone and (start > current.until if start else stay.round > 1)):
            current = Period(case, len(found) + 1, current.until if current else BEFORE_ALL)
            found.append(current)
        current.stays.append(stay)
    return found


def households(cases) -> Iterable[Period]:
    """All periods of these cases, in one query."""
    stays = Stay.objects.of(cases).select_related("person__case")
    for _pk, group in groupby(stays, key=lambda stay: stay.person.case_id):
        members = list(group)
        yield from periods(members[0].person.case, members)
