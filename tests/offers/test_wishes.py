"""What families need and who offers it; and what an offer of a home or of work becomes."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import Case, Entry, Party
from housing.models import Host
from offers.models import HelpOffer, Wish
from offers.services import handling, wishes
from tests.conftest import MORNING
from tests.factories import TODAY, LocalityFactory, TeamFactory, a_family
from tests.offers.test_inbox import an_offer, at

pytestmark = pytest.mark.django_db
LIST = "/tilbud/oensker/"


@pytest.fixture
def case(karen):
    return a_family({"given_names": "Olena"}, team=karen.team, arrived_on=TODAY)


def things(text: str, **given) -> HelpOffer:
    return an_offer(kind="things", message=text, details={}, **given)


def wish(case, text: str) -> Wish:
    return wishes.wish(case, text=text, on=TODAY, by=None)


@pytest.mark.parametrize(
    ("one", "other", "does"),
    [
        ("støvler", "vinterstøvler", True),
        ("seng", "juniorseng", True),
        ("cykel", "cykel", True),
        ("bord", "skrivebord", True),
        ("str", "strik", False),
        ("seng", "cykel", False),
    ],
)
def test_words_that_meet(one, other, does):
    assert wishes.meets(one, other) is does
    assert wishes.meets(other, one) is does


def test_the_offers_that_fit_stand_under_the_wish(browser, case):
    boots = things("Vinterstøvler og jakker, str. 32")
    things("En cykel til en voksen", name="Jens Elm")
    things("Støvler", name="Spam Elm", doubt="trap")
    things("Støvler", name="Brugt Elm", state="used", handled_at=MORNING)
    wish(case, "Støvler str. 32 til Sofiia")
    shown = browser.get(LIST).text
    assert boots.name in shown
    assert "støvler" in shown
    for other in ("Jens Elm", "Spam Elm", "Brugt Elm"):
        assert other not in shown


def test_an_offer_meets_the_wish_once(browser, case, karen):
    bed, row = things("En seng"), wish(case, "En seng")
    url = reverse("offers:meet_wish", args=[case.number, row.pk])
    assert browser.post(url, {"offer": bed.pk})["Location"] == LIST
    row.refresh_from_db()
    bed.refresh_from_db()
    assert (row.offer, row.met_on, bed.state) == (bed, TODAY, "used")
    assert Entry.objects.get(kind="offers.wish_met").text == "Familiens ønske er opfyldt: En seng"
    assert "Ingen ønsker venter" in browser.get(LIST).text
    assert browser.post(url).status_code == 404
    with pytest.raises(ValidationError, match="allerede opfyldt"):
        wishes.meet(row, on=TODAY, now=MORNING, by=karen)


def test_a_used_offer_meets_no_second_wish(browser, case):
    bed = things("En seng")
    first, second = wish(case, "En seng"), wish(case, "En seng til")
    browser.post(reverse("offers:meet_wish", args=[case.number, first.pk]), {"offer": bed.pk})
    answer = browser.post(reverse("offers:meet_wish", args=[case.number, second.pk]), {"offer": bed.pk}, follow=True)
    assert "Tilbuddet er allerede afsluttet." in answer.text
    second.refresh_from_db()
    assert second.met_on is None


def test_met_in_another_way(browser, case):
    row = wish(case, "En cykel")
    browser.post(reverse("offers:meet_wish", args=[case.number, row.pk]))
    row.refresh_from_db()
    assert (row.met_on, row.offer) == (TODAY, None)


def test_a_wish_is_written_on_the_family_s_side(browser, case):
    url = reverse("offers:add_wish", args=[case.number])
    assert browser.post(url, {"text": " "}).status_code == 422
    assert browser.post(url, {"text": "En   <b>seng</b>"})["Location"] == LIST
    assert Wish.objects.get().text == "En <b>seng</b>"
    assert "<b>seng</b>" not in browser.get(LIST).text


def test_other_teams_and_protected_families_stand_in_no_list(browser, case):
    foreign = a_family({"given_names": "Iryna"}, team=TeamFactory(), arrived_on=TODAY)
    wish(foreign, "FREMMED ønske")
    hidden = wish(case, "SKJULT ønske")
    Case.objects.filter(pk=case.pk).update(protected=True)
    shown = browser.get(LIST).text
    assert "FREMMED" not in shown
    assert "SKJULT" not in shown
    assert browser.post(reverse("offers:meet_wish", args=[case.number, hidden.pk])).status_code == 404
    assert browser.get(reverse("offers:add_wish", args=[foreign.number])).status_code == 404


def test_the_list_costs_the_same_for_one_and_three(browser, case, karen):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            browser.get(LIST)
        return len(caught)

    things("En seng")
    wish(case, "En seng")
    queries()
    one = queries()
    for _number in range(2):
        wish(a_family({"given_names": "Iryna"}, team=karen.team, arrived_on=TODAY), "En seng")
        things("En seng")
    assert queries() == one


# --- Into a host or a firm ------------------------------------------------------------------------


def test_an_offer_of_a_home_becomes_a_host_with_everything(browser):
    lynge = LocalityFactory(name="Lynge")
    offer = an_offer(kind="housing", message="Et værelse", details={"beds": "3 senge", "from_when": "nu"})
    assert "Gør til vært" in browser.get(at("offer", offer)).text
    for _time in range(2):
        browser.post(at("make_host", offer))
    host = Host.objects.get()
    assert (host.name, host.phone, host.locality, host.places) == ("Vibeke Elmholt", "+4520481193", lynge, 3)
    offer.refresh_from_db()
    assert (offer.state, offer.became, offer.host) == ("used", "Vært: Vibeke Elmholt", host)


@pytest.mark.parametrize(("said", "places"), [("", 1), ("mange", 1), ("12", 12)])
def test_beds_as_they_were_written(said, places, karen):
    offer = an_offer(kind="housing", details={"beds": said})
    assert handling.make_host(offer, by=karen, now=MORNING).places == places


def test_an_offer_of_work_becomes_a_firm_and_a_known_one_stays(browser):
    offer = an_offer(kind="work", details={"firm": "Planteskolen Skovbrynet", "work": "Gartneri"})
    assert "Gør til virksomhed" in browser.get(at("offer", offer)).text
    for _time in range(2):
        browser.post(at("make_firm", offer))
    firm = Party.objects.get()
    assert (firm.name, firm.contact) == (
        "Planteskolen Skovbrynet",
        "Vibeke Elmholt · 20 48 11 93 · vibeke@example.dk",
    )
    second = an_offer(kind="work", name="En anden", details={"firm": "planteskolen skovbrynet"})
    browser.post(at("make_firm", second))
    assert Party.objects.get().contact.startswith("Vibeke")


def test_quarantine_and_what_is_closed_become_nothing(karen):
    for verb in (handling.make_host, handling.make_firm):
        with pytest.raises(ValidationError, match="karantæne"):
            verb(an_offer(kind="housing", doubt="trap"), by=karen, now=MORNING)
        closed = an_offer(kind="housing", state="used", handled_at=MORNING, delete_on=date(2026, 12, 24))
        with pytest.raises(ValidationError, match="allerede afsluttet"):
            verb(closed, by=karen, now=MORNING)
    assert not Host.objects.exists()
    assert not Party.objects.exists()


def test_what_can_stand_in_no_list_is_told(browser, case, karen):
    url = reverse("offers:add_wish", args=[case.number])
    Case.objects.filter(pk=case.pk).update(closed_on=TODAY, closing_reason="other")
    answer = browser.post(url, {"text": "En seng"})
    assert answer.status_code == 422
    assert "Skriv det som et notat i sagen." in answer.text
    assert not Wish.objects.exists()


def test_an_offer_in_hand_is_not_taken_from_a_colleague_unasked(browser, karen):
    offer = an_offer()
    handling.take(offer, by=karen, now=MORNING)
    with pytest.raises(ValidationError, match="har allerede tilbuddet i gang"):
        handling.take(offer, by=karen, now=MORNING)


def test_a_host_can_be_called(karen):
    with pytest.raises(ValidationError, match="skal have en telefon"):
        handling.make_host(an_offer(kind="housing", phone=""), by=karen, now=MORNING)
