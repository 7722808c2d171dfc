"""Files that are no list, or are built to hurt: a sentence each, and the reader's process pays, not ours."""

import io
import resource
import time
import zipfile

import pytest
from openpyxl import Workbook

from intake.services.imports import files, sheet_reader
from intake.services.imports.files import FileRefused, read_sheets

NAMES = ["Familienr.", "Udl.nr.", "Navn"]


def workbook(*rows, title="Liste"):
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return saved(book)


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(data, **parts):
    """The workbook with some of its parts replaced or added; parts are given as name=text with __ for /."""
    out = io.BytesIO()
    changed = {name.replace("__", "/").replace("_xml", ".xml"): text for name, text in parts.items()}
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename not in changed:
                new.writestr(entry.filename, old.read(entry.filename))
        for name, text in changed.items():
            new.writestr(name, text)
    return out.getvalue()


def refused(data, name="liste.xlsx"):
    with pytest.raises(FileRefused) as refusal:
        read_sheets(data, filename=name)
    assert str(refusal.value.sentence).endswith(".")
    return refusal.value.code


def rows(data, name="liste.xlsx"):
    return read_sheets(data, filename=name)[0].rows


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "liste.xlsx", "empty"),
        (b" \r\n ", "liste.csv", "empty"),
        (b"%PDF-1.7 ...", "liste.csv", "not_a_spreadsheet"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "liste.csv", "not_a_spreadsheet"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d" + bytes(300), "liste.xlsx", "not_a_spreadsheet"),
        (b"\x7fELF" + bytes(range(256)) * 4, "liste.csv", "not_a_spreadsheet"),
        (sheet_reader.OLE + bytes(600), "liste.xlsx", "old_xls"),
        (b"a;b;c", "liste.xls", "old_xls"),
        (sheet_reader.OLE + "EncryptedPackage".encode("utf-16-le"), "liste.xlsx", "password_protected"),
        (b"PK\x03\x04 cut off", "liste.xlsx", "broken"),
        (b"a;b;c", "liste.exe", "not_a_spreadsheet"),
        (b"a;b;c", "liste", "not_a_spreadsheet"),
        (b"a" * (10 * 1024 * 1024 + 1), "liste.csv", "too_big"),
        (b"a;" * 70, "liste.csv", "too_many_columns"),
        (b"a;b\n" * 5_200, "liste.csv", "too_many_rows"),
        (b'"' + b"a" * 200_000, "liste.csv", "broken"),
    ],
)
def test_what_is_no_list_gets_a_sentence(data, name, code):
    if code == "too_many_columns":
        data = data.replace(b";", b";a")
    assert refused(data, name) == code


def test_documents_and_open_document_files_are_told_apart():
    for part, code in (("content.xml", "open_document"), ("word/document.xml", "not_a_spreadsheet")):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(part, "<x/>")
        assert refused(out.getvalue()) == code


def test_the_content_decides_not_the_name():
    assert rows(b"a;b;c\n1;2;3", "liste.xlsx") == [(1, ["a", "b", "c"]), (2, ["1", "2", "3"])]
    assert rows(workbook(["a", "b"]), "liste.csv") == [(1, ["a", "b"])]


def test_a_zip_of_ten_thousand_small_files():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(10_000):
            archive.writestr(f"xl/{number}.xml", "<x/>")
    assert refused(out.getvalue()) == "too_big"


def test_a_sheet_that_unpacks_to_more_than_it_says_it_may():
    huge = b"<worksheet><sheetData>" + b"<row><c><v>1</v></c></row>" * 2_500_000
    data = repacked(workbook(NAMES), xl__worksheets__sheet1_xml=huge)
    assert len(data) < 1024 * 1024
    assert refused(data) == "too_big"


