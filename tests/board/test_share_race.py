"""Two managers move the same case at the same moment. Only with several connections: PostgreSQL."""

import threading
import time

import pytest
from django.db import connection, connections
from django.db.models import QuerySet
from django.utils import timezone

from board.models import LeftOut, MovedCase
from board.services import moves
from board.services.share import Plan
from cases.models import Case, Entry
from deadlines.models import Step
from tests.desk.test_sweep import Office
from tests.factories import TODAY, CaseFactory, UserFactory

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time"),
]


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
def slowly(monkeypatch):
    """Hold every move for a moment between the look at a case and the writing."""
    check = moves.why_not

    def slow(case, seen, *, holder):
        found = check(case, seen, holder=holder)
        time.sleep(0.15)
        return found

    monkeypatch.setattr(moves, "why_not", slow)


def both_at_once(office, cases) -> None:
    """Two managers give the same two cases of Mette's to two colleagues, in opposite order."""
    start, other = threading.Barrier(2), UserFactory(role="manager", team=office.team)
    ali = UserFactory(role="caseworker", team=office.team)

    def act(by, to, order):
        plan = Plan(office.mette.pk, tuple((case.pk, office.mette.pk, to.pk) for case in order))
        try:
            start.wait(timeout=10)
            moves.carry_out(plan, by=by, today=TODAY, now=timezone.now())
        finally:
            connections.close_all()

    given = [(office.manager, office.jonas, cases), (other, ali, cases[::-1])]
    threads = [threading.Thread(target=act, args=one) for one in given]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)


def some_cases(office) -> list[Case]:
    cases = [CaseFactory(caseworker=office.mette, team=office.team) for _n in range(2)]
    for case in cases:
        Step.objects.create(case=case, title="Plan", due_on=TODAY, owner=office.mette)
    return cases


def test_one_wins_and_the_other_has_the_cases_in_the_remainder(office, slowly):
    cases = some_cases(office)
    both_at_once(office, cases)
    outcomes = sorted(MovedCase.objects.values_list("case", "left_out"))
    assert outcomes == sorted((case.pk, left) for case in cases for left in ("", LeftOut.CHANGED))
    holders = {Case.objects.get(pk=case.pk).caseworker_id for case in cases}
    assert len(holders) == 1, "whoever is first has both"
    assert {step.owner_id for step in Step.objects.all()} == holders
    assert Entry.objects.filter(kind="cases.handed_over").count() == 2


def test_without_the_lock_both_would_have_moved_them(office, slowly, monkeypatch):
    """The control: the test above can fail."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self)
    both_at_once(office, some_cases(office))
    assert MovedCase.objects.filter(left_out="").count() == 4
    assert connection.vendor == "postgresql"


def test_an_undo_and_a_move_at_once_leave_every_case_with_one_and_named_where_it_stayed(office, slowly):
    cases = some_cases(office)
    plan = Plan(office.mette.pk, tuple((case.pk, office.mette.pk, office.jonas.pk) for case in cases))
    moved = moves.carry_out(plan, by=office.manager, today=TODAY, now=timezone.now())
    ali, start = UserFactory(role="caseworker", team=office.team), threading.Barrier(2)
    onward = Plan(office.jonas.pk, tuple((case.pk, office.jonas.pk, ali.pk) for case in cases))

    def act(verb):
        try:
            start.wait(timeout=10)
            verb()
        finally:
            connections.close_all()

    def undo():
        moves.undo(moved, by=office.manager, today=TODAY, now=timezone.now())

    def move_on():
        moves.carry_out(onward, by=office.manager, today=TODAY, now=timezone.now())

    threads = [threading.Thread(target=act, args=[verb]) for verb in (undo, move_on)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    kept = moved.cases.filter(kept=LeftOut.CHANGED).count()
    left = MovedCase.objects.exclude(move=moved).filter(left_out=LeftOut.CHANGED).count()
    assert kept + left == 2
    holders = {Case.objects.get(pk=case.pk).caseworker for case in cases}
    assert holders == ({ali} if kept else {office.mette})
