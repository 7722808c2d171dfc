"""Morning mails, escalations and the weekly bundle: when, to whom, with which counts, and never a name."""

from datetime import date, timedelta

import pytest
from django.core import mail as outbox

from accounts.models import Absence
from cases.models import Entry
from deadlines.models import Delivery, Kind, Step
from desk.models import Digest, Mail
from desk.services.digest import tell_by_mail
from desk.services.mail import send_pending
from desk.services.notice_wishes import TIMES, save
from desk.services.worklist import count, own_list
from tests.desk.test_sweep import DAY, TODAY, Office, at, run
from tests.factories import CaseFactory

WEDNESDAY = TODAY + DAY
FRIDAY, SATURDAY, MONDAY = date(2026, 11, 27), date(2026, 11, 28), date(2026, 11, 30)


@pytest.fixture
def office(db) -> Office:
    return Office()


def post(day: date, hour: int = 8) -> dict:
    return tell_by_mail(today=day, now=at(day, hour))


def test_a_digest_has_the_counts_of_the_page_two_links_and_no_names(office, settings):
    office.step(Kind.SERVICE_GOAL, TODAY - DAY)
    office.step(Kind.LAW, TODAY)
    office.step(Kind.LOCAL_TARGET, TODAY - DAY)
    office.step(Kind.LOCAL_TARGET, TODAY + 5 * DAY, round=2)
    office.step(Kind.SERVICE_GOAL, None, waits_for="residence_from", round=2)
    run(TODAY, hour=7)
    assert post(TODAY)["digests"] == 2  # the manager hears of the law's day
    letter = Mail.objects.get(user=office.mette)
    assert letter.subject == "1 frist udløber i dag, 1 er overskredet, 1 lokalt mål er passeret"
    assert letter.body.count("http") == 2
    assert letter.body.endswith(f"Ret dine påmindelser: {settings.BASE_URL}/paamindelser/\n")
    for word in ("Kovalenko", "Olena", "Mette", office.person.case.number, "kontrakt"):
        assert word not in letter.body + letter.subject
    assert Digest.objects.get(user=office.mette).counts == count(own_list(office.mette, TODAY)).by_word
    assert "  1  Overskredet\n  1  Passeret\n  1  I dag\n  1  De næste 7 dage\n  1  Mangler en dato" in letter.body


def test_one_digest_a_day_and_none_when_nothing_is_due(office):
    assert post(TODAY)["digests"] == 0
    office.step(Kind.SERVICE_GOAL, TODAY + 20 * DAY)
    assert post(TODAY)["digests"] == 0
    office.step(Kind.SERVICE_GOAL, TODAY, round=2)
    assert post(TODAY)["digests"] == 1
    assert post(TODAY, hour=9)["digests"] == 0
    assert post(WEDNESDAY)["digests"] == 1


def test_no_digest_before_half_past_seven_nor_in_the_evening(office):
    office.step(Kind.SERVICE_GOAL, TODAY)
    assert post(TODAY, hour=7)["digests"] == 0
    assert post(TODAY, hour=17)["digests"] == 0
    assert post(TODAY, hour=16)["digests"] == 1


@pytest.mark.parametrize(
    "day", [SATURDAY, date(2026, 11, 29), date(2026, 12, 25), date(2027, 3, 25), date(2027, 3, 29), date(2023, 5, 5)]
)
def test_no_digest_on_weekends_and_holidays(office, day):
    office.step(Kind.SERVICE_GOAL, day)
    assert post(day)["digests"] == 0


def test_store_bededag_is_a_working_day_since_2024(office):
    office.step(Kind.SERVICE_GOAL, date(2024, 4, 26))
    assert post(date(2024, 4, 26))["digests"] == 1


@pytest.mark.parametrize(
    ("day", "hour_utc"), [(date(2026, 10, 23), 5), (date(2026, 10, 26), 6), (date(2027, 3, 30), 5)]
)
def test_half_past_seven_is_local_time_on_both_sides_of_the_clock_change(office, day, hour_utc):
    office.step(Kind.SERVICE_GOAL, day)
    early = at(day, 7).replace(minute=29)
    assert tell_by_mail(today=day, now=early)["digests"] == 0
    assert early.utctimetuple().tm_hour == hour_utc
    assert tell_by_mail(today=day, now=early + timedelta(minutes=1))["digests"] == 1


def test_a_warning_alone_is_news(office):
    office.step(Kind.SERVICE_GOAL, TODAY + 3 * DAY)
    run(TODAY, hour=7)
    assert post(TODAY)["digests"] == 1
    assert "Nye påmindelser siden sidste mail: 1" in Mail.objects.get().body
    assert post(WEDNESDAY)["digests"] == 0


