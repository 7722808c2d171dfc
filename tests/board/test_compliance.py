"""Every figure of the board against plain Python over 2,000 families, for each who leads."""

from collections import Counter
from datetime import date, timedelta
from statistics import median

import pytest
from django.db import transaction

from board.services import cells, flow, snapshots
from board.services import compliance as figures
from board.services.compliance import Period
from board.services.open_duties import AHEAD, loads, open_duties, overdue
from board.services.scope import scope_of
from deadlines.models import Group, Step
from deadlines.status import is_late
from tests.board import oracle
from tests.board.generated import House, families
from tests.conftest import TODAY

YEAR = figures.last_months(TODAY, 12)


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker):
    """Two thousand families for all tests of this file, taken away afterwards."""
    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        try:
            made = House()
            families(made, 2000)
            yield made
        finally:
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)


@pytest.fixture(params=["manager", "neighbour", "unattached"])
def seen(request, house, db):
    """(scope, the oracle's rows, its teams) of one who leads."""
    user = getattr(house, request.param)
    teams = {user.team_id, None}
    return scope_of(user), oracle.rows(TODAY, teams=teams), teams


def as_oracle(tallies) -> dict:
    return {
        tuple(part): [tally.on_time, tally.late, tally.extended, tally.waiting, tally.known_late]
        for part, tally in tallies.items()
    }


def test_the_months_of_every_rule(seen):
    scope, rows, _teams = seen
    found = as_oracle(figures.tallies(scope, YEAR, TODAY))
    assert found == oracle.months(rows, YEAR.first, YEAR.last)
    assert len(found) > 20


def test_the_months_are_the_same_when_they_have_closed(seen):
    """Closed months are read from what was kept, open ones from the steps; nothing was corrected."""
    scope, rows, _teams = seen
    snapshots.take(today=TODAY)
    tallies = figures.tallies(scope, YEAR, TODAY)
    assert snapshots.open_from() == date(2026, 11, 1)
    assert as_oracle(tallies) == oracle.months(rows, YEAR.first, YEAR.last)
    assert not any(tally.is_corrected for tally in tallies.values())


def test_a_town(house, db):
    town = house.towns[1].pk
    scope = scope_of(house.manager).narrowed(team=None, locality=town)
    rows = oracle.rows(TODAY, teams={house.teams[0].pk, None}, town=town)
    assert as_oracle(figures.tallies(scope, YEAR, TODAY)) == oracle.months(rows, YEAR.first, YEAR.last)


def test_cases_of_no_team(house, db):
    scope = scope_of(house.manager).narrowed(team=0, locality=None)
    rows = oracle.rows(TODAY, teams={None})
    assert rows
    assert as_oracle(figures.tallies(scope, YEAR, TODAY)) == oracle.months(rows, YEAR.first, YEAR.last)
    assert overdue(open_duties(scope, TODAY, TODAY), TODAY)[Group.OVERDUE].number == len(
        oracle.late_now(rows, "overdue")
    )


def test_another_team_is_not_opened_by_its_number(house, db):
    scope = scope_of(house.manager)
    assert scope.narrowed(team=house.teams[1].pk, locality=None) == scope


@pytest.mark.parametrize(("group", "name"), [(Group.OVERDUE, "overdue"), (Group.PASSED, "passed")])
def test_what_is_late_now_by_age_and_reason(seen, group, name):
    scope, rows, _teams = seen
    found, late = overdue(open_duties(scope, TODAY, TODAY), TODAY)[group], oracle.late_now(rows, name)
    assert found.number == len(late) > 0
    assert found.families == len({row.case for row in late})
    assert found.oldest == min(row.new_date for row in late)
    assert found.by_band == Counter(oracle.band(row) for row in late)
    assert found.by_reason == Counter(row.reason for row in late)


def test_who_has_what_to_do(seen):
    scope, rows, _teams = seen
    wanted = Counter(row.owner for row in oracle.to_do(rows))
    found = loads(open_duties(scope, TODAY, TODAY + AHEAD), TODAY)
    assert {each.owner: each.total.number for each in found} == wanted
    late = Counter(row.owner for row in oracle.to_do(rows) if row.group in {"overdue", "passed"})
    assert {each.owner: each.total.late for each in found if each.total.late} == late


