"""What is free: who holds a home when, and which homes have room in a period."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.formats import day_month
from cases.models import AFTER_ALL
from housing.models import Dwelling, Host, Placement, Span


@dataclass(slots=True)
class Holding:
    """A home with the placements that hold it or will do so."""

    home: Dwelling | Host
    held: list[tuple[Placement, Span]] = field(default_factory=list)

    @property
    def shared(self) -> bool:
        """A host is asked, not computed: only a dwelling for one household is closed while somebody lives there."""
        return isinstance(self.home, Host) or self.home.shared

    def on(self, day: date) -> list[Placement]:
        return [placement for placement, span in self.held if span.covers(day)]

    def coming(self, day: date) -> list[Placement]:
        return [placement for placement, span in self.held if span.start > day]

    def taken(self, day: date) -> int:
        return sum(placement.residents for placement in self.on(day))

    def free(self, day: date) -> int:
        """Places a new household could have that day."""
        taken = self.taken(day)
        if not self.shared:
            return 0 if taken else self.home.places
        return max(self.home.places - taken, 0)

    def free_from(self, day: date) -> date | None:
        """The first day on which somebody has moved out and there is room; None when nobody knows."""
        ends = sorted(span.end for placement, span in self.held if span.end and span.end > day)
        return next((end for end in ends if self.free(end)), None)

    def double(self, day: date) -> bool:
        return not self.shared and len(self.on(day)) > 1

    def state(self, day: date) -> str:
        """ "4 ledige pladser", "optaget til 24. dec." or "optaget"."""
        if free := self.free(day):
            return ngettext("%d ledig plads", "%d ledige pladser", free) % free
        until = self.free_from(day)
        return _("optaget til %s") % day_month(until) if until else _("optaget")


def holdings(homes: Iterable[Dwelling | Host], *, today: date, without_case: int | None = None) -> list[Holding]:
    """One query for all dwellings and one for all hosts. without_case: that household's own placements don't count."""
    homes = list(homes)
    found = {(type(home), home.pk): Holding(home) for home in homes}
    dwellings = [home.pk for home in homes if isinstance(home, Dwelling)]
    hosts = [home.pk for home in homes if isinstance(home, Host)]
    of_homes = Q()
    if dwellings:
        of_homes |= Q(dwelling__in=dwellings)
    if hosts:
        of_homes |= Q(host__in=hosts)
    if not of_homes:
        return []
    rows = Placement.objects.taken().filter(of_homes).exclude(case=without_case).with_end().select_related("case")
    for row in rows.order_by("begin", "pk"):
        key = (Dwelling, row.dwelling_id) if row.dwelling_id else (Host, row.host_id)
        found[key].held.append((row, row.span(today)))
    return list(found.values())


def clashes(holding: Holding, wanted: Span) -> list[Span]:
    """The spans that keep a household out of a dwelling for one household at a time."""
    return [span for _placement, span in holding.held if span.meets(wanted)]


def most_taken(holding: Holding, wanted: Span) -> int:
    """The largest number of residents on any day of the period. It only changes where somebody moves in."""
    moves = [span.start for _placement, span in holding.held if wanted.start < span.start < (wanted.end or AFTER_ALL)]
    return max(holding.taken(day) for day in [wanted.start, *moves])


def has_room(holding: Holding, wanted: Span, residents: int) -> bool:
    if holding.shared:
        return most_taken(holding, wanted) + residents <= holding.home.places
    return not clashes(holding, wanted)


def usable(start: date):
    """Dwellings that are in use on that day."""
    return Dwelling.objects.filter(Q(out_of_use_from=None) | Q(out_of_use_from__gt=start))


def with_room(wanted: Span, residents: int, *, today: date, without_case: int) -> list[Dwelling]:
    """Dwellings with room for the whole household through the whole period, the smallest that fits first."""
    fitting = usable(wanted.start).filter(places__gte=residents)
    found = holdings(fitting, today=today, without_case=without_case)
    return sorted((h.home for h in found if has_room(h, wanted, residents)), key=lambda home: (home.places, home.name))


def taken_text(spans: list[Span]) -> str:
    """ "optaget fra 1. okt. til 24. dec." for the periods that clash."""
    words = []
    for span in spans:
        start = _("fra %s") % day_month(span.start)
        words.append(_("%(start)s til %(end)s") % {"start": start, "end": day_month(span.end)} if span.end else start)
    return _("optaget %s") % _(" og ").join(words)
