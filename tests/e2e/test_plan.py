"""Min plan: written, handed over, on paper."""

from playwright.sync_api import expect


def test_a_plan_is_written_handed_over_and_printed(house, mette):
    number, dmytro = house.scene["family"]["number"], house.scene["family"]["dmytro"]
    goal = "Jeg vil arbejde som elektriker."
    mette.goto(f"/familier/{number}/modtagelse/min-plan/{dmytro}/")
    mette.locator("#id_goal").fill(goal)
    mette.get_by_role("button", name="Gem kladden").click()
    expect(mette.locator("#toasts")).to_contain_text("Kladden til Min plan for Dmytro er gemt")
    expect(mette.locator("#id_goal")).to_have_value(goal)
    mette.get_by_role("button", name="Registrér gennemgået og udleveret").click()
    expect(mette.locator("main")).to_contain_text("dage efter fristen. Hvorfor?")
    expect(mette.locator("#id_goal")).to_have_value(goal)
    mette.get_by_label("Hvorfor?").select_option(index=1)
    expect(mette.locator("main")).to_contain_text("Disse datoer ligger før udleveringen")
    mette.get_by_label("Ja, udlevér planen med de datoer").check()
    mette.get_by_role("button", name="Registrér gennemgået og udleveret").click()
    expect(mette.locator("#toasts")).to_contain_text("gennemgået og udleveret til Dmytro")
    expect(mette.locator("main")).to_contain_text(goal)
    answer = mette.request.get(mette.locator("a[href*='/pdf/']").first.get_attribute("href"))
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF-")
    mette.goto(f"/familier/{number}/")
    expect(mette.locator("#timeline")).to_contain_text("Dmytro")
