"""Letters: what they say in both languages, what is missing, what never stands in one; valid on paper."""

import io
import re
from datetime import timedelta

import page
import pypdf
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AccessRecord
from cases.access import get_case
from cases.choices import FamilyRole
from cases.paper import printer_is_missing
from cases.protection import Protection
from cases.services import add_person
from deadlines.services import own_task
from desk.services.family import leave, refresh_all
from letters import paper
from letters.services import batch, facts, printing
from letters.services.facts import KINDS, Missing, Order
from phrases.paper import Bank
from schooling.models import Daycare, DaycareOffer, LanguageOffer, LanguageProvider, School, SchoolOffer
from tests.desk.rows import reads
from tests.factories import TeamFactory, UserFactory, a_family
from tests.pdf_ua import faults
from tests.security.payloads import XSS, active
from volunteers.models import Match, Volunteer

pytestmark = pytest.mark.django_db
needs_printer = pytest.mark.skipif(bool(printer_is_missing()), reason="pango is missing on this machine")
TALK = {"day": "08.01.2027", "time": "1015", "place": "Rådhuset, lokale 2", "interpreter": "on"}


@pytest.fixture
def mette():
    return UserFactory(role="caseworker", phone="+4548126100", team=TeamFactory())


@pytest.fixture
def family(mette, today):
    """An adult with a Cyrillic name, a husband, a child at school and one in day care, each with an offer."""
    case = a_family(
        {"given_names": "Olena Viktorivna", "cyrillic_name": "Олена Коваленко", "languages": "Ukrainsk"},
        {"given_names": "Andrii", "role": FamilyRole.OTHER},
        {"given_names": "Sofiia", "role": FamilyRole.CHILD, "birth_date": today - timedelta(days=3000)},
        {"given_names": "Marko", "role": FamilyRole.CHILD, "birth_date": today - timedelta(days=1000)},
        caseworker=mette,
        team=mette.team,
        arrived_on=today - timedelta(days=2),
        residence_from=today - timedelta(days=2),
    )
    case.olena, case.andrii, case.sofiia, case.marko = case.people.order_by("pk")
    refresh_all(case.pk, today=today)
    later = today + timedelta(days=14)
    offered = {"offered_on": today, "starts_on": later}
    SchoolOffer.objects.create(person=case.sofiia, school=School.objects.create(name="Skovskolen"), **offered)
    DaycareOffer.objects.create(person=case.marko, daycare=Daycare.objects.create(name="Humlebien"), **offered)
    provider = LanguageProvider.objects.create(name="Sprogcenter Nord")
    LanguageOffer.objects.create(person=case.olena, provider=provider, offered_on=today)
    karin = Volunteer.objects.create(name="Karin Frandsen", phone="+4520481193", secrecy_signed_on=today)
    Match.objects.create(case=case, volunteer=karin, round=1, started_on=today)
    return case


def about(case, kind):
    return {"skole": case.sofiia, "dagtilbud": case.marko}.get(kind, case.olena)


def said_in(kind: str) -> dict:
    return TALK if kind == "samtale" else {}


def order(case, kind: str, today, **said) -> Order:
    values = {"day": today + timedelta(days=7), "time": "10.15", "place": "Rådhuset", "interpreter": True}
    return Order(about(case, kind), case.olena, today, values | said)


@pytest.fixture
def browser(mette):
    client = Client()
    client.force_login(mette)
    return client


def url(case, kind: str) -> str:
    return reverse("letters:letter", args=[case.number, kind, about(case, kind).pk])


def post(browser, case, kind: str, do: str, **more):
    data = {"language": "da+uk", "reader": case.olena.pk, "day": "08.01.2027", **said_in(kind), "do": do}
    return browser.post(url(case, kind), data | more)


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_says_the_same_in_both_languages(family, kind, today):
    letter = printing.composed(KINDS[kind], order(family, kind, today), language="da+uk")["letter"]
    danish, ukrainian = (parts for _lang, parts in letter.columns)
    assert len(danish) == len(ukrainian) > 4
    assert danish[0].piece.text == "Til: Olena Viktorivna Kovalenko"
    assert ukrainian[0].piece.text == "Адресат: Олена Коваленко"
    translated = [part for part in ukrainian if part.piece.lang == "uk"]
    assert len(translated) >= len(ukrainian) - 1, "all but the sender's own name"
    assert not any("{" in text for text in letter.texts)


