"""Forms that come back, and what lies over a page: as accessible as the page itself."""

import pytest
from playwright.sync_api import expect

from tests.e2e.test_crawl import COLOURS, RULES, THEME, axe, put_in_axe, sideways
from tests.e2e.visitor import NARROW

FORMS = {
    "/familier/ny/": "Registrér familie",
    "/familier/{number}/personer/ny/": "Tilføj person",
    "/familier/{number}/leg-og-laering/skole/{maksym}/": "Registrér tilbud",
    "/familier/{number}/bolig/naeste/": "Registrér boligplacering",
    "/familier/{number}/opgave/": "Opret opgave",
    "/familier/{number}/": "Gem",
    "/kontaktpersoner/frivillige/ny/": "",
    "/bolig/boliger/ny/": "Tilføj boligen",
    "/indlaes/": "Læs listen",
}


def look(page) -> list[str]:
    put_in_axe(page, page.context.new_cdp_session(page))
    found = axe(page, "tag", RULES)
    page.evaluate(THEME, "dark")
    return found + axe(page, "rule", COLOURS)


@pytest.mark.parametrize("path", FORMS)
def test_a_form_sent_empty_comes_back_whole(house, visit, path):
    page = visit("mette", viewport=NARROW)
    page.goto(path.format(**house.scene["family"]))
    main = page.locator("main")
    for field in main.locator("form[method=post] input[type=text]").all():
        if field.is_visible():
            field.fill("")
    button = (
        main.get_by_role("button", name=FORMS[path], exact=True) if FORMS[path] else main.locator("button.btn-primary")
    )
    button.first.click()
    expect(page.locator("main [data-focus]").first).to_be_visible()
    assert look(page) == []
    assert sideways(page) == []


def test_the_list_of_keys_is_accessible(visit):
    page = visit("mette")
    page.goto("/")
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    assert look(page) == []
