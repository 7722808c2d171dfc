"""The panels of Fristoverholdelse, prepared so that the templates only print."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, timedelta

from django.db.models import Count
from django.utils.translation import gettext as _

from board.models import Goals
from board.services import charts as drawing
from board.services.captions import in_words
from board.services.cells import FAMILIES, NOBODY, PERSONS
from board.services.columns import COLUMNS, ROLES, noun_of, role_of
from board.services.compliance import FEW, Period, Tallies, Tally, sum_of, total, why_late
from board.services.flow import Here, Moves, Times, by_month, times_of
from board.services.open_duties import BAND_LABELS, REASONS, Overdue, OwnerLoad
from board.services.outcomes import KINDS
from board.services.scope import Scope
from board.services.snapshots import last_day, month_of
from board.services.wording import change, decimal, month_name, share, short_month, small_label
from board.views.wording import Numbers
from cases.formats import plural, thousands
from deadlines.models import Cause, Group, Kind, Term
from reception.rules import MIN_PLAN

DEEPEST = 5  # steps of colour in the heat map


# --- The four figures at the top --------------------------------------------------------------


def kpis(
    tallies: Tallies,
    late: Mapping[int, Overdue],
    histograms: Mapping[str, Counter],
    people: Here,
    aims: Goals,
    terms: Mapping[str, Term],
    numbers: Numbers,
    period: Period,
    today: date,
) -> list[dict]:
    return [
        _kept_kpi(tallies, aims, numbers, period, today),
        _late_kpi(late, numbers, today),
        _time_kpi(histograms, terms, numbers),
        {
            "label": _("I modtagelse"),
            "value": thousands(people.families),
            "unit": plural(people.families, _("familie"), _("familier")).partition(" ")[2],
            "text": _("%(persons)s personer, heraf %(children)s børn.")
            % {"persons": thousands(people.persons), "children": thousands(people.children)},
            "url": "",
            "tone": "",
        },
    ]


def _kept_kpi(tallies: Tallies, aims: Goals, numbers: Numbers, period: Period, today: date) -> dict:
    month = month_of(period.last)
    before = month_of(month - timedelta(days=1))
    kind = Kind.SERVICE_GOAL.value
    tally, last = total(tallies, kind=kind, month=month), total(tallies, kind=kind, month=before)
    shown = numbers.share(tally, period=month_within(month, period), kind=kind)
    value, _space, unit = shown["text"].partition(" ")
    words = {"goal": aims.service_goal, "n": tally.counted}
    goal = _("Mål %(goal)d %%, n = %(n)d.") % words if shown["n"] else _("Mål %(goal)d %%.") % words
    return {
        "label": _("Servicemål til tiden, %s") % month_name(month, today),
        "value": value,
        "unit": unit,
        "text": f"{change(tally, last, month_name(before, today))} {goal}".strip(),
        "url": shown["url"],
        "tone": "",
    }


def _late_kpi(late: Mapping[int, Overdue], numbers: Numbers, today: date) -> dict:
    over, passed = late[Group.OVERDUE], late[Group.PASSED]
    parts = []
    if over.number:
        families = plural(over.families, _("familie"), _("familier"))
        days = plural((today - over.oldest).days, _("dag"), _("dage"))
        parts.append(_("I %(families)s. Den ældste er %(days)s over.") % {"families": families, "days": days})
    if passed.number:
        parts.append(_("Desuden %s passerede lokale mål.") % thousands(passed.number))
    return {
        "label": _("Overskredne lige nu"),
        "value": thousands(over.number),
        "unit": "",
        "text": " ".join(parts) or _("Ingen frist er overskredet."),
        "url": numbers.url("overskredet") if over.number else "",
        "tone": "over" if over.number else "",
    }


def _time_kpi(histograms: Mapping[str, Counter], terms: Mapping[str, Term], numbers: Numbers) -> dict:
    found, term = histograms.get(MIN_PLAN.key), in_words(terms.get(MIN_PLAN.key))
    label = _("Tid til Min plan, median")
    if not found or found.total() < FEW:
        text = _("Krav: %s. For få i perioden til en median.") % term if term else _("For få i perioden til en median.")
        return {"label": label, "value": "–", "unit": "", "text": text, "url": "", "tone": ""}
    times = times_of(found)
    words = {"term": term or "–", "days": times.nine_of_ten, "n": times.number}
    return {
        "label": label,
        "value": decimal(times.median),
        "unit": _("dage"),
        "text": _("Krav: %(term)s. 9 af 10 klar på dag %(days)d, n = %(n)d.") % words,
        "url": numbers.url("gjort", rule=MIN_PLAN.key),
        "tone": "",
    }


def month_within(month: date, period: Period) -> Period:
    """The days of the month that lie in the period."""
    return Period(max(month, period.first), min(last_day(month), period.last))


# --- Kinds and roles --------------------------------------------------------------------------


def kinds(tallies: Tallies, aims: Goals, numbers: Numbers) -> list[dict]:
    """Laws, goals and local targets apart, persons and families apart."""
    return [
        {"kind": kind.label, "goal": aims.of(kind), "who": label, **_row(tally, numbers, kind=kind.value, who=who)}
        for kind in KINDS
        for who, label in ((PERSONS, _("Personer")), (FAMILIES, _("Familier")))
        if (tally := total(tallies, kind=kind.value, household=who == FAMILIES)).counted
    ]


def _row(tally: Tally, numbers: Numbers, **dims: str) -> dict:
    return {
        "share": numbers.share(tally, **dims),
        "counted": numbers.cell(tally.counted, "talt", **dims),
        "late": numbers.cell(tally.late, "for-sent", **dims),
        "extended": thousands(tally.extended),
        "waiting": thousands(tally.waiting),
        "known_late": thousands(tally.known_late),
        "with_new": share(tally.on_time + tally.extended, tally.counted),
    }


def roles(tallies: Tallies, numbers: Numbers) -> list[dict]:
    """By who answers for the duty, whoever the family's caseworker is."""
    return [
        {
            "role": label,
            "cells": [
                numbers.share(
                    sum_of(
                        tally for part, tally in tallies.items() if part.kind == kind and role_of(part.rule) == word
                    ),
                    role=word,
                    kind=kind.value,
                )
                | {"label": kind.label}
                for kind in KINDS
            ],
        }
        for word, label in ROLES
    ]


