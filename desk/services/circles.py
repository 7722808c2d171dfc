"""Who may read what has been written: the assigned caseworker moves a note from one circle of readers to another.

Sight goes by data class alone, so a sentence written before a protection came is covered by moving it to Sted.
"""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts import audit
from cases.choices import DataClass
from cases.models import Case, Entry

NARROW = (DataClass.HEALTH.value, DataClass.VIOLENCE.value)


def written(case: Case, user) -> QuerySet[Entry]:
    """Notes and remarks of a case that came through the door, the newest first, annotated with the `latest` text."""
    found = Entry.objects.in_case(case, user).exclude(body="").filter(corrects=None)
    latest = Subquery(Entry.objects.filter(corrects=OuterRef("pk")).order_by("-pk").values("body")[:1])
    return found.annotate(latest=Coalesce(latest, "body")).select_related("author").order_by("-on", "-pk")


def choices_for(entry: Entry, user) -> tuple[str, ...]:
    """The circles this user may move it to. A colleague's note about health or violence never gets more readers."""
    by_colleague = entry.kind.startswith("note.") and entry.author_id != user.pk
    if by_colleague and entry.data_class in NARROW:
        return NARROW[NARROW.index(entry.data_class) :]
    return tuple(DataClass.values)


@transaction.atomic
def move(case: Case, wanted: Mapping[int, str], *, by) -> int:
    """Move notes, with their corrections, to the circles in `wanted` (id → class); each move stands in the log.

    What this user may not move, or to where, stays as it is. Returns how many were moved.
    """
    moved = 0
    for entry in written(case, by).filter(pk__in=wanted).select_for_update(of=["self"]):
        circle = wanted[entry.pk]
        if circle == entry.data_class or circle not in choices_for(entry, by):
            continue
        Entry.objects.filter(Q(pk=entry.pk) | Q(corrects=entry)).update(data_class=circle)
        audit.log(by, "note.moved", case_number=case.number, detail=f"{entry.pk} {entry.data_class} {circle}")
        moved += 1
    return moved
