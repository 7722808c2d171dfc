"""The one path that renders a PDF. What may blow up or read files runs in a process of its own (cases.printer).

The page is rendered here with autoescaping; the printer gets finished HTML, the paths of our own style sheet and
fonts, no secrets in its environment, little memory and half a minute. A page refers to its files as
`static:css/paper.css`; every other address is refused.
"""

import json
import logging
import os
import subprocess
import sys
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
    job = json.dumps({"html": html, "files": static_files(), "megabytes": MEGABYTES, "seconds": SECONDS})
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(PRINTER)],
            input=job.encode(),
            capture_output=True,
            timeout=SECONDS,
            check=False,
            cwd=PRINTER.parent,
            env={name: os.environ[name] for name in PASSED_ON if name in os.environ},
        )
    except subprocess.TimeoutExpired as error:
        logger.warning("the printer was stopped after %s seconds", SECONDS)
        raise PaperError(_("PDF'en tog for lang tid at lave. Gør teksten kortere, og prøv igen.")) from error
    if done.returncode == 0 and done.stdout.startswith(b"%PDF-"):
        return done.stdout
    raise PaperError(_why(done))


def _why(done: subprocess.CompletedProcess) -> str:
    if printer_is_missing():
        logger.error("no PDF: pango is missing")
        return _("PDF'er kan ikke laves på denne server. Udskriv siden fra browseren, og bed driften installere pango.")
    # the last line of a traceback names the error; the text of the document stays out of the log
    name = done.stderr.decode(errors="replace").strip().rpartition("\n")[2].partition(":")[0][:60]
    logger.error("the printer failed with %s: %s", done.returncode, name)
    return _("PDF'en kunne ikke laves. Prøv igen, eller udskriv siden fra browseren.")


def static_files() -> dict[str, str]:
    """Served name -> path on disk of the files a document may use."""
    found = {}
    for name in FILES:
        path = finders.find(name) or (Path(settings.STATIC_ROOT) / name if settings.STATIC_ROOT else None)
        if path and Path(path).is_file():
            found[name] = str(path)
    return found
