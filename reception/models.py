"""The reception's own facts: Min plan with its versions, its hand-over and its files, and the contract."""

import secrets
from pathlib import PurePath

from django.db import models
from django.db.models import Case as When_
from django.db.models import F, Q, When
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from cases.models import Annullable, Person, by_user
from deadlines.models import Step


class PlanArea(models.TextChoices):
    """The strategy's six areas, in the order of the paper."""

    RECEPTION = "reception", _("Modtagelse")
    HOUSING = "housing", _("Bolig")
    EMPLOYMENT = "employment", _("Selvforsørgelse")
    SCHOOLING = "schooling", _("Leg og læring")
    HEALTH = "health", _("Sundhed og trivsel")
    VOLUNTEERS = "volunteers", _("Lokalsamfund")


class Plan(models.Model):
    """One version of a person's Min plan. The highest version is the current one.

    A version that has been handed over is locked: a later edit makes the next version. `revision` counts the saves
    of a draft, so that two people who edit at once can't overwrite each other unseen.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="plans")
    version = models.PositiveSmallIntegerField(default=1)
    revision = models.PositiveIntegerField(default=1)
    goal = models.TextField(_("mål med egne ord"), blank=True)
    goal_danish = models.TextField(_("mål på dansk"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = by_user()
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = by_user()

    class Meta:
        ordering = ["person", "-version"]
        constraints = [models.UniqueConstraint(fields=["person", "version"], name="plan_version_once")]

    def __str__(self):
        return f"Min plan {self.person_id}, version {self.version}"


class PlanRevision(models.Model):
    """What one save of a draft said, so that nothing that was accepted is lost when two people edit."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="revisions")
    revision = models.PositiveIntegerField()
    content = models.JSONField()
    saved_at = models.DateTimeField(auto_now_add=True)
    saved_by = by_user()

    class Meta:
        ordering = ["plan", "-revision"]
        constraints = [models.UniqueConstraint(fields=["plan", "revision"], name="plan_revision_once")]

    def __str__(self):
        return f"{self.plan_id}: {self.revision}"


class PlanActivity(models.Model):
    """One line of the plan: what is done, by whom, by when.

    `rule` links it to the step whose date it shares. Any other dated line has an own task in the work list.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="activities")
    position = models.PositiveSmallIntegerField(default=0)
    area = models.CharField(_("område"), max_length=20, choices=PlanArea)
    text = models.CharField(_("aktivitet"), max_length=300)
    responsible = models.CharField(_("hvem gør det"), max_length=80, blank=True)
    contact = models.CharField(_("kontakt"), max_length=120, blank=True)
    on = models.DateField(_("senest"), null=True, blank=True)
    # the child whose part of the plan this is; empty for the person's own
    about = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    rule = models.CharField(max_length=60, blank=True)
    task = models.ForeignKey(Step, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["plan", "position", "pk"]

    def __str__(self):
        return self.text


class Signature(models.TextChoices):
    """A mark of its own: the plan meets its goal when it is handed over, signed or not."""

    NOT_ASKED = "not_asked", _("Ikke underskrevet endnu")
    SIGNED = "signed", _("Underskrevet")
    DECLINED = "declined", _("Borgeren ønsker ikke at underskrive")


class PlanHandover(Annullable):
    """The version was gone through with the citizen and handed over; that meets `reception.min_plan`.

    `content` is what the version said that day, word for word, and `checksum` its SHA-256.
    For an unaccompanied minor the guardian signs too.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="handovers")
    on = models.DateField()
    language = models.CharField(_("sprog eller tolk"), max_length=80, blank=True)
    signature = models.CharField(_("underskrift"), max_length=12, choices=Signature, default=Signature.NOT_ASKED)
    signed_on = models.DateField(null=True, blank=True)
    guardian = models.CharField(_("værge"), max_length=120, blank=True)
    guardian_signed_on = models.DateField(_("værgen har underskrevet"), null=True, blank=True)
    content = models.JSONField(default=dict, blank=True)
    checksum = models.CharField(_("kontrolsum"), max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan"], condition=Q(annulled_on=None), name="handed_over_once"),
            models.CheckConstraint(
                condition=Q(guardian_signed_on=None) | ~Q(guardian=""), name="guardian_signs_by_name"
            ),
            models.CheckConstraint(
                condition=Q(signature="signed", signed_on__isnull=False) | (~Q(signature="signed") & Q(signed_on=None)),
                name="signature_with_its_day",
            ),
        ]

    def __str__(self):
        return f"{self.plan_id}: {self.on}"


def random_name(instance, filename: str) -> str:
    """A name that tells nothing and that nobody guesses; the ending is ours, not the sender's."""
    return f"plan/{secrets.token_hex(16)}{PurePath(filename).suffix}"


class PlanFile(Annullable):
    """A file of a handed-over version: the paper as it was first printed, or the signed copy."""

    class Kind(models.TextChoices):
        PAPER = "paper", _("Papiret, som det blev udleveret")
        SIGNED = "signed", _("Underskrevet eksemplar")

    handover = models.ForeignKey(PlanHandover, models.PROTECT, related_name="files")
    kind = models.CharField(_("art"), max_length=8, choices=Kind)
    variant = models.CharField(_("udgave"), max_length=40, blank=True)
    file = models.FileField(upload_to=random_name, max_length=60)
    size = models.PositiveIntegerField()
    checksum = models.CharField(_("kontrolsum"), max_length=64)

    class Meta:
        ordering = ["handover", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["handover", "variant"], condition=Q(kind="paper", annulled_on=None), name="paper_kept_once"
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.handover_id}"

    @property
    def media_type(self) -> str:
        return "application/pdf" if self.file.name.endswith(".pdf") else "image/jpeg"


class Contract(Annullable):
    """Kontrakt (integrationskontrakt), INL § 19: signed by both, or set by the municipality without agreement.

    A change is the next version, with signatures of its own; the deadline stays met by the first one.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="contracts")
    version = models.PositiveSmallIntegerField(default=1)
    agreed = models.TextField(_("det er aftalt"), blank=True)
    citizen_signed_on = models.DateField(_("borgeren har underskrevet"), null=True, blank=True)
    municipality_signed_on = models.DateField(_("kommunen har underskrevet"), null=True, blank=True)
    set_on = models.DateField(_("fastsat uden enighed"), null=True, blank=True)
    set_reason = models.CharField(_("begrundelse"), max_length=200, blank=True)
    declaration_on = models.DateField(_("opholds- og selvforsørgelseserklæring"), null=True, blank=True)
    first_on = models.GeneratedField(
        # the first of its days: what places an unfinished contract in a stay
        expression=When_(
            When(set_on__isnull=False, then=F("set_on")),
            When(citizen_signed_on__isnull=False, then=F("citizen_signed_on")),
            default=F("municipality_signed_on"),
        ),
        output_field=models.DateField(null=True),
        db_persist=True,
    )
    concluded_on = models.GeneratedField(
        expression=When_(
            When(set_on__isnull=False, then=F("set_on")),
            When(
                citizen_signed_on__isnull=False,
                municipality_signed_on__isnull=False,
                then=Greatest("citizen_signed_on", "municipality_signed_on"),
            ),
            default=None,
        ),
        output_field=models.DateField(null=True),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(set_on__isnull=False)
                | Q(citizen_signed_on__isnull=False)
                | Q(municipality_signed_on__isnull=False),
                name="contract_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(set_on=None, set_reason="") | (Q(set_on__isnull=False) & ~Q(set_reason="")),
                name="contract_set_with_reason",
            ),
        ]

    def __str__(self):
        return f"Kontrakt {self.person_id}"
