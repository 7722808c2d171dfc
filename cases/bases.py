"""What the models of all floors are made of: who did it, and facts that are annulled instead of deleted."""

from functools import reduce
from operator import or_

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def by_user(**options):
    """A foreign key to a member of staff that outlives the employment."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", **options
    )


def begins_with(field: str, prefixes) -> Q:
    """Rows whose field begins with one of the prefixes; none where there is no prefix."""
    found = Q(pk__in=[])
    for prefix in sorted(prefixes):
        found |= Q(**{f"{field}__startswith": prefix})
    return found


def known(answer: bool) -> Q:
    """A condition whose answer is known: on every row, or on none. (An empty Q would vanish from an "or".)"""
    nothing = Q(pk__in=())
    return ~nothing if answer else nothing


class AnnullableQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(annulled_on=None)


class Annullable(models.Model):
    """A fact of an area. Nothing is deleted: a wrong one is annulled with a reason, and its step is open again."""

    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = by_user()
    annulled_on = models.DateField(null=True, blank=True)
    annulled_by = by_user()
    annulled_reason = models.CharField(_("begrundelse"), max_length=200, blank=True)
    objects = AnnullableQuerySet.as_manager()

    class Meta:
        abstract = True


def any_of(ways: dict, path: str = "") -> Q:
    """Rows that one of these lookups finds; path leads to where they begin."""
    return reduce(or_, (Q(**{f"{path}{name}": value}) for name, value in ways.items()))
