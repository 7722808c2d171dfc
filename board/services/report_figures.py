"""The figures of a report as plain data, read once and kept: ints, ISO days and the names of duties, never a person.

The same functions as the board asks; what is of the day on which the report is made says so by `made_on`.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, timedelta

from django.db.models import Count, Sum

from board.models import DayFigure
from board.services import forecast
from board.services.actions import actions_in
from board.services.captions import in_words, local_names, terms_now
from board.services.columns import noun_of
from board.services.compliance import Period, Tallies, last_months, tallies, total, why_late
from board.services.flow import ARRIVED, LEFT, by_month, here, histograms, moves, times_of
from board.services.goals import goals
from board.services.open_duties import Duty, Overdue, open_duties, overdue
from board.services.outcomes import KINDS
from board.services.scope import Scope
from board.services.snapshots import closes_on, last_day, late_stock, month_of, open_from
from board.services.strategy import AREAS, area_by_rule
from deadlines.models import Group

CHARTED = 12  # months of a small chart
Tell = Callable[[], None]  # one part is done


def period_of(first: date, last: date, today: date) -> Period:
    """From the first of one month to the end of another, or until today. The months may be named by any day."""
    return Period(month_of(first), min(last_day(month_of(last)), today))


def is_closed(last: date) -> bool:
    """Whether the month of the day is closed, and with it all before."""
    border = open_from()
    return border is not None and last_day(month_of(last)) < border


# --- The month --------------------------------------------------------------------------------


def monthly(scope: Scope, month: date, today: date, tell: Tell) -> dict:
    """One month for the steering group; tell is called MONTHLY_PARTS times."""
    period = period_of(month, month, today)
    before = month_of(period.first - timedelta(days=1))
    found = tallies(scope, _charted(period), today)
    tell()
    duties = open_duties(scope, today, forecast.last_of_weeks(today))
    late = overdue(duties, today)
    tell()
    moved = Period(before, period.last)
    figures = {
        **_head(period, today),
        "before": before.isoformat(),
        "kinds": _kinds(found, scope, period, before, today),
        "rules": _rules(found, scope, period, Period(before, last_day(before)), today),
        "overdue": {"over": _late(late[Group.OVERDUE]), "passed": _late(late[Group.PASSED])},
        "causes": _causes(scope, period, today),
        "moves": _moves(scope, moved),
    }
    tell()
    figures |= {"here": here(scope, today)._asdict(), "forecast": _forecast(duties, scope, today)}
    tell()
    return figures


MONTHLY_PARTS = 4


def _head(period: Period, today: date) -> dict:
    return {
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "made_on": today.isoformat(),
        "closed": is_closed(period.last),
        "closes_on": closes_on(month_of(period.last)).isoformat(),
        "months": [month.isoformat() for month in _charted(period).months],
    }


def _charted(period: Period) -> Period:
    """The last twelve months, or the whole period where that is longer; with it the months to compare with."""
    return Period(min(period.first, last_months(period.last, CHARTED).first), period.last)


def _kinds(found: Tallies, scope: Scope, period: Period, before: date, today: date) -> list[dict]:
    aims, stock = goals(), _stock(scope, period.last, today)
    month = month_of(period.last)
    return [
        {
            "kind": kind.value,
            "goal": aims.of(kind),
            "now": asdict(total(found, kind=kind.value, month=month)),
            "before": asdict(total(found, kind=kind.value, month=before)),
            "persons": asdict(total(found, kind=kind.value, month=month, household=False)),
            "families": asdict(total(found, kind=kind.value, month=month, household=True)),
            "stock": stock[kind.value],
        }
        for kind in KINDS
    ]


def _stock(scope: Scope, day: date, today: date) -> Counter[str]:
    """Kind → how many were late and not yet done when the day ended; closed days as they were kept."""
    if is_closed(day):
        rows = DayFigure.objects.filter(scope.of_figures(), day=day).values_list("kind").order_by()
        return Counter(dict(rows.annotate(Sum("late_open"))))
    found: Counter[str] = Counter()
    for key, number in late_stock(day, day, today).items():
        if key.team in scope.teams and scope.locality in {None, key.locality}:
            found[key.kind] += number
    return found


def _rules(found: Tallies, scope: Scope, period: Period, before: Period, today: date) -> list[dict]:
    """Each duty of each kind, in the order of the kinds and then of the names; the times are of what was done."""
    names, terms, aims, areas = local_names(), terms_now(period.last), goals(), area_by_rule()
    [took] = histograms(scope, today, period)
    charted = _charted(period).months
    rows = []
    for kind in KINDS:
        rules = {part.rule for part in found if part.kind == kind and part.month >= charted[0]}
        for rule in sorted(rules, key=lambda each: noun_of(each, names)):
            by_month = {month: total(found, kind=kind.value, rule=rule, month=month) for month in charted}
            rows.append(
                {
                    "rule": rule,
                    "name": noun_of(rule, names),
                    "area": areas.get(rule, ""),
                    "kind": kind.value,
                    "goal": aims.of(kind),
                    "term": in_words(terms.get(rule)),
                    "now": asdict(_in(found, period, kind=kind.value, rule=rule)),
                    "before": asdict(_in(found, before, kind=kind.value, rule=rule)),
                    "months": [asdict(tally) for tally in by_month.values()],
                    "times": _times(took.get(rule)),
                }
            )
    return rows


def _in(found: Tallies, period: Period, **wanted):
    months = set(period.months)
    return total({part: tally for part, tally in found.items() if part.month in months}, **wanted)


def _times(histogram: Counter[int] | None) -> dict:
    """number 0 where nothing was done."""
    return asdict(times_of(histogram)) if histogram else {"number": 0, "median": None, "nine_of_ten": None}


def _late(found: Overdue) -> dict:
    """Counts alone: whose they are stays out of what is kept."""
    return {
        "number": found.number,
        "families": found.families,
        "oldest": found.oldest.isoformat() if found.oldest else None,
        "by_band": dict(found.by_band),
        "by_reason": dict(found.by_reason),
    }


def _causes(scope: Scope, period: Period, today: date) -> dict[str, int]:
    """Why what was late in the period was so, as the cases stood when the report was made."""
    return dict(why_late(scope, period, today).values_list("reason").annotate(Count("pk")))


def _moves(scope: Scope, period: Period) -> list[dict]:
    came, left = (by_month(moves(scope, period, name), period) for name in (ARRIVED, LEFT))
    return [
        {
            "month": month.isoformat(),
            "came": came[month]._asdict() if month in came else {"persons": 0, "families": 0},
            "left": left[month]._asdict() if month in left else {"persons": 0, "families": 0},
        }
        for month in period.months
    ]


def _forecast(duties: list[Duty], scope: Scope, today: date) -> dict:
    names, capacity = local_names(), forecast.capacity_of(scope)
    pace = forecast.pace_of(scope, today)
    slips = forecast.expected_slips(duties, scope, today, pace)
    by_rule = Counter(noun_of(slip.rule, names) for slip in slips)
    return {
        "slips": len(slips),
        "by_rule": dict(by_rule.most_common()),
        "pace": round(pace.per_week, 1),
        "capacity": capacity or round(pace.per_week) or None,
        "is_set": bool(capacity),
        "weeks": [
            {
                "monday": week.monday.isoformat(),
                "known": week.known,
                "expected": week.expected,
                "arrivals": round(week.arrivals, 1),
            }
            for week in forecast.coming_weeks(duties, scope, today, moves(scope, forecast.paces(today)[0], ARRIVED))
        ],
    }


# --- The six areas ----------------------------------------------------------------------------


def before_of(period: Period) -> Period:
    """As many months before the period as are in it."""
    first = last = month_of(period.first - timedelta(days=1))
    for _month in period.months[1:]:
        first = month_of(first - timedelta(days=1))
    return Period(first, last_day(last))


def evaluation(scope: Scope, first: date, last: date, today: date, tell: Tell) -> dict:
    """The months from first to last by the strategy's areas; tell is called EVALUATION_PARTS times."""
    period = period_of(first, last, today)
    before = before_of(period)
    found = tallies(scope, Period(min(before.first, _charted(period).first), period.last), today)
    tell()
    rules = _rules(found, scope, period, before, today)
    tell()
    causes, actions = _causes_by_area(scope, period, today), actions_of(period)
    tell()
    return {
        **_head(period, today),
        "before": [before.first.isoformat(), before.last.isoformat()],
        "areas": [
            {
                "key": area.key,
                "paragraph": area.paragraph,
                "title": str(area.title),
                "goals": [str(goal) for goal in area.goals],
                "rules": [row for row in rules if row["area"] == area.key],
                "causes": dict(causes[area.key]),
                "actions": actions[area.key],
            }
            for area in AREAS
        ],
    }


EVALUATION_PARTS = 3


def _causes_by_area(scope: Scope, period: Period, today: date) -> Mapping[str, Counter[str]]:
    areas = area_by_rule()
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for rule, why, number in why_late(scope, period, today).values_list("rule", "reason").annotate(Count("pk")):
        found[areas.get(rule, "")][why] += number
    return found


def actions_of(period: Period) -> Mapping[str, list[dict]]:
    """Area → the actions of the strategy's catalogue, as they stood at the end of the period. One query.

    Each {title, status, since, owner, due_on, is_overdue, note}, days in ISO or None.
    """
    found: dict[str, list[dict]] = defaultdict(list)
    for then in actions_in(period.first, period.last):
        action = then.action
        found[action.area].append(
            {
                "title": action.title,
                "status": str(then.status.label),
                "since": then.since.isoformat(),
                "owner": action.owner.name if action.owner else "",
                "due_on": action.due_on.isoformat() if action.due_on else None,
                "is_overdue": then.was_overdue,
                "note": action.note,
            }
        )
    return found
