"""Lists as xlsx: typed cells, no formulas whatever somebody has typed, and a sheet that says who drew what when.

The rule in short: no CPR, no health; every cell a string unless it is a number or a date; for a purpose, and logged.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from accounts import audit
from cases.formats import doc_moment

MOST_ROWS = 5000
LONGEST_CELL = 32_767
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DATE_FORMAT = "dd.mm.yyyy"
# At the start, or after what a spreadsheet may take for a separator; some programs normalise full-width signs.
RISKY = re.compile(r"(?:^|[;\t\r\n])\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]")
HARMLESS_NUMBER = re.compile(r"\+[\d ]+\Z|-\d+(?:[.,]\d+)?\Z")


@dataclass(frozen=True, slots=True)
class Column:
    """width in characters."""

    title: str | Promise
    width: int = 16


def neutral(text: str) -> str:
    """Text that no spreadsheet runs: an apostrophe before what could be a formula; phone numbers stay as they are."""
    clean = ILLEGAL_CHARACTERS_RE.sub("", text)[: LONGEST_CELL - 1]
    return f"'{clean}" if RISKY.search(clean) and not HARMLESS_NUMBER.match(clean) else clean


@dataclass(frozen=True, slots=True)
class Sheet:
    """rows: str, int, float, date or None per column. title: without the characters that a sheet's name can't have."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence]


def workbook(
    title: str, columns: Sequence[Column], rows: Iterable[Sequence], facts: Sequence[tuple[str, str]]
) -> bytes:
    """The file's bytes. rows: as of Sheet; facts: lines of the second sheet."""
    return bound([Sheet(title, columns, rows)], facts)


def bound(sheets: Sequence[Sheet], facts: Sequence[tuple[str, str]]) -> bytes:
    """The file's bytes: one sheet after the other, and last the one that says who drew it."""
    book = Workbook(write_only=True)
    for one in sheets:
        sheet = book.create_sheet(one.title[:31])
        sheet.freeze_panes = "A2"
        for number, column in enumerate(one.columns, 1):
            sheet.column_dimensions[get_column_letter(number)].width = column.width
        sheet.append([_cell(sheet, column.title, bold=True) for column in one.columns])
        last = 1
        for row in one.rows:
            sheet.append([_cell(sheet, value) for value in row])
            last += 1
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(one.columns))}{last}"
    about = book.create_sheet(_("Om udtrækket"))
    about.column_dimensions["A"].width, about.column_dimensions["B"].width = 20, 70
    for label, value in facts:
        about.append([_cell(about, label, bold=True), _cell(about, value)])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet, value, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet)
    if value is None or value == "":
        return cell
    if isinstance(value, bool) or not isinstance(value, int | float | date):
        text = neutral(str(value))
        cell.value = text
        cell.data_type = "s"
        cell.quotePrefix = text.startswith("'")
    else:
        cell.value = value
        if isinstance(value, date):
            cell.number_format = DATE_FORMAT
    if bold:
        cell.font = Font(bold=True)
    return cell


def send(
    user,
    *,
    name: str,
    title: str,
    columns: Sequence[Column],
    rows: Sequence[Sequence],
    filters: str,
    purpose: str,
    at: datetime,
) -> HttpResponse:
    """The download: at most MOST_ROWS rows, logged with their number and what for; the file says so too.

    name: file name without date and ending.
    """
    cut = len(rows) > MOST_ROWS
    kept = rows[:MOST_ROWS]
    facts = [
        (_("Liste"), title),
        (_("Trukket"), doc_moment(at)),
        (_("Af"), user.name),
        (_("Formål"), purpose),
        (_("Rækker"), str(len(kept))),
        (_("Filtre"), filters or _("ingen")),
    ]
    if cut:
        facts.append((_("Bemærk"), _("Kun de første 5.000 rækker er med. Brug filtrene for at få resten.")))
    audit.log(user, "list.export", purpose=purpose, detail=f"{name}: {len(kept)}")
    response = HttpResponse(workbook(title, columns, kept, facts), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}-{at.date().isoformat()}.xlsx"'
    return response


def send_sheets(
    user,
    *,
    name: str,
    title: str,
    sheets: Sequence[Sheet],
    purpose: str,
    notes: Sequence[tuple[str, str]] = (),
    at: datetime,
) -> HttpResponse:
    """Several tables in one file, for a purpose and logged as `send` does it. notes: what the last sheet says besides.

    name: file name with its day and without ending.
    """
    facts = [
        (_("Liste"), title),
        (_("Trukket"), doc_moment(at)),
        (_("Af"), user.name),
        (_("Formål"), purpose),
        *notes,
    ]
    audit.log(user, "list.export", purpose=purpose, detail=f"{name}: {len(sheets)}")
    response = HttpResponse(bound(sheets, facts), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response
