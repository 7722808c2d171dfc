"""What the house has set itself to reach."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import Permission, needs
from board.forms.goals import GoalsForm
from board.services.goals import goals, set_goals
from cases.formats import doc_date

NAMES = ("law", "service_goal", "local_target", "per_week")


@needs(Permission.LEAD_TEAM)
def edit_goals(request):
    row = goals()
    form = GoalsForm(request.POST or None, initial={name: getattr(row, name) for name in NAMES})
    if request.method == "POST" and form.is_valid():
        set_goals(by=request.user, today=timezone.localdate(), **form.cleaned_data)
        messages.success(request, _("Målene er gemt."))
        return redirect("board:compliance")
    words = {"who": row.changed_by, "when": doc_date(row.changed_on)} if row.changed_on else {}
    context = {
        "form": form,
        "heading": _("Mål og kapacitet"),
        "lede": _("Målene gælder for hele huset, kapaciteten for hver enhed. %s")
        % (_("Sidst ændret af %(who)s den %(when)s.") % words if words else _("Ingen har ændret dem endnu.")),
        "crumbs": [
            {"url": reverse("board:compliance"), "text": _("Fristoverholdelse")},
            {"url": "", "text": _("Mål og kapacitet")},
        ],
        "submit_label": _("Gem mål"),
        "cancel_url": reverse("board:compliance"),
    }
    return render(request, "board/goals.html", context, status=422 if form.errors else 200)
