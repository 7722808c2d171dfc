"""The xlsx of the lists: typed cells, no formula whatever was typed, who drew it, and a line in the log."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from accounts.models import AccessRecord
from desk.services.export import MOST_ROWS, Column, neutral, send, workbook
from tests.desk.rows import Unit, step
from tests.factories import UserFactory
from tests.files import fetch

COLUMNS = (Column("Navn"), Column("Dato"), Column("Antal"))
PAYLOADS = (
    '=HYPERLINK("http://ond.example/","Klik")',
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1:A9)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    ";=cmd",
    "a;=cmd|' /C calc'!A0",
    " =1+1",
    "\x00=1",
    "=cmd|' /C calc'!A0",
    "+cmd|' /C calc'!A0",
    "a\n=1",
    "a\t=1",
)


def read(content: bytes):
    return load_workbook(BytesIO(content)).worksheets


def cells(sheet) -> list[list]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_becomes_a_formula(payload):
    sheet, about = read(workbook("Liste", COLUMNS, [(payload, None, 1)], [("Filtre", payload)]))
    for cell in (sheet["A2"], about["B1"]):
        assert cell.data_type == "s"
        assert cell.value.startswith("'")


@pytest.mark.parametrize(
    "text", ["+45 20 48 11 93", "+4520481193", "-3", "Olena Kovalenko", "Søndergårds Allé 4, 1.-2. sal", "ons. 2. dec."]
)
def test_what_is_harmless_stays_as_it_was(text):
    assert neutral(text) == text


def test_dates_and_numbers_keep_their_type():
    sheet, _about = read(workbook("Liste", COLUMNS, [("Kovalenko", date(2026, 11, 27), 3), ("", None, 0)], []))
    head, first, second = cells(sheet)
    assert (head, second) == (["Navn", "Dato", "Antal"], [None, None, 0])
    assert (first[0], first[1].date(), first[2]) == ("Kovalenko", date(2026, 11, 27), 3)
    assert sheet["B2"].number_format == "dd.mm.yyyy"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:C3"


@pytest.mark.django_db
def test_the_file_says_who_drew_what_and_the_log_how_many():
    user = UserFactory()
    answer = send(
        user,
        name="frister",
        title="Frister",
        columns=COLUMNS,
        rows=[("x", None, 1)] * 3,
        filters="Status: Overskredet",
        purpose="Mødeforberedelse",
        at=datetime(2026, 11, 24, 8, 5, tzinfo=UTC),
    )
    assert answer["Content-Disposition"] == 'attachment; filename="frister-2026-11-24.xlsx"'
    about = dict(cells(read(answer.content)[1]))
    assert about["Af"] == user.name
    assert about["Trukket"] == "24.11.2026 kl. 9.05"
    assert about["Rækker"] == "3"
    assert about["Formål"] == "Mødeforberedelse"
    assert about["Filtre"] == "Status: Overskredet"
    record = AccessRecord.objects.get()
    assert (record.user_id, record.action, record.detail) == (user.pk, "list.export", "frister: 3")
    assert record.purpose == "Mødeforberedelse"


@pytest.mark.django_db
def test_more_rows_than_allowed_are_cut_and_the_file_says_so():
    answer = send(
        UserFactory(),
        name="x",
        title="X",
        columns=COLUMNS[:1],
        rows=[("a",)] * (MOST_ROWS + 1),
        filters="",
        purpose="Andet: prøve",
        at=datetime(2026, 11, 24, tzinfo=UTC),
    )
    sheet, about = read(answer.content)
    assert sheet.max_row == MOST_ROWS + 1
    assert "Bemærk" in dict(cells(about))


@pytest.mark.django_db
def test_names_with_formulas_leave_the_house_as_text(client):
    unit = Unit("Nord")
    case = unit.case("=1+1")
    step(case, -1, title="@SUM(A1)")
    for name in ("desk:steps_xlsx", "desk:cases_xlsx"):
        sheet = read(fetch(client, unit.caseworker, name).content)[0]
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "d", "n"}
        assert "'=1+1" in [cell.value for cell in sheet[2]]
    assert AccessRecord.objects.filter(action="list.export").count() == 2
