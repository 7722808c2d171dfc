"""The work list and one deadline's life: found, done late, extended, excluded, waiting, opened again."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

AREA = {"language": "leg-og-laering", "work": "selvforsoergelse"}


def number_in(text: str) -> int:
    return int(re.search(r"\d+", text).group())


def asked_for(page: Page) -> list[str]:
    return parse_qs(urlsplit(page.url).query).get("vis", [])


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_the_counts_are_the_filters(visit, scripts):
    page = visit("mette", java_script_enabled=scripts)
    page.goto("/")
    for word, label in (("overskredet", "Overskredet"), ("uge", "De næste 7 dage"), ("venter", "Venter på andre")):
        pill = page.locator("nav.pills").get_by_role("link", name=label)
        count = number_in(pill.inner_text().replace("7 dage", ""))
        pill.click()
        expect(page.locator("nav.pills [aria-current=true]")).to_contain_text(label)
        assert asked_for(page) == [word]
        assert page.locator("li.due").count() == count
    page.locator("nav.pills a").first.click()
    expect(page.locator("nav.pills [aria-current=true]")).to_contain_text("Alle åbne")
    assert asked_for(page) == []
    assert page.locator("li.due").count() > count


def test_the_pills_keep_the_page_and_the_focus(mette):
    """With scripts only the list is fetched, and whoever uses the keyboard stays where they were."""
    mette.goto("/")
    mette.evaluate("() => { window.same = true; }")
    pill = mette.locator("nav.pills a").nth(1)
    pill.focus()
    mette.keyboard.press("Enter")
    expect(mette.locator("nav.pills a").nth(1)).to_have_attribute("aria-current", "true")
    expect(mette.locator("nav.pills a").nth(1)).to_be_focused()
    assert mette.evaluate("() => window.same")
    mette.go_back()
    expect(mette.locator("nav.pills a").first).to_have_attribute("aria-current", "true")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_the_list_of_families_is_searched_and_filtered(visit, scripts):
    page = visit("mette", java_script_enabled=scripts)
    page.goto("/familier/")
    search = page.get_by_role("search", name="Søg i listen")
    search.get_by_role("searchbox").fill("hontar")
    search.get_by_role("searchbox").press("Enter")
    expect(page.locator("table tbody tr")).to_have_count(1)
    assert "q=hontar" in page.url
    expect(page.locator("table tbody")).to_contain_text("Jonas Friis")


def rows_of(page: Page, number: str, slug: str, title: str):
    """The lines of an area's page that carry this duty."""
    page.goto(f"/familier/{number}/{slug}/")
    return page.locator("li.due").filter(has=page.get_by_role("link", name=title, exact=True))


def open_step(page: Page, number: str, slug: str, title: str, who: str) -> None:
    rows_of(page, number, slug, title).filter(has_text=who).get_by_role("link", name=title, exact=True).click()
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator("main")).to_contain_text("Sådan er fristen beregnet")


def decide(page: Page, title: str, fields: dict[str, str], button: str) -> None:
    """Open one of the decisions and send it."""
    block = page.locator("details.decision").filter(has=page.get_by_role("heading", name=re.compile(title)))
    block.locator("summary").click()
    for label, text in fields.items():
        block.get_by_label(label).fill(text)
    block.get_by_role("button", name=button).click()


def test_an_act_that_comes_late_asks_why_and_leaves_the_list(house, jonas):
    number, title = house.scene["fresh"]["Hontar"], "Tilbyd sprogskole"
    assert rows_of(jonas, number, AREA["language"], title).count() == 3
    open_step(jonas, number, AREA["language"], title, "Olena")
    jonas.get_by_role("link", name="Registrér tilbud").click()
    jonas.get_by_label("Sprogskole").fill("Sprogcenter Nordsjælland")
    jonas.get_by_role("button", name="Registrér tilbud").click()
    expect(jonas.locator("main")).to_contain_text(re.compile(r"Det skete \d+ dage efter fristen\. Hvorfor\?"))
    expect(jonas.get_by_label("Sprogskole")).to_have_value("Sprogcenter Nordsjælland")
    jonas.get_by_label("Hvorfor?").select_option(label="Tolk kunne ikke skaffes")
    jonas.get_by_role("button", name="Registrér tilbud").click()
    expect(jonas.locator("#toasts")).to_contain_text("Olena")
    assert rows_of(jonas, number, AREA["language"], title).count() == 2
    jonas.goto(f"/familier/{number}/")
    expect(jonas.locator("#timeline")).to_contain_text(
        re.compile(r"Sprogskole tilbudt Olena.*, \d+ dage efter fristen", re.DOTALL)
    )


def test_a_goal_is_extended_and_its_first_date_stays_in_sight(house, jonas):
    number, title = house.scene["fresh"]["Hontar"], "Afklar kompetencer"
    open_step(jonas, number, AREA["work"], title, "Dmytro")
    first = jonas.locator("main").inner_text()
    due = re.search(r"Frist\s+(\S+ \d+\. \S+)", first).group(1)
    decide(jonas, "Forlæng", {"Ny dato": "041226", "Begrundelse": "Eksamensbevis oversættes"}, "Forlæng fristen")
    expect(jonas.locator("#toasts")).to_contain_text("Fristen er forlænget.")
    open_step(jonas, number, AREA["work"], title, "Dmytro")
    expect(jonas.locator("main")).to_contain_text("fre. 4. dec.: Eksamensbevis oversættes")
    expect(jonas.locator("main")).to_contain_text(due)


