"""The headers of every answer, to the letter. No page has a script or style of its own, so none has a nonce."""

import secrets

import pytest
from django.test import Client
from django.urls import reverse

from config.policy import PAGES
from tests.files import PURPOSE, fetch, gives_files, prove
from tests.security.crawl import Visitor, filled, patterns
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
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def world(client, monkeypatch):
    monkeypatch.setattr("reception.services.document.plan_pdf", lambda *args, **kwargs: b"%PDF-1.7")
    monkeypatch.setattr("keeping.services.package.print_package", lambda *args, **kwargs: b"%PDF-1.7")
    world = a_world()
    client.force_login(world.users["caseworker"])
    return world


def check(answer, *, status: int, kind: str = HTML, policy=frozenset(CSP), also=()) -> None:
    """Nothing missing, nothing more. also: what this answer alone carries."""
    assert answer.status_code == status
    assert answer.headers.get("Content-Type", HTML) == kind
    found = {name: value for name, value in answer.headers.items() if name not in OWN_WORDS}
    assert {part.strip() for part in found.pop("Content-Security-Policy").split(";")} == policy
    caching = found.pop("Cache-Control")
    assert "no-store" in caching.split(", ")
    assert "public" not in caching
    found.pop("Expires", None)
    assert found == ALWAYS | dict(also)
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
    for name in ("desk:steps_xlsx", "desk:cases_xlsx"):
        check(fetch(client, world.own.worker, name), status=200, kind=SHEET)
        check(client.get(reverse(name)), status=200)
        check(client.post(reverse(name)), status=422)
    url = reverse("reception:plan_pdf", args=[world.own.case.number, world.own.person.pk])
    answer = client.get(url, {"sprog": "da"})
    check(answer, status=200, kind="application/pdf")
    assert answer["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    ("role", "page", "kind"),
    [
        ("caseworker", "desk:steps_xlsx", SHEET),
        ("caseworker", "desk:cases_xlsx", SHEET),
        ("caseworker", "desk:placements_xlsx", SHEET),
        ("caseworker", "keeping:consents_xlsx", SHEET),
        ("caseworker", "keeping:insight_xlsx", SHEET),
        ("caseworker", "keeping:insight_json", "application/json"),
        ("caseworker", "keeping:insight_pdf", "application/pdf"),
        ("caseworker", "board:rule_preview_xlsx", SHEET),
        ("caseworker", "desk:job_file", "text/csv; charset=utf-8"),
        ("caseworker", "letters:sheet_pdf", "application/pdf"),
        ("manager", "desk:case_log_extract", SHEET),
        ("manager", "board:rows_xlsx", SHEET),
        ("manager", "board:day_figures_xlsx", SHEET),
        ("manager", "board:actions_xlsx", SHEET),
        ("manager", "board:report_pdf", "application/pdf"),
        ("manager", "board:report_xlsx", SHEET),
        ("auditor", "desk:log_xlsx", SHEET),
        ("auditor", "keeping:breach_xlsx", SHEET),
        ("auditor", "keeping:breach_csv", "text/csv; charset=utf-8"),
        ("finance", "board:day_figures_xlsx", SHEET),
    ],
)
def test_every_file(world, client, role, page, kind):
    client.force_login(world.users[role])
    prove(client, world.users[role])
    url = reverse(page, kwargs=filled(page, dict(patterns())[page], world.own))
    answer = client.post(url, PURPOSE) if gives_files(page) else client.get(url)
    check(answer, status=200, kind=kind)
    assert answer["Content-Disposition"].startswith("attachment;")


def test_no_file_is_left_out(world):
    """Whatever any role is given that is no page stands in the tests above."""
    found = set()
    for role in world.users:
        visitor = Visitor(world.users[role])
        for name, wanted in patterns():
            arguments = filled(name, wanted, world.own) if name in PAGES and name != "account_logout" else None
            for method in PAGES[name].methods if arguments is not None else ():
                answer = visitor.ask(method, reverse(name, kwargs=arguments), PURPOSE)
                if answer.status_code == 200 and answer["Content-Type"] != HTML:
                    found.add(name)
    tried = {case[1] for mark in test_every_file.pytestmark if mark.name == "parametrize" for case in mark.args[1]}
    assert found - tried == {"reception:plan_pdf", "reception:signed_copy"}


def test_a_signed_sheet(world, client):
    url = reverse("reception:signed_copy", kwargs=filled("reception:signed_copy", {"number", "pk"}, world.own))
    answer = client.get(url)
    check(answer, status=200, kind=answer["Content-Type"], policy={"default-src 'none'", "sandbox"})
    assert answer["Content-Type"].startswith(("image/", "application/pdf"))


def test_an_error(world, monkeypatch):
    """A page that breaks says so under the same headers, whoever is logged in."""

    def breaks(*args, **kwargs):
        raise RuntimeError("nothing works")

    client = Client(raise_request_exception=False)
    client.force_login(world.users["caseworker"])
    monkeypatch.setattr("desk.views.lists.CaseFilter", breaks)
    check(client.get("/familier/"), status=500)


def test_too_many_attempts(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    guesser = Client(REMOTE_ADDR=f"2001:db8::{secrets.token_hex(2)}")
    answers = [guesser.post("/log-ind/", {"login": f"x{n}", "password": "y"}) for n in range(3)]
    check(answers[-1], status=429)


def test_where_it_goes_on(world, client):
    """Redirects of each kind: to the log-in, back after a form, from an address without its last slash."""
    check(Client().get("/familier/"), status=302)
    url = reverse("desk:hand_over", args=[world.own.case.number])
    check(client.post(url, {"to": world.own.worker.pk}), status=302)
    leaving = client.post(reverse("account_logout"))
    check(leaving, status=302, also={"Clear-Site-Data": '"cache", "storage"'})


def test_a_post_without_its_token(world):
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(world.users["caseworker"])
    check(careful.post(reverse("desk:add_task", args=[world.own.case.number]), {"title": "x"}), status=403)


def test_without_a_log_in(client):
    check(client.get("/familier/"), status=302)
    check(client.get("/findes-ikke/"), status=404)
    check(client.get(reverse("account_login")), status=200)


def test_a_header_that_is_missing_is_noticed(world, client, settings):
    """The negative control."""
    settings.RESPONSE_HEADERS = {}
    with pytest.raises(AssertionError):
        check(client.get("/frister/"), status=200)
