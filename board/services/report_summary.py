"""The monthly report in three sentences, computed from its figures."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from board.services.compliance import FEW, Tally
from board.services.report_tables import KINDS, Teller
from board.services.wording import few, month_name, month_year
from cases.formats import long_date, lower_first, plural
from deadlines.models import Kind


def summary(figures: Mapping, tell: Teller) -> list[str]:
    return [goal_sentence(figures, tell), latest_sentence(figures, tell), now_sentence(figures, tell)]


def goal_sentence(figures: Mapping, tell: Teller) -> str:
    """ "Servicemål blev holdt i 91 % af tilfældene (n = 120), mod 93 % i oktober; målet er 95 %." """
    row = next(row for row in figures["kinds"] if row["kind"] == Kind.SERVICE_GOAL)
    now, before = Tally(**row["now"]), Tally(**row["before"])
    words = {"month": named_month(figures), "n": tell.number(now.counted).text, "goal": row["goal"]}
    if not now.counted:
        return _("Ingen servicemål forfaldt i %(month)s.") % words
    if now.percent is None and tell.covered:
        return _("Under 5 servicemål forfaldt i %(month)s, for få til en procent.") % words
    words["share"] = tell.share(now).text
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


def latest_sentence(figures: Mapping, tell: Teller) -> str:
    """Which duty was late most often; what is covered is not named."""
    least = FEW if tell.covered else 1
    rows = [row for row in figures["rules"] if row["now"]["late"] >= least]
    if not rows:
        anything = any(row["now"]["late"] for row in figures["rules"])
        return _("Ingen regel havde fem eller flere for sent.") if anything else _("Ingen frist kom for sent.")
    worst = max(rows, key=lambda row: (row["now"]["late"], row["name"]))
    now = Tally(**worst["now"])
    words = {"rule": worst["name"], "kind": lower_first(KINDS[worst["kind"]]), "late": now.late, "n": now.counted}
    return _("Mest sent: %(rule)s (%(kind)s), hvor %(late)d af %(n)d kom efter fristen.") % words


def now_sentence(figures: Mapping, tell: Teller) -> str:
    """How many are overdue on the day of the report, and how many more are expected."""
    over, made = figures["overdue"]["over"], date.fromisoformat(figures["made_on"])
    slips = figures["forecast"]["slips"]
    ahead = _("de næste 14 dage ventes %s forsinket.") % (tell.number(slips).text if slips else _("ingen"))
    return f"{_late_now(over, made, tell)}; {ahead}"


def _late_now(over: Mapping, made: date, tell: Teller) -> str:
    words = {"day": long_date(made), "number": tell.number(over["number"]).text}
    if not over["number"]:
        return _("Den %(day)s er ingen frist overskredet") % words
    if few(over["number"], covered=tell.covered):
        return _("Den %(day)s er under 5 frister overskredet") % words
    words["days"] = plural((made - date.fromisoformat(over["oldest"])).days, _("dag"), _("dage"))
    if over["number"] == 1:
        return _("Den %(day)s er en frist overskredet, %(days)s") % words
    words["families"] = _families(over["families"], tell)
    return _("Den %(day)s er %(number)s frister overskredet i %(families)s, den ældste %(days)s") % words


def _families(number: int, tell: Teller) -> str:
    noun = _("familie") if number == 1 and not tell.covered else _("familier")
    return f"{tell.number(number).text} {noun}"


def named_month(figures: Mapping) -> str:
    return month_year(date.fromisoformat(figures["first"]))
