"""Letters on paper: composed by the text bank, printed through the one path (cases.paper), one or many at a time."""

from collections.abc import Iterable
from dataclasses import replace

from django.conf import settings
from django.utils.translation import gettext as _

from cases.formats import doc_date
from cases.paper import render_pdf
from cases.phones import pretty_phone
from desk.services import casefile
from letters import paper
from letters.services.facts import Kind, Order, written
from phrases.paper import Bank
from reception.services.document import language_for

SHEET = "familieark"
NEXT = 3


def composed(kind: Kind, order: Order, *, language: str = "") -> dict:
    """One letter ready for the template, and the dates in it that have passed. Raises facts.Missing.

    language: of reception.services.document.languages_of_paper(); by default Danish and the reader's.
    """
    languages = (language or language_for(order.reader)).split("+")
    lines = written(kind, order)
    letter = paper.compose(Bank.read(languages), kind.heading, lines)
    return {
        "letter": letter,
        "columns": letter.columns,
        "past": [doc_date(day) for day in paper.past(lines, order.today)],
        "number": order.reader.case.number,
        "day": doc_date(order.today),
    }


def letters_pdf(letters: Iterable[dict]) -> bytes:
    """Each letter on a sheet of its own. Raises PaperError."""
    letters = list(letters)
    first = letters[0]["letter"]
    title = " / ".join(piece.text for piece in first.title)
    if len(letters) > 1:
        title = f"{first.title[0].text} ({len(letters)})"
    context = {"letters": letters, "municipality": settings.MUNICIPALITY}
    return render_pdf("letters/letter_pdf.html", context, title=title, lang=first.columns[0][0])


def sheet(case, user, *, today) -> dict:
    """Familieark: the family on one page for a home visit, with what this user may see of it."""
    file = casefile.read_case_file(case, user, today=today)
    # a sheet may lie on a kitchen table: nothing that a colleague has typed, and nobody who has left
    file = replace(file, steps=[step for step in file.steps if step.rule])
    file.people = [person for person in file.people if not (person.stay and person.stay.left_on)]
    matrix = casefile.matrix(file)
    return {
        "case": case,
        "day": doc_date(today),
        "worker": case.caseworker.name if case.caseworker else _("ingen endnu"),
        "people": [member(person) for person in file.people],
        "matrix": {
            **matrix,
            "rows": [{**row, "cells": [dated(cell) for cell in row["cells"]]} for row in matrix["rows"]],
        },
        "next": casefile.next_lines(file, most=NEXT),
    }


def dated(cell: dict | None) -> dict | None:
    """The status says the rest: a text without a day would say it twice."""
    return cell and {**cell, "text": cell["text"] if any(sign.isdigit() for sign in cell["text"]) else ""}


def member(person) -> dict:
    return {
        "name": person.full_name,
        "role": person.get_role_display(),
        "age": getattr(person, "age", None),
        "languages": person.languages,
        "interpreter": person.interpreter,
        "phone": pretty_phone(person.phone),
    }


def sheets_pdf(sheets: list[dict]) -> bytes:
    title = f"{_('Familieark')} {sheets[0]['case'].number}" if len(sheets) == 1 else _("Familieark")
    context = {"sheets": sheets, "municipality": settings.MUNICIPALITY}
    return render_pdf("letters/sheet_pdf.html", context, title=title, lang="da")


def file_name(kind: str, number: str) -> str:
    """Kind and case number, never a name: velkomst-2026-0147.pdf."""
    return f"{kind}-{number}.pdf"
