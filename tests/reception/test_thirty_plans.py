"""Thirty plans of all kinds on paper: valid, readable, whole; and forty ways to smuggle markup into one."""

import io
import random
import re
import shutil
import subprocess
from datetime import timedelta
from functools import cache

import page
import pypdf
import pytest

from cases.choices import FamilyRole
from cases.paper import print_html, printer_is_missing
from phrases.paper import Bank
from phrases.slots import SLOT
from reception.models import Plan, PlanActivity
from reception.paper import LARGE, WITHOUT_HEALTH
from reception.services import document
from tests.factories import UserFactory, a_family
from tests.pdf_ua import faults
from tests.security.payloads import XSS

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(bool(printer_is_missing()), reason="pango is missing on this machine"),
]
LANGUAGES = ("da+uk", "da", "uk", "da+en", "en")
FREE = (
    "Ring til Amira på tirsdag & aftal <nærmere>.",
    "Speciallægepraktiserendeøjenlægehenvisningsprocedure uden mellemrum",
    "Я хочу відвідувати хор у церкві щонеділі та співати з іншими людьми.",
    "Praktik på Skovvang Plejehjem. " + "Mødetiden aftales med afdelingslederen, og turnus gennemgås. " * 3,
)
VALUES = {"place": "Kongevejens Skole", "day": "08.01.2027", "time": "10.15", "phone": "48 12 61 00"}


@cache
def forty() -> tuple[str, ...]:
    return XSS[:40]


def squeezed(text: str) -> str:
    """Without white space and the hyphens of lines, which a reader of PDFs leaves where it found them."""
    return re.sub(r"[\s‐]+", "", text)


def sheets(content: bytes) -> list[str]:
    return [squeezed(sheet.extract_text()) for sheet in pypdf.PdfReader(io.BytesIO(content)).pages]


def a_plan(number: int, bank: Bank, today):
    """(person, plan, the Danish lines): another family, other sentences, every few of them typed freely."""
    chance = random.Random(number)
    grown = {"given_names": "Olena Viktorivna", "cyrillic_name": "Олена Коваленко", "languages": "Ukrainsk, russisk"}
    child = {"given_names": "Sofiia", "role": FamilyRole.CHILD, "birth_date": today - timedelta(days=3000)}
    if number % 2:
        child["cyrillic_name"] = "Софія Коваленко"
    case = a_family(grown, child, caseworker=UserFactory(role="caseworker"), arrived_on=today - timedelta(days=9))
    person, about = case.people.order_by("pk")
    goals = bank.wordings("goal")
    plan = Plan.objects.create(person=person, goal=chance.choice([*goals, FREE[2], FREE[0] * 4, ""]))
    keys = chance.sample(bank.keys_of("activity"), 3 + number % 28)
    lines = []
    for at, key in enumerate(keys):
        said = bank.text(key, name=about.short_name, **VALUES)
        text = chance.choice(FREE) if at % 5 == 4 else said
        named = "{name}" in bank.sentences[key]["da"].text
        lines.append(
            PlanActivity(
                plan=plan, position=at, area=key.split(".")[1], text=text, about=about if named else None,
                responsible=chance.choice([*bank.wordings("who"), "Amira Haddad"]),
                contact=chance.choice(["", "amira@example.dk, 12 34 56 78"]),
                on=chance.choice([None, today + timedelta(days=chance.randrange(90))]),
            )
        )  # fmt: skip
    PlanActivity.objects.bulk_create(lines)
    return person, plan, lines


def expected(bank: Bank, languages: list[str], lines, person) -> set[str]:
    """Every sentence that the paper has to say, in each of its languages."""
    child = person.case.people.order_by("pk").last()
    found = set()
    for line in lines:
        known = bank.recognize(line.text, "activity")
        if known is None:
            found.add(line.text)
            continue
        for lang in languages:
            name = (child.cyrillic_name if lang == "uk" else "") or child.short_name
            found.add(bank.text(known[0], lang, **known[1] | ({"name": name} if "name" in known[1] else {})))
    return found


