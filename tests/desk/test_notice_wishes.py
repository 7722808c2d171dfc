"""Dine påmindelser: a wish narrows the morning mail, never the list, and no notice is lost or told twice by it."""

import random
from collections import Counter
from datetime import date, time

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Absence
from deadlines.calendar import is_working_day
from deadlines.models import Delivery, Kind, Step
from deadlines.telling import TOLD
from desk.models import Digest, Mail, NoticeWish
from desk.services.corrections import still_true
from desk.services.digest import tell_by_mail
from desk.services.notice_wishes import DEFAULT, KINDS, TIMES, Wish, save, wish_of
from tests.desk.test_sweep import DAY, TODAY, Office, at, run
from tests.factories import CaseFactory, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db
WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, MONDAY = (TODAY + n * DAY for n in (1, 2, 3, 4, 6))
ALL_DAYS = [1, 2, 3, 4, 5]


@pytest.fixture
def office() -> Office:
    return Office()


def wish(user, **given) -> None:
    told = {"morning": True, "at": TIMES[0], "weekdays": ALL_DAYS, "muted": [], "weekly_day": 1}
    save(user, **told | given)


def post(day: date, hour: int = 8) -> dict:
    return tell_by_mail(today=day, now=at(day, hour))


def digests(user) -> list[date]:
    return list(Digest.objects.filter(user=user).order_by("day").values_list("day", flat=True))


# --- The morning mail -------------------------------------------------------------------------


def test_who_has_said_nothing_has_what_the_house_does(office):
    assert wish_of(office.mette) == DEFAULT == Wish(True, time(7, 30), frozenset(ALL_DAYS), frozenset(), 1)


def test_all_that_the_table_tells_an_owner_can_be_muted_but_laws():
    assert set(KINDS) == {str(row.kind) for row in TOLD if row.owner} - {str(Kind.LAW)}


def test_the_mail_comes_at_the_wished_time_once(office):
    wish(office.mette, at=time(10, 0))
    office.step(Kind.SERVICE_GOAL, TODAY)
    assert post(TODAY, hour=9)["digests"] == 0
    assert post(TODAY, hour=10)["digests"] == 1
    wish(office.mette, at=time(12, 0))
    assert post(TODAY, hour=12)["digests"] == 0, "another time is no second mail"


def test_on_other_days_there_is_none_and_the_next_has_it_all(office):
    wish(office.mette, weekdays=[4])
    office.step(Kind.SERVICE_GOAL, TODAY + 3 * DAY)
    for day in (TODAY, WEDNESDAY, THURSDAY, FRIDAY):
        run(day, hour=7)
        post(day)
    assert digests(office.mette) == [THURSDAY]
    assert "Nye påmindelser siden sidste mail: 1" in Mail.objects.get(user=office.mette).body


@pytest.mark.parametrize(
    ("kind", "fields", "muted"),
    [
        (Kind.SERVICE_GOAL, {}, "service_goal"),
        (Kind.LOCAL_TARGET, {}, "local_target"),
        ("", {"rule": "", "title": "Ring"}, "own"),
    ],
)
def test_a_muted_kind_causes_no_mail_and_stands_in_the_list(office, kind, fields, muted):
    wish(office.mette, muted=[muted])
    office.step(kind, TODAY - DAY, **fields)
    run(TODAY, hour=7)
    assert post(TODAY)["digests"] == 0
    assert Delivery.objects.filter(user=office.mette, channel="list").exists()
    wish(office.mette, muted=sorted(set(KINDS) - {muted}))
    assert post(TODAY, hour=9)["digests"] == 1, "wanted again, it is in the next mail"


def test_missing_dates_and_watched_ones_can_be_muted(office):
    wish(office.mette, muted=["any", "watch"])
    office.step(Kind.SERVICE_GOAL, None, waits_for="residence_from", starts_on=None)
    office.step(Kind.WATCH, TODAY + 30 * DAY, rule="reception.permit_expiry")
    for ahead in range(9):
        run(TODAY + ahead * DAY, hour=7)
        post(TODAY + ahead * DAY)
    assert digests(office.mette) == []


@pytest.mark.parametrize("said", [{"morning": False, "weekdays": []}, {"weekdays": [1]}, {"muted": list(KINDS)}])
def test_a_law_on_its_day_is_in_a_mail_whatever_is_wished(office, said):
    wish(office.mette, **said)
    office.step(Kind.LAW, FRIDAY)
    office.step(Kind.SERVICE_GOAL, FRIDAY, round=2)
    for day in (TODAY, WEDNESDAY, THURSDAY, FRIDAY):
        run(day, hour=7)
        post(day)
    assert FRIDAY in digests(office.mette)
    assert Delivery.objects.filter(user=office.mette, channel="digest", notice__level="due").count() == 1


