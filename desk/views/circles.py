"""Hvem må se notaterne? The assigned caseworker's page over everything that has been written in a case."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import audit
from accounts.access import Permission, needs
from cases.access import get_case
from cases.formats import plural, weekday_date_year
from desk.forms.circles import CirclesForm
from desk.services import circles
from desk.services.lists import page_of
from desk.views.case import crumbs
from desk.views.lists import page_number, pager


@needs(Permission.WRITE_CASES)
def note_circles(request, number):
    """All notes, page by page; with ?notat=<id> that one alone."""
    case = get_case(request.user, number)
    if case.caseworker_id not in request.user.acting_for:
        raise Http404
    page = page_of(asked(request, circles.written(case, request.user)), page_number(request))
    form = CirclesForm(request.POST or None, entries=page.rows, user=request.user)
    if request.method == "POST" and form.is_valid():
        moved = circles.move(case, form.wanted(), by=request.user)
        messages.success(request, told(moved))
        return redirect(f"{case.get_absolute_url()}#tidslinje")
    with transaction.atomic():
        audit.log(request.user, "case.read", case_number=case.number)
        lines = [line(entry, form) for entry in page.rows]
    heading = _("Hvem må se notaterne?")
    context = {
        "case": case,
        "heading": heading,
        "lede": _("Valget gælder også de tidligere tekster. Hver ændring står i loggen."),
        "crumbs": crumbs(case, heading),
        "form": form,
        "lines": lines,
        "pager": pager(request, page),
        "cancel_url": case.get_absolute_url(),
    }
    return render(request, "desk/circles.html", context, status=422 if form.is_bound else 200)


def asked(request, written):
    note = request.GET.get("notat", "")
    return written.filter(pk=int(note)) if note.isdecimal() and len(note) < 12 else written


def told(moved: int) -> str:
    if not moved:
        return _("Intet er ændret.")
    return _("%s kan nu læses af dem, du har valgt.") % plural(moved, _("notat"), _("notater"))


def line(entry, form: CirclesForm) -> dict:
    return {
        "title": entry.text,
        "text": entry.latest,
        "day": weekday_date_year(entry.on),
        "author": entry.author.name if entry.author else _("systemet"),
        "circle": form[f"note_{entry.pk}"],
    }
