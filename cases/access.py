"""The one door to a case. An object that isn't yours answers like one that doesn't exist."""

from django.http import Http404

from accounts.access import Permission, can
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


def reads_health(user, case: Case) -> bool:
    """The circle of health: the assigned caseworker or the deputy, those with SEE_HEALTH, and by an opening.

    The same rule as for lines of class health (cases.models.Entry). The case itself came through get_case.
    """
    assigned = can(user, Permission.SEE_CASE_FILES) and case.caseworker_id in user.acting_for
    return assigned or can(user, Permission.SEE_HEALTH) or case.number in user.openings


def assigned_ids(case: Case) -> set[int]:
    """Ids of the users who are assigned to the case; a deputy comes in through `User.acting_for`."""
    return {case.caseworker_id} - {None}
