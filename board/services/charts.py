"""Charts as numbers: where each mark stands in its drawing. The templates print them as SVG; no browser code draws.

Units are those of the drawing (SVG user units), origin top left.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """Width and height of the drawing and what is left free around the plot."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float

    @property
    def inner_width(self) -> float:
        return self.width - self.left - self.right

    @property
    def inner_height(self) -> float:
        return self.height - self.top - self.bottom

    @property
    def floor(self) -> float:
        return self.height - self.bottom

    @property
    def end(self) -> float:
        return self.width - self.right


SMALL = Box(216, 78, 4, 26, 8, 16)
WEEKS = Box(430, 196, 36, 8, 18, 36)
LOWEST = 60  # percent at the floor of a small chart


@dataclass(frozen=True, slots=True)
class Small:
    """One rule's line: pieces of path, the area below each, dots, and the goal's height."""

    box: Box
    pieces: list[str]
    areas: list[str]
    dots: list[dict]
    goal_y: float
    goal: int
    low: int


def small(values: Sequence[int | None], goal: int) -> Small:
    """values: percent per month, None where there are too few. The scale goes down to LOWEST, or lower if needed."""
    known = [(index, value) for index, value in enumerate(values) if value is not None]
    low = min([LOWEST, *((value // 10) * 10 for _index, value in known)])
    step = SMALL.inner_width / max(len(values) - 1, 1)

    def point(index: int, value: float) -> tuple[float, float]:
        x, y = SMALL.left + step * index, SMALL.top + SMALL.inner_height * (100 - value) / (100 - low)
        return round(x, 1), round(y, 1)

    pieces, areas = [], []
    for run in _runs(known):
        marks = [point(*each) for each in run]
        path = "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in marks)
        pieces.append(path)
        areas.append(f"{path} L{marks[-1][0]:.1f} {SMALL.floor} L{marks[0][0]:.1f} {SMALL.floor}Z")
    return Small(SMALL, pieces, areas, _dots(known, goal, point), point(0, goal)[1], goal, low)


def _runs(known: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Months in a row; a month without a value breaks the line."""
    found: list[list[tuple[int, int]]] = []
    for each in known:
        if found and found[-1][-1][0] == each[0] - 1:
            found[-1].append(each)
        else:
            found.append([each])
    return found


def _dots(known, goal: int, point) -> list[dict]:
    """The last month, the lowest one below the goal as an empty circle, and months that stand alone."""
    if not known:
        return []
    lowest = min(known, key=lambda each: (each[1], -each[0]))
    shown = {known[-1]: "last"}
    shown |= {run[0]: "last" for run in _runs(known) if len(run) == 1}
    if lowest[1] < goal:
        shown[lowest] = "low"
    return [{"x": point(*each)[0], "y": point(*each)[1], "kind": kind} for each, kind in shown.items()]


@dataclass(frozen=True, slots=True)
class Bar:
    """A week: its bar in two parts, from the floor up, and the text above."""

    label: str
    x: float
    width: float
    middle: float
    known_y: float
    known_height: float
    more_y: float
    more_height: float
    text: str
    text_y: float
    over: bool


@dataclass(frozen=True, slots=True)
class Weeks:
    box: Box
    bars: list[Bar]
    lines: list[dict]
    capacity_y: float | None


def weeks(rows: Sequence[tuple[str, int, int]], capacity: int | None) -> Weeks:
    """rows: (label, known, expected) per week."""
    most = max([*(known + more for _label, known, more in rows), capacity or 0, 4]) * 1.08
    step = WEEKS.inner_width / max(len(rows), 1)

    def height(value: float) -> float:
        return WEEKS.inner_height * value / most

    bars = []
    for index, (label, known, more) in enumerate(rows):
        x, top = WEEKS.left + step * index + step * 0.2, WEEKS.floor - height(known + more)
        bars.append(
            Bar(
                label=label,
                x=round(x, 1),
                width=round(step * 0.6, 1),
                middle=round(x + step * 0.3, 1),
                known_y=round(WEEKS.floor - height(known), 1),
                known_height=round(height(known), 1),
                more_y=round(top, 1),
                more_height=round(height(more), 1),
                text=str(known + more),
                text_y=round(top - 5, 1),
                over=bool(capacity) and known + more > capacity,
            )
        )
    lines = [{"y": round(WEEKS.floor - height(value), 1), "text": str(value)} for value in _ticks(most)]
    return Weeks(WEEKS, bars, lines, round(WEEKS.floor - height(capacity), 1) if capacity else None)


def _ticks(most: float) -> list[int]:
    """Round numbers for four to six lines."""
    step = next(step for step in _steps() if most / step <= 6)
    return list(range(0, int(most) + 1, step))


def _steps():
    size = 1
    while True:
        yield from (size, 2 * size, 5 * size)
        size *= 10
