"""Day care, school and language school: what was offered to whom, what the family said, when it began."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import Annullable, Locality, Person


class Answer(models.TextChoices):
    """The family's answer. A refusal meets the duty as well as a yes does."""

    PENDING = "", _("Svar mangler")
    ACCEPTED = "accepted", _("Tager imod")
    DECLINED = "declined", _("Siger nej tak")


class DaycareAnswer(models.TextChoices):
    PENDING = "", _("Svar mangler")
    ACCEPTED = "accepted", _("Tager imod")
    DECLINED = "declined", _("Siger nej tak")
    NOT_WANTED = "not_wanted", _("Familien ønsker ikke dagtilbud")


class SchoolKind(models.TextChoices):
    """What counts as a school offer for a child of 6 to 17."""

    SCHOOL = "school", _("Skole, almindelig klasse")
    RECEPTION_CLASS = "reception_class", _("Skole, modtagelsesklasse")
    YOUTH_SCHOOL = "youth_school", _("Ungdomsskole")
    YOUTH_EDUCATION = "youth_education", _("Ungdomsuddannelse")


class LanguageLevel(models.TextChoices):
    """Danskuddannelse 1 to 3; the provider decides which."""

    UNKNOWN = "", _("Ikke fastlagt endnu")
    DU1 = "du1", _("Danskuddannelse 1")
    DU2 = "du2", _("Danskuddannelse 2")
    DU3 = "du3", _("Danskuddannelse 3")


class Place(models.Model):
    """A school, a day care centre or a language school, typed once and then suggested."""

    name = models.CharField(_("navn"), max_length=120, unique=True)
    locality = models.ForeignKey(
        Locality, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self):
        return self.name


class School(Place):
    pass


class Daycare(Place):
    pass


class LanguageProvider(Place):
    pass


class DaycareOffer(Annullable):
    """A place offered in a day care centre, or the family's word that it does not want one (then without a centre)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="daycare_offers")
    daycare = models.ForeignKey(Daycare, models.PROTECT, null=True, blank=True, related_name="offers")
    offered_on = models.DateField(_("tilbudt"))
    answer = models.CharField(_("svar"), max_length=12, blank=True, choices=DaycareAnswer.choices)
    starts_on = models.DateField(_("begynder"), null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "offered_on"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(daycare__isnull=False) | models.Q(answer="not_wanted"),
                name="daycare_named_or_not_wanted",
            )
        ]

    def __str__(self):
        return f"{self.person_id}: {self.offered_on}"


class SchoolOffer(Annullable):
    person = models.ForeignKey(Person, models.PROTECT, related_name="school_offers")
    school = models.ForeignKey(School, models.PROTECT, related_name="offers")
    kind = models.CharField(_("slags tilbud"), max_length=20, choices=SchoolKind, default=SchoolKind.SCHOOL)
    grade = models.CharField(_("klassetrin"), max_length=30, blank=True)
    offered_on = models.DateField(_("tilbudt"))
    answer = models.CharField(_("svar"), max_length=12, blank=True, choices=Answer.choices)
    starts_on = models.DateField(_("begynder"), null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "offered_on"])]

    def __str__(self):
        return f"{self.person_id}: {self.offered_on}"


class LanguageOffer(Annullable):
    """Danish lessons offered to an adult: what the strategy asks for."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="language_offers")
    provider = models.ForeignKey(LanguageProvider, models.PROTECT, related_name="offers")
    offered_on = models.DateField(_("tilbudt"))
    answer = models.CharField(_("svar"), max_length=12, blank=True, choices=Answer.choices)

    class Meta:
        indexes = [models.Index(fields=["person", "offered_on"])]

    def __str__(self):
        return f"{self.person_id}: {self.offered_on}"


class LanguageReferral(Annullable):
    """The referral the law asks for, and the course that came of it.

    A row of its own: either fact can be annulled without the other, and the words of law and strategy differ.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="language_referrals")
    provider = models.ForeignKey(LanguageProvider, models.PROTECT, related_name="referrals")
    referred_on = models.DateField(_("henvist"))
    started_on = models.DateField(_("startet"), null=True, blank=True)
    level = models.CharField(_("danskuddannelse"), max_length=4, blank=True, choices=LanguageLevel.choices)
    module = models.PositiveSmallIntegerField(_("modul"), null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["person", "referred_on"])]

    def __str__(self):
        return f"{self.person_id}: {self.referred_on}"
