"""One server and one browser for all tests of this folder: the real pages over HTTP, nothing mocked.

The server is gunicorn with the demo families on an SQLite file of its own; these tests never touch the database.
SHOTS=folder keeps a picture of each page that the crawl visits. HOUSE=folder keeps the prepared database between
runs, for whoever writes a test.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e.visitor import PATIENCE, Watch, log_in, open_context

ROOT = Path(__file__).parents[2]
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=Translate,OptimizationHints,MediaRouter",
)
START_SECONDS = 120
expect.set_options(timeout=PATIENCE)


@dataclass(frozen=True)
class House:
    """The running server, and what stands in it (see tests/e2e/scene.py)."""

    address: str
    scene: dict
    log: Path

    @property
    def netloc(self) -> str:
        return urlsplit(self.address).netloc


@pytest.fixture
def today():
    """The server's day is fixed in its own process (tests/e2e/wsgi.py)."""
    raise LookupError("Use the constants of tests.e2e.wsgi.")


@pytest.fixture(autouse=True)
def clock():
    """In the place of the bench's frozen clock: the browser's driver needs the real one."""


def environment(folder: Path) -> dict[str, str]:
    (folder / "static").mkdir(exist_ok=True)
    return {
        **{name: value for name, value in os.environ.items() if name not in {"REDIS_URL", "DEBUG"}},
        "DATABASE_URL": f"sqlite:///{folder / 'indgang.sqlite3'}",
        "STATIC_FOLDER": str(folder / "static"),
        "DJANGO_SETTINGS_MODULE": "tests.e2e.settings",
    }


def prepare(folder: Path) -> dict:
    """Gather the static files, and set the scene unless it was set before."""
    scene = folder / "scene.json"
    command = [sys.executable, "-m", "tests.e2e.scene", str(scene)]
    done = subprocess.run(command, cwd=ROOT, env=environment(folder), capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"The scene could not be set:\n{done.stderr[-4000:]}", pytrace=False)
    return json.loads(scene.read_text())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(address: str, server: subprocess.Popen, log: Path) -> None:
    limit = time.monotonic() + START_SECONDS
    while time.monotonic() < limit and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/log-ind/", timeout=10):
                return
        except OSError:
            time.sleep(0.2)
    server.kill()
    pytest.fail(f"The server did not start:\n{log.read_text()[-4000:]}", pytrace=False)


@contextmanager
def running(folder: Path, scene: dict) -> Iterator[House]:
    """The product behind gunicorn on the prepared database of this folder, until the block ends."""
    log, address = folder / "server.log", f"http://127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "gunicorn", "tests.e2e.wsgi:application", "--bind", urlsplit(address).netloc]
    with log.open("w") as out:
        server = subprocess.Popen(
            [*command, "--workers", "2", "--threads", "4", "--preload", "--timeout", "120", "--log-level", "warning"],
            cwd=ROOT, env=environment(folder), stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        wait_for(address, server, log)
        yield House(address, scene, log)
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="session")
def house(tmp_path_factory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    if prepared := os.environ.get("HOUSE"):
        kept = Path(prepared)
        kept.mkdir(parents=True, exist_ok=True)
        if not (kept / "scene.json").exists():
            prepare(kept)
        shutil.copytree(kept, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("static"))
    with running(folder, prepare(folder)) as found:
        yield found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("No chromium on this machine: apt-get install chromium (.ci/run does so).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def cookies(house, browser) -> Callable[[str], dict]:
    """The state of a browser in which this user is logged in; each logs in once per run."""
    known: dict[str, dict] = {}

    def of(username: str) -> dict:
        if username not in known:
            context = open_context(browser, house.address)
            log_in(context.new_page(), username, house.scene["password"])
            known[username] = context.storage_state()
            context.close()
        return known[username]

    return of


@pytest.fixture
def visit(house, browser, cookies) -> Iterator[Callable[..., Page]]:
    """visit("mette", viewport=..., java_script_enabled=...) -> a page; what went wrong in it fails the test."""
    opened = []
    watch = Watch(house.netloc)

    def page_of(username: str = "", **options) -> Page:
        state = {"storage_state": cookies(username)} if username else {}
        context = open_context(browser, house.address, **state, **options)
        watch.over(context)
        opened.append(context)
        page = context.new_page()
        page.watch = watch
        return page

    yield page_of
    for context in opened:
        context.close()
    problems = watch.taken()
    if any(problem.startswith("5") for problem in problems):
        problems.append(house.log.read_text()[-3000:])
    assert problems == []


@pytest.fixture
def mette(visit) -> Page:
    """A caseworker at a desk."""
    return visit("mette")


@pytest.fixture
def jonas(visit) -> Page:
    """The caseworker of the families that the journeys change."""
    return visit("jonas")
