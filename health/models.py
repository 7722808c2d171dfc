"""Health details, readable by few: need of an offer and the offer, never a diagnosis."""

from django.db import models
from django.db.models import Case as When_
from django.db.models import F, Q, When
from django.utils.translation import gettext_lazy as _

from cases.models import Annullable, Person

DECIDES_AT = 15  # from that age the child decides itself, the parents are informed (domain 2.1)


class OfferKind(models.TextChoices):
    """What was offered, without saying why."""

    MEDICAL = "medical", _("Helbredsmæssig vurdering hos læge")
    HEALTH_VISITOR = "health_visitor", _("Sundhedsplejerske")
    DENTAL = "dental", _("Tandpleje")
    COUNSELLING = "counselling", _("Samtaleforløb")
    DAILY_LIVING = "daily_living", _("Støtte i hverdagen")
    REGIONAL = "regional", _("Tilbud i regionen")
    OTHER = "other", _("Andet")


class Answer(models.TextChoices):
    PENDING = "pending", _("Har ikke svaret endnu")
    ACCEPTED = "accepted", _("Tog imod")
    DECLINED = "declined", _("Takkede nej")


class Decider(models.TextChoices):
    SELF = "self", _("Personen selv")
    CUSTODY = "custody", _("Forældremyndighedens indehaver")


class Assessment(Annullable):
    """The concrete assessment of INL § 15 d: is there a need, and where there is one, was something offered?

    met_on: the assessment without a need, else the offer; a declined offer is still an offer.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="health_assessments")
    assessed_on = models.DateField()
    need = models.BooleanField(_("behov"))
    kinds = models.JSONField(_("tilbud"), default=list, blank=True)
    offered_on = models.DateField(_("tilbudt"), null=True, blank=True)
    answer = models.CharField(_("svar"), max_length=10, choices=Answer, default=Answer.PENDING, blank=True)
    decided_by = models.CharField(_("hvem bestemmer"), max_length=10, choices=Decider, default=Decider.SELF)
    may_pass_on = models.BooleanField(_("samtykke til at give oplysninger videre"), default=False)
    met_on = models.GeneratedField(
        expression=When_(When(need=False, then=F("assessed_on")), default=F("offered_on")),
        output_field=models.DateField(null=True),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(need=True) | Q(offered_on=None), name="offer_follows_a_need"),
            models.CheckConstraint(
                condition=Q(offered_on=None) | Q(offered_on__gte=F("assessed_on")), name="offer_not_before_assessment"
            ),
        ]

    def __str__(self):
        return f"{self.person_id}: {self.assessed_on}"
