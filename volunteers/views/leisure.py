"""The register of associations, activities and events."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import Permission, needs
from volunteers.forms.leisure import ActivityFilter, ActivityForm
from volunteers.models import Activity
from volunteers.services import leisure

MAY = Permission.MATCH_VOLUNTEERS


@needs(MAY)
def activities(request):
    today = timezone.localdate()
    form = ActivityFilter(request.GET)
    chosen = form.chosen
    context = {
        "rows": [row(activity) for activity in leisure.found(today=today, **chosen)],
        "closed": [] if chosen else [row(activity) for activity in leisure.past_and_closed(today=today)],
        "form": form,
        "action": reverse("volunteers:activities"),
        "reset_url": reverse("volunteers:activities") if chosen else "",
    }
    return render(request, "volunteers/activities.html", context)


def row(activity: Activity) -> dict:
    return {
        "activity": activity,
        "ages": leisure.ages_of(activity),
        "price": leisure.price_of(activity),
        "season": leisure.season_of(activity),
    }


@needs(MAY)
def add_activity(request):
    return activity_page(request, Activity(), heading=_("Ny aktivitet"), submit=_("Tilføj aktivitet"))


@needs(MAY)
def edit_activity(request, pk):
    activity = get_object_or_404(Activity, pk=pk)
    return activity_page(request, activity, heading=activity.name, submit=_("Ret aktivitet"))


def activity_page(request, activity: Activity, *, heading: str, submit: str):
    form = ActivityForm(request.POST or None, activity=activity, today=timezone.localdate())
    url = reverse("volunteers:activities")
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("%s er gemt.") % activity.name)
        return redirect(url)
    crumbs = [{"url": url, "text": _("Fritid")}, {"url": "", "text": heading}]
    context = {"form": form, "heading": heading, "submit_label": submit, "cancel_url": url, "crumbs": crumbs}
    return render(request, "volunteers/grid_form.html", context, status=422 if form.is_bound else 200)
