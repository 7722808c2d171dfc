"""Ønsker: what families need, with the offers that fit."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.access import Permission, needs
from cases.access import get_case
from offers.forms import WishForm
from offers.models import HelpOffer
from offers.services import wishes

MAY = Permission.MATCH_VOLUNTEERS


@needs(MAY)
def wish_list(request):
    rows, offers = list(wishes.open_wishes(request.user)), wishes.offers_to_match()
    audit.log(request.user, "wishes.read", detail=str(len(rows)))
    context = {
        "rows": [
            {
                "wish": row,
                "offers": [
                    {"offer": offer, "words": ", ".join(hit), "url": reverse("offers:offer", args=[offer.pk])}
                    for offer, hit in wishes.fitting(row, offers)
                ],
            }
            for row in rows
        ],
        "crumbs": [{"url": reverse("offers:offers"), "text": _("Tilbud om hjælp")}, {"url": "", "text": _("Ønsker")}],
    }
    return render(request, "offers/wishes.html", context)


@needs(MAY)
def add_wish(request, number):
    """Of this family."""
    case = get_case(request.user, number)
    form = WishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            wishes.wish(case, text=form.cleaned_data["text"], on=timezone.localdate(), by=request.user)
        except ValidationError as error:
            form.add_error("text", error)
        else:
            messages.success(request, _("Ønsket er skrevet ned."))
            return redirect("offers:wishes")
    context = {
        "form": form, "heading": _("Skriv et ønske ned"), "lede": case.title, "submit_label": _("Skriv ønsket ned"),
        "cancel_url": case.get_absolute_url(),
        "crumbs": [{"url": case.get_absolute_url(), "text": case.title}, {"url": "", "text": _("Ønske")}],
    }  # fmt: skip
    return render(request, "components/form_page.html", context, status=422 if form.is_bound else 200)


@needs(MAY)
@require_POST
def meet_wish(request, number, pk):
    """By the offer that is named, or (none) in another way."""
    case = get_case(request.user, number)
    row = get_object_or_404(wishes.open_wishes(request.user), pk=pk, case=case)
    key = request.POST.get("offer", "")
    known = key.isascii() and key.isdecimal() and len(key) < 10
    offer = get_object_or_404(HelpOffer, pk=key if known else 0) if key else None
    try:
        wishes.meet(row, on=timezone.localdate(), now=timezone.now(), by=request.user, offer=offer)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Ønsket står nu som opfyldt."))
    return redirect("offers:wishes")
