"""Each housing duty's story: waiting, due, met, late, annulled, withdrawn, a second round."""

from datetime import date

import pytest

from cases import services as cases
from cases.choices import PermitState
from cases.models import Stay
from deadlines.calendar import add
from deadlines.models import Step
from deadlines.status import status_of
from housing.models import Answer, PlacementKind
from housing.rules import RULES
from tests.factories import TODAY, a_family
from tests.housing.conftest import a_dwelling, ago, ahead, family, offer, refresh, step

pytestmark = pytest.mark.django_db


def annul(case, row, mette):
    cases.annul(row, reason="Forkert bolig", today=TODAY, by=mette)
    refresh(case)


def permit(person, state, since, mette):
    cases.record_permit(person, state=state, since=since, by=mette, today=TODAY)
    refresh(person.case)


def leave(case, on, mette, *people):
    for stay in Stay.objects.filter(person__case=case, left_on=None):
        if not people or stay.person in people:
            cases.leave(stay, on=on, reason="returned", by=mette, today=TODAY)
    refresh(case)


class TestLodgingBeforePermit:
    rule = "lodging_before_permit"

    def test_waits_for_the_arrival(self, mette):
        found = step(family(mette), self.rule)
        assert (found.starts_on, found.waits_for) == (None, "arrived_on")

    def test_a_family_that_is_only_expected_has_no_duty_yet(self, mette):
        case = family(mette, expected_on=ahead(9))
        assert not case.steps.filter(rule="housing.lodging_before_permit").exists()
        refresh(case, today=ahead(9))
        assert step(case, self.rule).waits_for == "arrived_on"

    @pytest.mark.parametrize("came", ["staying_since", "arrived_on"])
    def test_runs_three_days_from_coming(self, mette, came):
        found = step(family(mette, **{came: ago(1)}), self.rule)
        assert (found.starts_on, found.due_on, found.start_note) == (ago(1), ahead(2), came)
        assert found.kind == "local_target"

    def test_nobody_with_a_permit_on_arrival_is_lodged_before_it(self, mette):
        case = family(mette, visitation_on=ago(9), arrived_on=ago(2))
        assert not case.steps.filter(rule="housing.lodging_before_permit").exists()

    def test_a_private_host_meets_it_on_the_day_of_moving_in(self, mette, host):
        case = family(mette, staying_since=ago(10))
        offer(case, host, mette, kind=PlacementKind.LODGING, moves_in_on=ago(9), answer=Answer.ACCEPTED)
        found = step(case, self.rule)
        assert found.met_on == ago(9)
        assert status_of(found, TODAY) == "met"
        assert "Kirsten Holm (privat vært)" in found.evidence

    def test_late(self, mette, home):
        case = family(mette, arrived_on=ago(10))
        offer(case, home, mette, kind=PlacementKind.LODGING)
        assert status_of(step(case, self.rule), TODAY) == "met_late"

    def test_declined_is_not_a_roof_but_is_shown(self, mette, home):
        case = family(mette, arrived_on=ago(1))
        offer(case, home, mette, kind=PlacementKind.LODGING, answer=Answer.DECLINED)
        found = step(case, self.rule)
        assert found.met_on is None
        assert found.evidence == "Tilbudt Rønneholt 4, st. th. 24. nov., familien sagde nej"

    def test_annulled_opens_it_again(self, mette, home):
        case = family(mette, arrived_on=ago(1))
        row = offer(case, home, mette, kind=PlacementKind.LODGING)
        annul(case, row, mette)
        found = step(case, self.rule)
        assert (found.met_on, found.evidence) == (None, "")

    def test_the_last_grant_withdraws_it(self, mette):
        case = family(mette, {"given_names": "Olena"}, {"given_names": "Dmytro"}, arrived_on=ago(20))
        olena, dmytro = case.people.order_by("pk")
        permit(olena, PermitState.GRANTED, ago(8), mette)
        assert step(case, self.rule).withdrawn_on is None
        permit(dmytro, PermitState.GRANTED, ago(5), mette)
        assert step(case, self.rule).withdrawn_on == ago(5)

    def test_a_refusal_does_not(self, mette):
        case = family(mette, arrived_on=ago(20))
        permit(case.people.get(), PermitState.REFUSED, ago(5), mette)
        assert step(case, self.rule).withdrawn_on is None
        leave(case, ago(1), mette)
        assert step(case, self.rule).withdrawn_on == ago(1)

    def test_it_falls_away_when_only_those_with_a_permit_remain(self, mette):
        case = family(mette, {"given_names": "Olena"}, {"given_names": "Dmytro"}, arrived_on=ago(20))
        olena, dmytro = case.people.order_by("pk")
        permit(olena, PermitState.GRANTED, ago(15), mette)
        leave(case, ago(3), mette, dmytro)
        assert step(case, self.rule).withdrawn_on == ago(3)

    def test_a_permit_that_lapses_later_does_not_bring_it_back(self, mette):
        case = family(mette, arrived_on=ago(30))
        permit(case.people.get(), PermitState.GRANTED, ago(20), mette)
        permit(case.people.get(), PermitState.LAPSED, ago(2), mette)
        assert step(case, self.rule).withdrawn_on == ago(20)

    def test_a_return_without_a_permit_is_a_round_of_its_own(self, mette):
        case = family(mette, visitation_on=ago(200), arrived_on=ago(190))
        person = case.people.get()
        leave(case, ago(100), mette)
        permit(person, PermitState.LAPSED, ago(90), mette)
        cases.return_home(person, by=mette, today=TODAY, arrived_on=ago(1))
        refresh(case)
        assert list(case.steps.filter(rule="housing.lodging_before_permit").values_list("round", "due_on")) == [
            (2, ahead(2))
        ]