def test_a_small_file_that_costs_much_memory_costs_the_reader_only():
    """Under the limit of 50 MB unpacked, millions of cells: refused by rows, and our own memory stays."""
    cells = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 900_000))
    sheet = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>'
    data = repacked(workbook(NAMES), xl__worksheets__sheet1_xml=sheet)
    del cells, sheet
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    assert refused(data) in {"too_many_rows", "too_big"}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024
    assert time.monotonic() - began < files.PATIENCE


@pytest.mark.parametrize(("memory", "seconds", "code"), [(64, 20, "too_big"), (512, 1, "too_slow")])
def test_shared_strings_that_fill_the_memory_or_take_all_day(monkeypatch, memory, seconds, code):
    monkeypatch.setattr(files, "MEMORY", memory * 1024 * 1024)
    monkeypatch.setattr(files, "SECONDS", seconds)
    strings = f"<si><t>{'x' * 2_000_000}</t></si>" * 20 if code == "too_big" else "<si><t>x</t></si>" * 2_000_000
    text = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{strings}</sst>'
    data = workbook(NAMES)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        types = archive.read("[Content_Types].xml").decode()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    types = types.replace("</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>')
    parts = {"[Content_Types]_xml": types, "xl__sharedStrings_xml": text}
    assert refused(repacked(data, **parts)) == code


def test_a_reader_that_never_ends_is_stopped(monkeypatch):
    monkeypatch.setattr(files, "SECONDS", 1)
    monkeypatch.setattr(sheet_reader, "__file__", "/dev/stdin")
    assert refused(b"while True: pass", "liste.csv") == "too_slow"


@pytest.mark.parametrize("code", ["utf-8", "utf-16-le"])
def test_entities_are_never_expanded(code):
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
    data = repacked(workbook(NAMES), xl__worksheets__sheet1_xml=bomb.encode(code))
    assert refused(data) == "broken"


def test_an_entity_from_outside_is_not_fetched(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("hemmeligt", encoding="utf-8")
    bomb = f'<!DOCTYPE x [<!ENTITY a SYSTEM "file://{secret}">]><worksheet>&a;</worksheet>'
    assert refused(repacked(workbook(NAMES), xl__worksheets__sheet1_xml=bomb)) == "broken"


def test_formulas_are_text():
    formula = '=HYPERLINK("http://localhost/x";"klik")'
    assert rows(workbook(NAMES, ["F-1", "70.000.001", formula]))[1] == (2, ["F-1", "70.000.001", formula])
    assert rows(workbook(["a", "b", "=1+1"]))[0][1][2] == "=1+1"


def test_a_cell_far_out_costs_nothing_and_a_wide_sheet_is_refused():
    book = Workbook()
    book.active["A1"], book.active["B40000"] = "Navn", "sidst"
    assert rows(saved(book)) == [(1, ["Navn"]), (40000, ["", "sidst"])]
    book.active["CA1"] = "langt ude"
    assert refused(saved(book)) == "too_many_columns"


def test_invisible_characters_are_taken_out():
    assert rows("a;b\u202e;c\u200b\x07 d".encode(), "liste.csv")[0][1] == ["a", "b", "c d"]


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_in_every_dress(code, delimiter):
    text = f'Række 1: Åse{delimiter}"Søren{delimiter} Æ"{delimiter}x\r\n\r\n1{delimiter}2{delimiter}3\r\n'
    assert rows(text.encode(code), "liste.csv") == [
        (1, ["Række 1: Åse", f"Søren{delimiter} Æ".replace("\t", " ").replace("  ", " "), "x"]),
        (3, ["1", "2", "3"]),
    ]


def test_the_reader_gets_nothing_of_our_environment(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "hemmeligt")
    monkeypatch.setattr(sheet_reader, "__file__", "/dev/stdin")
    program = b"import json, os; print(json.dumps({'sheets': [{'name': 'x', 'rows': [[1, sorted(os.environ)]]}]}))"
    assert "SECRET_KEY" not in read_sheets(program, filename="liste.csv")[0].rows[0][1]
