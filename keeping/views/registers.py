"""The consent register, and the breach extract for the auditor."""

from django.db import transaction
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.access import Permission, can, needs
from accounts.stepup import needs_fresh_login
from cases.access import get_case
from desk.services import access_log, export
from desk.services.lists import page_of
from desk.views.files import Listing, file_page, listing_of
from desk.views.lists import page_number, pager
from desk.views.log import everybody
from keeping.forms import BreachFilter, ConsentFilter
from keeping.services import breach, catalogue
from keeping.services import consents as register
from keeping.views.pages import crumbs
from volunteers.rules import CONTACT_CONSENT

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
    may_take = can(request.user, catalogue.CONSENTS.permission)
    may_withdraw = can(request.user, Permission.MATCH_VOLUNTEERS)
    context = {
        "lede": f"{case.title} · {case.number}" if case else _("Hvem har sagt ja til hvad, og hvornår."),
        "crumbs": crumbs(case, _("Samtykker")) if case else [],
        "form": form,
        "action": own,
        "reset_url": own if form.narrowed else "",
        "rows": [consent_row(row, may_withdraw) for row in page.rows],
        "pager": pager(request, page),
        "download_url": (f"{excel}?{query}" if query else excel) if may_take and case is None else "",
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


@needs(Permission.SEE_CASE_FILES)
@needs_fresh_login
def consents_xlsx(request):
    today = timezone.localdate()
    form = ConsentFilter(request.GET, today=today)
    listing = listing_of(
        request.user, catalogue.CONSENTS, form, back="keeping:consents", today=today, job_kind=catalogue.KIND
    )
    return file_page(request, listing)


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


def breach_listing(request, **given) -> Listing:
    form = breach_form(request)
    return listing_of(
        request.user,
        catalogue.BREACH,
        form,
        chosen=form.span,
        back="keeping:breach",
        today=timezone.localdate(),
        job_kind=catalogue.KIND,
        **given,
    )


@needs(Permission.READ_LOG)
@needs_fresh_login
def breach_xlsx(request):
    return file_page(request, breach_listing(request))


@needs(Permission.READ_LOG)
@needs_fresh_login
def breach_csv(request):
    return file_page(request, breach_listing(request, kind=export.CSV))
