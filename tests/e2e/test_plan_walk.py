"""Min plan from end to end: a family is registered and has its plans in hand, two people write at once, a new version."""

import re
import sys

from playwright.sync_api import Locator, Page, expect

from tests.e2e.visitor import Hands
from tests.reception.sheets import photo_with_place

MOST_MINUTES = 25
HAND_OVER = "Registrér gennemgået og udleveret"
ADULTS = {
    "Olena": ("Я хочу працювати медсестрою в Данії.", "Jeg vil arbejde som sygeplejerske i Danmark."),
    "Dmytro": ("Я хочу знайти роботу електриком.", "Jeg vil finde arbejde som elektriker."),
    "Halyna": ("Я хочу вивчити мову і допомагати онукам.", "Jeg vil lære sproget og hjælpe mine børnebørn."),
}


def register(hands: Hands, surname: str, members: tuple[tuple[str, str, int], ...]) -> None:
    """By the keyboard, from Mit overblik to the family's page. members: (given name, birth date, how far down the role stands)."""
    page = hands.page
    page.goto("/")
    hands.press("r")
    page.wait_for_url("**/familier/ny/")
    page.wait_for_function("() => document.querySelectorAll('[data-person]').length === 1")
    hands.click(page.get_by_label("Fornavn").first)
    for number, (given, born, role) in enumerate(members):
        hands.type(given)
        hands.press("Tab")
        if number == 0:
            hands.type(surname)
        hands.press("Tab")
        hands.type(born)
        if role:
            hands.press("Tab")
            hands.press("ArrowDown", role)
        hands.press("Enter")
    hands.press("Enter")
    expect(page.locator("h1")).to_contain_text(f"Familien {surname}")


def open_plans(hands: Hands, name: str) -> None:
    page = hands.page
    hands.click(page.get_by_role("navigation").get_by_role("link", name="Modtagelse", exact=True))
    hands.click(page.locator("main").get_by_role("link", name=name).first)
    expect(page.locator("h1")).to_contain_text(f"Min plan for {name}")


def empty_row(page: Page) -> Locator:
    """The one at the end; when it is written in, another one follows it."""
    rows = page.locator("[data-person]")
    return rows.nth(rows.count() - 1)


def write_and_hand_over(hands: Hands, goal: str, danish: str) -> None:
    """The goal twice, one activity of one's own in the empty row at the end, the interpreter, and the hand-over."""
    page = hands.page
    hands.click(page.locator("#id_goal"))
    hands.type(goal)
    hands.press("Tab")
    hands.type(danish)
    row = empty_row(page)
    hands.click(row.get_by_label("Område"))
    hands.type("Selv")
    hands.press("Enter")
    hands.press("Tab")
    hands.type("Mød til samtale i Jobberiet")
    hands.click(row.get_by_label("Senest"))
    hands.type("15/12 2026")
    hands.click(page.get_by_label("Sprog eller tolk"))
    hands.type("Ukrainsk med tolk")
    hands.click(page.get_by_role("button", name=HAND_OVER))
    expect(page.locator("#toasts")).to_contain_text("gennemgået og udleveret")


def test_three_adults_and_two_children_from_registration_to_plans_in_hand(jonas, record_property):
    hands = Hands(jonas)
    family = (
        ("Olena", "14031991", 0), ("Dmytro", "02071988", 2), ("Halyna", "03061961", 4),
        ("Maksym", "20092015", 3), ("Sofiia", "11052022", 3),
    )  # fmt: skip
    register(hands, "Vovchuk", family)
    address = jonas.url
    open_plans(hands, "Olena")
    texts = jonas.locator("textarea[name$='-text']")
    assert (
        sum(text.startswith(("Maksym", "Sofiia")) for text in texts.evaluate_all("all => all.map(f => f.value)")) == 2
    )
    for number, (name, goals) in enumerate(ADULTS.items()):
        if number:
            hands.click(jonas.get_by_label("Vælg person").get_by_role("link", name=name))
        write_and_hand_over(hands, *goals)
        expect(jonas.locator("main")).to_contain_text(goals[0])
    record_property("keystroke_level_model", str(hands))
    sys.stdout.write(f"\nThree plans in hand: {hands}\n")
    jonas.goto(f"{address}modtagelse/")
    for name in ADULTS:
        expect(jonas.locator("main")).to_contain_text(re.compile(rf"{name} Vovchuk\s*Version 1 udleveret"))
    expect(jonas.locator("main")).not_to_contain_text("ikke med i nogen plan")
    assert hands.seconds <= MOST_MINUTES * 60, str(hands)