class TestTemporaryOffer:
    rule = "temporary_offer"

    def test_waits_for_the_visitation(self, mette):
        found = step(family(mette, arrived_on=ago(3)), self.rule)
        assert (found.due_on, found.waits_for) == (None, "visitation_on")

    def test_the_term_in_force_when_the_clock_started(self, mette):
        old = family(mette, visitation_on=date(2022, 4, 12))
        new = family(mette, visitation_on=ago(3))
        # Maundy Thursday to Easter Monday lie between
        assert step(old, self.rule).due_on == date(2022, 4, 21)
        assert step(new, self.rule).due_on == add(ago(3), 15, "working_days")

    def test_the_first_visitation_of_the_household(self, mette):
        case = a_family({"dates": {"visitation_on": ago(2)}}, {"dates": {"visitation_on": ago(6)}}, caseworker=mette)
        refresh(case)
        assert step(case, self.rule).starts_on == ago(6)

    @pytest.mark.parametrize("answer", Answer.values)
    def test_the_offer_meets_it_whatever_the_family_answers(self, mette, home, answer):
        case = family(mette, visitation_on=ago(6))
        offer(case, home, mette, on=ago(1), answer=answer)
        found = step(case, self.rule)
        assert found.met_on == ago(1)
        assert found.evidence.startswith("Tilbudt Rønneholt 4, st. th. 23. nov.")

    def test_lodging_before_the_permit_does_not(self, mette, home):
        case = family(mette, visitation_on=ago(6), staying_since=ago(20))
        offer(case, home, mette, kind=PlacementKind.LODGING, on=ago(18))
        assert step(case, self.rule).met_on is None

    def test_late_then_annulled(self, mette, home):
        case = family(mette, visitation_on=ago(60))
        row = offer(case, home, mette)
        assert status_of(step(case, self.rule), TODAY) == "met_late"
        annul(case, row, mette)
        assert status_of(step(case, self.rule), TODAY) == "overdue"

    def test_refused_withdraws_it(self, mette):
        case = family(mette, visitation_on=ago(6))
        permit(case.people.get(), PermitState.REVOKED, ago(1), mette)
        assert step(case, self.rule).withdrawn_on == ago(1)

    def test_left_withdraws_it_and_a_return_starts_anew(self, mette, home):
        case = family(mette, visitation_on=ago(100))
        leave(case, ago(60), mette)
        assert step(case, self.rule).withdrawn_on == ago(60)
        cases.return_home(case.people.get(), by=mette, today=TODAY, visitation_on=ago(2))
        refresh(case)
        offer(case, home, mette, on=ago(1))
        assert step(case, self.rule, 2).met_on == ago(1)
        assert step(case, self.rule).met_on is None


class TestTakeover:
    def found(self, case):
        return step(case, "takeover", person=case.people.get())

    def test_waits_runs_and_is_met(self, mette):
        case = family(mette)
        assert self.found(case).waits_for == "visitation_on"
        stay = Stay.objects.get(person__case=case)
        cases.change_stay(stay, by=mette, today=TODAY, visitation_on=ago(3))
        refresh(case)
        assert self.found(case).due_on == add(ago(3), 15, "working_days")
        assert self.found(case).kind == "watch"
        cases.change_stay(stay, by=mette, today=TODAY, responsibility_from=ahead(5))
        refresh(case)
        found = self.found(case)
        assert (found.met_on, status_of(found, TODAY)) == (ahead(5), "met")

    def test_agreed_for_a_day_after_the_term(self, mette):
        case = family(mette, visitation_on=ago(3), responsibility_from=ahead(60))
        assert status_of(self.found(case), TODAY) == "met_late"

    def test_the_met_day_stands_still(self, mette):
        case = family(mette, visitation_on=ago(3), responsibility_from=ahead(5))
        for day in (TODAY, ahead(4), ahead(5), ahead(6)):
            assert refresh(case, today=day).updated == 0

    def test_left(self, mette):
        case = family(mette, visitation_on=ago(30))
        leave(case, ago(4), mette)
        assert self.found(case).withdrawn_on == ago(4)


