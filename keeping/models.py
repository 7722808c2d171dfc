"""Insight (GDPR art. 15), and what is decided about cases whose keeping period is over. Nothing here deletes."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.fields import EncryptedTextField
from cases.models import Case, Person, by_user
from deadlines.models import Step


class Insight(models.Model):
    """One request for all that is held about a person. Prepared by one, released by another, then frozen.

    content: the package as JSON (keeping.services.package), paper: its PDF as base64, both encrypted at rest;
    checksum: SHA-256 over the two. They are written when it is prepared, so what is released is what was read.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="insights")
    asked_on = models.DateField(_("anmodet den"))
    by_custody_holder = models.BooleanField(_("anmodet af forældremyndighedens indehaver"), default=False)
    opened_by = by_user()
    step = models.ForeignKey(Step, models.PROTECT, related_name="+")
    content = EncryptedTextField(blank=True)
    paper = EncryptedTextField(blank=True)
    checksum = models.CharField(max_length=64, blank=True)
    prepared_by = by_user()
    prepared_at = models.DateTimeField(null=True, blank=True)
    released_by = by_user()
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(released_by=None, released_at=None)
                | (
                    Q(released_by__isnull=False, released_at__isnull=False, prepared_by__isnull=False)
                    & ~Q(released_by=F("prepared_by"))
                ),
                name="insight_released_by_another",
            ),
            models.CheckConstraint(
                condition=Q(prepared_by=None, prepared_at=None, checksum="")
                | (Q(prepared_by__isnull=False, prepared_at__isnull=False) & ~Q(checksum="")),
                name="insight_prepared_whole",
            ),
        ]

    def __str__(self):
        return f"{self.person_id}: {self.asked_on}"


class Choice(models.Model):
    """A caseworker's word about one line, against what the rules would do with it. key: `app.model:pk[:field]`."""

    insight = models.ForeignKey(Insight, models.CASCADE, related_name="choices")
    key = models.CharField(max_length=120)
    include = models.BooleanField()
    reason = models.CharField(_("begrundelse"), max_length=200)
    made_by = by_user()
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["insight", "key"], name="one_choice_per_line")]

    def __str__(self):
        return self.key


class Hold(models.Model):
    """The case must be kept whatever its age, until somebody lifts it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="holds")
    reason = models.CharField(_("begrundelse"), max_length=200)
    since = models.DateField(_("fra"))
    set_by = by_user()
    lifted_on = models.DateField(_("ophævet"), null=True, blank=True)
    lifted_by = by_user()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case"], condition=Q(lifted_on=None), name="one_standing_hold")]

    def __str__(self):
        return f"{self.case_id}: {self.since}"


class Archive(models.TextChoices):
    """Case kind B: preserved. One of these must be recorded before anything else is decided."""

    DELIVERED = "delivered", _("Afleveret til arkiv")
    EXEMPT = "exempt", _("Fritaget for aflevering")


class Outcome(models.TextChoices):
    OPEN = "open", _("Ikke afgjort")
    KEPT = "kept", _("Bevares i systemet")
    CLEARED = "cleared", _("Kan slettes, når systemet får en sletning")


class Decision(models.Model):
    """What stands about the archive and the case itself. A new word is a new row; the newest counts."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="keeping_decisions")
    archive = models.CharField(_("arkiv"), max_length=10, choices=Archive)
    archive_on = models.DateField(_("dato"))
    legal_basis = models.CharField(_("hjemmel"), max_length=200, blank=True)
    outcome = models.CharField(_("afgørelse"), max_length=10, choices=Outcome, default=Outcome.OPEN)
    decided_on = models.DateField()
    decided_by = by_user()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(archive="delivered") | ~Q(legal_basis=""), name="archive_exempt_with_basis"
            )
        ]

    def __str__(self):
        return f"{self.case_id}: {self.archive}"
