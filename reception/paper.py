"""What Min plan says on paper, in the languages of the text bank. Pure; the pages use gettext instead.

The reader is addressed with Ви. Free text is printed as it was typed and marked as not translated.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from cases.formats import doc_date
from phrases.models import SOURCE
from phrases.paper import Bank, Piece

MOST_DATES = 5
# Languages in Cyrillic letters, in which a person's name stands as the passport has it in these letters.
CYRILLIC = frozenset({"uk", "ru", "be", "bg"})


LARGE, WITHOUT_HEALTH = "stor", "uden-sundhed"


@dataclass(frozen=True, slots=True)
class Variant:
    """How a plan is printed. languages: one, or Danish and the reader's."""

    languages: tuple[str, ...]
    large: bool = False
    without_health: bool = False

    @classmethod
    def of(cls, language: str, editions: Iterable[str] = ()) -> "Variant":
        """language: "da+uk"; editions: LARGE, WITHOUT_HEALTH, what else there is counts for nothing."""
        return cls(tuple(language.split("+")), LARGE in editions, WITHOUT_HEALTH in editions)

    @property
    def key(self) -> str:
        """Under which a printed paper is kept: "da+uk", "da+uk stor uden-sundhed"."""
        editions = [LARGE] * self.large + [WITHOUT_HEALTH] * self.without_health
        return " ".join(["+".join(self.languages), *editions])


@dataclass(frozen=True, slots=True)
class Activity:
    """What an open deadline becomes in the citizen's plan: the sentence `activity.<rule>`, and who does it."""

    who: str
    of_child: bool = False


UNIT, YOU, BOTH, SERVICE, VOLUNTEERS = (
    f"who.general.{name}" for name in ("unit", "you", "you_and_unit", "citizen_service", "volunteers")
)
# By rule, in the order of the paper.
ACTIVITIES = {
    "reception.cpr": Activity(SERVICE),
    "reception.population_register": Activity(SERVICE),
    "reception.gp": Activity(SERVICE),
    "reception.tax_card": Activity(YOU),
    "reception.bank_account": Activity(YOU),
    "reception.contract": Activity(BOTH),
    "reception.support_rules": Activity(UNIT),
    "reception.practical_guidance": Activity(UNIT),
    "housing.temporary_offer": Activity(UNIT),
    "housing.next_home": Activity(UNIT),
    "employment.competences": Activity(BOTH),
    "employment.referral": Activity(UNIT),
    "schooling.language_offer": Activity(UNIT),
    "schooling.language_referral": Activity(UNIT),
    "schooling.school_offer": Activity("who.general.school", of_child=True),
    "schooling.daycare_offer": Activity("who.general.daycare_office", of_child=True),
    "health.need_assessed": Activity(UNIT),
    "volunteers.introduction": Activity(VOLUNTEERS),
    "volunteers.contact_person": Activity(VOLUNTEERS),
    "volunteers.leisure_introduction": Activity(VOLUNTEERS),
}


# --- Pieces -----------------------------------------------------------------------------------


def language_of(text: str) -> str:
    """The lang of typed text: Ukrainian where most letters are Cyrillic, else Danish."""
    letters = [char for char in text if char.isalpha()]
    cyrillic = sum("Ѐ" <= char <= "ӿ" for char in letters)
    return "uk" if letters and cyrillic * 2 > len(letters) else SOURCE


def plain(text: str) -> list[Piece]:
    """A name, a date or a number, which is the same in every language."""
    return [Piece(language_of(text), text)] if text else []


def known(bank: Bank, text: str, kind: str) -> list[Piece]:
    """A word that the bank has is written in each language of the paper; everything else stands as it is."""
    found = bank.recognize(text, kind)
    return bank.pieces(found[0], **found[1]) if found else plain(text)


def not_translated(bank: Bank, piece: Piece) -> list[Piece]:
    """The mark, in each language of the paper that the typed text is not in."""
    return [mark for mark in bank.columns("label.general.not_translated") if mark.lang != piece.lang]