def test_what_is_done_before_the_mail_is_no_news(office):
    step = office.step(Kind.SERVICE_GOAL, TODAY + 3 * DAY)
    run(TODAY, hour=7)
    Step.objects.filter(pk=step.pk).update(met_on=TODAY)
    assert post(TODAY)["digests"] == 0


def test_a_correction_is_told_once_to_who_had_the_mail(office):
    step = office.step(Kind.SERVICE_GOAL, TODAY - DAY)
    run(TODAY, hour=7)
    post(TODAY)
    Step.objects.filter(pk=step.pk).update(met_on=TODAY - DAY)
    run(WEDNESDAY, hour=7)
    assert post(WEDNESDAY)["digests"] == 1
    assert "Er i orden efter en sen indtastning: 1" in Mail.objects.latest("pk").body
    assert post(WEDNESDAY + DAY)["digests"] == 0


def test_a_hand_over_is_told_once_with_the_number(office):
    for _n in range(3):
        case = CaseFactory(caseworker=office.jonas, team=office.team)
        Entry.objects.create(
            case=case, kind="cases.handed_over", on=TODAY, text="Sagen er overdraget", author=office.manager
        )
    assert post(TODAY, hour=10)["digests"] == 1
    letter = Mail.objects.get(user=office.jonas)
    assert letter.subject == "Du har overtaget 3 sager"
    assert "Du har overtaget 3 sager." in letter.body
    assert post(WEDNESDAY)["digests"] == 0


def test_a_hand_over_waits_for_a_day_of_the_morning_mail_or_comes_with_a_law(office):
    """Wished on Mondays alone: a hand-over causes no mail on Tuesday, and stands in that of a law on Wednesday."""
    wish = {"morning": True, "at": TIMES[0], "weekdays": [1], "muted": [], "weekly_day": 1}
    save(office.jonas, **wish)
    case = CaseFactory(caseworker=office.jonas, team=office.team)
    Entry.objects.create(case=case, kind="cases.handed_over", on=TODAY, text="Overdraget", author=office.manager)
    assert post(TODAY, hour=10)["digests"] == 0
    office.step(Kind.LAW, WEDNESDAY, owner=office.jonas)
    post(WEDNESDAY, hour=10)
    assert "Du har overtaget 1 sag." in Mail.objects.get(user=office.jonas).body


