"""The first line of Mit overblik for who leads: new cases with a suggestion, what can't wait, what has changed."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, Func, IntegerField, OuterRef, QuerySet, Subquery

from accounts import prepared
from accounts.models import User
from cases.models import Case, in_daily_scope
from deadlines.calendar import last_working_day
from deadlines.models import Kind, Step, StepQuerySet
from desk.services import loads, protection

SUGGESTED_UP_TO = 100  # new cases; more are spread on the page itself


@dataclass(frozen=True, slots=True)
class News:
    """new: cases without a caseworker, `late` of them past a deadline; suggestion: (name, number), the most first.

    guarded: protected cases that nobody answers for; of them the number is known, and each by its number alone.
    registered, closed and passed (deadlines now overdue) count from `since` on, the last working day before today.
    """

    new: int
    late: int
    guarded: int
    suggestion: list[tuple[str, int]]
    since: date
    registered: int
    closed: int
    passed: int


def news(user, today: date) -> News:
    """Two questions, one more where there are new cases; each compiled once (accounts.prepared)."""
    since = last_working_day(today - timedelta(days=1))
    new = prepared.rows(asked_new, user, today)
    guarded, registered, closed, passed = prepared.rows(asked_numbers, user, today, (today - since).days)[0]
    return News(
        new=len(new),
        late=sum(is_late for _pk, is_late, _weight in new),
        guarded=guarded,
        suggestion=suggestion(user, today, {pk: weight for pk, _late, weight in new}),
        since=since,
        registered=registered,
        closed=closed,
        passed=passed,
    )


def asked_new(user, today: date) -> QuerySet:
    """(case, whether it is past a deadline, what its caseworker gets with it) of each new case."""
    late = overdue(Step.objects.filter(case=OuterRef("pk")), today)
    new = loads.new_cases(user).annotate(late=Exists(late), weight=loads.weight(user, today))
    return new.values_list("pk", "late", "weight")


def overdue(steps: StepQuerySet, today: date) -> StepQuerySet:
    """Those under *Overskredet*: a local target is only *passeret*."""
    return steps.overdue(today).exclude(kind=Kind.LOCAL_TARGET)


def asked_numbers(user, today: date, days: int) -> QuerySet:
    """One row: protected cases without a caseworker; since so many days before today, families registered, cases
    closed, deadlines now overdue.
    """
    since = today - timedelta(days=days)
    cases = Case.objects.filter(in_daily_scope(user))
    passed = overdue(Step.objects.visible_to(user), today)
    return User.objects.filter(pk=user.pk).values_list(
        number(protection.unassigned(user)),
        number(cases.filter(registered_on__gte=since)),
        number(cases.filter(closed_on__gte=since)),
        number(passed.filter(effective_on__gte=since, effective_on__lt=today)),
    )


def number(rows: QuerySet) -> Subquery:
    """How many rows, as a column of another query."""
    counted = rows.order_by().values_list(Func("pk", function="COUNT", output_field=IntegerField()))
    return Subquery(counted, output_field=IntegerField())


def suggestion(user, today: date, weights: dict[int, int]) -> list[tuple[str, int]]:
    """How many of the new cases each colleague would get: what the page then proposes case by case."""
    if not 0 < len(weights) <= SUGGESTED_UP_TO:
        return []
    team = {row.pk: row for row in prepared.rows(asked_team, user, today)}
    here = {pk: row.load for pk, row in team.items() if not row.away}
    found = Counter(loads.suggest(weights, here).values())
    return [(name_of(team[pk]), cases) for pk, cases in found.most_common()]


def asked_team(user, today: date) -> QuerySet:
    return loads.colleagues(user, today).values_list(
        "pk", "first_name", "last_name", "username", "away", "load", named=True
    )


def name_of(row) -> str:
    """As `User.name`."""
    return f"{row.first_name} {row.last_name}".strip() or row.username
