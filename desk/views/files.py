"""A list as a file: for a purpose, after a fresh log-in, and long ones with a manager's yes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import Permission, needs
from cases.formats import doc_date, doc_moment
from cases.forms import IndgangForm
from desk.forms.filters import ListFilter
from desk.forms.purposes import FileForm
from desk.models import ExportRequest
from desk.services import approvals
from desk.services.export import MOST_ROWS, Column, send

SEARCHED = "q"


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that may be had as a file.

    name: as in the file's name. rows: all that the filters leave; cells: the same as columns. back: URL name of its
    page. limited: more than a few rows only with a manager's yes. make: writes file and log, see desk.services.export.
    """

    name: str
    title: str
    columns: Sequence[Column]
    form: ListFilter
    rows: QuerySet
    cells: Callable[[QuerySet], list[tuple]]
    back: str
    limited: bool = True
    heading: str = ""
    make: Callable[..., HttpResponse] = send

    @property
    def query(self) -> str:
        return approvals.query_of({self.form.add_prefix(name): value for name, value in self.form.chosen.items()})


def in_words(form: ListFilter, *, covered: bool = False) -> str:
    """The filters in words: "Status: Overskredet, Område: Bolig". covered: without the words searched for."""
    shown = []
    for name, value in form.chosen.items():
        if name == "sort":
            continue
        choices = dict(getattr(form.fields[name], "choices", ()))
        word = doc_date(value) if isinstance(value, date) else choices.get(value, value)
        shown.append(f"{form.fields[name].label}: {'•••' if covered and name == SEARCHED else word}")
    return ", ".join(shown)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a user stands to a file: its rows, and what a manager has been asked or has said."""

    rows: int
    is_long: bool
    approved: ExportRequest | None = None
    asked: ExportRequest | None = None

    @property
    def is_given(self) -> bool:
        return not self.is_long or self.approved is not None


def standing(user, listing: Listing, *, now) -> Standing:
    rows = listing.rows.order_by()[: MOST_ROWS + 1].count()
    if not listing.limited or rows <= approvals.ROWS_WITHOUT:
        return Standing(rows, is_long=False)
    this = (user, listing.name, listing.query)
    return Standing(rows, True, approvals.in_force(*this, now=now), approvals.unanswered(*this))


def file_page(request, listing: Listing) -> HttpResponse:
    """GET: how much it is, and what for? POST: the file; or, where it is too long, the manager is asked."""
    now = timezone.now()
    found = standing(request.user, listing, now=now)
    kind = IndgangForm if found.approved else FileForm
    form = kind(request.POST if request.method == "POST" else None)
    if form.is_valid() and found.is_given:
        return give(request, listing, found.approved.purpose if found.approved else form.purpose)
    if form.is_valid() and "ask" in request.POST and not found.asked and ask(request, listing, found.rows, form, now):
        return redirect(request.get_full_path())
    context = {
        "form": form,
        "heading": listing.heading or _("Hent som Excel"),
        "lede": listing.title,
        "crumbs": [{"url": back_of(request, listing), "text": listing.title}, {"url": "", "text": _("Hent som fil")}],
        "cancel_url": back_of(request, listing),
        "facts": facts_of(listing, found),
        "note": note_of(found),
        "asks": not found.is_given and not found.asked,
        "submit_label": _("Hent filen") if found.is_given else "" if found.asked else _("Bed om godkendelse"),
        "is_file": found.is_given,
        "signed": listing.make is send,
        "limited": listing.limited,
    }
    return render(request, "desk/file.html", context, status=422 if form.is_bound else 200)


@transaction.atomic
def give(request, listing: Listing, purpose: str) -> HttpResponse:
    return listing.make(
        request.user,
        name=listing.name,
        title=listing.title,
        columns=listing.columns,
        rows=listing.cells(listing.rows[: MOST_ROWS + 1]),
        filters=in_words(listing.form),
        purpose=purpose,
        at=timezone.localtime(),
    )


def ask(request, listing: Listing, rows: int, form: FileForm, now) -> bool:
    """Whether a manager has been asked; else the form says why not."""
    try:
        approvals.ask(
            request.user,
            name=listing.name,
            title=listing.title,
            query=listing.query,
            filters=in_words(listing.form, covered=True),
            rows=rows,
            purpose=form.purpose,
            now=now,
        )
    except ValidationError as error:
        form.add_error(None, error)
        return False
    messages.success(request, _("Din leder er spurgt. Kom tilbage hertil, når filen er godkendt."))
    return True


def back_of(request, listing: Listing) -> str:
    query = request.GET.urlencode()
    return f"{reverse(listing.back)}?{query}" if query else reverse(listing.back)


def number_of(rows: int) -> str:
    return _("flere end 5.000") if rows > MOST_ROWS else f"{rows:,}".replace(",", ".")


def facts_of(listing: Listing, found: Standing) -> list[dict]:
    facts = [
        {"label": _("Rækker"), "value": number_of(found.rows)},
        {"label": _("Filtre"), "value": in_words(listing.form) or _("Ingen")},
    ]
    if found.approved:
        facts.append({"label": _("Formål"), "value": found.approved.purpose})
    return facts


def note_of(found: Standing) -> dict:
    """The sentence above the form: that it is too long, that a manager is asked or has agreed, or that it is cut."""
    cut = _("Filen får kun de første 5.000 rækker. Brug filtrene for at få resten.") if found.rows > MOST_ROWS else ""
    if found.approved:
        words = {"who": found.approved.approved_by.name, "until": moment(found.approved.until)}
        return {"kind": "success", "text": _("%(who)s har godkendt filen til %(until)s.") % words + f" {cut}".rstrip()}
    if not found.is_long:
        return {"kind": "warning", "text": cut} if cut else {}
    words = {"rows": number_of(found.rows), "most": approvals.ROWS_WITHOUT}
    text = _("Listen har %(rows)s rækker. En fil kan højst have %(most)d.") % words
    if found.asked:
        return {"kind": "info", "text": f"{text} {_('Din leder er spurgt %s.') % moment(found.asked.asked_at)}"}
    return {"kind": "warning", "text": f"{text} {_('Gør filtrene smallere, eller bed din leder om godkendelse.')}"}


def moment(at: datetime) -> str:
    return doc_moment(timezone.localtime(at))


# --- A manager's yes to a long one -------------------------------------------------------------


@needs(Permission.LEAD_TEAM)
def file_requests(request):
    rows = [
        {
            "name": row.user.name,
            "what": _("%(title)s: %(rows)s rækker") % {"title": row.title, "rows": number_of(row.rows)},
            "filters": row.filters or _("Ingen"),
            "purpose": row.purpose,
            "asked": moment(row.asked_at),
            "url": reverse("desk:answer_file", args=[row.pk]),
        }
        for row in approvals.to_answer(request.user).select_related("user").order_by("pk")
    ]
    return render(request, "desk/file_requests.html", {"rows": rows})


@require_POST
@needs(Permission.LEAD_TEAM)
def answer_file(request, pk):
    asked = get_object_or_404(approvals.to_answer(request.user), pk=pk)
    reply = request.POST.get("answer")
    try:
        if reply in {"yes", "no"}:
            approvals.answer(asked, agreed=reply == "yes", by=request.user, now=timezone.now())
            messages.success(
                request, _("Filen er godkendt i 24 timer.") if reply == "yes" else _("Der er sagt nej til filen.")
            )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("desk:file_requests")
