"""Cases moved from one colleague to others in one go, and what became of each: so that it can be undone as a whole."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from cases.bases import by_user
from cases.models import Case


class LeftOut(models.TextChoices):
    """Why a case stayed where it was."""

    CHANGED = "changed", _("Har fået en anden sagsbehandler imens")
    CLOSED = "closed", _("Er afsluttet imens")
    UNSEEN = "unseen", _("Kan ikke længere ses fra dit team")
    PROTECTED = "protected", _("Er beskyttet og overdrages fra sagens egen side")
    RECEIVER = "receiver", _("Modtageren kan ikke have sager mere")


class Move(models.Model):
    """source: who had the cases; None: nobody, they were new."""

    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    source = by_user()
    by = by_user()
    at = models.DateTimeField(default=timezone.now)
    undone_by = by_user()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["team", "-at"], name="move_team")]

    def __str__(self):
        return f"{self.by_id} {self.at:%Y-%m-%d %H:%M}"


class MovedCase(models.Model):
    """before and after: whose it was and whose it became. left_out: why it was not moved; kept: why not given back."""

    move = models.ForeignKey(Move, models.CASCADE, related_name="cases")
    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    before = by_user()
    before_team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    after = by_user()
    left_out = models.CharField(max_length=10, choices=LeftOut, blank=True)
    kept = models.CharField(max_length=10, choices=LeftOut, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["move", "case"], name="case_once_per_move")]

    def __str__(self):
        return f"{self.move_id}: {self.case_id}"
