"""What a month closed with stands for ever; what was corrected stands beside it; twice changes nothing."""

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from board.models import DayFigure, FigureMonth
from board.services import cells, snapshots
from board.services import compliance as figures
from board.services.compliance import Period
from board.services.scope import NO_TEAM, Scope
from board.tasks import take_figures
from deadlines.models import Kind, Step
from tests.factories import CaseFactory, PersonFactory

pytestmark = pytest.mark.django_db
NO_TEAMS_CASES = Scope(frozenset({NO_TEAM}))
MARCH = date(2026, 3, 1)


def a_step(due: date, met: date | None, **fields) -> Step:
    person = PersonFactory(case=fields.pop("case", None) or CaseFactory())
    given = {"rule": "reception.min_plan", "kind": Kind.SERVICE_GOAL, "area": "reception", "title": "Min plan"}
    starts = due - timedelta(days=14)
    return Step.objects.create(
        case=person.case, person=person, starts_on=starts, due_on=due, met_on=met, **{**given, **fields}
    )


def march(today: date):
    return figures.total(figures.tallies(NO_TEAMS_CASES, Period(MARCH, date(2026, 3, 31)), today), month=MARCH)


@pytest.mark.parametrize(
    ("month", "day"),
    [
        (date(2026, 10, 1), date(2026, 11, 6)),  # Monday 2 to Friday 6 November
        (date(2026, 3, 1), date(2026, 4, 10)),  # Maundy Thursday, Good Friday and Easter Monday lie between
        (date(2025, 12, 1), date(2026, 1, 8)),  # New Year's Day lies between
    ],
)
def test_a_month_closes_on_the_fifth_working_day(month, day):
    assert snapshots.closes_on(month) == day


def test_a_closed_month_never_changes(today):
    late, kept = a_step(date(2026, 3, 10), date(2026, 3, 20)), a_step(date(2026, 3, 12), date(2026, 3, 11))
    snapshots.take(today=today)
    assert (march(today).on_time, march(today).late, march(today).is_corrected) == (1, 1, False)
    Step.objects.filter(pk=late.pk).update(met_on=date(2026, 3, 9))
    a_step(date(2026, 3, 30), None)
    counts = snapshots.take(today=today + timedelta(days=1))
    tally = march(today)
    assert (tally.on_time, tally.late) == (1, 1)
    assert (tally.on_time_now, tally.late_now, counts["corrected"]) == (2, 1, 2)
    assert tally.is_corrected
    rows = cells.rows(NO_TEAMS_CASES, Period(MARCH, date(2026, 3, 31)), today, {"figure": "for-sent"})
    assert list(rows) == [late], "the way down leads to what was counted then"
    Step.objects.filter(pk=kept.pk).delete()
    assert march(today).on_time == 1


def test_what_is_put_right_again_is_no_correction(today):
    step = a_step(date(2026, 3, 10), date(2026, 3, 20))
    snapshots.take(today=today)
    for met, corrected in ((date(2026, 3, 9), 1), (date(2026, 3, 20), 0)):
        Step.objects.filter(pk=step.pk).update(met_on=met)
        assert snapshots.correct(today=today) == corrected


def test_corrections_are_the_same_every_night(today):
    a_step(date(2026, 3, 10), date(2026, 3, 20))
    snapshots.take(today=today)
    a_step(date(2026, 3, 11), None)
    for _night in range(2):
        assert snapshots.correct(today=today) == 1
    assert march(today).late_now == 2


def test_an_open_month_follows_the_facts(today):
    step = a_step(date(2026, 11, 10), None)
    snapshots.take(today=today)
    assert FigureMonth.objects.get(month=date(2026, 11, 1)).closed_on is None
    Step.objects.filter(pk=step.pk).update(met_on=date(2026, 11, 10))
    snapshots.take(today=today)
    assert list(DayFigure.objects.filter(day=date(2026, 11, 10)).values_list("on_time", "late")) == [(1, 0)]


def test_twice_is_once(today):
    a_step(date(2026, 11, 10), None), a_step(date(2026, 9, 10), date(2026, 9, 30))
    snapshots.take(today=today)
    names = [field.name for field in DayFigure._meta.fields if field.name != "id"]
    before = sorted(map(str, DayFigure.objects.values_list(*names)))
    assert snapshots.take(today=today)["closed"] == 0
    assert sorted(map(str, DayFigure.objects.values_list(*names))) == before


def test_months_close_one_after_the_other_even_when_nights_were_missed(today):
    a_step(date(2026, 8, 10), None)
    snapshots.take(today=date(2026, 8, 12))
    assert snapshots.open_from() is None
    snapshots.take(today=today)
    assert snapshots.open_from() == date(2026, 11, 1)
    assert FigureMonth.objects.filter(closed_on=today).count() == 3


def test_a_protected_family_is_in_no_figure(today):
    a_step(date(2026, 11, 10), None, case=CaseFactory(protected=True))
    assert snapshots.take(today=today) == {"rows": 0, "closed": 0, "corrected": 0}


def test_the_check_finds_a_figure_that_is_not_of_the_steps(today, capsys):
    a_step(date(2026, 11, 10), None)
    call_command("figures")
    call_command("figures", "--check")
    assert capsys.readouterr().out.endswith("ok\n")
    DayFigure.objects.filter(late=1).update(late=2)
    with pytest.raises(CommandError, match="1 differ: 2026-11-10"):
        call_command("figures", "--check")


def test_the_task_takes_them_once_a_day(today):
    a_step(date(2026, 11, 10), None)
    take_figures()
    a_step(date(2026, 11, 10), None)
    take_figures()
    assert DayFigure.objects.filter(day=date(2026, 11, 10)).get().late == 1
