"""What is kept of a day's figures, so that March's figure never changes afterwards."""

from django.db import models


class FigureMonth(models.Model):
    """A month whose figures are taken: last on `taken_on`, and for ever as they were on `closed_on`."""

    month = models.DateField(unique=True)  # the first of it
    taken_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["month"]

    def __str__(self):
        return f"{self.month:%Y-%m}"


class DayFigure(models.Model):
    """What became of the deadlines of one day: per rule, kind, team and locality, persons and households apart.

    team and locality are ids, 0 for none: the row outlives what it is about. `steps` holds the ids behind on_time and
    late, for the way down to the rows. `late_open` is the stock at the end of the day: late by then and not yet done.
    on_time_now and late_now are what the facts say today, where that differs from what the month closed with.
    """

    day = models.DateField()
    rule = models.CharField(max_length=60)
    kind = models.CharField(max_length=14)
    household = models.BooleanField()
    team = models.PositiveBigIntegerField(default=0)
    locality = models.PositiveBigIntegerField(default=0)
    on_time = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    extended = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)
    known_late = models.PositiveIntegerField(default=0)
    late_open = models.PositiveIntegerField(default=0)
    steps = models.JSONField(default=dict)
    on_time_now = models.PositiveIntegerField(null=True, blank=True)
    late_now = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["day", "rule", "kind", "household", "team", "locality"], name="one_figure_a_day"
            )
        ]

    def __str__(self):
        return f"{self.day} {self.rule}"
