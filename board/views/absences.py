"""A deputy during leave: a manager registers when a colleague of the own team is away, and ends it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import services
from accounts.access import Permission, needs
from accounts.services import span
from board.forms.absences import LeaveForm
from board.services import leave
from board.views.share import crumbs


@needs(Permission.LEAD_TEAM)
def absence(request, pk):
    """404 for whoever is not of the manager's own team."""
    colleague, today = get_object_or_404(leave.colleagues(request.user), pk=pk), timezone.localdate()
    form = LeaveForm(
        request.POST or None,
        initial={"starts_on": today},
        user=colleague,
        deputies=leave.deputies(request.user),
    )
    if request.method == "POST" and form.is_valid():
        data = {name: form.cleaned_data[name] for name in ("starts_on", "ends_on", "deputy")}
        services.add_absence(colleague, by=request.user, **data)
        messages.success(request, _("Fraværet for %s er gemt.") % colleague.name)
        return redirect(f"{reverse('board:share')}#fravaer")
    heading = _("Fravær for %s") % colleague.name
    context = {
        "form": form,
        "heading": heading,
        "submit_label": _("Gem igen") if form.data.get("seen") else _("Gem fravær"),
        "cancel_url": f"{reverse('board:share')}#fravaer",
        "crumbs": crumbs(heading),
        "known": [span(row) for row in leave.by_user(request.user, today).get(colleague.pk, [])],
    }
    return render(request, "board/absence.html", context, status=422 if form.errors else 200)


@needs(Permission.LEAD_TEAM)
@require_POST
def end_absence(request, pk):
    today = timezone.localdate()
    row = get_object_or_404(leave.of_unit(request.user, today), pk=pk)
    services.end_absence(row, by=request.user, today=today)
    messages.success(request, _("%s står ikke længere som fraværende.") % row.user.name)
    return redirect(f"{reverse('board:share')}#fravaer")
