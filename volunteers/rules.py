"""The duties towards the local community: volunteer organisation, contact person, leisure.

Source: the strategy § 6 ("straks efter ankomst"; the numbers are local targets). All three belong to the household.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.choices import CONTACT_CONSENT
from cases.formats import day_month
from cases.household import Period, households
from cases.models import Consent
from deadlines.rules import Fact, Rule, in_period
from volunteers.models import Introduction, LeisureIntroduction

AFTER_LAST = gettext_lazy("den seneste kontaktpersons stop")


def introduction_facts(cases, *, today: date) -> Iterable[Fact]:
    rows = Introduction.objects.standing().filter(case__in=cases).order_by("on", "pk")
    told = _by_case(rows.values_list("case_id", "on", "organisation__name"))
    for period in households(cases):
        start = period.first("arrived_on")
        waits_for = "" if start else "arrived_on"
        yield Fact(
            period.case_id,
            None,
            period.number,
            start,
            waits_for=waits_for,
            start_note="arrived_on",
            **_first_in(period, told),
        )


def leisure_facts(cases, *, today: date) -> Iterable[Fact]:
    """No Term, so no date: the step stands from the arrival, or from the registration while that is missing."""
    rows = LeisureIntroduction.objects.standing().filter(case__in=cases).order_by("on", "pk")
    told = _by_case(rows.values_list("case_id", "on", "activity"))
    for period in households(cases):
        start = period.first("arrived_on") or period.case.registered_on
        yield Fact(period.case_id, None, period.number, start, start_note="arrived_on", **_first_in(period, told))


def _by_case(rows) -> dict[int, list[tuple[date, str]]]:
    found = defaultdict(list)
    for case_id, on, what in rows:
        found[case_id].append((on, what))
    return found


def _first_in(period: Period, told: dict[int, list[tuple[date, str]]]) -> dict:
    """The columns of a Fact that the household's first introduction in the period settles."""
    for on, what in told.get(period.case_id, ()):
        if in_period(on, period):
            return {"met_on": on, "evidence": _("Introduceret til %s") % what}
    return {}


@dataclass(frozen=True, slots=True)
class Tie:
    """A standing match as the chain needs it; name is empty when the family wanted none."""

    round: int
    started_on: date
    ended_on: date | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """The newest consent to share with a contact person."""

    given_on: date
    withdrawn_on: date | None


def contact_facts(cases, *, today: date) -> Iterable[Fact]:
    """Rounds of contact person: one per match, and an open one whenever nobody is tied to a household that is here."""
    ties = dict(_ties(cases))
    for _pk, group in groupby(households(cases), key=lambda period: period.case_id):
        periods = list(group)
        matches, asked = ties[periods[0].case_id]
        yield from chain(periods, matches, asked)


def _ties(cases) -> Iterable[tuple[int, tuple[list[Tie], Asked | None]]]:
    """Per case its standing matches and its newest consent, in one query."""
    newest = Consent.objects.filter(case=OuterRef("pk"), what=CONTACT_CONSENT).order_by("-given_on", "-pk")
    consent = newest.values(data=JSONObject(given_on=F("given_on"), withdrawn_on=F("withdrawn_on")))
    rows = (
        cases.order_by("pk", "matches__round")
        .annotate(asked=Subquery(consent[:1]))
        .values_list(
            "pk",
            "asked",
            "matches__round",
            "matches__started_on",
            "matches__ended_on",
            "matches__annulled_on",
            "matches__volunteer__name",
        )
    )
    for pk, group in groupby(rows, key=lambda row: row[0]):
        members = list(group)
        ties = [Tie(row[2], row[3], row[4], row[6] or "") for row in members if row[2] is not None and row[5] is None]
        yield pk, (ties, _asked(members[0][1]))


def _asked(data: dict | None) -> Asked | None:
    if data is None:
        return None
    withdrawn = data["withdrawn_on"]
    return Asked(date.fromisoformat(data["given_on"]), date.fromisoformat(withdrawn) if withdrawn else None)


def chain(periods: Sequence[Period], matches: Sequence[Tie], asked: Asked | None) -> Iterable[Fact]:
    """The rounds of one household, oldest first. Pure.

    A round starts with the first arrival of a period or with the end of the last match. A round whose only row was
    annulled while a later one stands was no duty of its own: it falls away on its first day.
    """
    held, at, number = {tie.round: tie for tie in matches}, 0, 1
    start, note = periods[0].first("arrived_on"), "arrived_on"
    while True:
        period, tie = periods[at], held.get(number)
        over = period.until if at + 1 < len(periods) else None
        following = min(
            (other for other in matches if other.round > number), key=lambda other: other.round, default=None
        )
        if tie is None and following and not (over and following.started_on > over):
            yield _open(period, number, start, note, ends_on=start or following.started_on)
            number += 1
            continue
        if tie:
            yield _tied(period, number, start, note, tie)
            ended = tie.ended_on or over
        else:
            yield _open(period, number, start, note, evidence=asking(asked, period), ends_on=over)
            ended = over
        if ended is None:
            return
        number += 1
        start, note = ended, AFTER_LAST
        if over and ended >= over:
            at += 1
            start, note = periods[at].first("arrived_on"), "arrived_on"


def _open(
    period: Period, number: int, start: date | None, note: str, *, ends_on: date | None, evidence: str = ""
) -> Fact:
    waits_for = "" if start else "arrived_on"
    return Fact(
        period.case_id,
        None,
        number,
        start,
        waits_for=waits_for,
        start_note=str(note),
        evidence=evidence,
        ends_on=ends_on,
    )


def _tied(period: Period, number: int, start: date | None, note: str, tie: Tie) -> Fact:
    waits_for = "" if start else "arrived_on"
    return Fact(
        period.case_id,
        None,
        number,
        start,
        waits_for=waits_for,
        start_note=str(note),
        met_on=tie.started_on,
        evidence=tie_sentence(tie.name),
    )


def tie_sentence(volunteer: str) -> str:
    return _("Kontaktperson: %s") % volunteer if volunteer else _("Familien ønsker ikke en kontaktperson")


def asking(asked: Asked | None, period: Period) -> str:
    """Where the consent of this stay stands: nobody is named to a volunteer before the family has said yes."""
    if asked is None or asked.given_on <= period.after:
        return _("Familien er ikke spurgt")
    if asked.withdrawn_on:
        return _("Familien trak sit samtykke tilbage %s") % day_month(asked.withdrawn_on)
    return _("Familien har sagt ja %s") % day_month(asked.given_on)


INTRODUCTION = Rule(
    key="volunteers.introduction",
    title=gettext_lazy("Introducér familien til en frivillig organisation"),
    noun=gettext_lazy("Frivillig organisation"),
    facts=introduction_facts,
    act=gettext_lazy("Registrér introduktion"),
    household=True,
)
CONTACT_PERSON = Rule(
    key="volunteers.contact_person",
    title=gettext_lazy("Find en kontaktperson til familien"),
    noun=gettext_lazy("Kontaktperson"),
    facts=contact_facts,
    act=gettext_lazy("Vælg kontaktperson"),
    household=True,
)
LEISURE_INTRODUCTION = Rule(
    key="volunteers.leisure_introduction",
    title=gettext_lazy("Introducér familien til fritid og foreninger"),
    noun=gettext_lazy("Fritid og foreninger"),
    facts=leisure_facts,
    act=gettext_lazy("Registrér introduktion"),
    household=True,
)
RULES = (INTRODUCTION, CONTACT_PERSON, LEISURE_INTRODUCTION)
