"""Every date explains itself: rule, start, length, rule set, kind and basis, in one Danish sentence."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.formats import day_month, join_names, weekday_date, weekday_date_year
from deadlines.calendar import holidays_between, is_working_day, last_working_day
from deadlines.models import Step, Term, Unit
from deadlines.rules import WAITS

Terms = Mapping[tuple[int, str], Term]


def load_terms() -> Terms:
    """All terms by (rule set id, rule): one query for a page of steps."""
    return {(term.rule_set_id, term.rule): term for term in Term.objects.select_related("rule_set")}


def length(term: Term) -> str:
    """ "14 dage", "1 måned", "15 arbejdsdage"."""
    words = {
        Unit.DAYS: ngettext("%d dag", "%d dage", term.amount),
        Unit.MONTHS: ngettext("%d måned", "%d måneder", term.amount),
        Unit.WORKING_DAYS: ngettext("%d arbejdsdag", "%d arbejdsdage", term.amount),
    }
    return words[term.unit] % term.amount


def start_name(step: Step) -> str:
    """The name of the date that started the clock."""
    return str(WAITS.get(step.start_note, step.start_note)) or _("start")


def explain(step: Step, terms: Terms) -> str:
    """ "14 dage efter ankomst til kommunen fre. 13. nov. 2026 → fre. 27. nov. 2026. Regelsæt 2, servicemål, …"."""
    if not step.rule:
        return (
            _("Egen opgave med frist %s.") % weekday_date_year(step.due_on)
            if step.due_on
            else _("Egen opgave uden frist.")
        )
    if step.starts_on is None:
        missing = WAITS.get(step.waits_for)
        return _("Fristen er ikke begyndt: %s mangler.") % missing if missing else _("Tjeklistepunkt uden frist.")
    term = terms.get((step.rule_set_id, step.rule))
    if term is None or step.due_on is None:
        return _("Tjeklistepunkt uden frist.")
    basis = f", {term.basis}" if term.basis else ""
    tail = f"{_('Regelsæt')} {term.rule_set.number}, {term.get_kind_display().lower()}{basis}."
    return f"{_how(step, term)} {tail}"


def _how(step: Step, term: Term) -> str:
    start, due = weekday_date_year(step.starts_on), weekday_date_year(step.due_on)
    if term.amount == 0:
        return _("Falder på %s.") % due
    told = _("%(length)s efter %(name)s %(start)s → %(due)s.") % {
        "length": length(term),
        "name": start_name(step),
        "start": start,
        "due": due,
    }
    return f"{told}{_not_counted(step)}" if term.unit == Unit.WORKING_DAYS else told


def _not_counted(step: Step) -> str:
    """ " Uden langfredag 15. apr. og anden påskedag 18. apr."; weekends go without saying."""
    found = holidays_between(step.starts_on, step.due_on)
    if not found:
        return ""
    listed = join_names([f"{_within(name)} {day_month(day)}" for day, name in found])
    # "15. apr." and the full stop of the sentence would be two
    return _(" Uden %s") % listed.rstrip(".") + "."


def _within(name: str) -> str:
    """The name of a holiday inside a sentence: two of them keep their capital."""
    return name if name.startswith(("Store", "Kristi", "Grundlov")) else name[0].lower() + name[1:]


def working_day_before(due: date | None) -> str:
    """The advice for a weekend or a holiday; the deadline itself stays. Empty on a working day."""
    if due is None or is_working_day(due):
        return ""
    return _("Sidste hverdag er %s") % weekday_date(last_working_day(due))
