"""The one path that renders a PDF. What may blow up or read files runs in a process of its own (cases.printer).

The page is rendered here with autoescaping; the printer gets finished HTML, the paths of our own style sheet and
fonts, no secrets in its environment, little memory and half a minute. A page refers to its files as
`static:css/paper.css`; every other address is refused. The printer waits two minutes for the next document, so that
many letters do not load WeasyPrint many times.
"""

import atexit
import json
import logging
import os
import select
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from ctypes.util import find_library
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core import checks
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

PRINTER = Path(__file__).with_name("printer.py")
SECONDS = 30
MEGABYTES = 768
FILES = (
    "css/paper.css",
    "css/paper-report.css",
    *(f"vendor/plex-sans/IBMPlexSans-{weight}.woff2" for weight in ("Regular", "Medium", "SemiBold")),
)
# What a program needs to find its libraries, and nothing else: no keys, no addresses of databases.
PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "XDG_CACHE_HOME", "DYLD_FALLBACK_LIBRARY_PATH", "FONTCONFIG_FILE")
APT = "apt-get install --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
logger = logging.getLogger(__name__)


class PaperError(Exception):
    """The PDF was not made; str() is a Danish sentence for the user."""


def printer_is_missing(app_configs=None, **kwargs) -> list[checks.CheckMessage]:
    """A system check: a warning with the remedy where the machine has no pango. Everything else runs without."""
    if find_library("pangoft2-1.0"):
        return []
    return [checks.Warning("PDFs can't be made: pango is missing.", hint=f"Run: {APT}", id="paper.W001")]


def render_pdf(template: str, context: dict, *, title: str, lang: str) -> bytes:
    """A tagged PDF (PDF/UA-1) of the template. lang: the main language, e.g. "da". Raises PaperError."""
    html = render_to_string(template, {**context, "title": title, "lang": lang})
    return print_html(html)


def print_html(html: str) -> bytes:
    """Finished HTML to PDF in the printer's process. Raises PaperError."""
    job = {"html": html, "files": static_files(), "megabytes": MEGABYTES, "seconds": SECONDS}
    try:
        answer = PRINTER_OF_THIS_PROCESS.ask(json.dumps(job).encode(), seconds=SECONDS)
    except TimeoutError as error:
        logger.warning("the printer was stopped after %s seconds", SECONDS)
        raise PaperError(_("PDF'en tog for lang tid at lave. Gør teksten kortere, og prøv igen.")) from error
    if answer.startswith(b"%PDF-"):
        return answer
    raise PaperError(_why(answer))


def _why(answer: bytes) -> str:
    if printer_is_missing():
        logger.error("no PDF: pango is missing")
        return _("PDF'er kan ikke laves på denne server. Udskriv siden fra browseren, og bed driften installere pango.")
    # the name of an error, or nothing; the text of the document stays out of the log
    logger.error("the printer failed: %s", answer.decode(errors="replace")[:60] or "it was stopped")
    return _("PDF'en kunne ikke laves. Prøv igen, eller udskriv siden fra browseren.")


class Printer:
    """The printer of this process, started when it is first needed. One document at a time."""

    LENGTH = 8

    def __init__(self):
        self.lock, self.process, self.owner = threading.Lock(), None, 0

    def ask(self, message: bytes, *, seconds: float) -> bytes:
        """What it answers; empty when it broke off. TimeoutError when it took too long, and then it is stopped."""
        with self.lock:
            try:
                # one that has just gone home for want of work is replaced once
                answer = self._ask(message, seconds)
                return (self._ask(message, seconds) if answer is None else answer) or b""
            except TimeoutError:
                self.stop()
                raise

    def _ask(self, message: bytes, seconds: float) -> bytes | None:
        """The answer, which may be empty; None when there is no printer any more."""
        self._start()
        until = time.monotonic() + seconds
        with suppress(BrokenPipeError):
            self.process.stdin.write(len(message).to_bytes(self.LENGTH, "big") + message)
            self.process.stdin.flush()
            if length := self._read(self.LENGTH, until):
                return self._read(int.from_bytes(length, "big"), until)
        self.stop()
        return None

    def _start(self) -> None:
        """A new one unless ours still waits. One that was begun before a fork belongs to the other process."""
        if self.process is not None and self.owner == os.getpid() and self.process.poll() is None:
            return
        if self.owner == os.getpid():
            self.stop()
        self.owner = os.getpid()
        self.process = subprocess.Popen(
            [sys.executable, "-I", str(PRINTER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=PRINTER.parent,
            env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
            start_new_session=True,
        )

    def _read(self, length: int, until: float) -> bytes:
        found, source = bytearray(), self.process.stdout.fileno()
        while len(found) < length:
            if not select.select([source], [], [], max(0, until - time.monotonic()))[0]:
                raise TimeoutError
            more = os.read(source, min(length - len(found), 1 << 20))
            if not more:
                break
            found += more
        return bytes(found)

    def stop(self) -> None:
        """End it with its forks, and wait for it."""
        if self.process is None or self.owner != os.getpid():
            return
        process, self.process = self.process, None
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        for pipe in (process.stdin, process.stdout):
            with suppress(BrokenPipeError):
                pipe.close()
        process.wait()


PRINTER_OF_THIS_PROCESS = Printer()
atexit.register(PRINTER_OF_THIS_PROCESS.stop)


def static_files() -> dict[str, str]:
    """Served name -> path on disk of the files a document may use."""
    found = {}
    for name in FILES:
        path = finders.find(name) or (Path(settings.STATIC_ROOT) / name if settings.STATIC_ROOT else None)
        if path and Path(path).is_file():
            found[name] = str(path)
    return found
