"""What a date says of itself."""

from datetime import date

import pytest

from deadlines.calendar import add
from deadlines.explain import explain, working_day_before
from deadlines.models import RuleSet, Step, Term

RULE = "housing.temporary_offer"


def explained(start: date, amount: int, unit: str, kind: str = "service_goal") -> str:
    """The sentence about a deadline of this length, computed as the engine computes it."""
    term = Term(
        rule=RULE, amount=amount, unit=unit, kind=kind, basis="strategien § 2", rule_set=RuleSet(pk=1, number=2)
    )
    due = add(start, amount, unit)
    step = Step(rule=RULE, starts_on=start, due_on=due, start_note="visitation_on", rule_set_id=1)
    return explain(step, {(1, RULE): term})


def test_days_are_told_with_start_length_set_kind_and_basis():
    assert explained(date(2026, 11, 13), 14, "days") == (
        "14 dage efter visiteringsdato fre. 13. nov. 2026 → fre. 27. nov. 2026. Regelsæt 2, servicemål, strategien § 2."
    )


def test_holidays_that_are_left_out_have_a_name():
    assert "→ mon. 15. apr. 2024".replace("mon", "man") in (told := explained(date(2024, 3, 20), 15, "working_days"))
    assert "Uden skærtorsdag 28. mar., langfredag 29. mar. og anden påskedag 1. apr. Regelsæt 2" in told


@pytest.mark.parametrize(("year", "named"), [(2023, True), (2024, False)])
def test_store_bededag_is_named_as_long_as_it_was_one(year, named):
    assert ("Store bededag" in explained(date(year, 4, 20), 15, "working_days")) is named


def test_weekends_and_a_count_of_plain_days_name_none():
    assert "Uden" not in explained(date(2026, 11, 13), 4, "working_days")
    assert "Uden" not in explained(date(2022, 4, 6), 14, "days")


def test_the_working_day_before_is_advice_for_a_weekend_or_a_holiday():
    assert working_day_before(date(2026, 12, 25)) == "Sidste hverdag er tor. 24. dec."
    assert working_day_before(date(2026, 11, 27)) == ""
