"""Lists as xlsx or csv: no formulas whatever somebody has typed; the xlsx has a sheet that says who drew what when.

The rule in short: no CPR, no health; every cell a string unless it is a number or a date; for a purpose, and logged.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO, StringIO

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from accounts import audit
from cases.formats import doc_date, doc_moment, thousands

MOST_ROWS = 5000  # of a file that a page makes
LONGEST_CELL = 32_767
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSX, CSV, PDF = "xlsx", "csv", "pdf"
FORMATS = {XLSX: _l("Excel (.xlsx)"), CSV: _l("CSV (semikolon, til andre systemer)")}
CONTENT_TYPES = {XLSX: CONTENT_TYPE, CSV: "text/csv; charset=utf-8", PDF: "application/pdf"}
BYTE_ORDER_MARK = "\ufeff"
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
    title: str, columns: Sequence[Column], rows: Iterable[Sequence], facts: Iterable[tuple[str, str]]
) -> bytes:
    """The file's bytes. rows: as of Sheet; facts: lines of the last sheet."""
    return bound([Sheet(title, columns, rows)], facts)


def bound(sheets: Sequence[Sheet], facts: Iterable[tuple[str, str]]) -> bytes:
    """The file's bytes: one sheet after the other, and last the one that says who drew it.

    facts: asked for when all rows are written, so that they may say how many these were.
    """
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


def sheet(columns: Sequence[Column], rows: Iterable[Sequence]) -> bytes:
    """The same as csv: semicolons, a byte order mark and Danish dates, as Danish spreadsheets read it."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow([neutral(str(column.title)) for column in columns])
    writer.writerows([_plain(value) for value in row] for row in rows)
    return (BYTE_ORDER_MARK + out.getvalue()).encode()


def _plain(value) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return doc_moment(value)
    if isinstance(value, date):
        return doc_date(value)
    return str(value).replace(".", ",") if isinstance(value, float) else neutral(str(value))


class Kept:
    """The first `most` of the rows; once they are read, how many these were and whether more would have come."""

    def __init__(self, rows: Iterable[Sequence], most: int):
        self._rows, self.most, self.count, self.cut = rows, most, 0, False

    def __iter__(self) -> Iterator[Sequence]:
        for row in self._rows:
            if self.count == self.most:
                self.cut = True
                return
            self.count += 1
            yield row


def about(user, *, title: str, at: datetime, purpose: str, filters: str, kept: Kept) -> Iterator[tuple[str, str]]:
    """The lines of the second sheet; read them after the rows."""
    yield _("Liste"), title
    yield _("Trukket"), doc_moment(at)
    yield _("Af"), user.name
    yield _("Formål"), purpose
    yield _("Rækker"), str(kept.count)
    yield _("Filtre"), filters or _("ingen")
    if kept.cut:
        yield _("Bemærk"), _("Kun de første %s rækker er med. Brug filtrene for at få resten.") % thousands(kept.most)


def content(
    kind: str, title: str, columns: Sequence[Column], rows: Iterable[Sequence], facts: Iterable[tuple[str, str]]
) -> bytes:
    """kind: of FORMATS; a csv has no second sheet."""
    return sheet(columns, rows) if kind == CSV else workbook(title, columns, rows, facts)


def file_name(name: str, day: date, kind: str) -> str:
    return f"{name}-{day.isoformat()}.{kind}"


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
    kind: str = XLSX,
) -> HttpResponse:
    """The download: at most MOST_ROWS rows, logged with their number and what for; the xlsx says so too.

    name: file name without date and ending. kind: of FORMATS.
    """
    kept = Kept(rows, MOST_ROWS)
    facts = about(user, title=title, at=at, purpose=purpose, filters=filters, kept=kept)
    body = content(kind, title, columns, kept, facts)
    audit.log(user, "list.export", purpose=purpose, detail=f"{name}: {kept.count}")
    response = HttpResponse(body, content_type=CONTENT_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{file_name(name, at.date(), kind)}"'
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
    response = HttpResponse(bound(sheets, facts), content_type=CONTENT_TYPES[XLSX])
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response
