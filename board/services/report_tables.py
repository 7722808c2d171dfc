"""A report's tables: of each number a value for the sheet and a text for page and paper, made together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from board.services.compliance import FEW, Tally
from board.services.wording import decimal, share
from cases.formats import doc_date, thousands
from deadlines.models import Kind

KINDS = {kind.value: str(kind.label) for kind in Kind}


class Cell(NamedTuple):
    """text: as it is read. value: as it is calculated with in a sheet. more: a smaller line below."""

    text: str
    value: int | float | str | date | None
    more: str = ""


class Head(NamedTuple):
    """number: to the right. width: in characters, of the sheet. unit: of the values where the text has one."""

    title: str
    width: int = 14
    number: bool = True
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """title: of the sheet too, so of at most 31 characters and without []:*?/\\. The first cell heads its row."""

    key: str
    title: str
    heads: Sequence[Head]
    rows: Sequence[Sequence[Cell]]
    note: str = ""

    @property
    def lines(self) -> list[list[tuple[Head, Cell]]]:
        """Each cell with the head of its column, for the templates."""
        return [list(zip(self.heads, row, strict=True)) for row in self.rows]


def number(value: int) -> Cell:
    return Cell(thousands(value), value)


def on_time(tally: Tally) -> Cell:
    """The percentage; counts where fewer than five are counted. Smaller: what a closed month would be today."""
    said = share(tally.on_time, tally.counted)
    return Cell(said, tally.percent if tally.percent is not None else said, _corrected(tally))


def _corrected(tally: Tally) -> str:
    if not tally.is_corrected:
        return ""
    return _("korrigeret: %s") % share(tally.on_time_now, tally.on_time_now + tally.late_now)


def with_new(tally: Tally) -> Cell:
    """The second figure, where what was late within a new date is on time."""
    said = share(tally.on_time + tally.extended, tally.counted)
    return Cell(said, tally.percent_extended if tally.percent_extended is not None else said)


def median(times: Mapping) -> tuple[Cell, Cell]:
    """Days: the middle one, and that within which nine of ten were; neither under five."""
    if times["number"] < FEW:
        return text("–"), text("–")
    nine = times["nine_of_ten"]
    return Cell(decimal(times["median"]), times["median"]), Cell(str(nine), nine)


def text(value: str) -> Cell:
    return Cell(value, value)


def day(value: str | None) -> Cell:
    """value: ISO."""
    found = date.fromisoformat(value) if value else None
    return Cell(doc_date(found), found) if found else text("–")


def percent(value: int) -> Cell:
    return Cell(f"{value} %", value)


def points(now: Tally, before: Tally) -> Cell:
    """The change in percentage points, with its sign; a dash where one of the two has no percentage."""
    if now.percent is None or before.percent is None:
        return text("–")
    found = now.percent - before.percent
    sign = "+" if found > 0 else "−" if found < 0 else "±"
    return Cell(f"{sign}{abs(found)}", found)


def months_table(rules: Sequence[Mapping], months: Sequence[str]) -> Table:
    """One row per duty and month, for who wants to calculate on."""
    heads = (
        Head(_("Regel"), 26, number=False),
        Head(_("Art"), 14, number=False),
        Head(_("Måned"), 12, number=False),
        Head(_("Mål"), 8, unit="%"),
        Head(_("Talt med"), 10),
        Head(_("Til tiden"), 12, unit="%"),
        Head(_("For sent"), 10),
    )
    rows = []
    for rule in rules:
        for month, given in zip(months, rule["months"], strict=True):
            tally = Tally(**given)
            if tally.counted:
                first = date.fromisoformat(month)
                rows.append(
                    (
                        text(rule["name"]),
                        text(KINDS[rule["kind"]]),
                        Cell(f"{first:%m.%Y}", f"{first:%Y-%m}"),
                        percent(rule["goal"]),
                        number(tally.counted),
                        on_time(tally),
                        number(tally.late),
                    )
                )
    return Table("months", _("Regel og måned"), heads, rows)
