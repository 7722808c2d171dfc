"""The ledger against plain Python: what must stand in it by a day, whatever happened before."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from cases.models import Entry
from deadlines import ledger
from deadlines.models import Kind, Notice, RuleSet, Step
from tests.factories import CaseFactory, PartyFactory, PersonFactory

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)
RULES = {
    Kind.LAW: "reception.contract",
    Kind.SERVICE_GOAL: "reception.min_plan",
    Kind.LOCAL_TARGET: "schooling.school_offer",
}


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("Europe/Copenhagen"))


@pytest.fixture
def person(db):
    return PersonFactory(given_names="Olena Ivanivna")


def a_step(person, kind, due, **fields) -> Step:
    rule = fields.pop("rule", RULES.get(kind, ""))
    fields.setdefault("title", "Indgå kontrakt")
    rule_set = RuleSet.objects.get(number=2) if rule and due else None
    return Step.objects.create(
        case=person.case, person=person, kind=kind, rule=rule, due_on=due, rule_set=rule_set, **fields
    )


def sweep(day: date, announced=()) -> dict[str, int]:
    with transaction.atomic():
        run = ledger.begin(today=day, now=noon(day))
        counts = ledger.mark(run, announced=announced)
        return {**counts, "entries": ledger.write_passed(run)}


def rows(**where) -> list[tuple]:
    """(level, true day, told) in the order of the days, the silent before the told."""
    found = Notice.objects.filter(**where)
    return [(n.level, n.on, n.told) for n in sorted(found, key=lambda n: (n.step_id, n.on, n.told))]


def test_one_row_per_level_on_its_day_and_all_of_them_told(person):
    a_step(person, Kind.LAW, TODAY)
    for ahead in range(-20, 10):
        sweep(TODAY + ahead * DAY)
    assert rows() == [
        ("warn", TODAY - 14 * DAY, True),
        ("warn", TODAY - 3 * DAY, True),
        ("due", TODAY, True),
        ("passed", TODAY + DAY, False),
        ("escalated", TODAY + DAY, True),
    ]


def test_a_skipped_week_loses_nothing_and_tells_only_the_highest(person):
    a_step(person, Kind.LAW, TODAY)
    sweep(TODAY - 4 * DAY)
    sweep(TODAY + DAY)
    assert rows() == [
        ("warn", TODAY - 14 * DAY, True),
        ("warn", TODAY - 3 * DAY, False),
        ("due", TODAY, False),
        ("passed", TODAY + DAY, False),
        ("escalated", TODAY + DAY, True),
    ]
    assert sweep(TODAY + DAY) == {"entries": 0}


def test_the_line_of_a_passed_deadline_stands_on_its_true_day_and_once(person):
    a_step(person, Kind.LAW, TODAY - 30 * DAY)
    a_step(person, Kind.LOCAL_TARGET, TODAY - 2 * DAY, title="Tilbyd skole", area="schooling")
    assert sweep(TODAY)["entries"] == 2
    assert sweep(TODAY + DAY)["entries"] == 0
    lines = Entry.objects.order_by("on")
    assert [(e.on, e.text, e.area, e.data_class, e.kind) for e in lines] == [
        (TODAY - 29 * DAY, "Frist overskredet: Indgå kontrakt (Olena)", "", "ordinary", "deadlines.passed"),
        (TODAY - DAY, "Mål passeret: Tilbyd skole (Olena)", "schooling", "ordinary", "deadlines.passed"),
    ]
    assert [list(e.people.all()) for e in lines] == [[person], [person]]


def test_names_with_an_accent_or_one_word_and_household_steps_have_their_line(person):
    other = PersonFactory(case=person.case, given_names="Іванка")
    a_step(other, Kind.SERVICE_GOAL, TODAY - DAY)
    step = a_step(person, Kind.SERVICE_GOAL, TODAY - DAY, title="Tilbyd bolig")
    Step.objects.filter(pk=step.pk).update(person=None)
    sweep(TODAY)
    assert set(Entry.objects.values_list("text", "people")) == {
        ("Frist overskredet: Indgå kontrakt (Іванка)", other.pk),
        ("Frist overskredet: Tilbyd bolig", None),
    }


@pytest.mark.parametrize(
    "fields",
    [
        {"met_on": TODAY - 5 * DAY},
        {"done_on": TODAY - 5 * DAY},
        {"withdrawn_on": TODAY - 5 * DAY},
        {"waiting_for": True, "waiting_until": TODAY + DAY},
        {"waived_on": TODAY - 9 * DAY, "waived_kind": "exempt", "waived_reason": "Efter aftale"},
    ],
)
def test_what_is_closed_waiting_or_waived_is_untold(person, fields):
    if fields.pop("waiting_for", None):
        fields["waiting_for"] = PartyFactory()
    a_step(person, Kind.SERVICE_GOAL, TODAY - DAY, **fields)
    assert sweep(TODAY) == {"entries": 0}


def test_a_law_that_is_past_is_told_even_while_waiting(person):
    a_step(person, Kind.LAW, TODAY, waiting_for=PartyFactory(), waiting_until=TODAY + 30 * DAY)
    assert sweep(TODAY) == {"entries": 0}
    assert sweep(TODAY + DAY)["escalated"] == 1


def test_a_law_waived_by_one_person_is_still_told(person):
    a_step(person, Kind.LAW, TODAY, waived_on=TODAY - DAY, waived_kind="not_applicable", waived_reason="§ 19, stk. 2")
    assert sweep(TODAY)["due"] == 1


def test_closed_cases_check_lists_and_steps_from_before_the_system_are_untold(person, settings):
    settings.IN_USE_FROM = TODAY - 2 * DAY
    a_step(person, Kind.LAW, TODAY - 3 * DAY)
    a_step(person, "", None, rule="reception.gp")
    closed = PersonFactory(case=CaseFactory(closed_on=TODAY - DAY, closing_reason="left"))
    a_step(closed, Kind.LAW, TODAY - DAY)
    assert sweep(TODAY) == {"entries": 0}


def test_a_moved_date_arms_the_notice_again_and_moving_back_does_not(person):
    step = a_step(person, Kind.SERVICE_GOAL, TODAY)
    sweep(TODAY + DAY)
    Step.objects.filter(pk=step.pk).update(due_on=TODAY + 20 * DAY)
    assert sweep(TODAY + DAY) == {"entries": 0}
    assert sweep(TODAY + 17 * DAY) == {"warn": 1, "entries": 0}
    Step.objects.filter(pk=step.pk).update(due_on=TODAY)
    assert sweep(TODAY + 2 * DAY) == {"entries": 0}


def test_an_extension_moves_the_goal_but_never_the_law(person):
    a_step(person, Kind.SERVICE_GOAL, TODAY, follow_up_on=TODAY + 10 * DAY, follow_up_reason="Familien er rejst")
    a_step(person, Kind.LAW, TODAY, follow_up_on=TODAY + 10 * DAY, follow_up_reason="Familien er rejst")
    assert sweep(TODAY + DAY) == {"warn": 2, "due": 1, "passed": 1, "escalated": 1, "entries": 1}
    assert sweep(TODAY + 11 * DAY) == {"warn": 1, "passed": 1, "entries": 1}


def test_a_reopened_step_is_told_anew(person):
    step = a_step(person, Kind.LAW, TODAY)
    sweep(TODAY)
    Step.objects.filter(pk=step.pk).update(episode=2)
    assert sweep(TODAY) == {"warn": 2, "due": 1, "entries": 0}
    assert rows(episode=2)[-1] == ("due", TODAY, True)


def test_the_end_of_waiting_and_of_a_waiver_is_told_on_its_day_once(person):
    a_step(person, Kind.SERVICE_GOAL, TODAY + 30 * DAY, waiting_for=PartyFactory(), waiting_until=TODAY)
    a_step(person, Kind.LOCAL_TARGET, TODAY - 30 * DAY, waived_on=TODAY - 40 * DAY, waived_until=TODAY - DAY,
           waived_kind="exempt", waived_reason="Barnet er sygt")  # fmt: skip
    assert sweep(TODAY - DAY) == {"entries": 0}
    assert sweep(TODAY) == {"resumed": 2, "passed": 1, "entries": 1}
    assert rows(step__kind=Kind.SERVICE_GOAL) == [("resumed", TODAY, True)]
    assert rows(step__kind=Kind.LOCAL_TARGET) == [("resumed", TODAY - DAY, False), ("passed", TODAY, True)]
    assert sweep(TODAY) == {"entries": 0}


def test_a_missing_date_is_told_after_a_week_but_not_while_nobody_can_act(person):
    early = TODAY - 7 * DAY
    for waits_for in ("residence_from", "permit", ""):
        one = PersonFactory(case=CaseFactory(registered_on=early), registered_on=early)
        a_step(one, Kind.SERVICE_GOAL, None, waits_for=waits_for)
    expected = PersonFactory(case=CaseFactory(registered_on=early), registered_on=early)
    expected.stays.create(expected_on=TODAY + DAY)
    a_step(expected, Kind.SERVICE_GOAL, None, waits_for="arrived_on")
    household = a_step(expected, Kind.LOCAL_TARGET, None, waits_for="arrived_on")
    Step.objects.filter(pk=household.pk).update(person=None)
    assert sweep(TODAY - DAY) == {"entries": 0}
    assert sweep(TODAY) == {"date_missing": 1, "entries": 0}
    assert sweep(TODAY + 3 * DAY) == {"date_missing": 2, "entries": 0}


def test_a_beginning_is_told_for_the_announced_rules_only(person):
    a_step(person, Kind.LOCAL_TARGET, TODAY + 30 * DAY, rule="housing.next_home", starts_on=TODAY)
    a_step(person, Kind.LOCAL_TARGET, TODAY + 30 * DAY, rule="volunteers.contact_person", starts_on=TODAY)
    announced = (("housing.next_home", 1), ("volunteers.contact_person", 2))
    assert sweep(TODAY - DAY, announced) == {"entries": 0}
    assert sweep(TODAY, announced) == {"started": 1, "entries": 0}


def test_a_watch_warns_by_the_days_of_its_term_and_is_never_passed(person):
    a_step(person, Kind.WATCH, TODAY + 90 * DAY, rule="reception.permit_expiry")
    assert sweep(TODAY) == {"warn": 1, "entries": 0}
    assert sweep(TODAY + 60 * DAY) == {"warn": 2, "entries": 0}
    assert sweep(TODAY + 95 * DAY) == {"entries": 0}
    assert [told for _level, _day, told in rows()] == [True, False, True]


def test_an_own_task_is_told_on_its_day(person):
    a_step(person, "", TODAY)
    assert sweep(TODAY - DAY) == {"entries": 0}
    assert sweep(TODAY + 5 * DAY) == {"due": 1, "entries": 0}


def test_a_thousand_due_steps_are_all_marked(person):
    rule_set = RuleSet.objects.get(number=2)
    Step.objects.bulk_create(
        Step(
            case=person.case,
            kind=Kind.SERVICE_GOAL,
            rule="reception.min_plan",
            round=n,
            due_on=TODAY - DAY,
            rule_set=rule_set,
        )
        for n in range(1, 1001)
    )
    assert sweep(TODAY) == {"warn": 1000, "passed": 1000, "entries": 1000}


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_queries_does_not_grow(person, number, django_assert_num_queries):
    for n in range(number):
        a_step(person, Kind.LAW, TODAY - DAY, round=n + 1)
    with django_assert_num_queries(18):
        sweep(TODAY)
