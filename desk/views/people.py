"""A member of the family: own data, dates with a preview of what moves, permit, leaving and coming back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts import audit
from accounts.access import Permission, can, needs
from cases.access import get_case, get_person
from cases.choices import AskedAbout, PermitState
from cases.services import missing_dates, record, set_cpr
from deadlines.setting import permit_now
from deadlines.views import blame
from desk.forms.people import AskForm, LeaveForm, PermitForm, PersonForm, ReasonForm, ReturnForm, initial_of
from desk.services import family
from desk.services.doubts import tell_of_held_number
from desk.services.moves import in_words
from desk.views.case import crumbs
from desk.views.guarded import protection_panel
from desk.views.reveal import cpr_panel, current_number
from desk.views.shell import address_of

PENDING = {PermitState.APPLIED, PermitState.NOT_APPLIED, PermitState.COMPLAINT}


@needs(Permission.WRITE_CASES)
def person(request, number, person_id):
    """Edit one person. When deadlines would move, the page shows them first and asks once more."""
    case = get_case(request.user, number)
    found = get_person(case, person_id)
    today = timezone.localdate()
    stay = found.stays.order_by("-round").first()
    form = PersonForm(request.POST or None, today=today, person=found, initial=initial_of(found, stay))
    moves, stamp = None, stamp_of(found, stay)
    valid = request.method == "POST" and form.is_valid()
    if valid and request.POST.get("stamp", stamp) != stamp:
        form.add_error(None, _("En kollega har rettet oplysningerne imens. Se dem efter, og gem igen."))
    elif valid:
        try:
            moves = family.preview(case, lambda: _save(found, form, today=today, by=request.user), today=today)
            if not moves or request.POST.get("confirmed") == seal_of(moves):
                _save(found, form, today=today, by=request.user)
                messages.success(request, _("Oplysningerne om %s er gemt.") % found.short_name)
                return redirect(case.get_absolute_url())
        except ValidationError as error:
            tell_of_held_number(error, case, form.cleaned_data["cpr"], by=request.user, today=today)
            blame(form, error)
    elif request.method == "GET":
        audit.log(request.user, "person.read", case_number=case.number, person_id=found.pk)
    context = {
        "case": case,
        "person": found,
        "stay": stay,
        "form": form,
        "moves": moves,
        "said": in_words(moves or ()),
        "seal": seal_of(moves) if moves else "",
        "stamp": stamp,
        "crumbs": crumbs(case, found.short_name),
        **_beside(request, found, stay, today),
    }
    return render(request, "desk/person.html", context, status=422 if form.errors else 200)


def stamp_of(found, stay) -> str:
    """What the page was opened with: another one means that somebody has saved in between."""
    return salted_hmac("desk.person", repr(sorted(initial_of(found, stay).items()))).hexdigest()[:32]


def seal_of(moves) -> str:
    """What was shown before the button: other dates than these are shown before they are saved. Names are no dates."""
    shown = [(move.rule, move.person_id, move.round, move.change, move.old, move.new, move.new_kind) for move in moves]
    return salted_hmac("desk.moves", repr(shown)).hexdigest()[:32]


@transaction.atomic
def _save(found, form, *, today, by) -> None:
    """Own data, dates and a new CPR number together; the instance is read anew, since a preview has used it."""
    fresh = type(found).objects.select_related("case").get(pk=found.pk)
    family.change_member(fresh, today=today, by=by, fields=form.person_data(), dates=form.dates())
    if form.cleaned_data["cpr"]:
        set_cpr(fresh, form.cleaned_data["cpr"], today=today)
        text = _("CPR-nr. registreret for %s") % fresh.short_name
        record(fresh.case, area="", kind="cases.cpr_set", text=text, on=today, by=by, people=[fresh])
        family.refresh_all(fresh.case_id, today=today)


def _beside(request, found, stay, today) -> dict:
    """The panels beside the form: CPR, permit history, missing dates."""
    history = list(found.permits.filter(annulled_on=None).order_by("since", "pk"))
    now = permit_now(history)
    asked = {row.about: row for row in found.asked_dates.all()}
    pending = bool(history) and history[-1].state in PENDING
    missing = missing_dates(found, stay, granted=bool(now.granted_on), pending=pending, today=today) if stay else []
    return {
        **cpr_panel(request, current_number(found)),
        **protection_panel(found.case, found, request.user),
        "permits": list(reversed(history)),
        "missing": [{"about": key, "label": AskedAbout(key).label, "asked": asked.get(key)} for key in missing],
        "ask_form": AskForm(initial={"about": missing[0]} if missing else None),
        "consents": list(found.consents.order_by("-given_on", "-pk")),
        "consents_url": address_of("keeping:case_consents", found.case.number),
        "insight_url": address_of("keeping:insights", found.case.number, found.pk)
        if can(request.user, Permission.RELEASE_INSIGHT)
        else "",
    }


@needs(Permission.WRITE_CASES)
def add_member(request, number):
    case = get_case(request.user, number)
    today = timezone.localdate()
    form = PersonForm(request.POST or None, today=today, initial={"role": "other", "surname": case.family_name})
    if request.method == "POST" and form.is_valid():
        data = form.person_data()
        try:
            member = family.add_member(
                case, today=today, by=request.user, dates=form.dates(), cpr=form.cleaned_data["cpr"], **data
            )
        except ValidationError as error:
            tell_of_held_number(error, case, form.cleaned_data["cpr"], by=request.user, today=today)
            blame(form, error)
        else:
            messages.success(request, _("%s er tilføjet familien.") % member.short_name)
            return redirect(case.get_absolute_url())
    context = {
        "case": case,
        "person": None,
        "form": form,
        "moves": None,
        "said": "",
        "seal": "",
        "stamp": "",
        "crumbs": crumbs(case, _("Tilføj person")),
    }
    return render(request, "desk/person.html", context, status=422 if form.errors else 200)


def small_page(request, case, form, *, heading: str, submit: str, act, done: str, back: str, lede: str = ""):
    """A page with one small form and one verb."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except ValidationError as error:
            blame(form, error)
        else:
            messages.success(request, done)
            return redirect(back)
    context = {
        "case": case,
        "form": form,
        "heading": heading,
        "lede": lede,
        "submit_label": submit,
        "cancel_url": back,
        "crumbs": crumbs(case, heading),
    }
    return render(request, "components/form_page.html", context, status=422 if form.is_bound else 200)


