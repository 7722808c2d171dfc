"""What is kept secret about a person, and who is to be kept apart from whom. Rows only; cases.secrecy reads them.

Navne- og adressebeskyttelse: CPR-loven § 28; the child follows the parent who is specially protected (L 145, 2014-15).
Nothing here ends by a date: a protection lapses when one user has proposed it and a second has decided it.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.bases import by_user


class ProtectionKind(models.TextChoices):
    BOTH = "both", _("Navne- og adressebeskyttelse")
    ADDRESS = "address", _("Adressebeskyttelse")
    NAME = "name", _("Navnebeskyttelse")
    SPECIAL = "special", _("Særlig beskyttelse efter politiets underretning")


class ApartReason(models.TextChoices):
    """Why two people are kept apart: a class, never the story."""

    VIOLENCE = "violence", _("Vold eller trusler")
    CONFLICT = "conflict", _("Konflikt")
    ORDER = "order", _("Tilhold eller opholdsforbud")
    OTHER = "other", _("Anden grund")


class Ending(models.Model):
    """Ended by two people: one proposes, another decides. The database refuses one who does both."""

    lapse_proposed_on = models.DateField(null=True, blank=True)
    lapse_proposed_by = by_user()
    lapse_reason = models.CharField(_("begrundelse"), max_length=200, blank=True)
    lapsed_on = models.DateField(null=True, blank=True)
    lapsed_by = by_user()

    class Meta:
        abstract = True

    @property
    def is_proposed(self) -> bool:
        return self.lapse_proposed_on is not None and self.lapsed_on is None


TWO_PEOPLE = Q(lapsed_on=None, lapsed_by=None) | (
    Q(lapsed_on__isnull=False, lapsed_by__isnull=False, lapse_proposed_by__isnull=False)
    & ~Q(lapsed_by=F("lapse_proposed_by"))
)


class StandingQuerySet(models.QuerySet):
    def standing(self):
        """In force, whatever the review day: the calendar never unmasks."""
        return self.filter(lapsed_on=None)


class Protection(Ending):
    """One person's protection. against: the one it is kept secret from, in this case or another; empty: everybody."""

    person = models.ForeignKey("cases.Person", models.PROTECT, related_name="protections")
    kind = models.CharField(_("beskyttelse"), max_length=10, choices=ProtectionKind, default=ProtectionKind.BOTH)
    children_follow = models.BooleanField(_("husstandens børn følger med"), default=True)
    against = models.ForeignKey("cases.Person", models.PROTECT, null=True, blank=True, related_name="kept_from")
    starts_on = models.DateField(_("gælder fra"))
    review_on = models.DateField(_("tages op igen"))
    note = models.CharField(_("grundlag"), max_length=200, blank=True)
    registered_on = models.DateField()
    registered_by = by_user()
    objects = StandingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(lapsed_on=None), name="one_standing_protection"),
            models.CheckConstraint(condition=TWO_PEOPLE, name="protection_lapses_by_two"),
            models.CheckConstraint(condition=Q(review_on__gt=F("starts_on")), name="protection_review_after_start"),
            models.CheckConstraint(
                condition=Q(against=None) | ~Q(against=F("person")), name="protected_against_another"
            ),
            models.CheckConstraint(
                condition=~Q(kind=ProtectionKind.SPECIAL) | Q(children_follow=True), name="special_takes_the_children"
            ),
        ]

    def __str__(self):
        return f"{self.person_id}: {self.kind}"


class KeptApart(Ending):
    """Holdes adskilt: these two must not meet. Stored once, the lower id first."""

    one = models.ForeignKey("cases.Person", models.PROTECT, related_name="+")
    other = models.ForeignKey("cases.Person", models.PROTECT, related_name="+")
    reason = models.CharField(_("årsag"), max_length=10, choices=ApartReason)
    registered_on = models.DateField()
    registered_by = by_user()
    objects = StandingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], condition=Q(lapsed_on=None), name="kept_apart_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="kept_apart_in_order"),
            models.CheckConstraint(condition=TWO_PEOPLE, name="kept_apart_ends_by_two"),
        ]
        indexes = [models.Index(fields=["other"], condition=Q(lapsed_on=None), name="kept_apart_other")]

    def __str__(self):
        return f"{self.one_id} / {self.other_id}"
