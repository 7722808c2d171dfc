"""The reception's rules, each as a story: waits, runs, is met, is annulled, falls away, comes again."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import services as record
from cases.choices import FamilyRole
from cases.models import Case
from cases.services import annul
from deadlines import engine
from deadlines.models import Step
from deadlines.status import Status, status_of
from reception.rules import RULES
from reception.services import plan as plans
from reception.services.contract import Outcome, record_contract
from reception.services.plan import Line
from tests.factories import a_family

ARRIVED = date(2026, 11, 13)
CHILD = {"given_names": "Sofiia", "role": FamilyRole.CHILD, "birth_date": date(2017, 5, 9)}


def only(case, name="Olena"):
    return case.people.get(given_names=name)


def write_plan(person, worker, today, goal="Jeg vil arbejde som sygeplejerske."):
    plan = plans.current_plan(person)
    version, revision = (plan.version, plan.revision) if plan else (0, 0)
    return plans.save_plan(
        person,
        version=version,
        revision=revision,
        goal=goal,
        lines=[Line("reception", "Åbn en konto.")],
        by=worker,
        today=today,
    )


# --- Min plan ---


def test_min_plan_waits_for_the_arrival(look, today):
    case = a_family(expected_on=date(2026, 12, 1))
    step = look(case, "min_plan", only(case))
    assert (step.starts_on, step.waits_for) == (None, "arrived_on")
    assert status_of(step, today) is Status.AWAITING_DATE


@pytest.mark.parametrize(
    ("dates", "start", "note"),
    [
        ({"arrived_on": ARRIVED}, ARRIVED, "arrived_on"),
        ({"arrived_on": ARRIVED, "visitation_on": date(2026, 11, 2)}, ARRIVED, "arrived_on"),
        ({"arrived_on": ARRIVED, "visitation_on": date(2026, 11, 20)}, date(2026, 11, 20), "visitation_on"),
    ],
)
def test_min_plan_starts_on_the_later_of_arrival_and_visitation(look, dates, start, note):
    case = a_family(**dates)
    step = look(case, "min_plan", only(case))
    assert (step.starts_on, step.due_on, step.start_note) == (start, start + timedelta(days=14), note)


def test_a_child_has_no_plan_but_an_unaccompanied_minor_has(look):
    case = a_family({"given_names": "Olena"}, CHILD, arrived_on=ARRIVED)
    alone = a_family({**CHILD, "given_names": "Danylo", "unaccompanied_minor": True}, arrived_on=ARRIVED)
    assert look(case, "min_plan", only(case, "Sofiia")) is None
    assert look(alone, "min_plan", only(alone, "Danylo")).due_on == date(2026, 11, 27)
    assert look(alone, "custody", only(alone, "Danylo")) is not None
    assert look(case, "custody", only(case, "Sofiia")) is None


def test_min_plan_is_met_by_the_hand_over_and_stays_met_by_a_later_version(look, worker, today):
    case = a_family(arrived_on=ARRIVED)
    person = only(case)
    look(case, "min_plan", person)
    write_plan(person, worker, today)
    assert look(case, "min_plan", person).evidence == "Version 1 er påbegyndt"
    plans.hand_over(person, on=today, by=worker, today=today)
    step = look(case, "min_plan", person)
    assert (step.met_on, step.evidence) == (today, "Udleveret 24.11.2026, version 1")
    assert case.entries.get(kind="reception.plan_handed_over").text == (
        "Min plan gennemgået og udleveret til Olena, 3 dage før fristen"
    )
    write_plan(person, worker, today, goal="Nyt mål")
    assert plans.current_plan(person).version == 2
    assert look(case, "min_plan", person).met_on == today


def test_annulling_the_hand_over_opens_the_step_and_the_version(look, worker, today):
    case = a_family(arrived_on=ARRIVED)
    person = only(case)
    write_plan(person, worker, today)
    handover = plans.hand_over(person, on=today, by=worker, today=today)
    annul(handover, reason="Forkert person", today=today, by=worker)
    step = look(case, "min_plan", person)
    assert (step.met_on, status_of(step, today)) == (None, Status.OPEN)
    write_plan(person, worker, today, goal="Rettet")
    assert plans.current_plan(person).version == 1


def test_leaving_withdraws_an_open_plan_and_a_return_has_its_own_round(look, worker, today):
    case = a_family(arrived_on=date(2026, 6, 1))
    person = only(case)
    look(case, "min_plan", person, today=date(2026, 6, 1))
    write_plan(person, worker, today)
    record.leave(person.stays.get(), on=date(2026, 6, 10), reason="returned", by=worker, today=today)
    assert look(case, "min_plan", person).withdrawn_on == date(2026, 6, 10)
    record.return_home(person, by=worker, today=today, arrived_on=ARRIVED)
    plans.hand_over(person, on=date(2026, 11, 20), by=worker, today=today)
    assert look(case, "min_plan", person).met_on is None
    assert look(case, "min_plan", person, nth=2).met_on == date(2026, 11, 20)


# --- Contract ---


def test_the_contract_waits_for_permit_and_responsibility(look, today, worker):
    case = a_family(arrived_on=ARRIVED)
    person = only(case)
    assert look(case, "contract", person).waits_for == "responsibility_from"
    record.change_stay(person.stays.get(), by=worker, today=today, responsibility_from=date(2026, 10, 31))
    assert look(case, "contract", person).waits_for == "permit"
    record.record_permit(person, state="granted", since=date(2026, 10, 1), by=worker, today=today)
    step = look(case, "contract", person)
    assert (step.starts_on, step.due_on) == (date(2026, 10, 31), date(2026, 11, 30))


def settled_family():
    return a_family(arrived_on=ARRIVED, visitation_on=date(2026, 11, 2), responsibility_from=date(2026, 11, 13))


def test_a_contract_is_met_when_both_have_signed(look, worker, today):
    case = settled_family()
    person = only(case)
    look(case, "contract", person)
    record_contract(person, outcome=Outcome.CITIZEN, on=date(2026, 11, 18), by=worker, today=today)
    step = look(case, "contract", person)
    assert (step.met_on, step.evidence) == (None, "Borgeren har underskrevet, kommunen mangler")
    contract = record_contract(person, outcome=Outcome.MUNICIPALITY, on=date(2026, 11, 20), by=worker, today=today)
    assert person.contracts.count() == 1
    assert look(case, "contract", person).met_on == date(2026, 11, 20)
    assert (
        case.entries.order_by("-pk").first().text == "Kontrakt underskrevet af Olena og kommunen, 23 dage før fristen"
    )
    annul(contract, reason="Forkert dato", today=today, by=worker)
    assert look(case, "contract", person).met_on is None


def test_a_contract_set_without_agreement_meets_it_and_needs_a_reason(look, worker, today):
    case = settled_family()
    person = only(case)
    with pytest.raises(ValidationError, match="uden enighed"):
        record_contract(person, outcome=Outcome.SET, on=today, by=worker, today=today)
    record_contract(person, outcome=Outcome.SET, on=today, reason="Uenighed om jobmål", by=worker, today=today)
    assert look(case, "contract", person).evidence == "Fastsat uden enighed 24.11.2026"


# --- Missing dates ---


def test_whoever_is_complete_at_registration_is_met_that_day(look, today):
    case = a_family(expected_on=date(2026, 12, 1), today=today)
    step = look(case, "dates", only(case))
    assert (step.starts_on, step.met_on) == (today, today)


def test_missing_dates_run_until_the_last_is_known_and_keep_the_day(look, today, worker):
    case = a_family(arrived_on=ARRIVED, today=date(2026, 11, 16))
    person = only(case)
    step = look(case, "dates", person, today=date(2026, 11, 16))
    assert (step.due_on, step.evidence) == (date(2026, 11, 23), "Mangler taget ophold")
    record.change_stay(person.stays.get(), by=worker, today=today, residence_from=ARRIVED)
    assert look(case, "dates", person, today=date(2026, 11, 20)).met_on == date(2026, 11, 20)
    later = look(case, "dates", person, today=date(2026, 12, 20))
    assert (later.met_on, later.due_on) == (date(2026, 11, 20), date(2026, 11, 23))
    assert engine.refresh([case.pk], RULES, today=date(2026, 12, 20)).updated == 0


def test_a_date_that_somebody_was_asked_for_is_not_missing(look, today, worker):
    case = a_family(arrived_on=ARRIVED, today=ARRIVED)
    person = only(case)
    assert look(case, "dates", person).met_on is None
    record.ask_for_date(person, about="residence_from", whom="Udlændingestyrelsen", by=worker, today=today)
    assert look(case, "dates", person).met_on == today


def test_a_gap_that_opens_later_starts_the_clock_when_it_opens(look):
    case = a_family(expected_on=date(2026, 12, 1), today=date(2026, 11, 1))
    person = only(case)
    assert look(case, "dates", person, today=date(2026, 11, 1)).met_on == date(2026, 11, 1)
    step = look(case, "dates", person, today=date(2026, 12, 2))
    assert (step.met_on, step.starts_on, step.due_on) == (None, date(2026, 12, 1), date(2026, 12, 8))
    assert step.evidence == "Mangler ankomst til kommunen"


def test_a_pending_permit_is_not_a_missing_visitation(look, today, worker):
    case = a_family(arrived_on=ARRIVED, residence_from=ARRIVED, today=ARRIVED)
    person = only(case)
    record.record_permit(person, state="applied", since=ARRIVED, by=worker, today=today)
    assert look(case, "dates", person).met_on == ARRIVED
    record.record_permit(person, state="granted", since=date(2026, 11, 20), by=worker, today=today)
    step = look(case, "dates", person)
    assert (step.met_on, step.evidence, step.starts_on) == (None, "Mangler visiteringsdato", date(2026, 11, 20))


# --- Check-lists ---


def test_check_lists_have_no_date_and_wait_for_nothing(look, today):
    case = a_family({"given_names": "Olena"}, CHILD, today=today)
    olena, sofiia = only(case), only(case, "Sofiia")
    step = look(case, "bank_account", olena)
    assert (step.starts_on, step.due_on, step.kind, status_of(step, today)) == (today, None, "", Status.UNDATED)
    assert look(case, "gp", sofiia) is not None
    assert look(case, "bank_account", sofiia) is None


def test_a_written_cpr_number_is_not_asked_for_again(look, today):
    case = a_family(today=today)
    person = only(case)
    record.set_cpr(person, "620690-1234", today=today)
    assert look(case, "cpr", person).met_on is None
    record.set_cpr(person, "020690-5002", today=today)
    assert look(case, "cpr", person).met_on == today


# --- The permit's end ---


def permit_until(person, day, worker, today, state="granted", since=date(2026, 11, 2)):
    return record.record_permit(person, state=state, since=since, valid_until=day, by=worker, today=today)


def test_a_permit_with_an_end_is_watched_and_an_extension_moves_it(look, worker, today):
    case = a_family(arrived_on=ARRIVED)
    person = only(case)
    assert look(case, "permit_expiry", person) is None
    permit_until(person, date(2027, 3, 17), worker, today)
    step = look(case, "permit_expiry", person)
    assert (step.starts_on, step.due_on, step.kind) == (date(2026, 12, 17), date(2027, 3, 17), "watch")
    permit_until(person, date(2028, 3, 17), worker, today, state="extended", since=date(2026, 11, 20))
    assert look(case, "permit_expiry", person).due_on == date(2028, 3, 17)
    assert Step.objects.filter(rule="reception.permit_expiry").count() == 1


def test_leaving_meets_the_watch_and_a_lapse_withdraws_it(look, worker):
    case = a_family({"given_names": "Olena"}, {"given_names": "Dmytro", "role": "spouse"}, arrived_on=ARRIVED)
    olena, dmytro = only(case), only(case, "Dmytro")
    day = date(2027, 3, 17)
    for person in (olena, dmytro):
        permit_until(person, day, worker, date(2026, 11, 24))
    look(case, "permit_expiry", olena)
    today = date(2027, 3, 1)
    record.leave(olena.stays.get(), on=today, reason="moved", by=worker, today=today)
    record.record_permit(dmytro, state="lapsed", since=today, by=worker, today=today)
    assert look(case, "permit_expiry", olena, today=today).met_on == today
    assert look(case, "permit_expiry", dmytro, today=today).withdrawn_on == today


# --- All of them ---


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_a_rule_asks_one_query_for_one_case_or_three(rule, rule_set, today):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            list(rule.facts(Case.objects.all(), today=today))
        return len(seen)

    a_family({"given_names": "Olena"}, CHILD, arrived_on=ARRIVED, visitation_on=ARRIVED)
    first = queries()
    for _ in range(2):
        a_family({"given_names": "Olena"}, CHILD, arrived_on=ARRIVED, visitation_on=ARRIVED)
    assert first == queries() == 1


def test_a_second_refresh_writes_nothing(rule_set, today, worker):
    case = settled_family()
    write_plan(only(case), worker, today)
    plans.hand_over(only(case), on=today, by=worker, today=today)
    engine.refresh([case.pk], RULES, today=today)
    written = engine.refresh([case.pk], RULES, today=today)
    assert (written.created, written.updated) == (0, 0)
