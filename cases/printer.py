"""A program of its own: turns finished HTML into PDFs, one after the other, until nothing more is asked.

It is started by cases.paper and imported by nobody, so that the pages run where pango is missing. It knows no
Django, no database and no keys. WeasyPrint is loaded once; each document is made in a fork with little memory and
time, which ends with the document. The fetcher serves the named files only: no network, no other file (the default
one embeds file:///etc/passwd by a single <link rel=attachment>).

A message on standard input or output is its length in eight bytes, and then itself. Asked: {html, files, megabytes,
seconds} as JSON. Answered: the PDF, or the name of an error.
"""

import gc
import json
import os
import resource
import select
import sys
from pathlib import Path

import weasyprint
from weasyprint.urls import URLFetcher, URLFetcherResponse

SCHEME = "static:"
TYPES = {".css": "text/css", ".woff2": "font/woff2"}
LENGTH = 8
IDLE_SECONDS = 120


class OwnFilesOnly(URLFetcher):
    """Serves `static:<name>` for the names it was given, and refuses everything else."""

    def __init__(self, files: dict[str, str]):
        super().__init__(timeout=1, allowed_protocols=(), allow_redirects=False)
        self.files = files

    def fetch(self, url: str, headers: dict | None = None) -> URLFetcherResponse:
        name = url.removeprefix(SCHEME) if url.startswith(SCHEME) else ""
        if name not in self.files:
            raise ValueError("only our own style sheet and fonts may be used")
        path = Path(self.files[name])
        return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": TYPES[path.suffix]})


def limit(megabytes: int, seconds: int) -> None:
    """No more memory and time than a document needs; no file may be written."""
    memory = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def render(html: str, files: dict[str, str]) -> bytes:
    page = weasyprint.HTML(string=html, base_url=None, url_fetcher=OwnFilesOnly(files))
    return page.write_pdf(pdf_variant="pdf/ua-1", finisher=give_scopes)


def give_scopes(document, pdf) -> None:
    """Say of each table header what it is the header of: WeasyPrint names it in the cells only, others ask it."""
    elements = {one.reference: one for one in pdf.objects if isinstance(one, dict) and one.get("Type") == "/StructElem"}
    for header in elements.values():
        if header["S"] == "/TH":
            line = elements.get(header["P"], {})
            head = elements.get(line.get("P"), {}).get("S") == "/THead"
            header["A"]["Scope"] = "/Column" if head else "/Row"


def in_a_fork(job: dict) -> bytes:
    """The PDF, the name of what went wrong, or nothing when the fork was stopped."""
    from_child, to_parent = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(from_child)
        try:
            limit(job["megabytes"], job["seconds"])
            answer = render(job["html"], job["files"])
        except Exception as error:  # noqa: BLE001 - whatever it is, the fork has to end here
            answer = type(error).__name__.encode()
        with os.fdopen(to_parent, "wb") as out:
            out.write(answer)
        os._exit(0)
    os.close(to_parent)
    with os.fdopen(from_child, "rb") as answers:
        answer = answers.read()
    os.waitpid(child, 0)
    return answer


def read_message() -> bytes:
    """The next one; empty when there is none for a while, or the asker is gone."""
    source = sys.stdin.buffer.raw
    if not select.select([source], [], [], IDLE_SECONDS)[0]:
        return b""
    length = int.from_bytes(_exactly(source, LENGTH), "big")
    return _exactly(source, length)


def _exactly(source, length: int) -> bytes:
    found = bytearray()
    while len(found) < length and (more := source.read(length - len(found))):
        found += more
    return bytes(found)


def warm_up() -> None:
    """Load what every document needs, before the first fork: fonts of the machine, dictionaries of hyphens."""
    words = "".join(f'<p lang="{lang}" style="hyphens: auto">{"x" * 30}</p>' for lang in ("da", "uk", "en"))
    render(f'<html lang="da"><title>-</title>{words}</html>', {})


def main() -> None:
    warm_up()
    gc.freeze()  # what is loaded stays, and is not copied into each fork by looking at it
    while message := read_message():
        answer = in_a_fork(json.loads(message))
        sys.stdout.buffer.write(len(answer).to_bytes(LENGTH, "big") + answer)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
