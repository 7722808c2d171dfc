"""The two service goals' stories: waiting, due, met, late, annulled, withdrawn, a second round; and for whom."""

from datetime import date

import pytest

from cases import services as cases
from cases.choices import PermitState
from cases.models import Case, Stay
from deadlines.models import Step
from deadlines.status import status_of
from employment import services
from employment.models import ReferralKind
from employment.rules import RULES, pension_from
from tests.employment.conftest import ago, ahead, refresh, resident, somebody, step
from tests.factories import TODAY

pytestmark = pytest.mark.django_db
NAMES = ("competences", "referral")


def clarify(person, mette, on=TODAY, **knowledge):
    return services.clarify(person, on=on, today=TODAY, by=mette, **knowledge)


def refer(person, mette, on=TODAY, **given):
    fields = {"kind": ReferralKind.INTERNSHIP, "employer": "Lynge Tømmerhandel", **given}
    return services.refer(person, on=on, today=TODAY, by=mette, **fields)


def work(person, mette, on=TODAY, **given):
    return services.add_job(person, employer="Blovstrød Bageri", on=on, today=TODAY, by=mette, **given)


def leave(person, on, mette):
    cases.leave(person.stays.get(left_on=None), on=on, reason="returned", by=mette, today=TODAY)
    refresh(person.case)


MEET = {"competences": clarify, "referral": refer}


@pytest.mark.parametrize("name", NAMES)
class TestBoth:
    def test_waits_for_residence(self, mette, name):
        found = step(somebody(mette, visitation_on=ago(9), arrived_on=ago(3)), name)
        assert (found.starts_on, found.due_on, found.waits_for) == (None, None, "residence_from")

    def test_waits_for_the_permit(self, mette, name):
        person = somebody(mette, residence_from=ago(9))
        assert step(person, name).waits_for == "permit"
        cases.record_permit(person, state=PermitState.GRANTED, since=ago(2), by=mette, today=TODAY)
        refresh(person.case)
        assert (step(person, name).starts_on, step(person, name).start_note) == (ago(2), "permit")

    def test_due(self, mette, name):
        found = step(resident(mette, 10), name)
        assert found.due_on == {"competences": ahead(4), "referral": date(2026, 12, 14)}[name]
        assert (found.kind, found.start_note) == ("service_goal", "residence_from")

    def test_met_in_time_late_and_annulled(self, mette, name):
        person = resident(mette, 40)
        row = MEET[name](person, mette, on=ago(38))
        assert status_of(step(person, name), TODAY) == "met"
        cases.annul(row, reason="Forkert person", today=TODAY, by=mette)
        refresh(person.case)
        assert status_of(step(person, name), TODAY) == "overdue"
        assert step(person, name).evidence == ""
        MEET[name](person, mette)
        assert status_of(step(person, name), TODAY) == "met_late"

    def test_left_and_back_again(self, mette, name):
        person = resident(mette, 60)
        MEET[name](person, mette, on=ago(55))
        leave(person, ago(30), mette)
        cases.return_home(person, by=mette, today=TODAY, residence_from=ago(5))
        refresh(person.case)
        assert step(person, name).met_on == ago(55)
        assert step(person, name, 2).met_on is None
        MEET[name](person, mette, on=ago(1))
        assert step(person, name, 2).met_on == ago(1)
        assert step(person, name).met_on == ago(55)

    def test_unmet_it_falls_away_when_the_person_leaves_or_is_refused(self, mette, name):
        gone, refused = resident(mette), resident(mette)
        leave(gone, ago(2), mette)
        cases.record_permit(refused, state=PermitState.REVOKED, since=ago(1), by=mette, today=TODAY)
        refresh(refused.case)
        assert (step(gone, name).withdrawn_on, step(refused, name).withdrawn_on) == (ago(2), ago(1))

    @pytest.mark.parametrize(
        ("given", "runs"),
        [
            ({"birth_date": date(2008, 11, 14)}, True),  # 18 on the day of residence
            ({"birth_date": date(2008, 11, 15)}, False),
            ({"birth_date": date(1959, 11, 15)}, True),  # 67 the day after
            ({"birth_date": date(1959, 11, 14)}, False),
            ({"birth_date": None, "role": "other"}, True),
            ({"birth_date": None, "role": "child"}, False),
            ({"birth_date": date(2008, 11, 20), "treated_as_adult_from": ago(2)}, True),
        ],
    )
    def test_for_adults_under_the_pension_age_on_the_day_of_residence(self, mette, name, given, runs):
        person = resident(mette, 10, **given)
        assert Step.objects.filter(person=person, rule=f"employment.{name}").exists() is runs

    def test_who_is_treated_as_an_adult_later_starts_then(self, mette, name):
        person = resident(mette, 10, birth_date=date(2008, 11, 20), treated_as_adult_from=ago(2))
        assert step(person, name).starts_on == ago(2)


