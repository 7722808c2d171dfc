"""Fordel sager: how much each has, the suggestion, and the simulated result."""

from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from board.models import Move
from board.services import moves, share
from board.services.share import Plan, Source
from cases.models import Case
from deadlines.models import Kind, Step, is_overdue
from desk.services import loads
from tests.board.handing import a_busy_office
from tests.factories import TODAY, UserFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


# --- The suggestion ---------------------------------------------------------------------------


def test_the_heaviest_goes_first_to_whoever_has_least():
    assert loads.suggest({1: 5, 2: 1, 3: 3}, {10: 0, 20: 4}) == {1: 10, 3: 20, 2: 10}


def test_a_case_without_deadlines_weighs_one_so_that_new_ones_are_spread():
    assert loads.suggest(dict.fromkeys([1, 2, 3, 4], 0), {10: 7, 20: 7}) == {1: 10, 2: 20, 3: 10, 4: 20}


def test_without_colleagues_there_is_no_suggestion():
    assert loads.suggest({1: 2}, {}) == {}


few = st.dictionaries(st.integers(1, 40), st.integers(0, 9), max_size=7)
some = st.dictionaries(st.integers(1, 9), st.integers(0, 30), min_size=1, max_size=3)


@given(few, some)
@settings(max_examples=200)
def test_every_case_goes_to_one_colleague_and_nobody_ends_far_above_the_best_spread(weights, held):
    """Oracle: all spreads. The largest load is at most the best one and the heaviest case more."""
    found = loads.suggest(weights, held)
    assert found.keys() == weights.keys()
    assert set(found.values()) <= held.keys()
    assert found == loads.suggest(dict(reversed(weights.items())), held)
    heavy = {case: max(weight, 1) for case, weight in weights.items()}

    def highest(spread) -> int:
        sums = dict(held)
        for case, user in spread.items():
            sums[user] += heavy[case]
        return max(sums.values())

    best = min(highest(dict(zip(heavy, way, strict=True))) for way in product(held, repeat=len(heavy)))
    assert highest(found) <= best + max(heavy.values(), default=0)


# --- Loads ------------------------------------------------------------------------------------


def counted_by_hand(user, owner) -> loads.Load:
    """The oracle: one colleague at a time, row by row."""
    steps = list(Step.objects.visible_to(user).listed(TODAY).filter(owner=owner))
    late = set(Step.objects.filter(is_overdue(TODAY)).values_list("pk", flat=True))
    return loads.Load(
        cases=sum(case.caseworker_id == (owner.pk if owner else None) for case in Case.objects.visible_to(user).open()),
        steps=len(steps),
        overdue=sum(step.pk in late and step.kind != Kind.LOCAL_TARGET for step in steps),
        soon=sum(step.effective_on is not None and 0 <= (step.effective_on - TODAY).days <= 14 for step in steps),
    )


def test_the_loads_are_those_counted_row_by_row(office):
    a_busy_office(office)
    found = loads.of_colleagues(office.manager, TODAY)
    for owner in (office.mette, office.jonas, office.team.coordinator, None):
        assert found[owner.pk if owner else None] == counted_by_hand(office.manager, owner)
    assert found[office.mette.pk].overdue == 3
    assert found[office.jonas.pk] == loads.Load(cases=1, steps=2, overdue=1, soon=1)


def test_what_is_simulated_is_what_happens(office):
    cases = a_busy_office(office)[:3]
    ali = UserFactory(role="caseworker", team=office.team, first_name="Ali")
    receivers = [one for one in loads.colleagues(office.manager, TODAY) if one in {office.jonas, ali}]
    plan = share.propose(office.manager, TODAY, source=Source(office.mette), cases=cases, receivers=receivers)
    outcome = share.simulate(office.manager, TODAY, plan)
    assert outcome.stays == 1
    assert outcome.before == loads.of_colleagues(office.manager, TODAY)
    moves.carry_out(plan, by=office.manager, today=TODAY, now=timezone.now())
    after = loads.of_colleagues(office.manager, TODAY)
    empty = loads.Load()
    for owner in (office.mette.pk, office.jonas.pk, ali.pk, office.team.coordinator_id, None):
        assert outcome.after.get(owner, empty) == after.get(owner, empty)
    assert outcome.after[ali.pk] != outcome.before.get(ali.pk, empty)


def test_a_simulation_writes_nothing(office):
    cases = a_busy_office(office)
    before = list(Step.objects.order_by("pk").values()), list(Case.objects.order_by("pk").values())
    plan = Plan(office.mette.pk, tuple((case.pk, office.mette.pk, office.jonas.pk) for case in cases[:3]))
    share.simulate(office.manager, TODAY, plan)
    assert (list(Step.objects.order_by("pk").values()), list(Case.objects.order_by("pk").values())) == before
    assert not Move.objects.exists()
