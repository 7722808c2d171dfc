"""Tal på en dato: what the people of a day add up to. Pure; board.services.day_words puts it into words.

The figures are operational: they never equal Jobindsats (STAR, from e-income) or the count of Udlændingestyrelsen.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.utils.translation import gettext as _

from board.services import day_people, suppression
from board.services.compliance import percent
from board.services.day_people import Here, Move
from board.services.suppression import Edge, Hidden, Rank
from cases.choices import PermitState, Sex
from cases.formats import age_on, thousands
from housing.models import PlacementKind

UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A number that may be shown, or None and why not."""

    value: int | None
    hidden: Hidden | None = None

    @property
    def text(self) -> str:
        if self.hidden is None:
            return thousands(self.value)
        return _("under 5") if self.hidden is Hidden.SMALL else _("skjult")

    @property
    def is_shown(self) -> bool:
        return self.hidden is None


@dataclass(frozen=True, slots=True)
class Line:
    """level 0 is the total, 1 a group, 2 a part of it. of: the number that the first cell is a share of."""

    key: str
    label: str
    cells: tuple[Cell, ...]
    level: int = 1
    of: Cell | None = None

    @property
    def share(self) -> str:
        """ "62 %"; nothing of fewer than 5, and nothing that is hidden."""
        first = self.cells[0]
        if self.of is None or not (first.is_shown and self.of.is_shown and self.of.value):
            return ""
        found = percent(first.value, self.of.value)
        return "" if found is None else f"{found} %"


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One figure or table: what it says, in plain words what counts, and the sentence to copy."""

    key: str
    title: str
    definition: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    sentence: str = ""
    with_shares: bool = False
    note: str = ""

    @property
    def total(self) -> Cell | None:
        """n: what the lines add up to."""
        return next((line.cells[-1] for line in self.lines if line.level == 0), None)


def shown(edges: Sequence[Edge], *, withheld: bool = False) -> dict[Hashable, Cell]:
    """key → cell. withheld: the table's total is hidden where it stands, so nothing of it may be shown here."""
    hidden = dict.fromkeys((edge.key for edge in edges), Hidden.BESIDE) if withheld else suppression.suppress(edges)
    return {edge.key: Cell(None, hidden[edge.key]) if edge.key in hidden else Cell(edge.value) for edge in edges}


def single(value: int) -> Cell:
    """A number that is no part of a sum on the page."""
    return Cell(None, Hidden.SMALL) if suppression.is_small(value) else Cell(value)


def within(numbers: Mapping[str, int]) -> dict[str, Cell]:
    """Numbers of periods that lie in each other, the shortest first; what lies between two is not told either."""
    names, edges = list(numbers), [Edge(next(iter(numbers)), 1, "end", next(iter(numbers.values())))]
    for at, (shorter, longer) in enumerate(pairwise(names), 1):
        edges.append(Edge((longer, "rest"), at, "end", numbers[longer] - numbers[shorter]))
        if longer != names[-1]:
            edges.append(Edge(longer, at + 1, at, numbers[longer], Rank.SUM))
    edges.append(Edge(names[-1], "end", len(names) - 1, numbers[names[-1]], Rank.TOTAL))
    cells = shown(edges)
    return {name: cells[name] for name in names}


# --- Counting: pure ---------------------------------------------------------------------------

CHILDREN, WORKING, PENSION = "children", "working", "pension"
BANDS: dict[str, tuple[tuple[str, int], ...]] = {
    CHILDREN: (("c0", 0), ("c6", 6), ("c13", 13)),
    WORKING: (("w18", 18), ("w30", 30), ("w50", 50)),
}
DAYCARE, SCHOOL, NEITHER = "daycare", "school", "neither"
WITH, WITHOUT = "with", "without"
AVAILABLE, OTHERS = "available", "others"
IN_TIME, LATE, MISSING = "in_time", "late", "missing"


def group_of(one: Here, day: date) -> str:
    if one.is_child(day):
        return CHILDREN
    return PENSION if one.is_pensioner(day) else WORKING


def band_of(one: Here, day: date) -> str:
    """A key of BANDS, `<group>x` without a birth date, or `pension`."""
    group = group_of(one, day)
    if group == PENSION:
        return "p"
    if one.birth_date is None:
        return f"{group[0]}x"
    age = age_on(one.birth_date, max(day, one.birth_date))
    return [key for key, first in BANDS[group] if age >= first][-1]


