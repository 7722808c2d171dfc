"""The strategy's action catalogue: what the municipality does, who is responsible, and how far it has come.

Source: the strategy § 7 (handlingskatalog, divided like the strategy itself). No citizen stands in these rows.
"""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.bases import by_user


class Status(models.TextChoices):
    PLANNED = "planned", _("Planlagt")
    UNDER_WAY = "under_way", _("I gang")
    DONE = "done", _("Færdig")
    DROPPED = "dropped", _("Droppet")


OPEN = (Status.PLANNED, Status.UNDER_WAY)


class Action(models.Model):
    """One action. area: key of desk.areas; catalogue: key of the strategy's own action, empty for others."""

    title = models.CharField(_("handling"), max_length=200)
    area = models.CharField(_("område"), max_length=20)
    source = models.CharField(_("kilde"), max_length=60, blank=True)
    catalogue = models.CharField(max_length=40, blank=True)
    owner = by_user(verbose_name=_("ansvarlig"))
    due_on = models.DateField(_("senest"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PLANNED)
    done_on = models.DateField(_("færdig den"), null=True, blank=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["catalogue"], condition=~Q(catalogue=""), name="catalogue_action_once"),
            models.CheckConstraint(
                condition=Q(status="done", done_on__isnull=False) | (~Q(status="done") & Q(done_on=None)),
                name="action_done_on_a_day",
            ),
        ]

    def __str__(self):
        return self.title

    def is_overdue(self, today: date) -> bool:
        return self.status in OPEN and self.due_on is not None and self.due_on < today


class ActionChange(models.Model):
    """A new status: since which day, and who wrote it when. The first row is the action's own beginning."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="changes")
    status = models.CharField(_("status"), max_length=10, choices=Status)
    on = models.DateField(_("fra"))
    at = models.DateTimeField(auto_now_add=True)
    by = by_user()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["action", "on"])]

    def __str__(self):
        return f"{self.action_id}: {self.status} {self.on}"
