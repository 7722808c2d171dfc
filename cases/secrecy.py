"""Who is protected, whose places are kept from whom, and who is kept apart: read from the rows, dates play no part."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.choices import FamilyRole
from cases.models import Case, Person
from cases.protection import KeptApart, Protection


def protected_cases(cases: QuerySet) -> QuerySet:
    """The cases in which somebody is protected: the truth behind the stored `Case.protected`."""
    return cases.filter(Exists(Protection.objects.standing().filter(person__case=OuterRef("pk"))))


def protected_people(case: Case) -> dict[int, Protection]:
    """Person id → the protection that covers them: their own, else that of an adult of the family they follow."""
    standing = Protection.objects.standing().filter(person__case=case).select_related("person", "against")
    own = {row.person_id: row for row in standing.order_by("pk")}
    leading = [row for row in own.values() if row.children_follow]
    if not leading:
        return own
    children = case.people.filter(role=FamilyRole.CHILD).exclude(pk__in=own)
    # who it is kept from does not follow the one it protects
    return own | {
        pk: next((row for row in leading if row.against_id), leading[0])
        for pk in children.values_list("pk", flat=True)
        if any(row.against_id != pk for row in leading)
    }


def kept_from(reader: Person) -> frozenset[int]:
    """Ids of those whose places must not stand in a paper for this member of the family: children that follow too."""
    rows = Protection.objects.standing().filter(against=reader).select_related("person__case")
    found: set[int] = set()
    for row in rows:
        found.add(row.person_id)
        if row.children_follow:
            children = row.person.case.people.filter(role=FamilyRole.CHILD).exclude(pk=reader.pk)
            found.update(children.values_list("pk", flat=True))
    return frozenset(found)


def apart_from(people: Iterable[int]) -> frozenset[int]:
    """Ids of those who must not be at the same place as any of these people. One query."""
    ids = frozenset(people)
    pairs = KeptApart.objects.standing().filter(Q(one__in=ids) | Q(other__in=ids)).values_list("one", "other")
    return frozenset(other for pair in pairs for one, other in (pair, pair[::-1]) if one in ids)


def pairs_of(people: Iterable[int] | QuerySet) -> QuerySet:
    """The standing relations that touch these people."""
    found = KeptApart.objects.standing().filter(Q(one__in=people) | Q(other__in=people))
    return found.select_related("one__case", "other__case", "lapse_proposed_by").order_by("pk")
