"""Rules made from rows: a duty of the municipality's own needs no release."""

from collections.abc import Iterable
from functools import partial

from cases.household import households
from cases.models import Stay
from deadlines.models import LocalRule
from deadlines.rules import Fact, Rule, is_adult


def local_rules() -> list[Rule]:
    """One Rule `local.<slug>` per active row; met by a dated tick with a text."""
    return [as_rule(row) for row in LocalRule.objects.filter(active=True).order_by("pk")]


def as_rule(row: LocalRule) -> Rule:
    household = row.for_whom == LocalRule.ForWhom.HOUSEHOLD
    find = household_facts if household else person_facts
    return Rule(
        key=f"local.{row.slug}",
        title=row.name,
        noun=row.name,
        facts=partial(find, row),
        household=household,
        tick=True,
        in_area=row.area,
    )


def person_facts(row: LocalRule, cases, *, today) -> Iterable[Fact]:
    for stay in Stay.objects.of(cases):
        start = getattr(stay, row.starts)
        adult = is_adult(stay.person, start or today)
        if row.for_whom == (LocalRule.ForWhom.CHILD if adult else LocalRule.ForWhom.ADULT):
            continue
        yield Fact(
            stay.person.case_id,
            stay.person_id,
            stay.round,
            start,
            waits_for="" if start else row.starts,
            start_note=row.starts,
        )


def household_facts(row: LocalRule, cases, *, today) -> Iterable[Fact]:
    for period in households(cases):
        start = period.first(row.starts)
        yield Fact(
            period.case_id, None, period.number, start, waits_for="" if start else row.starts, start_note=row.starts
        )
