"""What each duty gives today, for the captions of the figures: "inden 14 dage"."""

from datetime import date

from django.utils.translation import gettext as _

from deadlines.engine import set_for
from deadlines.explain import length
from deadlines.local import PREFIX
from deadlines.models import LocalRule, RuleSet, Term


def terms_now(today: date) -> dict[str, Term]:
    """Rule → the term of the set in force today. Two queries."""
    chosen = set_for(list(RuleSet.objects.filter(state=RuleSet.State.ACTIVE)), today)
    return {term.rule: term for term in Term.objects.filter(rule_set=chosen)} if chosen else {}


def in_words(term: Term | None) -> str:
    """ "inden 14 dage"; empty without a term, and where the duty has a date of its own."""
    if term is None or not term.amount:
        return ""
    return _("inden %s") % length(term)


def local_names() -> dict[str, str]:
    """Key → name of the municipality's own duties, ended ones too: their figures stay."""
    return {f"{PREFIX}{slug}": name for slug, name in LocalRule.objects.values_list("slug", "name")}
