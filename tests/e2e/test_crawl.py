"""Every page, as every role may see it, in both themes and on both sizes: whole, quiet and accessible.

The full set of axe's rules runs in the light theme; in the dark one the same elements have other colours, so there
the rules about colour run.
"""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Error, Page

from tests.e2e.routes import paths
from tests.e2e.visitor import FILLED, NARROW, WIDE

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
SMALLEST = {"width": 320, "height": 640}
ROLES = {"mette": "caseworker", "karen": "coordinator", "lars": "manager", "anne": "administrator", "rikke": "auditor"}
RUN = """async ([wanted, values]) => {
  const found = await axe.run(document, {runOnly: {type: wanted, values}, resultTypes: ["violations"]});
  return found.violations.flatMap((rule) => rule.nodes.slice(0, 3).map(
    (node) => `${rule.id} at ${node.target.join(" ")}: ${node.failureSummary.split("\\n")[1]?.trim() ?? ""}`));
}"""
# Something that can be scrolled to the side, with the element that reaches furthest out.
SIDEWAYS = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return "";
  const isOut = (node) => node.getBoundingClientRect().right > root.clientWidth + 1;
  const out = [...document.body.querySelectorAll("*")].filter(isOut);
  const name = (node) => node.tagName.toLowerCase() + [...node.classList].map((one) => "." + one).join("");
  return `${root.scrollWidth} px wide: ${out.slice(0, 4).map(name).join(", ")}`;
}"""
# A menu that is open lies over the page for as long as it is; unfolded it takes room of its own, to be seen with the rest.
UNFOLD = """() => {
  document.querySelectorAll("main details").forEach((one) => { one.open = true; });
  document.querySelectorAll("main .menu-list").forEach((one) => { one.style.position = "static"; });
}"""
THEME = "(theme) => { document.documentElement.dataset.bsTheme = theme; }"


def axe(page: Page, kind: str, values: list[str]) -> list[str]:
    """Violations, one line per element. The script is put in past the page's policy, which stays in force."""
    return page.evaluate(RUN, [kind, values])


def put_in_axe(page: Page, session) -> None:
    session.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})


def shoot_both(page: Page, role: str, path: str) -> None:
    """Pictures for whoever wants to see the pages side by side."""
    if not (folder := os.environ.get("SHOTS")):
        return
    name = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "overblik"
    for theme in ("dark", "light"):
        page.evaluate(THEME, theme)
        target = Path(folder) / f"{role}-{page.viewport_size['width']}-{theme}" / f"{name}.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=target, full_page=True)


def expected(path: str) -> int:
    return 404 if path == "/findes-ikke/" else 200


def skeleton(html: str) -> int:
    """How the main part of a page is built: its elements with what axe goes by, without texts, addresses and numbers."""
    main = re.search(r"<main.*</main>", html, re.DOTALL)
    tags = re.findall(r"<[a-z][^>]*>", main.group() if main else html)
    return hash(tuple(re.sub(r'(href|value|action|content|datetime|aria-label)="[^"]*"|\d+', "", tag) for tag in tags))


def is_new(page: Page, path: str, known: set[int]) -> bool:
    """False when this is no page of the user's, a file, leads on, or is built just like one that was looked at."""
    answer = page.request.get(path, max_redirects=0)
    not_theirs = answer.status == 404 and expected(path) != 404
    if not_theirs or answer.status == 302 or "text/html" not in answer.headers["content-type"]:
        return False
    built = skeleton(answer.text())
    return built not in known and not known.add(built)


def look_at(page: Page, session, path: str, *, role: str) -> list[str]:
    """One page in both themes, on a phone also with everything unfolded; what is wrong with it."""
    try:
        answer = page.goto(path)
        page.wait_for_function(FILLED)
    except Error as error:
        return [error.message.splitlines()[0], *page.watch.taken()]
    wrong = [] if answer.status == expected(path) else [f"answers {answer.status}"]
    put_in_axe(page, session)
    shoot_both(page, role, path)
    if page.viewport_size["width"] == NARROW["width"]:
        wrong += sideways(page)
        page.evaluate(UNFOLD)
        wrong += [f"unfolded: {one}" for one in sideways(page)]
        unroll(page)
    wrong += axe(page, "tag", RULES)
    page.evaluate(THEME, "dark")
    wrong += [f"dark: {one}" for one in axe(page, "rule", COLOURS)]
    if page.viewport_size["width"] == NARROW["width"]:
        page.set_viewport_size(NARROW)
    return wrong + page.watch.taken()


def unroll(page: Page) -> None:
    """Show the whole page at once: what lies under the tab bar now can be scrolled clear of it."""
    page.set_viewport_size({**NARROW, "height": page.evaluate("document.documentElement.scrollHeight")})


def sideways(page: Page) -> list[str]:
    found = []
    for size in (SMALLEST, NARROW):
        page.set_viewport_size(size)
        if wide := page.evaluate(SIDEWAYS):
            found.append(f"scrolls sideways at {size['width']}: {wide}")
    return found


def crawl(page: Page, scene: dict, known: set[int], *, role: str) -> dict[str, list[str]]:
    session = page.context.new_cdp_session(page)
    found = {path: look_at(page, session, path, role=role) for path in paths(scene)[0] if is_new(page, path, known)}
    return {path: wrong for path, wrong in found.items() if wrong}


def told(found: dict[str, list[str]]) -> str:
    return "\n".join(f"{path}\n    " + "\n    ".join(wrong) for path, wrong in found.items())


def test_the_instruments_work(visit):
    """An instrument that sees nothing would pass every page."""
    page = visit()
    page.goto("/log-ind/")
    put_in_axe(page, page.context.new_cdp_session(page))
    page.evaluate("""() => document.querySelector("main").insertAdjacentHTML("beforeend",
        '<img src="data:,"><p class="faint">hardly seen</p><div class="wide">y</div>')""")
    page.evaluate("""() => { const style = (name) => document.querySelector(name).style;
        style(".faint").color = "#ddd"; style(".faint").background = "#fff"; style(".wide").width = "3000px"; }""")
    seen = " ".join(axe(page, "tag", RULES))
    assert "image-alt" in seen
    assert "color-contrast" in seen
    assert "div.wide" in page.evaluate(SIDEWAYS)
    page.evaluate("() => document.body.append(Object.assign(document.createElement('script'), {textContent: '1'}))")
    page.wait_for_timeout(200)
    assert any("Content Security Policy" in line for line in page.watch.taken())


def test_every_pattern_is_crawled(house):
    assert paths(house.scene)[2] == [], "give these a row in tests/e2e/scene.py"


def test_what_only_takes_a_post_refuses_a_get(house, visit):
    """By one of those who may send it; to the other it may not exist."""
    pages = [visit(username) for username in ("mette", "lars")]
    answers = {path: {page.request.get(path).status for page in pages} for path in paths(house.scene)[1]}
    assert all(405 in found and found <= {404, 405} for found in answers.values()), answers


@pytest.fixture(scope="module")
def known() -> dict[int, set[int]]:
    """How the pages looked at so far are built, by width."""
    return {WIDE["width"]: set(), NARROW["width"]: set()}


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
@pytest.mark.parametrize("username", ROLES)
def test_pages(house, visit, known, username, size):
    page = visit(username, viewport=size)
    found = crawl(page, house.scene, known[size["width"]], role=ROLES[username])
    assert not found, told(found)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
def test_the_way_in(visit, size):
    page = visit(viewport=size)
    wrong = look_at(page, page.context.new_cdp_session(page), "/log-ind/", role="visitor")
    assert wrong == []
