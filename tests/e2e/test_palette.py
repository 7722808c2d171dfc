"""Ctrl K from anywhere to a family, by keyboard alone."""

from playwright.sync_api import expect

from tests.e2e.test_crawl import RULES, axe, put_in_axe


def test_ctrl_k_finds_a_family_in_three_keys_and_a_name(house, mette):
    mette.goto("/frister/")
    mette.keyboard.press("Control+k")
    expect(mette.locator("#palette")).to_be_visible()
    mette.keyboard.type("Bilous")
    expect(mette.locator("[data-found]").first).to_contain_text("Bilous")
    mette.keyboard.press("Enter")
    mette.wait_for_url(f"**/familier/{house.scene['family']['number']}/")
    assert "Bilous" not in mette.url


def test_arrows_move_and_escape_gives_the_page_back(mette):
    mette.goto("/")
    mette.keyboard.press("Control+k")
    expect(mette.locator("[data-found]").first).to_be_visible()
    mette.keyboard.press("ArrowDown")
    mette.keyboard.press("ArrowDown")
    assert mette.evaluate("[...document.querySelectorAll('[data-found]')].indexOf(document.activeElement)") == 1
    mette.keyboard.press("ArrowUp")
    mette.keyboard.press("ArrowUp")
    assert mette.evaluate("document.activeElement.id") == "palette-q"
    put_in_axe(mette, mette.context.new_cdp_session(mette))
    assert axe(mette, "tag", RULES) == []
    mette.keyboard.press("Escape")
    expect(mette.locator("#palette")).to_be_hidden()


def test_without_scripts_the_link_leads_to_the_page(visit):
    page = visit("mette", java_script_enabled=False)
    page.goto("/")
    page.locator("a.seek").click()
    page.locator("#soeg").fill("Bilous")
    page.locator("#soeg").press("Enter")
    expect(page.locator("[data-found]").first).to_contain_text("Bilous")
