"""The public form: three languages, no cookie, nothing echoed; machines end in quarantine and nobody floods the list."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from offers import texts
from offers.choices import Doubt, State
from offers.models import HelpOffer
from offers.services import receiving
from tests.conftest import MORNING

pytestmark = pytest.mark.django_db
LANGUAGES = texts.LANGUAGES
SLUGS = [kind["slug"] for kind in texts.kinds("da")]
WORDS = {"name": "Vibeke Elmholt", "email": "vibeke@example.dk", "message": "Jeg vil gerne hjælpe.", "consent": "on"}


@pytest.fixture
def citizen():
    return Client(enforce_csrf_checks=True)


def url(language: str = "da", slug: str = "kontaktperson") -> str:
    return reverse("offers:form", args=[language, slug])


def opened(seconds: float = 60) -> str:
    """The stamp of a form that was opened so long ago."""
    return receiving.stamp(timezone.now() - timedelta(seconds=seconds))


def send(client, *, path: str = "", opened_ago: float = 60, ip: str = "192.0.2.7", **words):
    data = WORDS | {"stamp": opened(opened_ago)} | words
    return client.post(path or url(), {key: value for key, value in data.items() if value is not None}, REMOTE_ADDR=ip)


def body(answer) -> str:
    return answer.content.decode()


# --- Pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_front_leads_to_the_six_forms_and_back(citizen, language):
    answer = citizen.get(reverse("offers:front_in", args=[language]))
    assert f'<html lang="{language}"' in body(answer)
    for kind in texts.kinds(language):
        assert kind["title"] in body(answer)
        assert f'href="{url(language, kind["slug"])}"' in body(answer)
    assert "Allerød Kommune" in body(answer)


def test_the_first_page_is_danish_and_every_page_has_its_like_in_each_language(citizen):
    answer = body(citizen.get("/hjaelp/"))
    assert "Hvordan kan du hjælpe?" in answer
    assert 'href="/hjaelp/en/"' in answer
    assert 'href="/hjaelp/uk/"' in answer
    assert f'href="{url("uk", "bolig")}"' in body(citizen.get(url("da", "bolig")))


@pytest.mark.parametrize("path", ["/hjaelp/de/", "/hjaelp/da/penge/", "/hjaelp/de/tak/", "/hjaelp/de/bolig/"])
def test_other_addresses_lead_nowhere(citizen, path):
    assert citizen.get(path).status_code == 404


def test_all_sentences_stand_in_all_languages():
    assert {len(texts.words(language)) for language in LANGUAGES} == {len(texts.book()["page"])}
    for kind in texts.book()["kinds"]:
        assert len({len(texts.questions(kind, language)) for language in LANGUAGES}) == 1
        assert len(texts.questions(kind, "da")) <= 3


def test_no_page_sets_a_cookie_or_needs_a_script(citizen):
    pages = [
        citizen.get(reverse("offers:front")),
        citizen.get(url()),
        citizen.get(reverse("offers:receipt", args=["en"])),
    ]
    pages += [send(citizen), send(citizen, name=""), send(citizen, opened_ago=2), send(citizen, opened_ago=90_000)]
    pages += [send(citizen) for _each in range(5)]
    assert {page.status_code for page in pages} == {200, 302, 422, 429}
    for page in pages:
        assert not page.cookies
        assert "Set-Cookie" not in page.headers
        assert "<script" not in body(page)
        assert "csrfmiddlewaretoken" not in body(page)


# --- What is sent -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", SLUGS)
def test_each_form_is_stored_with_its_own_answers(citizen, language, slug):
    kind = texts.kind_of(slug, language)
    own = {
        one["name"]: one["choices"][0][0] if one["choices"] else "Svar" for one in texts.questions(kind["key"], "da")
    }
    answer = send(citizen, path=url(language, slug), phone="20 48 11 93", town="Lynge", **own)
    assert answer.status_code == 302
    assert answer["Location"] == reverse("offers:receipt", args=[language])
    row = HelpOffer.objects.get()
    assert (row.kind, row.language, row.state, row.doubt) == (kind["key"], language, State.NEW, "")
    assert (row.name, row.email, row.phone, row.town) == ("Vibeke Elmholt", "vibeke@example.dk", "+4520481193", "Lynge")
    assert row.details == own
    assert row.delete_on.isoformat() == "2027-05-24"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_missing_is_said_in_the_language_of_the_page_and_nothing_is_lost(citizen, language):
    typed = {"name": "", "email": "", "consent": None, "message": "Det her må ikke gå tabt", "languages": "tysk"}
    answer = send(citizen, path=url(language), **typed)
    assert answer.status_code == 422
    errors = texts.errors(language)
    for key, target in (("name", "id_name"), ("reach", "id_email"), ("consent", "id_consent")):
        assert f'<a href="#{target}">{errors[key]}</a>' in body(answer)
        assert f'id="{target}"' in body(answer)
    assert "Det her må ikke gå tabt" in body(answer)
    assert 'value="tysk"' in body(answer)
    assert body(answer).count("<title>" + texts.words(language)["fault_prefix"]) == 1
    assert not HelpOffer.objects.exists()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("email", "vibeke@", "email"),
        ("phone", "12", "phone"),
        ("name", "x" * 121, "long"),
        ("message", "x" * 2001, "long"),
        ("languages", "x" * 201, "long"),
        ("name", "Vibeke\r\nBcc: alle@example.dk", "line"),
        ("email", "vibeke@example.dk\nBcc: alle@example.dk", "line"),
        ("town", "Lynge\0", "line"),
    ],
)
def test_bad_input_is_told_what_to_do(citizen, language, field, value, error):
    answer = send(citizen, path=url(language), **{field: value})
    assert answer.status_code == 422
    said = texts.errors(language)[error].partition("%")[0]
    assert said in body(answer).replace("&#x27;", "'")
    assert not HelpOffer.objects.exists()


def test_a_strange_choice_is_told_too(citizen):
    answer = send(citizen, path=url("en", "ting"), deliver="<b>")
    assert texts.errors("en")["choice"] in body(answer)


def test_what_is_pasted_from_elsewhere_is_tidied(citizen):
    pasted = {"name": "Vibeke\u00a0Elm\u00adholt", "phone": "20\u00a048\u00a011\u00a093", "town": "Lynge\t"}
    send(citizen, message="Første\u00a0linje\r\nAnden \u202elinje\0", **pasted)
    row = HelpOffer.objects.get()
    assert (row.name, row.phone, row.town) == ("Vibeke Elmholt", "+4520481193", "Lynge")
    assert row.message == "Første linje\nAnden linje"


def test_either_way_to_answer_is_enough(citizen):
    assert send(citizen, email="", phone="+380 67 123 45 67").status_code == 302
    assert send(citizen, phone="").status_code == 302
    assert HelpOffer.objects.filter(phone="+380671234567", email="").count() == 1


def test_the_answer_is_the_same_for_known_and_unknown_and_for_machines(citizen):
    answers = [send(citizen), send(citizen), send(citizen, email="ukendt@example.dk"), send(citizen, website="x")]
    assert len({(one.status_code, one["Location"], one.content) for one in answers}) == 1
    pages = [citizen.get(answers[0]["Location"]).content for _each in range(2)]
    assert pages[0] == pages[1]
    assert b"Vibeke" not in pages[0]
    assert "inden 3 hverdage" in pages[0].decode()


# --- Machines -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "doubt"),
    [
        ({"website": "http://example.com"}, Doubt.TRAP),
        ({"opened_ago": 1}, Doubt.HASTE),
        ({"opened_ago": -60}, Doubt.HASTE),
        ({"stamp": ""}, Doubt.UNSIGNED),
        ({"stamp": "1764000000:abc:def"}, Doubt.UNSIGNED),
        ({"stamp": None}, Doubt.UNSIGNED),
    ],
)
def test_what_a_machine_would_send_stands_in_quarantine(citizen, given, doubt):
    assert send(citizen, **given).status_code == 302
    row = HelpOffer.objects.get()
    assert row.doubt == doubt
    assert row.delete_on.isoformat() == "2026-12-24"


def test_a_page_that_was_open_for_more_than_a_day_comes_back_with_the_text(citizen):
    answer = send(citizen, opened_ago=24 * 3600 + 1, town="Blovstrød")
    assert answer.status_code == 422
    assert texts.words("da")["stale_title"] in body(answer)
    assert 'value="Blovstrød"' in body(answer)
    assert not HelpOffer.objects.exists()
    fresh = answer.context["form"]["stamp"].value()
    with time_machine.travel(MORNING + timedelta(seconds=30), tick=False):
        assert send(citizen, stamp=fresh).status_code == 302
    assert HelpOffer.objects.get().doubt == ""


def test_a_corrected_form_keeps_its_time(citizen):
    first = send(citizen, name="", opened_ago=60)
    assert send(citizen, stamp=first.context["form"]["stamp"].value()).status_code == 302
    assert HelpOffer.objects.get().doubt == ""


def test_the_trap_is_hidden_from_people_also_from_those_who_listen(citizen):
    page = body(citizen.get(url()))
    trap = page[page.index('<div class="trap"') :]
    assert trap.startswith('<div class="trap" aria-hidden="true">')
    assert 'tabindex="-1"' in trap[: trap.index("</div>")]
    assert 'autocomplete="off"' in trap[: trap.index("</div>")]


def test_a_thousand_posts_of_a_machine_leave_five_in_quarantine(citizen):
    answers = [send(citizen, website="x", email=f"{number}@example.com").status_code for number in range(1_000)]
    assert answers.count(302) == 5
    assert answers.count(429) == 995
    assert HelpOffer.objects.exclude(doubt="").count() == HelpOffer.objects.count() == 5


def test_a_thousand_posts_from_as_many_addresses_leave_nothing_in_the_list(citizen):
    for number in range(1_000):
        send(citizen, stamp="", ip=f"10.0.{number // 250}.{number % 250 + 1}")
    assert not HelpOffer.objects.filter(doubt="").exists()


def test_beyond_two_hundred_a_day_everything_waits_in_quarantine(citizen, monkeypatch):
    monkeypatch.setattr(receiving, "PER_DAY", 3)
    for number in range(5):
        assert send(citizen, ip=f"192.0.2.{number}").status_code == 302
    assert HelpOffer.objects.filter(doubt="").count() == 3
    assert HelpOffer.objects.filter(doubt=Doubt.CROWDED).count() == 2
    with time_machine.travel(MORNING + timedelta(days=1), tick=False):
        send(citizen)
    assert HelpOffer.objects.filter(doubt="").count() == 4


def test_quarantine_has_an_end_too(citizen, monkeypatch):
    monkeypatch.setattr(receiving, "QUARANTINE_PER_DAY", 2)
    codes = [send(citizen, website="x", ip=f"192.0.2.{number}").status_code for number in range(3)]
    assert codes == [302, 302, 429]
    assert send(citizen, ip="192.0.2.9").status_code == 302


def test_an_address_may_send_again_after_an_hour_and_is_never_stored(citizen):
    codes = [send(citizen).status_code for _each in range(6)]
    assert codes == [302] * 5 + [429]
    answer = send(citizen)
    assert texts.words("da")["too_many"] in body(answer)
    with time_machine.travel(MORNING + timedelta(minutes=61), tick=False):
        assert send(citizen).status_code == 302
    for row in HelpOffer.objects.all():
        assert "192.0.2" not in str(vars(row))
        assert len(row.sender) == 64


def test_a_made_up_forwarding_header_is_not_believed(citizen):
    data = WORDS | {"stamp": opened()}
    codes = [
        citizen.post(
            url(), data, REMOTE_ADDR="192.0.2.7", headers={"X-Forwarded-For": f"198.51.100.{number}"}
        ).status_code
        for number in range(6)
    ]
    assert codes == [302] * 5 + [429]


def test_behind_a_proxy_the_citizens_own_address_counts(citizen, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    data = WORDS | {"stamp": opened()}
    codes = [
        citizen.post(
            url(), data, REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": f"198.51.100.{number}"}
        ).status_code
        for number in range(6)
    ]
    assert codes == [302] * 6


def test_the_ends_of_one_network_count_together():
    assert receiving.sender_of("2001:db8:1:2::1") == receiving.sender_of("2001:db8:1:2:ffff::9")
    assert receiving.sender_of("2001:db8:1:2::1") != receiving.sender_of("2001:db8:1:3::1")
    assert receiving.sender_of("::ffff:192.0.2.7") == receiving.sender_of("192.0.2.7")
    assert receiving.sender_of("no address")
