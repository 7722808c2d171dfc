"""The monthly report in three sentences, computed from its figures."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from board.services.compliance import Tally
from board.services.report_tables import KINDS, on_time
from board.services.wording import month_name, month_year
from cases.formats import long_date, lower_first, plural, thousands
from deadlines.models import Kind


def summary(figures: Mapping) -> list[str]:
    return [goal_sentence(figures), latest_sentence(figures), now_sentence(figures)]


def goal_sentence(figures: Mapping) -> str:
    """ "Servicemål blev holdt i 91 % af tilfældene (n = 120), mod 93 % i oktober; målet er 95 %." """
    row = next(row for row in figures["kinds"] if row["kind"] == Kind.SERVICE_GOAL)
    now, before = Tally(**row["now"]), Tally(**row["before"])
    words = {"month": named_month(figures), "n": thousands(now.counted), "goal": row["goal"]}
    if not now.counted:
        return _("Ingen servicemål forfaldt i %(month)s.") % words
    words["share"] = on_time(now).text
    if now.percent is None:
        return _("Servicemål blev holdt i %(share)s tilfælde i %(month)s, for få til en procent.") % words
    if before.percent is None:
        said = _("Servicemål blev holdt i %(share)s af tilfældene i %(month)s (n = %(n)s); målet er %(goal)d %%.")
        return said % words
    made, month = date.fromisoformat(figures["made_on"]), date.fromisoformat(figures["before"])
    words |= {"before": before.percent, "last": month_name(month, made)}
    return (
        _(
            "Servicemål blev holdt i %(share)s af tilfældene i %(month)s (n = %(n)s), mod %(before)d %% i %(last)s; "
            "målet er %(goal)d %%."
        )
        % words
    )


def latest_sentence(figures: Mapping) -> str:
    """Which duty was late most often."""
    rows = [row for row in figures["rules"] if row["now"]["late"]]
    if not rows:
        return _("Ingen frist kom for sent.")
    worst = max(rows, key=lambda row: (row["now"]["late"], row["name"]))
    now = Tally(**worst["now"])
    words = {"rule": worst["name"], "kind": lower_first(KINDS[worst["kind"]]), "late": now.late, "n": now.counted}
    return _("Mest sent: %(rule)s (%(kind)s), hvor %(late)d af %(n)d kom efter fristen.") % words


def now_sentence(figures: Mapping) -> str:
    """How many are overdue on the day of the report, and how many more are expected."""
    over, made = figures["overdue"]["over"], date.fromisoformat(figures["made_on"])
    slips = figures["forecast"]["slips"]
    ahead = _("de næste 14 dage ventes %s forsinket.") % (thousands(slips) if slips else _("ingen"))
    return f"{_late_now(over, made)}; {ahead}"


def _late_now(over: Mapping, made: date) -> str:
    words = {"day": long_date(made), "number": thousands(over["number"])}
    if not over["number"]:
        return _("Den %(day)s er ingen frist overskredet") % words
    words["days"] = plural((made - date.fromisoformat(over["oldest"])).days, _("dag"), _("dage"))
    if over["number"] == 1:
        return _("Den %(day)s er en frist overskredet, %(days)s") % words
    words["families"] = plural(over["families"], _("familie"), _("familier"))
    return _("Den %(day)s er %(number)s frister overskredet i %(families)s, den ældste %(days)s") % words


def named_month(figures: Mapping) -> str:
    return month_year(date.fromisoformat(figures["first"]))
