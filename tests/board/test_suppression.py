"""No hidden number can be recovered: a reader who tries every table that fits what is shown finds at least two."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from board.services.day_figures import within
from board.services.suppression import LEAST, Hidden, Rank, crossed, flat, nested, suppress

MOST, NEAR = 16, 2


def known(edge, hidden, value):
    """Whether a reader may take the number for this value: by itself, or by the word that stands in its place.

    Where small numbers are named as such, the others are known not to be small.
    """
    if edge.key not in hidden:
        return value == edge.value
    named = any(why is Hidden.SMALL for key, why in hidden.items() if key not in {"total", ("total", "total")})
    if hidden[edge.key] is Hidden.SMALL:
        return 1 <= value < LEAST
    return value >= (LEAST if named else 0)


def recovered(edges):
    """Keys whose value is the same in every table that fits. Tries them out, and knows nothing of cycles.

    Only tables near the true one are tried: more of them could only make fewer numbers certain.
    """
    hidden = suppress(edges)
    cells = [edge for edge in edges if edge.rank is Rank.CELL]
    sums = [edge for edge in edges if edge.rank is not Rank.CELL]
    choices = [[n for n in range(edge.value - NEAR, edge.value + NEAR + 1) if known(edge, hidden, n)] for edge in cells]
    seen = {key: set() for key in hidden}
    for values in product(*choices):
        tried = dict(zip((edge.key for edge in cells), values, strict=True))
        tried |= {edge.key: sum(tried[cell.key] for cell in cells if belongs(cell, edge)) for edge in sums}
        if all(known(edge, hidden, tried[edge.key]) for edge in sums):
            for key in hidden:
                seen[key].add(tried[key])
            if all(len(found) > 1 for found in seen.values()):
                return set()
    assert all(edge.value in seen[edge.key] for edge in edges if edge.key in hidden), "the true table must fit"
    return {key for key, found in seen.items() if len(found) == 1}


def belongs(cell, total):
    """Whether a cell is part of a sum; of the sum of all, each is."""
    return total.rank is Rank.TOTAL or total.end == cell.start or total.start == cell.end


def may_be(cell, value, named):
    """Whether a reader may take a cell of the page for this value."""
    if cell.is_shown:
        return value == cell.value
    return 1 <= value < LEAST if cell.hidden is Hidden.SMALL else value >= (LEAST if named else 0)


@given(st.lists(st.integers(0, 9), min_size=3, max_size=3))
def test_no_small_number_between_two_periods_can_be_recovered(parts):
    """Month, year and twelve months lie in each other: what came earlier in the year is a difference of two of them."""
    month, year, twelve = parts[0], sum(parts[:2]), sum(parts)
    cells = within({"month": month, "year": year, "twelve": twelve})
    named = any(cell.hidden is Hidden.SMALL for key, cell in cells.items() if key != "twelve")
    fits = [
        (m, earlier, before)
        for m, earlier, before in product(range(MOST), repeat=3)
        if may_be(cells["month"], m, named)
        and may_be(cells["year"], m + earlier, named)
        and may_be(cells["twelve"], m + earlier + before, named)
    ]
    assert tuple(parts) in fits
    for number, tried in zip(parts, zip(*fits, strict=True), strict=True):
        assert not 0 < number < LEAST or len(set(tried)) > 1, (parts, cells)


def shown_values(edges):
    hidden = suppress(edges)
    return [edge.value for edge in edges if edge.key not in hidden]


numbers = st.one_of(st.integers(0, 6), st.integers(0, MOST))


@given(st.lists(numbers, min_size=2, max_size=5))
def test_no_number_of_a_list_can_be_recovered(values):
    edges = flat(dict(enumerate(values)), "total")
    assert not any(0 < value < LEAST for value in shown_values(edges))
    assert recovered(edges) == set()


@pytest.mark.parametrize("size", [2, 3])
def test_no_number_of_any_short_list_can_be_recovered(size):
    for values in product(range(7), repeat=size):
        assert recovered(flat(dict(enumerate(values)), "total")) == set(), values


@given(st.lists(st.integers(0, 9), min_size=2, max_size=2), st.lists(st.integers(0, 9), min_size=1, max_size=2))
@settings(max_examples=120)
def test_no_number_of_a_list_in_groups_can_be_recovered(first, second):
    groups = {"a": {f"a{n}": v for n, v in enumerate(first)}, "b": {f"b{n}": v for n, v in enumerate(second)}}
    edges = nested(groups, "total")
    assert not any(0 < value < LEAST for value in shown_values(edges))
    assert recovered(edges) == set()


@given(st.lists(st.integers(0, 8), min_size=4, max_size=4))
@settings(max_examples=200)
def test_no_number_of_a_crossing_can_be_recovered(values):
    cells = dict(zip(product("ab", "xy"), values, strict=True))
    edges = crossed(cells, "total")
    assert not any(0 < value < LEAST for value in shown_values(edges))
    assert recovered(edges) == set()


@given(st.lists(st.integers(0, 7), min_size=6, max_size=6))
@settings(max_examples=60)
def test_no_number_of_a_larger_crossing_can_be_recovered(values):
    edges = crossed(dict(zip(product("abc", "xy"), values, strict=True)), "total")
    assert recovered(edges) == set()


def test_the_next_smallest_is_hidden_too():
    hidden = suppress(flat({"a": 30, "b": 3, "c": 12, "d": 19}, "total"))
    assert hidden == {"b": Hidden.SMALL, "c": Hidden.BESIDE}


def test_nothing_is_hidden_without_need():
    assert suppress(flat({"a": 30, "b": 0, "c": 5}, "total")) == {}
    assert suppress(flat({"a": 3, "b": 2, "c": 20}, "total")) == {"a": Hidden.SMALL, "b": Hidden.SMALL}


def test_two_ones_beside_each_other_are_not_enough():
    """Both must be 1 when their sum is known to be 2."""
    assert suppress(flat({"a": 1, "b": 1, "c": 20, "d": 30}, "total")) == {
        "a": Hidden.SMALL,
        "b": Hidden.SMALL,
        "c": Hidden.BESIDE,
    }


def test_a_small_group_takes_the_next_smallest_group_with_it():
    groups = {"young": {"y1": 9, "y2": 8}, "old": {"o1": 3}, "middle": {"m1": 30, "m2": 25}}
    hidden = suppress(nested(groups, "total"))
    assert hidden["old"] == hidden["o1"] == Hidden.SMALL
    assert hidden["young"] == Hidden.BESIDE
    assert set(hidden) == {"old", "o1", "young", "y2"}


def test_a_crossing_hides_a_rectangle():
    cells = {("a", "x"): 2, ("a", "y"): 30, ("b", "x"): 14, ("b", "y"): 40}
    hidden = suppress(crossed(cells, "total"))
    assert set(hidden) == set(cells)


def test_a_table_about_fewer_than_five_is_hidden_whole():
    assert suppress(flat({"a": 3, "b": 0}, "total")) == {
        "a": Hidden.BESIDE,
        "b": Hidden.BESIDE,
        "total": Hidden.SMALL,
    }
