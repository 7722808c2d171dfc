"""Health: is there a need of an offer? (INL § 15 d; strategy § 5.) The step tells nothing but its title."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Subquery
from django.utils.translation import gettext_lazy as _

from cases.models import Stay
from deadlines.rules import Fact, Rule, in_round
from health.models import Assessment


def need_facts(cases, *, today: date) -> Iterable[Fact]:
    """Everybody, children too, from the responsibility on. The evidence is always empty: others read the steps."""
    met = in_round(Assessment.objects.all(), on="met_on")
    for stay in Stay.objects.of(cases).annotate(done_on=Subquery(met.values("met_on")[:1])):
        start = stay.responsibility_from
        yield Fact(
            case_id=stay.person.case_id,
            person_id=stay.person_id,
            round=stay.round,
            starts_on=start,
            met_on=stay.done_on,
            waits_for="" if start else "responsibility_from",
            start_note="responsibility_from" if start else "",
        )


NEED_ASSESSED = Rule(
    key="health.need_assessed",
    title=_("Vurdér behov for sundhedstilbud"),
    noun=_("Helbred"),
    facts=need_facts,
    act=_("Registrér vurdering"),
    permit="granted",
)
RULES = (NEED_ASSESSED,)
