"""The pages of housing: who may open them, the act from form to step, the list of homes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AccessRecord
from cases.models import Entry
from housing.models import Answer, Dwelling, Host, Placement
from housing.panel import panel
from tests.factories import TODAY, UserFactory
from tests.housing.conftest import a_dwelling, ago, ahead, family, offer, step

pytestmark = pytest.mark.django_db
ACTS = ("lodging_before_permit", "temporary_offer", "next_home")


@pytest.fixture
def browser(client, mette):
    client.force_login(mette)
    return client


def act(case, name="temporary_offer"):
    return reverse(f"housing:{name}", args=[case.number])


def filled(home, **given):
    return {"on": "24.11.2026", "place": f"d{home.pk}", "kind": "temporary", "answer": "none", **given}


def addresses(case, row) -> list[str]:
    rows = [reverse(f"housing:{name}", args=[case.number, row.pk]) for name in ("change_placement", "annul_placement")]
    return [act(case, name) for name in ACTS] + rows


def test_a_foreign_case_does_not_exist(client, mette, stranger, home):
    case = family(mette, visitation_on=ago(5))
    row = offer(case, home, mette)
    coordinator = UserFactory(role="volunteer_coordinator", team=mette.team)
    for user in (stranger, coordinator, UserFactory(role="administrator")):
        client.force_login(user)
        for url in addresses(case, row):
            assert (client.get(url).status_code, client.post(url).status_code) == (404, 404), url
    client.force_login(mette)
    assert {client.get(url).status_code for url in addresses(case, row)} == {200}


def test_a_placement_is_reached_through_its_own_case_only(browser, mette, home):
    row = offer(family(mette), home, mette)
    other = family(mette)
    for name in ("change_placement", "annul_placement"):
        assert browser.get(reverse(f"housing:{name}", args=[other.number, row.pk])).status_code == 404


def test_the_list_is_for_those_who_read_case_files(client, mette):
    coordinator = UserFactory(role="volunteer_coordinator", team=mette.team)
    for user, status in ((mette, 200), (coordinator, 404), (UserFactory(role="administrator"), 404)):
        client.force_login(user)
        assert client.get(reverse("housing:board")).status_code == status
    for name in ("add_dwelling", "add_host"):
        assert client.get(reverse(f"housing:{name}")).status_code == 404


@pytest.mark.parametrize("name", ACTS)
def test_the_act_from_the_form_to_the_step(browser, mette, home, name):
    case = family(mette, visitation_on=ago(5), staying_since=ago(7))
    if name == "next_home":
        offer(case, a_dwelling(), mette, on=ago(5), ends_on=ahead(5), answer=Answer.ACCEPTED)
    found = step(case, name)
    form = filled(home, on="23/11-26", moves_in_on="1.12.26", ends_on="", cause="capacity")
    response = browser.post(act(case, name), form)
    assert (response.status_code, response.url) == (302, case.get_absolute_url())
    found.refresh_from_db()
    assert found.met_on == ago(1)
    row = Placement.objects.latest("pk")
    assert (row.dwelling, row.recorded_by, str(row.moves_in_on)) == (home, mette, "2026-12-01")


def test_asks_for_the_cause_when_it_was_late(browser, mette, home):
    case = family(mette, visitation_on=ago(60))
    case.steps.update(cause="")  # as if the family had been registered in time
    response = browser.post(act(case), filled(home))
    assert response.status_code == 422
    assert "efter fristen. Hvorfor?" in response.text
    assert browser.post(act(case), filled(home, cause="capacity")).status_code == 302
    assert step(case, "temporary_offer").cause == "capacity"


def test_a_taken_home_is_refused_on_the_page_and_nothing_is_written(browser, mette, home):
    offer(family(mette), home, mette)
    case = family(mette, visitation_on=ago(2))
    response = browser.post(act(case), filled(home))
    assert response.status_code == 422
    assert "Rønneholt 4, st. th. er optaget fra 24. nov." in response.text
    assert not case.placements.exists()


def test_an_error_stands_at_its_field(browser, mette, home):
    case = family(mette)
    response = browser.post(act(case), filled(home, ends_on="24.11.2026"))
    assert "Placeringen skal ophøre efter 24.11.2026." in response.context["form"].errors["ends_on"][0]
    response = browser.post(act(case), filled(home, on="25.11.2026"))
    assert "frem i tiden" in response.context["form"].errors["on"][0]


def test_the_choices_say_what_is_free(browser, mette, home, host):
    offer(family(mette), home, mette, ends_on=ahead(30))
    a_dwelling("Kongevejen", "12", places=5)
    closed = a_dwelling("Lyngevej", "9", out_of_use_from=ago(1), out_of_use_reason="Vandskade")
    page = browser.get(act(family(mette))).text
    for words in ("Rønneholt 4, st. th. · optaget til 24. dec.", "Kongevejen 12 · 5 ledige pladser", "Kirsten Holm"):
        assert words in page
    assert closed.name not in page


def test_change_and_annul(browser, mette, home):
    case = family(mette, visitation_on=ago(5))
    row = offer(case, home, mette)
    change = reverse("housing:change_placement", args=[case.number, row.pk])
    back = f"{case.get_absolute_url()}bolig/"
    response = browser.post(change, {"answer": "accepted", "moves_in_on": "24.11.2026", "ends_on": "", "next": back})
    assert (response.status_code, response.url) == (302, back)
    bad = browser.post(change, {"answer": "accepted", "moved_out_on": "25.11.2026"})
    assert bad.status_code == 422
    annul = reverse("housing:annul_placement", args=[case.number, row.pk])
    assert browser.post(annul, {"reason": "Forkert familie"}).status_code == 302
    entry = Entry.objects.get(kind="housing.annulled")
    assert entry.text == "Annulleret: Boligplacering Rønneholt 4, st. th. 24.11.2026. Forkert familie"
    assert entry.data_class == "location"
    assert step(case, "temporary_offer").met_on is None
    assert browser.get(change).status_code == browser.get(annul).status_code == 404


def test_a_new_dwelling_leads_back_to_the_form_with_it_chosen(browser, mette):
    case = family(mette)
    form = {
        "street": "Bybjergvej",
        "house_number": "7",
        "postal_code": "3450",
        "kind": "temporary",
        "places": "4",
        "next": act(case),
    }
    response = browser.post(reverse("housing:add_dwelling"), form)
    home = Dwelling.objects.get(street="Bybjergvej")
    assert response.url == f"{act(case)}?sted=d{home.pk}"
    assert f'<option value="d{home.pk}" selected>' in browser.get(response.url).text
    again = browser.post(reverse("housing:add_dwelling"), form)
    assert "Boligen findes allerede" in again.text
    assert AccessRecord.objects.filter(action="housing.dwelling_added").count() == 1


def test_a_strange_way_back_is_not_followed(browser):
    form = {"name": "Kirsten Holm", "phone": "48 10 01 00", "places": "2", "next": "https://example.com/"}
    assert browser.post(reverse("housing:add_host"), form).url == reverse("housing:board")
    assert Host.objects.get().phone == "+4548100100"
    assert "landekode" in browser.post(reverse("housing:add_host"), {**form, "phone": "abc"}).text


def test_out_of_use_needs_a_reason(browser, home):
    url = reverse("housing:change_dwelling", args=[home.pk])
    assert browser.post(url, {"places": "4", "out_of_use_from": "1.12.2026"}).status_code == 422
    assert (
        browser.post(url, {"places": "4", "out_of_use_from": "1.12.2026", "out_of_use_reason": "Vandskade"}).status_code
        == 302
    )


def test_the_list_names_only_families_one_may_see(browser, mette, stranger, home):
    mine, theirs = family(mette), family(stranger)
    theirs.team = stranger.team
    theirs.save()
    offer(mine, home, mette, answer=Answer.ACCEPTED)
    offer(theirs, a_dwelling(), stranger)
    page = browser.get(reverse("housing:board")).text
    assert mine.get_absolute_url() in page
    assert theirs.number not in page
    assert "Reserveret" in page
    assert AccessRecord.objects.filter(action="housing.board_read", user_id=mette.pk).exists()


def test_double_booking_after_an_annulment_is_seen(browser, mette, home):
    first = family(mette)
    offer(first, home, mette, on=ago(9), answer=Answer.ACCEPTED)
    moved = offer(first, a_dwelling(), mette, answer=Answer.ACCEPTED)
    offer(family(mette), home, mette, moves_in_on=TODAY)
    moved.annulled_on = TODAY
    moved.save()
    assert "Dobbeltbooket" in browser.get(reverse("housing:board")).text


def test_empty_list(browser):
    page = browser.get(reverse("housing:board")).text
    assert "Der er ingen boliger endnu" in page
    assert "Der er ingen private værter endnu" in page


def count_queries(browser, url) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert browser.get(url).status_code == 200
    return len(caught)


def test_query_counts_are_the_same_for_one_and_three(browser, mette):
    counts = []
    case = family(mette)
    browser.get(reverse("housing:board"))  # what the shell keeps for half a minute is read here
    for number in ("1", "2", "3"):
        offer(case, a_dwelling(number=number), mette, answer=Answer.ACCEPTED)
        offer(family(mette), a_dwelling("Lyngevej", number), mette)
        offer(family(mette), Host.objects.create(name=f"Vært {number}"), mette)
        counts.append([count_queries(browser, url) for url in (reverse("housing:board"), act(case))])
    assert counts[0] == counts[2]


@pytest.mark.parametrize("count", [1, 3])
def test_the_panel_asks_once(mette, home, django_assert_num_queries, count):
    case = family(mette)
    for number in range(count):
        offer(case, a_dwelling(number=str(number)), mette)
    assert mette.role_keys
    with django_assert_num_queries(1):
        assert len(panel(case, mette)["rows"]) == count


def test_the_words_of_the_panel(mette, home, host):
    case = family(mette, visitation_on=ago(80))
    assert [found["text"] for found in panel(case, mette)["acts"]] == [
        "Registrér boligplacering",
        "Registrér indkvartering før opholdstilladelse",
    ]
    offer(case, host, mette, on=ago(70), kind="lodging", answer=Answer.ACCEPTED)
    offer(case, a_dwelling("Lyngevej"), mette, on=ago(50), answer=Answer.DECLINED)
    offer(case, a_dwelling("Kongevejen"), mette, on=ago(40), ends_on=ago(2), answer=Answer.ACCEPTED)
    offer(case, home, mette, on=ago(1), moves_in_on=ahead(7))
    found = panel(case, mette)
    assert [row["state"] for row in found["rows"]] == [
        "Afventer svar",
        "Skulle være ophørt 22. nov.",
        "Familien sagde nej",
        "Boede her til 15. okt.",
    ]
    assert found["current"]["home"] == "Kongevejen 12"
    assert [act["text"] for act in found["acts"]] == ["Registrér boligplacering"]


def test_the_tab_shows_it(browser, mette, home):
    case = family(mette, visitation_on=ago(8))
    url = f"{case.get_absolute_url()}bolig/"
    assert "Familien bor ikke i en bolig" in browser.get(url).text
    offer(case, home, mette, moves_in_on=TODAY, answer=Answer.ACCEPTED)
    page = browser.get(url).text
    assert "Bor her" in page
    assert "Annullér" in page
