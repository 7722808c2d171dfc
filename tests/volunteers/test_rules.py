"""The household's duties: introduction, contact person in rounds, leisure."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import services as record
from cases.models import Case
from deadlines import engine
from deadlines.models import Step
from tests.factories import TODAY, UserFactory, a_family
from tests.volunteers.makers import VolunteerFactory
from volunteers import rules
from volunteers.models import Match
from volunteers.services import ties

pytestmark = pytest.mark.django_db
ARRIVED = date(2026, 11, 13)


@pytest.fixture
def by():
    return UserFactory()


def steps(case, rule, today=TODAY):
    engine.refresh([case.pk], rules.RULES, today=today)
    return list(Step.objects.filter(case=case, rule=rule.key).order_by("round"))


def step(case, rule, today=TODAY):
    found = steps(case, rule, today)
    assert len(found) == 1, found
    return found[0]


def tied(case, by, on=TODAY):
    ties.record_consent(case, on=on, today=on, by=by)
    return ties.match_volunteer(case, volunteer=VolunteerFactory(), on=on, today=on, by=by)


# --- Introduction and leisure -----------------------------------------------------------------


def test_the_introduction_counts_from_the_first_arrival_of_the_household():
    case = a_family(
        {"given_names": "Olena", "dates": {"arrived_on": date(2026, 11, 16)}},
        {"given_names": "Ivan"},
        arrived_on=ARRIVED,
    )
    found = step(case, rules.INTRODUCTION)
    assert (found.starts_on, found.due_on, found.kind, found.person) == (
        ARRIVED,
        date(2026, 11, 20),
        "local_target",
        None,
    )


@pytest.mark.parametrize("rule", [rules.INTRODUCTION, rules.CONTACT_PERSON], ids=lambda rule: rule.key)
def test_before_the_arrival_the_step_waits_for_it(rule):
    found = step(a_family(expected_on=date(2026, 12, 1)), rule)
    assert (found.starts_on, found.waits_for) == (None, "arrived_on")


def test_leisure_has_no_date_and_waits_for_nothing():
    for case in (a_family(), a_family(arrived_on=ARRIVED)):
        found = step(case, rules.LEISURE_INTRODUCTION)
        assert (found.due_on, found.waits_for, found.kind) == (None, "", "")


def test_leisure_is_met_by_its_row(by):
    case = a_family(arrived_on=ARRIVED)
    ties.introduce_leisure(case, on=TODAY, today=TODAY, by=by, activity="Blovstrød IF, fodbold")
    found = step(case, rules.LEISURE_INTRODUCTION)
    assert (found.met_on, found.evidence) == (TODAY, "Introduceret til Blovstrød IF, fodbold")


STORIES = {
    "introduction": (
        rules.INTRODUCTION,
        lambda case, **on: ties.introduce(case, organisation_name="Nabohjælpen", **on),
    ),
    "leisure": (rules.LEISURE_INTRODUCTION, lambda case, **on: ties.introduce_leisure(case, activity="Skak", **on)),
    "contact": (rules.CONTACT_PERSON, ties.decline_match),
}


@pytest.mark.parametrize(("rule", "act"), STORIES.values(), ids=STORIES)
def test_story(rule, act, by):
    """Runs, is met, annulled, met late, stays met after the departure, and runs anew in a second stay."""
    case = a_family(arrived_on=ARRIVED)
    stay = case.people.get().stays.get()
    assert step(case, rule).met_on is None
    row = act(case, on=TODAY, today=TODAY, by=by)
    assert step(case, rule).met_on == TODAY
    record.annul(row, reason="Forkert familie", today=TODAY, by=by)
    assert step(case, rule).met_on is None
    late = date(2027, 1, 4)
    act(case, on=late, today=late, by=by)
    found = step(case, rule, late)
    assert found.met_on == late
    assert found.due_on is None or found.met_on > found.due_on
    left, back = date(2027, 2, 1), date(2027, 3, 1)
    record.leave(stay, on=left, reason="returned", by=by, today=left)
    assert step(case, rule, left).withdrawn_on is None
    record.return_home(stay.person, by=by, today=back, arrived_on=back)
    first, second = steps(case, rule, back)
    assert (first.met_on, first.withdrawn_on) == (late, None)
    assert (second.round, second.starts_on, second.met_on, second.withdrawn_on) == (2, back, None, None)
    act(case, on=back, today=back, by=by)
    assert [found.met_on for found in steps(case, rule, back)] == [late, back]


@pytest.mark.parametrize(("rule", "act"), STORIES.values(), ids=STORIES)
def test_an_unmet_step_falls_away_when_the_last_member_leaves(rule, act, by):
    case = a_family({"given_names": "Olena"}, {"given_names": "Ivan"}, arrived_on=ARRIVED)
    step(case, rule)
    olena, ivan = (person.stays.get() for person in case.people.order_by("pk"))
    record.leave(olena, on=date(2026, 11, 18), reason="moved", by=by, today=TODAY)
    assert step(case, rule).withdrawn_on is None
    record.leave(ivan, on=date(2026, 11, 20), reason="moved", by=by, today=TODAY)
    assert step(case, rule).withdrawn_on == date(2026, 11, 20)


# --- Contact person: rounds -------------------------------------------------------------------


def test_the_contact_person_is_due_thirty_days_after_the_arrival():
    found = step(a_family(arrived_on=ARRIVED), rules.CONTACT_PERSON)
    assert (found.due_on, found.kind, found.evidence) == (date(2026, 12, 13), "local_target", "Familien er ikke spurgt")


def test_the_evidence_follows_the_consent(by):
    case = a_family(arrived_on=ARRIVED)
    ties.record_consent(case, on=date(2026, 11, 20), today=TODAY, by=by)
    assert step(case, rules.CONTACT_PERSON).evidence == "Familien har sagt ja 20. nov."
    ties.withdraw_consent(case, on=date(2026, 11, 23), today=TODAY, by=by)
    assert step(case, rules.CONTACT_PERSON).evidence == "Familien trak sit samtykke tilbage 23. nov."


def test_a_consent_of_an_earlier_stay_is_asked_for_again(by):
    case = a_family(arrived_on=ARRIVED)
    ties.record_consent(case, on=date(2026, 11, 14), today=TODAY, by=by)
    stay = case.people.get().stays.get()
    record.leave(stay, on=date(2026, 11, 18), reason="returned", by=by, today=TODAY)
    record.return_home(stay.person, by=by, today=TODAY, arrived_on=TODAY)
    first, second = steps(case, rules.CONTACT_PERSON)
    assert first.withdrawn_on == date(2026, 11, 18)
    assert (second.starts_on, second.evidence) == (TODAY, "Familien er ikke spurgt")


def test_the_end_of_a_match_opens_a_new_round_and_the_old_one_stays_met(by):
    case = a_family(arrived_on=ARRIVED)
    match = tied(case, by, on=date(2026, 11, 16))
    assert step(case, rules.CONTACT_PERSON).met_on == date(2026, 11, 16)
    ties.end_match(match, on=date(2026, 11, 20), reason="volunteer", today=TODAY, by=by)
    first, second = steps(case, rules.CONTACT_PERSON)
    assert (first.met_on, first.withdrawn_on) == (date(2026, 11, 16), None)
    assert (second.starts_on, second.due_on, second.met_on) == (date(2026, 11, 20), date(2026, 12, 20), None)
    assert second.start_note == "den seneste kontaktpersons stop"


def test_a_family_that_wanted_nobody_may_want_somebody_later(by):
    case = a_family(arrived_on=ARRIVED)
    no = ties.decline_match(case, on=date(2026, 11, 16), today=TODAY, by=by)
    assert step(case, rules.CONTACT_PERSON).evidence == "Familien ønsker ikke en kontaktperson"
    ties.end_match(no, on=TODAY, reason="wants_one", today=TODAY, by=by)
    assert [found.met_on for found in steps(case, rules.CONTACT_PERSON)] == [date(2026, 11, 16), None]
    tied(case, by)
    assert [found.met_on for found in steps(case, rules.CONTACT_PERSON)] == [date(2026, 11, 16), TODAY]


def test_an_annulled_match_opens_its_own_round_which_the_next_match_takes(by):
    case = a_family(arrived_on=ARRIVED)
    match = tied(case, by)
    record.annul(match, reason="Forkert familie", today=TODAY, by=by)
    found = step(case, rules.CONTACT_PERSON)
    assert (found.round, found.met_on, found.withdrawn_on) == (1, None, None)
    assert tied(case, by).round == 1
    assert step(case, rules.CONTACT_PERSON).met_on == TODAY


def test_annulling_an_earlier_match_never_renumbers_the_later_one(by):
    case = a_family(arrived_on=ARRIVED)
    first = tied(case, by, on=date(2026, 11, 16))
    ties.end_match(first, on=date(2026, 11, 18), reason="volunteer", today=TODAY, by=by)
    second = tied(case, by)
    steps(case, rules.CONTACT_PERSON)
    record.annul(first, reason="Forkert familie", today=TODAY, by=by)
    one, two = steps(case, rules.CONTACT_PERSON)
    assert second.round == 2
    assert (one.met_on, one.withdrawn_on) == (None, ARRIVED)
    assert (two.starts_on, two.met_on) == (ARRIVED, TODAY)


def test_a_match_left_open_ends_with_the_departure_and_the_return_asks_anew(by):
    case = a_family(arrived_on=ARRIVED)
    match = tied(case, by, on=date(2026, 11, 16))
    stay = case.people.get().stays.get()
    record.leave(stay, on=date(2026, 11, 18), reason="returned", by=by, today=TODAY)
    record.return_home(stay.person, by=by, today=TODAY, arrived_on=date(2026, 11, 23))
    first, second = steps(case, rules.CONTACT_PERSON)
    assert (first.met_on, second.starts_on, second.met_on) == (date(2026, 11, 16), date(2026, 11, 23), None)
    tied(case, by)
    match.refresh_from_db()
    assert (match.ended_on, match.end_reason) == (date(2026, 11, 18), "left")
    assert Match.objects.get(ended_on=None).round == 2


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.key)
def test_two_queries_for_one_case_and_for_three(rule, by):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            found = list(rule.facts(Case.objects.all(), today=TODAY))
        return len(caught), len(found)

    tied(a_family(arrived_on=ARRIVED), by)
    one, _few = queries()
    for _number in range(2):
        tied(a_family(arrived_on=ARRIVED), by)
    three, rows = queries()
    assert one == three == 2
    assert rows == 3
