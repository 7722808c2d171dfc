"""Phone numbers: stored as E.164, shown the way the country writes them. Pure."""

import phonenumbers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from phonenumbers import NumberParseException, PhoneNumberFormat


class PhoneError(ValueError):
    """A text that is no phone number; `sentence` is Danish and says what to do."""

    code = "unreadable"
    sentence: Promise = _("Skriv et telefonnummer med landekode, fx +380 67 123 45 67, eller otte danske cifre.")


def parse_phone(text: str, region: str = "DK") -> str:
    """Give "+4520481193". A number without country code belongs to `region`. Raises PhoneError.

    Possible, not registered: Ukrainian operators open ranges faster than any table of ours.
    """
    try:
        number = phonenumbers.parse(str(text)[:60], region)
    except NumberParseException:
        raise PhoneError from None
    if not phonenumbers.is_possible_number(number):
        raise PhoneError
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def pretty_phone(number: str) -> str:
    """Give "20 48 11 93" for Danish numbers and "+380 67 123 4567" for others; unreadable text unchanged."""
    try:
        parsed = phonenumbers.parse(number, "DK")
    except NumberParseException:
        return number
    form = PhoneNumberFormat.NATIONAL if parsed.country_code == 45 else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, form)
