"""The first line of Mit overblik for who leads, as sentences with the rows behind them."""

from datetime import date, timedelta

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from cases.formats import WEEKDAYS, join_names, plural
from desk.services import leading
from desk.services.leading import News
from desk.services.worklist import Counts
from desk.views.shell import address


def lines(user, today: date, counts: Counts) -> list[dict]:
    """For desk/_overview_lead.html: [{label, facts: [{text, url, status}], note}]. counts: those of the team's list."""
    found = leading.news(user, today)
    return [fresh(found), urgent(found, counts), changed(found, today)]


def fresh(found: News) -> dict:
    """New cases; and protected ones, which are not among those: they are given by number, on a page of their own."""
    items = []
    if found.new:
        items.append(item(_("%s: fordel") % plural(found.new, _("ny sag"), _("nye sager")), share()))
    if found.guarded:
        text = plural(found.guarded, _("beskyttet sag"), _("beskyttede sager"))
        items.append(item(text, reverse("desk:guarded")))
    if not items:
        return line(_("Uden sagsbehandler"), [], _("Alle sager har en sagsbehandler."))
    parts = [_("%(number)d til %(name)s") % {"number": number, "name": name} for name, number in found.suggestion]
    note = _("Forslag efter åbne frister: %s.") % join_names(parts) if parts else ""
    return line(_("Uden sagsbehandler"), items, note)


def share() -> str:
    """Where new cases are given to colleagues; the list of them while there is no such page."""
    page = address("board:share")
    return f"{page}?fra=ingen#flyt" if page else f"{reverse('desk:cases')}?sagsbehandler=ingen"


def urgent(found: News, counts: Counts) -> dict:
    items = []
    if counts.laws_overdue:
        text = plural(counts.laws_overdue, _("lovfrist er overskredet"), _("lovfrister er overskredet"))
        items.append(item(text, steps(status="overskredet", art="law"), "overdue"))
    if counts.laws_today:
        text = plural(counts.laws_today, _("lovfrist udløber i dag"), _("lovfrister udløber i dag"))
        items.append(item(text, steps(status="i-dag", art="law"), "due_today"))
    if found.late:
        text = plural(found.late, _("ny sag er forbi en frist"), _("nye sager er forbi en frist"))
        items.append(item(text, share(), "overdue"))
    return line(_("Kan ikke vente"), items, "" if items else _("Ingen lovfrister haster."))


def changed(found: News, today: date) -> dict:
    items = []
    if found.registered:
        items.append(item(plural(found.registered, _("familie er registreret"), _("familier er registreret"))))
    if found.passed:
        text = plural(found.passed, _("frist er blevet overskredet"), _("frister er blevet overskredet"))
        until = today - timedelta(days=1)
        days = {"fra": f"{found.since:%d.%m.%Y}", "til": f"{until:%d.%m.%Y}"}
        items.append(item(text, steps(status="overskredet", **days)))
    if found.closed:
        items.append(item(plural(found.closed, _("sag er afsluttet"), _("sager er afsluttet"))))
    yesterday = found.since == today - timedelta(days=1)
    day = _("Siden i går") if yesterday else _("Siden %s") % WEEKDAYS[found.since.weekday()]
    return line(day, items, "" if items else _("Intet nyt."))


def line(label: str, items: list[dict], note: str = "") -> dict:
    return {"label": label, "facts": items, "note": note}


def item(text: str, url: str = "", status: str = "") -> dict:
    return {"text": text, "url": url, "status": status}


def steps(**query: str) -> str:
    return f"{reverse('desk:steps')}?{urlencode(query)}"
