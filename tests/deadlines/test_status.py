"""Status and effective day by the table, on rows as they lie in the database."""

from datetime import date, timedelta

import pytest

from deadlines.models import Kind, Step
from deadlines.status import Status, is_late, look_of, status_of
from tests.factories import TODAY, CaseFactory, PartyFactory, UserFactory

pytestmark = pytest.mark.django_db
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def a_step(**fields) -> Step:
    base = {
        "rule": "schooling.language_offer",
        "title": "Tilbyd sprogskole",
        "kind": Kind.SERVICE_GOAL,
        "starts_on": date(2026, 11, 1),
    }
    step = Step.objects.create(case=CaseFactory(), **(base | fields))
    return Step.objects.get(pk=step.pk)


WAIVED = {"waived_on": YESTERDAY, "waived_kind": "exempt", "waived_reason": "Barselsorlov"}


@pytest.mark.parametrize(
    ("fields", "status", "look"),
    [
        ({"due_on": YESTERDAY}, "overdue", "overdue"),
        ({"due_on": YESTERDAY, "kind": Kind.LOCAL_TARGET}, "overdue", "passed"),
        ({"due_on": TODAY}, "due_today", "due_today"),
        ({"due_on": TOMORROW}, "open", "soon"),
        ({"due_on": TODAY + timedelta(days=9)}, "open", "open"),
        ({"due_on": YESTERDAY, "kind": Kind.WATCH}, "open", "open"),
        ({"waits_for": "arrived_on", "starts_on": None}, "awaiting_date", "awaiting_date"),
        ({"kind": ""}, "undated", "undated"),
        ({"due_on": TODAY, "met_on": TODAY}, "met", "met"),
        ({"due_on": YESTERDAY, "met_on": TODAY}, "met_late", "met_late"),
        ({"due_on": TODAY, "done_on": TODAY}, "met", "met"),
        ({"due_on": YESTERDAY, "withdrawn_on": TODAY}, "withdrawn", "withdrawn"),
        ({"due_on": YESTERDAY, **WAIVED, "waived_until": TODAY}, "waived", "waived"),
        ({"due_on": YESTERDAY, **WAIVED, "waived_kind": "not_applicable"}, "not_applicable", "not_applicable"),
        ({"due_on": YESTERDAY, "follow_up_on": TOMORROW, "follow_up_reason": "Tolken var syg"}, "open", "soon"),
        (
            {"due_on": YESTERDAY, "follow_up_on": TOMORROW, "follow_up_reason": "Tolken var syg", "kind": Kind.LAW},
            "overdue",
            "overdue",
        ),
    ],
)
def test_the_table(fields, status, look):
    step = a_step(**fields)
    assert (status_of(step, TODAY), look_of(step, TODAY)) == (status, look)


def test_an_expired_waiver_is_open_again_by_itself_and_overdue_only_after_it():
    step = a_step(due_on=date(2026, 11, 20), **WAIVED, waived_until=YESTERDAY)
    assert status_of(step, TODAY) is Status.OVERDUE
    assert status_of(step, YESTERDAY) is Status.WAIVED


def test_a_law_waived_by_one_person_is_still_overdue_until_a_second_confirms():
    fields = {**WAIVED, "waived_kind": "not_applicable", "kind": Kind.LAW, "due_on": YESTERDAY}
    assert status_of(a_step(**fields), TODAY) is Status.OVERDUE
    confirmed = a_step(**fields, confirmed_on=TODAY, confirmed_by=UserFactory())
    assert status_of(confirmed, TODAY) is Status.NOT_APPLICABLE


def test_waiting_returns_by_itself_and_never_hides_a_law():
    waiting = {"waiting_for": PartyFactory(), "waiting_until": TOMORROW, "due_on": YESTERDAY}
    assert status_of(a_step(**waiting), TODAY) is Status.WAITING
    assert status_of(a_step(**waiting), TOMORROW) is Status.OVERDUE
    assert status_of(a_step(**waiting, kind=Kind.LAW), TODAY) is Status.OVERDUE


def test_late_counts_from_the_original_deadline_whatever_was_extended():
    step = a_step(due_on=YESTERDAY, follow_up_on=TOMORROW, follow_up_reason="Tolken var syg")
    assert is_late(step, TODAY)
    assert not is_late(a_step(due_on=TODAY, met_on=TODAY), TODAY)
    assert is_late(a_step(due_on=YESTERDAY, withdrawn_on=TODAY), TODAY)


def test_effective_on_is_the_latest_of_the_three_and_for_a_law_the_deadline():
    later = {"follow_up_on": TOMORROW, "follow_up_reason": "Tolken var syg"}
    assert a_step(due_on=YESTERDAY, **later).effective_on == TOMORROW
    assert a_step(due_on=YESTERDAY, **later, kind=Kind.LAW).effective_on == YESTERDAY
    assert a_step(waits_for="arrived_on").effective_on is None
