"""Which volunteer suits which family, and why. Pure: no query, no clock; whoever asks reads the facts.

Every reason is worth some points, and the points are all there is: the order of the proposals and the assignment of
a whole evening come from the same numbers that the page says in words. Source: the strategy § 6 ("kontaktperson",
"straks efter ankomst"). Hard stops: a børneattest where there are children under 15, a free place, a pause, and for
a protected family a signed declaration of secrecy as well.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from cases.formats import join_names, long_date, plural
from volunteers.models import Certificate

LANGUAGE, SAME_TOWN, SAME_POSTCODE, CHILDREN, INTEREST, MOST_INTERESTS, ROOM, KNOWN = 40, 20, 10, 15, 5, 15, 10, 10
MOST_PROPOSALS = 5
# Of one evening's assignment: a family more outweighs all waiting, a day of waiting all points.
LONGEST_WAIT = 365
A_DAY = 1_000_000
A_FAMILY = A_DAY * LONGEST_WAIT * 10_000


@dataclass(frozen=True, slots=True)
class Need:
    """A household that waits for a contact person.

    languages, wishes: words in lower case; children: age bands ("6–12"); young: a child under 15; days: how long it
    has waited; known: volunteers who were its contact person, and whether they may be proposed again; answers: those
    who were asked first, and what they said (None: nothing yet).
    """

    case_id: int
    languages: frozenset[str] = frozenset()
    town: str = ""
    postal_code: str = ""
    children: frozenset[str] = frozenset()
    wishes: frozenset[str] = frozenset()
    young: bool = False
    protected: bool = False
    days: int = 0
    known: Mapping[int, bool] = field(default_factory=dict)
    answers: Mapping[int, bool | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Helper:
    """A volunteer. load: families now; paused_until: the last day of a pause that runs, date.max without an end."""

    pk: int
    name: str
    languages: frozenset[str] = frozenset()
    town: str = ""
    postal_code: str = ""
    children: frozenset[str] = frozenset()
    interests: frozenset[str] = frozenset()
    load: int = 0
    capacity: int = 1
    active: bool = True
    paused_until: date | None = None
    certificate: str = Certificate.REQUIRED
    assessed_on: date | None = None
    has_sworn: bool = False


class Stop(TextChoices):
    """The hard stops, in words after the volunteer's name."""

    INACTIVE = "inactive", _l("er ikke aktiv")
    PAUSED = "paused", _l("holder pause")
    FULL = "full", _l("har allerede familier nok")
    TRIED = "tried", _l("har været prøvet, og familien ønskede en anden")
    DECLINED = "declined", _l("har sagt nej, da vi spurgte")
    REJECTED = "rejected", _l("kan ikke knyttes til en familie med børn under 15 år")
    CERTIFICATE = "certificate", _l("har ingen vurderet børneattest, og der er børn under 15 år")
    CERTIFICATE_PROTECTED = "certificate_protected", _l("har ingen vurderet børneattest, og familien er beskyttet")
    SECRECY = "secrecy", _l("har ikke underskrevet tavshedserklæring, og familien er beskyttet")


class Points(NamedTuple):
    """What speaks for a pair, each in points; 0: nothing."""

    language: int
    place: int
    children: int
    interests: int
    room: int
    known: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """reasons and cautions in words; obstacle is empty when the volunteer can be chosen."""

    helper: Helper
    score: int
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]
    obstacle: str = ""


def stop(need: Need, helper: Helper, *, on: date) -> Stop | None:
    """What is in the way of this pair."""
    if not helper.active:
        return Stop.INACTIVE
    if helper.paused_until:
        return Stop.PAUSED
    if helper.load >= helper.capacity:
        return Stop.FULL
    if need.known.get(helper.pk) is False:
        return Stop.TRIED
    if need.answers.get(helper.pk) is False:
        return Stop.DECLINED
    return _missing_paper(need, helper, on) if need.young or need.protected else None


def _missing_paper(need: Need, helper: Helper, on: date) -> Stop | None:
    if helper.certificate == Certificate.REJECTED:
        return Stop.REJECTED
    if not (helper.certificate == Certificate.CLEARED and helper.assessed_on and helper.assessed_on <= on):
        return Stop.CERTIFICATE if need.young else Stop.CERTIFICATE_PROTECTED
    return Stop.SECRECY if need.protected and not helper.has_sworn else None


def obstacle(need: Need, helper: Helper, *, on: date) -> str:
    """Why the family can't have this volunteer, in words after the name; empty when nothing is in the way."""
    found = stop(need, helper, on=on)
    if found is Stop.PAUSED and helper.paused_until != date.max:
        return _("holder pause til %s") % long_date(helper.paused_until)
    if found is Stop.FULL and helper.capacity == 0:
        return _("tager ingen familier nu")
    if found is Stop.FULL:
        return _("har allerede %s") % plural(helper.load, _("familie"), _("familier"))
    return str(found.label) if found else ""


