"""Navne- og adressebeskyttelse and Holdes adskilt: the pages behind the panel on the person's page."""

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import Permission, needs
from cases.access import get_case, get_person
from cases.protection import KeptApart, Protection
from cases.secrecy import pairs_of
from desk.forms.people import ReasonForm
from desk.forms.protection import ApartForm, DecideForm, GoOnForm, ProtectForm, a_year_after
from desk.services import protection
from desk.views.people import small_page


def _member(request, number, person_id):
    case = get_case(request.user, number)
    person = get_person(case, person_id)
    return case, person, timezone.localdate(), reverse("desk:person", args=[number, person_id])


def _own(person) -> Protection | None:
    """The person's own standing protection; the pages about it lead back to the person where there is none."""
    row = Protection.objects.standing().filter(person=person).select_related("lapse_proposed_by").first()
    if row is not None:
        row.person = person
    return row


@needs(Permission.WRITE_CASES)
def protect(request, number, person_id):
    case, person, today, back = _member(request, number, person_id)
    initial = {"starts_on": today, "review_on": a_year_after(today), "children_follow": True}
    form = ProtectForm(request.POST or None, person=person, today=today, user=request.user, initial=initial)
    # whoever is not assigned has seen the case for the last time
    stays = case.caseworker_id in request.user.acting_for
    return small_page(
        request,
        case,
        form,
        heading=_("Beskyt %s") % person.short_name,
        lede=_("Sagen kan herefter kun ses af dem, der er knyttet til den."),
        submit=_("Registrér beskyttelse"),
        act=lambda data: protection.protect(person, by=request.user, today=today, **data),
        done=_("Beskyttelsen er registreret. Sagen kan kun ses af dem, der er knyttet til den."),
        back=back if stays else reverse("desk:cases"),
    )


@needs(Permission.WRITE_CASES)
def go_on(request, number, person_id):
    case, person, today, back = _member(request, number, person_id)
    row = _own(person)
    if row is None:
        return redirect(back)
    form = GoOnForm(request.POST or None, today=today, initial={"review_on": a_year_after(max(today, row.review_on))})
    return small_page(
        request,
        case,
        form,
        heading=_("Fortsæt beskyttelsen af %s") % person.short_name,
        submit=_("Fortsæt beskyttelsen"),
        act=lambda data: protection.take_up_again(row, by=request.user, today=today, **data),
        done=_("Beskyttelsen fortsætter."),
        back=back,
    )


@needs(Permission.WRITE_CASES)
def propose_lapse(request, number, person_id):
    case, person, today, back = _member(request, number, person_id)
    return _propose(request, case, _own(person), _("Foreslå, at beskyttelsen ophører"), back, today)


@needs(Permission.CONFIRM_EXEMPTION)
def decide_lapse(request, number, person_id):
    case, person, today, back = _member(request, number, person_id)
    return _decide(request, case, _own(person), _("Skal beskyttelsen ophøre?"), back, today)


@needs(Permission.WRITE_CASES)
def keep_apart(request, number, person_id):
    case, person, today, back = _member(request, number, person_id)
    form = ApartForm(request.POST or None, person=person, user=request.user)
    return small_page(
        request,
        case,
        form,
        heading=_("Hold %s adskilt fra en anden") % person.short_name,
        lede=_("Indgang siger til, når de to er på vej til samme sted."),
        submit=_("Hold dem adskilt"),
        act=lambda data: protection.keep_apart(person, form.other, reason=data["reason"], by=request.user, today=today),
        done=_("Det er registreret, at de skal holdes adskilt."),
        back=back,
    )


def _pair(case, pk) -> KeptApart:
    row = pairs_of(case.people.values("pk")).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@needs(Permission.WRITE_CASES)
def propose_together(request, number, pk):
    case, today = get_case(request.user, number), timezone.localdate()
    heading, back = _("Foreslå, at de ikke længere holdes adskilt"), case.get_absolute_url()
    return _propose(request, case, _pair(case, pk), heading, back, today)


@needs(Permission.CONFIRM_EXEMPTION)
def decide_together(request, number, pk):
    case, today = get_case(request.user, number), timezone.localdate()
    heading, back = _("Skal de ikke længere holdes adskilt?"), case.get_absolute_url()
    return _decide(request, case, _pair(case, pk), heading, back, today)


def _propose(request, case, row, heading, back, today):
    if row is None:
        return redirect(back)
    return small_page(
        request,
        case,
        ReasonForm(request.POST or None),
        heading=heading,
        lede=_("Intet ændres, før en anden også har taget stilling."),
        submit=_("Foreslå ophør"),
        act=lambda data: protection.propose_end(row, reason=data["reason"], by=request.user, today=today),
        done=_("Ophør er foreslået. En anden skal tage stilling."),
        back=back,
    )


def _decide(request, case, row, heading, back, today):
    """The refusal of the first person comes from the verb, whatever was sent."""
    if row is None or not row.is_proposed:
        return redirect(back)
    return small_page(
        request,
        case,
        DecideForm(request.POST or None),
        heading=heading,
        lede=_("%(who)s foreslog det: %(why)s")
        % {"who": row.lapse_proposed_by.name, "why": row.lapse_reason.rstrip(".") + "."},
        submit=_("Gem beslutningen"),
        act=lambda data: protection.decide_end(row, agree=data["agree"], by=request.user, today=today),
        done=_("Beslutningen er gemt."),
        back=back,
    )