def _member(request, number, person_id):
    case = get_case(request.user, number)
    found = get_person(case, person_id)
    return case, found, timezone.localdate(), reverse("desk:person", args=[number, person_id])


@needs(Permission.WRITE_CASES)
def permit(request, number, person_id):
    case, found, today, back = _member(request, number, person_id)
    return small_page(
        request,
        case,
        PermitForm(request.POST or None, initial={"state": "granted", "basis": "special_act"}),
        heading=_("Opholdstilladelse for %s") % found.short_name,
        submit=_("Registrér status"),
        back=back,
        act=lambda data: family.set_permit(found, today=today, by=request.user, **data),
        done=_("Opholdstilladelsen er registreret."),
    )


@needs(Permission.WRITE_CASES)
def leave(request, number, person_id):
    case, found, today, back = _member(request, number, person_id)
    return small_page(
        request,
        case,
        LeaveForm(request.POST or None, initial={"on": today}),
        heading=_("%s er fraflyttet") % found.short_name,
        lede=_("Åbne frister bortfalder på dagen. Det, der var for sent før, bliver i tallene."),
        submit=_("Registrér fraflytning"),
        act=lambda data: family.leave(found, today=today, by=request.user, **data),
        done=_("Fraflytningen er registreret."),
        back=back,
    )


@needs(Permission.WRITE_CASES)
def annul_leaving(request, number, person_id):
    case, found, today, back = _member(request, number, person_id)
    return small_page(
        request,
        case,
        ReasonForm(request.POST or None),
        heading=_("Annullér fraflytning"),
        submit=_("Annullér fraflytningen"),
        act=lambda data: family.annul_leaving(found, today=today, by=request.user, **data),
        done=_("Fraflytningen er annulleret."),
        back=back,
    )


@needs(Permission.WRITE_CASES)
def come_back(request, number, person_id):
    case, found, today, back = _member(request, number, person_id)
    return small_page(
        request,
        case,
        ReturnForm(request.POST or None, initial={"arrived_on": today}),
        heading=_("%s er vendt tilbage") % found.short_name,
        lede=_("Et nyt ophold begynder, og alle frister løber forfra."),
        submit=_("Registrér ny ankomst"),
        act=lambda data: family.return_home(found, by=request.user, today=today, **data),
        done=_("Det nye ophold er registreret."),
        back=back,
    )


@needs(Permission.WRITE_CASES)
def ask(request, number, person_id):
    case, found, today, back = _member(request, number, person_id)
    return small_page(
        request,
        case,
        AskForm(request.POST or None),
        heading=_("Spørg om en dato for %s") % found.short_name,
        submit=_("Gem"),
        act=lambda data: family.ask_for_date(found, by=request.user, today=today, **data),
        done=_("Det er noteret, hvem der er spurgt."),
        back=back,
    )