def ages(people: Iterable[Here], day: date) -> dict[str, dict[str, int]]:
    """group → band → number. Fewer than 5 pensioners are counted with the others: the groups stand on the page."""
    found = Counter((group_of(one, day), band_of(one, day)) for one in people)
    groups = {group: {key: found[group, key] for key, _first in bands} for group, bands in BANDS.items()}
    for group in groups:
        groups[group][f"{group[0]}x"] = found[group, f"{group[0]}x"]
    pensioners = found[PENSION, "p"]
    if suppression.is_small(pensioners):
        groups[WORKING]["w50"] += pensioners
    elif pensioners:
        groups[PENSION] = {"p": pensioners}
    return groups


def has_folded(people: Iterable[Here], day: date) -> bool:
    return suppression.is_small(sum(group_of(one, day) == PENSION for one in people))


def by(people: Iterable[Here], what: Callable[[Here], Hashable]) -> Counter:
    return Counter(what(one) for one in people)


def places(people: Iterable[Here], day: date) -> dict[str, dict[str, int]]:
    """The children: of day care age and of school age, with and without a place; and those of neither."""
    groups = {
        DAYCARE: {"daycare_with": 0, "daycare_without": 0},
        SCHOOL: {"school_with": 0, "school_without": 0},
        NEITHER: {"neither_all": 0},
    }
    for one in people:
        if not one.is_child(day):
            continue
        if one.needs_school(day):
            groups[SCHOOL]["school_with" if one.in_school else "school_without"] += 1
        elif one.needs_daycare(day):
            groups[DAYCARE]["daycare_with" if one.in_daycare else "daycare_without"] += 1
        else:
            groups[NEITHER]["neither_all"] += 1
    return groups


def jobs(people: Sequence[Here], day: date) -> dict[tuple[str, str], int]:
    """(available or not, in job or not) → adults of working age; with the pensioners where they are folded in."""
    counted = {WORKING, PENSION} if has_folded(people, day) else {WORKING}
    found = {(row, column): 0 for row in (AVAILABLE, OTHERS) for column in (WITH, WITHOUT)}
    for one in people:
        if group_of(one, day) in counted:
            row = AVAILABLE if one.is_available else OTHERS
            found[row, WITH if one.in_job else WITHOUT] += 1
    return found


def contacts(people: Iterable[Here]) -> dict[str, int]:
    families = {one.case_id: one.has_contact for one in people}
    return {WITH: sum(families.values()), WITHOUT: len(families) - sum(families.values())}


def plans(people: Iterable[Here], day: date) -> dict[str, int]:
    """Those whose day for Min plan has passed."""
    found = Counter({IN_TIME: 0, LATE: 0, MISSING: 0})
    for one in people:
        if one.plan_due is None or one.plan_due >= day:
            continue
        found[MISSING if one.plan_on is None else IN_TIME if one.plan_on <= one.plan_due else LATE] += 1
    return dict(found)


def moves(rows: Sequence[Move], day: date) -> dict[str, tuple[int, int]]:
    """period → (persons, families)."""
    found = {}
    for period, first in day_people.spans(day).items():
        inside = [row for row in rows if row.on >= first]
        found[period] = (len({row.person_id for row in inside}), len({row.case_id for row in inside}))
    return found


def homes(people: Iterable[Here]) -> dict[str, int]:
    found = by(people, lambda one: one.home)
    kinds = [PlacementKind.TEMPORARY, PlacementKind.PERMANENT, day_people.HOST, PlacementKind.LODGING, UNKNOWN]
    return {str(kind): found[kind] for kind in kinds}


def permits(people: Iterable[Here]) -> dict[str, int]:
    found = by(people, lambda one: one.permit)
    return {state: found[state] for state in [*PermitState.values, UNKNOWN]}


def sexes(people: Iterable[Here]) -> dict[str, int]:
    found = by(people, lambda one: one.sex)
    return {sex: found[sex] for sex in [*Sex.values, UNKNOWN]}


def towns(people: Iterable[Here], known: Iterable[int]) -> dict[int | None, int]:
    """Locality id → number, of all that are known; None: not known, or protected."""
    found = by(people, lambda one: one.town)
    return {town: found[town] for town in [*known, None]}
