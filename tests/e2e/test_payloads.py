"""The same house with markup in every text that people write: in a real browser nothing of it runs, loads or shows."""

from collections.abc import Iterator

import pytest

from tests.e2e.conftest import House, prepare, running
from tests.e2e.routes import paths
from tests.e2e.test_crawl import told
from tests.e2e.visitor import FILLED, Watch, log_in, open_context

CALLED = """window.pwned = () => console.error('a payload ran');
document.addEventListener('securitypolicyviolation', (event) => console.error(`stopped: ${event.violatedDirective}`));"""
STRANGE = (
    "() => document.querySelectorAll('iframe, object, embed, base, marquee, [onerror], [onload], [onfocus]').length"
)


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("poisoned")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POISON", "1")
        scene = prepare(folder)
    with running(folder, scene) as found:
        yield found


@pytest.fixture
def visitor(poisoned, browser):
    """A caseworker's page in the poisoned house; a dialog or a call of a payload is seen as a problem."""
    context = open_context(browser, poisoned.address)
    context.add_init_script(CALLED)
    page = context.new_page()
    log_in(page, "mette", poisoned.scene["password"])
    watch = Watch(poisoned.netloc)
    watch.over(context)
    page.on("dialog", lambda dialog: watch.seen.append("a dialog") or dialog.dismiss())
    page.watch = watch
    yield page
    context.close()


def is_page(page, path: str) -> bool:
    """False for what is not this user's, is a file, or leads on; two pages built alike hold different payloads."""
    answer = page.request.get(path, max_redirects=0)
    return answer.status == 200 and "text/html" in answer.headers["content-type"]


def test_nothing_of_it_runs(poisoned, visitor):
    found, seen = {}, 0
    for path in paths(poisoned.scene)[0]:
        if not is_page(visitor, path):
            continue
        seen += 1
        visitor.goto(path)
        visitor.wait_for_function(FILLED)
        wrong = visitor.watch.taken()
        if strange := visitor.evaluate(STRANGE):
            wrong.append(f"{strange} strange elements")
        if wrong:
            found[path] = wrong
    assert not found, told(found)
    assert seen > 60, seen


def test_the_browser_would_tell(poisoned, visitor):
    """The negative control: put in as markup, the page's policy stops it and the test hears of it."""
    visitor.goto("/familier/")
    put_in = "() => document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=x onerror=pwned(1)>')"
    visitor.evaluate(put_in)
    visitor.wait_for_timeout(300)
    assert visitor.watch.taken() != []
    assert visitor.evaluate(STRANGE) == 1
