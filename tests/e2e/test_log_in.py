"""Logging in as people do it: with the keyboard alone, with a passkey, after a pause, and after a change of roles."""

import re
from email.utils import parsedate_to_datetime

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from tests.e2e.visitor import Keys, Watch, log_in, open_context

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def code(page: Page, secret: str) -> str:
    """What the app on the telephone shows at the server's time."""
    at = parsedate_to_datetime(page.request.get("/log-ind/").headers["date"])
    return format_hotp_value(hotp_value(secret, int(at.timestamp()) // 30))


def log_out(page: Page) -> None:
    page.get_by_role("button", name="Log ud").first.click()
    expect(page.locator("h1")).to_have_text("Log ind")


def focus(page: Page, keys: Keys, selector: str) -> None:
    """Tab until the element has the focus, as somebody without a mouse does."""
    for _step in range(12):
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
        keys.press("Tab")
    pytest.fail(f"{selector} is not reached by the keyboard")


def test_with_the_keyboard_alone(house, visit):
    page = visit()
    log_in(page, "pia", house.scene["password"])
    page.goto("/min-konto/")
    page.get_by_role("link", name="Tilføj en app").click()
    secret = page.locator(".qr-text code").text_content()
    expect(page.locator(".qr img")).to_be_visible()
    page.get_by_label("Kode fra appen").fill(code(page, secret))
    page.get_by_role("button", name="Tilføj appen").click()
    expect(page.locator("h1")).to_have_text("Gendannelseskoder")
    assert len(page.locator(".codes li").all_text_contents()) == 10
    page.get_by_role("link", name="Jeg har gemt dem").click()
    log_out(page)

    keys = Keys(page)
    page.goto("/log-ind/")
    focus(page, keys, "#id_login")
    keys.type("pia")
    focus(page, keys, "#id_password")
    keys.type(house.scene["password"])
    keys.press("Enter")
    expect(page.locator("h1")).to_have_text("Bekræft log-in")
    focus(page, keys, "#id_code")
    keys.type("000000")
    keys.press("Enter")
    expect(page.locator(".field.wrong, .errors, [data-focus]").first).to_be_visible()
    focus(page, keys, "#id_code")
    keys.press("Control+a")
    keys.type(code(page, secret))
    keys.press("Enter")
    page.wait_for_url(re.compile(r"/$"))
    expect(page.locator("h1")).to_have_text("Mit overblik")


def test_a_passkey(house, browser):
    """The browser's own authenticator, through the whole ceremony. Passkeys know names of hosts, not numbers."""
    address = house.address.replace("127.0.0.1", "localhost")
    context = open_context(browser, address)
    watch = Watch(house.netloc.replace("127.0.0.1", "localhost"))
    watch.over(context)
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    log_in(page, "ole", house.scene["password"])
    page.goto("/min-konto/noegle/")
    page.get_by_label("Navn").fill("Telefon")
    page.get_by_role("button", name="Tilføj nøglen").click()
    expect(page.locator("h1")).to_have_text("Gendannelseskoder")
    page.goto("/min-konto/")
    expect(page.locator("main")).to_contain_text("Telefon · 24.11.2026")
    log_out(page)
    page.locator("#id_login").fill("ole")
    page.locator("#id_password").fill(house.scene["password"])
    page.get_by_role("button", name="Log ind", exact=True).click()
    expect(page.locator("h1")).to_have_text("Bekræft log-in")
    page.get_by_role("button", name="Brug adgangsnøgle").click()
    expect(page.locator("h1")).to_have_text("Mit overblik")
    page.clock.install()
    page.goto("/familier/")
    page.clock.fast_forward("31:00")
    page.get_by_role("link", name="Brug en adgangsnøgle").click()
    page.get_by_role("button", name="Brug adgangsnøgle").click()
    expect(page.locator("dialog.cover")).to_have_count(0)
    context.close()
    assert watch.taken() == []


def test_an_idle_page_is_covered_and_nothing_typed_is_lost(house, visit):
    page = visit("jonas")
    page.clock.install()
    page.goto(f"/familier/{house.scene['family']['number']}/")
    note = page.locator("textarea[name=text]")
    note.fill("Moren fortæller, at drengen er glad for skolen.")
    page.clock.fast_forward("29:00")
    expect(page.locator("dialog.cover")).to_have_count(0)
    page.clock.fast_forward("02:00")
    cover = page.locator("dialog.cover")
    expect(cover.get_by_role("heading", name="Siden er låst")).to_be_visible()
    expect(note).to_be_hidden()
    assert "Bilous" not in page.locator("body").inner_text()
    assert "Bilous" not in page.title()
    assert "Bilous" not in page.locator("body").aria_snapshot()
    page.keyboard.press("Escape")
    expect(cover).to_be_visible()
    cover.get_by_label("Adgangskode").fill("forkert")
    cover.get_by_role("button", name="Bekræft").click()
    expect(cover.locator(".wrong")).to_be_visible()
    expect(note).to_be_hidden()
    cover.get_by_label("Adgangskode").fill(house.scene["password"])
    page.keyboard.press("Enter")
    expect(cover).to_have_count(0)
    expect(note).to_have_value("Moren fortæller, at drengen er glad for skolen.")
    expect(page.locator("h1")).to_contain_text("Bilous")


def test_a_demotion_works_at_the_next_click(house, visit):
    page, boss = visit(), visit("anne")
    log_in(page, "liv", house.scene["password"])
    page.goto("/familier/")
    expect(page.locator("h1")).to_have_text("Familier")
    boss.goto("/brugere/?q=liv")
    boss.get_by_role("link", name="Liv Ny").click()
    boss.get_by_role("link", name="Ret roller").click()
    boss.get_by_label("Sagsbehandler").uncheck()
    boss.get_by_role("button", name="Gem roller").click()
    expect(boss.locator("main")).to_contain_text("Brugeren kan logge ind, men ser intet.")
    page.locator("#liste tbody a").first.click()
    expect(page.locator("h1")).to_have_text("Log ind")
    log_in(page, "liv", house.scene["password"])
    page.goto("/familier/")
    expect(page.locator("h1")).not_to_have_text("Familier")
