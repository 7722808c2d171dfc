"""Who suits whom: the order against a brute-force oracle, a whole evening against all ways there are, hard stops."""

from datetime import date, timedelta
from itertools import permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories import TODAY
from volunteers import matching
from volunteers.matching import Helper, Need
from volunteers.models import Ages, Certificate

TONGUES = ("ukrainsk", "russisk", "engelsk", "dansk", "tysk")
TOWNS = (("Lillerød", "3450"), ("Blovstrød", "3450"), ("Lynge", "3540"), ("", ""))
LIKES = ("fodbold", "strik", "madlavning", "skak", "musik")
SETTLED = date(2026, 1, 5)


def some(rng: Random, words) -> frozenset[str]:
    return frozenset(rng.sample(words, rng.randint(0, min(3, len(words)))))


def a_need(rng: Random, number: int) -> Need:
    town, code = rng.choice(TOWNS)
    return Need(
        case_id=number,
        languages=some(rng, TONGUES),
        town=town,
        postal_code=code,
        children=some(rng, Ages.values),
        wishes=some(rng, LIKES),
        young=rng.random() < 0.5,
        protected=rng.random() < 0.1,
        days=rng.randint(0, 400),
        known={rng.randint(1, 60): rng.random() < 0.5 for _ in range(rng.randint(0, 2))},
    )


def a_helper(rng: Random, number: int) -> Helper:
    town, code = rng.choice(TOWNS)
    capacity = rng.randint(0, 3)
    return Helper(
        pk=number,
        name=f"Frivillig {rng.randint(1, 40)}",
        languages=some(rng, TONGUES),
        town=town,
        postal_code=code,
        children=some(rng, Ages.values),
        interests=some(rng, LIKES),
        load=rng.randint(0, capacity),
        capacity=capacity,
        active=rng.random() < 0.95,
        paused_until=TODAY + timedelta(days=9) if rng.random() < 0.1 else None,
        certificate=rng.choice(Certificate.values),
        assessed_on=SETTLED,
        has_sworn=rng.random() < 0.8,
    )


def a_house(seed: int, families: int, volunteers: int) -> tuple[list[Need], list[Helper]]:
    rng = Random(seed)
    return [a_need(rng, n + 1) for n in range(families)], [a_helper(rng, n + 1) for n in range(volunteers)]


# --- The oracle: written from the words of the page, not from the module ------------------------


def may(need: Need, helper: Helper) -> bool:
    paper = helper.certificate == "cleared" and helper.assessed_on <= TODAY
    return (
        helper.active
        and helper.paused_until is None
        and helper.capacity > helper.load
        and need.known.get(helper.pk, True)
        and (paper or not (need.young or need.protected))
        and (helper.has_sworn or not need.protected)
    )


def worth(need: Need, helper: Helper, load: int) -> int:
    total = 40 if need.languages & helper.languages else 0
    if need.town and need.town == helper.town:
        total += 20
    elif need.postal_code and need.postal_code == helper.postal_code:
        total += 10
    total += 15 if need.children & helper.children else 0
    total += min(15, 5 * len(need.wishes & helper.interests))
    total += 10 * (helper.capacity - load) // helper.capacity if helper.capacity else 0
    return total + (10 if need.known.get(helper.pk) else 0)


def by_hand(need: Need, helpers: list[Helper]) -> list[int]:
    free = [helper for helper in helpers if may(need, helper)]
    return [h.pk for h in sorted(free, key=lambda h: (-worth(need, h, h.load), h.load, h.name, h.pk))]


@pytest.mark.parametrize("seed", range(5))
def test_forty_families_and_sixty_volunteers_are_ordered_as_by_hand(seed):
    needs, helpers = a_house(seed, 40, 60)
    lengths = set()
    for need in needs:
        found = [helper.pk for helper in matching.ranked(need, helpers, on=TODAY)]
        assert found == by_hand(need, helpers)
        assert getattr(matching.first(need, helpers, on=TODAY), "pk", None) == (found[0] if found else None)
        lengths.add(len(found))
    assert max(lengths) > 5, "a house in which nobody can be chosen proves nothing"


