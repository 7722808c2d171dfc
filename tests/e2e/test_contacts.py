"""The coordinator's walk: ask the family, two clicks to a contact person, and a whole evening at once."""

import re

import pytest
from playwright.sync_api import Page, expect


@pytest.fixture
def karen(visit) -> Page:
    return visit("karen")


def row_of(page: Page, surname: str):
    return page.get_by_role("row").filter(has_text=f"Familien {surname}")


def ask(page: Page, surname: str) -> None:
    """The family says yes."""
    page.goto("/kontaktpersoner/")
    row_of(page, surname).get_by_role("link", name="Spørg familien").click()
    page.get_by_label("Familien har sagt ja").check()
    page.get_by_label("Familiens ønsker").fill("Madlavning")
    page.get_by_role("button", name="Registrér familiens ja").click()
    page.wait_for_url("**/kontaktpersoner/")


def test_two_clicks_to_a_contact_person(karen):
    ask(karen, "Stus")
    row = row_of(karen, "Stus")
    expect(row).to_contain_text("Madlavning")
    row.get_by_role("link", name="Se forslag").click()
    first = karen.locator(".proposals > li").first
    expect(first).to_contain_text(re.compile(r"taler|bor|har ingen familie nu|plads til"))
    name = first.get_by_role("heading").inner_text()
    first.get_by_role("button", name="Tilknyt").click()
    expect(karen.locator("#toasts")).to_contain_text(f"{name} er nu kontaktperson for familien Stus.")
    expect(row_of(karen, "Stus")).to_have_count(0)
    karen.goto("/kontaktpersoner/par/")
    expect(row_of(karen, "Stus")).to_contain_text(name)


def test_an_evening_is_approved_line_by_line_with_the_keyboard(karen):
    ask(karen, "Hontar")
    karen.goto("/kontaktpersoner/alle/")
    lines = karen.locator("input[name=valgt]")
    expect(row_of(karen, "Hontar").locator("select")).to_be_visible()
    for at in range(lines.count()):
        if "Hontar" not in lines.nth(at).locator("xpath=ancestor::tr").inner_text():
            lines.nth(at).focus()
            karen.keyboard.press("Space")
    karen.get_by_role("button", name="Tilknyt de valgte").focus()
    karen.keyboard.press("Enter")
    expect(karen.locator("#toasts")).to_contain_text("familien Hontar og")
    expect(row_of(karen, "Hontar")).to_have_count(0)
