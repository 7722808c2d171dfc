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
from cases.access import get_case
from desk.services import access_log, export
from desk.services.lists import page_of
from desk.views.lists import in_words, page_number, pager
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
def consents_xlsx(request):
    form = ConsentFilter(request.GET, today=timezone.localdate())
    rows = register.found(request.user, form.chosen)[: export.MOST_ROWS + 1]
    cells = [
        (register.who(r), r.case.number, r.what, r.shared_with, r.language, r.given_on, r.withdrawn_on) for r in rows
    ]
    with transaction.atomic():
        return export.send(
            request.user,
            name="samtykker",
            title=_("Samtykker"),
            columns=CONSENT_COLUMNS,
            rows=cells,
            filters=in_words(form),
            at=timezone.localtime(),
        )


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


def breach_cells(form: BreachFilter) -> list[tuple]:
    records = list(breach.found(form.span)[: export.MOST_ROWS + 1])
    lines = access_log.lines(records, people={}, neutral=False)
    return [
        (line["at"], line["who"], line["what"], line["case"], row.person_id or "", line["purpose"], line["detail"])
        for line, row in zip(lines, records, strict=True)
    ]


@needs(Permission.READ_LOG)
@transaction.atomic
def breach_xlsx(request):
    form = breach_form(request)
    return export.send(
        request.user,
        name="brud",
        title=_("Hvem har set hvem"),
        columns=BREACH_COLUMNS,
        rows=breach_cells(form),
        filters=in_words(form),
        at=timezone.localtime(),
    )


@needs(Permission.READ_LOG)
@transaction.atomic
def breach_csv(request):
    rows = breach_cells(breach_form(request))[: export.MOST_ROWS]
    audit.log(request.user, "list.export", detail=f"brud.csv: {len(rows)}")
    body = breach.sheet([str(column.title) for column in BREACH_COLUMNS], rows)
    response = HttpResponse(body, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="brud-{timezone.localdate().isoformat()}.csv"'
    return response
