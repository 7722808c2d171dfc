"""A visitation list on its way in and out again: upload, preview, caseworker, commit, a family's page, undo."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

DATA = Path(__file__).parent.parent / "data"
NAME = "visitering-2022-uge-15"
EXPECTED = json.loads((DATA / f"{NAME}.expected.json").read_text(encoding="utf-8"))


def upload(page, path: Path) -> None:
    page.goto("/indlaes/")
    page.locator('input[type="file"]').set_input_files(path)
    page.get_by_role("button", name="Læs listen").click()
    expect(page.locator("h1")).to_have_text("Se listen efter")


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_a_list_goes_in_and_out_again(visit, ending):
    page = visit("jonas")
    upload(page, DATA / f"{NAME}.{ending}")
    address = page.url
    expect(page.locator("main")).to_contain_text("18 rækker læst")
    rejected = page.get_by_role("link", name="Fejl")
    expect(rejected).to_contain_text(str(len(EXPECTED["rejected_rows"])))
    chooser = page.get_by_label("Sagsbehandler for familie F-2201")
    with page.expect_response(lambda answer: "/valg/" in answer.url):
        chooser.select_option(label="Mette Lindholm")
    page.reload()
    expect(page.get_by_label("Sagsbehandler for familie F-2201").locator("option:checked")).to_contain_text("Mette")
    page.get_by_role("button", name="Indlæs 8 familier").click()
    expect(page.locator("h1")).to_have_text("Listen er indlæst")
    families = page.locator("table").filter(has=page.get_by_text("Familier fra listen")).locator("tbody tr")
    assert families.count() == len(EXPECTED["families_created"])
    told = page.locator("main").inner_text()
    assert all(number in told for number in EXPECTED["families_created"])
    expect(families.first).to_contain_text("Mette Lindholm")
    families.first.get_by_role("link").click()
    expect(page.locator("h1")).to_contain_text("Familien Kovalenko")
    expect(page.locator("main")).to_contain_text("Mette Lindholm")
    page.goto(address)
    page.get_by_role("link", name="Fortryd indlæsningen").click()
    page.get_by_role("button", name="Fortryd indlæsningen").click()
    expect(page.locator("h1")).to_have_text("Indlæsningen er fortrudt")
    page.goto("/familier/?q=F-2201")
    expect(page.locator("main")).to_contain_text("Ingen familier passer til filtrene.")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("billede.png", b"\x89PNG\r\n\x1a\n" + bytes(200), "regneark"),
        ("tom.csv", b"", "tom"),
        ("itu.xlsx", b"PK\x03\x04" + bytes(200), ""),
    ],
)
def test_what_is_no_list_is_refused_with_a_sentence(visit, name, content, sentence):
    page = visit("jonas")
    page.goto("/indlaes/")
    page.locator('input[type="file"]').set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Læs listen").click()
    expect(page.locator("[data-focus]")).to_contain_text(sentence)
    expect(page.locator("h1")).to_have_text("Indlæs visiteringsliste")
