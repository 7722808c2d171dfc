"""Proposals: the volunteers of the register against the households that wait."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from cases.models import Case
from volunteers import matching
from volunteers.matching import MOST_PROPOSALS, Helper, Need, Proposal
from volunteers.models import Pause, Volunteer
from volunteers.services.households import needs, spoken, words


def pauses(*, on: date) -> dict[int, date]:
    """volunteer → the last day of the pause that runs, date.max without an end. One query."""
    runs = Pause.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on, volunteer__isnull=False)
    found: dict[int, date] = {}
    for volunteer, ends_on in runs.values_list("volunteer_id", "ends_on"):
        found[volunteer] = max(ends_on or date.max, found.get(volunteer, date.min))
    return found


def helper_of(volunteer: Volunteer, paused_until: date | None = None) -> Helper:
    """The volunteer as matching sees one; needs `with_load` and the locality."""
    return Helper(
        pk=volunteer.pk,
        name=volunteer.name,
        languages=spoken(volunteer.languages),
        town=volunteer.locality.name if volunteer.locality else "",
        postal_code=volunteer.locality.postal_code if volunteer.locality else "",
        children=frozenset(volunteer.child_ages),
        interests=words(volunteer.interests),
        load=volunteer.load,
        capacity=volunteer.capacity,
        active=volunteer.active,
        paused_until=paused_until,
        certificate=volunteer.certificate,
        assessed_on=volunteer.certificate_assessed_on,
        has_sworn=volunteer.secrecy_signed_on is not None,
    )


def helpers(*, on: date) -> list[Helper]:
    """The active volunteers. Two queries."""
    paused = pauses(on=on)
    found = Volunteer.objects.with_load().filter(active=True).select_related("locality")
    return [helper_of(volunteer, paused.get(volunteer.pk)) for volunteer in found]


def need_of(case: Case, *, on: date) -> Need:
    return needs([case], on=on)[0]


def obstacle(case: Case, volunteer: Volunteer, *, on: date) -> str:
    """Why the family can't have this volunteer, asked anew of the database; empty when nothing is in the way."""
    fresh = Volunteer.objects.with_load().select_related("locality").get(pk=volunteer.pk)
    return matching.obstacle(need_of(case, on=on), helper_of(fresh, pauses(on=on).get(fresh.pk)), on=on)


def best(need: Need, found: Sequence[Helper], *, on: date, most: int = MOST_PROPOSALS) -> list[Proposal]:
    """The best of those who can be chosen."""
    return [matching.proposal(need, helper, on=on) for helper in matching.ranked(need, found, on=on)[:most]]


def stopped(need: Need, found: Sequence[Helper], *, on: date) -> list[Proposal]:
    """Those who can't be chosen and why, the best first."""
    held = [helper for helper in found if matching.stop(need, helper, on=on)]
    return [
        matching.proposal(need, helper, on=on) for helper in sorted(held, key=lambda each: matching.order(need, each))
    ]


def for_case(case: Case, *, on: date) -> list[Proposal]:
    """Every active volunteer for this family: who can be chosen first, the best first."""
    need, found = need_of(case, on=on), helpers(on=on)
    return [*best(need, found, on=on, most=len(found)), *stopped(need, found, on=on)]


def in_words(proposal: Proposal) -> str:
    """ "taler ukrainsk · bor i Lynge · mangler tavshedserklæring"."""
    return " · ".join((*proposal.reasons, *proposal.cautions)) or _("ingen særlige fælles træk")


def cards(need: Need, found: Sequence[Proposal]) -> list[dict]:
    """The proposals with what the register says of each, and whether they were asked: one query."""
    rows = Volunteer.objects.select_related("organisation").in_bulk([proposal.helper.pk for proposal in found])
    return [
        {
            "proposal": proposal,
            "volunteer": rows[proposal.helper.pk],
            "asked": proposal.helper.pk in need.answers,
            "agreed": bool(need.answers.get(proposal.helper.pk)),
        }
        for proposal in found
    ]
