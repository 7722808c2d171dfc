"""Which column holds what: the headings of visitation lists, their Danish variants and what a source uses. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from intake.services.imports.files import FileRefused, Sheet

FIELDS = {
    "family_number": _("Familienr."),
    "udl_nr": _("Udl.nr."),
    "role": _("Rolle i familien"),
    "surname": _("Efternavn"),
    "given_names": _("Fornavn"),
    "full_name": _("Hele navnet"),
    "cyrillic_name": _("Navn på kyrillisk"),
    "birth_date": _("Fødselsdato"),
    "sex": _("Køn"),
    "citizenship": _("Statsborgerskab"),
    "cpr": _("CPR-nr."),
    "languages": _("Sprog"),
    "phone": _("Telefon"),
    "email": _("E-mail"),
    "visitation_on": _("Visiteringsdato"),
    "arrived_on": _("Ankomst til kommunen"),
    "residence_from": _("Taget ophold"),
    "remark": _("Bemærkninger"),
}
REQUIRED = ("family_number", "udl_nr")
NAMES = {"surname", "given_names", "full_name"}
SEARCHED_LINES = 30
FEWEST = 3

_SYNONYMS = {
    "family_number": "familienr familie familieid famnr husstandsnr husstand",
    "udl_nr": "udlnr udlaendingenr udlaendingeid udl personid usnr sbnr",
    "role": "rolle relation familierolle rolleifamilien relationtilhovedperson tilknytning slaegtskab",
    "surname": "efternavn efternavne slaegtsnavn familienavn lastname surname",
    "given_names": "fornavn fornavne firstname givennames",
    "full_name": "navn heltnavn helenavnet fuldenavn fuldtnavn name",
    "cyrillic_name": "navnpaakyrillisk kyrillisknavn kyrillisk",
    "birth_date": "foedselsdato foedt foedselsdag foedselsdata fdato foedtden birthdate dateofbirth",
    "sex": "koen mk sex",
    "citizenship": "statsborgerskab nationalitet land hjemland",
    "cpr": "cpr cprnr personnr",
    "languages": "sprog modersmaal talersprog taler",
    "phone": "telefon tlf tlfnr telefonnr mobil mobilnr mobiltelefon",
    "email": "email mail epost emailadresse mailadresse",
    "visitation_on": "visiteringsdato visitering visiteret visiteretden visitationsdato datoforvisitering",
    "arrived_on": "ankomst ankomsttilkommunen ankomstdato ankommet datoforankomst ankomstkommune",
    "residence_from": "bopaeltaget tagetophold tagetbopael opholdtaget bopaelfra bopaelsdato indflytningsdato",
    "remark": "bemaerkninger bemaerkning noter note notat kommentar kommentarer andet",
}
KNOWN = {word: name for name, words in _SYNONYMS.items() for word in words.split()}
_PLAIN = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


def key_of(heading: str) -> str:
    """A heading without case, blanks, marks and bracketed endings: "Fornavn(e)" and "fornavne" are one."""
    plain = re.sub(r"[^a-z0-9]", "", heading.casefold().translate(_PLAIN))
    return plain.replace("nummer", "nr")[:60]


def is_complete(held: set[str]) -> bool:
    """Family number, Udl.nr. and some name: less than that is no list of people."""
    return held.issuperset(REQUIRED) and bool(held & NAMES)


@dataclass(slots=True)
class Columns:
    """What was found. fields: column index → field. unknown: column index → heading that nobody knows."""

    line: int
    headings: list[str]
    fields: dict[int, str] = field(default_factory=dict)
    unknown: dict[int, str] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        return is_complete(set(self.fields.values()))


def match(line: int, headings: Sequence[str], learned: Mapping[str, str]) -> Columns:
    """Give each heading its field. `learned` (key → field, "" = leave out) comes before our own words."""
    columns = Columns(line, list(headings))
    for index, heading in enumerate(headings):
        key = key_of(heading)
        name = learned.get(key, KNOWN.get(key))
        if name and name not in columns.fields.values():
            columns.fields[index] = name
        elif key and name != "":
            columns.unknown[index] = heading
    return columns


def find(sheets: Sequence[Sheet], learned: Mapping[str, str]) -> tuple[Sheet, Columns]:
    """The sheet and its line of headings: the line near the top that knows most of our words.

    Where no line knows any, the first line of three texts is offered for mapping. Raises FileRefused (no_headings).
    """
    candidates = [
        (sheet, match(number, cells, learned)) for sheet in sheets for number, cells in sheet.rows[:SEARCHED_LINES]
    ]
    best = max(candidates, key=lambda found: len(found[1].fields), default=None)
    if best and len(best[1].fields) >= FEWEST:
        return best
    for sheet, columns in candidates:
        if sum(1 for heading in columns.headings if re.search(r"[^\W\d]", heading)) >= FEWEST:
            return sheet, columns
    raise FileRefused("no_headings")


def lines_below(sheet: Sheet, columns: Columns) -> list[tuple[int, list[str]]]:
    """The rows under the headings, without totals and without the headings repeated on a later page."""
    return [
        (number, cells)
        for number, cells in sheet.rows
        if number > columns.line and cells != columns.headings and not _is_total(cells)
    ]


def _is_total(cells: Sequence[str]) -> bool:
    first = next((cell for cell in cells if cell), "")
    words = re.fullmatch(r"(?:i\s*alt|ialt|total|sum|antal(?: personer)?)\W*(\d+(?: \w+)?)?", first.casefold())
    return bool(words) and sum(1 for cell in cells if cell) <= FEWEST


def without_data(columns: Columns, lines: Sequence[tuple[int, list[str]]]) -> set[int]:
    """Unknown columns in which no row has anything: nobody needs to be asked about them."""
    return {index for index in columns.unknown if not any(index < len(cells) and cells[index] for _n, cells in lines)}
