"""A program of its own: reads {html, files, megabytes, seconds} from standard input, writes the PDF to standard output.

It is started by cases.paper and imported by nobody, so that the pages run where pango is missing. It knows no
Django, no database and no keys. The fetcher serves the named files only: no network, no other file (the default
one embeds file:///etc/passwd by a single <link rel=attachment>).
"""

import json
import resource
import sys
from pathlib import Path

import weasyprint
from weasyprint.urls import URLFetcher, URLFetcherResponse

SCHEME = "static:"
TYPES = {".css": "text/css", ".woff2": "font/woff2"}


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


def main() -> None:
    job = json.load(sys.stdin)
    limit(job["megabytes"], job["seconds"])
    page = weasyprint.HTML(string=job["html"], base_url=None, url_fetcher=OwnFilesOnly(job["files"]))
    sys.stdout.buffer.write(page.write_pdf(pdf_variant="pdf/ua-1"))


if __name__ == "__main__":
    main()