def test_the_card_of_the_contact_person_and_of_one_who_stopped(family, today):
    def texts():
        return printing.composed(KINDS["kontaktperson"], order(family, "kontaktperson", today), language="da")[
            "letter"
        ].texts

    assert "Din kontaktperson er: Karin Frandsen" in texts()
    assert "Telefon til kontaktpersonen: 20\u00a048\u00a011\u00a093" in texts()
    assert "Kontaktpersonen har skrevet under på ikke at fortælle andre om dig." in texts()
    Match.objects.update(ended_on=today, end_reason="volunteer")
    assert "Din kontaktperson er stoppet: Karin Frandsen" in texts()
    assert not any("48" in text and "kontaktpersonen" in text for text in texts())
    Match.objects.all().delete()
    with pytest.raises(Missing, match="ingen kontaktperson endnu"):
        texts()


def test_the_welcome_names_the_first_dates_and_no_health(family, today):
    texts = printing.composed(KINDS["velkomst"], order(family, "velkomst", today), language="da")["letter"].texts
    assert any(text.startswith("Din sagsbehandler: Mette") for text in texts)
    assert "Telefon til Jobberiet: 48\u00a012\u00a061\u00a000" in texts
    assert "børnenes vaccinationskort" in texts
    steps = facts.first_dates(order(family, "velkomst", today))
    assert steps
    assert [step.on for step in steps] == sorted(step.on for step in steps)
    health = [text for text in Bank.read(["da"]).wordings("activity") if "helbred" in text.lower()]
    assert not set(health) & set(texts)


def test_what_is_missing_is_said_with_the_page_where_it_is_registered(browser, family):
    SchoolOffer.objects.all().delete()
    answer = browser.get(url(family, "skole"))
    assert "Der er ikke registreret et tilbud om skole." in answer.text
    assert reverse("schooling:school_offer", args=[family.number, family.sofiia.pk]) in answer.text
    assert post(browser, family, "skole", "pdf").status_code == 422


def test_a_place_is_not_told_to_the_one_it_is_kept_from(browser, family, mette, today):
    shared = {"starts_on": today, "review_on": today + timedelta(days=365), "registered_on": today}
    Protection.objects.create(person=family.sofiia, against=family.andrii, registered_by=mette, **shared)
    told = post(browser, family, "skole", "preview", reader=family.olena.pk)
    kept = post(browser, family, "skole", "pdf", reader=family.andrii.pk)
    assert "Skovskolen" in told.text
    assert kept.status_code == 422
    assert "Skovskolen" not in kept.text
    assert "er beskyttet mod modtageren" in kept.text


def test_a_date_that_has_passed_is_not_printed_without_asking(browser, family):
    asked = post(browser, family, "samtale", "show", day="02.11.2026")
    assert asked.status_code == 422
    assert "Passeret: 02.11.2026" in asked.text
    assert post(browser, family, "samtale", "show", day="02.11.2026", anyway="on").status_code == 200


@pytest.mark.parametrize("time", ["10.15", "10:15", "1015", " 10.15 "])
def test_a_time_typed_any_way(browser, family, time):
    shown = post(browser, family, "samtale", "preview", time=time).text
    assert "kl. 10.15" in shown
    assert "Час: 10:15" in shown, "a dotted number after a date would read as a date"


def test_a_time_that_is_none_is_refused_and_nothing_typed_is_lost(browser, family):
    answer = post(browser, family, "samtale", "pdf", time="25.00", place="Rådhuset & biblioteket")
    assert answer.status_code == 422
    assert "Skriv klokkeslættet som 10.15." in answer.text
    assert 'value="Rådhuset &amp; biblioteket"' in answer.text


def test_the_letter_alone_for_the_citizen_stands_in_the_log(browser, family):
    answer = post(browser, family, "velkomst", "show")
    assert "Ласкаво просимо до муніципалітету" in answer.text
    assert "<nav" not in answer.text
    row = AccessRecord.objects.get(action="letter.shown")
    assert (row.case_number, row.person_id, row.detail) == (family.number, family.olena.pk, "velkomst")


def test_what_was_typed_stands_there_again_after_it_was_shown(browser, family):
    post(browser, family, "samtale", "show")
    html = browser.get(url(family, "samtale")).text
    assert 'value="Rådhuset, lokale 2"' in html
    assert 'value="1015"' in html


def test_without_any_phone_no_line_ends_in_nothing(family, today, settings):
    family.caseworker.phone = ""
    settings.MUNICIPALITY = settings.MUNICIPALITY | {"phone": ""}
    for kind in KINDS:
        wanted = order(family, kind, today)
        wanted.reader.case.caseworker.phone = ""
        texts = printing.composed(KINDS[kind], wanted, language="da")["letter"].texts
        assert not [text for text in texts if text.endswith((": ", "telefon:"))]


