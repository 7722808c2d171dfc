"""Housing's own tab on the family's page: where the family lives, and where it was placed before."""

from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.access import Permission, can
from cases.formats import day_month, doc_date
from housing.models import Answer, Placement, PlacementKind, Span


def panel(case, user) -> dict:
    """{"current", "rows", "acts"}: one query. The page is the door: the clock is asked here."""
    today = timezone.localdate()
    may_write = can(user, Permission.WORK_WITH_HOMES)
    back = urlencode({"next": f"{case.get_absolute_url()}bolig/"})
    found = case.placements.standing().with_end().select_related("dwelling__locality", "host__locality")
    rows = [row_of(row, case, today, back if may_write else "") for row in found.order_by("-begin", "-number")]
    living = [row for row in rows if row["lives_here"]]
    return {"current": living[0] if living else None, "rows": rows, "acts": acts(case, rows, back) if may_write else []}


def row_of(row: Placement, case, today: date, back: str) -> dict:
    span = row.span(today)
    state, tone = state_of(row, span, today)
    home = row.dwelling or row.host
    return {
        "home": row.home,
        "locality": home.locality.name if home.locality else "",
        "kind": row.get_kind_display(),
        "lodging": row.kind == PlacementKind.LODGING,
        "lives_here": row.answer == Answer.ACCEPTED and span.covers(today),
        "residents": row.residents,
        "places": home.places,
        "offered_on": row.offered_on,
        "moves_in_on": row.moves_in_on,
        "end": row.end,
        "state": state,
        "tone": tone,
        "change_url": f"{reverse('housing:change_placement', args=[case.number, row.pk])}?{back}" if back else "",
        "annul_url": f"{reverse('housing:annul_placement', args=[case.number, row.pk])}?{back}" if back else "",
    }


def state_of(row: Placement, span: Span, today: date) -> tuple[str, str]:
    """(word, tone) of a placement today."""
    if row.answer == Answer.DECLINED:
        return _("Familien sagde nej"), ""
    if span.end and span.end <= today:
        return _("Boede her til %s") % day_month(span.end), ""
    if row.answer == Answer.NONE:
        return _("Afventer svar"), "wait"
    if span.start > today:
        return _("Flytter ind %s") % day_month(span.start), "info"
    if row.ends_on and row.ends_on <= today:
        return _("Skulle være ophørt %s") % day_month(row.ends_on), "soon"
    return _("Bor her"), "done"


def acts(case, rows: list[dict], back: str) -> list[dict]:
    """The buttons: the offer first, then the next home; lodging only until the family has been offered a home."""
    offered = any(not row["lodging"] for row in rows)
    name = "housing:next_home" if offered else "housing:temporary_offer"
    found = [
        {
            "url": f"{reverse(name, args=[case.number])}?{back}",
            "text": _("Registrér boligplacering"),
            "icon": "house-add",
            "primary": True,
        }
    ]
    if not offered:
        lodging = reverse("housing:lodging_before_permit", args=[case.number])
        found.append(
            {"url": f"{lodging}?{back}", "text": _("Registrér indkvartering før opholdstilladelse"), "icon": "house"}
        )
    return found


def sentence(row: Placement) -> str:
    """ "Boligplacering Rønneholt 4, st. th. 12.04.2026", as the page of annulment says it."""
    return _("Boligplacering %(home)s %(day)s") % {"home": row.home, "day": doc_date(row.offered_on)}
