"""Numbers as the board says them: a share, a count, a change, and the address of the rows behind each."""

from collections.abc import Mapping
from datetime import date

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from board.forms.filters import BoardFilter, CellFilter
from board.services.compliance import FEW, Period, Tally, percent
from cases.formats import MONTHS


def share(part: int, whole: int) -> str:
    """ "91 %", "3 af 4" where fewer than five are counted, "–" where none is."""
    found = percent(part, whole)
    if found is not None:
        return f"{found} %"
    return _("%(part)d af %(whole)d") % {"part": part, "whole": whole} if whole else "–"


def month_name(month: date, today: date) -> str:
    """ "november", with the year when it isn't this one."""
    name = MONTHS[month.month - 1]
    return name if month.year == today.year else f"{name} {month.year}"


def short_month(month: date) -> str:
    return MONTHS[month.month - 1][:3]


def change(now: Tally, before: Tally, month: str) -> str:
    """ "Op fra 93 % i oktober", empty where one of the two has too few."""
    if now.percent is None or before.percent is None:
        return ""
    words = {"percent": before.percent, "month": month}
    if now.percent == before.percent:
        return _("Som i %(month)s.") % words
    up = now.percent > before.percent
    return (_("Op fra %(percent)d %% i %(month)s.") if up else _("Ned fra %(percent)d %% i %(month)s.")) % words


class Numbers:
    """How one user reads counts: with a link to the rows, or without rows and with small counts covered."""

    def __init__(self, form: BoardFilter, period: Period, *, rows: bool):
        self.kept, self.period, self.rows = form.kept, period, rows

    def text(self, number: int) -> str:
        if not self.rows and 0 < number < FEW:
            return _("under 5")
        return f"{number:,}".replace(",", ".")

    def url(self, figure: str, *, period: Period | None = None, **dims: str | None) -> str:
        """The rows behind a number; dims by the names of CellFilter."""
        if not self.rows:
            return ""
        period = period or self.period
        given: Mapping[str, str] = {name: value for name, value in dims.items() if value}
        words = {"figur": figure, **{CellFilter.words.get(name, name): value for name, value in given.items()}}
        words |= {"fra": period.first.isoformat(), "til": period.last.isoformat(), **self.kept}
        return f"{reverse('board:rows')}?{urlencode(words)}"

    def cell(self, number: int, figure: str, *, period: Period | None = None, **dims: str | None) -> dict:
        """For board/_number.html."""
        return {"text": self.text(number), "url": self.url(figure, period=period, **dims) if number else ""}

    def share(self, tally: Tally, *, period: Period | None = None, **dims: str | None) -> dict:
        """A share with its n; without rows a handful is not told apart."""
        few = not self.rows and 0 < tally.counted < FEW
        return {
            "text": _("under 5") if few else share(tally.on_time, tally.counted),
            "n": "" if few or not tally.counted else tally.counted,
            "url": self.url("talt", period=period, **dims) if tally.counted else "",
            "corrected": share(tally.on_time_now, tally.on_time_now + tally.late_now) if tally.is_corrected else "",
        }