@pytest.mark.parametrize("number", [pytest.param(n, marks=[pytest.mark.nightly] * (n > 9)) for n in range(30)])
def test_a_generated_plan_is_valid_readable_and_whole(number, today):
    bank = Bank.read(["da", "uk", "en"])
    person, plan, lines = a_plan(number, bank, today)
    language = LANGUAGES[number % len(LANGUAGES)]
    without_health = number % 6 == 5
    editions = [LARGE] * (number % 7 == 3) + [WITHOUT_HEALTH] * without_health
    content = document.plan_pdf(person, language=language, editions=editions, today=today, plan=plan)
    report = page.validate_pdf_bytes(content, profile=page.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, report
    assert faults(content) == []
    printed = [line for line in lines if not (without_health and line.area == "health")]
    pages = sheets(content)
    for said in expected(bank, language.split("+"), printed, person):
        assert any(squeezed(said) in sheet for sheet in pages), f"not whole on one page: {said}"
    if without_health:
        gone = {line.text for line in lines} - {line.text for line in printed}
        assert not [text for text in gone if squeezed(text) in "".join(pages)]
    assert squeezed(person.full_name) in pages[0]
    assert squeezed("Олена Коваленко") in pages[0]
    assert not SLOT.search("".join(pages))
    if shutil.which("pdftotext"):
        look_with_poppler(content, expected(bank, language.split("+"), printed, person))


def look_with_poppler(content: bytes, wanted: set[str]) -> None:
    """Another reader finds every sentence too, and no word lies outside of the margins."""
    text = squeezed(poppler(content, "-raw"))
    assert [said for said in wanted if squeezed(said) not in text] == []
    words = re.findall(
        r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">', poppler(content, "-bbox")
    )
    assert words
    # A4 is 595 by 842 points, and 15 mm are 42 of them
    outside = [box for box in words if float(box[0]) < 42 or float(box[2]) > 554 or float(box[3]) > 842 - 20]
    assert outside == []


def poppler(content: bytes, how: str) -> str:
    command = ["pdftotext", how, "-", "-"]
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()


@pytest.mark.parametrize("language", ["da+uk", "uk"])
def test_page_numbers_stand_in_the_languages_of_the_paper(language, today):
    person, plan, _lines = a_plan(27, Bank.read(["da", "uk"]), today)
    pages = sheets(document.plan_pdf(person, language=language, today=today, plan=plan))
    assert len(pages) > 1
    for number, sheet in enumerate(pages, 1):
        assert (f"Side{number}af{len(pages)}" in sheet) == (language != "uk")
        assert f"Сторінка{number}з{len(pages)}" in sheet


def test_free_text_is_marked_in_the_readers_language(today):
    person, plan, _lines = a_plan(1, Bank.read(["da", "uk"]), today)
    plan.activities.all().delete()
    PlanActivity.objects.create(plan=plan, area="health", text="Gå en tur hver dag")
    for language, mark in (("da+uk", "Не перекладено"), ("uk", "Не перекладено"), ("da+en", "Not translated")):
        plan.goal = ""
        text = "".join(sheets(document.plan_pdf(person, language=language, today=today, plan=plan)))
        assert text.count(squeezed(mark)) == 1
        assert "Ikkeoversat" not in text
    text = "".join(sheets(document.plan_pdf(person, language="da", today=today, plan=plan)))
    assert "Ikkeoversat" not in text


def test_a_sentence_about_somebody_else_is_free_text(today):
    """The bank's words are taken only with the name of the child that the line is about."""
    person, plan, _lines = a_plan(2, Bank.read(["da", "uk"]), today)
    plan.activities.all().delete()
    PlanActivity.objects.create(plan=plan, area="schooling", text="Hele vores familie får lektiehjælp.")
    text = "".join(sheets(document.plan_pdf(person, language="da+uk", today=today, plan=plan)))
    assert "Неперекладено" in text
    assert squeezed("допомога з домашніми") not in text


def test_forty_ways_to_smuggle_markup_stand_as_typed(today):
    bank = Bank.read(["da", "uk"])
    person, plan, _lines = a_plan(3, bank, today)
    plan.activities.all().delete()
    plan.goal = "\n".join(forty())
    areas = ("reception", "housing", "employment", "schooling", "health", "volunteers")
    PlanActivity.objects.bulk_create(
        PlanActivity(
            plan=plan, position=at, area=areas[at % 6], text=text[:300], responsible=text[:80], contact=text[:120]
        )
        for at, text in enumerate(forty())
    )
    person.given_names, person.languages, person.cyrillic_name = forty()[0], forty()[1], forty()[2]
    person.family_name = ""
    person.case.caseworker.first_name = forty()[3]
    content = document.plan_pdf(person, language="da+uk", today=today, plan=plan)
    text = "".join(sheets(content))
    for said in forty():
        assert text.count(squeezed(said[:300])) >= 2, said
        assert squeezed(said[:80]) in text
        assert squeezed(said[:120]) in text
    for said in forty()[:4]:
        assert text.count(squeezed(said)) >= 3, said
    reader = pypdf.PdfReader(io.BytesIO(content))
    assert not list(reader.attachments)
    assert not [note for sheet in reader.pages for note in sheet.get("/Annots", [])]
    assert b"/JavaScript" not in content
    assert page.validate_pdf_bytes(content, profile=page.ValidationProfile.PDF_UA_1).is_compliant


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<html><head><title>x</title></head><body><h1>x</h1></body></html>", "no language"),
        ('<html lang="da"><body><h1>x</h1></body></html>', "no title"),
        ('<html lang="da"><head><title>x</title></head><body><h2>x</h2></body></html>', "headings begin"),
        ('<html lang="da"><head><title>x</title></head><body><h1>x</h1><h3>y</h3></body></html>', "level 3 follows"),
        (
            '<html lang="da"><head><title>x</title></head><body><h1>x</h1><table><tr><td>a</td></tr></table></body></html>',
            "headers",
        ),
    ],
)
def test_our_own_reading_finds_what_is_missing(html, said):
    assert [fault for fault in faults(print_html(f"<!doctype html>{html}")) if said in fault]
