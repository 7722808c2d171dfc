"""What is expected to slip, and the coming weeks, as the board shows them."""

from collections import Counter
from datetime import date

from django.utils.translation import gettext as _

from board.services import charts as drawing
from board.services.columns import noun_of
from board.services.flow import Moves
from board.services.forecast import OBSERVATIONS, RECENT_WEEKS, Pace, Why, capacity_of, coming_weeks, expected_slips
from board.services.open_duties import Duty
from board.services.scope import Scope
from board.services.wording import decimal, weeks_label
from board.views.wording import Numbers
from cases.formats import plural, thousands, week

WHY = {
    Why.PACE: _("når ikke fristen i det sædvanlige tempo"),
    Why.OLD: _("har været åben længere end nogen før"),
    Why.CAPACITY: _("der er mere foran end en uge kan bære"),
    Why.WAITS: _("venter på andre til efter fristen"),
}


def slips(duties: list[Duty], scope: Scope, today: date, pace: Pace, names: dict[str, str], numbers: Numbers) -> dict:
    """How many, of which duties, and why."""
    found = expected_slips(duties, scope, today, pace)
    by_rule, why = Counter(slip.rule for slip in found), Counter(slip.why for slip in found)
    return {
        "number": len(found),
        "text": plural(len(found), _("frist ventes at blive forsinket"), _("frister ventes at blive forsinket")),
        "rules": [
            {"label": noun_of(rule, names), **numbers.cell(number, "glider", rule=rule)}
            for rule, number in sorted(by_rule.items(), key=lambda each: (-each[1], each[0]))
        ],
        "why": [{"label": WHY[word], "text": thousands(number)} for word, number in why.most_common()],
        "url": numbers.url("glider") if found else "",
        "observations": OBSERVATIONS,
    }


def weeks(duties: list[Duty], scope: Scope, today: date, pace: Pace, came: list[Moves]) -> dict:
    """The bars, the table behind them and what was assumed."""
    found, capacity = coming_weeks(duties, scope, today, came), capacity_of(scope)
    line = capacity or (round(pace.per_week) or None)
    rows = [(str(week(each.monday)), each.known, each.expected) for each in found]
    return {
        "chart": drawing.weeks(rows, line),
        "label": weeks_label(rows),
        "rows": [
            {
                "week": name,
                "known": known,
                "expected": more,
                "arrivals": decimal(round(each.arrivals, 1)),
            }
            for (name, known, more), each in zip(rows, found, strict=True)
        ],
        "capacity": line,
        "is_set": bool(capacity),
        "recent": RECENT_WEEKS,
        "pace": decimal(round(pace.per_week, 1)),
        "mean": decimal(round(found[-1].arrivals, 1)),
    }