# --- Rule by rule and month by month ----------------------------------------------------------


def charts(
    tallies: Tallies,
    aims: Goals,
    names: dict[str, str],
    terms: Mapping[str, Term],
    numbers: Numbers,
    period: Period,
    today: date,
) -> list[dict]:
    """One group per kind: a small chart per rule, and the table behind them."""
    found = []
    for kind in KINDS:
        known = _by_month(tallies, kind)
        rules = sorted({rule for rule, _month in known}, key=lambda rule: noun_of(rule, names))
        if not rules:
            continue
        by_month = {rule: [known.get((rule, month), Tally()) for month in period.months] for rule in rules}
        found.append(
            {
                "kind": kind.label,
                "goal": aims.of(kind),
                "smalls": [
                    _small(rule, by_month[rule], kind, aims.of(kind), names, terms, numbers, period, today)
                    for rule in rules
                ],
                "months": [short_month(month) for month in period.months],
                "rows": [
                    {
                        "rule": noun_of(rule, names),
                        "cells": [
                            numbers.share(tally, period=month_within(month, period), kind=kind.value, rule=rule)
                            for month, tally in zip(period.months, by_month[rule], strict=True)
                        ],
                    }
                    for rule in rules
                ],
            }
        )
    return found


def _by_month(tallies: Tallies, kind: Kind) -> dict[tuple[str, date], Tally]:
    """(rule, month) → the tally of persons and households together."""
    found: dict[tuple[str, date], Tally] = defaultdict(Tally)
    for part, tally in tallies.items():
        if part.kind == kind:
            found[part.rule, part.month] += tally
    return found


