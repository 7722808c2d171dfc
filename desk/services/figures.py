"""Figures of a family in a list: people, arrival, next deadline, overdue. One definition for page, panel and file."""

from datetime import date

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.access import has_team_scope
from cases.formats import plural, relative, weekday_date
from cases.models import Case, Stay
from deadlines.models import Group, Step

DAY_NUMBER_UNTIL = 60
SOONEST = ("-overdue", F("next_on").asc(nulls_last=True), "family_name", "pk")


def per_case(rows: QuerySet, case: str) -> Coalesce:
    """The number of these rows of the outer case. rows: already narrowed to the case."""
    counted = rows.order_by().values(case).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def with_figures(cases: QuerySet, user, today: date) -> QuerySet:
    """Annotate members, arrived_on, expected_on, next_on, overdue and passed; steps as far as this user sees them.

    next_on leaves out what waits for others, as the head of the family's page does.
    """
    here = Stay.objects.filter(person__case=OuterRef("pk"), left_on=None)
    steps = Step.objects.visible_to(user).filter(case=OuterRef("pk")).listed(today).with_group(today)
    dated = steps.exclude(group=Group.WAITING).filter(effective_on__isnull=False).order_by("effective_on")
    return cases.annotate(
        members=per_case(here, "person__case"),
        arrived_on=Subquery(here.filter(arrived_on__isnull=False).order_by("arrived_on").values("arrived_on")[:1]),
        expected_on=Subquery(here.filter(expected_on__isnull=False).order_by("expected_on").values("expected_on")[:1]),
        next_on=Subquery(dated.values("effective_on")[:1]),
        overdue=per_case(steps.filter(group=Group.OVERDUE), "case"),
        passed=per_case(steps.filter(group=Group.PASSED), "case"),
    )


def arrived(case: str = "pk") -> Exists:
    """Whether somebody of the case is here."""
    return Exists(Stay.objects.filter(person__case=OuterRef(case), left_on=None, arrived_on__isnull=False))


def here_since(day: date, case: str = "case") -> Exists:
    """Whether somebody of the case arrived on that day or before and is still here."""
    return Exists(Stay.objects.filter(person__case=OuterRef(case), left_on=None, arrived_on__lte=day))


def my_cases(user) -> QuerySet:
    """Open cases for which the user answers: as caseworker or deputy, as the team's coordinator, or put on them."""
    mine = Q(caseworker__in=user.acting_for) | Q(team__coordinator__in=user.acting_for)
    seen = Case.objects.visible_to(user).open()
    return seen.filter(mine) if has_team_scope(user) else seen


def day_number(case: Case, today: date) -> int | None:
    """Days since the first arrival of those who are here, until day 60; case from `with_figures`."""
    days = (today - case.arrived_on).days if case.arrived_on else None
    return days if days is not None and 0 <= days <= DAY_NUMBER_UNTIL else None


def arrival_text(case: Case, today: date) -> str:
    """ "Dag 11", "Ankom fre. 2. jan. 2026", "Ventes ons. 2. dec." or "Ventes"."""
    number = day_number(case, today)
    if number is not None:
        return f"Dag {number}"
    if case.arrived_on:
        year = "" if case.arrived_on.year == today.year else f" {case.arrived_on.year}"
        return f"Ankom {weekday_date(case.arrived_on)}{year}"
    return f"Ventes {weekday_date(case.expected_on)}" if case.expected_on else "Ventes"


def state(case: Case, today: date) -> tuple[str, str]:
    """(text, status) of the family's most urgent side: "1 overskredet", "1 passeret", "Om 3 dage" or nothing."""
    if case.overdue:
        return plural(case.overdue, "overskredet", "overskredne"), "overdue"
    if case.passed:
        return plural(case.passed, "passeret", "passerede"), "passed"
    if case.next_on:
        return relative(case.next_on, today), "due_today" if case.next_on == today else "open"
    return "", ""
