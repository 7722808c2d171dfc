"""The way out: whoever comes after sees nothing of whoever was here."""

from playwright.sync_api import expect

from tests.e2e.visitor import log_in


def test_after_logging_out_back_shows_no_data(house, visit):
    page = visit()
    log_in(page, "jonas", house.scene["password"])
    page.goto(f"/familier/{house.scene['family']['number']}/")
    expect(page.locator("h1")).to_contain_text("Familien Bilous")
    page.get_by_role("button", name="Log ud").click()
    expect(page.locator("h1")).to_have_text("Log ind")
    for _step in range(2):
        page.go_back()
        expect(page.locator("h1")).to_have_text("Log ind")
        assert "Bilous" not in page.content()


def test_a_page_asked_for_without_logging_in_comes_after_it(house, visit):
    page = visit()
    wanted = f"/familier/{house.scene['family']['number']}/bolig/"
    page.goto(wanted)
    expect(page.locator("h1")).to_have_text("Log ind")
    page.locator("#id_login").fill("jonas")
    page.locator("#id_password").fill("forkert")
    page.get_by_role("button", name="Log ind", exact=True).click()
    expect(page.locator("[data-focus]")).to_be_visible()
    expect(page.locator("#id_login")).to_have_value("jonas")
    page.locator("#id_password").fill(house.scene["password"])
    page.get_by_role("button", name="Log ind", exact=True).click()
    page.wait_for_url(f"**{wanted}")
    expect(page.locator("h1")).to_contain_text("Familien Bilous")
