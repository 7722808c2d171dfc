"""The consent register, and the breach extract for the auditor."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from accounts import audit
from accounts.access import Permission, can, needs
from accounts.stepup import needs_fresh_login
from cases.access import get_case
from desk.services import access_log, export
from desk.services.lists import page_of
from desk.views.files import Listing, file_page
from desk.views.lists import page_number, pager
from desk.views.log import everybody
from keeping.forms import BreachFilter, ConsentFilter
from keeping.services import breach
from keeping.services import consents as register
from keeping.views.pages import crumbs
from volunteers.rules import CONTACT_CONSENT

CONSENT_COLUMNS = (
    export.Column(_l("Hvem"), 32),
    export.Column(_l("Sagsnr."), 12),
    export.Column(_l("Hvad"), 44),
    export.Column(_l("Med hvem"), 28),
    export.Column(_l("Sprog"), 14),
    export.Column(_l("Givet"), 12),
    export.Column(_l("Trukket tilbage"), 16),
)
BREACH_COLUMNS = (
    export.Column(_l("Tidspunkt"), 22),
    export.Column(_l("Bruger"), 26),
    export.Column(_l("Handling"), 34),
    export.Column(_l("Sagsnr."), 12),
    export.Column(_l("Person-id"), 10),
    export.Column(_l("Formål"), 40),
    export.Column(_l("Detaljer"), 40),
)


# --- Consents ---------------------------------------------------------------------------------


@needs(Permission.SEE_FAMILIES)
def consents(request):
    return consent_page(request, None)


@needs(Permission.SEE_FAMILIES)
def case_consents(request, number):
    return consent_page(request, get_case(request.user, number))


def consent_page(request, case):
    form = ConsentFilter(request.GET, today=timezone.localdate())
    with transaction.atomic():
        page = page_of(register.found(request.user, form.chosen, case=case), page_number(request))
        audit.log(request.user, "consent.read", case_number=case.number if case else "", detail=str(len(page.rows)))
    own = reverse("keeping:case_consents", args=[case.number]) if case else reverse("keeping:consents")
    excel, query = reverse("keeping:consents_xlsx"), request.GET.urlencode()
    may_withdraw = can(request.user, Permission.MATCH_VOLUNTEERS)
    context = {
        "lede": f"{case.title} · {case.number}" if case else _("Hvem har sagt ja til hvad, og hvornår."),
        "crumbs": crumbs(case, _("Samtykker")) if case else [],
        "form": form,
        "action": own,
        "reset_url": own if form.narrowed else "",
        "rows": [consent_row(row, may_withdraw) for row in page.rows],
        "pager": pager(request, page),
        "download_url": "" if case else (f"{excel}?{query}" if query else excel),
    }
    return render(request, "keeping/consents.html", context)


def consent_row(row, may_withdraw: bool) -> dict:
    number = row.case.number
    ends_here = may_withdraw and row.withdrawn_on is None and row.what == CONTACT_CONSENT
    return {
        "consent": row,
        "who": register.who(row),
        "number": number,
        "url": row.case.get_absolute_url(),
        "withdraw_url": reverse("volunteers:withdraw_consent", args=[number]) if ends_here else "",
    }


@needs(Permission.SEE_FAMILIES)
@needs_fresh_login
def consents_xlsx(request):
    form = ConsentFilter(request.GET, today=timezone.localdate())
    listing = Listing(
        name="samtykker",
        title=_("Samtykker"),
        columns=CONSENT_COLUMNS,
        form=form,
        rows=register.found(request.user, form.chosen).filter(case__protected=False),  # they leave the house in no file
        cells=consent_cells,
        back="keeping:consents",
    )
    return file_page(request, listing)


def consent_cells(rows) -> list[tuple]:
    return [
        (register.who(r), r.case.number, r.what, r.shared_with, r.language, r.given_on, r.withdrawn_on) for r in rows
    ]


# --- Breach -----------------------------------------------------------------------------------


def breach_form(request) -> BreachFilter:
    return BreachFilter(request.GET, users=everybody(), today=timezone.localdate())


@needs(Permission.READ_LOG)
def breach_page(request):
    form = breach_form(request)
    chosen = form.span
    with transaction.atomic():
        rows = breach.found(chosen)
        figures, page = breach.figures(rows), page_of(rows, page_number(request))
        audit.log(request.user, "log.read", case_number=chosen.get("case", ""), detail=f"breach {len(page.rows)}")
    query = request.GET.urlencode()
    own, excel, sheet = (reverse(f"keeping:{name}") for name in ("breach", "breach_xlsx", "breach_csv"))
    context = {
        "form": form,
        "action": own,
        "reset_url": own if form.narrowed else "",
        "figures": figures,
        "rows": access_log.lines(page.rows, people={}, neutral=False),
        "pager": pager(request, page),
        "download_url": f"{excel}?{query}",
        "csv_url": f"{sheet}?{query}",
    }
    return render(request, "keeping/breach.html", context)


def breach_cells(rows) -> list[tuple]:
    records = list(rows)
    lines = access_log.lines(records, people={}, neutral=False)
    return [
        (line["at"], line["who"], line["what"], line["case"], row.person_id or "", line["purpose"], line["detail"])
        for line, row in zip(lines, records, strict=True)
    ]


def breach_listing(request, **given) -> Listing:
    form = breach_form(request)
    return Listing(
        title=_("Hvem har set hvem"),
        columns=BREACH_COLUMNS,
        form=form,
        rows=breach.found(form.span),
        cells=breach_cells,
        back="keeping:breach",
        limited=False,
        **given,
    )


@needs(Permission.READ_LOG)
@needs_fresh_login
def breach_xlsx(request):
    return file_page(request, breach_listing(request, name="brud"))


@needs(Permission.READ_LOG)
@needs_fresh_login
def breach_csv(request):
    return file_page(request, breach_listing(request, name="brud.csv", heading=_("Hent som CSV"), make=as_csv))


def as_csv(user, *, name, columns, rows, purpose, at, **_given) -> HttpResponse:
    """As desk.services.export.send does it; a CSV has no second sheet."""
    rows = rows[: export.MOST_ROWS]
    audit.log(user, "list.export", purpose=purpose, detail=f"{name}: {len(rows)}")
    body = breach.sheet([str(column.title) for column in columns], rows)
    response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="brud-{at.date().isoformat()}.csv"'
    return response
