"""The insight package as a tagged PDF with a table of contents, through the one path to paper."""

from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from cases.formats import doc_date
from cases.models import Person
from cases.paper import render_pdf

MOST_LOG_LINES = 400  # the newest; all of them stand in the data file


def print_package(person: Person, package: dict) -> bytes:
    """Raises PaperError."""
    sections = [
        section | {"anchor": f"s{number}", "count": len(section["lines"])}
        for number, section in enumerate(package["sections"], 1)
    ]
    context = {
        "municipality": settings.MUNICIPALITY,
        "person": person,
        "package": package,
        "sections": sections,
        "log": package["log"][:MOST_LOG_LINES],
        "log_cut": len(package["log"]) > MOST_LOG_LINES,
        "asked_on": doc_date(date.fromisoformat(package["asked_on"])),
        "made_on": doc_date(date.fromisoformat(package["made_on"])),
    }
    return render_pdf("keeping/insight_pdf.html", context, title=_("Indsigt, %s") % person.full_name, lang="da")