def test_without_a_morning_mail_there_is_one_for_a_law_and_only_on_its_day(office):
    wish(office.mette, morning=False)
    office.step(Kind.LAW, THURSDAY)
    office.step(Kind.SERVICE_GOAL, WEDNESDAY, round=2)
    for ahead in range(-3, 8):
        run(TODAY + ahead * DAY, hour=7)
        post(TODAY + ahead * DAY)
    assert digests(office.mette) == [THURSDAY]
    assert Delivery.objects.filter(user=office.mette, channel="digest").count() == 1


def test_an_own_task_is_no_law(office):
    wish(office.mette, morning=False)
    office.step(Kind.LAW, TODAY, rule="", title="Ring til skolen")
    assert post(TODAY)["digests"] == 0


def test_the_escalation_can_not_be_switched_off(office):
    wish(office.manager, morning=False, muted=list(KINDS), weekdays=[])
    office.step(Kind.LAW, TODAY - DAY)
    run(TODAY, hour=7)
    assert post(TODAY)["escalations"] == 1


def test_the_deputys_own_wish_holds_for_what_the_deputy_hears(office):
    wish(office.mette, morning=False)
    wish(office.jonas, at=time(9, 0))
    Absence.objects.create(user=office.mette, deputy=office.jonas, starts_on=TODAY)
    office.step(Kind.SERVICE_GOAL, TODAY)
    assert post(TODAY, hour=8)["digests"] == 0
    assert post(TODAY, hour=9)["digests"] == 1
    assert digests(office.jonas) == [TODAY]


# --- The weekly letter ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wished", "today", "day"),
    [
        (1, date(2026, 11, 25), date(2026, 11, 23)),
        (5, date(2026, 11, 23), date(2026, 11, 27)),
        (1, date(2027, 3, 31), date(2027, 3, 30)),  # Easter Monday
        (4, date(2027, 3, 22), date(2027, 3, 24)),  # Maundy Thursday and Good Friday: the last working day before
        (4, date(2026, 12, 24), date(2026, 12, 24)),
        (5, date(2026, 12, 22), date(2026, 12, 24)),  # Christmas Day
    ],
)
def test_the_day_of_the_weekly_letter(wished, today, day):
    assert Wish(weekly_day=wished).bundled_on(today) == day
    assert is_working_day(day)


def test_the_weekly_letter_comes_on_the_wished_day_and_once_a_week(office):
    wish(office.manager, weekly_day=4)
    office.step(Kind.LOCAL_TARGET, TODAY - 2 * DAY)
    sent = []
    for ahead in range(-1, 12):
        day = TODAY + ahead * DAY
        run(day, hour=7)
        sent += [day] * post(day)["weekly"]
        if day == FRIDAY:
            wish(office.manager, weekly_day=5)
    assert sent == [THURSDAY]
    office.step(Kind.LOCAL_TARGET, TODAY + 9 * DAY, round=2)
    run(TODAY + 10 * DAY, hour=7)
    assert post(TODAY + 10 * DAY)["weekly"] == 1, "the next week's Friday"


# --- Nothing lost, nothing twice --------------------------------------------------------------


def steps_of(user, team) -> None:
    """The same for two users: every kind, due on every day of three weeks."""
    person = PersonFactory(case=CaseFactory(caseworker=user, team=team))
    kinds = (Kind.LAW, Kind.SERVICE_GOAL, Kind.LOCAL_TARGET, Kind.WATCH, "")
    rules = ("reception.contract", "reception.min_plan", "schooling.school_offer", "reception.permit_expiry", "")
    Step.objects.bulk_create(
        Step(kind=kind, due_on=TODAY + ahead * DAY, rule=rule, round=ahead + 60, owner=user, title="x",
             case=person.case, person=person)
        for kind, rule in zip(kinds, rules, strict=True) for ahead in range(-2, 14, 3)
    )  # fmt: skip


