"""Fristoverholdelse: the page on which managers see what slips, why, and what comes."""

from datetime import date

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.access import Permission, needs
from board.forms.filters import OWN, PERIODS, YEAR, BoardFilter
from board.services import compliance as figures
from board.services import definitions
from board.services.captions import local_names, terms_now
from board.services.flow import ARRIVED, LEFT, here, moves
from board.services.forecast import last_of_weeks, paces, times_and_pace
from board.services.goals import goals
from board.services.open_duties import Duty, Overdue, loads, open_duties, overdue
from board.services.scope import Scope, scope_of, teams_in
from board.views import forecasts, panels
from board.views.rows import oldest
from board.views.wording import Numbers
from cases.formats import doc_date, long_date
from deadlines.models import Group
from desk.views.lists import localities
from desk.views.shell import address


@needs(Permission.LEAD_TEAM)
def compliance(request):
    today = timezone.localdate()
    form, scope = filtered(request, today)
    period, numbers = form.period, Numbers(form, form.period)
    duties = open_duties(scope, today, last_of_weeks(today))
    late = overdue(duties, today)
    context = {
        "form": form,
        "spans": spans(request, form),
        "problems": form.problems,
        "lede": lede(form, period),
        "reset_url": reverse("board:compliance") if form.narrowed else "",
        "says": definitions.COUNTED,
        "actions": actions(request, period),
        "share_url": address("board:share"),
        "late_url": numbers.url("overskredet"),
        "oldest": oldest(request.user, late[Group.OVERDUE], today),
        **panels_of(scope, period, today, duties, late, numbers),
    }
    return render(request, "board/compliance.html", context)


def actions(request, period: figures.Period) -> list[dict]:
    """The same period as a report, and this page on paper."""
    query = {"fra": period.first.isoformat(), "til": period.last.isoformat()}
    query |= {name: request.GET[name] for name in ("team", "by") if request.GET.get(name)}
    page = reverse("board:reports")
    return [
        {"url": reverse("board:goals"), "text": _("Mål og kapacitet"), "icon": "bullseye"},
        {"url": f"{page}?{urlencode(query | {'som': 'pdf'})}", "text": _("PDF"), "icon": "file-earmark-pdf"},
        {"url": f"{page}?{urlencode(query | {'som': 'xlsx'})}", "text": _("Excel"), "icon": "file-earmark-spreadsheet"},
        {"print": True, "text": _("Udskriv"), "icon": "printer"},
    ]


def filtered(request, today: date) -> tuple[BoardFilter, Scope]:
    scope = scope_of(request.user)
    form = BoardFilter(request.GET, teams=teams_in(scope), localities=localities(), today=today)
    return form, form.narrow(scope)


def panels_of(
    scope: Scope,
    period: figures.Period,
    today: date,
    duties: list[Duty],
    late: dict[int, Overdue],
    numbers: Numbers,
) -> dict:
    """What stands on the page, panel by panel; each asks a constant number of questions."""
    tallies = figures.tallies(scope, figures.Period(earlier(period), period.last), today)
    inside = {part: tally for part, tally in tallies.items() if part.month >= period.first.replace(day=1)}
    names, terms, aims = local_names(), terms_now(today), goals()
    times, pace = times_and_pace(scope, period, today)
    year, _recent = paces(today)
    long = figures.Period(min(period.first, year.first), max(period.last, year.last))
    came, left = moves(scope, long, ARRIVED), moves(scope, period, LEFT)
    return {
        "kpis": panels.kpis(tallies, late, times, here(scope, today), aims, terms, numbers, period, today),
        "kinds": panels.kinds(inside, aims, numbers),
        "roles": panels.roles(inside, numbers),
        "charts": panels.charts(inside, aims, names, terms, numbers, period, today),
        "late": panels.late(late, numbers, today),
        "causes": panels.causes(scope, period, today, numbers),
        "heat": panels.heat(loads(duties, today), numbers),
        "slips": forecasts.slips(duties, scope, today, pace, names, numbers),
        "weeks": forecasts.weeks(duties, scope, today, pace, came),
        "times": panels.times(times, names, terms, numbers),
        "moves": panels.moves(came, left, period, numbers, today),
    }


def earlier(period: figures.Period) -> date:
    """From the month before the period, to which its last month may be compared."""
    return min(period.first, figures.last_months(period.last, 2).first)


def lede(form: BoardFilter, period: figures.Period) -> str:
    words = {"first": long_date(period.first), "last": long_date(period.last)}
    return _("%(first)s til %(last)s. Tallene er fra nu; lukkede måneder står, som de blev lukket.") % words


def spans(request, form: BoardFilter) -> list[dict]:
    """The three periods as a switch; what else is chosen stays."""
    chosen = OWN if form.is_own else form.chosen.get("span") or YEAR
    found = []
    for word, label in PERIODS:
        query = request.GET.copy()
        for name in ("fra", "til", "periode"):
            query.pop(name, None)
        query["periode"] = word
        if word == OWN:
            query["fra"], query["til"] = doc_date(form.period.first), doc_date(form.period.last)
        found.append({"url": f"?{query.urlencode()}", "text": label, "current": word == chosen})
    return found
