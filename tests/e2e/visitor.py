"""Somebody in front of the browser: pages that report what went wrong in them, and a keyboard that counts."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Locator, Page

PATIENCE = 30_000  # milliseconds; the machine may be busy
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
# A refused form answers 422, and Chromium calls that a console error; statuses are judged by the answer itself.
STATUS_NOTE = "Failed to load resource"


@dataclass
class Watch:
    """What no page may do: write to the console, break the policy, ask another host, fail."""

    home: str
    seen: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self.seen.append(f"script error: {error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("requestfailed", self._failed)

    def _console(self, message) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(STATUS_NOTE):
            self.seen.append(f"console: {message.text}")

    def _request(self, request) -> None:
        if urlsplit(request.url).netloc != self.home and not request.url.startswith(("data:", "blob:")):
            self.seen.append(f"asks another host: {request.url}")

    def _response(self, response) -> None:
        missing = response.status in (403, 404) and response.request.resource_type != "document"
        if response.status >= 500 or missing:
            self.seen.append(f"{response.status}: {response.request.method} {response.url}")

    def _failed(self, request) -> None:
        if request.failure and "ERR_ABORTED" not in request.failure:
            self.seen.append(f"{request.failure}: {request.url}")

    def taken(self) -> list[str]:
        """What was seen since the last call."""
        found, self.seen[:] = list(self.seen), []
        return found


@dataclass
class Keys:
    """A keyboard whose presses are counted; a chord counts each of its keys."""

    page: Page
    count: int = 0

    def press(self, key: str, times: int = 1) -> None:
        for _time in range(times):
            self.page.keyboard.press(key)
            self.count += len(key.split("+"))

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.count += len(text)


@dataclass
class Hands(Keys):
    """A keyboard and a mouse, with the time that a practised person needs by the keystroke-level model.

    Card, Moran and Newell 1980: a key 0.28 s (an average typist), pointing 1.1 s, a click 0.2 s, a hand that changes
    between keyboard and mouse 0.4 s, and 1.35 s of thought before each field and each button. The machine's own time
    and the talk with the citizen are not in it.
    """

    clicks: int = 0
    changes: int = 0
    thoughts: int = 0
    at_mouse: bool = False

    def _reach(self, *, mouse: bool) -> None:
        self.changes += self.at_mouse != mouse
        self.at_mouse = mouse

    def press(self, key: str, times: int = 1) -> None:
        self._reach(mouse=False)
        super().press(key, times)

    def type(self, text: str) -> None:
        self._reach(mouse=False)
        self.thoughts += 1
        super().type(text)

    def click(self, target: Locator) -> None:
        self._reach(mouse=True)
        self.thoughts += 1
        self.clicks += 1
        target.click()

    @property
    def seconds(self) -> float:
        return 0.28 * self.count + 1.3 * self.clicks + 0.4 * self.changes + 1.35 * self.thoughts

    def __str__(self) -> str:
        minutes, seconds = divmod(round(self.seconds), 60)
        return f"{self.count} keys, {self.clicks} clicks, {minutes} min {seconds} s by the keystroke-level model"


# Marks what htmx has fetched, so that a test can wait for a page that fills itself in.
MARK = """document.addEventListener("htmx:afterSettle", (event) => { event.target.dataset.settled = "yes"; });"""
FILLED = """() => ![...document.querySelectorAll('[hx-trigger="load"]')].some((node) => !node.dataset.settled)"""


def open_context(browser: Browser, address: str, **options) -> BrowserContext:
    """A fresh profile that speaks Danish and does not animate."""
    given = {"locale": "da-DK", "timezone_id": "Europe/Copenhagen", "viewport": WIDE, "reduced_motion": "reduce"}
    context = browser.new_context(base_url=address, **(given | options))
    context.add_init_script(MARK)
    context.set_default_timeout(PATIENCE)
    context.set_default_navigation_timeout(PATIENCE)
    return context


def log_in(page: Page, username: str, password: str) -> None:
    page.goto("/log-ind/")
    page.locator("#id_login").fill(username)
    page.locator("#id_password").fill(password)
    page.get_by_role("button", name="Log ind", exact=True).click()
    page.wait_for_url("**/")