def told(user, channel: str) -> Counter:
    """What was delivered, named alike for both users."""
    rows = Delivery.objects.filter(user=user, channel=channel).select_related("notice__step")
    return Counter((row.notice.step.rule, row.notice.step.round, row.notice.level) for row in rows)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_wished_meanwhile_no_notice_is_lost_or_told_twice(office, seed):
    """One user changes the wishes every day, the other never: the lists are the same, and in the end so is the mail."""
    dice = random.Random(seed)
    whimsical, steady = office.mette, office.jonas
    for user in (whimsical, steady):
        steps_of(user, office.team)
    days = [TODAY + ahead * DAY for ahead in range(15)]
    for day in days:
        for hour in (8, 13, 16):
            wish(
                whimsical,
                morning=dice.random() < 0.6,
                at=dice.choice(TIMES),
                weekdays=[number for number in ALL_DAYS if dice.random() < 0.6],
                muted=[kind for kind in KINDS if dice.random() < 0.5],
            )
            run(day, hour)
            post(day, hour)
    NoticeWish.objects.all().delete()
    last = days[-1] + DAY
    run(last, 8)
    post(last, 8)
    assert told(whimsical, "list") == told(steady, "list")
    for user in (whimsical, steady):
        mailed = list(Delivery.objects.filter(user=user, channel="digest").values_list("notice", flat=True))
        assert len(mailed) == len(set(mailed)), "nothing twice"
        assert Digest.objects.filter(user=user).count() == len(set(digests(user)))
    standing = set(still_true(last).filter(step__owner=whimsical).values_list("pk", flat=True))
    unmailed = standing - set(
        Delivery.objects.filter(user=whimsical, channel="digest").values_list("notice", flat=True)
    )
    heard = set(Delivery.objects.filter(user=whimsical, channel="list").values_list("notice", flat=True))
    assert unmailed & heard == set(), "nothing lost"
    mine, theirs = told(whimsical, "digest"), told(steady, "digest")
    assert mine <= theirs
    laws = {row for row in theirs if row[2] == "due" and row[0] == "reception.contract"}
    assert laws
    assert laws <= set(mine)


# --- The page ---------------------------------------------------------------------------------


def as_(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


SENT = {"morning": "on", "at": "09:00", "weekdays": ["1", "3"], "kinds": ["service_goal", "own"], "weekly_day": "4"}
URL = "/paamindelser/"


def test_what_is_said_on_the_page_holds(office):
    browser = as_(office.manager)
    assert "Kan ikke slås fra" in browser.get(URL).text
    assert browser.post(URL, SENT).status_code == 302
    wished = Wish(True, time(9, 0), frozenset({1, 3}), frozenset({"local_target", "watch", "any"}), 4)
    assert wish_of(office.manager) == wished
    form = browser.get(URL).context["form"]
    assert form.initial["kinds"] == ["service_goal", "own"]
    assert wish_of(office.mette) == DEFAULT


def test_the_weekly_letter_is_asked_of_who_leads_alone(office):
    html = as_(office.mette).get(URL).text
    assert "Ugemail" not in html
    as_(office.mette).post(URL, SENT)
    assert wish_of(office.mette).weekly_day == 1
    assert "Ugemail" in as_(office.manager).get(URL).text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"weekdays": []}, "Vælg mindst én dag, eller slå morgenmailen fra."),
        ({"at": "03:00"}, "gyldig valgmulighed"),
        ({"weekdays": ["6"]}, "gyldig valgmulighed"),
        ({"kinds": ["law"]}, "gyldig valgmulighed"),
    ],
)
def test_what_can_not_be_is_said_and_nothing_changes(office, wrong, words):
    answer = as_(office.mette).post(URL, SENT | wrong)
    assert answer.status_code == 422
    assert words in answer.text
    assert not NoticeWish.objects.exists()


def test_a_day_that_is_sent_six_times_is_one_day(office):
    assert as_(office.mette).post(URL, SENT | {"weekdays": ["3", *["1"] * 6]}).status_code == 302
    assert NoticeWish.objects.get().weekdays == "13"


def test_off_needs_no_days(office):
    as_(office.mette).post(URL, {"at": "07:30", "kinds": []})
    assert wish_of(office.mette) == Wish(False, time(7, 30), frozenset(), frozenset(KINDS), 1)


@pytest.mark.parametrize("role", ["administrator", "auditor", "finance"])
def test_for_who_has_no_cases_there_is_no_such_page(role):
    assert as_(UserFactory(role=role)).get(URL).status_code == 404


def test_the_account_leads_there(office):
    for user, there in ((office.mette, True), (UserFactory(role="administrator"), False)):
        html = as_(user).get(reverse("mfa_index")).text
        assert (URL in html) is there


def test_without_an_address_the_page_says_that_nothing_comes(office):
    office.mette.email = ""
    office.mette.save()
    assert "ingen mailadresse" in as_(office.mette).get(URL).text
