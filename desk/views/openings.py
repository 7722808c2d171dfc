"""Nødadgang and ledelsestilsyn: the forms that open a case for an hour, the way to close it, and the list of them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.access import Permission, can, needs
from accounts.models import Opening
from accounts.stepup import needs_fresh_login
from cases.access import get_case
from desk.forms.openings import GlassForm, GlassReason, OpeningForm, OversightReason
from desk.services import openings
from desk.services.access_log import moment
from desk.views.people import small_page

PER_PAGE = 50


@needs(Permission.BREAK_GLASS)
@needs_fresh_login
def glass(request):
    """Typed, never reached from a refused page; the answer is the same for every number that can't be opened."""
    now = timezone.now()
    form = GlassForm(request.POST or None, reasons=GlassReason)
    if request.method == "POST" and form.is_valid():
        opening = openings.break_glass(request.user, **form.cleaned_data, now=now)
        if opening:
            return redirect("desk:case", opening.case_number)
        form.add_error(
            "number",
            _("Sagen kan ikke åbnes med nødadgang. Kontrollér nummeret. Dine egne sager finder du under Familier."),
        )
    context = {
        "form": form,
        "heading": _("Nødadgang"),
        "submit_label": _("Åbn sagen i 60 minutter"),
        "cancel_url": reverse("desk:overview"),
        "held": [held(row) for row in openings.in_force(request.user, now=now)],
    }
    return render(request, "desk/glass.html", context, status=422 if form.errors else 200)


def held(opening: Opening) -> dict:
    """One case that is open now, for the panel beside the form."""
    until = timezone.localtime(opening.closes_at)
    return {
        "url": reverse("desk:case", args=[opening.case_number]),
        "number": opening.case_number,
        "kind": opening.get_kind_display(),
        "until": f"{until.hour}.{until.minute:02d}",
    }


@require_POST
def close_openings(request):
    """For whoever may have something open; it does no harm to others, for whom it does not exist."""
    if not (can(request.user, Permission.BREAK_GLASS) or can(request.user, Permission.LEAD_TEAM)):
        raise Http404
    if openings.close(request.user, now=timezone.now()):
        messages.success(request, _("Adgangen er lukket."))
    return redirect("desk:overview")


@needs(Permission.LEAD_TEAM)
def oversight(request, number):
    """A manager reads the case as its caseworker does, for an hour and with a purpose."""
    case = get_case(request.user, number)
    if case.team_id is None or case.team_id != request.user.team_id:
        raise Http404
    return small_page(
        request,
        case,
        OpeningForm(request.POST or None, reasons=OversightReason),
        heading=_("Ledelsestilsyn"),
        submit=_("Læs sagen i 60 minutter"),
        lede=_("Du læser sagen, som sagsbehandleren ser den. Det står i loggen og på listen over åbnede sager."),
        act=lambda data: openings.oversee(request.user, case, **data, now=timezone.now()),
        done=_("Sagen er åben for dig i 60 minutter."),
        back=case.get_absolute_url(),
    )


def opened_cases(request):
    """Who has opened which case, when and why, and how much was looked at."""
    if not (can(request.user, Permission.LEAD_TEAM) or can(request.user, Permission.READ_LOG)):
        raise Http404
    page = Paginator(openings.listed(request.user), PER_PAGE).get_page(request.GET.get("side"))
    audit.log(request.user, "log.read", detail=f"openings {len(page)}")
    context = {"rows": [line(row) for row in page], "pager": pager(page) if page.has_other_pages() else None}
    return render(request, "desk/opened_cases.html", context)


def pager(page) -> dict:
    words = {"first": page.start_index(), "last": page.end_index(), "all": page.paginator.count}
    return {
        "text": _("Viser %(first)d–%(last)d af %(all)d") % words,
        "previous_url": f"?side={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?side={page.next_page_number()}" if page.has_next() else "",
    }


def line(opening: Opening) -> dict:
    ended = opening.closed_at or opening.closes_at
    return {
        "who": opening.user.name,
        "kind": opening.get_kind_display(),
        "is_glass": opening.kind == Opening.Kind.GLASS,
        "case": opening.case_number,
        "reason": opening.reason,
        "text": opening.purpose,
        "at": moment(opening.opened_at),
        "iso": opening.opened_at.isoformat(),
        "until": moment(ended),
        "looks": opening.looks,
    }
