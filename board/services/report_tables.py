"""A report's tables: of each number a value for the sheet and a text for page and paper, made together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from board.services.compliance import FEW, Tally
from board.services.wording import count, decimal, few, kept, share
from cases.formats import doc_date
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


@dataclass(frozen=True, slots=True)
class Teller:
    """Numbers as one circle of readers gets them; covered: nothing under five."""

    covered: bool

    def number(self, value: int) -> Cell:
        text = count(value, covered=self.covered)
        return Cell(text, text if few(value, covered=self.covered) else value)

    def share(self, tally: Tally) -> Cell:
        """The percentage; counts where fewer than five are counted."""
        text = kept(tally, covered=self.covered)
        return Cell(text, tally.percent if tally.percent is not None else text, self.corrected(tally))

    def corrected(self, tally: Tally) -> str:
        """What a closed month would be today, where that differs."""
        if not tally.is_corrected:
            return ""
        now = Tally(on_time=tally.on_time_now, late=tally.late_now)
        return _("korrigeret: %s") % kept(now, covered=self.covered)

    def with_new(self, tally: Tally) -> Cell:
        """The second figure, where what was late within a new date is on time; not told where counts are covered."""
        if self.covered:
            return text("–")
        said = share(tally.on_time + tally.extended, tally.counted)
        return Cell(said, tally.percent_extended if tally.percent_extended is not None else said)

    def parts(self, numbers: Mapping[str, int]) -> dict[str, Cell]:
        """Parts of a total that is told. Where one alone is covered the next is hidden too, against subtraction."""
        found = {name: self.number(value) for name, value in numbers.items()}
        small = [name for name, value in numbers.items() if few(value, covered=self.covered)]
        others = sorted((value, name) for name, value in numbers.items() if value >= FEW)
        if len(small) == 1 and others:
            found[others[0][1]] = text(_("skjult"))
        return found

    def median(self, times: Mapping) -> tuple[Cell, Cell]:
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


def months_table(rules: Sequence[Mapping], months: Sequence[str], tell: Teller) -> Table:
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
                        tell.number(tally.counted),
                        tell.share(tally),
                        tell.number(tally.late),
                    )
                )
    return Table("months", _("Regel og måned"), heads, rows)
