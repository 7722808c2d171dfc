"""The goals of the house: read with their defaults, set by who leads."""

from datetime import date

from django.db import transaction

from accounts import audit
from board.models import Goals


def goals() -> Goals:
    """The row, or one with the defaults that is not saved."""
    return Goals.objects.order_by("pk").first() or Goals()


@transaction.atomic
def set_goals(*, by, today: date, **values) -> Goals:
    """values: law, service_goal, local_target in percent and per_week (None: the pace of the last weeks)."""
    row = Goals.objects.select_for_update().order_by("pk").first() or Goals()
    for name, value in values.items():
        setattr(row, name, value)
    row.changed_by, row.changed_on = by, today
    row.full_clean(exclude=["changed_by"])
    row.save()
    audit.log(by, "goals.set", detail=f"{row}, {row.per_week or '-'}")
    return row
