"""Somebody offers help with the keyboard alone, on the telephone's size and in the dark; no cookie is left behind."""

import pytest
from playwright.sync_api import expect

from tests.e2e.test_crawl import COLOURS, RULES, axe, put_in_axe, sideways
from tests.e2e.visitor import NARROW, WIDE, Watch, open_context

PAGES = ("/hjaelp/", "/hjaelp/en/", "/hjaelp/uk/", "/hjaelp/uk/ting/", "/hjaelp/da/kontaktperson/", "/hjaelp/en/tak/")
HASTE = 3_200  # milliseconds: faster is taken for a machine


@pytest.fixture
def citizen(browser, house):
    context = open_context(browser, house.address)
    watch = Watch(house.netloc)
    watch.over(context)
    page = context.new_page()
    page.watch = watch
    yield page
    context.close()


def focused(page) -> str:
    return page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")


def tab_to(page, target: str) -> None:
    """Press Tab until the focus is there; the trap is never met on the way."""
    for _press in range(40):
        page.keyboard.press("Tab")
        assert focused(page) != "id_website"
        if focused(page) == target:
            return
    raise AssertionError(f"{target} is not reached by the keyboard")


def test_help_is_offered_by_the_keyboard_alone(citizen):
    citizen.goto("/hjaelp/")
    tab_to(citizen, "Giv ting og tøj")
    citizen.keyboard.press("Enter")
    expect(citizen.get_by_role("heading", level=1)).to_have_text("Giv ting og tøj")
    citizen.wait_for_timeout(HASTE)
    tab_to(citizen, "id_message")
    citizen.keyboard.type("To cykler og en barnevogn")
    tab_to(citizen, "Send tilbud")
    citizen.keyboard.press("Enter")
    summary = citizen.get_by_role("alert")
    expect(summary).to_contain_text("Skriv dit navn.")
    expect(citizen.locator("#id_message")).to_have_value("To cykler og en barnevogn")
    expect(summary).to_be_focused()
    citizen.keyboard.press("Tab")
    citizen.keyboard.press("Enter")
    assert focused(citizen) == "id_name"
    citizen.keyboard.type("Sigrid Nørlund")
    tab_to(citizen, "id_phone")
    citizen.keyboard.type("20 00 00 19")
    tab_to(citizen, "id_consent")
    citizen.keyboard.press("Space")
    tab_to(citizen, "Send tilbud")
    citizen.keyboard.press("Enter")
    expect(citizen.get_by_role("heading", level=1)).to_have_text("Tak. Vi har fået dit tilbud.")
    assert "Sigrid" not in citizen.content()
    assert citizen.context.cookies() == []
    assert citizen.watch.taken() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_public_pages_are_accessible_in_the_readers_own_theme(browser, house, size, scheme):
    context = open_context(browser, house.address, viewport=size, color_scheme=scheme)
    page = context.new_page()
    session = context.new_cdp_session(page)
    wrong = []
    for path in PAGES:
        page.goto(path)
        put_in_axe(page, session)
        wrong += [f"{path}: {one}" for one in (*axe(page, "tag", RULES), *axe(page, "rule", COLOURS))]
        wrong += [f"{path}: {one}" for one in sideways(page)] if size is NARROW else []
    assert context.cookies() == []
    context.close()
    assert wrong == []
