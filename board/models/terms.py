"""What was done with rule sets: who asked, who put one in force, who took it back, and which steps were pinned."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.bases import by_user
from deadlines.models import RuleSet, Step


class Activation(models.Model):
    """A draft on its way into force: asked for, put in force by a second person, perhaps undone.

    number stays when an undone draft is deleted.
    """

    class Choice(models.TextChoices):
        NEW = "new", _("Kun nye frister")
        OPEN = "open", _("Også åbne frister")

    rule_set = models.ForeignKey(RuleSet, models.SET_NULL, null=True, related_name="activations")
    number = models.PositiveSmallIntegerField()
    choice = models.CharField(max_length=8, choices=Choice, default=Choice.NEW)
    asked_by = by_user()
    asked_at = models.DateTimeField()
    by = by_user()
    at = models.DateTimeField(null=True, blank=True)
    undone_by = by_user()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["rule_set"], condition=Q(at=None), name="asked_for_once"),
            models.CheckConstraint(condition=Q(undone_at=None) | Q(at__isnull=False), name="undone_after_activation"),
        ]

    def __str__(self):
        return f"{self.number} {self.choice}"


class PinnedStep(models.Model):
    """A step that an activation pinned to its set, and the set it was pinned to before (or none)."""

    activation = models.ForeignKey(Activation, models.CASCADE, related_name="pinned")
    step = models.ForeignKey(Step, models.CASCADE, related_name="+")
    before = models.ForeignKey(RuleSet, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activation", "step"], name="pinned_once")]

    def __str__(self):
        return f"{self.activation_id}: {self.step_id}"
