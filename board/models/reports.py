"""Reports as they were made: the figures stand for ever, and with them the two files."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.bases import by_user


class Report(models.Model):
    """One edition of a report. `figures` is all that stands in it (board.services.report_figures); no person does.

    first, last: the days it is about. unit: id of the team whose figures they are, "0" for cases without one alone.
    is_final: all its months were closed when it was made, so there is one for each unit. wish: of whoever asked, so
    that a doubled task makes one report. pdf, xlsx: names in the storage.
    """

    class Kind(models.TextChoices):
        MONTHLY = "monthly", _("Månedsrapport")
        EVALUATION = "evaluation", _("Evaluering")

    kind = models.CharField(_("rapport"), max_length=12, choices=Kind)
    first = models.DateField(_("fra"))
    last = models.DateField(_("til"))
    unit = models.CharField(max_length=20)
    unit_name = models.CharField(_("omfang"), max_length=120)
    is_final = models.BooleanField(default=False)
    figures = models.JSONField()
    pdf = models.CharField(max_length=200)
    xlsx = models.CharField(max_length=200)
    wish = models.UUIDField(unique=True)
    made_by = by_user()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "first", "last", "unit"],
                condition=models.Q(is_final=True),
                name="one_final_report",
            )
        ]
        indexes = [models.Index(fields=["unit", "-made_at"], name="reports_of_a_unit")]

    def __str__(self):
        return f"{self.kind} {self.first}–{self.last}"

    def save(self, *args, **kwargs):
        """Once only: a kept report is never written again."""
        if not self._state.adding:
            raise TypeError("a kept report does not change")
        super().save(*args, **kwargs)
