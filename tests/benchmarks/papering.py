"""G14: a plan as PDF against WeasyPrint alone on the same HTML: python -m tests.benchmarks.papering ROUNDS

Alone means what anybody would write: a warm process, WeasyPrint's own fetcher on our style sheet and fonts as files,
the same variant. The product's way is the whole of it: rows, text bank, template, the process apart, the bytes back.
"""

import json
import statistics
import sys
import time

import django

django.setup()

import weasyprint  # noqa: E402 - the apps must be ready
from django.utils import timezone  # noqa: E402

from cases import paper  # noqa: E402
from cases.models import Person  # noqa: E402
from deadlines.models import Step  # noqa: E402
from reception.services import document  # noqa: E402


def with_files(html: str) -> str:
    """The same HTML with our style sheet in it, and the addresses of the font files."""
    files = paper.static_files()
    with open(files["css/paper.css"], encoding="utf-8") as sheet:
        style = sheet.read()
    for name, path in files.items():
        style = style.replace(f"static:{name}", f"file://{path}")
    link = '<link rel="stylesheet" href="static:css/paper.css">'
    if link not in html:
        raise SystemExit("The paper has no style sheet.")
    return html.replace(link, f"<style>{style}</style>")


def timed(work) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def measure(rounds: int) -> dict:
    """The two ways by turns, after one of each that does not count."""
    today = timezone.localdate()
    step = Step.objects.filter(rule="reception.min_plan").order_by("pk").first()
    person = Person.objects.select_related("case__caseworker", "case__team").get(pk=step.person_id)
    seen: list[str] = []
    print_html = paper.print_html
    paper.print_html = lambda html: seen.append(html) or print_html(html)
    document.plan_pdf(person, language="da+uk", today=today)
    paper.print_html = print_html
    html = with_files(seen[0])

    def alone() -> None:
        weasyprint.HTML(string=html).write_pdf(pdf_variant="pdf/ua-1")

    alone()
    product, bare = [], []
    for _round in range(rounds):
        product.append(timed(lambda: document.plan_pdf(person, language="da+uk", today=today)))
        bare.append(timed(alone))
    return {"product": statistics.median(product), "alone": statistics.median(bare)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(int(sys.argv[1]))))
