"""Min plan on paper: languages, text as typed, file name, and what the command writes."""

import io
from datetime import date

import page
import pypdf
import pytest
from django.core.management import CommandError, call_command

from accounts.models import AccessRecord
from cases.choices import FamilyRole
from cases.paper import printer_is_missing
from deadlines import engine
from deadlines.models import Step
from phrases.models import Language, Phrase, Translation
from reception.rules import RULES
from reception.services import document
from reception.services import plan as plans
from reception.services.plan import Line
from tests.factories import UserFactory, a_family

pytestmark = pytest.mark.skipif(bool(printer_is_missing()), reason="pango is missing on this machine")
ARRIVED = date(2026, 11, 13)
GOAL = "Jeg vil arbejde som sygeplejerske <b>i Danmark</b> & lære dansk."


def read(content: bytes) -> tuple[str, int]:
    reader = pypdf.PdfReader(io.BytesIO(content))
    return " ".join(" ".join(sheet.extract_text() for sheet in reader.pages).split()), len(reader.pages)


@pytest.fixture
def olena(rule_set, worker, today):
    child = {"given_names": "Sofiia", "role": FamilyRole.CHILD, "birth_date": date(2017, 5, 9)}
    mother = {
        "given_names": "Olena",
        "cyrillic_name": "Олена Коваленко",
        "languages": "Ukrainsk",
        "udl_nr": "24 100 200",
    }
    case = a_family(mother, child, caseworker=worker, arrived_on=ARRIVED, visitation_on=ARRIVED)
    engine.refresh([case.pk], RULES, today=today)
    sofiia = case.people.get(given_names="Sofiia")
    Step.objects.create(
        case=case,
        person=sofiia,
        rule="schooling.school_offer",
        title="Tilbyd skole",
        area="schooling",
        starts_on=ARRIVED,
        due_on=date(2026, 11, 27),
    )
    return case.people.get(given_names="Olena")


@pytest.fixture
def written(olena, worker, today):
    lines = [
        *plans.proposals(olena, today=today),
        Line(
            "employment",
            "Praktik på Skovvang Plejehjem",
            responsible="Skovvang",
            contact="Amira, 12 34 56 78",
            on=date(2026, 12, 13),
        ),
    ]
    plans.save_plan(olena, version=0, revision=0, goal=GOAL, lines=lines, by=worker, today=today)
    return olena