def _small(
    rule: str,
    by_month: list[Tally],
    kind: Kind,
    goal: int,
    names: dict[str, str],
    terms: Mapping[str, Term],
    numbers: Numbers,
    period: Period,
    today: date,
) -> dict:
    whole = sum_of(by_month)
    values = [tally.percent for tally in by_month]
    months = period.months
    title = noun_of(rule, names)
    return {
        "title": title,
        "share": numbers.share(whole, kind=kind.value, rule=rule),
        "chart": drawing.small(values, goal),
        "caption": in_words(terms.get(rule)),
        "label": small_label(title, values, months, goal, today),
        "first": short_month(months[0]),
        "last": short_month(months[-1]) if len(months) > 1 else "",
    }


# --- Late now ---------------------------------------------------------------------------------


def late(found: Mapping[int, Overdue], numbers: Numbers, today: date) -> dict:
    over = found[Group.OVERDUE]
    most = max(over.by_band.values(), default=1)
    bands = [
        {
            "label": label,
            "width": round(100 * over.by_band.get(word, 0) / most),
            "depth": depth,
            **numbers.cell(over.by_band.get(word, 0), "overskredet", band=word),
        }
        for depth, (word, label) in enumerate(BAND_LABELS.items(), 1)
    ]
    reasons = sorted(over.by_reason.items(), key=lambda each: (-each[1], each[0]))
    return {
        "total": _("%s i alt") % thousands(over.number),
        "number": over.number,
        "bands": bands,
        "reasons": [
            {"label": REASONS[word], **numbers.cell(number, "overskredet", reason=word)} for word, number in reasons
        ],
        "passed": numbers.cell(found[Group.PASSED].number, "passeret"),
    }


def causes(scope: Scope, period: Period, today: date, numbers: Numbers) -> list[dict]:
    """Why what was late in the period was so, as the cases stand today."""
    counted = dict(why_late(scope, period, today).values_list("reason").annotate(Count("pk")))
    return [
        {"label": REASONS[word], "known": word in Cause, **numbers.cell(number, "sene-nu", reason=word)}
        for word, number in sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    ]


# --- Work of the next fourteen days -----------------------------------------------------------


def heat(loads: list[OwnerLoad], numbers: Numbers) -> dict:
    shown = [column for column in COLUMNS if any(column.word in each.cells for each in loads)]
    return {
        "columns": [column.title for column in shown],
        "rows": [
            {
                "name": each.name or _("Ingen"),
                "cells": [_heat_cell(each, column.word, numbers) for column in shown],
                "total": {
                    **numbers.cell(each.total.number, "naeste", owner=str(each.owner or NOBODY)),
                    "late": each.total.late,
                },
            }
            for each in loads
        ],
    }


def _heat_cell(owner: OwnerLoad, word: str, numbers: Numbers) -> dict:
    load = owner.cells.get(word)
    number = load.number if load else 0
    return {
        **numbers.cell(number, "naeste", owner=str(owner.owner or NOBODY), column=word),
        "late": load.late if load else 0,
        "depth": min(number, DEEPEST),
    }


# --- Times and moves --------------------------------------------------------------------------


def times(
    histograms: Mapping[str, Counter], names: dict[str, str], terms: Mapping[str, Term], numbers: Numbers
) -> list[dict]:
    found = []
    for rule in sorted(histograms, key=lambda each: noun_of(each, names)):
        here: Times = times_of(histograms[rule])
        few = here.number < FEW
        found.append(
            {
                "rule": noun_of(rule, names),
                "median": _("for få") if few else decimal(here.median),
                "nine": "–" if few else str(here.nine_of_ten),
                "term": in_words(terms.get(rule)) or "–",
                "n": numbers.cell(here.number, "gjort", rule=rule),
            }
        )
    return found


def moves(came: list[Moves], left: list[Moves], period: Period, numbers: Numbers, today: date) -> list[dict]:
    came, left = by_month(came, period), by_month(left, period)
    return [
        {
            "month": month_name(month, today),
            "came": thousands(came[month].persons) if month in came else "0",
            "came_families": thousands(came[month].families) if month in came else "0",
            "left": thousands(left[month].persons) if month in left else "0",
            "left_families": thousands(left[month].families) if month in left else "0",
        }
        for month in period.months
    ]
