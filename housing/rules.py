"""The household's duties about a roof, and the takeover of responsibility.

Sources: strategy § 2; integrationsloven §§ 4 and 12.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from cases.choices import PermitState
from cases.formats import day_month
from cases.household import Period, households
from cases.models import Permit, Stay
from deadlines.rules import Fact, Rule, days_before, earliest, in_period
from deadlines.setting import permit_now
from housing.models import Answer, Placement, PlacementKind

DAYS_AHEAD = 30
GRANTING = (PermitState.GRANTED, PermitState.EXTENDED)


def placements_of(cases) -> dict[int, list[Placement]]:
    """Standing placements by case, the earliest offer first. One query."""
    found = defaultdict(list)
    rows = Placement.objects.standing().filter(case__in=cases).select_related("dwelling", "host")
    for row in rows.order_by("case_id", "offered_on", "number"):
        found[row.case_id].append(row)
    return found


def declined(row: Placement) -> bool:
    return row.answer == Answer.DECLINED


def offer_text(row: Placement) -> str:
    """ "Tilbudt Rønneholt 4, st. th. 12. apr." with the answer where the family said no."""
    text = _t("Tilbudt %(home)s %(day)s") % {"home": row.home, "day": day_month(row.offered_on)}
    return _t("%s, familien sagde nej") % text if declined(row) else text


# lodging before the permit


def came_on(stay: Stay) -> date | None:
    return earliest([stay.staying_since, stay.arrived_on])


def granted_since(history: list[Permit], came: date) -> date | None:
    """The day the person has a permit, counted from the day of coming; None while there is none.

    A permit that has lapsed before the coming does not count, one that is revoked afterwards does.
    """
    held = permit_now([permit for permit in history if permit.since <= came]).granted_on
    if held and held <= came:
        return came
    days = (permit.granted_on or permit.since for permit in history if permit.state in GRANTING)
    return min((day for day in days if day > came), default=None)


def permits_of(cases) -> dict[int, list[Permit]]:
    history = defaultdict(list)
    for permit in Permit.objects.filter(person__case__in=cases, annulled_on=None).order_by("since", "pk"):
        history[permit.person_id].append(permit)
    return history


def waiting_members(period: Period, permits: dict[int, list[Permit]]) -> list[tuple[Stay, date, date | None]]:
    """(stay, day of coming, day of the grant) of those who were here before they had a permit."""
    found = []
    for stay in period.stays:
        came = came_on(stay)
        if came is None:
            continue
        came = max(came, stay.person.joined_on or came)
        granted = granted_since(permits[stay.person_id], came)
        if granted is None or granted > came:
            found.append((stay, came, granted))
    return found


def may_come_without(period: Period, permits: dict[int, list[Permit]], today: date) -> bool:
    """Nobody has a permit and nobody is expected later: only the day of coming is missing."""
    known = [came_on(stay) or (stay.expected_on and stay.expected_on > today) for stay in period.stays]
    return not any(known) and not any(permit_now(permits[stay.person_id]).granted_on for stay in period.stays)


def lodging_before_permit(cases, *, today: date) -> Iterator[Fact]:
    """Three queries. The duty ends when the last of those who came without a permit has one, or has left."""
    permits, placements = permits_of(cases), placements_of(cases)
    for period in households(cases):
        waiting = waiting_members(period, permits)
        if not waiting and not may_come_without(period, permits, today):
            continue
        start = min((came for _stay, came, _granted in waiting), default=None)
        ends = [earliest([granted, stay.left_on]) for stay, _came, granted in waiting]
        met, evidence = lodged(placements[period.case_id], period)
        first = next((stay for stay, came, _granted in waiting if came == start), None)
        yield Fact(
            period.case_id,
            round=period.number,
            starts_on=start,
            met_on=met,
            evidence=evidence,
            waits_for="" if start else "arrived_on",
            start_note="staying_since" if first and first.staying_since == start else "arrived_on",
            ends_on=max(ends) if ends and None not in ends else None,
        )


def lodged(rows: Iterable[Placement], period: Period) -> tuple[date | None, str]:
    """Placed in any home that was not declined; the family may have moved in before anyone wrote the offer."""
    own = [row for row in rows if in_period(row.offered_on, period)]
    roofs = [(min(row.begins, row.offered_on), row) for row in own if not declined(row)]
    if roofs:
        on, row = min(roofs, key=lambda pair: pair[0])
        return on, _t("Indkvarteret: %(home)s %(day)s") % {"home": row.home, "day": day_month(on)}
    return None, offer_text(own[-1]) if own else ""


# the offer after visitation


def temporary_offer(cases, *, today: date) -> Iterator[Fact]:
    """Met by the offer, also when the family says no. Lodging before the permit doesn't meet it."""
    placements = placements_of(cases)
    for period in households(cases):
        own = [row for row in placements[period.case_id] if in_period(row.offered_on, period)]
        offers = [row for row in own if row.kind != PlacementKind.LODGING]
        start = period.first("visitation_on")
        shown = offers[0] if offers else (own[-1] if own else None)
        yield Fact(
            period.case_id,
            round=period.number,
            starts_on=start,
            met_on=offers[0].offered_on if offers else None,
            evidence=offer_text(shown) if shown else "",
            waits_for="" if start else "visitation_on",
            start_note="visitation_on",
        )


