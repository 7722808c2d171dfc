"""What Django's list of common passwords does not know, because its entries are short: the same made longer."""

import re

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

FEWEST = 6  # different characters
REPEATED = re.compile(r"(.+?)\1+\Z", re.DOTALL)
ROWS = ("1234567890" * 2, "0987654321" * 2, "abcdefghijklmnopqrstuvwxyzæøå", "qwertyuiopåasdfghjklæøzxcvbnm")


class NoLengthenedCommonPassword:
    """Refuses few different characters, rows of the keyboard, and a common password repeated or with digits around."""

    def __init__(self):
        self.common = CommonPasswordValidator().passwords

    def validate(self, password, user=None):
        if self.is_simple(password.lower()):
            raise ValidationError(_("Adgangskoden er for nem at gætte. Brug fx tre-fire tilfældige ord."), "too_simple")

    def is_simple(self, text: str) -> bool:
        if len(set(text)) < FEWEST or any(text in row for row in ROWS):
            return True
        once = REPEATED.match(text)
        forms = {text, once.group(1) if once else text}
        forms |= {re.sub(r"^[\W\d_]+|[\W\d_]+$", "", form) for form in forms}
        return bool(forms & self.common)

    def get_help_text(self):
        return _("Brug ikke en almindelig adgangskode, heller ikke gentaget eller med tal omkring.")