class TestNextHome:
    rule = "next_home"

    def test_no_end_no_duty(self, mette, home):
        case = family(mette, visitation_on=ago(6))
        offer(case, home, mette)
        assert not case.steps.filter(rule="housing.next_home").exists()

    def test_runs_the_last_thirty_days(self, mette, home):
        case = family(mette, visitation_on=ago(50))
        offer(case, home, mette, on=ago(40), ends_on=ahead(20), answer=Answer.ACCEPTED)
        found = step(case, self.rule)
        assert (found.starts_on, found.due_on, found.kind) == (ago(10), ahead(20), "local_target")
        assert found.evidence == "Bor Rønneholt 4, st. th. til 14. dec."

    def test_the_next_placement_meets_it(self, mette, home):
        case = family(mette, visitation_on=ago(50))
        offer(case, home, mette, on=ago(40), ends_on=ahead(20))
        row = offer(case, a_dwelling(), mette, moves_in_on=ahead(20))
        assert step(case, self.rule).met_on == TODAY
        annul(case, row, mette)
        assert step(case, self.rule).met_on is None

    def test_a_declined_home_is_no_next_home(self, mette, home):
        case = family(mette, visitation_on=ago(50))
        offer(case, home, mette, on=ago(40), ends_on=ahead(20))
        offer(case, a_dwelling(), mette, moves_in_on=ahead(20), answer=Answer.DECLINED)
        assert step(case, self.rule).met_on is None

    def test_late(self, mette, home):
        case = family(mette, visitation_on=ago(50))
        offer(case, home, mette, on=ago(40), ends_on=ago(2))
        assert status_of(step(case, self.rule), TODAY) == "overdue"
        offer(case, a_dwelling(), mette)
        assert status_of(step(case, self.rule), TODAY) == "met_late"

    def test_the_round_is_the_number_with_annulled_ones_counted(self, mette, home):
        case = family(mette, visitation_on=ago(50))
        annul(case, offer(case, home, mette, on=ago(40), ends_on=ahead(9)), mette)
        offer(case, home, mette, on=ago(40), ends_on=ahead(20))
        assert step(case, self.rule).withdrawn_on == TODAY
        assert step(case, self.rule, 2).due_on == ahead(20)

    def test_moving_out_early_brings_it_forward(self, mette, home):
        case = family(mette, visitation_on=ago(50))
        offer(case, home, mette, on=ago(40), ends_on=ahead(20)).__class__.objects.update(moved_out_on=ago(1))
        refresh(case)
        assert step(case, self.rule).due_on == ago(1)

    def test_left_withdraws_it_for_good(self, mette, home):
        case = family(mette, visitation_on=ago(50))
        offer(case, home, mette, on=ago(40), ends_on=ahead(5))
        leave(case, ago(3), mette)
        assert step(case, self.rule).withdrawn_on == ago(3)
        cases.return_home(case.people.get(), by=mette, today=TODAY, visitation_on=ago(1))
        refresh(case)
        assert step(case, self.rule).withdrawn_on == ago(3)

    def test_the_first_placement_may_come_in_a_later_period(self, mette, home):
        case = family(mette, visitation_on=ago(200))
        leave(case, ago(100), mette)
        cases.return_home(case.people.get(), by=mette, today=TODAY, visitation_on=ago(30))
        refresh(case)
        offer(case, home, mette, on=ago(29), ends_on=ahead(10))
        assert step(case, self.rule).withdrawn_on is None


@pytest.mark.parametrize("count", [1, 3])
def test_the_queries_do_not_grow_with_the_cases(mette, home, django_assert_num_queries, count):
    rows = []
    for _at in range(count):
        case = a_family({"given_names": "Olena"}, {"given_names": "Dmytro"}, visitation_on=ago(5), caseworker=mette)
        rows.append(case)
        offer(case, a_dwelling(number=str(case.pk)), mette, ends_on=ahead(9))
    cases_asked = type(rows[0]).objects.filter(pk__in=[row.pk for row in rows])
    for rule, queries in zip(RULES, (3, 2, 1, 2), strict=True):
        with django_assert_num_queries(queries):
            assert list(rule.facts(cases_asked, today=TODAY)) or rule.key == "housing.lodging_before_permit"


def test_twice_on_a_day_changes_nothing(mette, home):
    case = family(mette, visitation_on=ago(50))
    offer(case, home, mette, on=ago(40), ends_on=ahead(5))
    again = refresh(case)
    assert (again.created, again.updated) == (0, 0)
    assert Step.objects.filter(case=case).count() == 3
