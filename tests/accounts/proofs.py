"""Users who can prove who they are, and how."""

import time

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value

from accounts.models import User
from tests.factories import UserFactory

PASSWORD = "fire heste og en kanin"


def a_user(**options) -> User:
    user = UserFactory(**{"role": "caseworker"} | options)
    user.set_password(PASSWORD)
    user.save()
    return user


def with_app(user: User) -> str:
    """Give the user an authenticator app; returns its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code(secret: str) -> str:
    """What the app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def log_in(client, user: User, password: str = PASSWORD):
    return client.post("/log-ind/", {"login": user.username, "password": password})
