"""Registrér familie: the form, and its live panel of the deadlines that would be created."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import Permission, needs
from deadlines.views import blame
from intake.forms.registration import FamilyForm, MemberFormSet
from intake.services import registration


def _forms(request, today):
    initial = {"arrived_on": today, "residence_from": today, "caseworker": request.user.pk}
    # an empty message is still a message: its forms are bound, and say what is missing
    sent = request.POST if request.method == "POST" else None
    family = FamilyForm(sent, user=request.user, today=today, initial=initial)
    members = MemberFormSet(sent, prefix="personer", form_kwargs={"today": today})
    return family, members


def _people(family, members) -> list[dict]:
    """The members with what the family shares; the contact data goes to the first person."""
    found = members.members(family.shared())
    shared = {name: family.cleaned_data.get(name) for name in ("languages", "interpreter")}
    found = [
        {**member, "languages": shared["languages"] or "", "interpreter": bool(shared["interpreter"])}
        for member in found
    ]
    if found:
        found[0]["phone"] = family.cleaned_data.get("phone") or ""
    return found


@needs(Permission.WRITE_CASES)
def register(request):
    today = timezone.localdate()
    family, members = _forms(request, today)
    alike: list = []
    if request.method == "POST" and family.is_valid() & members.is_valid():
        if made := registration.made_with(family.cleaned_data["form_key"], request.user):
            return _onward(request, made)
        people = _people(family, members)
        alike = registration.likenesses(people, request.user)
        if not alike or family.cleaned_data["seen"] == _mark(alike):
            try:
                case, is_new = registration.register_family(
                    members=people,
                    by=request.user,
                    today=today,
                    form_key=family.cleaned_data["form_key"],
                    caseworker=family.cleaned_data["caseworker"],
                    locality=family.cleaned_data["locality"],
                )
            except ValidationError as error:
                _blame_all(family, members, error)
            else:
                if is_new:
                    messages.success(request, _("%s er registreret.") % case.title)
                return _onward(request, case)
    context = {
        "family": family,
        "members": members,
        "live": registration.live([], today=today),
        "alike": alike,
        "seen": _mark(alike),
    }
    return render(request, "intake/register.html", context, status=422 if family.is_bound else 200)


def _onward(request, case):
    """To the family, or to the plan of its first member."""
    if "plan" in request.POST and (first := case.people.order_by("pk").first()):
        return redirect(reverse("reception:min_plan", args=[case.number, first.pk]))
    return redirect(case.get_absolute_url())


def _blame_all(family, members, error: ValidationError) -> None:
    """A date that can't be stands on the family's field of that name, or on the row of the birth date."""
    if "birth_date" in getattr(error, "error_dict", {}):
        members.forms[0].add_error("birth_date", error.error_dict["birth_date"])
    else:
        blame(family, error)


def _mark(alike) -> str:
    """Which suspicions the user has seen, so that a second submit goes through."""
    return ",".join(sorted({one.case_number for one in alike}))[:200]


@needs(Permission.WRITE_CASES)
@require_POST
def live(request):
    """The panel beside the form: what would be created by what is typed so far. Half-typed fields are left out."""
    today = timezone.localdate()
    family, members = _forms(request, today)
    family.is_valid()
    members.is_valid()
    people = _people(family, members)
    steps, alike = [], []
    if people:
        try:
            steps = registration.preview(members=people, by=request.user, today=today)
        except ValidationError:
            steps = []
        alike = registration.likenesses(people, request.user)
    visitation = family.cleaned_data.get("visitation_on")
    context = {
        "live": registration.live(steps, today=today),
        "alike": alike,
        "seen": _mark(alike),
        "suggested": registration.suggested_responsibility(visitation),
    }
    return render(request, "intake/_live.html", context)