def test_how_long_it_takes(seen):
    scope, rows, _teams = seen
    wanted = oracle.took(rows, YEAR.first, YEAR.last)
    [found] = flow.histograms(scope, TODAY, YEAR)
    assert {rule: sorted(counter.elements()) for rule, counter in found.items()} == {
        rule: sorted(days) for rule, days in wanted.items()
    }
    for rule, days in wanted.items():
        times = flow.times_of(found[rule])
        assert times.median == median(days)
        within = sum(day <= times.nine_of_ten for day in days)
        below = sum(day < times.nine_of_ten for day in days)
        assert 10 * within >= 9 * len(days) > 10 * below


def test_who_is_here_came_and_left(seen):
    scope, _rows, teams = seen
    assert tuple(flow.here(scope, TODAY)) == oracle.people_here(TODAY, teams)
    for name in (flow.ARRIVED, flow.LEFT):
        persons, whole = oracle.moved(name, YEAR.first, YEAR.last, teams)
        found = flow.by_month(flow.moves(scope, YEAR, name), YEAR)
        assert {month: each.persons for month, each in found.items()} == persons
        assert {month: each.families for month, each in found.items()} == whole


def test_the_rows_behind_every_number(seen):
    """Every kind of number, and each way of narrowing it, lists exactly what the oracle counts."""
    scope, found, _teams = seen
    inside = [row for row in found if YEAR.first <= row.due_on <= YEAR.last]
    late = [row for row in inside if row.outcome == "late"]
    wanted = {
        "talt": [row for row in inside if row.outcome in {"late", "on_time"}],
        "til-tiden": [row for row in inside if row.outcome == "on_time"],
        "for-sent": late,
        "ny-dato": [row for row in late if row.is_extended],
        "venter": [row for row in late if row.waits and not row.acted and not row.withdrawn_on],
        "naaet-sent": [row for row in late if row.cause == "known_late"],
        "fritaget": [row for row in inside if row.outcome == "excused"],
        "bortfaldet": [row for row in inside if row.outcome == "fallen"],
        "overskredet": oracle.late_now(found, "overdue"),
        "passeret": oracle.late_now(found, "passed"),
        "naeste": oracle.to_do(found),
        "gjort": [row for row in found if row.acted and row.starts_on and YEAR.first <= row.acted <= YEAR.last],
    }
    for figure, rows in wanted.items():
        for name, value, holds in (
            ("kind", "law", lambda row: row.kind == "law"),
            ("rule", "reception.min_plan", lambda row: row.rule == "reception.min_plan"),
            ("who", "familier", lambda row: row.person is None),
            ("role", "frivilligkoordinator", lambda row: row.rule.startswith("volunteers.")),
            ("", "", lambda row: True),
        ):
            chosen = {"figure": figure, **({name: value} if name else {})}
            listed = set(cells.rows(scope, YEAR, TODAY, chosen).values_list("pk", flat=True))
            assert listed == {row.pk for row in rows if holds(row)}, chosen


def test_late_is_late_for_one_step_as_for_all(house, db):
    """The figure's lateness is that of the step's own page (deadlines.status), but for who is exempt."""
    judged = {step.pk: step.outcome for step in figures.judged(TODAY)}
    for step in Step.objects.filter(pk__in=judged):
        if judged[step.pk] not in {"excused", "running"}:
            assert is_late(step, TODAY) == (judged[step.pk] == "late")


def test_a_period_of_days_within_a_month(seen):
    scope, rows, _teams = seen
    days = Period(date(2026, 10, 5), date(2026, 10, 20))
    wanted = oracle.months(rows, days.first, days.last)
    assert as_oracle(figures.tallies(scope, days, TODAY)) == wanted
    snapshots.take(today=TODAY)
    assert as_oracle(figures.tallies(scope, days, TODAY)) == wanted


def test_the_stock_of_every_day(house, db):
    """late_open: what was past its date and not yet done when the day ended."""
    snapshots.take(today=TODAY)
    rows = oracle.rows(TODAY, teams=None)
    for back in (0, 1, 17, 40, 80):
        day = TODAY - timedelta(days=back)
        late = [row for row in rows if row.outcome == "late" and row.due_on < day]
        wanted = sum(not (end := row.acted or row.withdrawn_on) or end > day for row in late)
        kept = sum(row.late_open for row in snapshots.DayFigure.objects.filter(day=day))
        assert kept == wanted
