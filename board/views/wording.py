"""Numbers as the board shows them: in words, and with the address of the rows behind each."""

from collections.abc import Mapping

from django.urls import reverse
from django.utils.http import urlencode

from board.forms.filters import BoardFilter, CellFilter
from board.services.compliance import Period, Tally
from board.services.wording import share
from cases.formats import thousands


class Numbers:
    """Counts of one page: each with a link to its rows."""

    def __init__(self, form: BoardFilter, period: Period):
        self.kept, self.period, self.page = form.kept, period, reverse("board:rows")

    def url(self, figure: str, *, period: Period | None = None, **dims: str | None) -> str:
        """The rows behind a number; dims by the names of CellFilter."""
        period = period or self.period
        given: Mapping[str, str] = {name: value for name, value in dims.items() if value}
        words = {"figur": figure, **{CellFilter.words.get(name, name): value for name, value in given.items()}}
        words |= {"fra": period.first.isoformat(), "til": period.last.isoformat(), **self.kept}
        return f"{self.page}?{urlencode(words)}"

    def cell(self, number: int, figure: str, *, period: Period | None = None, **dims: str | None) -> dict:
        """For the tag `number`."""
        return {"text": thousands(number), "url": self.url(figure, period=period, **dims) if number else ""}

    def share(self, tally: Tally, *, period: Period | None = None, **dims: str | None) -> dict:
        """A share with its n, and what it would be today where something was corrected."""
        now = tally.on_time_now + tally.late_now
        return {
            "text": share(tally.on_time, tally.counted),
            "n": tally.counted or "",
            "url": self.url("talt", period=period, **dims) if tally.counted else "",
            "corrected": share(tally.on_time_now, now) if tally.is_corrected else "",
        }
