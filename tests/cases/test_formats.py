from datetime import date, timedelta

import pytest

from cases import formats

FRIDAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (formats.day_month, "27. nov."),
        (formats.weekday_date, "fre. 27. nov."),
        (formats.weekday_date_year, "fre. 27. nov. 2026"),
        (formats.long_date, "27. november 2026"),
        (formats.full_date, "fredag den 27. november"),
        (formats.doc_date, "27.11.2026"),
        (formats.week, 48),
    ],
)
def test_each_form_of_a_date(function, expected):
    assert function(FRIDAY) == expected


@pytest.mark.parametrize(("number", "said"), [(0, "0"), (999, "999"), (1204, "1.204"), (1204000, "1.204.000")])
def test_thousands_have_a_full_stop(number, said):
    assert formats.thousands(number) == said


def test_whole_month_names_carry_no_full_stop():
    short = [formats.day_month(date(2026, month, 1)) for month in range(1, 13)]
    assert short[3:9] == ["1. apr.", "1. maj", "1. juni", "1. juli", "1. aug.", "1. sep."]


def test_weekdays_follow_the_calendar():
    week = [formats.weekday_date(date(2026, 11, 23) + timedelta(days=n)) for n in range(7)]
    assert [text.split()[0] for text in week] == [
        "man.",
        "tir.",
        "ons.",
        "tor.",
        "fre.",
        "lør.",
        "søn.",
    ]


def test_documents_pad_days_and_months():
    assert formats.doc_date(date(2026, 3, 6)) == "06.03.2026"


@pytest.mark.parametrize(
    ("day", "number"),
    [(date(2026, 12, 31), 53), (date(2027, 1, 1), 53), (date(2027, 1, 4), 1)],
)
def test_week_numbers_around_new_year(day, number):
    assert formats.week(day) == number


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-4, "4 dage over"),
        (-1, "1 dag over"),
        (0, "I dag"),
        (1, "I morgen"),
        (3, "Om 3 dage"),
    ],
)
def test_relative(days, expected):
    assert formats.relative(FRIDAY + timedelta(days=days), FRIDAY) == expected


@pytest.mark.parametrize(("number", "expected"), [(0, "0 frister"), (1, "1 frist"), (2, "2 frister")])
def test_plural(number, expected):
    assert formats.plural(number, "frist", "frister") == expected


@pytest.mark.parametrize(("number", "expected"), [(0, "ingen"), (3, "tre"), (12, "tolv"), (13, "13")])
def test_number_word(number, expected):
    assert formats.number_word(number) == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], ""),
        (["Olena"], "Olena"),
        (["Olena", "Dmytro"], "Olena og Dmytro"),
        (["Olena", "Dmytro", "Halyna"], "Olena, Dmytro og Halyna"),
    ],
)
def test_join_names(names, expected):
    assert formats.join_names(names) == expected


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(1991, 3, 14), date(2026, 3, 13), 34),
        (date(1991, 3, 14), date(2026, 3, 14), 35),
        (date(2020, 2, 29), date(2026, 2, 28), 5),
        (date(2020, 2, 29), date(2026, 3, 1), 6),
        (date(2026, 11, 27), date(2026, 11, 27), 0),
    ],
)
def test_age_on(birth, day, age):
    assert formats.age_on(birth, day) == age


def test_nobody_has_an_age_before_birth():
    with pytest.raises(ValueError, match="before the birth"):
        formats.age_on(FRIDAY, FRIDAY - timedelta(days=1))


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Mette Lindholm", "ML"), ("Åse", "Å"), ("karen marie sloth", "KS"), ("", "")],
)
def test_initials(name, expected):
    assert formats.initials(name) == expected
