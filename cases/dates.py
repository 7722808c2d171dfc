"""The one parser of Danish dates, for forms and for imports. Pure: `today` is an argument.

Django's own Danish formats turn "140358" into the year 358 and "3.6.61" into 2061, and refuse "14/3-91".
"""

import re
import unicodedata
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.formats import MONTHS

EARLIEST = date(1900, 1, 1)
YEARS_AHEAD = 2
# A two-digit year outside births is the one nearest today: from 79 years back to 20 years ahead.
PIVOT_AHEAD = 20
LONGEST = 40

_SHORT_MONTHS = tuple(month[:3] for month in MONTHS)
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_WEEKDAY = re.compile(r"^(?:man|tir|ons|tor|fre|lør|søn)(?:s?dag)?\.?(?:\s+d(?:en|\.))?\s+")
_MIDNIGHT = re.compile(r"[t ]00:00(?::00(?:\.0+)?)?z?$")
_ISO = re.compile(r"^([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})$")
_PARTS = re.compile(r"^([0-9]{1,2})[-./ ]+([0-9]{1,2})[-./ ]+([0-9]{4}|[0-9]{2})$")
_WORDS = re.compile(r"^([0-9]{1,2})\.?\s*([a-z]{3,9})\.?\s*[-/,]?\s*([0-9]{4}|[0-9]{2})$")
_NO_YEAR = re.compile(r"^[0-9]{1,2}[-./ ]+(?:[0-9]{1,2}|[a-z]{3,9})[-./ ]*$")

_SENTENCES = {
    "empty": _("Skriv en dato, fx 14.03.1991."),
    "unreadable": _("Skriv datoen som dag, måned og år, fx 14.03.1991."),
    "year_missing": _("Skriv også året, fx 14.03.1991."),
    "impossible": _("Den dato findes ikke i kalenderen. Skriv dag, måned og år, fx 14.03.1991."),
    "too_early": _("Datoen ligger før år 1900. Skriv året med fire cifre."),
    "too_late": _("Datoen ligger mere end to år frem. Skriv året med fire cifre."),
    "in_future": _("Datoen ligger efter i dag. En fødselsdato kan ikke ligge i fremtiden."),
}


class DateError(ValueError):
    """A text that is no date we can use. `code` is stable, `sentence` is Danish and says what to do."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code
        self.sentence: Promise = _SENTENCES[code]


def parse_date(text: str, *, today: date, past: bool = False) -> date:
    """Read a date the way Danes type it: 14031991, 140391, 14/3-91, 14. marts 1991, 1991-03-14.

    past: the day is a birth; a two-digit year is the latest that is not after today, and a later day is
    refused. Range: 1 January 1900 to today + 2 years. Raises DateError (empty, unreadable, year_missing,
    impossible, too_early, too_late, in_future).
    """
    day, month, year = _split(_tidy(text))
    in_full = len(year) == 4
    full_year = int(year) if in_full else _century(int(day), month, int(year), today=today, past=past)
    try:
        found = date(full_year, month, int(day))
    except ValueError:
        raise DateError("impossible") from None
    _check_range(found, today=today, past=past)
    return found


def _tidy(text: str) -> str:
    """Lower case, plain spaces and hyphens, without weekday and without the midnight of a spreadsheet."""
    plain = unicodedata.normalize("NFKC", str(text)[: LONGEST + 1]).translate(_DASHES).casefold()
    plain = " ".join(plain.split())
    if not plain:
        raise DateError("empty")
    if len(plain) > LONGEST:
        raise DateError("unreadable")
    return _WEEKDAY.sub("", _MIDNIGHT.sub("", plain)).strip()


def _split(text: str) -> tuple[str, int, str]:
    """(day, month, year) as typed; the year has two or four digits."""
    if re.fullmatch(r"[0-9]{6}|[0-9]{8}", text):
        return _split_digits(text)
    if iso := _ISO.match(text):
        return iso[3], int(iso[2]), iso[1]
    if parts := _PARTS.match(text):
        return parts[1], int(parts[2]), parts[3]
    if words := _WORDS.match(text):
        return words[1], _month(words[2]), words[3]
    raise DateError("year_missing" if _NO_YEAR.match(text) else "unreadable")


def _split_digits(text: str) -> tuple[str, int, str]:
    """DDMMYY, DDMMYYYY, and YYYYMMDD where only the first two digits can begin a year."""
    if len(text) == 8 and text[:2] in ("19", "20") and text[4:6] not in ("19", "20"):
        return text[6:], int(text[4:6]), text[:4]
    return text[:2], int(text[2:4]), text[4:]


def _month(word: str) -> int:
    if word in MONTHS:
        return MONTHS.index(word) + 1
    short = word[:3]
    if short in _SHORT_MONTHS and (len(word) == 3 or word == "sept"):
        return _SHORT_MONTHS.index(short) + 1
    raise DateError("unreadable")


def _century(day: int, month: int, year: int, *, today: date, past: bool) -> int:
    if past:
        recent = 2000 + year
        return recent if (recent, month, day) <= (today.year, today.month, today.day) else recent - 100
    latest = today.year + PIVOT_AHEAD
    return latest - (latest - year) % 100


def _check_range(found: date, *, today: date, past: bool) -> None:
    if found < EARLIEST:
        raise DateError("too_early")
    if past and found > today:
        raise DateError("in_future")
    last = (today.year + YEARS_AHEAD, today.month, today.day)
    if (found.year, found.month, found.day) > last:
        raise DateError("too_late")
