"""What each duty gives today, for the captions of the figures: "inden 14 dage"."""

from datetime import date

from django.utils.translation import gettext as _

from cases.formats import plural
from deadlines.engine import set_for
from deadlines.models import LocalRule, RuleSet, Term, Unit

WORDS = {
    Unit.DAYS: (_("dag"), _("dage")),
    Unit.MONTHS: (_("måned"), _("måneder")),
    Unit.WORKING_DAYS: (_("arbejdsdag"), _("arbejdsdage")),
}


def terms_now(today: date) -> dict[str, Term]:
    """Rule → the term of the set in force today. Two queries."""
    chosen = set_for(list(RuleSet.objects.filter(state=RuleSet.State.ACTIVE)), today)
    return {term.rule: term for term in Term.objects.filter(rule_set=chosen)} if chosen else {}


def in_words(term: Term | None) -> str:
    """ "inden 14 dage"; empty without a term, and where the duty has a date of its own."""
    if term is None or not term.amount:
        return ""
    return _("inden %s") % plural(term.amount, *WORDS[Unit(term.unit)])


def local_names() -> dict[str, str]:
    """Key → name of the municipality's own duties, ended ones too: their figures stay."""
    return {f"local.{slug}": name for slug, name in LocalRule.objects.values_list("slug", "name")}
