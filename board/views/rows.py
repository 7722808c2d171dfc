"""The rows behind a number of the board: exactly those that were counted."""

from datetime import date

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from accounts.access import Permission, needs
from accounts.stepup import needs_fresh_login
from board.forms.filters import CellFilter
from board.services import cells
from board.services.captions import local_names
from board.services.columns import BY_WORD, ROLES, noun_of
from board.services.open_duties import BAND_LABELS, REASONS, Overdue, reason
from board.services.scope import Scope, scope_of, teams_in
from cases.formats import doc_date, lower_first, plural, weekday_date
from cases.models import Locality
from deadlines.local import PREFIX
from deadlines.models import Kind, Step
from desk.services import lists
from desk.services.export import Column
from desk.services.lines import case_path, owner_of, step_path
from desk.views.files import Listing, file_page
from desk.views.lists import localities, page_number, pager

COLUMNS = (
    Column(_l("Sagsnr."), 12),
    Column(_l("Frist for"), 32),
    Column(_l("Art"), 14),
    Column(_l("Hvem"), 12),
    Column(_l("Ansvarlig"), 24),
    Column(_l("Frist"), 12),
    Column(_l("Udført"), 12),
    Column(_l("Dage over"), 10),
    Column(_l("Årsag"), 32),
)
OLDEST = 10
FIELDS = (
    "pk",
    "rule",
    "title",
    "kind",
    "due_on",
    "effective_on",
    "met_on",
    "done_on",
    "withdrawn_on",
    "person_id",
    "case__number",
    "case__family_name",
    "owner__first_name",
    "owner__last_name",
    "owner__username",
    "waiting_for__name",
    "waiting_until",
    "follow_up_on",
    "reason",
)


@needs(Permission.LEAD_TEAM)
def rows(request):
    today = timezone.localdate()
    form, scope = filtered(request, today)
    chosen, period = form.chosen, form.period
    page = lists.page_of(found_rows(request.user, scope, form, today), page_number(request))
    kept = cells.kept_number(scope, period, chosen)
    context = {
        "heading": str(cells.FIGURES[chosen["figure"]].label),
        "facts": facts(form, scope),
        "problems": form.problems,
        "rows": [row_of(row, today) for row in page.rows],
        "pager": pager(request, page),
        "gone": gone(kept, page.total),
        "crumbs": [
            {"url": reverse("board:compliance"), "text": _("Fristoverholdelse")},
            {"url": "", "text": _("Frister bag tallet")},
        ],
        "download_url": f"{reverse('board:rows_xlsx')}?{request.GET.urlencode()}",
    }
    return render(request, "board/rows.html", context)


@needs(Permission.LEAD_TEAM)
@needs_fresh_login
def rows_xlsx(request):
    """The same rows, by case number alone."""
    today = timezone.localdate()
    form, scope = filtered(request, today)
    listing = Listing(
        name="fristoverholdelse",
        title=_("Frister bag tallet"),
        columns=COLUMNS,
        form=form,
        rows=found_rows(request.user, scope, form, today),
        cells=lambda found: [file_cells(row, today) for row in found],
        back="board:rows",
    )
    return file_page(request, listing)


def filtered(request, today: date) -> tuple[CellFilter, Scope]:
    scope = scope_of(request.user)
    form = CellFilter(request.GET, teams=teams_in(scope), localities=localities(), today=today)
    return form, form.narrow(scope)


def found_rows(user, scope: Scope, form: CellFilter, today: date):
    """What is counted, and of it what the user sees: the scope is inside of what `visible_to` gives."""
    steps = cells.rows(scope, form.period, today, form.chosen).visible_to(user).annotate(reason=reason())
    return steps.order_by("effective_on", "pk").values_list(*FIELDS, named=True)


def oldest(user, late: Overdue, today: date) -> list[dict]:
    """The ten that have been overdue for longest."""
    steps = Step.objects.visible_to(user).filter(pk__in=late.longest(OLDEST)).annotate(reason=reason())
    found = steps.order_by("effective_on", "pk").values_list(*FIELDS, named=True)
    return [row_of(row, today) for row in found]


def gone(kept: int | None, total: int | None) -> str:
    """What was counted when the months closed and is no longer among the rows of this user."""
    missing = kept - total if kept is not None and total is not None else 0
    if missing <= 0:
        return ""
    text = plural(missing, _("frist, der blev talt med"), _("frister, der blev talt med"))
    return _("%s, vises ikke: sagen er ændret siden, fx flyttet eller beskyttet.") % text


def facts(form: CellFilter, scope: Scope) -> list[dict]:
    """What the number is of, in words."""
    chosen, period = form.chosen, form.period
    names = local_names() if chosen.get("rule", "").startswith(PREFIX) else {}
    said = [
        (_("Periode"), f"{doc_date(period.first)} – {doc_date(period.last)}"),
        (_("Art"), dict(Kind.choices).get(chosen.get("kind", ""), "")),
        (_("Regel"), noun_of(chosen["rule"], names) if chosen.get("rule") else ""),
        (_("Hvem"), {cells.PERSONS: _("Personer"), cells.FAMILIES: _("Familier")}.get(chosen.get("who", ""), "")),
        (_("Svarer for fristen"), dict(ROLES).get(chosen.get("role", ""), "")),
        (_("Kolonne"), BY_WORD[chosen["column"]].title if chosen.get("column") else ""),
        (_("Alder"), lower_first(str(BAND_LABELS.get(chosen.get("band"), "")))),
        (_("Årsag"), REASONS.get(chosen.get("reason", ""), "")),
        (_("By"), str(Locality.objects.get(pk=scope.locality)) if scope.locality else ""),
    ]
    return [{"label": label, "value": str(value)} for label, value in said if value]


def acted_on(row) -> date | None:
    return row.met_on or row.done_on


def days_over(row, today: date) -> int:
    """Days past the original date: until the act, until it fell away, or until today. 0 in time."""
    return max(((acted_on(row) or row.withdrawn_on or today) - row.due_on).days, 0)


def next_step(row, today: date) -> str:
    """What is to happen, as far as it is a date or an authority; reasons are the caseworker's."""
    if acted_on(row) or row.withdrawn_on:
        return ""
    if row.waiting_for__name:
        until = f" {_('til')} {weekday_date(row.waiting_until)}" if row.waiting_until else ""
        return _("Venter på %s") % row.waiting_for__name + until
    if row.follow_up_on and row.follow_up_on >= today:
        return _("Følges op %s") % weekday_date(row.follow_up_on)
    return ""


def row_of(row, today: date) -> dict:
    return {
        "url": step_path(row.pk),
        "title": row.title,
        "kind": Kind(row.kind).label,
        "family": row.case__family_name,
        "number": row.case__number,
        "case_url": case_path(row.case__number),
        "who": _("Person") if row.person_id else _("Familien"),
        "owner": owner_of(row) or _("Ingen"),
        "due": weekday_date(row.due_on),
        "due_iso": row.due_on.isoformat(),
        "done": weekday_date(acted_on(row)) if acted_on(row) else "",
        "over": days_over(row, today),
        "reason": REASONS[row.reason] if days_over(row, today) else "",
        "next": next_step(row, today),
    }


def file_cells(row, today: date) -> tuple:
    over = days_over(row, today)
    return (
        row.case__number,
        row.title,
        str(Kind(row.kind).label),
        _("Person") if row.person_id else _("Familien"),
        owner_of(row),
        row.due_on,
        acted_on(row),
        over,
        str(REASONS[row.reason]) if over else "",
    )
