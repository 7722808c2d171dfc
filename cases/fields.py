"""Text encrypted at rest, and the keyed hash by which it is found."""

import hashlib
import hmac
from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models


@lru_cache(maxsize=4)
def _vault(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(text: str) -> str:
    """A Fernet token under the first of settings.FIELD_KEYS; the empty string stays empty."""
    return _vault(tuple(settings.FIELD_KEYS)).encrypt(text.encode()).decode() if text else ""


def decrypt(token: str) -> str:
    return _vault(tuple(settings.FIELD_KEYS)).decrypt(token.encode()).decode() if token else ""


def blind_index(text: str) -> str:
    """HMAC-SHA256 under settings.CPR_INDEX_KEY, hex. A plain hash of a CPR number falls to brute force."""
    return hmac.new(settings.CPR_INDEX_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


class EncryptedTextField(models.TextField):
    """Reads and writes plain text, stores a token. It can't be searched: use a blind index beside it."""

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return None if value is None else encrypt(value)

    def from_db_value(self, value, expression, connection):
        return None if value is None else decrypt(value)

    def get_lookup(self, lookup_name):
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted and can't be looked up by {lookup_name}")
        return super().get_lookup(lookup_name)
