"""The catalogue of protections: true to the code; a few are switched off here, all of them at night."""

import ast
from pathlib import Path

import pytest

from tests.mutants.__main__ import BROKEN, KILLED, LIVES, ROOT, run, verdict
from tests.mutants.catalogue import CATALOGUE
from tests.mutants.mutant import Mutant

SAMPLE = {
    "classes: health and violence for the assigned",
    "openings: ended by the clock",
    "protection: ends by two",
    "exports: no formula",
}


def functions(path: Path) -> set[str]:
    return {node.name for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if hasattr(node, "name")}


@pytest.mark.parametrize("mutant", CATALOGUE, ids=lambda mutant: mutant.name)
def test_the_catalogue_is_true(mutant: Mutant):
    """The text stands once, and the tests exist."""
    whole = (ROOT / mutant.file).read_text(encoding="utf-8")
    assert mutant.applied_to(whole) != whole
    assert mutant.tests
    for test in mutant.tests:
        name, _sep, function = test.partition("::")
        assert (ROOT / name).exists(), test
        assert not function or function.partition("[")[0] in functions(ROOT / name), test


def test_forty_and_no_two_of_one_name():
    names = [mutant.name for mutant in CATALOGUE]
    assert len(names) == len(set(names)) >= 40


def test_only_a_failed_test_kills():
    assert verdict(0, "3 passed") == LIVES
    assert verdict(1, "1 failed, 2 passed") == KILLED
    assert verdict(1, "1 error in 0.3s") == BROKEN
    assert verdict(2, "1 failed") == BROKEN
    assert verdict(4, "no tests ran") == BROKEN


def test_some_are_killed():
    assert run([mutant for mutant in CATALOGUE if mutant.name in SAMPLE], tell=lambda line: None) == []


def test_a_protection_that_no_test_guards_is_noticed():
    """The negative control: a change that matters to nobody lives."""
    harmless = Mutant(
        "x", "desk/services/openings.py", "LENGTH = timedelta(minutes=60)", "LENGTH = timedelta(hours=1)", SAMPLE_TEST
    )
    assert run([harmless], tell=lambda line: None) == ["x"]


SAMPLE_TEST = ("tests/desk/test_openings.py::test_it_can_be_closed_before",)


@pytest.mark.nightly
def test_all_are_killed():
    assert run(list(CATALOGUE)) == []
