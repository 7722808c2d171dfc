"""The one door to a case. An object that isn't yours answers like one that doesn't exist."""

from django.http import Http404

from cases.models import Case, Person


def get_case(user, number: str, *, lock: bool = False) -> Case:
    """The case with its caseworker, team and locality, if this user may see it. Http404 otherwise."""
    found = Case.objects.visible_to(user).filter(number=number)
    if lock:
        found = Case.objects.select_for_update(no_key=True).filter(pk__in=list(found.values_list("pk", flat=True)))
    else:
        found = found.select_related("caseworker", "team", "locality")
    case = found.first()
    if case is None:
        raise Http404
    return case


def get_person(case: Case, person_id: int) -> Person:
    """A member of this case; Http404 for anybody else's id."""
    person = case.people.filter(pk=person_id).first()
    if person is None:
        raise Http404
    person.case = case
    return person
