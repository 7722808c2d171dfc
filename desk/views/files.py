"""A list as a file: for a purpose, after a fresh log-in, and long ones with a manager's yes.

What a page can't write while the browser waits is made by a worker, and the user is led to its page.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

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
from cases.formats import doc_date, doc_moment, thousands
from desk import tasks
from desk.forms.filters import ListFilter
from desk.forms.purposes import FileForm, FormatForm
from desk.models import ExportRequest
from desk.services import approvals, catalogue, listings
from desk.services.export import MOST_ROWS, XLSX, Column, send
from desk.services.listings import AT_ONCE, MOST_IN_FILE, ListFile

SEARCHED = "q"


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that may be had as a file.

    name: as in the file's name. rows: all that the filters leave; cells: the same as columns. back: URL name of its
    page. limited: more than a few rows only with a manager's yes. make: writes file and log, see desk.services.export.
    kind: of the file that is offered first. source, chosen, today: from which a worker makes a long one, as a job of
    `job_kind`; a list without source is cut at MOST_ROWS.
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
    kind: str = XLSX
    source: ListFile | None = None
    chosen: Mapping | None = None
    job_kind: str = ""
    today: date | None = None

    @property
    def most(self) -> int:
        return MOST_IN_FILE if self.source else MOST_ROWS

    @property
    def query(self) -> str:
        return approvals.query_of({self.form.add_prefix(name): value for name, value in self.form.chosen.items()})


def listing_of(
    user, source: ListFile, form: ListFilter, *, back: str, today: date, chosen: Mapping | None = None, **given
) -> Listing:
    """What this user's filters leave of a list that a worker can make, too.

    chosen: where it isn't the form's. given: what is not as in the source: name, heading, kind, job_kind.
    """
    wanted = form.chosen if chosen is None else chosen
    own = {"name": source.name, "job_kind": catalogue.KIND} | given
    return Listing(
        title=str(source.title),
        columns=source.columns,
        form=form,
        rows=source.rows(user, wanted, today),
        cells=partial(source.cells, user=user, today=today),
        back=back,
        limited=source.limited,
        source=source,
        chosen=wanted,
        today=today,
        **own,
    )


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
    rows = listing.rows.order_by()[: listing.most + 1].count()
    if not listing.limited or rows <= approvals.ROWS_WITHOUT:
        return Standing(rows, is_long=False)
    this = (user, listing.name, listing.query)
    return Standing(rows, True, approvals.in_force(*this, now=now), approvals.unanswered(*this))


def file_page(request, listing: Listing) -> HttpResponse:
    """GET: how much it is, and what for? POST: the file, or its job; or, where it is too long, the manager is asked."""
    now = timezone.now()
    found = standing(request.user, listing, now=now)
    form_class = FormatForm if found.approved else FileForm
    form = form_class(request.POST if request.method == "POST" else None, first=listing.kind)
    in_background = listing.source is not None and found.rows > AT_ONCE
    if form.is_valid() and found.is_given:
        purpose = found.approved.purpose if found.approved else form.purpose
        return (give_later if in_background else give)(request, listing, purpose, form.cleaned_data["format"])
    if form.is_valid() and "ask" in request.POST and not found.asked and ask(request, listing, found.rows, form, now):
        return redirect(request.get_full_path())
    context = {
        "form": form,
        "heading": listing.heading or _("Hent som fil"),
        "lede": listing.title,
        "crumbs": [{"url": back_of(request, listing), "text": listing.title}, {"url": "", "text": _("Hent som fil")}],
        "cancel_url": back_of(request, listing),
        "facts": facts_of(listing, found),
        "note": note_of(listing, found, in_background=in_background),
        "asks": not found.is_given and not found.asked,
        "submit_label": submit_label(found, in_background=in_background),
        "is_file": found.is_given and not in_background,
        "signed": listing.make is send,
        "limited": listing.limited,
    }
    return render(request, "desk/file.html", context, status=422 if form.is_bound else 200)


def submit_label(found: Standing, *, in_background: bool) -> str:
    if found.is_given:
        return _("Lav filen") if in_background else _("Hent filen")
    return "" if found.asked else _("Bed om godkendelse")


@transaction.atomic
def give_later(request, listing: Listing, purpose: str, kind: str) -> HttpResponse:
    """A worker makes it; the page of the job says how far it is."""
    job, is_new = listings.order(
        request.user,
        listing.source,
        listing.job_kind,
        name=listing.name,
        chosen=listing.chosen,
        words=in_words(listing.form),
        query=listing.query,
        purpose=purpose,
        file_kind=kind,
        today=listing.today,
    )
    if is_new:
        tasks.ask_for(job)
    return redirect("desk:job", job.pk)


@transaction.atomic
def give(request, listing: Listing, purpose: str, kind: str) -> HttpResponse:
    return listing.make(
        request.user,
        name=listing.name,
        title=listing.title,
        columns=listing.columns,
        rows=listing.cells(listing.rows[: MOST_ROWS + 1]),
        filters=in_words(listing.form),
        purpose=purpose,
        at=timezone.localtime(),
        kind=kind,
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


def number_of(rows: int, most: int = MOST_IN_FILE) -> str:
    return _("flere end %s") % thousands(most) if rows > most else thousands(rows)


def facts_of(listing: Listing, found: Standing) -> list[dict]:
    facts = [
        {"label": _("Rækker"), "value": number_of(found.rows, listing.most)},
        {"label": _("Filtre"), "value": in_words(listing.form) or _("Ingen")},
    ]
    if found.approved:
        facts.append({"label": _("Formål"), "value": found.approved.purpose})
    return facts


def note_of(listing: Listing, found: Standing, *, in_background: bool) -> dict:
    """The sentence above the form: that it is too long, that a manager is asked or has agreed, is cut or takes time."""
    more = []
    if in_background:
        more.append(_("Filen laves i baggrunden. Du kan følge den og hente den under Mine filer."))
    if found.rows > listing.most:
        most = thousands(listing.most)
        more.append(_("Filen får kun de første %s rækker. Brug filtrene for at få resten.") % most)
    if found.approved:
        words = {"who": found.approved.approved_by.name, "until": moment(found.approved.until)}
        agreed = _("%(who)s har godkendt filen til %(until)s.") % words
        return {"kind": "success", "text": " ".join([agreed, *more])}
    if not found.is_long:
        kind = "warning" if found.rows > listing.most else "info"
        return {"kind": kind, "text": " ".join(more)} if more else {}
    words = {"rows": number_of(found.rows, listing.most), "most": approvals.ROWS_WITHOUT}
    text = _("Listen har %(rows)s rækker. En fil kan højst have %(most)d.") % words
    if found.asked:
        return {"kind": "info", "text": f"{text} {_('Din leder er spurgt %s.') % moment(found.asked.asked_at)}"}
    return {"kind": "warning", "text": f"{text} {_('Gør filtrene smallere, eller bed din leder om godkendelse.')}"}


def moment(at: datetime) -> str:
    return doc_moment(at)


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
