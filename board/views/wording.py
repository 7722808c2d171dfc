"""Numbers as the board shows them to one user: in words, and with the address of the rows behind each."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.http import urlencode

from board.forms.filters import BoardFilter, CellFilter
from board.services.compliance import Period, Tally
from board.services.wording import count, few, kept, share


class Numbers:
    """How one user reads counts: with a link to the rows, or without rows and with small counts covered."""

    def __init__(self, form: BoardFilter, period: Period, *, rows: bool):
        self.kept, self.period, self.rows, self.page = form.kept, period, rows, reverse("board:rows")

    def text(self, number: int) -> str:
        return count(number, covered=not self.rows)

    def url(self, figure: str, *, period: Period | None = None, **dims: str | None) -> str:
        """The rows behind a number; dims by the names of CellFilter."""
        if not self.rows:
            return ""
        period = period or self.period
        given: Mapping[str, str] = {name: value for name, value in dims.items() if value}
        words = {"figur": figure, **{CellFilter.words.get(name, name): value for name, value in given.items()}}
        words |= {"fra": period.first.isoformat(), "til": period.last.isoformat(), **self.kept}
        return f"{self.page}?{urlencode(words)}"

    def cell(self, number: int, figure: str, *, period: Period | None = None, **dims: str | None) -> dict:
        """For the tag `number`."""
        return {"text": self.text(number), "url": self.url(figure, period=period, **dims) if number else ""}

    def share(self, tally: Tally, *, period: Period | None = None, **dims: str | None) -> dict:
        """A share with its n; without rows a handful is not told apart."""
        covered, now = not self.rows, tally.on_time_now + tally.late_now
        hidden = few(tally.counted, covered=covered) or few(now, covered=covered)
        return {
            "text": kept(tally, covered=covered),
            "n": "" if few(tally.counted, covered=covered) or not tally.counted else tally.counted,
            "url": self.url("talt", period=period, **dims) if tally.counted else "",
            "corrected": share(tally.on_time_now, now) if tally.is_corrected and not hidden else "",
        }
