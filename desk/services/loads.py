"""How much each colleague has, and how cases would be spread so that nobody gets more than the others.

`suggest` is pure. The figures are those of the lists: the rows behind them are in Frister and Familier under the
colleague's name, as far as the manager sees them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from heapq import heapify, heapreplace

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.models import Absence, RoleGrant, Team, User
from accounts.roles import ROLES, Permission
from cases.models import Case, in_daily_scope
from deadlines.models import Kind, Step, StepQuerySet, is_overdue
from deadlines.services import FOLLOWS_CASE, held_by_team
from desk.services.figures import per_case

SOON = timedelta(days=14)
MAY_HAVE_CASES = [key for key, role in ROLES.items() if Permission.WRITE_CASES in role.permissions]


@dataclass(frozen=True, slots=True)
class Load:
    """Open cases; open deadlines, those of them overdue, and those falling due within 14 days."""

    cases: int = 0
    steps: int = 0
    overdue: int = 0
    soon: int = 0

    def __add__(self, other: "Load") -> "Load":
        return Load(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    def __sub__(self, other: "Load") -> "Load":
        return Load(*(getattr(self, one.name) - getattr(other, one.name) for one in fields(self)))


# --- Spreading --------------------------------------------------------------------------------


def suggest(weights: Mapping[int, int], loads: Mapping[int, int]) -> dict[int, int]:
    """Case id → user id: the heaviest case first, each to whoever then has least; ties by the order of `loads`.

    weights: open deadlines per case; loads: per colleague. A case weighs at least one, so that new ones are spread too.
    A family is one case and goes to one colleague.
    """
    if not loads:
        return {}
    order = list(loads)
    heap = [(loads[user], turn) for turn, user in enumerate(order)]
    heapify(heap)
    found = {}
    for case in sorted(weights, key=lambda case: (-weights[case], case)):
        load, turn = heap[0]
        found[case] = order[turn]
        heapreplace(heap, (load + max(weights[case], 1), turn))
    return found


# --- Who could have cases ---------------------------------------------------------------------


def colleagues(user, today: date) -> QuerySet[User]:
    """Active caseworkers of the manager's team by name, with `away` (today) and `load`, their open deadlines."""
    may = RoleGrant.objects.filter(user=OuterRef("pk"), role__in=MAY_HAVE_CASES)
    away = Absence.objects.on(today).filter(user=OuterRef("pk"))
    steps = listed(user, today).filter(owner=OuterRef("pk"))
    found = User.objects.filter(Exists(may), is_active=True, team=user.team_id, team__isnull=False)
    return found.annotate(away=Exists(away), load=per_case(steps, "owner")).order_by("first_name", "last_name", "pk")


def listed(user, today: date) -> StepQuerySet:
    return Step.objects.visible_to(user).listed(today)


# --- Counting ---------------------------------------------------------------------------------


def figures(today: date) -> dict[str, Count]:
    """Aggregates over `listed` steps, named as Load; a local target is *passeret*, never overdue."""
    soon = Q(effective_on__gte=today, effective_on__lte=today + SOON)
    return {
        "steps": Count("pk"),
        "overdue": Count("pk", filter=is_overdue(today) & ~Q(kind=Kind.LOCAL_TARGET)),
        "soon": Count("pk", filter=soon),
    }


def of_colleagues(user, today: date) -> dict[int | None, Load]:
    """Loads by colleague; those of nobody under None. Two queries."""
    found: dict[int | None, Load] = {}
    cases = Case.objects.visible_to(user).open().order_by().values_list("caseworker").annotate(n=Count("pk"))
    for owner, number in cases:
        found[owner] = Load(cases=number)
    for row in listed(user, today).order_by().values("owner").annotate(**figures(today)):
        owner = row.pop("owner")
        found[owner] = found.get(owner, Load()) + Load(**row)
    return found


def of_cases(user, today: date, cases: QuerySet[Case]) -> list[dict]:
    """The deadlines that go along when a case gets another caseworker of the team: rows as below. One query.

    {case, owner, coordinated, load}; coordinated: they are the volunteer coordinator's, whoever has the case.
    """
    steps = listed(user, today).filter(FOLLOWS_CASE, case__in=cases).annotate(coordinated=coordinated(user))
    found = steps.order_by().values("case", "owner", "coordinated").annotate(**figures(today))
    return [{"load": Load(0, row.pop("steps"), row.pop("overdue"), row.pop("soon"))} | row for row in found]


def coordinated(user) -> Q:
    """Deadlines that are the team's coordinator's or manager's where there is one, whoever has the case."""
    found = Q(pk__in=())
    for held, theirs in held_by_team():
        found |= theirs & Exists(Team.objects.filter(pk=user.team_id, **{f"{held}__isnull": False}))
    return Q(case__protected=False) & found


def weight(user, today: date) -> Coalesce:
    """For a query of cases: the deadlines that a caseworker of the team gets with the case."""
    return per_case(listed(user, today).filter(FOLLOWS_CASE, case=OuterRef("pk")).exclude(coordinated(user)), "case")


def weights(cases: Iterable[int], rows: list[dict]) -> dict[int, int]:
    """Case id → the deadlines that its caseworker gets with it; rows of `of_cases`."""
    found = dict.fromkeys(cases, 0)
    for row in rows:
        if not row["coordinated"]:
            found[row["case"]] += row["load"].steps
    return found


def new_cases(user) -> QuerySet[Case]:
    """Open cases that nobody has. Protected ones are given by number alone (desk.services.protection)."""
    return Case.objects.filter(in_daily_scope(user)).open().filter(caseworker=None, protected=False)
