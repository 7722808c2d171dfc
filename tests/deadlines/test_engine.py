"""The engine on a made-up rule: facts in, steps out."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cases.models import Permit, Stay
from deadlines import engine
from deadlines.models import RuleSet, Step, Term
from deadlines.rules import Fact, Rule
from schooling.rules import LANGUAGE_OFFER
from tests.factories import TODAY, UserFactory, a_family

pytestmark = pytest.mark.django_db
ARRIVED = date(2026, 11, 13)
DONE: dict[int, date] = {}


def facts(cases, *, today):
    for stay in Stay.objects.of(cases):
        yield Fact(
            stay.person.case_id,
            stay.person_id,
            stay.round,
            stay.arrived_on,
            met_on=DONE.get(stay.person_id),
            waits_for="" if stay.arrived_on else "arrived_on",
            start_note="arrived_on",
        )


RULE = Rule("reception.made_up", "Gør noget", "Noget", facts)


@pytest.fixture(autouse=True)
def _term():
    DONE.clear()
    for rule_set in RuleSet.objects.all():
        Term.objects.create(rule_set=rule_set, rule=RULE.key, amount=14, unit="days", kind="service_goal")


def refreshed(case, rule=RULE, today=TODAY) -> Step:
    engine.refresh([case.pk], [rule], today=today)
    return case.steps.get()


def test_the_clock_starts_with_the_arrival_and_runs_fourteen_days():
    step = refreshed(a_family(arrived_on=ARRIVED))
    assert (step.starts_on, step.due_on, step.kind) == (ARRIVED, date(2026, 11, 27), "service_goal")
    assert step.rule_set.number == 2


def test_without_its_date_the_step_waits_and_has_no_deadline():
    step = refreshed(a_family())
    assert (step.starts_on, step.due_on, step.waits_for) == (None, None, "arrived_on")


def test_a_fact_meets_the_step_and_an_annulled_one_opens_it_again():
    case = a_family(arrived_on=ARRIVED)
    DONE[case.people.get().pk] = TODAY
    assert refreshed(case).met_on == TODAY
    DONE.clear()
    assert refreshed(case).met_on is None


def test_twice_on_a_day_writes_nothing():
    case = a_family(arrived_on=ARRIVED)
    refreshed(case)
    written = engine.refresh([case.pk], [RULE], today=TODAY)
    assert (written.created, written.updated) == (0, 0)
    assert engine.differing([case.pk], [RULE], today=TODAY) == set()


def test_the_set_is_that_of_the_starting_day_and_a_pinned_one_wins():
    case = a_family(arrived_on=date(2024, 3, 31))
    step = refreshed(case)
    assert step.rule_set.number == 1
    step.pinned_set = RuleSet.objects.get(number=2)
    step.save(update_fields=["pinned_set"])
    assert refreshed(case).rule_set.number == 2


def test_a_start_before_the_first_set_takes_the_first():
    assert refreshed(a_family(arrived_on=date(2021, 1, 5))).rule_set.number == 1


@pytest.mark.parametrize("permit", ["granted", "unless_refused", "any"])
def test_a_refusal_withdraws_on_its_own_day_what_the_permit_matters_for(permit):
    case = a_family(arrived_on=ARRIVED)
    person = case.people.get()
    rule = replace(RULE, permit=permit)
    Permit.objects.create(person=person, state="granted", since=ARRIVED, granted_on=ARRIVED)
    refreshed(case, rule)
    refused = ARRIVED + timedelta(days=3)
    Permit.objects.create(person=person, state="refused", since=refused)
    step = refreshed(case, rule)
    assert step.withdrawn_on == (None if permit == "any" else refused)


def test_a_granted_rule_waits_for_the_permit_and_starts_with_the_later_date():
    case = a_family(arrived_on=ARRIVED)
    rule = replace(RULE, permit="granted")
    assert refreshed(case, rule).waits_for == "permit"
    Permit.objects.create(person=case.people.get(), state="granted", since=TODAY, granted_on=TODAY)
    step = refreshed(case, rule)
    assert (step.starts_on, step.start_note) == (TODAY, "permit")


def test_an_extension_does_not_restart_the_clock():
    case = a_family(arrived_on=ARRIVED)
    rule = replace(RULE, permit="granted")
    person = case.people.get()
    Permit.objects.create(person=person, state="granted", since=ARRIVED, granted_on=ARRIVED)
    Permit.objects.create(person=person, state="extended", since=TODAY)
    assert refreshed(case, rule).starts_on == ARRIVED


def test_leaving_withdraws_on_the_day_of_leaving_and_an_annulled_departure_brings_the_row_back():
    case = a_family(arrived_on=ARRIVED)
    first = refreshed(case)
    stay = Stay.objects.get()
    stay.left_on = date(2026, 11, 20)
    stay.save()
    assert refreshed(case).withdrawn_on == date(2026, 11, 20)
    stay.left_on = None
    stay.save()
    step = refreshed(case)
    assert (step.pk, step.withdrawn_on) == (first.pk, None)


def test_a_met_step_is_never_withdrawn():
    case = a_family(arrived_on=ARRIVED)
    DONE[case.people.get().pk] = ARRIVED
    Stay.objects.update(left_on=TODAY)
    assert refreshed(case).withdrawn_on is None


def test_a_return_is_a_second_round_with_its_own_dates():
    case = a_family(arrived_on=ARRIVED)
    refreshed(case)
    person = case.people.get()
    person.stays.update(left_on=date(2026, 11, 20))
    Stay.objects.create(person=person, round=2, arrived_on=date(2026, 11, 23))
    engine.refresh([case.pk], [RULE], today=TODAY)
    first, second = case.steps.order_by("round")
    assert (first.withdrawn_on, second.due_on) == (date(2026, 11, 20), date(2026, 12, 7))


def test_decisions_survive_every_refresh():
    case = a_family(arrived_on=ARRIVED)
    step = refreshed(case)
    mine = UserFactory()
    Step.objects.filter(pk=step.pk).update(follow_up_on=TODAY, follow_up_reason="Tolken var syg", assignee=mine)
    DONE[case.people.get().pk] = TODAY
    step = refreshed(case)
    assert (step.follow_up_reason, step.assignee, step.owner) == ("Tolken var syg", mine, mine)


def test_the_owner_is_the_caseworker():
    mette = UserFactory()
    assert refreshed(a_family(arrived_on=ARRIVED, caseworker=mette)).owner == mette


def test_a_duty_nobody_asks_for_any_more_falls_away_today():
    case = a_family(arrived_on=ARRIVED)
    refreshed(case)
    step = refreshed(case, replace(RULE, facts=lambda cases, *, today: ()))
    assert step.withdrawn_on == TODAY


def test_closing_withdraws_on_the_closing_day():
    case = a_family(arrived_on=ARRIVED)
    refreshed(case)
    type(case).objects.filter(pk=case.pk).update(closed_on=date(2026, 11, 22), closing_reason="other")
    assert refreshed(case).withdrawn_on == date(2026, 11, 22)


@pytest.mark.parametrize("count", [1, 3])
def test_one_case_or_three_take_the_same_number_of_queries(count, django_assert_num_queries):
    ids = [a_family({"given_names": "A"}, {"given_names": "B"}, arrived_on=ARRIVED).pk for _ in range(count)]
    with django_assert_num_queries(11):
        engine.refresh(ids, [RULE], today=TODAY)


def test_age_is_taken_on_the_day_of_the_grant_when_that_starts_the_clock():
    case = a_family({"birth_date": date(2008, 11, 20), "role": "child"}, residence_from=ARRIVED)
    person = case.people.get()
    Permit.objects.create(person=person, state="granted", since=TODAY, granted_on=TODAY)
    engine.refresh([case.pk], [LANGUAGE_OFFER], today=TODAY)
    assert case.steps.get(rule=LANGUAGE_OFFER.key).starts_on == TODAY


def test_a_birth_date_after_the_starting_day_is_a_child_and_no_crash():
    case = a_family(residence_from=ARRIVED)
    case.people.update(birth_date=TODAY)
    engine.refresh([case.pk], [LANGUAGE_OFFER], today=TODAY)
    assert not case.steps.exists()


def test_a_permit_that_ends_keeps_the_dates_and_the_lateness_of_what_had_begun():
    case = a_family(arrived_on=ARRIVED)
    rule = replace(RULE, permit="granted")
    person = case.people.get()
    Permit.objects.create(person=person, state="granted", since=ARRIVED, granted_on=ARRIVED)
    due = refreshed(case, rule).due_on
    Permit.objects.create(person=person, state="revoked", since=due + timedelta(days=5))
    step = refreshed(case, rule, today=due + timedelta(days=6))
    assert (step.due_on, step.withdrawn_on) == (due, due + timedelta(days=5))


def test_a_case_that_reached_us_after_the_date_has_that_as_its_cause_by_itself():
    assert refreshed(a_family(arrived_on=date(2026, 10, 1))).cause == "known_late"
    assert refreshed(a_family(arrived_on=ARRIVED)).cause == ""


def test_what_was_ticked_is_not_withdrawn_when_the_person_leaves():
    case = a_family(arrived_on=ARRIVED)
    step = refreshed(case)
    Step.objects.filter(pk=step.pk).update(done_on=ARRIVED, done_by=UserFactory())
    Stay.objects.update(left_on=TODAY)
    assert refreshed(case).withdrawn_on is None