# --- The table --------------------------------------------------------------------------------


class Cell(NamedTuple):
    """One cell of the table: a text in its language, or the mark that it is not translated, or both."""

    lang: str
    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table, with a cell per language of the paper."""

    cells: list[Cell]
    on: str
    who: list[Piece]
    contact: str


@dataclass(frozen=True, slots=True)
class Group:
    title: list[Piece]
    rows: list[Row]


class Name(NamedTuple):
    """A person of the family as a sentence names them."""

    latin: str
    cyrillic: str = ""

    def in_(self, language: str) -> str:
        return self.cyrillic if self.cyrillic and language in CYRILLIC else self.latin


def sentence(bank: Bank, text: str, name: Name | None) -> list[Cell]:
    """A sentence of the bank fills every column; a typed one stands in its own language's, the others say so.

    The Danish column is always what stands in the plan, also when the bank says it differently by now.
    """
    found = bank.recognize(text, "activity")
    if found is None or ("name" in found[1] and (name is None or found[1]["name"] != name.latin)):
        return _typed(bank, text)
    key, values = found
    cells = []
    for lang in bank.languages:
        if lang == SOURCE:
            cells.append(Cell(SOURCE, text))
            continue
        named = {"name": name.in_(lang)} if "name" in values else {}
        there = bank.has(key, lang)
        said = bank.text(key, lang, **values | named) if there else text
        cells.append(Cell(lang if there else SOURCE, said, "" if there else _mark(bank, lang)))
    return cells


def _mark(bank: Bank, lang: str) -> str:
    return bank.text("label.general.not_translated", lang)


def _typed(bank: Bank, text: str) -> list[Cell]:
    own = language_of(text)
    column = own if own in bank.languages else bank.languages[0]
    return [
        Cell(own if lang == column else lang, text if lang == column else "", "" if lang == own else _mark(bank, lang))
        for lang in bank.languages
    ]


def row(bank: Bank, line, name: Name | None) -> Row:
    """line: anything with text, on, responsible and contact."""
    return Row(
        cells=sentence(bank, line.text, name),
        on=doc_date(line.on) if line.on else "",
        who=known(bank, line.responsible, "who"),
        contact=line.contact,
    )


def groups(bank: Bank, lines: Iterable, names: dict[int | None, Name]) -> list[Group]:
    """The lines by the six areas, in the paper's order. names: by the id of whom a line is about."""
    found = []
    for area in ("reception", "housing", "employment", "schooling", "health", "volunteers"):
        rows = [row(bank, line, names.get(line.about_id)) for line in lines if line.area == area]
        if rows:
            found.append(Group(bank.pieces(f"heading.general.{area}"), rows))
    return found


# --- Important dates --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Milestone:
    """A date on the strip: what it is about in each language, and whether it lies behind us."""

    on: str
    words: list[list[Piece]]
    reached: bool


def milestones(bank: Bank, lines: Iterable, *, arrived_on: date | None, today: date) -> list[Milestone]:
    """The arrival and the next dates of the plan, each with the areas it is about; nothing for a single date."""
    areas: dict[date, dict[str, None]] = {}
    for line in lines:
        if line.on and line.on >= today:
            areas.setdefault(line.on, {})[line.area] = None
    first = [(arrived_on, ["label.general.arrived"])] if arrived_on else []
    dated = [
        *first,
        *((on, [f"heading.general.{area}" for area in areas[on]]) for on in sorted(areas) if on != arrived_on),
    ]
    if len(dated) < 2:
        return []
    return [
        Milestone(doc_date(on), [_listed(bank, keys, lang) for lang in bank.languages], reached=on <= today)
        for on, keys in dated[:MOST_DATES]
    ]


def _listed(bank: Bank, keys: list[str], lang: str) -> list[Piece]:
    """At most two subjects of a day, one below the other."""
    there = [Piece(lang if bank.has(key, lang) else SOURCE, bank.text(key, lang)) for key in keys[:2]]
    return [*there, Piece(lang, "…")] if len(keys) > 2 else there
