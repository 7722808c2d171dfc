"""Files of lists, fetched as the house gives them out: after a fresh log-in and for a purpose."""

from types import SimpleNamespace

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.urls import reverse

from config.policy import PAGES

PURPOSE = {"reason": "meeting", "text": ""}


def prove(client, user) -> None:
    """Leave in the session what a log-in of this moment with a second factor leaves there."""
    session = client.session
    record_authentication(SimpleNamespace(session=session), user, method="mfa")
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key


def fetch(client, user, name: str, query: str = "", **data):
    """The answer to somebody who has just logged in and says what for. query: with its question mark."""
    client.force_login(user)
    prove(client, user)
    return client.post(reverse(name) + query, PURPOSE | data)


def gives_files(name: str) -> bool:
    """Whether the page of this name answers a POST with a list as a file."""
    return name.endswith(("xlsx", "csv")) and PAGES[name].write is not None