def test_the_page_of_the_family_offers_what_there_is(browser, family):
    html = browser.get(reverse("letters:letters", args=[family.number])).text
    for kind in KINDS:
        assert url(family, kind) in html
    assert reverse("letters:letters", args=[family.number]) in browser.get(family.get_absolute_url()).text


def test_strangers_and_nonsense_get_404(family):
    other = Client()
    other.force_login(UserFactory(role="caseworker", team=TeamFactory()))
    coordinator = Client()
    coordinator.force_login(UserFactory(role="volunteer_coordinator"))
    for client in (other, coordinator):
        assert client.get(url(family, "velkomst")).status_code == 404
        assert client.get(reverse("letters:sheet_pdf", args=[family.number])).status_code == 404
    owner = Client()
    owner.force_login(family.caseworker)
    assert owner.get(reverse("letters:letter", args=[family.number, "findes-ikke", family.olena.pk])).status_code == 404
    assert owner.get(reverse("letters:letter", args=[family.number, "velkomst", family.sofiia.pk])).status_code == 404


@pytest.mark.parametrize("payload", XSS[:40])
def test_markup_in_a_letter_is_text(browser, family, payload):
    family.people.update(given_names=payload[:80])
    for do in ("preview", "show"):
        assert active(post(browser, family, "samtale", do, place=payload[:120]).text) == []


def test_two_and_five_children_cost_the_same(browser, family, today):
    address = reverse("letters:letters", args=[family.number])
    browser.get(address)
    two = reads(browser, address)
    for name in ("Daria", "Ihor", "Mila"):
        add_person(family, today=today, dates={}, given_names=name, role=FamilyRole.CHILD, birth_date=today)
    assert reads(browser, address) == two


# --- On paper ---------------------------------------------------------------------------------


def words(content: bytes) -> str:
    text = "".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(content)).pages)
    return re.sub(r"[\s‐­]+", "", text)


def squeezed(text: str) -> str:
    return re.sub(r"[\s‐]+", "", text)


@needs_printer
@pytest.mark.parametrize("language", ["da+uk", "da+en", "uk"])
@pytest.mark.parametrize("kind", KINDS)
def test_on_paper_it_is_valid_readable_and_one_sheet(family, kind, language, today):
    composed = printing.composed(KINDS[kind], order(family, kind, today), language=language)
    content = printing.letters_pdf([composed])
    assert faults(content) == []
    report = page.validate_pdf_bytes(content, profile=page.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, report
    assert len(pypdf.PdfReader(io.BytesIO(content)).pages) == 1
    found = words(content)
    assert [text for text in composed["letter"].texts if squeezed(text) not in found] == []


@needs_printer
def test_from_the_page_to_the_file(browser, family):
    answer = post(browser, family, "velkomst", "pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="velkomst-{family.number}.pdf"'
    assert AccessRecord.objects.get(action="letter.print").detail == "velkomst"


@needs_printer
def test_the_family_sheet_is_one_page_with_phones_and_the_next_three(browser, family):
    family.people.filter(pk=family.olena.pk).update(phone="+4520481193")
    content = b"".join(browser.get(reverse("letters:sheet_pdf", args=[family.number])))
    assert faults(content) == []
    found = words(content)
    for word in ("Familieark", "Olena", "Sofiia", "20481193", "Detnæste"):
        assert word in found
    assert len(pypdf.PdfReader(io.BytesIO(content)).pages) == 1


def test_the_family_sheet_holds_nothing_typed_and_nobody_who_left(family, mette, today):
    own_task(family, title="Ring til krisecentret", due_on=today, by=mette, today=today)
    leave(family.andrii, on=today, reason="moved", by=mette, today=today)
    case = get_case(mette, family.number)
    told = printing.sheet(case, mette, today=today)
    assert [person["name"].split()[0] for person in told["people"]] == ["Olena", "Sofiia", "Marko"]
    assert len(told["next"]) == 3
    assert "krisecentret" not in str(told)


def test_dates_that_passed_are_found_in_every_kind_of_line(today):
    early = today - timedelta(days=1)
    lines = [paper.Line("a", values={"day": early}), paper.Step(early, "x"), paper.Line("b", values={"day": today})]
    assert paper.past(lines, today) == [early]


def test_nobody_without_an_offer_gets_a_letter(family, today):
    LanguageOffer.objects.update(answer="declined")
    with pytest.raises(Missing):
        facts.written(KINDS["sprogskole"], order(family, "sprogskole", today))
    assert {person.pk for person in batch.adults(family, today)} == {family.olena.pk, family.andrii.pk}