# the takeover


def takeover(cases, *, today: date) -> Iterator[Fact]:
    """Met on responsibility_from itself, as soon as it is written and also while it lies ahead.

    The record doesn't know on which day the two sides agreed, so no other day would stand still; and this one tells
    whether the responsibility passes within the term. It is the one met day that may lie in the future.
    """
    for stay in Stay.objects.of(cases):
        agreed = stay.responsibility_from
        yield Fact(
            stay.person.case_id,
            stay.person_id,
            stay.round,
            starts_on=stay.visitation_on,
            met_on=agreed,
            evidence=_t("Ansvaret overtages %s") % day_month(agreed) if agreed else "",
            waits_for="" if stay.visitation_on else "visitation_on",
            start_note="visitation_on",
        )


# the next home


def next_home(cases, *, today: date) -> Iterator[Fact]:
    """One round per placement with an end; due on the day it ends, met by the household's next placement."""
    placements, periods = placements_of(cases), defaultdict(list)
    for period in households(cases):
        periods[period.case_id].append(period)
    for case_id, rows in placements.items():
        homes = sorted((row for row in rows if not declined(row)), key=lambda row: (row.begins, row.number))
        for at, row in enumerate(homes):
            if row.end:
                yield _next_home(row, homes[at + 1 : at + 2], periods[case_id])


def _next_home(row: Placement, following: list[Placement], periods: list[Period]) -> Fact:
    period = next((period for period in periods if in_period(row.begins, period)), None)
    living = _t("Bor %(home)s til %(day)s") % {"home": row.home, "day": day_month(row.end)}
    return Fact(
        row.case_id,
        round=row.number,
        starts_on=days_before(row.end, DAYS_AHEAD),
        due_on=row.end,
        met_on=following[0].offered_on if following else None,
        evidence=offer_text(following[0]) if following else living,
        ends_on=period.until if period else None,
        period=period.number if period else None,
    )


LODGING = Rule(
    "housing.lodging_before_permit",
    _("Indkvartér familien, mens den venter på opholdstilladelse"),
    _("Indkvartering før tilladelse"),
    lodging_before_permit,
    act=_("Registrér indkvartering"),
    permit="any",
    household=True,
)
TEMPORARY_OFFER = Rule(
    "housing.temporary_offer",
    _("Tilbyd en midlertidig bolig"),
    _("Midlertidig bolig"),
    temporary_offer,
    act=_("Registrér boligplacering"),
    household=True,
)
TAKEOVER = Rule("housing.takeover", _("Aftal, hvornår ansvaret overtages"), _("Overtaget ansvar"), takeover)
NEXT_HOME = Rule(
    "housing.next_home",
    _("Find næste bolig"),
    _("Næste bolig"),
    next_home,
    act=_("Registrér boligplacering"),
    household=True,
)
RULES = (LODGING, TEMPORARY_OFFER, TAKEOVER, NEXT_HOME)
