"""What the municipality has set itself to reach, and how much a week can carry."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.bases import by_user

SHARE = [MinValueValidator(1), MaxValueValidator(100)]


class Goals(models.Model):
    """One row for the house: the share that should be on time, in percent by kind, and what a unit does in a week.

    Without a row, and without a capacity, the defaults hold and the pace of the last weeks is taken.
    """

    law = models.PositiveSmallIntegerField(_("lovfrister"), default=100, validators=SHARE)
    service_goal = models.PositiveSmallIntegerField(_("servicemål"), default=95, validators=SHARE)
    local_target = models.PositiveSmallIntegerField(_("lokale mål"), default=90, validators=SHARE)
    per_week = models.PositiveSmallIntegerField(
        _("frister pr. uge"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5000)]
    )
    changed_by = by_user()
    changed_on = models.DateField(null=True, blank=True)

    def __str__(self):
        return f"{self.law}/{self.service_goal}/{self.local_target}"

    def of(self, kind: str) -> int:
        return getattr(self, kind)
