"""A rule set as it is read: one card per rule, by area, with what differs from the set before it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from board.services.rule_sets import DATED
from board.services.rule_texts import TEXTS
from cases.formats import join_names
from deadlines.explain import length
from deadlines.local import OWNER_ROLES, PREFIX
from deadlines.models import LocalRule, RuleSet, Term
from deadlines.telling import DEFAULT_WARNINGS
from desk.areas import AREAS, RULES


@dataclass(frozen=True, slots=True)
class Card:
    """was: what the set before says, where it differs. slug: the rule's key in an address. own: made in this set."""

    slug: str
    name: str
    who: str
    starts: str
    met: str
    length: str
    kind: str
    kind_label: str
    warnings: str
    basis: str
    was: str
    changed: bool
    new: bool
    local: bool
    own: bool
    owner: str


def slug_of(rule: str) -> str:
    """ "reception.min_plan" as it stands in an address: "reception-min_plan"."""
    return rule.replace(".", "-", 1)


def rule_of_slug(slug: str) -> str:
    return slug.replace("-", ".", 1)


def previous(rule_set: RuleSet, sets: Iterable[RuleSet]) -> RuleSet | None:
    """Of these sets the one that a draft starts from, or that was in force before this one."""
    before = [one for one in sets if one.state == RuleSet.State.ACTIVE and one.pk != rule_set.pk]
    if rule_set.state == RuleSet.State.ACTIVE:
        before = [one for one in before if order(one) < order(rule_set)]
    return max(before, key=order, default=None)


def order(one: RuleSet) -> tuple:
    return one.valid_from, one.number


def changed_rules(sets: Sequence[RuleSet]) -> dict[int, int]:
    """How many rules each set treats otherwise than the one before it. One query."""
    held = {one.pk: {} for one in sets}
    for term in Term.objects.filter(rule_set__in=held):
        held[term.rule_set_id][term.rule] = told(term)
    found = {}
    for one in sets:
        before = previous(one, sets)
        now, then = held[one.pk], held[before.pk] if before else {}
        found[one.pk] = sum(now.get(key) != then.get(key) for key in {**now, **then})
    return found


def cards(rule_set: RuleSet, earlier: RuleSet | None) -> list[dict]:
    """[{title, icon, cards}] in the order of the areas; local rules stand last in theirs. earlier: to compare with."""
    now, before = terms_of(rule_set), terms_of(earlier)
    local = LocalRule.objects.filter(slug__in=[key.removeprefix(PREFIX) for key in {**now, **before}]).order_by("pk")
    rows = {f"{PREFIX}{row.slug}": row for row in local}
    found = []
    for area in AREAS:
        keys = [rule.key for rule in area.rules] + [key for key, row in rows.items() if row.area == area.key]
        shown = [card(key, rows.get(key), now.get(key), before.get(key)) for key in keys]
        found.append({"title": area.title, "icon": area.icon, "key": area.key, "cards": shown})
    return found


def terms_of(rule_set: RuleSet | None) -> Mapping[str, Term]:
    return {term.rule: term for term in rule_set.terms.all()} if rule_set else {}


def card(key: str, row: LocalRule | None, term: Term | None, before: Term | None) -> Card:
    who, starts, met = about(key, row)
    return Card(
        slug=slug_of(key),
        name=row.name if row else str(RULES[key].title),
        who=who,
        starts=starts,
        met=met,
        length=length_of(key, term, ended=row is not None),
        kind=term.kind if term else "",
        kind_label=str(term.get_kind_display()) if term else "",
        warnings=warnings_of(term),
        basis=term.basis if term else "",
        was=was(key, row, term, before),
        changed=told(term) != told(before),
        new=row is not None and before is None,
        local=row is not None,
        own=row is not None and not row.active,
        owner=str(OWNER_ROLES.get(row.owner_role, "")) if row else "",
    )


def about(key: str, row: LocalRule | None) -> tuple[str, str, str]:
    """(for whom, what starts the clock, what meets it)."""
    if row is None:
        return tuple(str(text) for text in TEXTS[key])
    return (capital(row.get_for_whom_display()), capital(row.get_starts_display()), _("Afkrydsning med dato og tekst"))


def capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def length_of(key: str, term: Term | None, *, ended: bool = False) -> str:
    if term is None:
        return _("Afsluttes") if ended else _("Ingen frist (tjekliste)")
    return _("Selve datoen") if key in DATED else length(term)


def warnings_of(term: Term | None) -> str:
    """ "14 og 3 dage før"; where the term names none, those of its kind."""
    if term is None:
        return ""
    days = term.warning_days or DEFAULT_WARNINGS.get(term.kind, ())
    return _("%s dage før") % join_names([str(day) for day in days]) if days else _("Intet varsel")


def told(term: Term | None) -> tuple:
    return (term.amount, term.unit, term.kind, term.basis, term.warning_days) if term else ()


def was(key: str, row: LocalRule | None, term: Term | None, before: Term | None) -> str:
    """What the set before says, where length or kind differ: "4 arbejdsdage, servicemål"."""
    if told(term)[:3] == told(before)[:3]:
        return ""
    if before is None:
        return "" if row else _("Ingen frist")
    return f"{length_of(key, before)}, {before.get_kind_display().lower()}"
