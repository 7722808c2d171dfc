"""What a row says: words, dates and doubts, without a database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.services.imports import headings
from intake.services.imports.files import FileRefused, Sheet
from intake.services.imports.headings import FIELDS, KNOWN, find, key_of, lines_below, match
from intake.services.imports.reasons import ERRORS, SENTENCES
from intake.services.imports.rows import as_name, note_missing, read_row, split_name, stay_dates

TODAY = date(2026, 11, 24)
GOOD = {
    "family_number": "F-1",
    "udl_nr": "70.000.001",
    "role": "HP",
    "surname": "Marchenko",
    "given_names": "Yurii",
    "birth_date": "01-10-1970",
    "sex": "M",
    "visitation_on": "12-04-2022",
    "arrived_on": "21-04-2022",
    "residence_from": "21-04-2022",
}


def row_of(**texts):
    told = {**GOOD, **texts}
    fields = dict(enumerate(told))
    return read_row(7, list(told.values()), fields, today=TODAY)


def codes(row):
    return {reason.code for reason in row.reasons}


def test_a_good_row_has_no_remarks():
    row = row_of()
    assert codes(row) == set()
    assert (row.role, row.sex, row.birth_date) == ("main", "m", date(1970, 10, 1))


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ({"family_number": ""}, "family_number_missing"),
        ({"udl_nr": ""}, "person_number_missing"),
        ({"surname": "", "given_names": ""}, "name_missing"),
        ({"surname": "x" * 81}, "text_too_long"),
        ({"birth_date": "31-02-1990"}, "birth_date_impossible"),
        ({"birth_date": "ukendt"}, "birth_date_unreadable"),
        ({"birth_date": "01-01-2027"}, "birth_date_ahead"),
        ({"visitation_on": "12-04"}, "visitation_date_unreadable"),
        ({"visitation_on": "25-11-2026", "arrived_on": "", "residence_from": ""}, "visitation_date_ahead"),
        ({"arrived_on": "32-01-2022"}, "arrival_date_impossible"),
        ({"residence_from": "x"}, "residence_date_unreadable"),
        ({"birth_date": "01-10-2023", "role": "BARN"}, "dates_before_birth"),
        ({"arrived_on": "13-10-2021"}, "arrival_long_before_visitation"),
    ],
)
def test_errors_hold_the_row_back(texts, code):
    row = row_of(**texts)
    assert code in codes(row)
    assert [reason.code for reason in row.errors] == [code]
    assert row.errors[0].sentence.endswith((".", "?"))


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ({"arrived_on": "14-10-2021"}, "arrived_before_visitation"),
        ({"residence_from": "20-04-2022"}, "residence_before_arrival"),
        ({"role": "BARN"}, "adult_on_arrival"),
        ({"role": "ANDEN", "birth_date": "01-10-2010"}, "child_on_arrival"),
        ({"role": "kusine"}, "role_unknown"),
        ({"sex": "?"}, "sex_unknown"),
        ({"given_names": ""}, "given_name_missing"),
        ({"phone": "ring"}, "phone_unreadable"),
        ({"email": "ikke en adresse"}, "email_unreadable"),
        ({"cpr": "12"}, "cpr_unreadable"),
        ({"cpr": "621070-1125"}, "cpr_date_differs"),
        ({"cpr": "611070-1126"}, "cpr_sex_differs"),
    ],
)
def test_warnings_do_not(texts, code):
    row = row_of(**texts)
    assert codes(row) == {code}
    assert row.errors == []


def test_the_180th_day_is_a_warning_and_the_181st_an_error():
    assert codes(row_of(arrived_on="14-10-2021")) == {"arrived_before_visitation"}
    assert codes(row_of(arrived_on="13-10-2021")) == {"arrival_long_before_visitation"}


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("HP", "main"),
        ("hovedperson", "main"),
        ("ÆF", "spouse"),
        ("ægtefælle", "spouse"),
        ("Barn", "child"),
        ("BARN", "child"),
        ("Mormor", "grandparent"),
        ("ANDEN", "other"),
        ("Anden voksen", "other"),
    ],
)
def test_roles_have_many_words(word, role):
    assert row_of(role=word, birth_date="").role == role


def test_without_a_role_the_age_decides():
    assert row_of(role="", birth_date="01-10-2010").role == "child"
    assert row_of(role="").role == "other"
    assert row_of(role="", birth_date="").role == "other"


@pytest.mark.parametrize(
    ("written", "read"),
    [("38.114.201", "38.114.201"), ("38114201", "38.114.201"), ("38 114 201", "38.114.201"), ("us-12/a", "US-12/A")],
)
def test_one_person_number_has_one_form(written, read):
    assert row_of(udl_nr=written).udl_nr == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("SHEVCHENKO", "Shevchenko"),
        ("petrenko-bondar", "Petrenko-Bondar"),
        ("MAR'IANA", "Mar'iana"),
        ("von Halle", "von Halle"),
        ("ЛИСЕНКО", "Лисенко"),
    ],
)
def test_names_in_one_case_get_capitals(written, read):
    assert as_name(written) == read


def test_one_column_may_hold_the_whole_name():
    assert split_name("Kovalenko, Olena Petrivna") == ("Kovalenko", "Olena Petrivna")
    assert split_name("Olena Petrivna Kovalenko") == ("Kovalenko", "Olena Petrivna")
    assert split_name("Olena") == ("", "Olena")
    assert row_of(surname="", given_names="", full_name="Kovalenko, Olena").full_name == "Olena Kovalenko"


def test_leading_zeros_that_a_spreadsheet_dropped_come_back():
    row = row_of(birth_date="5041988", cpr="504881234", sex="")
    assert row.birth_date == date(1988, 4, 5)
    assert row.cpr.digits.startswith("050488")


def test_what_an_arrival_is():
    assert stay_dates(row_of(), today=TODAY) == {
        "visitation_on": date(2022, 4, 12),
        "arrived_on": date(2022, 4, 21),
        "residence_from": date(2022, 4, 21),
    }
    before = row_of(arrived_on="01-04-2022", residence_from="")
    assert stay_dates(before, today=TODAY) == {"visitation_on": date(2022, 4, 12), "staying_since": date(2022, 4, 1)}
    ahead = row_of(arrived_on="25-11-2026", residence_from="25-11-2026")
    assert stay_dates(ahead, today=TODAY) == {"visitation_on": date(2022, 4, 12), "expected_on": date(2026, 11, 25)}
    today = row_of(arrived_on="24-11-2026", residence_from="24-11-2026")
    assert stay_dates(today, today=TODAY)["arrived_on"] == TODAY


def test_what_a_new_person_lacks():
    row = row_of(birth_date="", visitation_on="", arrived_on="", residence_from="")
    note_missing(row, today=TODAY)
    assert codes(row) == {"birth_date_missing", "visitation_missing", "arrival_missing", "residence_missing"}
    ahead = row_of(arrived_on="25-11-2026", residence_from="25-11-2026")
    note_missing(ahead, today=TODAY)
    assert codes(ahead) == {"arrival_ahead"}
    late = row_of(residence_from="25-11-2026")
    note_missing(late, today=TODAY)
    assert codes(late) == {"residence_ahead"}


@given(st.lists(st.text(max_size=40), min_size=len(FIELDS), max_size=len(FIELDS)))
def test_any_text_in_any_cell_gives_a_row(cells):
    row = read_row(1, cells, dict(enumerate(FIELDS)), today=TODAY)
    note_missing(row, today=TODAY)
    stay_dates(row, today=TODAY)
    for reason in row.reasons:
        assert reason.sentence


def test_every_code_has_one_meaning():
    assert len(SENTENCES) >= len(ERRORS)
    assert all(str(sentence) for sentence in SENTENCES.values())


# --- Headings ---------------------------------------------------------------------------------


@pytest.mark.parametrize("heading", ["Fornavn(e)", "fornavne", "FORNAVN", " Fornavn: "])
def test_a_heading_is_known_however_it_is_dressed(heading):
    assert KNOWN[key_of(heading)] == "given_names"


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Familienummer", "family_number"),
        ("Udlændingenr.", "udl_nr"),
        ("CPR-nummer", "cpr"),
        ("Tlf.nr.", "phone"),
        ("Født", "birth_date"),
        ("Dato for visitering", "visitation_on"),
        ("Bopæl taget", "residence_from"),
        ("Køn (M/K)", None),
    ],
)
def test_headings_have_many_words(heading, field):
    assert KNOWN.get(key_of(heading)) == field


def test_the_order_of_the_columns_does_not_matter():
    columns = match(3, ["Fornavn", "Efternavn", "Udl.nr.", "Familienr."], {})
    assert columns.fields == {0: "given_names", 1: "surname", 2: "udl_nr", 3: "family_number"}
    assert columns.complete
    assert columns.unknown == {}


def test_what_a_source_uses_comes_before_our_own_words():
    learned = {key_of("Andet"): "", key_of("Kode"): "udl_nr"}
    columns = match(1, ["Andet", "Kode", "Hus"], learned)
    assert columns.fields == {1: "udl_nr"}
    assert columns.unknown == {2: "Hus"}


def test_the_sheet_with_headings_is_found_among_others():
    notes = Sheet("Vejledning", [(1, ["HP = hovedperson"])])
    people = Sheet("Liste", [(1, ["Uge 15"]), (4, ["Familienr.", "Udl.nr.", "Navn"]), (6, ["F-1", "1", "A B"])])
    sheet, columns = find([notes, people], {})
    assert (sheet.name, columns.line) == ("Liste", 4)


def test_totals_and_repeated_headings_are_no_rows():
    names = ["Familienr.", "Udl.nr.", "Navn"]
    sheet = Sheet(
        "",
        [(2, names), (3, ["F-1", "1", "A B"]), (40, names), (41, ["I alt", "", "", "18"]), (42, ["Antal personer: 3"])],
    )
    assert lines_below(sheet, match(2, names, {})) == [(3, ["F-1", "1", "A B"])]


def test_a_sheet_without_any_headings_is_refused():
    with pytest.raises(FileRefused, match="no_headings"):
        find([Sheet("", [(1, ["kun", "to"])])], {})
    assert headings.is_complete({"family_number", "udl_nr", "full_name"})
    assert not headings.is_complete({"family_number", "udl_nr"})
