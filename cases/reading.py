"""What a user reads of a case: lines by area and by data class, asked of a list and of one case; and which members."""

from django.db.models import Q

from accounts.access import Permission, areas_of, can, classes_of, parts_of
from cases import choices
from cases.bases import begins_with
from cases.choices import FamilyRole


def readable(user, mine: Q, opened: Q) -> Q:
    """Which lines the user reads: `mine` are those of the cases that are the user's, `opened` those of openings."""
    closed = [choices.DataClass.HEALTH, choices.DataClass.VIOLENCE]
    read = Q(data_class__in=classes_of(user))
    if can(user, Permission.SEE_CASE_FILES):
        read |= Q(data_class__in=closed) & mine
    else:
        read &= Q(area__in=areas_of(user)) | begins_with("kind", parts_of(user))
    if can(user, Permission.SEE_HEALTH):
        own = Q(data_class=choices.DataClass.VIOLENCE, author=user.pk)
        read |= own | Q(data_class=choices.DataClass.HEALTH)
    if not can(user, Permission.LEAD_TEAM):
        opened &= ~Q(data_class=choices.DataClass.VIOLENCE)
    return read | opened


ADULT_AGE = 18


def is_grown_up(role: str, age: int | None) -> bool:
    """An adult by age, or by the role in the family where the birth date is unknown."""
    return role != FamilyRole.CHILD if age is None else age >= ADULT_AGE
