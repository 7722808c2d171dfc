from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.dates import EARLIEST, DateError, parse_date
from cases.formats import doc_date, long_date, weekday_date_year

TODAY = date(2026, 11, 24)
BIRTH = date(1991, 3, 14)


@pytest.mark.parametrize(
    "text",
    [
        "14031991",
        "140391",
        "14/3-91",
        "14/3 91",
        "14.03.1991",
        "14-03-1991",
        "14–03–1991",
        "14/3 1991",
        "14 3 1991",
        " 14. 3. 1991 ",
        "14/03/1991",
        "1991-03-14",
        "1991/3/14",
        "19910314",
        "1991-03-14 00:00:00",
        "14. marts 1991",
        "14 mar 91",
        "14. MAR. 1991",
        "torsdag den 14. marts 1991",
        "tor. 14. mar. 1991",
        "14\N{NO-BREAK SPACE}marts\N{NO-BREAK SPACE}1991",
    ],
)
def test_a_date_is_read_however_a_dane_types_it(text):
    assert parse_date(text, today=TODAY) == BIRTH
    assert parse_date(text, today=TODAY, past=True) == BIRTH


@pytest.mark.parametrize(
    ("text", "born", "other"),
    [
        ("3.6.61", date(1961, 6, 3), date(1961, 6, 3)),
        ("3.6.45", date(1945, 6, 3), "too_late"),
        ("140358", date(1958, 3, 14), date(1958, 3, 14)),
        ("13.4.22", date(2022, 4, 13), date(2022, 4, 13)),
        ("24.11.26", date(2026, 11, 24), date(2026, 11, 24)),
        ("25.11.26", date(1926, 11, 25), date(2026, 11, 25)),
        ("29.2.36", date(1936, 2, 29), "too_late"),
        ("1.5.28", date(1928, 5, 1), date(2028, 5, 1)),
    ],
)
def test_two_digit_years_pivot_by_field(text, born, other):
    assert parse_date(text, today=TODAY, past=True) == born
    if isinstance(other, str):
        with pytest.raises(DateError) as refused:
            parse_date(text, today=TODAY)
        assert refused.value.code == other
    else:
        assert parse_date(text, today=TODAY) == other


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("14-03", "year_missing"),
        ("14. marts", "year_missing"),
        ("14/3-", "year_missing"),
        ("31-02-1990", "impossible"),
        ("29.2.2026", "impossible"),
        ("03/14/1991", "impossible"),
        ("00.01.1990", "impossible"),
        ("1.1.1899", "too_early"),
        ("14.3.0358", "too_early"),
        ("25.11.2028", "too_late"),
        ("44660", "unreadable"),
        ("14.3.199", "unreadable"),
        ("14. brumaire 1991", "unreadable"),
        ("i morgen", "unreadable"),
        ("1" * 5000, "unreadable"),
        ("١٤.٣.١٩٩١", "unreadable"),
    ],
)
def test_what_is_no_date_is_refused_with_a_code_and_a_sentence(text, code):
    with pytest.raises(DateError) as refused:
        parse_date(text, today=TODAY)
    assert refused.value.code == code
    assert str(refused.value.sentence).endswith(".")


def test_a_birth_can_not_lie_ahead():
    with pytest.raises(DateError) as refused:
        parse_date("25.11.2026", today=TODAY, past=True)
    assert refused.value.code == "in_future"


def test_the_range_ends_two_years_ahead_on_a_leap_day_too():
    assert parse_date("28.2.2030", today=date(2028, 2, 29)) == date(2030, 2, 28)
    with pytest.raises(DateError, match="too_late"):
        parse_date("1.3.2030", today=date(2028, 2, 29))


WAYS = (
    doc_date,
    long_date,
    weekday_date_year,
    date.isoformat,
    lambda d: f"{d:%d%m%Y}",
    lambda d: f"{d:%Y%m%d}",
    lambda d: f"{d.day}/{d.month}-{d.year}",
    lambda d: f"{d.day}.{d.month}.{d.year}",
)


@given(day=st.dates(EARLIEST, TODAY + timedelta(days=729)), way=st.sampled_from(WAYS))
def test_every_way_of_writing_reads_back(day, way):
    assert parse_date(way(day), today=TODAY) == day


@given(day=st.dates(TODAY - timedelta(days=36500), TODAY), way=st.sampled_from(["%d%m%y", "%d/%m-%y", "%d.%m.%y"]))
def test_a_birth_within_a_hundred_years_reads_back_from_two_digits(day, way):
    assert parse_date(day.strftime(way), today=TODAY, past=True) == day


@given(text=st.text(max_size=60))
def test_any_text_gives_a_date_in_range_or_a_date_error(text):
    try:
        found = parse_date(text, today=TODAY)
    except DateError:
        return
    assert EARLIEST <= found <= date(2028, 11, 24)
