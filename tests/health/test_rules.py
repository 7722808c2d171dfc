"""health.need_assessed: a law for everybody, whose step tells nothing."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import services as record
from cases.choices import DataClass, FamilyRole
from cases.models import Case, Entry
from cases.services import annul
from deadlines import engine
from health import services
from health.models import Decider
from health.rules import NEED_ASSESSED, RULES
from health.services import Outcome
from tests.factories import a_family

TAKEN_OVER = date(2026, 8, 31)
DATES = {"arrived_on": date(2026, 8, 20), "visitation_on": date(2026, 8, 10), "responsibility_from": TAKEN_OVER}
CHILD = {"given_names": "Sofiia", "role": FamilyRole.CHILD, "birth_date": date(2017, 5, 9)}


def only(case, name="Olena"):
    return case.people.get(given_names=name)


def test_it_waits_for_the_responsibility_and_then_for_the_permit(look, worker, today):
    case = a_family(arrived_on=date(2026, 11, 13))
    person = only(case)
    assert look(case, person).waits_for == "responsibility_from"
    record.change_stay(person.stays.get(), by=worker, today=today, responsibility_from=date(2026, 11, 13))
    assert look(case, person).waits_for == "permit"


def test_six_months_for_adults_and_children(look):
    case = a_family({"given_names": "Olena"}, CHILD, **DATES)
    for name in ("Olena", "Sofiia"):
        assert look(case, only(case, name)).due_on == date(2027, 2, 28)


@pytest.mark.parametrize(("outcome", "met"), [(Outcome.NO_NEED, True), (Outcome.OFFERED, True), (Outcome.NEED, False)])
def test_no_need_or_an_offer_meets_it_a_need_alone_does_not(look, worker, today, outcome, met):
    case = a_family(**DATES)
    person = only(case)
    services.assess_need(person, outcome=outcome, on=date(2026, 11, 20), kinds=["dental"], by=worker, today=today)
    step = look(case, person)
    assert step.met_on == (date(2026, 11, 20) if met else None)
    assert (step.evidence, step.title) == ("", "Vurdér behov for sundhedstilbud")


def test_an_offer_completes_the_assessment_that_waits_for_it(look, worker, today):
    case = a_family(**DATES)
    person = only(case)
    services.assess_need(person, outcome=Outcome.NEED, on=date(2026, 11, 2), kinds=["dental"], by=worker, today=today)
    row = services.assess_need(
        person, outcome=Outcome.OFFERED, on=date(2026, 11, 20), answer="declined", by=worker, today=today
    )
    assert person.health_assessments.count() == 1
    assert (row.assessed_on, row.kinds) == (date(2026, 11, 2), ["dental"])
    assert look(case, person).met_on == date(2026, 11, 20)


def test_annulled_it_is_open_again(look, worker, today):
    case = a_family(**DATES)
    person = only(case)
    row = services.assess_need(person, outcome=Outcome.NO_NEED, on=today, by=worker, today=today)
    annul(row, reason="Forkert person", today=today, by=worker)
    assert look(case, person).met_on is None


def test_leaving_withdraws_and_a_return_has_its_own_round(look, worker, today):
    case = a_family(**DATES)
    person = only(case)
    look(case, person, today=TAKEN_OVER)
    record.leave(person.stays.get(), on=date(2026, 9, 30), reason="returned", by=worker, today=today)
    assert look(case, person).withdrawn_on == date(2026, 9, 30)
    record.return_home(
        person, by=worker, today=today, arrived_on=date(2026, 11, 1), responsibility_from=date(2026, 11, 5)
    )
    services.assess_need(person, outcome=Outcome.NO_NEED, on=today, by=worker, today=today)
    assert look(case, person).met_on is None
    assert look(case, person, nth=2).met_on == today


def test_lines_are_of_class_health_and_hidden_from_a_colleague(look, worker, colleague, today):
    case = a_family(caseworker=worker, **DATES)
    look(case, only(case))
    services.assess_need(only(case), outcome=Outcome.NO_NEED, on=today, by=worker, today=today)
    entry = case.entries.get(area="health")
    assert (entry.data_class, entry.text) == (
        DataClass.HEALTH,
        "Intet behov for sundhedstilbud til Olena, 96 dage før fristen",
    )
    assert entry in Entry.objects.visible_to(worker)
    assert entry not in Entry.objects.visible_to(colleague)


def test_a_child_of_fifteen_decides_itself(worker, today, rule_set):
    case = a_family({**CHILD, "birth_date": date(2011, 11, 24)}, {**CHILD, "given_names": "Danylo"}, **DATES)
    decided = [
        services.assess_need(only(case, name), outcome=Outcome.NO_NEED, on=today, by=worker, today=today).decided_by
        for name in ("Sofiia", "Danylo")
    ]
    assert decided == [Decider.SELF, Decider.CUSTODY]


def test_an_act_ahead_is_refused(worker, today, rule_set):
    case = a_family(**DATES)
    with pytest.raises(ValidationError, match="frem i tiden"):
        services.assess_need(only(case), outcome=Outcome.NO_NEED, on=date(2026, 12, 1), by=worker, today=today)


def test_one_query_for_one_case_or_three(rule_set, today):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            list(NEED_ASSESSED.facts(Case.objects.all(), today=today))
        return len(seen)

    a_family(**DATES)
    first = queries()
    a_family({"given_names": "Olena"}, CHILD, **DATES)
    a_family(**DATES)
    assert first == queries() == 1


def test_a_second_refresh_writes_nothing(look, today):
    case = a_family(**DATES)
    look(case, only(case))
    assert engine.refresh([case.pk], RULES, today=today).updated == 0