def points(need: Need, helper: Helper) -> Points:
    same_town = need.town != "" and need.town == helper.town
    near = need.postal_code != "" and need.postal_code == helper.postal_code
    return Points(
        LANGUAGE if not need.languages.isdisjoint(helper.languages) else 0,
        SAME_TOWN if same_town else SAME_POSTCODE if near else 0,
        CHILDREN if not need.children.isdisjoint(helper.children) else 0,
        min(MOST_INTERESTS, INTEREST * len(need.wishes & helper.interests)) if need.wishes else 0,
        room(helper.capacity - helper.load, helper.capacity),
        KNOWN if need.known and need.known.get(helper.pk) else 0,
    )


def room(free: int, capacity: int) -> int:
    """More for whoever has more of the own places free, so that nobody gets the second family before all the first."""
    return ROOM * max(free, 0) // capacity if capacity else 0


def reasons(need: Need, helper: Helper) -> tuple[str, ...]:
    """The points in words, in their order."""
    found = points(need, helper)
    said = (
        (found.language, lambda: _("taler %s") % join_names(sorted(need.languages & helper.languages))),
        (found.place, lambda: place(need, helper)),
        (found.children, lambda: _("børn på %s år") % join_names(sorted(need.children & helper.children, key=_low))),
        (found.interests, lambda: _("fælles interesse: %s") % join_names(sorted(need.wishes & helper.interests))),
        (found.room, lambda: free_places(helper)),
        (found.known, lambda: _("har været familiens kontaktperson")),
    )
    return tuple(say() for worth, say in said if worth)


def _low(band: str) -> int:
    return int(band.partition("–")[0])


def place(need: Need, helper: Helper) -> str:
    if need.town == helper.town:
        return _("bor også i %s") % helper.town
    return _("bor tæt på, i %s") % helper.town if helper.town else _("bor tæt på")


def free_places(helper: Helper) -> str:
    if helper.load == 0:
        return _("har ingen familie nu")
    return _("plads til %s mere") % plural(helper.capacity - helper.load, _("familie"), _("familier"))


def cautions(need: Need, helper: Helper) -> tuple[str, ...]:
    """What to know before choosing; it stops nothing."""
    found = []
    if need.languages and need.languages.isdisjoint(helper.languages):
        found.append(_("intet fælles sprog"))
    if not helper.has_sworn:
        found.append(_("mangler tavshedserklæring"))
    return tuple(found)


def proposal(need: Need, helper: Helper, *, on: date) -> Proposal:
    why = obstacle(need, helper, on=on)
    return Proposal(helper, sum(points(need, helper)), reasons(need, helper), cautions(need, helper), why)


def order(need: Need, helper: Helper) -> tuple:
    """Best first; equals by load, then by name."""
    return -sum(points(need, helper)), helper.load, helper.name, helper.pk


def ranked(need: Need, helpers: Collection[Helper], *, on: date) -> list[Helper]:
    """Those who can be chosen, the best first."""
    return sorted(
        (helper for helper in helpers if not stop(need, helper, on=on)), key=lambda helper: order(need, helper)
    )


def first(need: Need, helpers: Collection[Helper], *, on: date) -> Helper | None:
    """The best of those who can be chosen."""
    free = (helper for helper in helpers if not stop(need, helper, on=on))
    return min(free, key=lambda helper: order(need, helper), default=None)


def assignment(needs: Sequence[Need], helpers: Sequence[Helper], *, on: date) -> dict[int, int]:
    """case_id → volunteer's pk for a whole evening: as many families as can be, then those who have waited longest,
    then the most points. A protected family is left out: its caseworker chooses.
    """
    # Half a second and some 50 MB at the first call, which no other page should pay for.
    import numpy  # noqa: PLC0415
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415

    rows = [need for need in needs if not need.protected]
    places = [(at, free) for at, helper in enumerate(helpers) for free in range(helper.capacity - helper.load, 0, -1)]
    if not rows or not places:
        return {}
    pairs = numpy.array([[_worth(need, helper, on) for helper in helpers] for need in rows], dtype=float)
    extra = numpy.array([room(free, helpers[at].capacity) for at, free in places], dtype=float)
    columns = pairs[:, [at for at, _free in places]]
    worth = numpy.where(columns > 0, columns + extra, 0)
    chosen = zip(*linear_sum_assignment(worth, maximize=True), strict=True)
    return {rows[row].case_id: helpers[places[column][0]].pk for row, column in chosen if worth[row, column] > 0}


def _worth(need: Need, helper: Helper, on: date) -> int:
    """What the pair adds to the evening, without the place; 0 where it must not be."""
    if stop(need, helper, on=on):
        return 0
    found = points(need, helper)
    return A_FAMILY + A_DAY * min(need.days, LONGEST_WAIT) + sum(found) - found.room
