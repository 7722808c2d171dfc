"""What citizens offer to do for the families: one row per offer, which goes away by itself."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import Annullable, Case, Party
from housing.models import Host
from offers.choices import CLOSED, Doubt, Kind, Language, Source, State
from volunteers.models import Volunteer


class HelpOffer(models.Model):
    """One person's offer. doubt: why it stands in quarantine, outside all ordinary lists; empty for others.

    details holds the answers that only this kind asks for, by the names of offers/texts.toml. sender counts what one
    address sends within an hour; it is a keyed hash, and is emptied after a day.
    """

    kind = models.CharField(_("art"), max_length=20, choices=Kind)
    language = models.CharField(_("sprog"), max_length=2, choices=Language, default=Language.DANISH)
    source = models.CharField(_("kom ad"), max_length=10, choices=Source, default=Source.WEB)
    name = models.CharField(_("navn"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telefon"), max_length=20, blank=True)
    town = models.CharField(_("by"), max_length=60, blank=True)
    message = models.TextField(_("besked"), max_length=2000, blank=True)
    details = models.JSONField(_("svar"), default=dict, blank=True)
    consent_at = models.DateTimeField(_("samtykke givet"))
    received_at = models.DateTimeField(_("modtaget"))
    delete_on = models.DateField(_("slettes"))
    state = models.CharField(_("tilstand"), max_length=20, choices=State, default=State.NEW)
    doubt = models.CharField(_("karantæne, fordi"), max_length=20, choices=Doubt, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("behandlet af"),
    )
    handled_at = models.DateTimeField(_("behandlet"), null=True, blank=True)
    note = models.CharField(_("notat om svaret"), max_length=400, blank=True)
    volunteer = models.ForeignKey(
        Volunteer, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("blev til frivillig")
    )
    host = models.ForeignKey(
        Host, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("blev til vært")
    )
    firm = models.ForeignKey(
        Party, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("blev til virksomhed")
    )
    became = models.CharField(_("blev til"), max_length=160, blank=True)
    sender = models.CharField(_("afsenderens adresse, kodet"), max_length=64, blank=True)

    class Meta:
        ordering = ["-received_at", "-pk"]
        indexes = [
            models.Index(fields=["doubt", "state", "-received_at"]),
            models.Index(fields=["delete_on"]),
            models.Index(fields=["sender", "received_at"]),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(email="", phone=""), name="offer_can_be_answered"),
            models.CheckConstraint(condition=Q(doubt="") | Q(state=State.NEW), name="offer_in_quarantine_is_new"),
            models.CheckConstraint(
                condition=Q(state=State.NEW) | Q(handled_at__isnull=False), name="offer_handled_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(state=State.DECLINED, note=""), name="offer_declined_with_reason"),
            models.CheckConstraint(condition=~Q(name=""), name="offer_has_a_name"),
        ]

    def __str__(self):
        return f"{self.kind} {self.pk}"

    @property
    def is_closed(self) -> bool:
        return self.state in CLOSED


class DayCount(models.Model):
    """How many offers a day has brought. Its row is the lock under which the limits are counted."""

    day = models.DateField(unique=True)
    ordinary = models.PositiveIntegerField(default=0)
    quarantined = models.PositiveIntegerField(default=0)

    def __str__(self):
        return f"{self.day}: {self.ordinary} + {self.quarantined}"


class Wish(Annullable):
    """What a family needs (a bed, winter boots), until an offer or somebody else meets it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="wishes")
    text = models.CharField(_("ønske"), max_length=200)
    on = models.DateField(_("dato"))
    met_on = models.DateField(_("opfyldt"), null=True, blank=True)
    offer = models.ForeignKey(HelpOffer, models.SET_NULL, null=True, blank=True, related_name="wishes")

    class Meta:
        indexes = [models.Index(fields=["met_on", "on"])]
        constraints = [
            models.CheckConstraint(condition=Q(offer=None) | Q(met_on__isnull=False), name="wish_met_by_an_offer"),
            models.CheckConstraint(condition=Q(met_on=None) | Q(met_on__gte=models.F("on")), name="wish_met_after"),
        ]

    def __str__(self):
        return f"{self.case_id}: {self.on}"
