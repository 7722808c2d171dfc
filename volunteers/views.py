"""Contact persons, introductions and volunteers. Whoever holds MATCH_VOLUNTEERS works here, without the case files."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import Permission, needs
from cases.access import get_case
from cases.choices import DataClass
from deadlines.views import act_page, annul_page, blame
from volunteers import forms, panel, rules, services
from volunteers.models import Introduction, LeisureIntroduction, Match, Volunteer

MAY = Permission.MATCH_VOLUNTEERS
PAGE = 50


def introduction(request, number):
    case = get_case(request.user, number)
    return act_page(
        request, case, rule=rules.INTRODUCTION, form_class=forms.IntroductionForm, permission=MAY,
        perform=lambda data: services.introduce(case, **data), done=_("Introduktionen er registreret."),
        template="volunteers/act.html",
    )  # fmt: skip


def leisure_introduction(request, number):
    case = get_case(request.user, number)
    return act_page(
        request, case, rule=rules.LEISURE_INTRODUCTION, form_class=forms.LeisureForm, permission=MAY,
        perform=lambda data: services.introduce_leisure(case, **data), done=_("Introduktionen er registreret."),
        template="volunteers/act.html",
    )  # fmt: skip


def contact_person(request, number):
    case = get_case(request.user, number)
    return act_page(
        request,
        case,
        rule=rules.CONTACT_PERSON,
        form_class=forms.ContactPersonForm,
        permission=MAY,
        perform=lambda data: services.settle_contact(case, **data),
        done=_("Det er registreret for familien."),
        template="volunteers/contact_person.html",
        context={"wish": services.wish_of(case), "submit_label": _("Registrér kontaktperson")},
    )


def consent(request, number):
    case = get_case(request.user, number)
    return act_page(
        request, case, rule=rules.CONTACT_PERSON, form_class=forms.ConsentForm, permission=MAY,
        perform=lambda data: services.record_consent(case, **data), done=_("Familiens ja er registreret."),
        title=_("Spørg familien om en kontaktperson"), context={"submit_label": _("Registrér familiens ja")},
    )  # fmt: skip


def withdraw_consent(request, number):
    case = get_case(request.user, number)
    return act_page(
        request, case, rule=rules.CONTACT_PERSON, form_class=forms.WithdrawForm, permission=MAY,
        perform=lambda data: services.withdraw_consent(case, **data), done=_("Samtykket er trukket tilbage."),
        title=_("Træk samtykket tilbage"), context={"submit_label": _("Træk samtykket tilbage")},
    )  # fmt: skip


def standing(model, case, pk):
    """A standing row of this case; Http404 for any other."""
    row = model.objects.standing().filter(case=case, pk=pk).first()
    if row is None:
        raise Http404
    row.case = case
    return row


def end_match(request, number, pk):
    case = get_case(request.user, number)
    match = standing(Match, case, pk)
    if match.ended_on:
        raise Http404
    return act_page(
        request, case, rule=rules.CONTACT_PERSON, form_class=forms.EndMatchForm, permission=MAY,
        perform=lambda data: services.end_match(match, **data), done=_("Det er afsluttet."),
        title=_("Afslut: %s") % services.match_sentence(match), context={"submit_label": _("Afslut")},
    )  # fmt: skip


def annul(request, number, pk, *, model, kind, say, data_class=DataClass.ORDINARY):
    case = get_case(request.user, number)
    row = standing(model, case, pk)
    return annul_page(
        request, case, row, rules=rules.RULES, sentence=say(row), kind=f"volunteers.{kind}_annulled", permission=MAY,
        data_class=data_class,
    )  # fmt: skip


def annul_match(request, number, pk):
    return annul(request, number, pk, model=Match, kind="match", say=services.match_sentence)


def annul_introduction(request, number, pk):
    say = _("Introduceret til %s")
    return annul(
        request, number, pk, model=Introduction, kind="introduction", say=lambda row: say % row.organisation,
        data_class=DataClass.LOCATION,
    )  # fmt: skip


def annul_leisure(request, number, pk):
    say = _("Introduceret til %s")
    return annul(
        request, number, pk, model=LeisureIntroduction, kind="leisure", say=lambda row: say % row.activity,
        data_class=DataClass.LOCATION,
    )  # fmt: skip


# --- The coordinator's pages ------------------------------------------------------------------


@needs(MAY)
def contacts(request):
    """Families without a contact person, the oldest first."""
    today = timezone.localdate()
    page = Paginator(panel.waiting(request.user, today=today), PAGE).get_page(request.GET.get("side"))
    rows = panel.lines(list(page), request.user, today=today)
    return render(request, "volunteers/contacts.html", {"rows": rows, "page": page, "pager": pager(page)})


@needs(MAY)
def volunteers(request):
    """All volunteers, those who are active first."""
    found = Volunteer.objects.with_load().select_related("organisation", "locality").order_by("-active", "name", "pk")
    page = Paginator(found, PAGE).get_page(request.GET.get("side"))
    return render(request, "volunteers/volunteers.html", {"volunteers": page, "page": page, "pager": pager(page)})


def pager(page) -> dict:
    """The page turner: `?side=2`."""
    text = _("Viser %(first)d–%(last)d af %(all)d") % {
        "first": page.start_index(), "last": page.end_index(), "all": page.paginator.count
    }  # fmt: skip
    return {
        "text": text,
        "previous_url": f"?side={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?side={page.next_page_number()}" if page.has_next() else "",
    }


@needs(MAY)
def add_volunteer(request):
    return volunteer_page(request, Volunteer(), heading=_("Ny frivillig"), submit=_("Tilføj frivillig"))


@needs(MAY)
def edit_volunteer(request, pk):
    volunteer = get_object_or_404(Volunteer.objects.select_related("organisation"), pk=pk)
    return volunteer_page(request, volunteer, heading=volunteer.name, submit=_("Ret frivillig"))


def volunteer_page(request, volunteer, *, heading, submit):
    initial = forms.volunteer_initial(volunteer) if volunteer.pk else None
    form = forms.VolunteerForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_volunteer(
                form.apply(volunteer),
                organisation_name=form.cleaned_data["organisation_name"],
                today=timezone.localdate(),
            )
        except ValidationError as error:
            blame(form, error)
        else:
            messages.success(request, _("%s er gemt.") % volunteer.name)
            return redirect("volunteers:volunteers")
    url = reverse("volunteers:volunteers")
    crumbs = [{"url": url, "text": _("Frivillige")}, {"url": "", "text": heading}]
    context = {"form": form, "heading": heading, "submit_label": submit, "cancel_url": url, "crumbs": crumbs}
    return render(request, "volunteers/volunteer.html", context, status=422 if form.is_bound else 200)