def test_what_stops_is_said_and_what_does_not_is_not():
    needs, helpers = a_house(7, 40, 60)
    for need in needs:
        for helper in helpers:
            assert bool(matching.obstacle(need, helper, on=TODAY)) is not may(need, helper)


def test_reasons_are_the_points_in_words():
    need = Need(
        1, frozenset({"ukrainsk", "russisk"}), "Lynge", "3540", frozenset({"0–5", "6–12"}), frozenset({"fodbold"}),
        known={7: True},
    )  # fmt: skip
    helper = Helper(
        7, "Nina Høgh", frozenset({"dansk", "ukrainsk"}), "Lynge", "3540", frozenset({"6–12"}), frozenset({"fodbold"}),
        capacity=2,
    )  # fmt: skip
    assert sum(matching.points(need, helper)) == 40 + 20 + 15 + 5 + 10 + 10
    assert matching.reasons(need, helper) == (
        "taler ukrainsk", "bor også i Lynge", "børn på 6–12 år", "fælles interesse: fodbold", "har ingen familie nu",
        "har været familiens kontaktperson",
    )  # fmt: skip
    assert matching.cautions(need, helper) == ("mangler tavshedserklæring",)
    stranger = Helper(8, "Ole", frozenset({"dansk"}), has_sworn=True, load=1, capacity=2)
    assert matching.reasons(need, stranger) == ("plads til 1 familie mere",)
    assert matching.cautions(need, stranger) == ("intet fælles sprog",)


# --- A whole evening ----------------------------------------------------------------------------


def value(pairs: dict[int, int], needs: list[Need], helpers: list[Helper]) -> tuple[int, int, int] | None:
    """(families, days waited, points) of an assignment; None when it breaks a hard stop."""
    by_pk, load = {helper.pk: helper for helper in helpers}, {helper.pk: helper.load for helper in helpers}
    days, total = 0, 0
    for need in needs:
        if need.case_id in pairs:
            helper = by_pk[pairs[need.case_id]]
            if need.protected or not may(need, helper) or load[helper.pk] >= helper.capacity:
                return None
            total += worth(need, helper, load[helper.pk])
            load[helper.pk] += 1
            days += min(need.days, 365)
    return len(pairs), days, total


def every_way(needs: list[Need], helpers: list[Helper]):
    places = [helper.pk for helper in helpers for _ in range(helper.capacity - helper.load)] + [None] * len(needs)
    for chosen in set(permutations(places, len(needs))):
        yield {need.case_id: pk for need, pk in zip(needs, chosen, strict=True) if pk is not None}


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 4), st.integers(1, 3))
def test_no_other_way_to_assign_an_evening_is_better(seed, families, volunteers):
    needs, helpers = a_house(seed, families, volunteers)
    made = value(matching.assignment(needs, helpers, on=TODAY), needs, helpers)
    assert made is not None
    assert made == max(filter(None, (value(way, needs, helpers) for way in every_way(needs, helpers))))


def test_the_longest_waiting_come_first_when_there_are_not_enough():
    needs = [Need(1, frozenset({"ukrainsk"}), days=3), Need(2, days=40)]
    helpers = [Helper(9, "Nina", frozenset({"ukrainsk"}), certificate=Certificate.CLEARED, assessed_on=SETTLED)]
    assert matching.assignment(needs, helpers, on=TODAY) == {2: 9}


def test_a_thousand_families_and_a_thousand_volunteers_keep_every_hard_stop():
    needs, helpers = a_house(11, 1000, 1000)
    families, _days, _points = value(matching.assignment(needs, helpers, on=TODAY), needs, helpers)
    assert families > 500


def test_nobody_free_is_nobody_assigned():
    assert matching.assignment([Need(1)], [Helper(1, "Bo", load=1)], on=TODAY) == {}
    assert matching.assignment([Need(1, protected=True)], [Helper(1, "Bo")], on=TODAY) == {}
    assert matching.assignment([], [], on=TODAY) == {}
