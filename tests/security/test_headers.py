"""The headers of every answer, to the letter. No page has a script or style of its own, so none has a nonce."""

import secrets

import pytest
from django.test import Client
from django.urls import reverse

from config import settings as live_settings
from tests.security.world import a_world

pytestmark = pytest.mark.django_db
ALWAYS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
CSP = {
    "base-uri 'none'",
    "connect-src 'self'",
    "default-src 'none'",
    "font-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data:",
    "manifest-src 'self'",
    "object-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
}
OWN_WORDS = {"Content-Length", "Content-Type", "Content-Disposition", "Location", "Vary", "Allow", "Set-Cookie"}
HTML = "text/html; charset=utf-8"


@pytest.fixture
def world(client, monkeypatch):
    monkeypatch.setattr("reception.services.document.plan_pdf", lambda *args, **kwargs: b"%PDF-1.7")
    world = a_world()
    client.force_login(world.users["caseworker"])
    return world


def check(answer, *, status: int, kind: str = HTML) -> None:
    """Nothing missing, nothing more."""
    assert answer.status_code == status
    assert answer.headers.get("Content-Type", HTML) == kind
    found = {name: value for name, value in answer.headers.items() if name not in OWN_WORDS}
    policy = found.pop("Content-Security-Policy")
    assert {part.strip() for part in policy.split(";")} == CSP
    caching = found.pop("Cache-Control")
    assert "no-store" in caching.split(", ")
    assert "public" not in caching
    found.pop("Expires", None)
    assert found == ALWAYS
    assert "Cookie" in answer.headers["Vary"]


def test_pages(world, client):
    number, person = world.own.case.number, world.own.person.pk
    for url in ("/", "/frister/", "/familier/", f"/familier/{number}/", f"/familier/{number}/personer/{person}/"):
        check(client.get(url), status=200)
    check(client.head("/"), status=200)


def test_a_form_that_comes_back_and_one_that_goes_on(world, client):
    url = reverse("desk:add_task", args=[world.own.case.number])
    check(client.post(url, {"title": ""}), status=422)
    check(client.post(url, {"title": "Ring til skolen", "due_on": "30.11.2026"}), status=302)


def test_refusals(world, client):
    for url in ("/familier/2026-9999/", f"/familier/{world.foreign.case.number}/", "/findes-ikke/"):
        check(client.get(url), status=404)
    check(client.put(f"/familier/{world.own.case.number}/"), status=405)


def test_files(world, client):
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    check(client.get("/frister/excel/"), status=200, kind=sheet)
    check(client.get("/familier/excel/"), status=200, kind=sheet)
    url = reverse("reception:plan_pdf", args=[world.own.case.number, world.own.person.pk])
    answer = client.get(url, {"sprog": "da"})
    check(answer, status=200, kind="application/pdf")
    assert answer["Content-Disposition"].startswith("attachment;")


def test_files_of_rows_and_of_data(world, client):
    released = world.own.ids["keeping:insight_json"]
    url = reverse("keeping:insight_json", args=[world.own.case.number, released])
    check(client.get(url), status=200, kind="application/json")
    client.force_login(world.users["auditor"])
    url = reverse("keeping:breach_csv")
    answer = client.get(url, {"number": world.own.case.number, "first": "1.11.2026", "last": "24.11.2026"})
    check(answer, status=200, kind="text/csv; charset=utf-8")


def test_an_error_of_our_own(world, client, monkeypatch):
    monkeypatch.setattr("desk.views.lists.StepFilter", None)
    client.raise_request_exception = False
    check(client.get("/frister/"), status=500)


def test_too_many_attempts(settings):
    client = Client(REMOTE_ADDR=f"2001:db8::{secrets.token_hex(2)}")  # the count is shared where there is Redis
    settings.ACCOUNT_RATE_LIMITS = live_settings.ACCOUNT_RATE_LIMITS
    for _each in range(70):
        answer = client.post(reverse("account_login"), {"login": "ukendt", "password": "forkert"})
    check(answer, status=429)


def test_without_a_log_in(client):
    check(client.get("/familier/"), status=302)
    check(client.get("/findes-ikke/"), status=404)
    check(client.get(reverse("account_login")), status=200)


def test_a_header_that_is_missing_is_noticed(world, client, settings):
    """The negative control."""
    settings.RESPONSE_HEADERS = {}
    with pytest.raises(AssertionError):
        check(client.get("/frister/"), status=200)
