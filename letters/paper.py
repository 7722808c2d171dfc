"""A letter as sentences of the text bank, in the languages of the paper. Pure: facts come from letters.services.facts.

Values are given as what they are: a date is written 24.11.2026, a name as the reader's letters have it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from cases.formats import doc_date
from phrases.models import SOURCE
from phrases.paper import Bank, Piece
from reception.paper import Name, sentence

HEAD, TEXT, ITEM, DATED = "head", "text", "item", "dated"


class Clock(NamedTuple):
    """An hour, typed the Danish way: "10.15"; elsewhere "10:15", since a dotted number after a date reads as a date."""

    text: str

    def in_(self, language: str) -> str:
        return self.text if language == SOURCE else self.text.replace(".", ":")


Value = str | date | Name | Clock


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence to be said: its key in the bank, and what is filled into it. kind: HEAD, TEXT or ITEM."""

    key: str
    kind: str = TEXT
    values: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """A date to come, and what happens then: a sentence in Danish that the bank knows in the other languages."""

    on: date
    text: str
    name: Name | None = None


@dataclass(frozen=True, slots=True)
class Plain:
    """Names and numbers, the same in every language."""

    text: str


class Part(NamedTuple):
    """A line in one language, ready to print."""

    kind: str
    piece: Piece
    on: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """title: per language; columns: (language, its lines), the main language first; drafts: sentences not approved."""

    title: list[Piece]
    columns: list[tuple[str, list[Part]]]
    drafts: list

    @property
    def texts(self) -> list[str]:
        return [part.piece.text for _lang, parts in self.columns for part in parts]


Said = Line | Step | Plain


def compose(bank: Bank, title: str, lines: Iterable[Said]) -> Letter:
    """title: a key of the bank."""
    lines = list(lines)
    columns = [(lang, []) for lang in bank.languages]
    for line in lines:
        for (_lang, parts), part in zip(columns, said(bank, line), strict=True):
            parts.append(part)
    head = bank.columns(title)
    return Letter(head, columns, bank.drafts())


def said(bank: Bank, line: Said) -> list[Part]:
    """The line in each language of the paper; Danish where the bank has no translation."""
    if isinstance(line, Plain):
        return [Part(TEXT, Piece(SOURCE, line.text)) for _lang in bank.languages]
    if isinstance(line, Step):
        cells = sentence(bank, line.text, line.name)
        return [
            Part(DATED, Piece(cell.lang, cell.text or cell.mark or line.text, not cell.mark), doc_date(line.on))
            for cell in cells
        ]
    found = []
    for lang in bank.languages:
        there = lang if bank.has(line.key, lang) else SOURCE
        values = {name: written(value, there) for name, value in line.values.items()}
        found.append(Part(line.kind, Piece(there, bank.text(line.key, there, **values), there == lang)))
    return found


def written(value: Value, language: str) -> str:
    if isinstance(value, Name | Clock):
        return value.in_(language)
    return doc_date(value) if isinstance(value, date) else value


def past(lines: Iterable[Said], today: date) -> list[date]:
    """The dates in the letter that have passed: none is printed without asking."""
    dates = [value for line in lines if isinstance(line, Line) for value in line.values.values()]
    dates += [line.on for line in lines if isinstance(line, Step)]
    return sorted({value for value in dates if isinstance(value, date) and value < today})
