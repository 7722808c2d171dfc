"""The first line of Mit overblik for who leads: new cases with a suggestion, what can't wait, what has changed."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from cases.models import Case, in_daily_scope
from deadlines.calendar import last_working_day
from deadlines.models import Kind, Step, is_overdue
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
    """Three queries, two more where there are new cases."""
    since = last_working_day(today - timedelta(days=1))
    steps = Step.objects.listed(today).filter(is_overdue(today)).exclude(kind=Kind.LOCAL_TARGET)
    late = Exists(steps.filter(case=OuterRef("pk")))
    new = dict(loads.new_cases(user).annotate(late=late).values_list("pk", "late"))
    changed = Case.objects.filter(in_daily_scope(user)).aggregate(
        registered=Count("pk", filter=Q(registered_on__gte=since)),
        closed=Count("pk", filter=Q(closed_on__gte=since)),
    )
    passed = loads.listed(user, today).filter(is_overdue(today), effective_on__gte=since, effective_on__lt=today)
    return News(
        new=len(new),
        late=sum(new.values()),
        suggestion=suggestion(user, today, list(new)) if 0 < len(new) <= SUGGESTED_UP_TO else [],
        since=since,
        passed=passed.exclude(kind=Kind.LOCAL_TARGET).count(),
        **changed,
    )


def suggestion(user, today: date, new: list[int]) -> list[tuple[str, int]]:
    """How many of the new cases each colleague would get: what the page then proposes case by case."""
    team = list(loads.colleagues(user, today))
    rows = loads.of_cases(user, today, Case.objects.filter(pk__in=new))
    found = Counter(loads.suggest(loads.weights(new, rows), loads.present(team)).values())
    names = {one.pk: one.name for one in team}
    return [(names[pk], number) for pk, number in found.most_common()]