def test_a_decision_with_too_little_says_so_and_keeps_what_was_typed(house, jonas):
    open_step(jonas, house.scene["fresh"]["Hontar"], AREA["work"], "Afklar kompetencer", "Halyna")
    decide(jonas, "Forlæng", {"Ny dato": "i morgen", "Begrundelse": "Kort"}, "Forlæng fristen")
    expect(jonas.locator("[data-focus]")).to_be_focused()
    block = jonas.locator("details.decision[open]")
    expect(block.get_by_label("Ny dato")).to_have_value("i morgen")
    expect(block.get_by_label("Begrundelse")).to_have_value("Kort")


def test_a_law_is_excluded_by_two_and_opened_again(house, visit):
    number, title = house.scene["fresh"]["Kostenko"], "Henvis til sprogskole"
    jonas, mette = visit("jonas"), visit("mette")
    open_step(jonas, number, AREA["language"], title, "Halyna")
    step = jonas.url
    decide(jonas, "Ikke omfattet", {"Begrundelse og hjemmel": "Undtaget, integrationsloven § 20"}, "Gem")
    expect(jonas.locator("#toasts")).to_contain_text("Gemt som ikke omfattet.")
    row = rows_of(jonas, number, AREA["language"], title).filter(has_text="Halyna")
    expect(row).to_contain_text("»Ikke omfattet« afventer godkendelse")
    jonas.goto(step)
    expect(jonas.get_by_role("heading", name="Godkend")).to_have_count(0)
    mette.goto(step)
    decide(mette, "Godkend", {}, "Godkend")
    expect(mette.locator("#toasts")).to_contain_text("Godkendt.")
    expect(rows_of(mette, number, AREA["language"], title).filter(has_text="Halyna")).to_have_count(0)
    mette.goto(step)
    expect(mette.locator("main")).to_contain_text("Godkendt af Mette Lindholm.")
    decide(mette, "Genåbn", {"Begrundelse": "Afgørelsen var en fejl"}, "Genåbn fristen")
    expect(rows_of(mette, number, AREA["language"], title).filter(has_text="Halyna")).to_have_count(1)


def test_a_deadline_waits_for_others_and_comes_back(house, jonas):
    number, title = house.scene["fresh"]["Kostenko"], "Tilbyd skole"
    open_step(jonas, number, AREA["language"], title, "Maksym")
    step = jonas.url
    waits = {"Hvem ventes der på?": "Pladsanvisningen", "Til": "2/12-26"}
    decide(jonas, "Venter på andre", waits, "Gem")
    expect(jonas.locator("#toasts")).to_contain_text("Fristen venter nu på andre.")
    row = rows_of(jonas, number, AREA["language"], title)
    expect(row).to_contain_text("Venter på Pladsanvisningen til ons. 2. dec.")
    jonas.goto("/?vis=venter")
    expect(jonas.locator("li.due").filter(has_text="Kostenko")).to_contain_text(title)
    jonas.goto(step)
    decide(jonas, "Genåbn", {"Begrundelse": "Svaret kom i dag"}, "Genåbn fristen")
    jonas.goto("/?vis=venter")
    expect(jonas.locator("li.due").filter(has_text="Kostenko")).to_have_count(0)


def open_file_page(page: Page, house, query: str) -> None:
    """By the link above the list, and past the question for the password where the log-in is some minutes old."""
    page.goto(f"/frister/{query}")
    page.get_by_role("link", name="Hent som fil").click()
    if "/bekraeft/" in page.url:
        page.locator("#id_password").fill(house.scene["password"])
        page.get_by_role("button", name="Bekræft").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hent som fil")


def test_the_rows_of_a_list_come_as_a_spreadsheet(house, mette):
    open_file_page(mette, house, "?status=overskredet")
    mette.get_by_role("button", name="Hent filen").click()
    expect(mette.get_by_role("alert")).to_contain_text("Hvad skal filen bruges til?")
    for _twice in range(2):
        mette.get_by_label("Hvad skal filen bruges til?").select_option("Mødeforberedelse")
        with mette.expect_download() as download:
            mette.get_by_role("button", name="Hent filen").click()
        assert download.value.suggested_filename.endswith(".xlsx")


def test_a_long_list_is_a_file_when_the_manager_has_said_yes(house, visit):
    mette, lars = visit("mette"), visit("lars")
    open_file_page(mette, house, "?status=alle")
    expect(mette.locator("main")).to_contain_text("En fil kan højst have 200.")
    mette.get_by_label("Hvad skal filen bruges til?").select_option("Overlevering af sager")
    mette.get_by_role("button", name="Bed om godkendelse").click()
    expect(mette.locator("#toasts")).to_contain_text("Din leder er spurgt.")
    expect(mette.get_by_role("button", name="Hent filen")).to_have_count(0)
    lars.goto("/")
    lars.get_by_role("link", name="Filer til godkendelse").click()
    panel = lars.locator("section.panel").filter(has_text="Frister")
    expect(panel).to_contain_text("Overlevering af sager")
    panel.get_by_role("button", name="Godkend").click()
    expect(lars.locator("#toasts")).to_contain_text("Filen er godkendt i 24 timer.")
    mette.reload()
    expect(mette.locator("main")).to_contain_text("har godkendt filen til")
    with mette.expect_download() as download:
        mette.get_by_role("button", name="Hent filen").click()
    assert download.value.suggested_filename.endswith(".xlsx")
