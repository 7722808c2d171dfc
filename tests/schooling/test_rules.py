"""Who is asked for what, and from when: day care, school, language school."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases import services as record
from cases.models import Case
from deadlines import engine
from deadlines.models import Step
from schooling import rules, services
from tests.factories import TODAY, UserFactory, a_family

pytestmark = pytest.mark.django_db
RESIDENCE = date(2026, 11, 13)
ADULT = {"given_names": "Halyna"}


def child(birth, **fields):
    return {"given_names": "Sofiia", "role": "child", "birth_date": birth, **fields}


def steps(case, rule, today=TODAY):
    engine.refresh([case.pk], rules.RULES, today=today)
    return list(Step.objects.filter(case=case, rule=rule.key).order_by("round"))


def step(case, rule, today=TODAY):
    found = steps(case, rule, today)
    assert len(found) == 1, found
    return found[0]


# --- Day care ---------------------------------------------------------------------------------


def test_a_small_child_is_offered_day_care_within_fourteen_days_of_residence():
    found = step(a_family(child(date(2023, 3, 1)), residence_from=RESIDENCE), rules.DAYCARE_OFFER)
    assert (found.starts_on, found.due_on, found.kind) == (RESIDENCE, date(2026, 11, 27), "local_target")


def test_a_baby_is_offered_day_care_from_twenty_six_weeks():
    birth = date(2026, 10, 1)
    found = step(a_family(child(birth), residence_from=RESIDENCE), rules.DAYCARE_OFFER)
    assert found.starts_on == birth + timedelta(days=182) == date(2027, 4, 1)
    assert "26 uger" in found.start_note


def test_day_care_waits_for_the_residence():
    found = step(a_family(child(date(2023, 3, 1))), rules.DAYCARE_OFFER)
    assert (found.starts_on, found.waits_for) == (None, "residence_from")


@pytest.mark.parametrize(
    ("residence", "expected"), [(date(2026, 7, 31), 1), (date(2026, 8, 1), 0)], ids=["the day before", "1 August"]
)
def test_from_the_first_of_august_of_the_sixth_year_nobody_asks_for_day_care(residence, expected):
    case = a_family(child(date(2020, 12, 30)), residence_from=residence, today=residence)
    assert len(steps(case, rules.DAYCARE_OFFER, today=residence)) == expected


def test_an_unmet_day_care_step_falls_away_on_the_first_of_august():
    case = a_family(child(date(2020, 5, 1)), residence_from=date(2026, 7, 1), today=date(2026, 7, 1))
    assert step(case, rules.DAYCARE_OFFER, date(2026, 7, 31)).withdrawn_on is None
    assert step(case, rules.DAYCARE_OFFER, date(2026, 8, 3)).withdrawn_on == date(2026, 8, 1)


def test_a_met_day_care_step_stays_met_at_school_age():
    case = a_family(child(date(2020, 5, 1)), residence_from=date(2026, 7, 1), today=date(2026, 7, 1))
    on = date(2026, 7, 2)
    services.offer_daycare(case.people.get(), on=on, today=on, by=UserFactory(), daycare="Skovmusen")
    found = step(case, rules.DAYCARE_OFFER, date(2026, 9, 1))
    assert (found.met_on, found.withdrawn_on) == (on, None)


def test_not_wanted_meets_the_duty():
    case = a_family(child(date(2023, 3, 1)), residence_from=RESIDENCE)
    services.offer_daycare(case.people.get(), on=TODAY, today=TODAY, by=UserFactory(), answer="not_wanted")
    found = step(case, rules.DAYCARE_OFFER)
    assert (found.met_on, found.evidence) == (TODAY, "Familien ønsker ikke dagtilbud")


# --- School -----------------------------------------------------------------------------------


def test_a_school_child_is_offered_school_within_fourteen_days_of_residence():
    found = step(a_family(child(date(2015, 3, 1)), residence_from=RESIDENCE), rules.SCHOOL_OFFER)
    assert (found.starts_on, found.due_on) == (RESIDENCE, date(2026, 11, 27))


def test_a_five_year_old_gets_the_step_180_days_before_the_first_of_august():
    case = a_family(child(date(2021, 12, 31)), residence_from=RESIDENCE)
    begins = date(2027, 8, 1)
    assert steps(case, rules.SCHOOL_OFFER, begins - timedelta(days=181)) == []
    found = step(case, rules.SCHOOL_OFFER, begins - timedelta(days=180))
    assert (found.starts_on, found.due_on, found.start_note) == (begins, date(2027, 8, 15), "skolestart")


def test_the_calendar_year_decides_school_age_not_the_birthday():
    day = date(2027, 2, 2)
    for birth, expected in ((date(2021, 1, 1), 1), (date(2021, 12, 31), 1), (date(2022, 1, 1), 0)):
        assert len(steps(a_family(child(birth), residence_from=RESIDENCE), rules.SCHOOL_OFFER, day)) == expected


@pytest.mark.parametrize(
    ("birth", "school", "language"),
    [(date(2008, 11, 14), 1, 0), (date(2008, 11, 13), 0, 1)],
    ids=["17 on the day of residence", "18 on that day"],
)
def test_seventeen_goes_to_school_and_eighteen_to_language_school(birth, school, language):
    case = a_family(child(birth), residence_from=RESIDENCE)
    assert len(steps(case, rules.SCHOOL_OFFER)) == school
    assert len(steps(case, rules.LANGUAGE_OFFER)) == language


def test_turning_eighteen_later_changes_nothing_by_itself():
    case = a_family(child(date(2008, 11, 20)), residence_from=RESIDENCE)
    assert len(steps(case, rules.SCHOOL_OFFER, date(2027, 1, 1))) == 1
    assert steps(case, rules.LANGUAGE_OFFER, date(2027, 1, 1)) == []


def test_treated_as_adult_gets_the_language_offer_from_that_day():
    case = a_family(child(date(2008, 11, 20)), residence_from=RESIDENCE, visitation_on=RESIDENCE)
    case.people.update(treated_as_adult_from=date(2026, 11, 20))
    assert step(case, rules.LANGUAGE_OFFER).starts_on == date(2026, 11, 20)


def test_a_child_without_birth_date_gets_the_school_step_waiting_for_it():
    case = a_family(child(None), residence_from=RESIDENCE)
    found = step(case, rules.SCHOOL_OFFER)
    assert (found.starts_on, found.waits_for) == (None, "birth_date")
    assert steps(case, rules.DAYCARE_OFFER) == []


def test_an_adult_without_birth_date_gets_no_school_step():
    assert (
        steps(a_family({"given_names": "Ivan", "birth_date": None}, residence_from=RESIDENCE), rules.SCHOOL_OFFER) == []
    )


def test_a_known_birth_date_moves_the_child_from_school_to_day_care():
    case = a_family(child(None), residence_from=RESIDENCE)
    step(case, rules.SCHOOL_OFFER)
    case.people.update(birth_date=date(2024, 1, 5))
    assert step(case, rules.SCHOOL_OFFER).withdrawn_on == TODAY
    assert step(case, rules.DAYCARE_OFFER).starts_on == RESIDENCE


def test_school_and_day_care_run_on_after_a_refusal_of_the_permit_and_language_does_not():
    case = a_family(
        ADULT,
        child(date(2015, 1, 4)),
        child(date(2023, 1, 4)),
        residence_from=RESIDENCE,
        responsibility_from=RESIDENCE,
        visitation_on=RESIDENCE,
    )
    engine.refresh([case.pk], rules.RULES, today=TODAY)
    for person in case.people.all():
        record.record_permit(person, state="refused", since=date(2026, 11, 20), by=None, today=TODAY)
    engine.refresh([case.pk], rules.RULES, today=TODAY)
    gone = set(case.steps.exclude(withdrawn_on=None).values_list("rule", flat=True))
    assert gone == {rules.LANGUAGE_OFFER.key, rules.LANGUAGE_REFERRAL.key}


# --- Language school --------------------------------------------------------------------------


def test_the_language_offer_runs_a_calendar_month_from_residence():
    found = step(a_family(ADULT, visitation_on=date(2026, 11, 1), residence_from=RESIDENCE), rules.LANGUAGE_OFFER)
    assert (found.starts_on, found.due_on, found.kind) == (RESIDENCE, date(2026, 12, 13), "service_goal")


def test_the_language_offer_waits_for_the_permit_and_starts_with_it():
    case = a_family(ADULT, residence_from=RESIDENCE)
    assert step(case, rules.LANGUAGE_OFFER).waits_for == "permit"
    record.record_permit(case.people.get(), state="granted", since=date(2026, 11, 20), by=None, today=TODAY)
    found = step(case, rules.LANGUAGE_OFFER)
    assert (found.starts_on, found.due_on) == (date(2026, 11, 20), date(2026, 12, 20))


def test_the_referral_is_law_from_the_day_of_responsibility():
    case = a_family(ADULT, visitation_on=date(2026, 11, 1), residence_from=RESIDENCE)
    assert step(case, rules.LANGUAGE_REFERRAL).waits_for == "responsibility_from"
    case.people.get().stays.update(responsibility_from=date(2026, 11, 16))
    found = step(case, rules.LANGUAGE_REFERRAL)
    assert (found.starts_on, found.due_on, found.kind) == (date(2026, 11, 16), date(2026, 12, 16), "law")


def test_offer_and_referral_are_two_duties():
    case = a_family(ADULT, visitation_on=RESIDENCE, residence_from=RESIDENCE, responsibility_from=RESIDENCE)
    services.refer_language(case.people.get(), on=TODAY, today=TODAY, by=UserFactory(), provider="Sprogskolen Nord")
    assert step(case, rules.LANGUAGE_REFERRAL).met_on == TODAY
    assert step(case, rules.LANGUAGE_OFFER).met_on is None


# --- The same story for every rule ------------------------------------------------------------

STORIES = {
    "daycare": (
        rules.DAYCARE_OFFER,
        child(date(2023, 1, 4)),
        lambda who, **on: services.offer_daycare(who, daycare="Skovmusen", **on),
    ),
    "school": (
        rules.SCHOOL_OFFER,
        child(date(2015, 1, 4)),
        lambda who, **on: services.offer_school(who, school="Kratbjergskolen", **on),
    ),
    "offer": (
        rules.LANGUAGE_OFFER,
        ADULT,
        lambda who, **on: services.offer_language(who, provider="Sprogskolen Nord", **on),
    ),
    "referral": (
        rules.LANGUAGE_REFERRAL,
        ADULT,
        lambda who, **on: services.refer_language(who, provider="Sprogskolen Nord", **on),
    ),
}
DATES = {"visitation_on": RESIDENCE, "residence_from": RESIDENCE, "responsibility_from": RESIDENCE}


@pytest.mark.parametrize(("rule", "who", "act"), STORIES.values(), ids=STORIES)
def test_story(rule, who, act):
    """Waits, runs, is met, annulled, met late, withdrawn, and runs anew in a second stay."""
    by = UserFactory()
    case = a_family(who)
    person = case.people.get()
    assert step(case, rule).waits_for in {"residence_from", "responsibility_from"}

    record.change_stay(person.stays.get(), by=by, today=TODAY, **DATES)
    due = step(case, rule).due_on
    assert due > TODAY

    row = act(person, on=TODAY, today=TODAY, by=by)
    assert step(case, rule).met_on == TODAY
    assert step(case, rule).evidence

    record.annul(row, reason="Forkert person", today=TODAY, by=by)
    assert (step(case, rule).met_on, step(case, rule).evidence) == (None, "")

    late = due + timedelta(days=2)
    act(person, on=late, today=late, by=by)
    found = step(case, rule, late)
    assert found.met_on == late > found.due_on

    left = late + timedelta(days=10)
    record.leave(person.stays.get(), on=left, reason="returned", by=by, today=left)
    assert step(case, rule, left).withdrawn_on is None

    back = left + timedelta(days=20)
    record.return_home(person, by=by, today=back, **dict.fromkeys(DATES, back))
    first, second = steps(case, rule, back)
    assert (first.round, first.met_on) == (1, late)
    assert (second.round, second.starts_on, second.met_on) == (2, back, None)
    act(person, on=back, today=back, by=by)
    assert [found.met_on for found in steps(case, rule, back)] == [late, back]


@pytest.mark.parametrize(("rule", "who", "act"), STORIES.values(), ids=STORIES)
def test_an_unmet_step_falls_away_on_the_day_of_departure(rule, who, act):
    case = a_family(who, **DATES)
    step(case, rule)
    left = date(2026, 11, 20)
    record.leave(case.people.get().stays.get(), on=left, reason="moved", by=None, today=TODAY)
    assert step(case, rule).withdrawn_on == left


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.key)
def test_one_query_for_one_case_and_for_three(rule):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as caught:
            found = list(rule.facts(Case.objects.all(), today=TODAY))
        return len(caught), len(found)

    a_family(ADULT, child(date(2015, 1, 4)), child(date(2023, 1, 4)), **DATES)
    one, few = queries()
    for _number in range(2):
        a_family(ADULT, child(date(2015, 1, 4)), child(date(2023, 1, 4)), **DATES)
    three, more = queries()
    assert one == three == 1
    assert more == 3 * few > 0
