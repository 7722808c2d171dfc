"""A report on page, paper and sheet: the same numbers, one page, tagged, and nobody's name."""

import copy

import page as validator
import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import Client
from django.urls import reverse

from board.models import Report
from board.services import reports, snapshots
from cases.paper import printer_is_missing
from deadlines.models import LocalRule
from tests.board.generated import House, families
from tests.board.reported import NOVEMBER, OCTOBER, made, pages, said, sheets, squeezed
from tests.conftest import TODAY
from tests.pdf_ua import faults
from tests.security.formulas import in_sheets

pytestmark = pytest.mark.skipif(bool(printer_is_missing()), reason="pango is missing on this machine")
ON_PAPER = ("kinds", "bands", "here", "moves")
COUNTS = ("bands", "reasons", "causes", "here", "moves", "slips")


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker):
    """A hundred families for all tests of this file; October is closed. One duty's name would be a formula."""
    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        try:
            found = House()
            LocalRule.objects.create(
                slug="velkomst", name="=1+1 Velkomst", area="volunteers", for_whom="person", starts="arrived_on"
            )
            families(found, 150)
            snapshots.take(today=TODAY)
            yield found
        finally:
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)


@pytest.fixture(params=["manager", "unattached"])
def user(request, house, storage, db):
    return getattr(house, request.param)


@pytest.fixture(params=[(Report.Kind.MONTHLY, OCTOBER, OCTOBER), (Report.Kind.EVALUATION, OCTOBER, NOVEMBER)])
def report(request, user):
    return made(user, *request.param)


def shown(user, report: Report) -> str:
    client = Client()
    client.force_login(user)
    return client.get(reverse("board:report", args=[report.pk])).text


def test_the_sheets_hold_the_values_of_the_page(user, report):
    text, book = shown(user, report), sheets(reports.content_of(report, "xlsx"))
    document = reports.document(report)
    for table in document.tables.values():
        held = book[table.title]
        assert len(held) == len(table.rows)
        for row, cells in zip(held, table.rows, strict=True):
            wanted = [cell.value for cell in cells]
            noted = [cell.more for cell in cells if cell.more]
            assert set(noted) <= set(row), table.title
            assert without(row, noted) == wanted, table.title
        if table.key not in {"months", "goals", "quiet"}:
            assert [cell.text for row in table.rows for cell in row if squeezed_html(cell.text) not in text] == []
    assert [row[0] for row in book["Overblik"]] == document.sentences
    assert list(book)[-1] == "Om udtrækket"
    assert "Definitioner" in book


def plain(value):
    """Without the apostrophe that keeps a spreadsheet from running it."""
    return value.removeprefix("'") if isinstance(value, str) else value


def without(row: list, noted: list[str]) -> list:
    """The values of a row, without the columns of remarks, which hold one or nothing."""
    return [plain(value) for value in row if value is not None and value not in noted]


def squeezed_html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&#x27;")


def test_the_paper_holds_what_the_page_says(user, report):
    text, document = said(reports.content_of(report, "pdf")), reports.document(report)
    assert [sentence for sentence in document.sentences if squeezed(sentence) not in text] == []
    parts = [part["rules"] for part in document.parts] + [part["causes"] for part in document.parts]
    tables = parts or [document.tables[key] for key in ON_PAPER]
    for table in tables:
        for row in table.rows:
            line = " ".join(f"{cell.text} {cell.more}".strip() for cell in row)
            assert squeezed(line) in text, table.title


def test_the_paper_is_tagged(user, report):
    content = reports.content_of(report, "pdf")
    assert faults(content) == []
    found = validator.validate_pdf_bytes(content, profile=validator.ValidationProfile.PDF_UA_1)
    assert found.is_compliant, found
    assert report.kind != Report.Kind.MONTHLY or pages(content) == 1


def test_nobody_is_named(user, report):
    whole = said(reports.content_of(report, "pdf")) + str(sheets(reports.content_of(report, "xlsx")).items())
    whole += str(report.figures)
    assert [word for word in ("Prøve", "Olena", "2026-2000", "2026-2001") if word in whole] == []


def test_no_formula_runs(user, report):
    content = reports.content_of(report, "xlsx")
    assert "Velkomst" in str(sheets(content))
    assert in_sheets(content) == []


CROWDS = [(16, 0), (12, 9), (4, 20), (0, 25), (40, 40)]


@pytest.mark.parametrize(("lines", "quiet"), CROWDS)
def test_one_page_whatever_falls_due(house, storage, db, lines, quiet):
    """Many duties with long names, all reasons at once, great numbers, everything corrected, a long name of the unit."""
    report = made(house.manager)
    figures = copy.deepcopy(report.figures)
    many = figures["rules"][0]
    few = many | {"months": [month | {"on_time": 1, "late": 0} for month in many["months"]]}
    many |= {"months": [month | {"on_time": 40, "late": 9} for month in many["months"]]}
    figures["rules"] = [
        *(many | {"name": f"En af kommunens egne pligter med et langt navn, nr. {n}"} for n in range(lines)),
        *(few | {"name": f"En anden af kommunens pligter, som er sjælden, nr. {n}"} for n in range(quiet)),
    ]
    reasons = ("interpreter", "illness", "authority", "family", "capacity", "known_late", "other")
    late = {"number": 12_345, "families": 4_321, "oldest": "2025-01-02", "by_reason": dict.fromkeys(reasons, 1_700)}
    figures["overdue"]["over"] |= late
    for row in [*figures["kinds"], *figures["rules"]]:
        row["now"] = row["now"] | {"on_time_now": row["now"]["on_time"] + 7}
    other = Report(
        kind=report.kind, first=report.first, last=report.last, figures=figures, made_at=report.made_at,
        unit_name="Enheden for modtagelse og integration af flygtninge og familiesammenførte",
    )  # fmt: skip
    content = reports.paper(other)
    assert pages(content) == 1
    assert faults(content) == []


def test_a_lost_file_is_said_anew_from_the_kept_figures(house, storage, db):
    report = made(house.manager)
    before = said(reports.content_of(report, "pdf")), sheets(reports.content_of(report, "xlsx"))
    for name in (report.pdf, report.xlsx):
        default_storage.delete(name)
    assert (said(reports.content_of(report, "pdf")), sheets(reports.content_of(report, "xlsx"))) == before
