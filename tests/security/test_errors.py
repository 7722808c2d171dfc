"""What an error tells: a page with a number, a log line with the same number, and nothing of what was typed."""

import io
import logging

import pytest
from django.core import mail
from django.test import Client
from django.urls import ResolverMatch, reverse

from config.logs import MaskedFormatter, masked
from tests.security.crawl import addresses, patterns
from tests.security.world import a_world

CPR, PHONE, MAIL, WORD = "710391-1234", "26 14 00 99", "hemmelig.person@example.dk", "Markørgade"
TYPED = dict.fromkeys(("text", "q", "family_name", "note", "reason", "goal"), f"{WORD} {CPR} {PHONE} {MAIL}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"person {CPR} findes ikke", "person <cpr> findes ikke"),
        ("7103911234", "<cpr>"),
        (f"ring {PHONE} eller +45 26140099, nu", "ring <phone> eller <phone>, nu"),
        ("+380 67 123 45 67 svarer ikke", "<phone> svarer ikke"),
        (f"til {MAIL}.", "til <mail>."),
        ("2026-11-27 08:15:03,123 ERROR", "2026-11-27 08:15:03,123 ERROR"),
        ("sag 2026-000123, frist 27.11.2026, trin 1234567", "sag 2026-000123, frist 27.11.2026, trin 1234567"),
    ],
)
def test_numbers_and_addresses_are_masked(text, said):
    assert masked(text) == said


@pytest.fixture
def log():
    """What the product's own formatter would write, of all loggers."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(MaskedFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def taken(log) -> str:
    """What was written since the last call."""
    told = log.getvalue()
    log.seek(0)
    log.truncate()
    return told


def breaks(*args, **kwargs):
    raise RuntimeError(f"no row for {CPR}, {PHONE}, {MAIL}")


@pytest.mark.django_db
def test_an_error_in_any_view_tells_nothing(log, monkeypatch):
    """Every pattern's view is replaced by one that breaks with numbers in its message, and is sent to."""
    world, client = a_world(), Client(raise_request_exception=False)
    client.force_login(world.users["caseworker"])
    broken = 0
    for name, wanted in patterns():
        given = (addresses(name, wanted, world) or {}).get("own")
        if given is None:
            continue
        with monkeypatch.context() as patch:
            patch.setattr("django.urls.resolvers.URLPattern.resolve", resolve_broken)
            answer = client.post(reverse(name, kwargs=given), TYPED)
        if answer.status_code != 500:
            continue  # the gate refused before any view was asked
        broken += 1
        page, told = answer.content.decode(), taken(log)
        assert "no row for <cpr>, <phone>, <mail>" in told, name
        number = told.rstrip().rsplit("[", 1)[1].rstrip("]")
        assert number in page
        for secret in (CPR, PHONE, MAIL, WORD):
            assert secret not in page, name
            assert secret not in told, name
    assert broken > 60
    assert mail.outbox == []


def resolve_broken(pattern, path):
    """As ever, with a view that breaks in the place of the found one."""
    found = pattern.pattern.match(path)
    if not found:
        return None
    _rest, args, given = found
    return ResolverMatch(
        breaks, args, given, pattern.name, route=str(pattern.pattern), captured_kwargs=given, extra_kwargs={}
    )
