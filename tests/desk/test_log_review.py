"""The weekly review of the log: what is drawn, what stands out, who is told, and who may sign."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import AccessRecord
from deadlines.models import Delivery, Notice
from desk.models import LogReview, Mail, ReviewedLook
from desk.services import log_review
from desk.services.conspicuous import read_looks, signs_of
from desk.services.digest import tell_by_mail
from desk.services.sweep import sweep
from tests.desk.rows import Unit
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)
NEXT = MONDAY + timedelta(days=7)
DUE = MONDAY + timedelta(days=13)


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def looked(user, number: str, *, on: date = MONDAY, hour: int = 9, minute: int = 0, action="case.read") -> AccessRecord:
    return AccessRecord.objects.create(
        at=at(on, hour, minute), user_id=user.pk, action=action, case_number=number, mark=f"{user.pk}{number}{minute}"
    )


def run(day: date, hour: int = 9) -> dict:
    return sweep(today=day, now=at(day, hour))


@pytest.fixture
def unit():
    return Unit("Nord")


@pytest.fixture
def auditor():
    return UserFactory(role="auditor", email="revisor@example.dk")


# --- What stands out --------------------------------------------------------------------------


def signs(*records) -> list[list[str]]:
    found = signs_of(read_looks(records))
    return [sorted(found.get(record.pk, [])) for record in records]


def test_an_ordinary_day_stands_out_in_nothing(unit):
    cases = [unit.case(name) for name in ("Bilous", "Lypa", "Hontar")]
    records = [looked(unit.caseworker, case.number, hour=8 + n, minute=n) for n, case in enumerate(cases)]
    records += [looked(unit.caseworker, "", minute=n, action="case.search") for n in range(20)]
    assert signs(*records) == [[]] * len(records)


def test_each_rule_sees_its_own(unit, settings):
    settings.LOG_MANY_CASES, settings.LOG_MANY_SEARCHES = 2, 3
    own = unit.case("Bilous")
    namesake = UserFactory(role="caseworker", team=unit.team, last_name="Bílous")
    assert signs(looked(namesake, own.number)) == [["name", "stranger"]]
    assert signs(looked(unit.caseworker, own.number, hour=3)) == [["hours"]]
    assert signs(looked(unit.caseworker, own.number, on=MONDAY + timedelta(days=5))) == [["hours"]]
    assert signs(looked(unit.caseworker, own.number, action="glass.opened")) == [["glass"]]
    searches = [looked(unit.caseworker, "", minute=n, action="case.search") for n in range(4)]
    assert signs(*searches) == [["searches"]] * 4
    assert signs(*searches[:3]) == [[]] * 3
    strange = [unit.case(f"Fremmed{n}", caseworker=unit.manager).number for n in range(3)]
    colleague = UserFactory(role="caseworker", team=unit.team, last_name="Dam")
    looks = [looked(colleague, number) for number in strange]
    assert signs(*looks) == [["many", "stranger"]] * 3
    assert signs(*looks[:2]) == [["stranger"]] * 2


# --- Drawing ----------------------------------------------------------------------------------


def test_the_sample_holds_what_stands_out_and_some_by_lot(unit, settings):
    settings.LOG_SAMPLE_STRIKING, settings.LOG_SAMPLE_BY_LOT = 2, 3
    case = unit.case("Bilous")
    night = looked(unit.caseworker, case.number, hour=2)
    for n in range(10):
        looked(unit.caseworker, case.number, minute=n)
    looked(unit.caseworker, case.number, on=NEXT)
    looked(UserFactory(role="auditor"), "", action="log.read")
    run(NEXT)
    review = LogReview.objects.get()
    assert (review.week, review.due_on) == (MONDAY, DUE)
    drawn = list(review.looks.values_list("record_id", "signs"))
    assert drawn[0] == (night.pk, "hours")
    assert [sign for _pk, sign in drawn[1:]] == ["", "", ""]


def test_a_week_is_drawn_once_and_downtime_loses_none(unit):
    case = unit.case("Bilous")
    for back in range(5):
        looked(unit.caseworker, case.number, on=MONDAY - timedelta(days=7 * back))
    run(NEXT)
    run(NEXT, 10)
    weeks = sorted(LogReview.objects.values_list("week", flat=True))
    assert weeks == [MONDAY - timedelta(days=7 * back) for back in (3, 2, 1, 0)]
    assert ReviewedLook.objects.count() == 4


def test_a_week_without_looks_has_no_review(unit):
    run(NEXT)
    assert not LogReview.objects.exists()


# --- Told -------------------------------------------------------------------------------------


def told_managers() -> int:
    return Delivery.objects.filter(notice__subject__startswith="log_review:").values("user").distinct().count()


def test_the_readers_hear_of_it_twice_and_the_managers_when_it_is_late(unit, auditor):
    looked(unit.caseworker, unit.case("Bilous").number)
    run(NEXT)
    letters = Mail.objects.filter(user=auditor).order_by("pk")
    assert letters.count() == 1
    assert "Bilous" not in letters[0].body
    assert reverse("desk:log_review", args=[LogReview.objects.get().pk]) in letters[0].body
    run(DUE - timedelta(days=2))
    run(DUE - timedelta(days=2), 11)
    assert letters.count() == 2
    run(DUE)
    assert told_managers() == 0
    late = DUE + timedelta(days=1)
    run(late)
    assert told_managers() == 1
    tell_by_mail(today=late, now=at(late))
    assert Mail.objects.filter(user=unit.manager, body__contains="gennemgang af loggen").exists()
    assert mail.outbox == []


def test_what_is_signed_in_time_escalates_to_nobody(unit, auditor):
    looked(unit.caseworker, unit.case("Bilous").number)
    run(NEXT)
    review = LogReview.objects.get()
    log_review.judge(review, {look.pk: ("fine", "") for look in review.looks.all()}, by=auditor)
    log_review.sign(review, by=auditor, today=NEXT)
    run(DUE + timedelta(days=1))
    assert told_managers() == 0
    assert AccessRecord.objects.filter(action="log.signed", user_id=auditor.pk).exists()


def test_who_looks_at_many_strange_families_is_told_of_in_the_next_sweep(unit, settings):
    settings.LOG_MANY_CASES = 3
    snooper = UserFactory(role="caseworker", team=unit.team)
    numbers = [unit.case(f"Fremmed{n}").number for n in range(4)]
    for number in numbers[:3]:
        looked(snooper, number, on=NEXT, hour=7)
        looked(unit.caseworker, number, on=NEXT, hour=7)  # whose families they are
    run(NEXT)
    assert not Notice.objects.filter(subject__startswith="snooping:").exists()
    looked(snooper, numbers[3], on=NEXT, hour=8)
    looked(unit.caseworker, numbers[3], on=NEXT, hour=8)
    run(NEXT)
    run(NEXT, 10)
    assert [n.subject for n in Notice.objects.filter(subject__startswith="snooping:")] == [f"snooping:{snooper.pk}"]
    assert Delivery.objects.filter(notice__subject__startswith="snooping:", user=unit.manager).count() == 1


def test_what_was_looked_at_late_in_the_evening_is_told_the_next_morning(unit, settings):
    settings.LOG_MANY_SEARCHES = 3
    snooper = UserFactory(role="caseworker", team=unit.team)
    for minute in range(4):
        looked(snooper, "", on=MONDAY, hour=21, minute=minute, action="cpr.search")
    run(MONDAY + timedelta(days=1), 6)
    run(MONDAY + timedelta(days=1), 7)
    assert [n.subject for n in Notice.objects.filter(subject__startswith="snooping:")] == [f"snooping:{snooper.pk}"]


# --- Going through it -------------------------------------------------------------------------


@pytest.fixture
def review(unit, auditor):
    for n in range(2):
        looked(unit.caseworker, unit.case("Bilous").number, minute=n)
    run(NEXT)
    return LogReview.objects.get()


def post(client, review, verdict="fine", note="", **more):
    data = {f"verdict_{look.pk}": verdict for look in review.looks.all()}
    data |= {f"note_{look.pk}": note for look in review.looks.all()}
    return client.post(reverse("desk:log_review", args=[review.pk]), data | more)


def test_the_page_shows_numbers_and_signs_and_no_family(client, review, auditor):
    client.force_login(auditor)
    html = client.get(reverse("desk:log_review", args=[review.pk])).text
    assert review.looks.first().record.case_number in html
    assert "Bilous" not in html
    assert "Uge 47, 2026" in client.get(reverse("desk:log_reviews")).text


def test_a_review_is_signed_when_every_line_is_judged(client, review, auditor):
    client.force_login(auditor)
    refused = post(client, review, verdict="", sign="1")
    assert refused.status_code == 422
    assert "2 linjer mangler en vurdering." in refused.text
    assert post(client, review).status_code == 302
    review.refresh_from_db()
    assert review.signed_on is None
    assert post(client, review, sign="1").headers["Location"] == reverse("desk:log_reviews")
    review.refresh_from_db()
    assert review.signed_by == auditor
    post(client, review, verdict="breach", note="Ingen grund")
    assert set(review.looks.values_list("verdict", flat=True)) == {"fine"}


def test_a_question_needs_its_words_and_nothing_typed_is_lost(client, review, auditor):
    client.force_login(auditor)
    answer = post(client, review, verdict="ask", sign="1")
    assert answer.status_code == 422
    assert "Skriv, hvad der skal spørges om" in answer.text
    assert answer.text.count('value="ask" selected') == 2


def test_nobody_signs_for_the_own_looks(review, unit):
    log_review.judge(review, {look.pk: ("fine", "") for look in review.looks.all()}, by=unit.caseworker)
    with pytest.raises(ValidationError, match="Dine egne opslag"):
        log_review.sign(review, by=unit.caseworker, today=NEXT)


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_for_one_look_and_for_three(client, unit, auditor, number, django_assert_num_queries):
    for n in range(number):
        looked(unit.caseworker, unit.case(f"Navn{n}").number, minute=n)
    run(NEXT)
    client.force_login(auditor)
    url = reverse("desk:log_review", args=[LogReview.objects.get().pk])
    client.get(url)
    with django_assert_num_queries(9):
        client.get(url)
