"""Rules made from rows: a duty of the municipality's own needs no release."""

from collections.abc import Iterable
from functools import partial

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from cases.household import households
from cases.models import Stay
from deadlines.models import LocalRule, RuleSet
from deadlines.rules import CASEWORKER, COORDINATOR, MANAGER, Fact, Rule, is_adult

PREFIX = "local."
OWNER_ROLES = {
    CASEWORKER: _("sagsbehandleren"),
    COORDINATOR: _("frivilligkoordinatoren"),
    MANAGER: _("teamets leder"),
}


def local_rules(draft: RuleSet | None = None) -> list[Rule]:
    """One Rule `local.<slug>` per active row; met by a dated tick with a text.

    Active: in a set that is or was in force. draft: also those that this one would bring.
    """
    wanted = Q(active=True)
    if draft is not None:
        wanted |= Q(slug__in=slugs(draft))
    return [as_rule(row) for row in LocalRule.objects.filter(wanted).order_by("pk")]


def slugs(rule_set: RuleSet) -> list[str]:
    """The local rules that have a term in the set."""
    keys = rule_set.terms.filter(rule__startswith=PREFIX).values_list("rule", flat=True)
    return [key.removeprefix(PREFIX) for key in keys]


def keys_by_role() -> dict[str, list[str]]:
    """Keys of the local rules by the role they fall to."""
    found: dict[str, list[str]] = {}
    for slug, role in LocalRule.objects.values_list("slug", "owner_role"):
        found.setdefault(role, []).append(f"{PREFIX}{slug}")
    return found


def keys_of(**which) -> QuerySet:
    """Keys of the local rules, for a condition that asks for them inside the database whenever it is asked."""
    key = Concat(Value(PREFIX), "slug", output_field=CharField())
    return LocalRule.objects.filter(**which).order_by().values_list(key)


def as_rule(row: LocalRule) -> Rule:
    household = row.for_whom == LocalRule.ForWhom.HOUSEHOLD
    find = household_facts if household else person_facts
    return Rule(
        key=f"{PREFIX}{row.slug}",
        title=row.name,
        noun=row.name,
        facts=partial(find, row),
        household=household,
        tick=True,
        in_area=row.area,
        owner=row.owner_role,
        local=True,
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
