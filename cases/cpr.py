"""Danish CPR numbers: reading, birth date by the century table, and the masked form. Pure.

Source: the CPR office's "Personnummeret i CPR". No modulus 11: numbers without it are valid since 2007.
Age is never derived from a number where a birth date is stored.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ORDINARY, REPLACEMENT = "ordinary", "replacement"
REPLACEMENT_DAYS = 60
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))

_SENTENCES = {
    "length": _("Et CPR-nr. har ti cifre. Se efter, om der mangler et ciffer, eller lad feltet stå tomt."),
    "impossible": _("De første seks cifre er ikke en dato. Se efter, om cifrene er byttet om."),
    "in_future": _("CPR-nummeret hører til en dato efter i dag. Se efter, om cifrene er byttet om."),
}


class CprError(ValueError):
    """A text that can't be a CPR number. Neither the code nor the sentence repeats what was typed."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code
        self.sentence: Promise = _SENTENCES[code]


@dataclass(frozen=True, slots=True)
class Cpr:
    """digits: ten characters, the leading zero kept. kind: ordinary, or replacement (day + 60)."""

    digits: str
    kind: str
    birth_date: date | None

    def __repr__(self) -> str:
        return f"Cpr({self.kind})"

    @property
    def female(self) -> bool:
        """Even numbers are given to women; a hint for a warning, never a source of the sex."""
        return int(self.digits[9]) % 2 == 0


def parse_cpr(text: str, *, today: date | None = None) -> Cpr:
    """Read ten digits with or without hyphen and blanks. Raises CprError (length, impossible, in_future).

    today: when given, a number whose birth date lies after it is refused.
    """
    plain = unicodedata.normalize("NFKC", str(text)[:40]).translate(_DASHES)
    digits = re.sub(r"[\s-]", "", plain)
    if not re.fullmatch(r"[0-9]{10}", digits):
        raise CprError("length")
    day = int(digits[:2])
    kind = REPLACEMENT if day > REPLACEMENT_DAYS else ORDINARY
    try:
        birth_date = date(_year(digits), int(digits[2:4]), day - (REPLACEMENT_DAYS if kind == REPLACEMENT else 0))
    except ValueError:
        raise CprError("impossible") from None
    if today is not None and birth_date > today:
        raise CprError("in_future")
    return Cpr(digits, kind, birth_date)


def _year(digits: str) -> int:
    """The century by the seventh digit and the two-digit year (the CPR office's table)."""
    year, seventh = int(digits[4:6]), int(digits[6])
    if seventh <= 3:
        return 1900 + year
    if seventh in (4, 9):
        return (2000 if year <= 36 else 1900) + year
    return (2000 if year <= 57 else 1800) + year


def pretty(digits: str) -> str:
    """Give "010190-1234"; only for a page whose showing is logged."""
    return f"{digits[:6]}-{digits[6:]}"


def masked(digits: str = "", birth: date | None = None) -> str:
    """Give "010190-••••", from the number or, where it is not at hand, from the birth date."""
    shown = digits[:6] or (f"{birth:%d%m%y}" if birth else "")
    return f"{shown}-••••" if shown else ""
