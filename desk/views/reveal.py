"""A whole CPR number, or where a protected family is: for a while, with a reason that stands in the log."""

from allauth.core.exceptions import ReauthenticationRequired
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import audit, stepup
from accounts.access import Permission, can, needs
from cases.access import REVEAL, SIGHT, get_case, get_person, sees_places
from cases.cpr import masked, pretty
from deadlines.views import next_url
from desk.forms.log import PlaceRevealForm, RevealForm
from desk.views.case import crumbs

SECONDS = 60


def current_number(person) -> str:
    """The digits of the number in force; empty where there is none."""
    row = person.cpr_numbers.filter(replaced_on=None).first()
    return row.number if row else ""


def cpr_panel(request, digits: str) -> dict:
    """What desk/_cpr.html shows at first: the masked number, and the form for those who may see it whole."""
    may = bool(digits) and can(request.user, Permission.REVEAL_CPR)
    return {
        "cpr": masked(digits) if digits else "",
        "reveal": RevealForm() if may else None,
        "fresh": may and stepup.is_fresh(request, within=stepup.AN_HOUR),
    }


@needs(Permission.REVEAL_CPR)
def reveal(request, number, person_id):
    """POST: the number, until it hides itself. GET: masked again, and the form for a browser without scripts.

    Whoever has not proved who they are within the hour does so first; what was typed goes on with it.
    """
    case = get_case(request.user, number)
    person = get_person(case, person_id)
    digits = current_number(person)
    form, shown = RevealForm(request.POST if request.method == "POST" else None), ""
    fresh = stepup.is_fresh(request, within=stepup.AN_HOUR)
    if request.method == "POST" and not fresh and not request.htmx:
        raise ReauthenticationRequired
    if digits and request.method == "POST" and fresh and form.is_valid():
        with transaction.atomic():
            audit.log(
                request.user,
                "cpr.reveal",
                case_number=case.number,
                person_id=person.pk,
                purpose=form.purpose,
                detail=form.cleaned_data["text"],
            )
            shown = pretty(digits)
    context = {
        "case": case,
        "person": person,
        "cpr": masked(digits) if digits else "",
        "reveal": form if digits else None,
        "fresh": fresh,
        "shown": shown,
        "seconds": SECONDS,
        "crumbs": crumbs(case, _("CPR-nr.")),
    }
    template = "desk/_cpr.html" if request.htmx else "desk/cpr.html"
    return render(request, template, context, status=422 if form.errors and not request.htmx else 200)


@needs(Permission.SEE_CASES)
def places(request, number):
    """Where a protected family is, for a colleague who works with it: the row of the log opens them for a while."""
    case = get_case(request.user, number, covered=True)
    back = next_url(request, case)
    if sees_places(request.user, case):
        return redirect(back)
    form = PlaceRevealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        audit.log(request.user, REVEAL, case_number=case.number, purpose=form.purpose, detail=text)
        return redirect(back)
    minutes = int(SIGHT.total_seconds() // 60)
    context = {
        "case": case,
        "form": form,
        "heading": _("Familien er beskyttet"),
        "lede": _("Skriv, hvad du skal bruge stederne til. Så kan du se dem i %d minutter.") % minutes,
        "submit_label": _("Vis i %d minutter") % minutes,
        "cancel_url": case.get_absolute_url(),
        "crumbs": crumbs(case, _("Beskyttet")),
    }
    return render(request, "components/form_page.html", context, status=422 if form.is_bound else 200)
