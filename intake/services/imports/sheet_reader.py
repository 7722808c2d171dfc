"""Reads a spreadsheet from standard input and writes its cells as JSON. A program of its own.

A file from outside may be built to eat memory and time, so `files.py` starts this one as a process with limits.
It knows the file formats and nothing of families: no Django, no settings, no database, no secrets.
"""

import csv
import io
import json
import re
import sys
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from statistics import median

import openpyxl
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 5_000
# Titles, blank lines and totals stand around the rows.
MAX_LINES = MAX_ROWS + 100
MAX_COLUMNS = 60
MAX_UNPACKED = 50 * 1024 * 1024
MAX_ENTRIES = 1_000
MAX_SHEETS = 20
MAX_OUTPUT = 8 * 1024 * 1024
LAST_LINE = 50_000

OLE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
# No program that writes spreadsheets writes these; whoever does wants the reader to expand them.
DECLARATIONS = tuple(
    word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
)
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
BLANKS = re.compile(r"\s+")


class Refused(Exception):
    """The file can't be used; the only argument is a stable code that `files.py` has a sentence for."""


def read(data: bytes) -> list[dict]:
    """Sheets as {"name", "rows": [[row number in the file, [cell, ...]], ...]}; rows without text are left out."""
    if not data.strip():
        raise Refused("empty")
    if len(data) > MAX_BYTES:
        raise Refused("too_big")
    if data.startswith(OLE):
        raise Refused("password_protected" if "EncryptedPackage".encode("utf-16-le") in data else "old_xls")
    if data.startswith(ZIP):
        return list(read_workbook(data))
    return [{"name": "", "rows": read_text(data)}]


def read_workbook(data: bytes) -> Iterator[dict]:
    check_archive(data)
    # A sheet without the tag for its size would be parsed to its end, only to learn the size; one with it may lie.
    ReadOnlyWorksheet._get_size = lambda sheet: None
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    for sheet in book.worksheets[:MAX_SHEETS]:
        if sheet.sheet_state != "visible":
            continue
        lines = sheet.iter_rows(max_row=LAST_LINE, values_only=True)
        yield {"name": sheet.title, "rows": gather(lines)}


def check_archive(data: bytes) -> None:
    """Refuse archives that would unpack to too much or that declare entities, before anything is parsed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise Refused("too_big")
        if any(entry.flag_bits & 1 for entry in entries):
            raise Refused("password_protected")
        names = {entry.filename for entry in entries}
        if "xl/workbook.xml" not in names:
            raise Refused("open_document" if "content.xml" in names else "not_a_spreadsheet")
        for entry in entries:
            if entry.filename.endswith((".xml", ".rels", ".vml")):
                check_part(archive, entry)


def check_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    tail = b""
    with archive.open(entry) as part:
        while block := part.read(1 << 20):
            if any(word in tail + block for word in DECLARATIONS):
                raise Refused("broken")
            tail = block[-32:]


def read_text(data: bytes) -> list[list]:
    text = decode(data)
    if text.lstrip().lower().startswith(("<", "%pdf", "{\\rtf")) or len(CONTROLS.findall(text)) > 10 + len(text) / 200:
        raise Refused("not_a_spreadsheet")
    csv.field_size_limit(1 << 17)
    delimiter = best_delimiter(text)
    return gather(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def decode(data: bytes) -> str:
    """UTF-16 by its mark, else UTF-8 with or without mark, else the Windows code page of old exports."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    for code in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(code)
        except UnicodeDecodeError:
            continue
    raise Refused("not_a_spreadsheet")


def best_delimiter(text: str) -> str:
    """The one that splits most lines into most fields; a comma inside a quoted or single field doesn't count."""

    def fields(delimiter: str) -> tuple[float, int]:
        lines = islice(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 60)
        widths = [len(line) for line in lines if line]
        return (median(widths), max(widths)) if widths else (0, 0)

    return max(";\t,", key=fields)


def gather(lines: Iterable[Iterable]) -> list[list]:
    """Number the lines as the file does and keep those with text. Refuses what is longer or wider than a list."""
    kept = []
    for number, line in enumerate(lines, start=1):
        values = list(line)
        while values and values[-1] in (None, ""):
            values.pop()
        cells = [as_text(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if len(cells) > MAX_COLUMNS:
            raise Refused("too_many_columns")
        kept.append([number, cells])
        if len(kept) > MAX_LINES:
            raise Refused("too_many_rows")
    return kept


def as_text(value) -> str:
    """A cell as plain text: dates in ISO form, whole numbers without decimals, formulas as they are written."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = unicodedata.normalize("NFC", CONTROLS.sub(" ", str(value)))
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return BLANKS.sub(" ", text).strip()


def answer(data: bytes) -> dict:
    try:
        found = {"sheets": read(data)}
    except Refused as refusal:
        return {"error": refusal.args[0]}
    except MemoryError:
        return {"error": "too_big"}
    except Exception:  # noqa: BLE001 - a damaged file may raise anything inside the parsers
        return {"error": "broken"}
    return found


def main() -> None:
    text = json.dumps(answer(sys.stdin.buffer.read(MAX_BYTES + 1)))
    if len(text) > MAX_OUTPUT:
        text = json.dumps({"error": "too_big"})
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
