"""Decisions: who may, what they write, what they leave alone."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from cases.models import Entry
from deadlines import services
from deadlines.models import Kind, Step
from tests.factories import TODAY, CaseFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db
NEXT_WEEK = TODAY + timedelta(days=7)
REASON = "Tolken var syg i dag"


@pytest.fixture
def mette():
    return UserFactory(role="caseworker")


@pytest.fixture
def goal():
    return Step.objects.create(
        case=CaseFactory(),
        rule="schooling.language_offer",
        area="schooling",
        title="Tilbyd sprogskole",
        kind=Kind.SERVICE_GOAL,
        due_on=TODAY,
        starts_on=TODAY,
    )


@pytest.fixture
def law(goal):
    goal.kind = Kind.LAW
    goal.save()
    return goal


def fresh(step):
    return Step.objects.get(pk=step.pk)


def test_a_goal_is_extended_and_the_original_deadline_stays(goal, mette):
    services.follow_up(goal, on=NEXT_WEEK, reason=REASON, by=mette, today=TODAY)
    step = fresh(goal)
    assert (step.due_on, step.effective_on) == (TODAY, NEXT_WEEK)
    assert Entry.objects.get().text == "Forlænget til tir. 1. dec.: Tilbyd sprogskole. Tolken var syg i dag"


def test_a_law_gets_a_follow_up_and_stays_due(law, mette):
    services.follow_up(law, on=NEXT_WEEK, reason=REASON, by=mette, today=TODAY)
    assert fresh(law).effective_on == TODAY
    assert Entry.objects.get().text.startswith("Opfølgningsdato tir. 1. dec.")


@pytest.mark.parametrize(("on", "reason"), [(TODAY, REASON), (NEXT_WEEK, "kort")])
def test_a_follow_up_needs_a_day_ahead_and_a_reason(goal, mette, on, reason):
    with pytest.raises(ValidationError):
        services.follow_up(goal, on=on, reason=reason, by=mette, today=TODAY)
    assert fresh(goal).follow_up_on is None


def test_a_law_can_not_be_exempted(law, mette):
    with pytest.raises(ValidationError, match="Ikke omfattet"):
        services.exempt(law, until=NEXT_WEEK, reason=REASON, by=mette, today=TODAY)


def test_a_law_that_does_not_apply_needs_a_second_person(law, mette):
    services.not_applicable(law, reason="Integrationsloven § 16, stk. 2", by=mette, today=TODAY)
    assert law in Step.objects.open(TODAY)
    with pytest.raises(ValidationError, match="egen"):
        services.confirm(law, by=mette, today=TODAY)
    services.confirm(law, by=UserFactory(role="caseworker"), today=TODAY)
    assert law not in Step.objects.open(TODAY)


def test_a_goal_is_exempt_until_and_with_that_day(goal, mette):
    services.exempt(goal, until=NEXT_WEEK, reason=REASON, by=mette, today=TODAY)
    assert goal not in Step.objects.open(NEXT_WEEK)
    assert goal in Step.objects.open(NEXT_WEEK + timedelta(days=1))


def test_waiting_names_the_party_and_the_day(goal, mette):
    services.wait_for(goal, party="Pladsanvisningen", until=NEXT_WEEK, by=mette, today=TODAY)
    assert fresh(goal).waiting_for.name == "Pladsanvisningen"


def test_reopening_clears_the_decisions_and_counts_a_new_episode(goal, mette):
    services.exempt(goal, until=NEXT_WEEK, reason=REASON, by=mette, today=TODAY)
    services.reopen(goal, reason="Barslen er forbi", by=mette, today=TODAY)
    step = fresh(goal)
    assert (step.waived_on, step.waived_reason, step.episode) == (None, "", 2)


def test_what_a_fact_has_met_is_not_reopened_here(goal, mette):
    Step.objects.filter(pk=goal.pk).update(met_on=TODAY)
    with pytest.raises(ValidationError, match="Annullér"):
        services.reopen(goal, reason="Det var en fejl", by=mette, today=TODAY)


def test_a_tick_is_dated_and_refuses_the_future(goal, mette):
    with pytest.raises(ValidationError):
        services.tick(goal, on=NEXT_WEEK, text="", by=mette, today=TODAY)
    services.tick(goal, on=TODAY, text="Nordea", by=mette, today=TODAY)
    assert fresh(goal).done_text == "Nordea"
    assert Entry.objects.get().text == "Udført: Tilbyd sprogskole, på fristdagen. Nordea"


def test_an_own_task_has_an_owner_and_can_be_given_away_and_back(mette):
    case = CaseFactory(caseworker=mette, team=TeamFactory())
    task = services.own_task(case, title="Ring til skolen", due_on=NEXT_WEEK, by=mette, today=TODAY)
    assert task.owner == mette
    ida = UserFactory()
    assert services.assign(task, assignee=ida, by=mette, today=TODAY).owner == ida
    assert services.assign(task, assignee=None, by=mette, today=TODAY).owner == mette


def test_a_hand_over_moves_what_is_not_assigned_and_leaves_the_coordinators(goal, mette):
    karen = UserFactory(role="volunteer_coordinator")
    case = CaseFactory(caseworker=mette, team=TeamFactory(coordinator=karen))
    mine = services.own_task(case, title="Ring", due_on=NEXT_WEEK, by=mette, today=TODAY)
    given = services.own_task(case, title="Ring", due_on=NEXT_WEEK, by=mette, today=TODAY, assignee=karen)
    volunteers = Step.objects.create(
        case=case, rule="volunteers.introduction", area="volunteers", title="Introducér", owner=karen
    )
    ida = UserFactory(role="caseworker")
    services.move_ownership([case.pk], caseworker=ida)
    assert [fresh(step).owner for step in (mine, given, volunteers)] == [ida, karen, karen]


def test_why_an_open_one_is_late_is_written_while_it_is(goal, law, mette):
    with pytest.raises(ValidationError, match="ikke overskredet"):
        services.give_cause(goal, cause="interpreter", by=mette, today=goal.due_on)
    services.give_cause(goal, cause="interpreter", by=mette, today=goal.due_on + timedelta(days=1))
    assert fresh(goal).cause == "interpreter"
    assert "Tolk kunne ikke skaffes" in goal.case.entries.order_by("-pk").first().text
