"""The one door to a case. An object that isn't yours answers like one that doesn't exist."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Case as Choose
from django.db.models import F, Q, When
from django.http import Http404

from accounts import audit
from accounts.access import Permission, can, reads_file
from cases.formats import age_on
from cases.models import Case, Person
from cases.reading import is_grown_up

REVEAL, SIGHT = "place.reveal", timedelta(minutes=30)


class PlacesHidden(Exception):
    """The user sees the case but must give a reason before a page that tells where the family is."""

    def __init__(self, case: Case):
        super().__init__(case.number)
        self.number = case.number


def get_case(user, number: str, *, lock: bool = False, covered: bool = False) -> Case:
    """The case with its caseworker, team and locality, if this user may see it. Http404 otherwise.

    covered: the page covers places itself (cases.location.conceal). Else PlacesHidden for who must give a reason first.
    """
    found = Case.objects.visible_to(user).filter(number=number)
    if lock:
        found = Case.objects.select_for_update(no_key=True).filter(pk__in=list(found.values_list("pk", flat=True)))
    else:
        found = found.select_related("caseworker", "team", "locality")
    case = found.first()
    if case is None:
        raise Http404
    mark(user, case)
    if case.covered and not covered:
        raise PlacesHidden(case)
    return case


def mark(user, case: Case) -> None:
    """Say on the object how this user reads it: `covered` without places, `nameless` by its number.

    adults_on: the day by whose age a member must be grown up to be met; None where the children are met too.
    """
    case.covered, case.nameless = not sees_places(user, case), is_nameless(user, case)
    children = can(user, Permission.SEE_CHILDREN) or reads_file(user, case.number)
    case.adults_on = None if children else user.asked_on
    if case.nameless:
        case.family_name = case.number


def get_person(case: Case, person_id: int) -> Person:
    """A member of this case, as it came through get_case; Http404 for anybody else's id, or a child not to be met."""
    person, day = case.people.filter(pk=person_id).first(), getattr(case, "adults_on", None)
    if person is None:
        raise Http404
    age = age_on(person.birth_date, day) if day and person.birth_date else None
    if day and not is_grown_up(person.role, age):
        raise Http404
    person.case = case
    return person


def reads_health(user, case: Case) -> bool:
    """The circle of health: the assigned caseworker or the deputy, those with SEE_HEALTH, and by an opening.

    The same rule as for lines of class health (cases.models.Entry). The case itself came through get_case.
    """
    assigned = can(user, Permission.SEE_CASE_FILES) and case.caseworker_id in user.acting_for
    return assigned or can(user, Permission.SEE_HEALTH) or case.number in user.openings


def sees_places(user, case: Case) -> bool:
    """Whether the user reads where the family of this visible case is: its caseworker, the deputy, or after a reason.

    A colleague who works with a protected family asks first; the row of the log is what lets them in for a while.
    """
    if not case.protected or case.caseworker_id in user.acting_for or case.number in user.openings:
        return True
    return audit.has_recent(user, REVEAL, case.number, within=SIGHT)


def covers(user, case: Case) -> bool:
    """The same for a row of a list, where no reason holds."""
    return case.protected and case.caseworker_id not in user.acting_for


def is_nameless(user, case: Case) -> bool:
    """Whether a protected family goes by its number: for the coordinator, who otherwise knows families by name."""
    return covers(user, case) and not can(user, Permission.SEE_CONTACT)


def by_number(user, cases: Iterable[Case]) -> None:
    """Name the protected families of a list by their number, for whom they are nameless."""
    for case in cases:
        if is_nameless(user, case):
            case.family_name = case.number


def shown_name(user, path: str = "") -> Choose | F:
    """The same for a query: the family's name, or its number; path leads to the case."""
    name = F(f"{path}family_name")
    if can(user, Permission.SEE_CONTACT):
        return name
    mine = Q(**{f"{path}caseworker__in": user.acting_for})
    return Choose(When(~mine, **{f"{path}protected": True}, then=F(f"{path}number")), default=name)
