"""The one path that renders a PDF: tagged, readable, and deaf to what a text wants to fetch or read."""

import ast
import http.server
import io
import json
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import page
import pypdf
import pytest

from cases import paper
from cases.paper import PaperError, print_html, printer_is_missing

pytestmark = pytest.mark.skipif(bool(printer_is_missing()), reason="pango is missing on this machine")
ROOT = Path(__file__).resolve().parents[2]
HEAD = '<!doctype html><html lang="da"><head><title>Prøve</title><link rel="stylesheet" href="static:css/paper.css">'


@pytest.fixture
def canary():
    """A server of this machine that counts who asked for anything."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()


def payloads(url: str) -> str:
    return f"""
    <link rel="attachment" href="file:///etc/passwd"><link rel="attachment" href="{url}/a">
    <img src="{url}/img.png" alt=""><img src="file:///etc/hostname" alt=""><iframe src="{url}/frame"></iframe>
    <style>@import url("{url}/css"); body {{ background: url("{url}/bg") }}
    @font-face {{ font-family: X; src: url("file:///etc/passwd") }}</style>
    <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">
    <image xlink:href="{url}/svg" href="file:///etc/passwd"/></svg>
    <object data="{url}/object"></object><embed src="static:../../config/settings.py">
    """


def test_it_is_tagged_and_its_letters_can_be_read():
    body = '<h1>Min plan</h1><p lang="uk">Мій план, Коваленко, їжак 123</p>'
    content = print_html(f"{HEAD}</head><body>{body}</body></html>")
    report = page.validate_pdf_bytes(content, profile=page.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, report
    text = pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert "Мій план, Коваленко, їжак 123" in text
    fonts = {str(font) for font in re.findall(rb"/BaseFont\s*/([^\s/]+)", content)}
    assert not [font for font in fonts if "DejaVu" in font]


def test_even_raw_markup_fetches_nothing_and_reads_no_file(canary):
    url, asked = canary
    content = print_html(f"{HEAD}{payloads(url)}</head><body>{payloads(url)}<p>færdig</p></body></html>")
    reader = pypdf.PdfReader(io.BytesIO(content))
    text = "".join(sheet.extract_text() for sheet in reader.pages)
    assert asked == []
    assert not list(reader.attachments)
    assert "root:" not in text
    assert b"root:" not in content
    assert "færdig" in text


def test_what_takes_too_long_is_stopped_with_a_sentence(monkeypatch):
    monkeypatch.setattr(paper, "SECONDS", 1)
    rows = "".join(f"<tr><td>{n}</td><td>{'ord ' * 40}</td></tr>" for n in range(4000))
    with pytest.raises(PaperError, match="PDF'en"):
        print_html(f"{HEAD}</head><body><table>{rows}</table></body></html>")


def test_what_wants_too_much_memory_ends_in_a_sentence(monkeypatch):
    monkeypatch.setattr(paper, "MEGABYTES", 40)
    with pytest.raises(PaperError, match="kunne ikke laves"):
        print_html(f"{HEAD}</head><body>{'<p>ord</p>' * 20_000}</body></html>")


def test_a_word_of_a_megabyte_does_no_harm():
    content = print_html(f"{HEAD}</head><body><p>{'x' * 1_000_000}</p></body></html>")
    assert content.startswith(b"%PDF-")


def test_the_printer_sees_no_secret(monkeypatch):
    seen = {}

    def started(command, **options):
        seen.update(options["env"])
        raise BlockingIOError

    paper.PRINTER_OF_THIS_PROCESS.stop()
    monkeypatch.setattr(paper.subprocess, "Popen", started)
    with pytest.raises(BlockingIOError):
        print_html("<p>x</p>")
    assert not {"SECRET_KEY", "FIELD_KEYS", "CPR_INDEX_KEY", "AUDIT_KEY", "DATABASE_URL"} & seen.keys()


def test_the_printer_stays_for_the_next_document_and_a_broken_one_is_replaced():
    printer = paper.PRINTER_OF_THIS_PROCESS
    html = f"{HEAD}</head><body><h1>x</h1></body></html>"
    print_html(html)
    first = printer.process.pid
    print_html(html)
    assert printer.process.pid == first
    printer.process.kill()
    printer.process.wait()
    assert print_html(html).startswith(b"%PDF-")
    assert printer.process.pid != first


def test_a_printer_that_went_home_meanwhile_is_called_again(monkeypatch):
    printer = paper.PRINTER_OF_THIS_PROCESS
    print_html(f"{HEAD}</head><body><h1>x</h1></body></html>")
    gone = printer.process
    gone.kill()
    gone.wait()
    monkeypatch.setattr(gone, "poll", lambda: None)
    assert print_html(f"{HEAD}</head><body><h1>x</h1></body></html>").startswith(b"%PDF-")
    assert printer.process is not gone


def test_a_document_that_takes_too_long_leaves_no_process():
    printer = paper.PRINTER_OF_THIS_PROCESS
    job = {"html": "<p>ord</p>" * 20_000, "files": paper.static_files(), "megabytes": 768, "seconds": 30}
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        printer.ask(json.dumps(job).encode(), seconds=2)
    assert time.monotonic() - began < 10
    assert printer.process is None


def test_two_threads_get_their_own_documents():
    titles = [f"Nr{n}nr" for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda title: print_html(f"{HEAD}</head><body><h1>{title}</h1></body></html>"), titles))
    for title, content in zip(titles, found, strict=True):
        assert title in pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()


def test_a_machine_without_pango_says_what_to_install(monkeypatch):
    monkeypatch.setattr(paper, "find_library", lambda name: None)
    (warning,) = printer_is_missing()
    assert (warning.id, "libpango" in warning.hint) == ("paper.W001", True)
    monkeypatch.setattr(paper.PRINTER_OF_THIS_PROCESS, "ask", lambda message, seconds: b"")
    with pytest.raises(PaperError, match="Udskriv siden fra browseren"):
        print_html("<p>x</p>")


def test_weasyprint_is_called_in_one_place_only():
    folders = [path for path in ROOT.iterdir() if (path / "__init__.py").exists() and path.name != "tests"]
    calls = [
        path.name
        for folder in folders
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("weasyprint.HTML", "write_pdf"))
    ]
    assert calls == ["printer.py", "printer.py"]