def fresh_plan(page: Page, surname: str) -> str:
    """A family of one with a first draft; returns the plan's address."""
    hands = Hands(page)
    register(hands, surname, (("Vira", "14031991", 0),))
    open_plans(hands, "Vira")
    page.locator("#id_goal").fill("Lære dansk")
    page.get_by_role("button", name="Gem kladden").click()
    expect(page.locator("#toasts")).to_contain_text("Kladden til Min plan for Vira er gemt")
    return page.url


def test_two_who_write_at_once_see_both_texts_and_nothing_is_lost(jonas, visit):
    address = fresh_plan(jonas, "Samchuk")
    mette = visit("mette")
    mette.goto(address)
    mette.locator("#id_goal").fill("Mettes mål")
    mette.get_by_role("button", name="Gem kladden").click()
    expect(mette.locator("#toasts")).to_contain_text("gemt")
    jonas.locator("#id_goal").fill("Jonas' mål")
    jonas.get_by_role("button", name="Gem kladden").click()
    conflict = jonas.get_by_role("alert")
    expect(conflict).to_contain_text("Mette Lindholm har gemt planen, mens du skrev.")
    expect(conflict).to_contain_text("Målet ændret fra »Mettes mål« til »Jonas' mål«")
    expect(jonas.locator("#id_goal")).to_have_value("Jonas' mål")
    jonas.get_by_role("button", name="Gem min tekst").click()
    expect(jonas.locator("#id_goal")).to_have_value("Jonas' mål")
    jonas.get_by_role("link", name="Ændringer").click()
    jonas.get_by_text("3 gemte tekster").click()
    expect(jonas.locator("main")).to_contain_text("Målet ændret fra »Lære dansk« til »Mettes mål«")
    expect(jonas.locator("main")).to_contain_text("Målet ændret fra »Mettes mål« til »Jonas' mål«")


def test_a_second_version_tells_what_is_new_and_the_signed_sheet_is_kept(jonas, tmp_path):
    address = fresh_plan(jonas, "Hnatiuk")
    jonas.get_by_role("button", name=HAND_OVER).click()
    expect(jonas.locator("main")).to_contain_text("Låst med kontrolsum")
    sheet = tmp_path / "IMG_0001.jpg"
    sheet.write_bytes(photo_with_place())
    jonas.get_by_role("link", name="Tilføj underskrevet eksemplar").click()
    jonas.get_by_label("Foto eller skanning").set_input_files(sheet)
    jonas.get_by_role("button", name="Gem eksemplaret").click()
    kept = jonas.get_by_role("link", name="Underskrevet eksemplar, gemt")
    answer = jonas.request.get(kept.get_attribute("href"))
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert b"Kamera" not in answer.body()
    jonas.get_by_role("link", name="Lav ny version").click()
    row = empty_row(jonas)
    row.get_by_label("Område").select_option(label="Bolig")
    row.get_by_label("Aktivitet", exact=True).fill("Skriv jer op til en lejlighed")
    row.get_by_label("Senest").fill("15/12 2026")
    jonas.get_by_role("button", name="Gem kladden").click()
    expect(jonas.locator("#toasts")).to_contain_text("Kladden til Min plan for Vira er gemt")
    expect(jonas.locator("main")).to_contain_text("Version 2, kladde.")
    jonas.get_by_role("link", name="Ændringer").click()
    said = "Ny aktivitet: Skriv jer op til en lejlighed, senest 15.12.2026"
    expect(jonas.locator("main")).to_contain_text(said)
    jonas.goto(f"{address}?rediger")
    jonas.locator("[data-person]").nth(-2).get_by_label("Senest").fill("18/12 2026")
    jonas.get_by_role("button", name="Gem kladden").click()
    expect(jonas.locator("#toasts")).to_contain_text("Kladden til Min plan for Vira er gemt")
    jonas.goto(f"{address}aendringer/")
    expect(jonas.locator("main")).to_contain_text(said.replace("15.12", "18.12"))


def test_the_plan_alone_on_the_screen_and_back(jonas, visit):
    address = fresh_plan(jonas, "Zaichuk")
    jonas.get_by_role("link", name="Vis for borgeren").click()
    expect(jonas.locator("h1")).to_contain_text("Мій план")
    assert jonas.get_by_role("navigation").count() == 0
    jonas.locator("h2 a").first.click()
    assert jonas.locator("h2").count() == 1
    jonas.keyboard.press("Escape")
    expect(jonas.locator("h2")).not_to_have_count(1)
    jonas.keyboard.press("Escape")
    expect(jonas).to_have_url(f"{address}?version=1")
    plain = visit("jonas", java_script_enabled=False)
    plain.goto(f"{address}vis/")
    plain.get_by_role("link", name="Tilbage (Esc)").click()
    expect(plain).to_have_url(address)
