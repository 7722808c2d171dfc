"""The coordinator's list: tabs, one offer, what is done with it, and that it goes away."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRecord
from accounts.roles import ROLES
from offers import tasks
from offers.models import DayCount, HelpOffer
from offers.services import demo, handling
from tests.conftest import MORNING
from tests.factories import LocalityFactory, TeamFactory, UserFactory
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db
MAY = {"caseworker", "volunteer_coordinator"}
LIST = "/tilbud/"


def an_offer(**given) -> HelpOffer:
    usual = {
        "kind": "contact_person", "name": "Vibeke Elmholt", "email": "vibeke@example.dk", "phone": "+4520481193",
        "town": "Lynge", "message": "Jeg har god tid.", "details": {"languages": "dansk, russisk", "free": "Om aftenen"},
        "consent_at": MORNING, "received_at": MORNING, "delete_on": date(2027, 5, 24),
    }  # fmt: skip
    return HelpOffer.objects.create(**usual | given)


def at(name: str, offer: HelpOffer) -> str:
    return reverse(f"offers:{name}", args=[offer.pk])


def body(answer) -> str:
    return answer.content.decode()


def logged(action: str) -> list[str]:
    return list(AccessRecord.objects.filter(action=action).values_list("detail", flat=True))


# --- The list -----------------------------------------------------------------------------------


def test_tabs_count_and_quarantine_stands_apart(browser, karen):
    an_offer(name="Ny Person")
    taken = an_offer(name="Taget Person", kind="housing")
    handling.take(taken, by=karen, now=MORNING)
    an_offer(name="Maskinen", doubt="trap")
    page = browser.get(LIST)
    assert "Ny Person" in body(page)
    assert "Taget Person" not in body(page)
    assert "Maskinen" not in body(page)
    assert [(pill["label"], pill["count"]) for pill in page.context["pills"]] == [
        ("Ny", 1), ("I gang", 1), ("Brugt", 0), ("Afslået", 0), ("Karantæne", 1),
    ]  # fmt: skip
    for tab in ("ny", "i-gang", "brugt", "afslaaet"):
        assert "Maskinen" not in body(browser.get(LIST, {"vis": tab}))
    assert "Maskinen" in body(browser.get(LIST, {"vis": "karantaene"}))
    assert "Taget Person" in body(browser.get(LIST, {"vis": "i-gang", "slags": "housing"}))
    assert "Ingen tilbud her" in body(browser.get(LIST, {"vis": "i-gang", "slags": "work"}))
    assert len(logged("offers.read")) == 8


def test_pages_are_turned_within_the_tab(browser, monkeypatch):
    monkeypatch.setattr("offers.views.inbox.PAGE", 2)
    for number in range(3):
        an_offer(name=f"Person {number}")
    page = browser.get(LIST, {"slags": "contact_person"})
    assert page.context["pager"]["next_url"] == "/tilbud/?vis=ny&slags=contact_person&side=2"
    assert "Person 0" in body(browser.get(page.context["pager"]["next_url"]))


def test_three_rows_cost_what_one_costs(browser, django_assert_max_num_queries):
    an_offer()
    browser.get(LIST)
    with django_assert_max_num_queries(60) as one:
        browser.get(LIST)
    for _each in range(2):
        an_offer()
    with django_assert_max_num_queries(60) as three:
        browser.get(LIST)
    assert len(one) == len(three)


def test_the_menu_leads_there_for_who_may(browser):
    assert 'href="/tilbud/"' in body(browser.get("/"))


@pytest.mark.parametrize("role", sorted(set(ROLES) - MAY))
def test_for_others_the_pages_do_not_exist(role):
    offer, client = an_offer(), Client()
    client.force_login(UserFactory(role=role, team=TeamFactory()))
    for path in (LIST, "/tilbud/ny/", at("offer", offer), at("decline", offer), at("remove", offer)):
        assert client.get(path).status_code == 404
    for name in ("take", "used", "decline", "release", "remove", "make_volunteer"):
        assert client.post(at(name, offer), {"note": "x"}).status_code == 404
    offer.refresh_from_db()
    assert offer.state == "new"
    assert not Volunteer.objects.exists()


@pytest.mark.parametrize("role", sorted(MAY))
def test_for_who_matches_volunteers_they_do(role):
    offer, client = an_offer(), Client()
    client.force_login(UserFactory(role=role, team=TeamFactory()))
    for path in (LIST, "/tilbud/ny/", at("offer", offer), at("decline", offer)):
        assert client.get(path).status_code == 200


PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ settings.SECRET_KEY }}",
    "=cmd|' /C calc'!A0",
    "javascript:alert(1)",
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_was_typed_is_shown_as_text(browser, payload):
    offer = an_offer(name=payload, town=payload[:60], message=payload, details={"languages": payload, "free": payload})
    browser.post(at("decline", offer), {"note": payload})
    for path in (f"{LIST}?vis=afslaaet", at("offer", offer)):
        page = body(browser.get(path))
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript' not in page
        assert "settings.SECRET_KEY" in page or "settings" not in payload


def test_a_mail_address_cannot_add_a_recipient_to_the_link(browser):
    offer = an_offer(email="vibeke?bcc=alle@example.dk")
    assert "mailto:vibeke%3Fbcc%3Dalle@example.dk" in body(browser.get(at("offer", offer)))


# --- One offer ----------------------------------------------------------------------------------


def test_the_page_of_an_offer_says_everything_and_is_logged(browser):
    offer = an_offer()
    page = body(browser.get(at("offer", offer)))
    for text in ("Vibeke Elmholt", "20 48 11 93", "vibeke@example.dk", "Lynge", "dansk, russisk", "Om aftenen"):
        assert text in page
    assert "24. maj 2027" in page
    assert logged("offer.read") == [f"offer {offer.pk}"]


def test_it_is_taken_used_and_opened_again(browser, karen):
    offer = an_offer()
    browser.post(at("take", offer))
    offer.refresh_from_db()
    assert (offer.state, offer.handled_by, offer.delete_on) == ("in_progress", karen, date(2027, 5, 24))
    browser.post(at("used", offer))
    offer.refresh_from_db()
    assert (offer.state, offer.delete_on) == ("used", date(2026, 12, 24))
    assert "allerede afsluttet" in body(browser.post(at("used", offer), follow=True))
    browser.post(at("take", offer))
    offer.refresh_from_db()
    assert (offer.state, offer.delete_on) == ("in_progress", date(2027, 5, 24))
    assert logged("offer.taken") == [f"offer {offer.pk}"] * 2
    assert logged("offer.used") == [f"offer {offer.pk}"]


def test_declining_wants_a_reason(browser):
    offer = an_offer()
    answer = browser.post(at("decline", offer), {"note": " "})
    assert answer.status_code == 422
    assert "Skriv kort, hvorfor" in body(answer)
    assert browser.post(at("decline", offer), {"note": "Bor for langt væk"}).status_code == 302
    offer.refresh_from_db()
    assert (offer.state, offer.note, offer.delete_on) == ("declined", "Bor for langt væk", date(2026, 12, 24))
    assert "Bor for langt væk" in body(browser.get(at("offer", offer)))
    assert logged("offer.declined") == [f"offer {offer.pk}"]


def test_quarantine_comes_first(browser):
    offer = an_offer(doubt="haste", delete_on=date(2026, 12, 24))
    page = body(browser.get(at("offer", offer)))
    assert "Ikke spam" in page
    assert "Gør til frivillig" not in page
    assert "står i karantæne" in body(browser.post(at("make_volunteer", offer), follow=True))
    assert not Volunteer.objects.exists()
    browser.post(at("release", offer))
    offer.refresh_from_db()
    assert (offer.doubt, offer.state, offer.delete_on) == ("", "new", date(2027, 5, 24))
    assert logged("offer.released") == [f"offer {offer.pk}"]
    with pytest.raises(ValidationError, match="ikke i karantæne"):
        handling.release(offer)


def test_everything_is_carried_over_to_the_volunteer(browser):
    lynge = LocalityFactory(name="Lynge")
    offer = an_offer(town="lynge")
    answer = browser.post(at("make_volunteer", offer))
    made = Volunteer.objects.get()
    assert answer["Location"] == reverse("volunteers:edit_volunteer", args=[made.pk])
    assert (made.name, made.phone, made.email) == ("Vibeke Elmholt", "+4520481193", "vibeke@example.dk")
    assert (made.languages, made.locality) == ("dansk, russisk", lynge)
    assert made.interests == "Om aftenen · Jeg har god tid."
    offer.refresh_from_db()
    assert (offer.state, offer.volunteer, offer.became) == ("used", made, "Frivillig: Vibeke Elmholt")
    assert offer.delete_on == date(2026, 12, 24)
    assert browser.post(at("make_volunteer", offer))["Location"] == answer["Location"]
    assert Volunteer.objects.count() == 1
    assert browser.get(answer["Location"]).status_code == 200
    assert f'href="{answer["Location"]}"' in body(browser.get(at("offer", offer)))


def test_an_association_becomes_the_volunteers_organisation(browser, karen):
    offer = an_offer(
        kind="leisure", details={"association": "Skakklubben", "ages": "7–14"}, town="Hillerød", message="x" * 300
    )
    made = handling.make_volunteer(offer, by=karen, now=MORNING)
    assert made.organisation.name == "Skakklubben"
    assert made.interests.startswith("7–14 · Hillerød · xxx")
    assert len(made.interests) == 200
    assert made.interests.endswith("…")


def test_a_closed_offer_becomes_nobody(karen):
    offer = handling.decline(an_offer(), note="Nej", by=karen, now=MORNING)
    with pytest.raises(ValidationError, match="allerede afsluttet"):
        handling.make_volunteer(offer, by=karen, now=MORNING)
    with pytest.raises(ValidationError, match="allerede afsluttet"):
        handling.decline(offer, note="Nej", by=karen, now=MORNING)


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "", "phone": ""},
        {"name": ""},
        {"state": "used"},
        {"state": "declined", "handled_at": MORNING},
        {"state": "used", "handled_at": MORNING, "doubt": "trap"},
    ],
)
def test_the_database_refuses_what_makes_no_sense(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        an_offer(**wrong)


def test_it_is_deleted_at_once_when_the_person_asks(browser):
    offer = an_offer()
    assert "Slet nu" in body(browser.get(at("offer", offer)))
    assert "kan ikke hentes tilbage" in body(browser.get(at("remove", offer)))
    assert browser.post(at("remove", offer))["Location"] == LIST
    assert not HelpOffer.objects.exists()
    assert logged("offer.deleted") == ["contact_person 1"]
    assert browser.get(at("offer", offer)).status_code == 404


# --- By telephone -------------------------------------------------------------------------------


def test_an_offer_told_on_the_telephone(browser):
    typed = {"name": "Poul Ravn", "phone": "20 48 11 93", "message": "Har to cykler", "what": "Cykler", "deliver": "no"}
    page = browser.get("/tilbud/ny/", {"slags": "things"})
    assert "Hvad vil du give?" in body(page)
    assert "website" not in body(page)
    answer = browser.post("/tilbud/ny/?slags=things", typed)
    assert answer.status_code == 422
    assert "Spørg personen" in body(answer)
    assert 'value="Poul Ravn"' in body(answer)
    answer = browser.post("/tilbud/ny/?slags=things", typed | {"consent": "on"})
    offer = HelpOffer.objects.get()
    assert answer["Location"] == at("offer", offer)
    assert (offer.source, offer.kind, offer.state, offer.sender) == ("phone", "things", "new", "")
    assert offer.details == {"what": "Cykler", "deliver": "no"}
    assert offer.delete_on == date(2027, 5, 24)
    assert "Nej, de skal hentes" in body(browser.get(at("offer", offer)))
    assert logged("offer.added") == [f"offer {offer.pk}"]
    assert browser.get("/tilbud/ny/", {"slags": "penge"}).status_code == 404


# --- Going away ---------------------------------------------------------------------------------


def test_what_has_stood_its_time_goes_away_in_batches(monkeypatch):
    monkeypatch.setattr(handling, "BATCH", 2)
    for number in range(5):
        an_offer(delete_on=date(2026, 11, 23), kind="work" if number else "housing")
    kept = an_offer(delete_on=date(2026, 11, 25))
    tasks.forget_old()
    assert list(HelpOffer.objects.all()) == [kept]
    assert logged("offer.deleted") == ["housing 1, work 4"]
    tasks.forget_old()
    assert len(logged("offer.deleted")) == 1


def test_the_volunteer_stays_when_the_offer_goes(karen):
    made = handling.make_volunteer(an_offer(), by=karen, now=MORNING)
    with time_machine.travel(MORNING + timedelta(days=31), tick=False):
        tasks.forget_old()
    assert not HelpOffer.objects.exists()
    assert Volunteer.objects.get() == made


def test_senders_are_forgotten_after_a_day(today):
    now = timezone.now()
    an_offer(sender="a" * 64, received_at=now - timedelta(hours=25))
    an_offer(sender="b" * 64, received_at=now - timedelta(hours=23))
    DayCount.objects.create(day=today - timedelta(days=2))
    DayCount.objects.create(day=today)
    handling.forget(now=now, today=today)
    assert sorted(HelpOffer.objects.values_list("sender", flat=True)) == ["", "b" * 64]
    assert DayCount.objects.get().day == today


def test_the_demonstration_has_six_offers_once(today):
    UserFactory(username="karen", role="volunteer_coordinator")
    call_command("seed_offers", today=today)
    assert demo.seed(today) == 0
    assert HelpOffer.objects.count() == 6
    assert handling.tab_counts() == {"new": 3, "in_progress": 1, "used": 1, "declined": 0, "quarantine": 1}
