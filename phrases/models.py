"""The text bank: sentences that a citizen reads, in Danish and in every language that was added (strategy § 1).

Danish is the source. A translation is a draft (kladde) until a manager has approved it, and a draft again from the
next edit on. Drafts are used; the pages say which they are.
"""

from django.db import models
from django.db.models import F, FilteredRelation, Q
from django.utils.translation import gettext_lazy as _

from cases.bases import by_user

SOURCE = "da"


class PhraseArea(models.TextChoices):
    """The strategy's six areas, and what belongs to every paper."""

    GENERAL = "general", _("Fælles")
    RECEPTION = "reception", _("Modtagelse")
    HOUSING = "housing", _("Bolig")
    EMPLOYMENT = "employment", _("Selvforsørgelse")
    SCHOOLING = "schooling", _("Leg og læring")
    HEALTH = "health", _("Sundhed og trivsel")
    VOLUNTEERS = "volunteers", _("Lokalsamfund")


class PhraseKind(models.TextChoices):
    ACTIVITY = "activity", _("Aktivitet")
    GOAL = "goal", _("Eksempel på mål")
    WHO = "who", _("Hvem gør det")
    HEADING = "heading", _("Overskrift")
    LABEL = "label", _("Ledetekst")
    INSTRUCTION = "instruction", _("Vejledning")
    LETTER = "letter", _("Del af brev")
    SPEECH = "speech", _("Navn på sprog")


class Language(models.Model):
    """A language that citizens read. A row, so that another one needs no release."""

    code = models.CharField(_("sprogkode"), max_length=12, primary_key=True)
    name = models.CharField(_("navn på dansk"), max_length=40, unique=True)
    own_name = models.CharField(_("navn på sproget selv"), max_length=40)
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self):
        return self.name


class PhraseQuerySet(models.QuerySet):
    def beside(self, language: str) -> models.QuerySet:
        """Each sentence with its Danish (`source`) and what stands in this language: text, status, approval."""
        return self.annotate(
            danish=FilteredRelation("translations", condition=Q(translations__language=SOURCE)),
            target=FilteredRelation("translations", condition=Q(translations__language=language)),
            source=F("danish__text"),
            text=F("target__text"),
            status=F("target__status"),
            approved_on=F("target__approved_on"),
        )


class Phrase(models.Model):
    """One sentence under a key that code and plans refer to. `placeholders` are what the code fills in.

    `former` are earlier Danish wordings, by which a line of an older plan is still recognized.
    """

    key = models.CharField(max_length=80, unique=True)
    area = models.CharField(_("område"), max_length=20, choices=PhraseArea, default=PhraseArea.GENERAL)
    kind = models.CharField(_("slags"), max_length=20, choices=PhraseKind)
    placeholders = models.CharField(_("pladsholdere"), max_length=80, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    former = models.JSONField(default=list, blank=True)
    objects = PhraseQuerySet.as_manager()

    class Meta:
        ordering = ["position", "key"]

    def __str__(self):
        return self.key

    @property
    def slots(self) -> frozenset[str]:
        return frozenset(self.placeholders.split())


class Translation(models.Model):
    """The sentence in one language. changed_by is empty while it reads as it was shipped."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Kladde")
        APPROVED = "approved", _("Godkendt")

    phrase = models.ForeignKey(Phrase, models.CASCADE, related_name="translations")
    language = models.ForeignKey(Language, models.PROTECT, related_name="translations")
    text = models.TextField(_("tekst"), max_length=600)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    changed_by = by_user()
    changed_at = models.DateTimeField(null=True, blank=True)
    approved_by = by_user()
    approved_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["phrase", "language"]
        constraints = [
            models.UniqueConstraint(fields=["phrase", "language"], name="translation_once"),
            models.CheckConstraint(
                condition=Q(status="draft", approved_on=None, approved_by=None)
                | Q(status="approved", approved_on__isnull=False, approved_by__isnull=False),
                name="approved_by_somebody_on_a_day",
            ),
        ]

    def __str__(self):
        return f"{self.phrase_id} {self.language_id}"

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT
