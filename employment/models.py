"""What a person can do, where the person was referred to, and the jobs."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models import Annullable, Person


class ReferralKind(models.TextChoices):
    """A named job or company-directed activation (strategy § 3; integrationsloven § 23)."""

    JOB = "job", _("Job")
    INTERNSHIP = "internship", _("Virksomhedspraktik")
    WAGE_SUBSIDY = "wage_subsidy", _("Løntilskud")
    UTILITY_JOB = "utility_job", _("Nytteindsats")
    OTHER = "other", _("Anden aktivering")


class Result(models.TextChoices):
    NONE = "none", _("Intet resultat endnu")
    STARTED = "started", _("Startet")
    HIRED = "hired", _("Ansat")
    COMPLETED = "completed", _("Gennemført")
    STOPPED = "stopped", _("Afbrudt")
    DECLINED = "declined", _("Blev ikke til noget")


class CompetenceProfile(Annullable):
    """What a person can, gathered over several meetings and at last clarified. One per stay.

    opened_on: the first day anything was gathered; by it the profile belongs to a round.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="competence_profiles")
    opened_on = models.DateField()
    education = models.CharField(_("uddannelse"), max_length=400, blank=True)
    occupations = models.CharField(_("arbejdserfaring"), max_length=400, blank=True)
    languages = models.CharField(_("sprog"), max_length=200, blank=True)
    licences = models.CharField(_("kørekort og certifikater"), max_length=200, blank=True)
    cv_received_on = models.DateField(_("CV modtaget"), null=True, blank=True)
    cv_done_on = models.DateField(_("CV færdigt"), null=True, blank=True)
    clarified_on = models.DateField(_("afklaret"), null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "opened_on"])]

    def __str__(self):
        return f"{self.person_id}: {self.opened_on}"


class Referral(Annullable):
    """Referred to one named job or one activation."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="referrals")
    kind = models.CharField(_("hvad"), max_length=14, choices=ReferralKind)
    employer = models.CharField(_("virksomhed eller sted"), max_length=120)
    position = models.CharField(_("stilling eller opgave"), max_length=120, blank=True)
    referred_on = models.DateField(_("henvist"))
    starts_on = models.DateField(_("begynder"), null=True, blank=True)
    result = models.CharField(_("resultat"), max_length=10, choices=Result, default=Result.NONE)
    result_on = models.DateField(_("resultat den"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(result=Result.NONE, result_on=None) | (~Q(result=Result.NONE) & Q(result_on__isnull=False)),
                name="referral_result_with_day",
            )
        ]
        indexes = [models.Index(fields=["person", "referred_on"])]

    def __str__(self):
        return f"{self.kind} {self.referred_on}"


class Job(Annullable):
    """Ordinary work, found by anybody: the person supports himself or herself by it."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="jobs")
    employer = models.CharField(_("arbejdsgiver"), max_length=120)
    position = models.CharField(_("stilling"), max_length=120, blank=True)
    hours_per_week = models.PositiveSmallIntegerField(_("timer om ugen"), null=True, blank=True)
    starts_on = models.DateField(_("begyndt"))
    ends_on = models.DateField(_("ophørt"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="job_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(hours_per_week=None) | Q(hours_per_week__range=(1, 60)), name="job_hours_per_week"
            ),
        ]
        indexes = [models.Index(fields=["person", "starts_on"])]

    def __str__(self):
        return f"{self.person_id}: {self.starts_on}"
