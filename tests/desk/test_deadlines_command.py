"""`manage.py deadlines` and `manage.py sweep`: the doors for scripts."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Absence
from deadlines.models import Kind, Step
from desk.services.worklist import count, own_list
from tests.desk.test_sweep import DAY, TODAY, Office
from tests.factories import CaseFactory, PartyFactory

KEYS = [
    "case", "number", "person", "person_id", "udl_nr", "rule", "round", "starts_on", "due_on", "effective_on", "met_on",
    "status", "kind", "before_use", "why",
]  # fmt: skip


@pytest.fixture
def office(db) -> Office:
    return Office()


def ask(*args) -> list[dict]:
    out = StringIO()
    call_command("deadlines", *args, "--format", "json", stdout=out)
    return json.loads(out.getvalue())


def test_an_object_has_exactly_the_keys_of_the_design(office):
    office.person.udl_nr = "12345678"
    office.person.save()
    step = office.step(Kind.LAW, TODAY - DAY, starts_on=TODAY - 31 * DAY, start_note="responsibility_from")
    (row,) = ask()
    assert list(row) == KEYS
    assert row == {
        "case": office.person.case.number, "number": office.person.case.number, "person": "Olena Kovalenko",
        "person_id": office.person.pk, "udl_nr": "12345678", "rule": "reception.contract", "round": 1,
        "starts_on": "2026-10-24", "due_on": "2026-11-23", "effective_on": "2026-11-23", "met_on": None,
        "status": "overdue", "kind": "law", "before_use": False, "why": row["why"],
    }  # fmt: skip
    assert "1 måned efter overtaget ansvar" in row["why"]
    Step.objects.filter(pk=step.pk).update(done_on=TODAY)
    assert ask()[0]["met_on"] == "2026-11-24"


def test_household_steps_and_external_numbers(office):
    case = CaseFactory(
        external_number="F-2201", external_source="visitering", caseworker=office.mette, team=office.team
    )
    office.step(Kind.LOCAL_TARGET, None, case=case, person=None, waits_for="arrived_on")
    for number in ("F-2201", case.number):
        (row,) = ask("--case", number)
        assert (row["case"], row["number"], row["person"], row["person_id"], row["udl_nr"]) == (
            "F-2201",
            case.number,
            None,
            None,
            None,
        )
        assert (row["status"], row["due_on"], row["starts_on"]) == ("awaiting_date", None, None)


def test_every_status_has_its_word(office):
    waits = {"waiting_for": PartyFactory(), "waiting_until": TODAY + 9 * DAY}
    waived = {"waived_on": TODAY, "waived_reason": "Efter aftale"}
    cases = {
        "overdue": (TODAY - DAY, {}), "due_today": (TODAY, {}), "open": (TODAY + DAY, {}), "waiting": (TODAY, waits),
        "awaiting_date": (None, {"waits_for": "arrived_on"}), "met": (TODAY, {"met_on": TODAY}),
        "met_late": (TODAY - DAY, {"met_on": TODAY}), "withdrawn": (TODAY, {"withdrawn_on": TODAY}),
        "waived": (TODAY, {**waived, "waived_kind": "exempt", "waived_until": TODAY}),
        "not_applicable": (TODAY, {**waived, "waived_kind": "not_applicable"}),
        "undated": (None, {}),
    }  # fmt: skip
    for number, (due, fields) in enumerate(cases.values(), start=1):
        office.step(Kind.SERVICE_GOAL if due or fields else "", due, round=number, **fields)
    found = {row["round"]: row["status"] for row in ask("--today", TODAY.isoformat())}
    assert found == dict(enumerate(cases, start=1))


def test_overdue_is_the_same_for_the_command_and_the_list(office, settings):
    settings.IN_USE_FROM = TODAY - 10 * DAY
    office.step(Kind.SERVICE_GOAL, TODAY - DAY)
    office.step(Kind.LOCAL_TARGET, TODAY - DAY, round=2)
    office.step(Kind.WATCH, TODAY - DAY, rule="housing.takeover")
    office.step(Kind.LAW, TODAY - 20 * DAY)
    office.step(Kind.LAW, TODAY - DAY, round=2, waiting_for=PartyFactory())
    assert [(row["rule"], row["round"]) for row in ask("--overdue")] == [
        ("reception.min_plan", 1), ("schooling.school_offer", 2), ("reception.contract", 2),
    ]  # fmt: skip
    assert [row["before_use"] for row in ask()] == [True, False, False, False, False]
    assert ask("--overdue", "--today", "2026-11-23") == []


def test_with_user_exactly_what_the_list_holds(office):
    for n, owner in enumerate((office.mette, office.jonas, office.mette), start=1):
        office.step(Kind.SERVICE_GOAL, TODAY - n * DAY, round=n, owner=owner)
    office.step(Kind.WATCH, TODAY, rule="housing.takeover")
    office.step("", None, rule="reception.gp")
    Absence.objects.create(user=office.jonas, deputy=office.mette, starts_on=TODAY + DAY)
    assert [row["round"] for row in ask("--user", office.mette.username)] == [3, 1]
    assert count(own_list(office.mette, TODAY)).total == 2
    later = ask("--user", office.mette.username, "--today", (TODAY + DAY).isoformat())
    assert [row["round"] for row in later] == [3, 2, 1]
    assert len(ask("--user", office.manager.username)) == 3  # who leads opens with the unit's


def test_unknown_case_and_user_are_refused(office):
    with pytest.raises(CommandError, match="no case"):
        ask("--case", "F-1")
    with pytest.raises(CommandError, match="no user"):
        ask("--user", "nobody")


def test_text_has_one_line_per_step(office):
    office.step(Kind.LAW, TODAY)
    out = StringIO()
    call_command("deadlines", stdout=out)
    assert out.getvalue().splitlines()[-1] == "1 steps"


@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_queries_does_not_grow(office, number, django_assert_num_queries):
    for n in range(number):
        office.step(Kind.LAW, TODAY, round=n + 1)
    with django_assert_num_queries(2):
        ask()


def test_sweep_prints_what_it_wrote(office):
    office.step(Kind.LAW, TODAY)
    out = StringIO()
    call_command("sweep", "--today", (TODAY + DAY).isoformat(), "--format", "json", stdout=out)
    counts = json.loads(out.getvalue())
    assert counts["notices"] == {"warn": 2, "due": 1, "passed": 1, "escalated": 1}
    assert (counts["told"], counts["timeline"], counts["delivered"]) == (1, 1, 1)
    out = StringIO()
    call_command("sweep", "--repair", stdout=out)
    assert "repair:\n  today: 2026-11-24\n  cases: 1\n  differed: 1\n" in out.getvalue()
    assert f"numbers: {office.person.case.number}" in out.getvalue()
