"""Who hears an escalation while the manager is away, and that it is one, once."""

from datetime import date

import pytest

from accounts.models import Absence
from deadlines.models import Kind
from desk.models import Mail
from desk.services.digest import tell_by_mail
from desk.services.recipients import stand_ins
from tests.desk.test_sweep import DAY, TODAY, Office, at, run
from tests.factories import CaseFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db
WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, MONDAY = (TODAY + n * DAY for n in (1, 2, 3, 4, 6))


@pytest.fixture
def office() -> Office:
    return Office()


def post(day: date, hour: int = 8) -> dict:
    return tell_by_mail(today=day, now=at(day, hour))


def overdue(office, *, rounds: int = 1) -> None:
    office.step(Kind.LAW, TODAY - DAY, round=rounds)
    run(TODAY, hour=7)


def heard() -> list:
    return [letter.user for letter in Mail.objects.filter(key__startswith="escalation").order_by("pk")]


def test_the_deputy_hears_the_escalation_from_the_first_day_to_the_last(office):
    Absence.objects.create(user=office.manager, deputy=office.jonas, starts_on=TODAY, ends_on=TODAY)
    overdue(office)
    post(TODAY)
    assert heard() == [office.jonas]
    post(WEDNESDAY)
    assert heard() == [office.jonas], "back again, the manager is not told the same a second time"
    office.step(Kind.LAW, TODAY, round=2)
    run(WEDNESDAY, hour=7)
    post(WEDNESDAY, hour=9)
    assert heard() == [office.jonas, office.manager]


@pytest.mark.parametrize("deputy_away", [True, False])
def test_without_a_deputy_or_with_one_who_is_away_another_manager_hears(office, deputy_away):
    other = UserFactory(role="manager", team=TeamFactory())
    deputy = office.jonas if deputy_away else None
    Absence.objects.create(user=office.manager, deputy=deputy, starts_on=TODAY)
    if deputy_away:
        Absence.objects.create(user=office.jonas, starts_on=TODAY)
    overdue(office)
    post(TODAY)
    assert heard() == [other]


def test_the_only_manager_away_without_a_deputy_hears_all_the_same(office):
    Absence.objects.create(user=office.manager, starts_on=TODAY)
    overdue(office)
    post(TODAY)
    assert heard() == [office.manager]
    assert stand_ins(TODAY).fallback == office.manager.pk


def test_a_manager_who_has_left_is_no_fallback(office):
    office.manager.is_active = False
    office.manager.save()
    overdue(office)
    assert post(TODAY)["escalations"] == 0
    late = UserFactory(role="manager", team=office.team)
    assert post(WEDNESDAY)["escalations"] == 1, "it waits until somebody leads"
    assert heard() == [late]


def test_what_has_no_step_goes_to_the_deputy_too(office):
    Absence.objects.create(user=office.manager, deputy=office.jonas, starts_on=TODAY)
    CaseFactory(team=office.team)
    run(TODAY, hour=7)
    post(TODAY)
    assert heard() == [office.jonas]


def test_what_the_deputy_has_heard_is_not_mailed_every_day_of_the_leave(office):
    """It stood in the manager's list before the leave began."""
    CaseFactory(team=office.team)
    run(TODAY, hour=19)
    Absence.objects.create(user=office.manager, deputy=office.jonas, starts_on=WEDNESDAY, ends_on=FRIDAY)
    for day in (WEDNESDAY, THURSDAY, FRIDAY, MONDAY):
        post(day)
    assert heard() == [office.jonas], "nor the manager, who is back"
    CaseFactory(team=office.team)
    run(MONDAY, hour=9)
    post(MONDAY, hour=10)
    assert heard() == [office.jonas, office.manager]


def test_what_is_new_on_the_same_day_is_a_letter_of_its_own(office):
    CaseFactory(team=office.team)
    run(TODAY, hour=19)
    Absence.objects.create(user=office.manager, deputy=office.jonas, starts_on=WEDNESDAY)
    post(WEDNESDAY)
    CaseFactory(team=office.team)
    run(WEDNESDAY, hour=10)
    post(WEDNESDAY, hour=11)
    assert heard() == [office.jonas, office.jonas]


def test_of_two_managers_who_are_away_one_hears_once(office):
    second = UserFactory(role="manager", team=office.team)
    CaseFactory(team=office.team)
    run(TODAY, hour=19)
    for user in (office.manager, second):
        Absence.objects.create(user=user, starts_on=WEDNESDAY)
    for day in (WEDNESDAY, THURSDAY, FRIDAY):
        post(day)
    assert heard() == [office.manager]


def test_the_weekly_letter_goes_to_the_deputy_too(office):
    Absence.objects.create(user=office.manager, deputy=office.jonas, starts_on=MONDAY)
    office.step(Kind.LOCAL_TARGET, FRIDAY)
    run(SATURDAY, hour=7)
    run(MONDAY, hour=7)
    assert post(MONDAY)["weekly"] == 1
    assert Mail.objects.get(key__startswith="weekly").user == office.jonas
