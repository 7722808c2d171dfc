"""Figures in words, for the board and its reports alike: a share, a count, a month, a change."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from board.services.compliance import Tally, percent
from cases.formats import MONTHS


def share(part: int, whole: int) -> str:
    """ "91 %", "3 af 4" where fewer than five are counted, "–" where none is."""
    found = percent(part, whole)
    if found is not None:
        return f"{found} %"
    return _("%(part)d af %(whole)d") % {"part": part, "whole": whole} if whole else "–"


def decimal(value: float) -> str:
    """ "9" or "9,5"."""
    return f"{value:g}".replace(".", ",")


def month_name(month: date, today: date) -> str:
    """ "november", with the year when it isn't this one."""
    name = MONTHS[month.month - 1]
    return name if month.year == today.year else f"{name} {month.year}"


def month_year(month: date) -> str:
    """ "november 2026", as it stands in documents."""
    return f"{MONTHS[month.month - 1]} {month.year}"


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


def small_label(title: str, values: list[int | None], months: list[date], goal: int, today: date) -> str:
    """What a small chart says to who can't see it: the last month, the lowest one, the goal."""
    known = [(value, month) for value, month in zip(values, months, strict=True) if value is not None]
    if not known:
        return _("%s: for få til procenter i alle måneder.") % title
    last, lowest = known[-1], min(known)
    words = {
        "title": title,
        "last": last[0],
        "month": month_name(last[1], today),
        "low": lowest[0],
        "when": month_name(lowest[1], today),
        "goal": goal,
    }
    return _("%(title)s: %(last)d %% i %(month)s. Lavest %(low)d %% i %(when)s. Mål %(goal)d %%.") % words


def weeks_label(rows: Sequence[tuple[str, int, int]]) -> str:
    """What the bars of the coming weeks say. rows: (week, known, expected)."""
    said = [_("uge %(week)s: %(number)d") % {"week": name, "number": known + more} for name, known, more in rows]
    return _("Frister pr. uge. %s.") % "; ".join(said)
