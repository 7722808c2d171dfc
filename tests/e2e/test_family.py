"""The family's page at work: notes by the keyboard, the check-list, a corrected date, and paper."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.visitor import Keys


def test_a_note_is_two_keys_and_its_text_and_never_lost(house, jonas):
    number, first, second = (
        house.scene["fresh"]["Symonenko"],
        "Talt med Olena om skole",
        "Talt med Olena om skole og sprog",
    )
    jonas.goto(f"/familier/{number}/")
    keys = Keys(jonas)
    keys.press("n")
    keys.type(first)
    keys.press("Control+Enter")
    expect(jonas.locator("#timeline")).to_contain_text(first)
    assert keys.count - len(first) <= 3  # a chord counts twice
    line = jonas.locator("#timeline li").filter(has_text=first)
    line.get_by_role("link", name="Ret", exact=True).click()
    field = jonas.get_by_label("Den rettede tekst")
    expect(field).to_have_value(first)
    field.fill(second)
    jonas.get_by_role("button", name="Gem rettelsen").click()
    line = jonas.locator("#timeline li").filter(has_text=second)
    expect(line).to_contain_text("rettet")
    line.get_by_role("link", name=re.compile("tidligere")).click()
    expect(jonas.get_by_text(first, exact=True)).to_be_visible()
    expect(jonas.get_by_text(second, exact=True)).to_be_visible()


def test_single_keys_rest_while_one_types_and_can_be_switched_off(house, jonas):
    jonas.goto(f"/familier/{house.scene['fresh']['Symonenko']}/")
    jonas.keyboard.press("/")
    jonas.keyboard.type("rn?")
    expect(jonas.locator("#palette-q")).to_have_value("rn?")
    assert "/familier/ny/" not in jonas.url
    jonas.keyboard.press("Escape")
    jonas.locator("h1").click()
    jonas.keyboard.press("?")
    expect(jonas.locator("#shortcuts")).to_be_visible()
    jonas.locator("[data-single-keys]").uncheck()
    jonas.keyboard.press("Escape")
    jonas.keyboard.press("n")
    assert jonas.evaluate("() => document.activeElement.tagName") != "TEXTAREA"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_the_check_list_is_ticked_for_several_at_once(house, visit, scripts):
    page = visit("jonas", java_script_enabled=scripts)
    number = house.scene["fresh"]["Symonenko" if scripts else "Stus"]
    page.goto(f"/familier/{number}/modtagelse/")
    boxes = page.locator("table.checks tbody tr").first.get_by_role("checkbox")
    names = [boxes.nth(index).get_attribute("aria-label") for index in range(2)]
    before = boxes.count()
    for index in range(2):
        boxes.nth(index).check()
    page.get_by_label("Hvad og hvor").fill("Borgerservice")
    page.get_by_role("button", name="Registrér udført").click()
    expect(page.locator("table.checks tbody tr").first.get_by_role("checkbox")).to_have_count(before - 2)
    for name in names:
        expect(page.get_by_role("checkbox", name=name, exact=True)).to_have_count(0)
    page.goto(f"/familier/{number}/")
    assert page.locator("#timeline li").filter(has_text="Borgerservice").count() == 2


def test_a_corrected_date_shows_what_moves_before_it_is_saved(house, jonas):
    number = house.scene["fresh"]["Stus"]
    jonas.goto(f"/familier/{number}/")
    jonas.locator("table a", has_text="Olena").first.click()
    arrived = jonas.locator("#id_arrived_on")
    arrived.fill("1/11-26")
    jonas.locator("#id_residence_from").fill("01112026")
    jonas.get_by_role("button", name="Gem oplysninger").click()
    preview = jonas.locator(".preview")
    expect(preview).to_contain_text(re.compile(r"\d+ frister ændres"))
    expect(preview).to_contain_text("Intet er gemt endnu.")
    expect(preview.locator("tr", has_text="Min plan").locator("ins")).to_have_text(re.compile("15. nov."))
    fresh = jonas.request.get(jonas.url).text()
    assert "10.10.2026" in fresh, "nothing may be saved by the preview"
    jonas.get_by_role("button", name="Gem, og flyt fristerne").click()
    expect(jonas.locator("h1")).to_contain_text("Familien Stus")
    expect(jonas.locator("tr", has_text="Olena").locator("td").first).to_contain_text("15. nov.")


@pytest.mark.parametrize("which", ["family", "decided"])
def test_all_duties_of_the_family_are_in_sight_at_a_desk(house, mette, which):
    scene = house.scene
    mette.goto(f"/familier/{scene['decided'] if which == 'decided' else scene['family']['number']}/")
    table, room = mette.evaluate(
        """() => { const table = document.querySelector("table.mx");
        return [table.scrollWidth, table.parentElement.clientWidth]; }"""
    )
    assert table <= room


def test_paper_is_light_also_from_the_dark_theme(house, visit):
    page = visit("mette", color_scheme="dark")
    page.goto(f"/familier/{house.scene['family']['number']}/")
    assert page.evaluate("() => document.documentElement.dataset.bsTheme") == "dark"
    look = (
        "(name) => { const s = getComputedStyle(document.querySelector(name)); return [s.backgroundColor, s.color]; }"
    )
    page.emulate_media(media="print", color_scheme="dark")
    ground, ink = page.evaluate(look, "body")
    assert bright(ground) > 240, ground
    assert bright(ink) < 90, ink
    for name in (".panel", "h1", "#timeline li"):
        assert bright(page.evaluate(look, name)[1]) < 90, name
    for name in ("header.side", ".tabbar", "form.compose"):
        expect(page.locator(name)).to_be_hidden()
    expect(page.locator(".print-only")).to_be_visible()


def bright(colour: str) -> float:
    """0 to 255; what is transparent lets the paper through."""
    parts = [float(part) for part in re.findall(r"[\d.]+", colour)]
    return 255 if len(parts) == 4 and parts[3] == 0 else sum(parts[:3]) / 3
