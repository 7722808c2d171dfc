"""Cases with deadlines in an office, and how tests hand them on and take them back."""

from datetime import timedelta

from django.utils import timezone

from board.models import Move
from board.services import moves
from board.services.share import Plan
from cases.models import Case
from deadlines.models import Kind, Step
from tests.factories import TODAY, CaseFactory, UserFactory

DAY = timedelta(days=1)


def a_case(office, worker=None, **fields) -> Case:
    return CaseFactory(caseworker=worker, team=office.team, **fields)


def a_step(case, due=None, kind=Kind.SERVICE_GOAL, **fields) -> Step:
    owner = fields.pop("owner", case.caseworker)
    due = due or TODAY + 5 * DAY
    return Step.objects.create(case=case, title="Lav plan", kind=kind, due_on=due, owner=owner, **fields)


def move(office, cases, to, *, source=None, by=None) -> Move:
    pairs = tuple((case.pk, source.pk if source else None, to.pk) for case in cases)
    plan = Plan(source.pk if source else None, pairs)
    return moves.carry_out(plan, by=by or office.manager, today=TODAY, now=timezone.now())


def undo(office, moved, by=None) -> Move:
    return moves.undo(moved, by=by or office.manager, today=TODAY, now=timezone.now())


def holders(*cases) -> list[str]:
    return [Case.objects.get(pk=case.pk).caseworker for case in cases]


def a_busy_office(office) -> list[Case]:
    """Cases of Mette's and nobody's with deadlines of every kind, one given to a colleague, one the coordinator's."""
    office.team.coordinator = UserFactory(role="volunteer_coordinator", team=office.team, first_name="Karen")
    office.team.save()
    found = [a_case(office, office.mette) for _n in range(3)] + [a_case(office)]
    for number, case in enumerate(found):
        for days, kind in ((-3, Kind.LAW), (-1, Kind.LOCAL_TARGET), (0, Kind.SERVICE_GOAL), (14, Kind.LAW), (15, "")):
            a_step(case, TODAY + (days + number * (days > 0)) * DAY, kind)
        a_step(case, TODAY - DAY, area="volunteers", owner=office.team.coordinator)
    a_step(found[0], TODAY - DAY, assignee=office.jonas, owner=office.jonas)
    a_step(found[1], TODAY + DAY, met_on=TODAY)
    a_step(a_case(office, office.jonas), TODAY + 2 * DAY)
    return found
