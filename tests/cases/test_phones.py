import pytest

from cases.phones import PhoneError, parse_phone, pretty_phone


@pytest.mark.parametrize(
    ("text", "stored", "shown"),
    [
        ("20 48 11 93", "+4520481193", "20 48 11 93"),
        ("+4520481194", "+4520481194", "20 48 11 94"),
        ("0045 20 48 11 94", "+4520481194", "20 48 11 94"),
        ("+380 67 123 45 67", "+380671234567", "+380 67 123 4567"),
        ("00380-67-1234567", "+380671234567", "+380 67 123 4567"),
    ],
)
def test_numbers_are_stored_with_country_code(text, stored, shown):
    assert parse_phone(text) == stored
    assert pretty_phone(stored) == shown


@pytest.mark.parametrize("text", ["", "ring til mor", "112", "20 48 11", "20481193/20481194", "0671234567"])
def test_other_texts_are_refused(text):
    with pytest.raises(PhoneError) as refused:
        parse_phone(text)
    assert "landekode" in str(refused.value.sentence)


def test_a_number_without_country_code_belongs_to_the_region():
    assert parse_phone("067 123 45 67", region="UA") == "+380671234567"


def test_showing_leaves_unreadable_text_alone():
    assert pretty_phone("ukendt") == "ukendt"
