"""Dwellings, private hosts, and where which household was placed when."""

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from cases.bases import AnnullableQuerySet
from cases.formats import day_month
from cases.models import AFTER_ALL, Annullable, Case, Locality, Stay


class DwellingKind(models.TextChoices):
    TEMPORARY = "temporary", _("Midlertidig bolig")
    PERMANENT = "permanent", _("Varig bolig")
    MUNICIPAL = "municipal", _("Kommunal indkvartering")


class PlacementKind(models.TextChoices):
    """On what ground the household is placed: it decides which duty the placement meets."""

    LODGING = "lodging", _("Indkvartering før opholdstilladelse")
    TEMPORARY = "temporary", _("Midlertidig boligplacering")
    PERMANENT = "permanent", _("Varig bolig")


class Answer(models.TextChoices):
    NONE = "none", _("Intet svar endnu")
    ACCEPTED = "accepted", _("Familien har sagt ja")
    DECLINED = "declined", _("Familien har sagt nej")


class Dwelling(models.Model):
    """A home the municipality can offer. Unless it is shared, one household at a time lives in it."""

    street = models.CharField(_("vejnavn"), max_length=80)
    house_number = models.CharField(_("husnr."), max_length=10)
    floor = models.CharField(_("etage"), max_length=10, blank=True)
    door = models.CharField(_("dør"), max_length=10, blank=True)
    postal_code = models.CharField(_("postnr."), max_length=4, blank=True)
    city = models.CharField(_("postdistrikt"), max_length=60, blank=True)
    locality = models.ForeignKey(
        Locality, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    kind = models.CharField(_("slags"), max_length=12, choices=DwellingKind, default=DwellingKind.TEMPORARY)
    places = models.PositiveSmallIntegerField(_("pladser"))
    shared = models.BooleanField(_("flere familier kan bo her samtidig"), default=False)
    out_of_use_from = models.DateField(_("ude af brug fra"), null=True, blank=True)
    out_of_use_reason = models.CharField(_("hvorfor er boligen ude af brug?"), max_length=120, blank=True)

    class Meta:
        ordering = ["street", "house_number", "floor", "door"]
        constraints = [
            models.UniqueConstraint(
                fields=["street", "house_number", "floor", "door", "postal_code"], name="dwelling_once"
            ),
            models.CheckConstraint(condition=Q(places__gte=1), name="dwelling_has_places"),
        ]

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        """ "Rønneholt 4, st. th."."""
        inside = " ".join(filter(None, [self.floor, self.door]))
        return ", ".join(filter(None, [f"{self.street} {self.house_number}", inside]))


class Host(models.Model):
    """Somebody who takes a household in at home."""

    name = models.CharField(_("navn"), max_length=120)
    phone = models.CharField(_("telefon"), max_length=20, blank=True)
    locality = models.ForeignKey(
        Locality, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    places = models.PositiveSmallIntegerField(_("pladser"), default=1)
    stopped_on = models.DateField(_("stoppet som vært"), null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name


def begin():
    """The day a placement counts from, as a query expression: moving in, else the offer."""
    return Coalesce("moves_in_on", "offered_on")


class PlacementQuerySet(AnnullableQuerySet):
    def taken(self):
        """Standing and not declined: what holds a home, answered or not."""
        return self.standing().exclude(answer=Answer.DECLINED)

    def with_end(self):
        """Annotate what ends a placement besides its own dates, so that `span` needs no further query.

        followed_on: the household's next placement, which it has accepted, begins. gone_on: the first day on which
        nobody of the household was here any more (a later return doesn't bring the old placement back).
        """
        accepted = Placement.objects.standing().filter(case=OuterRef("case"), answer=Answer.ACCEPTED)
        later = accepted.annotate(begin=begin())
        later = later.filter(Q(begin__gt=OuterRef("begin")) | Q(begin=OuterRef("begin"), number__gt=OuterRef("number")))
        annotated = self.annotate(begin=begin())
        return annotated.annotate(
            followed_on=Subquery(later.order_by("begin", "number").values("begin")[:1]),
            gone_on=Subquery(
                departures().filter(left_on__gte=OuterRef("begin")).order_by("left_on").values("left_on")[:1]
            ),
        )


def departures():
    """Stays of the outer row's case after whose end nobody of the household was here, for Subquery."""
    came = Coalesce("arrived_on", "staying_since", "residence_from", "visitation_on", "expected_on")
    others = Stay.objects.filter(person__case=OuterRef("person__case")).annotate(came=came)
    here = others.filter(Q(came__lte=OuterRef("left_on")) | Q(came=None, round=1))
    here = here.filter(Q(left_on=None) | Q(left_on__gt=OuterRef("left_on")))
    return Stay.objects.filter(person__case=OuterRef("case"), left_on__isnull=False).filter(~models.Exists(here))


@dataclass(frozen=True, slots=True)
class Span:
    """Half open: from start until end, without the day of the end. end None: open."""

    start: date
    end: date | None

    def meets(self, other: "Span") -> bool:
        return self.start < (other.end or AFTER_ALL) and other.start < (self.end or AFTER_ALL)

    def covers(self, day: date) -> bool:
        return self.start <= day < (self.end or AFTER_ALL)


class Placement(Annullable):
    """A household offered a dwelling or a host. It holds the case and stays there, whoever moves between cases.

    number counts the case's placements, annulled ones included: it is the round of the duty to find the next home.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="placements")
    number = models.PositiveSmallIntegerField()
    dwelling = models.ForeignKey(Dwelling, models.PROTECT, null=True, blank=True, related_name="placements")
    host = models.ForeignKey(Host, models.PROTECT, null=True, blank=True, related_name="placements")
    kind = models.CharField(_("grundlag"), max_length=12, choices=PlacementKind)
    residents = models.PositiveSmallIntegerField(_("personer"))
    offered_on = models.DateField(_("tilbudt"))
    answer = models.CharField(_("svar"), max_length=10, choices=Answer, default=Answer.NONE)
    moves_in_on = models.DateField(_("indflytning"), null=True, blank=True)
    ends_on = models.DateField(_("ophører"), null=True, blank=True)
    moved_out_on = models.DateField(_("fraflyttet"), null=True, blank=True)
    objects = PlacementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="placement_number_once"),
            models.CheckConstraint(
                condition=Q(dwelling=None, host__isnull=False) | Q(dwelling__isnull=False, host=None),
                name="one_dwelling_or_one_host",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gt=Coalesce(F("moves_in_on"), F("offered_on"))),
                name="placement_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["dwelling", "annulled_on"]), models.Index(fields=["host", "annulled_on"])]

    def __str__(self):
        return f"{self.case_id}, placering {self.number}"

    @property
    def home(self) -> str:
        """ "Rønneholt 4, st. th." or "Kirsten Holm (privat vært)"."""
        return self.dwelling.name if self.dwelling_id else f"{self.host.name} ({_('privat vært')})"

    @property
    def begins(self) -> date:
        return self.moves_in_on or self.offered_on

    @property
    def end(self) -> date | None:
        """The day it ends by its own dates; the household's next home should be found by then."""
        return min(filter(None, [self.ends_on, self.moved_out_on]), default=None)

    def span(self, today: date) -> Span:
        """How long it holds the home. Needs `with_end()`. Past its end date it lasts until somebody has moved out."""
        planned = self.ends_on if self.ends_on and self.ends_on >= today else None
        ends = [day for day in (self.moved_out_on or planned, self.followed_on, self.gone_on) if day]
        return Span(self.begins, max(min(ends), self.begins) if ends else None)

    @property
    def until_text(self) -> str:
        return _("til %s") % day_month(self.end) if self.end else ""
