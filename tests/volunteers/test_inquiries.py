"""Spørg først: the letter, its link for yes and no, and that neither names a family."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail as outbox
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from accounts.models import Team
from cases.models import Case
from deadlines import engine
from desk.models import Mail
from desk.services import inquiries as letters
from desk.services.mail import send_pending
from tests.factories import TODAY, UserFactory, a_family
from tests.volunteers.makers import VolunteerFactory
from volunteers import rules
from volunteers.models import Certificate, Inquiry
from volunteers.services import inquiries, ties

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def case():
    case = a_family(
        {"given_names": "Olena", "languages": "ukrainsk"},
        team=Team.objects.create(name="Jobberiet"),
        arrived_on=TODAY - timedelta(days=11),
    )
    engine.refresh([case.pk], rules.RULES, today=TODAY)
    ties.record_consent(case, on=TODAY, today=TODAY, by=None, wishes="Fodbold")
    return case


@pytest.fixture
def web(client, case):
    client.force_login(UserFactory(team=case.team, role="volunteer_coordinator"))
    return client


@pytest.fixture
def nina():
    return VolunteerFactory(
        name="Nina Høgh",
        email="nina@example.dk",
        certificate=Certificate.CLEARED,
        certificate_assessed_on=TODAY - timedelta(days=30),
    )


def page(case):
    return reverse("volunteers:family", args=[case.number])


def the_link() -> str:
    letters.write_pending(now=NOW)
    send_pending(now=NOW)
    return re.search(r"/frivillig/svar/\S+/", outbox.outbox[-1].body).group()


def test_one_letter_per_question_that_names_no_family(web, case, nina):
    answer = web.post(page(case), {"ask": nina.pk})
    assert answer["Location"] == reverse("volunteers:contacts")
    assert [letters.write_pending(now=NOW) for _time in range(3)] == [1, 0, 0]
    send_pending(now=NOW)
    (letter,) = outbox.outbox
    assert letter.to == ["nina@example.dk"]
    for hidden in (case.number, case.family_name, "Olena", "ukrainsk", "Fodbold"):
        assert hidden not in f"{letter.subject}{letter.body}"
    assert Mail.objects.get().body == "", "what opens the link is not kept once it is sent"


def test_a_crash_between_the_letter_and_its_mark_writes_no_second_one(web, case, nina):
    web.post(page(case), {"ask": nina.pk})
    letters.write_pending(now=NOW)
    Inquiry.objects.update(is_mailed=False)
    assert letters.write_pending(now=NOW) == 0
    assert Mail.objects.count() == 1


def test_yes_stands_in_the_list_and_beside_the_proposal(web, case, nina):
    web.post(page(case), {"ask": nina.pk})
    assert "Nina Høgh er spurgt" in web.get(reverse("volunteers:contacts")).text
    assert "Er spurgt" in web.get(page(case)).text
    url, stranger = the_link(), Client()
    shown = stranger.get(url).text
    for hidden in (case.number, case.family_name, "Olena", "Nina"):
        assert hidden not in shown
    assert "ringer til dig" in stranger.post(url, {"answer": "yes"}).text
    assert "Nina Høgh har sagt ja" in web.get(reverse("volunteers:contacts")).text
    assert "Har sagt ja" in web.get(page(case)).text
    assert "Linket virker ikke længere" in stranger.post(url, {"answer": "no"}).text, "one answer is all"
    assert Inquiry.objects.get().agreed is True


def test_no_takes_the_volunteer_out_for_this_family_only(web, case, nina):
    web.post(page(case), {"ask": nina.pk})
    assert "Det er helt i orden." in Client().post(the_link(), {"answer": "no"}).text
    assert "har sagt nej, da vi spurgte" in web.get(page(case)).text
    assert web.post(page(case), {"volunteer": nina.pk}).status_code == 422
    other = a_family({"given_names": "Halyna"}, team=case.team, arrived_on=TODAY)
    ties.record_consent(other, on=TODAY, today=TODAY, by=None)
    assert ties.match_volunteer(other, volunteer=nina, on=TODAY, today=TODAY, by=None)


@pytest.mark.parametrize("said", ["", "maybe"])
def test_an_answer_is_yes_or_no(web, case, nina, said):
    web.post(page(case), {"ask": nina.pk})
    assert "Ja, det vil jeg gerne" in Client().post(the_link(), {"answer": said}).text
    assert Inquiry.objects.get().answered_at is None


def test_looking_answers_nothing(web, case, nina):
    web.post(page(case), {"ask": nina.pk})
    Client().get(the_link() + "?answer=yes")
    assert Inquiry.objects.get().answered_at is None


@pytest.mark.parametrize("end", ["tied", "closed", "protected", "late", "forged"])
def test_a_link_dies_with_the_question(web, case, nina, end, clock):
    web.post(page(case), {"ask": nina.pk})
    url = the_link()
    if end == "tied":
        ties.match_volunteer(case, volunteer=nina, on=TODAY, today=TODAY, by=None)
    elif end in {"closed", "protected"}:
        ended = {"closed_on": TODAY, "closing_reason": "other"} if end == "closed" else {"protected": True}
        Case.objects.filter(pk=case.pk).update(**ended)
    elif end == "late":
        clock.shift(inquiries.VALID.total_seconds() + 1)
    else:
        url = url[:-3] + "xx/"
    assert "Linket virker ikke længere" in Client().get(url).text
    Client().post(url, {"answer": "yes"})
    assert Inquiry.objects.get().answered_at is None


def test_what_is_in_the_way_is_said(web, case, nina):
    silent = VolunteerFactory(name="Bo Holm")
    assert "Bo Holm har ingen e-mail. Ring i stedet." in web.post(page(case), {"ask": silent.pk}).text
    web.post(page(case), {"ask": nina.pk})
    assert "Nina Høgh er allerede spurgt." in web.post(page(case), {"ask": nina.pk}).text
    ties.withdraw_consent(case, on=TODAY, today=TODAY, by=None)
    full = VolunteerFactory(email="x@example.dk", capacity=0)
    assert web.post(page(case), {"ask": full.pk}).status_code == 422
    assert Inquiry.objects.count() == 1


def test_a_yes_taken_back_stops_the_letter_and_the_link(web, case, nina):
    web.post(page(case), {"ask": nina.pk})
    url = the_link()
    ties.withdraw_consent(case, on=TODAY, today=TODAY, by=None)
    assert "Linket virker ikke længere" in Client().get(url).text
    Inquiry.objects.update(is_mailed=False)
    Mail.objects.all().delete()
    assert letters.write_pending(now=NOW) == 0


def test_what_nobody_answered_in_time_can_be_asked_again(web, case, nina, clock):
    web.post(page(case), {"ask": nina.pk})
    Inquiry.objects.update(asked_at=NOW - inquiries.VALID - timedelta(days=1))
    web.get("/")
    assert "Nina Høgh er spurgt" not in web.get(reverse("volunteers:contacts")).text
    assert web.post(page(case), {"ask": nina.pk}).status_code == 302
    assert Inquiry.objects.count() == 1


def test_answers_end_with_the_round(web, case, nina):
    web.post(page(case), {"ask": nina.pk})
    Inquiry.objects.update(answered_at=NOW, agreed=True)
    match = ties.match_volunteer(case, volunteer=nina, on=TODAY, today=TODAY, by=None)
    ties.end_match(match, on=TODAY, reason="volunteer", today=TODAY, by=None)
    assert "Nina Høgh har sagt ja" not in web.get(reverse("volunteers:contacts")).text


def test_nobody_is_asked_by_mail_for_a_protected_family(case, nina):
    case.protected = True
    with pytest.raises(ValidationError, match="beskyttet"):
        inquiries.ask(case, volunteer=nina, now=NOW, today=TODAY, by=None)