def test_both_languages_with_what_was_typed_as_it_was_typed(written, today):
    content = document.plan_pdf(written, language="da+uk", today=today)
    text, _pages = read(content)
    for words in (
        "Мій план",
        "Min plan",
        "Олена Коваленко",
        "Що буде зроблено",
        "Не пізніше",
        "Ваш спеціаліст у муніципалітеті",
        "Sofiia får tilbud om skole.",
        "Sofiia: пропозиція місця в школі.",
        "27.11.2026",
        GOAL,
        "Praktik på Skovvang Plejehjem",
        "Не перекладено",
        "Amira, 12 34 56 78",
    ):
        assert words in text, words
    report = page.validate_pdf_bytes(content, profile=page.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, report
    info = pypdf.PdfReader(io.BytesIO(content)).metadata
    assert info.title == "Min plan / Мій план, Olena Kovalenko"


@pytest.mark.parametrize(
    ("language", "there", "absent"),
    [
        ("da", "Det skal ske", "Мій план"),
        ("uk", "Мій план", "Det skal ske"),
        ("en", "What will happen", "Det skal ske"),
        ("da+en", "No later than", "Мій план"),
    ],
)
def test_each_language(written, today, language, there, absent):
    text, _pages = read(document.plan_pdf(written, language=language, today=today))
    assert there in text
    assert absent not in text
    assert ("Не перекладено" in text) == (language == "uk")


def test_before_anything_is_written_the_paper_is_a_draft_of_the_proposals(olena, today):
    text, _pages = read(document.plan_pdf(olena, language="da+uk", today=today))
    assert "Udkast / Чернетка 24.11.2026" in text
    assert "Ви відкриваєте банківський рахунок" in text


def test_no_row_is_split_over_two_pages(olena, worker, today):
    lines = [Line("employment", f"Begynd{n} {'lang tekst ' * 20} Slut{n}") for n in range(30)]
    plans.save_plan(olena, version=0, revision=0, goal="", lines=lines, by=worker, today=today)
    reader = pypdf.PdfReader(io.BytesIO(document.plan_pdf(olena, language="da", today=today)))
    pages = [" ".join(sheet.extract_text().split()) for sheet in reader.pages]
    assert len(pages) > 1
    for n in range(30):
        (where,) = [sheet for sheet in pages if f"Begynd{n} " in sheet]
        assert f"Slut{n}" in where
    assert all("Aktivitet" in sheet for sheet in pages[:-1])


def test_an_old_version_is_printed_as_it_was(written, worker, today):
    plans.hand_over(written, on=today, by=worker, today=today)
    first = plans.current_plan(written)
    plans.save_plan(written, version=1, revision=1, goal="Nyt mål", lines=[], by=worker, today=today)
    text, _pages = read(document.plan_pdf(written, language="da", today=today, plan=first))
    assert "sygeplejerske" in text
    assert "Gennemgået og udleveret 24.11.2026" in text
    assert "Nyt mål" not in text


def test_the_file_name_holds_number_and_version_only():
    assert document.file_name("2026-0147", 1) == "min-plan-2026-0147-v1.pdf"


@pytest.mark.parametrize("by", ["id", "udl_nr"])
def test_the_command_takes_an_id_or_an_udl_nr(written, tmp_path, by, capsys):
    target = tmp_path / "plan.pdf"
    key = str(written.pk) if by == "id" else written.udl_nr
    call_command("plan_pdf", key, language="da+uk", output=target)
    assert "Мій план" in read(target.read_bytes())[0]
    assert AccessRecord.objects.get(action="plan.print").person_id == written.pk


def test_the_command_says_what_is_wrong(written, tmp_path):
    with pytest.raises(CommandError, match="no person"):
        call_command("plan_pdf", "999999", language="da", output=tmp_path / "x.pdf")
    with pytest.raises(CommandError, match="can't be written"):
        call_command("plan_pdf", str(written.pk), language="da", output=tmp_path / "no" / "x.pdf")


def test_the_command_prints_other_editions_and_knows_its_languages(written, tmp_path):
    target = tmp_path / "plan.pdf"
    call_command(
        "plan_pdf", str(written.pk), "--edition=uden-sundhed", "--edition=stor", "--language=uk", output=target
    )
    assert "У цій версії немає розділу про здоров’я." in read(target.read_bytes())[0]
    assert AccessRecord.objects.get(action="plan.print").detail == "command uk stor uden-sundhed"
    with pytest.raises(CommandError, match="no language"):
        call_command("plan_pdf", str(written.pk), language="da+ru", output=target)


def test_another_language_of_the_bank_is_printed_with_danish_where_it_is_missing(written, today):
    Language.objects.create(code="pl", name="Polsk", own_name="polski")
    Translation.objects.create(phrase=Phrase.objects.get(key="heading.general.plan"), language_id="pl", text="Mój plan")
    text, _pages = read(document.plan_pdf(written, language="da+pl", today=today))
    assert "Min plan / Mój plan" in text
    assert text.count("Sofiia får tilbud om skole.") == 2
    assert "Ikke oversat" in text


def test_the_language_of_the_paper_follows_the_person(written):
    assert list(document.languages_of_paper()) == ["da+uk", "da+en", "da", "uk", "en"]
    for spoken, language in (("", "da+uk"), ("Russisk", "da+uk"), ("Engelsk", "da+en"), ("engelsk, ukrainsk", "da+uk")):
        written.languages = spoken
        assert document.language_for(written) == language


def test_a_goal_from_the_bank_stands_in_both_languages(olena, worker, today):
    goal = "Jeg vil gerne arbejde i mit eget fag."
    plans.save_plan(olena, version=0, revision=0, goal=goal, lines=[], by=worker, today=today)
    text, _pages = read(document.plan_pdf(olena, language="da+uk", today=today))
    assert goal in text
    assert "Я хочу працювати за своєю професією." in text
    assert "Не перекладено" not in text


def test_the_drafts_of_the_paper_are_listed(written, today):
    drafts = document.drafts_in(written, plans.current_plan(written), language="da+uk", today=today)
    texts = [piece.text for draft in drafts for piece in draft.pieces]
    assert "{name}: пропозиція місця в школі." in texts
    assert "Det skal ske" in texts
    Translation.objects.filter(phrase__key="heading.general.what", language="da").update(
        status="approved", approved_by=UserFactory(), approved_on=today
    )
    drafts = document.drafts_in(written, plans.current_plan(written), language="da+uk", today=today)
    assert "Det skal ske" not in [piece.text for draft in drafts for piece in draft.pieces]


def test_the_strip_of_dates_begins_with_the_arrival(written, today):
    text, _pages = read(document.plan_pdf(written, language="da+uk", today=today))
    assert "Vigtige datoer / Важливі дати" in text
    assert "13.11.2026 Ankomst til kommunen Дата прибуття 27.11.2026 " in text


@pytest.mark.parametrize(
    ("language", "there", "absent"),
    [
        ("da+uk", ["Mit mål Jeg vil i arbejde.", "Моя мета Я хочу працювати."], ["Не перекладено"]),
        ("da", ["Jeg vil i arbejde."], ["Ikke oversat"]),
        ("da+en", ["Mit mål Jeg vil i arbejde.", "My goal Я хочу працювати. Not translated"], ["Ikke oversat"]),
        ("uk", ["Я хочу працювати."], ["Jeg vil i arbejde.", "Не перекладено"]),
    ],
)
def test_the_goal_in_own_words_stands_beside_the_danish(olena, worker, today, language, there, absent):
    words = {"goal": "Я хочу працювати.", "goal_danish": "Jeg vil i arbejde."}
    plans.save_plan(olena, version=0, revision=0, **words, lines=[], by=worker, today=today)
    text, _pages = read(document.plan_pdf(olena, language=language, today=today))
    assert [said for said in there if said not in text] == []
    assert [said for said in absent if said in text] == []


def test_the_guardian_of_a_minor_alone_signs_too(olena, today):
    olena.unaccompanied_minor, olena.custody_holder = True, "Petro Melnyk"
    text, _pages = read(document.plan_pdf(olena, language="da+uk", today=today))
    assert "Petro Melnyk Værge / Законний представник Dato og underskrift" in text