class TestEvidence:
    def test_the_profile_fills_step_by_step(self, mette):
        person = resident(mette)
        services.save_profile(person, today=TODAY, by=mette, cv_received_on=ago(3))
        assert step(person, "competences").evidence == "CV modtaget 21. nov., samtale mangler"
        services.save_profile(person, today=TODAY, by=mette, cv_done_on=ago(1))
        assert step(person, "competences").evidence == "CV færdigt 23. nov., afklaring mangler"
        clarify(person, mette)
        assert step(person, "competences").evidence == "Kompetencer afklaret 24. nov."
        assert person.competence_profiles.count() == 1

    def test_the_referral_names_the_place(self, mette):
        person = resident(mette)
        refer(person, mette)
        assert step(person, "referral").evidence == "Henvist til virksomhedspraktik hos Lynge Tømmerhandel 24. nov."


class TestAlreadyInWork:
    def test_a_job_meets_the_referral(self, mette):
        person = resident(mette)
        work(person, mette, on=ago(3))
        assert step(person, "referral").met_on == ago(3)
        assert step(person, "referral").evidence == "I job hos Blovstrød Bageri fra 21. nov."

    def test_a_job_from_before_residence_that_still_runs(self, mette):
        person = resident(mette)
        work(person, mette, on=ago(30))
        assert status_of(step(person, "referral"), TODAY) == "met"

    def test_a_job_that_was_over_before_residence_does_not(self, mette):
        person = resident(mette)
        services.end_job(work(person, mette, on=ago(30)), on=ago(12), today=TODAY, by=mette)
        assert step(person, "referral").met_on is None

    def test_a_job_lost_later_stays_the_answer(self, mette):
        person = resident(mette)
        services.end_job(work(person, mette, on=ago(8)), on=ago(1), today=TODAY, by=mette)
        assert step(person, "referral").met_on == ago(8)

    def test_a_job_kept_over_a_journey_home_counts_from_the_new_residence(self, mette):
        person = resident(mette, 60)
        work(person, mette, on=ago(50))
        leave(person, ago(30), mette)
        cases.return_home(person, by=mette, today=TODAY, residence_from=ago(5))
        refresh(person.case)
        assert step(person, "referral", 2).met_on == ago(5)

    def test_the_first_of_both_counts(self, mette):
        person = resident(mette)
        refer(person, mette, on=ago(2))
        work(person, mette, on=ago(4))
        assert step(person, "referral").met_on == ago(4)


@pytest.mark.parametrize(
    ("birth", "reached"),
    [
        (date(1953, 12, 31), date(2018, 12, 31)),
        (date(1954, 1, 1), date(2019, 7, 1)),
        (date(1954, 7, 1), date(2020, 7, 1)),
        (date(1955, 1, 1), date(2021, 7, 1)),
        (date(1955, 7, 1), date(2022, 7, 1)),
        (date(1962, 12, 31), date(2029, 12, 31)),
        (date(1963, 1, 1), date(2031, 1, 1)),
        (date(1966, 12, 31), date(2034, 12, 31)),
        (date(1967, 1, 1), date(2036, 1, 1)),
    ],
)
def test_the_pension_age_goes_by_the_birth_date(birth, reached):
    assert pension_from(birth) == reached


@pytest.mark.parametrize("count", [1, 3])
def test_one_query_per_rule_whatever_the_number_of_cases(mette, django_assert_num_queries, count):
    people = [resident(mette) for _at in range(count)]
    for person in people:
        refer(person, mette)
        clarify(person, mette)
    asked = Case.objects.filter(pk__in=[person.case_id for person in people])
    for rule in RULES:
        with django_assert_num_queries(1):
            assert len(list(rule.facts(asked, today=TODAY))) == count


def test_twice_on_a_day_changes_nothing(mette):
    person = resident(mette)
    work(person, mette)
    again = refresh(person.case)
    assert (again.created, again.updated) == (0, 0)
    assert Stay.objects.count() == 1