def test_what_a_lost_morning_mail_told_stands_in_the_next(office, monkeypatch):
    office.step(Kind.WATCH, TODAY + 30 * DAY, rule="reception.permit_expiry")
    run(TODAY, hour=7)
    assert post(TODAY)["digests"] == 1
    assert post(WEDNESDAY)["digests"] == 0

    def refuse(self, *args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    send_pending(now=at(FRIDAY, 9))
    assert Mail.objects.get().given_up_at
    assert [post(day)["digests"] for day in (MONDAY, MONDAY + DAY)] == [1, 0]
    assert "Nye påmindelser siden sidste mail: 1" in Mail.objects.latest("pk").body


def test_nobody_who_is_away_is_handed_what_another_has_not_heard(office):
    """No manager is here either: it waits for the owner."""
    office.step(Kind.SERVICE_GOAL, TODAY + 3 * DAY)
    run(TODAY, hour=19)
    Absence.objects.create(user=office.manager, starts_on=WEDNESDAY, ends_on=WEDNESDAY)
    Absence.objects.create(user=office.mette, starts_on=WEDNESDAY, ends_on=WEDNESDAY)
    post(WEDNESDAY)
    post(WEDNESDAY + DAY)
    assert [letter.user for letter in Mail.objects.filter(key__startswith="digest")] == [office.mette]


def test_the_deputy_has_the_mail_from_the_first_day(office):
    office.step(Kind.SERVICE_GOAL, TODAY)
    office.step(Kind.SERVICE_GOAL, TODAY + 3 * DAY, round=2)
    run(TODAY - DAY)
    Absence.objects.create(user=office.mette, deputy=office.jonas, starts_on=TODAY, ends_on=TODAY)
    run(TODAY, hour=7)
    assert post(TODAY)["digests"] == 1
    letter = Mail.objects.get(key__startswith="digest")
    assert letter.user == office.jonas
    assert letter.subject == "1 frist udløber i dag"
    assert post(WEDNESDAY)["digests"] == 1


def test_health_causes_no_mail_but_is_in_the_count(office):
    step = office.step(Kind.LAW, TODAY - DAY, rule="health.need_assessed", area="health")
    run(TODAY, hour=7)
    assert post(TODAY) == {"digests": 0, "escalations": 0, "weekly": 0}
    office.step(Kind.SERVICE_GOAL, TODAY)
    post(TODAY)
    assert Mail.objects.get().subject == "1 frist udløber i dag, 1 er overskredet"
    assert not Delivery.objects.filter(notice__step=step).exclude(channel="list").exists()


def test_the_manager_hears_of_laws_the_day_after_bundled_also_on_a_saturday(office):
    for n in range(1, 4):
        office.step(Kind.LAW, FRIDAY, round=n)
    run(FRIDAY, hour=7)
    assert post(FRIDAY)["escalations"] == 0
    run(SATURDAY, hour=7)
    assert post(SATURDAY) == {"digests": 0, "escalations": 1, "weekly": 0}
    letter = Mail.objects.get(key__startswith="escalation")
    assert (letter.user, letter.subject) == (office.manager, "3 lovfrister er overskredet")
    assert letter.body.count("http") == 1
    assert post(SATURDAY, hour=9)["escalations"] == 0


def test_a_case_without_a_caseworker_is_mailed_the_same_day(office):
    CaseFactory(team=office.team)
    run(TODAY, hour=10)
    assert post(TODAY, hour=11)["escalations"] == 1
    assert Mail.objects.get(user=office.manager, key__startswith="escalation").subject == "1 sag er uden sagsbehandler"


def test_the_weekly_bundle_comes_on_monday_once(office):
    office.step(Kind.SERVICE_GOAL, FRIDAY - DAY)
    office.step(Kind.LOCAL_TARGET, FRIDAY)
    office.step(Kind.WATCH, MONDAY + 60 * DAY, rule="reception.permit_expiry")
    for day in (FRIDAY, SATURDAY, MONDAY - DAY, MONDAY):
        run(day, hour=7)
        assert post(day)["weekly"] == (1 if day == MONDAY else 0)
    letter = Mail.objects.get(key__startswith="weekly")
    assert letter.user == office.manager
    assert letter.body.splitlines()[:5] == [
        "Uge 49, siden sidste ugemail:",
        "",
        "  1 servicemål er overskredet i mindst tre dage",
        "  1 lokalt mål er passeret",
        "  1 dato nærmer sig",
    ]
    office.step(Kind.LOCAL_TARGET, MONDAY, round=2)
    run(MONDAY + DAY, hour=7)
    assert post(MONDAY + DAY)["weekly"] == 0
    assert post(MONDAY + 7 * DAY)["weekly"] == 1


def test_the_weekly_bundle_waits_for_the_first_working_day(office):
    easter_monday = date(2027, 3, 29)
    office.step(Kind.LOCAL_TARGET, easter_monday - 5 * DAY)
    run(easter_monday, hour=7)
    assert post(easter_monday)["weekly"] == 0
    assert post(easter_monday + DAY)["weekly"] == 1


def test_letters_are_sent_after_the_transaction_and_once(office):
    office.step(Kind.SERVICE_GOAL, TODAY)
    post(TODAY)
    assert outbox.outbox == []
    assert send_pending(now=at(TODAY, 8)) == {"sent": 1, "failed": 0}
    assert send_pending(now=at(TODAY, 9)) == {"sent": 0, "failed": 0}
    sent = outbox.outbox[0]
    assert sent.to == [office.mette.email]
    assert sent.extra_headers["Message-ID"].endswith("@localhost>")


def test_a_refusing_server_is_tried_again_with_the_same_message_id_and_then_given_up(office, monkeypatch):
    office.step(Kind.SERVICE_GOAL, TODAY)
    post(TODAY)
    seen = []

    def refuse(self, *args, **kwargs):
        seen.append(self.extra_headers["Message-ID"])
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    now = at(TODAY, 8)
    assert send_pending(now=now) == {"sent": 0, "failed": 1}
    assert send_pending(now=now + timedelta(minutes=1)) == {"sent": 0, "failed": 0}
    assert send_pending(now=now + timedelta(minutes=2)) == {"sent": 0, "failed": 1}
    assert run(TODAY, hour=11)["managers"] == 1
    send_pending(now=now + timedelta(hours=73))
    letter = Mail.objects.get(user=office.mette)
    assert (letter.last_error, letter.attempts, letter.sent_at) == ("ConnectionRefusedError", 3, None)
    assert letter.given_up_at is not None
    assert len(set(seen)) == 1


def test_a_user_without_an_address_has_the_list(office):
    office.mette.email = ""
    office.mette.save()
    office.step(Kind.SERVICE_GOAL, TODAY)
    assert post(TODAY)["digests"] == 0
