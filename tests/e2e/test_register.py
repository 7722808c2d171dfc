"""Registrér familie: by the keyboard alone, with the deadlines in sight before anything is saved, and once only."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.visitor import Keys

MOST_KEYS = 110
WAYS = ("14031991", "140391", "14/3-91", "14.03.1991", "14-03-1991", "14.3.91", "1991-03-14", "14. marts 1991")


def go_to_form(page: Page) -> None:
    page.goto("/familier/ny/")
    page.wait_for_function("() => document.querySelectorAll('[data-person]').length === 1")


def families_called(page: Page, name: str) -> int:
    page.goto(f"/familier/?q={name}")
    return page.locator("table tbody tr").count()


def test_a_family_of_four_with_the_keyboard_alone(jonas):
    """Counted from the moment one decides to register, on Mit overblik, until the family's page stands there."""
    jonas.goto("/")
    keys = Keys(jonas)
    keys.press("r")
    jonas.wait_for_url("**/familier/ny/")
    jonas.wait_for_function("() => document.querySelectorAll('[data-person]').length === 1")
    if jonas.evaluate("() => document.activeElement === document.body"):
        keys.press("Tab")  # the skip link
        keys.press("Enter")
        keys.press("Tab")
    expect(jonas.get_by_label("Fornavn").first).to_be_focused()
    for number, (given, born, role) in enumerate(
        (
            ("Olena", "14031991", None),
            ("Dmytro", "02071988", ("ArrowDown", "ArrowDown")),
            ("Maksym", "20092015", ("b",)),
            ("Sofiia", "11052022", ("b",)),
        )
    ):
        keys.type(given)
        keys.press("Tab")
        if number == 0:
            keys.type("Vovk")
        keys.press("Tab")
        keys.type(born)
        if role:
            keys.press("Tab")
            for key in role:
                keys.press(key)
        keys.press("Enter")
    expect(jonas.locator("[data-person]").nth(4).get_by_label("Fornavn")).to_be_focused()
    expect(jonas.locator("#live-body li").first).to_be_visible()
    expect(jonas.locator("#live-body [role=status]")).to_contain_text("med dato")
    expect(jonas.locator("#live-body")).to_contain_text("Min plan")
    expect(jonas.get_by_label("Fødselsdato").first).to_have_value("14.03.1991")
    keys.press("Enter")
    expect(jonas.locator("h1")).to_contain_text("Familien Vovk")
    for sub in ("35 år, hovedperson", "38 år, ægtefælle", "11 år, barn", "4 år, barn"):
        expect(jonas.locator("main")).to_contain_text(sub)
    assert keys.count <= MOST_KEYS, f"{keys.count} key presses"


def test_the_panel_says_which_date_is_missing(jonas):
    go_to_form(jonas)
    jonas.locator("#id_arrived_on").fill("")
    jonas.locator("#id_residence_from").fill("")
    jonas.get_by_label("Fornavn").first.fill("Vira")
    expect(jonas.locator("#live-body")).to_contain_text("Venter på en dato")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_double_click_makes_one_family(visit, scripts):
    page = visit("jonas", java_script_enabled=scripts)
    name = "Dvorak" if scripts else "Zhuk"
    page.goto("/familier/ny/")
    page.get_by_label("Fornavn").first.fill("Vira")
    page.get_by_label("Efternavn").first.fill(name)
    page.get_by_role("button", name="Registrér familie", exact=True).dblclick()
    expect(page.locator("h1")).to_contain_text(f"Familien {name}")
    assert families_called(page, name) == 1


def test_a_date_may_be_written_in_any_danish_way(jonas):
    go_to_form(jonas)
    for number, way in enumerate(WAYS):
        row = jonas.locator("[data-person]").nth(number)
        row.get_by_label("Fornavn").fill(f"Person{number}")
        row.get_by_label("Efternavn").fill("Dato")
        row.get_by_label("Fødselsdato").fill(way)
    jonas.get_by_role("button", name="Registrér familie", exact=True).click()
    expect(jonas.locator("h1")).to_contain_text("Familien Dato")
    people = jonas.locator("table a[href*='/personer/']")
    assert people.count() == len(WAYS)
    for number in range(len(WAYS)):
        told = jonas.request.get(people.nth(number).get_attribute("href")).text()
        born = re.search(r'name="birth_date"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="birth_date"', told)
        assert "14.03.1991" in born.groups(), (WAYS[number], born.group())


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_what_is_wrong_is_said_in_danish_and_nothing_typed_is_lost(visit, scripts):
    page = visit("jonas", java_script_enabled=scripts)
    page.goto("/familier/ny/")
    typed = {
        page.get_by_label("Fornavn").first: "Larysa",
        page.get_by_label("Efternavn").first: "Hrim",
        page.get_by_label("Fødselsdato").first: "31021990",
        page.get_by_label("Visiteringsdato (fra brevet)"): "i går",
        page.locator("#id_phone"): "ring til mig",
        page.locator("#id_languages"): "ukrainsk, polsk",
    }
    for field, text in typed.items():
        field.fill(text)
    page.get_by_role("button", name="Registrér familie", exact=True).click()
    summary = page.locator("[data-focus]")
    expect(summary).to_contain_text("Ret 3 fejl")
    if scripts:
        expect(summary).to_be_focused()
    for field, text in typed.items():
        expect(field).to_have_value(text)
    wrong = page.locator("main").inner_text()
    assert "findes ikke" in wrong
    assert "Dette felt" not in wrong
    assert "Indtast en gyldig" not in wrong
