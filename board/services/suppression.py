"""Small numbers kept out of sight, so that none can be computed from what is shown beside them. Pure.

A table with its totals is a circulation: cells are edges from a row to a column, totals the edges that close the
circle, and at every node what comes in goes out. Whoever reads the table knows these sums, that a cell marked *under 5*
is 1 to 4, and that one marked *skjult* is not. A hidden cell can be recovered exactly when its edge lies on no cycle
along which the other hidden cells could give way; then one more cell is hidden, the smallest first.
Source: the strategy's own scale (a municipality with few families) and domain.md part 6: numbers below 5.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

LEAST = 5
ENDLESS = 10**9


class Rank(IntEnum):
    """What is hidden rather than what: cells first, then sums of some, never the total that stands elsewhere too."""

    CELL = 0
    SUM = 1
    TOTAL = 2


class Hidden(StrEnum):
    """SMALL: below LEAST. BESIDE: kept back so that a small one can't be computed."""

    SMALL = "small"
    BESIDE = "beside"


@dataclass(frozen=True, slots=True)
class Edge:
    """One number of a table. Two of a table share a node where they stand in the same sum."""

    key: Hashable
    start: Hashable
    end: Hashable
    value: int
    rank: Rank = Rank.CELL


@dataclass(frozen=True, slots=True)
class Kept:
    """A hidden number and the limits that the reader knows for it."""

    edge: Edge
    low: int
    high: int


def is_small(value: int) -> bool:
    return 0 < value < LEAST


def flat(cells: dict[Hashable, int], total: Hashable) -> list[Edge]:
    """A simple list with its total."""
    edges = [Edge(key, "rows", "end", value) for key, value in cells.items()]
    return [*edges, Edge(total, "end", "rows", sum(cells.values()), Rank.TOTAL)]


def nested(groups: dict[Hashable, dict[Hashable, int]], total: Hashable) -> list[Edge]:
    """A list in groups, each with its own sum (under the group's key), and the total."""
    edges = []
    for group, cells in groups.items():
        edges.append(Edge(group, "rows", group, sum(cells.values()), Rank.SUM))
        edges += [Edge(key, group, "end", value) for key, value in cells.items()]
    whole = sum(sum(cells.values()) for cells in groups.values())
    return [*edges, Edge(total, "end", "rows", whole, Rank.TOTAL)]


def crossed(cells: dict[tuple[Hashable, Hashable], int], total: Hashable) -> list[Edge]:
    """(row, column) → value, with the sums of the rows ((row, total)), of the columns ((total, column)), and of all."""
    edges = [Edge((row, column), ("row", row), ("column", column), value) for (row, column), value in cells.items()]
    for row in dict.fromkeys(row for row, _column in cells):
        value = sum(number for (at, _column), number in cells.items() if at == row)
        edges.append(Edge((row, total), "rows", ("row", row), value, Rank.SUM))
    for column in dict.fromkeys(column for _row, column in cells):
        value = sum(number for (_row, at), number in cells.items() if at == column)
        edges.append(Edge((total, column), ("column", column), "end", value, Rank.SUM))
    return [*edges, Edge((total, total), "end", "rows", sum(cells.values()), Rank.TOTAL)]


def suppress(edges: Sequence[Edge]) -> dict[Hashable, Hidden]:
    """key → why it is hidden. Where no choice of cells is enough, all but the total go, and none says how small it is.

    A table whose total is small itself is hidden whole.
    """
    if any(edge.rank is Rank.TOTAL and is_small(edge.value) for edge in edges):
        return everything(edges)
    kept = {edge.key: Kept(edge, 1, LEAST - 1) for edge in edges if is_small(edge.value)}
    while bare := next((one for one in kept.values() if is_exposed(one, kept.values())), None):
        free = [e for e in edges if e.key not in kept and e.value and e.rank is not Rank.TOTAL]
        if not free:
            return everything(edges)
        chosen = best(free, bare.edge, kept.values())
        kept[chosen.key] = Kept(chosen, LEAST, ENDLESS)
    return {key: Hidden.SMALL if is_small(one.edge.value) else Hidden.BESIDE for key, one in kept.items()}


def everything(edges: Iterable[Edge]) -> dict[Hashable, Hidden]:
    """All but the total, alike; the total only where it is small."""
    hidden: dict[Hashable, Hidden] = {}
    for edge in edges:
        if edge.rank is not Rank.TOTAL:
            hidden[edge.key] = Hidden.BESIDE
        elif is_small(edge.value):
            hidden[edge.key] = Hidden.SMALL
    return hidden


def best(free: Sequence[Edge], bare: Edge, kept: Iterable[Kept]) -> Edge:
    """What to hide beside a bare number: what mends most sums in which one number stands hidden alone; of these the
    nearest, a single cell before a sum, and the smallest.
    """
    ends = Counter(node for one in kept for node in (one.edge.start, one.edge.end))

    def order(edge: Edge) -> tuple[int, int, int, int]:
        mended = sum(ends[node] == 1 for node in (edge.start, edge.end))
        apart = 0 if edge.start == bare.start else 1 if edge.end == bare.end else 2
        return -mended, apart, edge.rank, edge.value

    return min(free, key=order)


def is_exposed(one: Kept, kept: Iterable[Kept]) -> bool:
    """Whether the number can be neither one more nor one less, given what is shown."""
    edge, others = one.edge, [other for other in kept if other.edge.key != one.edge.key]
    more = edge.value < one.high and is_led(edge.end, edge.start, others)
    less = edge.value > one.low and is_led(edge.start, edge.end, others)
    return not (more or less)


def is_led(start: Hashable, end: Hashable, kept: Sequence[Kept]) -> bool:
    """Whether hidden numbers that may rise (along their edge) or fall (against it) lead from start to end."""
    seen, waiting = {start}, [start]
    while waiting:
        at = waiting.pop()
        if at == end:
            return True
        for one in kept:
            edge = one.edge
            nearby = [edge.end] if edge.start == at and edge.value < one.high else []
            nearby += [edge.start] if edge.end == at and edge.value > one.low else []
            for node in nearby:
                if node not in seen:
                    seen.add(node)
                    waiting.append(node)
    return False
