"""The first line of Mit overblik for who leads: new cases with a suggestion, what can't wait, what has changed."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, Func, IntegerField, OuterRef, QuerySet, Subquery

from accounts.models import User
from cases.models import Case, in_daily_scope
from deadlines.calendar import last_working_day
from deadlines.models import Kind, Step, StepQuerySet
from desk.services import loads

SUGGESTED_UP_TO = 100  # new cases; more are spread on the page itself


@dataclass(frozen=True, slots=True)
class News:
    """new: cases without a caseworker, `late` of them past a deadline; suggestion: (name, number), the most first.

    registered, closed and passed (deadlines now overdue) count from `since` on, the last working day before today.
    """

    new: int
    late: int
    suggestion: list[tuple[str, int]]
    since: date
    registered: int
    closed: int
    passed: int


def news(user, today: date) -> News:
    """Two queries, one more where there are new cases."""
    since = last_working_day(today - timedelta(days=1))
    late = overdue(Step.objects.filter(case=OuterRef("pk")), today)
    new = loads.new_cases(user).annotate(late=Exists(late), weight=loads.weight(user, today))
    rows = list(new.values_list("pk", "late", "weight"))
    registered, closed, passed = changes(user, today, since)
    return News(
        new=len(rows),
        late=sum(is_late for _pk, is_late, _weight in rows),
        suggestion=suggestion(user, today, {pk: weight for pk, _late, weight in rows}),
        since=since,
        registered=registered,
        closed=closed,
        passed=passed,
    )


def overdue(steps: StepQuerySet, today: date) -> StepQuerySet:
    """Those under *Overskredet*: a local target is only *passeret*."""
    return steps.overdue(today).exclude(kind=Kind.LOCAL_TARGET)


def changes(user, today: date, since: date) -> tuple[int, int, int]:
    """(families registered, cases closed, deadlines now overdue) since that day. One query."""
    cases = Case.objects.filter(in_daily_scope(user))
    passed = overdue(Step.objects.visible_to(user), today)
    counted = (
        number(cases.filter(registered_on__gte=since)),
        number(cases.filter(closed_on__gte=since)),
        number(passed.filter(effective_on__gte=since, effective_on__lt=today)),
    )
    return User.objects.filter(pk=user.pk).values_list(*counted).get()


def number(rows: QuerySet) -> Subquery:
    """How many rows, as a column of another query."""
    counted = rows.order_by().values_list(Func("pk", function="COUNT", output_field=IntegerField()))
    return Subquery(counted, output_field=IntegerField())


def suggestion(user, today: date, weights: dict[int, int]) -> list[tuple[str, int]]:
    """How many of the new cases each colleague would get: what the page then proposes case by case."""
    if not 0 < len(weights) <= SUGGESTED_UP_TO:
        return []
    team = list(loads.colleagues(user, today))
    found = Counter(loads.suggest(weights, loads.present(team)).values())
    names = {one.pk: one.name for one in team}
    return [(names[pk], cases) for pk, cases in found.most_common()]
