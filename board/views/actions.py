"""Handlinger: the strategy's action catalogue, for those who lead."""

from itertools import groupby

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_POST

from accounts.access import Permission, needs
from accounts.stepup import needs_fresh_login
from board.forms.actions import ActionFilter, ActionForm
from board.models.actions import Action, Status
from board.services import actions as service
from board.services.catalogue import STRATEGY
from cases.formats import doc_date, doc_moment, relative, weekday_date_year
from deadlines.views import blame
from desk.areas import AREAS, BY_KEY
from desk.services.export import Column
from desk.views.files import Listing, file_page

COLUMNS = (
    Column(_l("Område"), 22),
    Column(_l("Handling"), 60),
    Column(_l("Kilde"), 18),
    Column(_l("Ansvarlig"), 24),
    Column(_l("Senest"), 12),
    Column(_l("Status"), 12),
    Column(_l("Færdig"), 12),
    Column(_l("Note"), 60),
)
TONES = {Status.UNDER_WAY: "info", Status.DONE: "done", Status.DROPPED: "", Status.PLANNED: ""}


@needs(Permission.LEAD_TEAM)
def actions(request):
    today = timezone.localdate()
    form = ActionFilter(request.GET)
    rows = list(service.found(form.chosen, today))
    url, query = reverse("board:actions"), request.GET.urlencode()
    excel = reverse("board:actions_xlsx")
    every = rows if not form.narrowed else list(Action.objects.all())
    context = {
        "form": form,
        "action": url,
        "reset_url": url if form.narrowed else "",
        "groups": grouped(rows, today),
        "text": state_of(every, today),
        "download_url": f"{excel}?{query}" if query else excel,
        "missing": len(set(STRATEGY) - {row.catalogue for row in every}),
        "any": bool(every),
    }
    return render(request, "board/actions.html", context)


def state_of(every: list[Action], today) -> str:
    """ "17 handlinger: 11 planlagt, 4 i gang, 2 færdig. 2 er overskredet."."""
    if not every:
        return ""
    over = sum(row.is_overdue(today) for row in every)
    counts = [(sum(row.status == status for row in every), label.lower()) for status, label in Status.choices]
    parts = ", ".join(f"{count} {label}" for count, label in counts if count)
    number = _("1 handling") if len(every) == 1 else _("%d handlinger") % len(every)
    late = " " + _("%d er overskredet.") % over if over else ""
    return f"{number}: {parts}.{late}"


def grouped(rows: list[Action], today) -> list[dict]:
    """One group per area that has rows, in the areas' order; number is the strategy's §."""
    numbers = {area.key: number for number, area in enumerate(AREAS, 1)}
    return [
        {
            "title": f"{numbers[key]}. {BY_KEY[key].title}",
            "icon": BY_KEY[key].icon,
            "rows": [row_of(row, today) for row in group],
        }
        for key, group in groupby(rows, key=lambda row: row.area)
    ]


def row_of(row: Action, today) -> dict:
    over = row.is_overdue(today)
    return {
        "url": reverse("board:edit_action", args=[row.pk]),
        "title": row.title,
        "source": row.source,
        "note": row.note,
        "owner": row.owner.name if row.owner else _("Ingen endnu"),
        "due": weekday_date_year(row.due_on) if row.due_on else "",
        "iso": row.due_on.isoformat() if row.due_on else "",
        "late": relative(row.due_on, today) if over else "",
        "status": row.get_status_display(),
        "done": doc_date(row.done_on) if row.done_on else "",
        "tone": TONES[row.status],
    }


@needs(Permission.LEAD_TEAM)
def add_action(request):
    return action_page(request, None, heading=_("Ny handling"), submit=_("Tilføj handling"))


@needs(Permission.LEAD_TEAM)
def edit_action(request, pk):
    action = get_object_or_404(Action.objects.select_related("owner"), pk=pk)
    return action_page(request, action, heading=action.title, submit=_("Gem ændringerne"))


def action_page(request, action: Action | None, *, heading: str, submit: str):
    today, url = timezone.localdate(), reverse("board:actions")
    form = ActionForm(request.POST or None, action=action, today=today)
    if request.method == "POST" and form.is_valid():
        told = {**form.cleaned_data, "today": today, "by": request.user}
        try:
            saved = service.change(action, **told) if action else service.add(**told)
        except ValidationError as error:
            blame(form, error)
        else:
            messages.success(request, _("»%s« er gemt.") % saved.title)
            return redirect(url)
    here = _("Ret handling") if action else heading
    context = {
        "form": form,
        "heading": heading,
        "lede": action.source if action else _("Kommer med i listen og i den næste evaluering."),
        "crumbs": [{"url": url, "text": _("Handlinger")}, {"url": "", "text": here}],
        "submit_label": submit,
        "cancel_url": url,
        "history": history(action) if action else [],
    }
    return render(request, "board/action_form.html", context, status=422 if form.is_bound else 200)


def history(action: Action) -> list[dict]:
    return [
        {
            "status": change.get_status_display(),
            "on": doc_date(change.on),
            "who": change.by.name if change.by else _("Indgang"),
            "at": doc_moment(change.at),
        }
        for change in action.changes.select_related("by")
    ]


@require_POST
@needs(Permission.LEAD_TEAM)
def load_catalogue(request):
    added = service.load_catalogue(today=timezone.localdate(), by=request.user)
    if added:
        messages.success(request, _("%d af strategiens handlinger er tilføjet.") % added)
    else:
        messages.success(request, _("Alle strategiens handlinger står her allerede."))
    return redirect("board:actions")


@needs(Permission.LEAD_TEAM)
@needs_fresh_login
def actions_xlsx(request):
    form = ActionFilter(request.GET)
    listing = Listing(
        name="handlinger",
        title=_("Handlinger"),
        columns=COLUMNS,
        form=form,
        rows=service.found(form.chosen, timezone.localdate()),
        cells=cells,
        back="board:actions",
        limited=False,
    )
    return file_page(request, listing)


def cells(rows) -> list[tuple]:
    return [
        (
            str(BY_KEY[row.area].title),
            row.title,
            row.source,
            row.owner.name if row.owner else "",
            row.due_on,
            row.get_status_display(),
            row.done_on,
            row.note,
        )
        for row in rows
    ]
