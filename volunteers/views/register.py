"""The register of volunteers."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import Permission, needs
from deadlines.views import blame
from volunteers.forms.register import VolunteerForm, volunteer_initial
from volunteers.models import Volunteer
from volunteers.services import pairs, register

MAY = Permission.MATCH_VOLUNTEERS
PAGE = 50


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
    more = {
        "volunteer": volunteer,
        "history": pairs.history(volunteer, request.user),
        "running": pairs.running_pause(today=timezone.localdate(), volunteer=volunteer),
    }
    return volunteer_page(request, volunteer, heading=volunteer.name, submit=_("Ret frivillig"), more=more)


def volunteer_page(request, volunteer, *, heading, submit, more=None):
    initial = volunteer_initial(volunteer) if volunteer.pk else None
    form = VolunteerForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            register.save_volunteer(
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
    context |= more or {"volunteer": None}
    return render(request, "volunteers/volunteer.html", context, status=422 if form.is_bound else 200)
