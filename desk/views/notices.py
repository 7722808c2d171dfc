"""Dine påmindelser: each user's own wishes for the morning mail."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import Permission, can, sees_cases
from desk.forms.notices import NoticeForm, initial_of
from desk.services import notice_wishes


def notices(request):
    """For whoever has cases; others get no mail about deadlines."""
    user = request.user
    if not sees_cases(user):
        raise Http404
    leads = can(user, Permission.LEAD_TEAM)
    wish = notice_wishes.wish_of(user)
    form = NoticeForm(request.POST or None, initial=initial_of(wish), leads=leads)
    if request.method == "POST" and form.is_valid():
        notice_wishes.save(user, **form.wish)
        messages.success(request, _("Dine påmindelser er gemt. De gælder fra den næste mail."))
        return redirect("desk:notices")
    context = {
        "form": form,
        "heading": _("Dine påmindelser"),
        "lede": _("Hvornår Indgang skriver til dig. Listen på Mit overblik er altid hel, uanset hvad du vælger her."),
        "crumbs": [],
        "submit_label": _("Gem påmindelserne"),
        "cancel_url": reverse("desk:overview"),
        "email": user.email,
        "leads": leads,
    }
    return render(request, "desk/notices.html", context, status=422 if form.errors else 200)
