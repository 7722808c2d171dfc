"""The page Tekstbank: who reads, who writes, and what it says."""

import pytest
from django.urls import reverse

from phrases.models import Language, Phrase, Translation
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
BANK = "/tekstbank/"


@pytest.fixture
def manager():
    return UserFactory(role="manager")


@pytest.fixture
def web(client, manager):
    client.force_login(manager)
    return client


@pytest.fixture
def offer():
    return Phrase.objects.get(key="activity.schooling.school_offer")


def page_of(phrase, language="uk"):
    return f"{reverse('phrases:phrase', args=[phrase.pk])}?sprog={language}"


def sent(text="{name}: школа.", revision=1, do="save"):
    return {"text": text, "revision": revision, "do": do}


def test_a_caseworker_reads_and_a_coordinator_finds_nothing(client, offer):
    client.force_login(UserFactory(role="caseworker"))
    assert "Мій план" in client.get(BANK).content.decode()
    page = client.get(page_of(offer)).content.decode()
    assert "{name}: пропозиція місця в школі." in page
    assert "<textarea" not in page
    assert client.post(page_of(offer), sent()).status_code == 404
    assert client.get(reverse("phrases:add_language")).status_code == 404
    client.force_login(UserFactory(role="volunteer_coordinator"))
    assert client.get(BANK).status_code == 404


@pytest.mark.parametrize(
    ("query", "there", "absent"),
    [
        ({"omraade": "housing"}, "Vi tilbyder en midlertidig bolig.", "Du får et CPR-nummer."),
        ({"slags": "goal"}, "Jeg vil gerne have en fast bolig.", "Vi tilbyder en midlertidig bolig."),
        ({"q": "самозабезп"}, "Selvforsørgelse", "Min plan</a>"),
        ({"status": "draft", "side": "2"}, "Du bliver tilmeldt folkeregistret.", "Min plan</a>"),
        ({"status": "approved"}, "Ingen sætninger passer til filtrene.", "Min plan</a>"),
        ({"sprog": "en", "q": "CPR"}, "You get a CPR number.", "Ви отримуєте"),
        ({"sprog": "xx", "omraade": "nowhere"}, "Мій план", "Ingen sætninger"),
    ],
)
def test_the_list_is_narrowed(web, query, there, absent):
    page = web.get(BANK, query).content.decode()
    assert there in page
    assert absent not in page


def test_the_list_asks_the_same_number_of_questions_for_one_and_for_fifty(web, django_assert_max_num_queries):
    for query in ({"q": "Krimtatarisk"}, {}):
        with django_assert_max_num_queries(14):
            assert web.get(BANK, query).status_code == 200


def test_the_manager_writes_and_approves_and_comes_to_the_next_draft(web, offer, manager, today):
    answer = web.post(page_of(offer), sent(), follow=True)
    assert "Sætningen er gemt som kladde." in answer.content.decode()
    answer = web.post(page_of(offer), sent(revision=2, do="approve"))
    following = Phrase.objects.get(key="activity.schooling.daycare_offer")
    assert answer["Location"] == page_of(following)
    row = Translation.objects.get(phrase=offer, language="uk")
    assert (row.text, row.approved_by, row.approved_on) == ("{name}: школа.", manager, today)
    page = web.get(page_of(offer)).content.decode()
    assert "Godkendt" in page
    assert f"af {manager.name}" in page


def test_a_missing_placeholder_is_said_and_nothing_typed_is_lost(web, offer):
    answer = web.post(page_of(offer), sent(text="Немає імені"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Pladsholderen {name} mangler i teksten." in page
    assert "Немає імені" in page


def test_the_second_of_two_sees_both_texts(web, offer):
    web.post(page_of(offer), sent(text="{name}: школа."))
    answer = web.post(page_of(offer), sent(text="{name}: місце."))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "{name}: школа." in page
    assert "{name}: місце." in page
    assert 'value="2"' in page
    assert web.post(page_of(offer), sent(text="{name}: місце.", revision=2)).status_code == 302


def test_a_language_is_added_on_the_page(web, offer):
    answer = web.post(
        reverse("phrases:add_language"), {"code": "pl", "name": "polsk", "own_name": "polski"}, follow=True
    )
    assert "Polsk er tilføjet" in answer.content.decode()
    assert Language.objects.get(code="pl").name == "Polsk"
    assert "er ikke skrevet" not in web.get(page_of(offer, "pl")).content.decode()
    assert web.post(page_of(offer, "pl"), sent(text="{name}: szkoła.", revision=0)).status_code == 302
    answer = web.post(reverse("phrases:add_language"), {"code": "pl", "name": "Polsk", "own_name": "polski"})
    assert "Sproget pl findes allerede." in answer.content.decode()


def test_markup_stands_as_typed(web, offer):
    web.post(page_of(offer), sent(text="{name} <b onclick=x>&"))
    assert "{name} &lt;b onclick=x&gt;&amp;" in web.get(page_of(offer)).content.decode()
