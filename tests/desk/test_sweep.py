"""The sweep: who is told, where, and once; corrections, unassigned cases, deputies, the heartbeat."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.models import Absence
from cases.models import Entry
from deadlines.models import Delivery, Kind, Notice, RuleSet, Step
from deadlines.telling import TOLD, Manager
from desk.models import Heartbeat, Mail
from desk.services.reminders import remind_managers, settle
from desk.services.sweep import is_stale, sweep
from tests.factories import CaseFactory, PersonFactory, TeamFactory, UserFactory

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("Europe/Copenhagen"))


def run(day: date, hour: int = 9) -> dict:
    return sweep(today=day, now=at(day, hour))


class Office:
    """A team with a manager, two caseworkers and a case of the first."""

    def __init__(self):
        self.team = TeamFactory()
        self.manager = UserFactory(role="manager", team=self.team)
        self.team.manager = self.manager
        self.team.save()
        self.mette = UserFactory(role="caseworker", team=self.team)
        self.jonas = UserFactory(role="caseworker", team=self.team)
        self.person = PersonFactory(case=CaseFactory(caseworker=self.mette, team=self.team))

    def step(self, kind, due, **fields) -> Step:
        rule = fields.pop(
            "rule",
            {Kind.LAW: "reception.contract", Kind.SERVICE_GOAL: "reception.min_plan"}.get(
                kind, "schooling.school_offer"
            ),
        )
        fields = {
            "owner": self.mette,
            "title": "Indgå kontrakt",
            "case": self.person.case,
            "person": self.person,
            **fields,
        }
        return Step.objects.create(kind=kind, due_on=due, rule=rule, rule_set=RuleSet.objects.get(number=2), **fields)


@pytest.fixture
def office(db) -> Office:
    return Office()


def told(**where) -> list[tuple]:
    """(user, level, channel) of what was delivered; the days between two runs of a test are no news here."""
    found = Delivery.objects.filter(**where).order_by("pk")
    if not where:
        found = found.exclude(notice__subject__startswith="sweep_stopped")
    return [(d.user, d.notice.level, d.channel) for d in found.select_related("user", "notice")]


def test_the_table_is_the_one_of_the_design():
    assert [(str(row.kind), str(row.level), row.days, row.owner, row.team, row.manager) for row in TOLD] == [
        ("law", "warn", None, True, False, Manager.NO),
        ("law", "due", 0, True, True, Manager.NO),
        ("law", "passed", 1, False, False, Manager.NO),
        ("law", "escalated", 1, False, False, Manager.MAIL),
        ("service_goal", "warn", None, True, False, Manager.NO),
        ("service_goal", "passed", 1, True, False, Manager.NO),
        ("service_goal", "escalated", 3, False, False, Manager.WEEKLY),
        ("local_target", "warn", None, True, False, Manager.NO),
        ("local_target", "passed", 1, True, False, Manager.WEEKLY),
        ("watch", "warn", None, True, False, Manager.WEEKLY),
        ("own", "due", 0, True, False, Manager.NO),
        ("any", "date_missing", 7, True, False, Manager.NO),
        ("any", "resumed", 0, True, False, Manager.NO),
        ("any", "started", 0, True, False, Manager.NO),
    ]


def test_a_law_is_told_to_owner_and_team_on_the_day(office):
    office.step(Kind.LAW, TODAY)
    for ahead in range(-15, 3):
        run(TODAY + ahead * DAY)
    assert told() == [
        (office.mette, "warn", "list"),
        (office.mette, "warn", "list"),
        (office.mette, "due", "list"),
        (office.manager, "due", "list"),
    ]


def test_five_days_without_a_sweep_each_notice_once_none_missing_only_the_highest_told(office):
    for kind, rule in (
        (Kind.LAW, "reception.contract"),
        (Kind.SERVICE_GOAL, "reception.min_plan"),
        (Kind.LOCAL_TARGET, "schooling.school_offer"),
    ):
        office.step(kind, TODAY, rule=rule)
    run(TODAY - 2 * DAY)
    counts = run(TODAY + 3 * DAY)
    assert counts["notices"] == {"due": 1, "passed": 3, "escalated": 2}
    assert counts["timeline"] == 3
    again = run(TODAY + 3 * DAY, hour=10)
    assert (again["notices"], again["timeline"], again["delivered"]) == ({}, 0, 0)
    assert [(level, user) for user, level, _channel in told(notice__step__isnull=False)] == [
        ("warn", office.mette),
        ("warn", office.mette),
        ("escalated", office.mette),  # the law's "due" went unheard, so the owner hears the highest
        ("escalated", office.mette),
        ("passed", office.mette),
    ]
    assert told(notice__subject__startswith="sweep_stopped") == [(office.manager, "started", "list")]


def test_the_deputy_hears_from_the_first_day_and_the_manager_when_both_are_away(office):
    Absence.objects.create(user=office.mette, deputy=office.jonas, starts_on=TODAY, ends_on=TODAY + DAY)
    Absence.objects.create(user=office.jonas, starts_on=TODAY + DAY, ends_on=TODAY + DAY)
    for due in (TODAY - DAY, TODAY, TODAY + DAY, TODAY + 2 * DAY):
        office.step("", due, rule="", title="Ring til skolen")
        run(due)
    assert [user for user, _level, _channel in told()] == [office.mette, office.jonas, office.manager, office.mette]


def test_a_leaver_is_never_told(office):
    office.mette.is_active = False
    office.mette.save()
    office.step(Kind.SERVICE_GOAL, TODAY - DAY)
    run(TODAY)
    assert told() == [(office.manager, "passed", "list")]


def test_unassigned_cases_reach_the_manager_the_same_day_once_and_again_when_it_happens_again(office):
    case = CaseFactory(team=office.team)
    step = office.step(Kind.LAW, TODAY, case=case, person=None, owner=None)
    run(TODAY)
    assert told() == [(office.manager, "due", "list"), (office.manager, "started", "list")]
    run(TODAY, hour=10)
    case.caseworker = office.mette
    case.save()
    run(TODAY, hour=11)
    assert Delivery.objects.count() == 2
    assert Step.objects.get(pk=step.pk).owner is None
    case.caseworker = None
    case.save()
    run(TODAY + DAY, hour=9)
    assert Notice.objects.filter(subject=f"no_caseworker:{case.pk}", dropped=False).count() == 1
    assert Notice.objects.filter(subject=f"no_caseworker:{case.pk}").count() == 2


def test_a_case_without_team_reaches_some_manager(office):
    CaseFactory()
    assert run(TODAY)["managers"] == 1
    assert told() == [(office.manager, "started", "list")]


def test_health_is_told_to_its_owner_only(office):
    office.step(Kind.LAW, TODAY, rule="health.need_assessed", area="health")
    run(TODAY)
    assert told() == [(office.mette, "due", "list")]


def test_more_than_a_hundred_due_steps_all_reach_somebody(office):
    Step.objects.bulk_create(
        Step(case=office.person.case, kind=Kind.SERVICE_GOAL, rule="reception.min_plan", round=n, due_on=TODAY - DAY,
             owner=office.mette if n % 2 else None)
        for n in range(1, 251)
    )  # fmt: skip
    counts = run(TODAY)
    assert counts["delivered"] == counts["told"] == 250
    assert Delivery.objects.filter(user=office.manager).count() == 125


def test_a_hand_over_of_many_cases_sends_nothing_again(office):
    Step.objects.bulk_create(
        Step(
            case=office.person.case,
            kind=Kind.SERVICE_GOAL,
            rule="reception.min_plan",
            round=n,
            due_on=TODAY - DAY,
            owner=office.mette,
        )
        for n in range(1, 251)
    )
    run(TODAY)
    Step.objects.update(owner=office.jonas)
    counts = run(TODAY, hour=10)
    assert (counts["notices"], counts["delivered"]) == ({}, 0)
    assert not Delivery.objects.filter(user=office.jonas).exists()


def test_done_in_time_but_typed_late_is_put_right(office):
    step = office.step(Kind.SERVICE_GOAL, TODAY - DAY)
    run(TODAY)
    Delivery.objects.create(notice=Notice.objects.get(level="passed"), user=office.mette, channel="digest")
    Step.objects.filter(pk=step.pk).update(met_on=date(2026, 11, 20))
    assert run(TODAY, hour=10)["corrected"] == 1
    assert run(TODAY, hour=11)["corrected"] == 0
    wrong, right = Entry.objects.order_by("pk")
    assert right.text == "Rettet: overholdt fre. 20. nov. – Indgå kontrakt (Olena)"
    assert (right.corrects, right.on, list(right.people.all())) == (wrong, TODAY, [office.person])
    assert told()[-1] == (office.mette, "in_order", "list")
    assert not Notice.objects.filter(level__in=["warn", "passed"], dropped=False).exists()


def test_who_was_told_by_no_mail_is_told_nothing_more(office):
    step = office.step(Kind.SERVICE_GOAL, TODAY - DAY)
    run(TODAY)
    Step.objects.filter(pk=step.pk).update(met_on=TODAY - DAY)
    assert run(TODAY, hour=10)["corrected"] == 1
    assert not Notice.objects.filter(level="in_order").exists()


def test_done_late_stays_as_told(office):
    step = office.step(Kind.SERVICE_GOAL, TODAY - DAY)
    run(TODAY)
    Step.objects.filter(pk=step.pk).update(met_on=TODAY)
    assert run(TODAY, hour=10)["corrected"] == 0
    assert Entry.objects.count() == 1


def test_the_heartbeat_and_the_banner(office):
    assert not is_stale(timezone.now())
    run(TODAY)
    assert Heartbeat.objects.get().counts["today"] == "2026-11-24"
    assert not is_stale(at(TODAY, 10))
    assert is_stale(at(TODAY, 11))


def test_an_installation_whose_worker_never_ran_says_so(office):
    assert is_stale(timezone.now() + timedelta(hours=2))


def test_managers_are_reminded_on_the_day_unless_it_is_settled(office):
    remind_managers("rejected_rows:7", on=TODAY + 3 * DAY)
    remind_managers("rejected_rows:8", on=TODAY + 3 * DAY)
    settle("rejected_rows:8")
    run(TODAY + 2 * DAY)
    assert told() == []
    run(TODAY + 3 * DAY)
    assert [d.notice.subject for d in Delivery.objects.exclude(notice__subject__startswith="sweep")] == [
        "rejected_rows:7"
    ]


def test_mail_that_stays_is_told_to_the_managers_once_a_day(office):
    old = at(TODAY, 5)
    Mail.objects.create(key="x", user=office.mette, subject="x", body="x", made_at=old, next_try_at=old)
    run(TODAY)
    run(TODAY, hour=10)
    assert told() == [(office.manager, "started", "list")]


@pytest.mark.parametrize("number", [1, 3])
def test_the_sweep_asks_the_same_number_of_queries(office, number, django_assert_num_queries):
    for n in range(number):
        office.step(Kind.LAW, TODAY - DAY, round=n + 1)
    with django_assert_num_queries(40):
        run(TODAY)
