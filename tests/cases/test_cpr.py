from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cases.cpr import ORDINARY, REPLACEMENT, CprError, masked, parse_cpr, pretty

# Made-up numbers only: born 2040-2057 by the century table, or day + 60; nobody can hold either.
FUTURE = "140345-5126"
REPLACED = "740391-1126"


@pytest.mark.parametrize("text", ["140345-5126", "1403455126", "140345 5126", " 140345–5126 ", "14 03 45 51 26"])
def test_blanks_and_hyphens_do_not_matter(text):
    assert parse_cpr(text).digits == "1403455126"


def test_a_leading_zero_stays():
    assert parse_cpr("0403455126").digits == "0403455126"


@pytest.mark.parametrize(
    ("digits", "born"),
    [
        ("7403910126", date(1991, 3, 14)),
        ("7403913126", date(1991, 3, 14)),
        ("7403364126", date(2036, 3, 14)),
        ("7403374126", date(1937, 3, 14)),
        ("7403919126", date(1991, 3, 14)),
        ("7403575126", date(2057, 3, 14)),
        ("7403585126", date(1858, 3, 14)),
        ("7403228126", date(2022, 3, 14)),
    ],
)
def test_the_seventh_digit_gives_the_century(digits, born):
    assert parse_cpr(digits).birth_date == born


def test_a_replacement_number_is_a_kind_of_its_own():
    assert parse_cpr(REPLACED).kind == REPLACEMENT
    assert parse_cpr(FUTURE).kind == ORDINARY


def test_no_modulus_11_and_the_first_of_january_is_a_day_like_others():
    assert parse_cpr("610190-1111").birth_date == date(1990, 1, 1)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "length"),
        ("140345-512", "length"),
        ("140345-51267", "length"),
        ("140345-512A", "length"),
        ("١٤٠٣٤٥٥١٢٦", "length"),
        ("310245-5126", "impossible"),
        ("920345-5126", "impossible"),
        ("001345-5126", "impossible"),
    ],
)
def test_what_is_no_number_is_refused_without_repeating_it(text, code):
    with pytest.raises(CprError) as refused:
        parse_cpr(text)
    assert refused.value.code == code
    assert not text or text not in f"{refused.value!r} {refused.value.sentence}"


def test_a_number_of_somebody_not_yet_born_is_refused_where_today_is_given():
    with pytest.raises(CprError, match="in_future"):
        parse_cpr(FUTURE, today=date(2026, 11, 24))


def test_the_number_is_masked_on_screen_and_absent_from_tracebacks():
    cpr = parse_cpr(REPLACED)
    assert masked(cpr.digits) == "740391-••••"
    assert masked(birth=date(1991, 3, 14)) == "140391-••••"
    assert masked() == ""
    assert pretty(cpr.digits) == REPLACED
    assert cpr.digits not in repr(cpr)


@given(born=st.dates(date(1900, 1, 1), date(2057, 12, 31)), serial=st.integers(0, 999))
def test_birth_dates_read_back_from_replacement_numbers(born, serial):
    seventh = next(
        (s for s in "04569" if _century(s, born.year % 100) == born.year // 100),
        None,
    )
    assume(seventh is not None)
    digits = f"{born.day + 60:02d}{born:%m%y}{seventh}{serial:03d}"
    assert parse_cpr(digits).birth_date == born


def _century(seventh, year):
    """The table of the CPR office, written another way than the code under test."""
    return {"0": 19, "4": 20 if year <= 36 else 19, "9": 20 if year <= 36 else 19}.get(
        seventh, 20 if year <= 57 else 18
    )


@given(text=st.text(max_size=30))
def test_any_text_gives_ten_digits_or_a_cpr_error(text):
    try:
        found = parse_cpr(text)
    except CprError:
        return
    assert len(found.digits) == 10
