"""Søg eller gå til: a page, and the same in the palette of Ctrl K. The text is sent, never put into an address."""

from django.db import transaction
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import sees_cases
from cases.names import fold
from desk.services.lines import case_path, person_path
from desk.services.search import MOST, SHOWN, Found
from desk.services.search import search as find
from desk.views.shell import figures, menu

LONGEST = 80
REGISTER = "Registrér familie"


def search(request):
    """GET: the empty page. POST: what was found; for htmx the list alone."""
    if not sees_cases(request.user):
        raise Http404
    text = request.POST.get("q", "")[:LONGEST].replace("\0", "").strip()
    most = SHOWN if request.htmx else MOST
    with transaction.atomic():
        found = find(request.user, text, most=most, today=timezone.localdate(), now=timezone.now()) if text else Found()
    context = {"groups": groups(request, found, text), "note": found.note, "text": text}
    return render(request, "desk/_found.html" if request.htmx else "desk/search.html", context)


def groups(request, found: Found, text: str) -> list[dict]:
    """Families, people and pages, each with its rows; without a text the families opened last."""
    families = [row(case_path(number), name, number, "people") for number, name in found.families]
    people = [row(person_path(number, pk), name, family, "person") for number, pk, name, family in found.people]
    recent = []
    if not text:
        _overdue, opened = figures(request, request.user, timezone.localdate())
        recent = [row(each["url"], each["name"], "", "people") for each in opened]
    parts = [(_("Senest åbnet"), recent), (_("Familier"), families), (_("Personer"), people)]
    parts.append((_("Gå til"), pages(request.user, text)))
    return [{"id": f"fundet-{n}", "title": title, "rows": rows} for n, (title, rows) in enumerate(parts) if rows]


def pages(user, text: str) -> list[dict]:
    """The pages of the menu whose name holds the text."""
    wanted = fold(text)
    items = menu(reverse("desk:search"), user, 0)
    return [
        row(each["url"], str(each["text"]), "", each["icon"]) for each in items if wanted in fold(str(each["text"]))
    ]


def row(url: str, text: str, more: str, icon: str) -> dict:
    return {"url": url, "text": text, "more": more, "icon": icon}
