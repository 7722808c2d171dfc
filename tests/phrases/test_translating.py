"""The verbs of the text bank, and how the shipped file meets what people have written."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction

from accounts.models import AccessRecord
from phrases.models import Language, Phrase, Translation
from phrases.paper import Bank
from phrases.services import shipped, translating
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
OFFER = "activity.schooling.school_offer"


@pytest.fixture
def manager():
    return UserFactory(role="manager")


@pytest.fixture
def offer():
    return Phrase.objects.get(key=OFFER)


@pytest.fixture
def uk():
    return Language.objects.get(code="uk")


def stored(phrase, language="uk"):
    return Translation.objects.get(phrase=phrase, language=language)


def test_everything_ships_as_a_draft():
    assert Phrase.objects.count() == len(shipped.read_file()[1])
    assert Translation.objects.count() == 3 * Phrase.objects.count()
    assert set(Translation.objects.values_list("status", flat=True)) == {"draft"}


def test_a_sentence_is_changed_approved_and_a_draft_again(offer, uk, manager, today):
    row = translating.change(offer, uk, text=" {name}:  місце в школі. ", revision=1, by=manager)
    assert (row.text, row.revision, row.is_draft) == ("{name}: місце в школі.", 2, True)
    row = translating.approve(offer, uk, revision=2, by=manager, today=today)
    assert (row.status, row.approved_by, row.approved_on) == ("approved", manager, today)
    row = translating.change(offer, uk, text="{name}: школа.", revision=2, by=manager)
    assert (row.status, row.approved_by, row.approved_on) == ("draft", None, None)
    logged = AccessRecord.objects.filter(action__startswith="phrase.").order_by("pk")
    assert [(entry.action, entry.user_id, entry.detail) for entry in logged] == [
        ("phrase.change", manager.pk, f"{OFFER} uk"),
        ("phrase.approve", manager.pk, f"{OFFER} uk"),
        ("phrase.change", manager.pk, f"{OFFER} uk"),
    ]


def test_the_same_text_changes_nothing(offer, uk, manager, today):
    translating.approve(offer, uk, revision=1, by=manager, today=today)
    translating.change(offer, uk, text=stored(offer).text, revision=1, by=manager)
    assert stored(offer).status == "approved"


def test_another_danish_sentence_makes_drafts_of_its_translations(offer, uk, manager, today):
    translating.approve(offer, uk, revision=1, by=manager, today=today)
    danish = Language.objects.get(code="da")
    translating.change(offer, danish, text="{name} får plads i skole.", revision=1, by=manager)
    assert stored(offer).is_draft
    bank = Bank.read(["da", "uk"])
    for text in ("Sofiia får plads i skole.", "Sofiia får tilbud om skole."):
        assert bank.recognize(text, "activity") == (OFFER, {"name": "Sofiia"})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Пропозиція місця в школі.", "Pladsholderen {name} mangler i teksten."),
        ("{name}: {place}", "{place} er ikke en pladsholder i denne sætning. Brug: {name}."),
        ("{name}: {}", "{} er ikke en pladsholder i denne sætning. Brug: {name}."),
        ("{name}: місце {", "Der mangler en { eller } omkring en pladsholder."),
        ("  ", "Skriv sætningen."),
    ],
)
def test_placeholders_are_checked_in_words(offer, uk, manager, text, said):
    with pytest.raises(ValidationError) as refused:
        translating.change(offer, uk, text=text, revision=1, by=manager)
    assert refused.value.messages == [said]
    assert stored(offer).revision == 1


def test_a_sentence_without_placeholders_takes_none(uk, manager):
    plain = Phrase.objects.get(key="heading.general.plan")
    with pytest.raises(ValidationError, match="Sætningen har ingen"):
        translating.change(plain, uk, text="{name}", revision=1, by=manager)


def test_two_who_change_the_same_sentence_meet(offer, uk, manager, today):
    translating.change(offer, uk, text="{name}: школа.", revision=1, by=manager)
    with pytest.raises(translating.PhraseConflict) as met:
        translating.change(offer, uk, text="{name}: місце.", revision=1, by=manager)
    assert met.value.row.text == "{name}: школа."
    with pytest.raises(translating.PhraseConflict):
        translating.approve(offer, uk, revision=1, by=manager, today=today)


def test_a_new_language_is_missing_until_it_is_written(offer, manager, today):
    polish = translating.add_language(code="pl", name="Polsk", own_name="polski", by=manager)
    (piece,) = Bank.read(["pl"]).columns(OFFER, name="Sofiia")
    assert (piece.lang, piece.text, piece.translated) == ("da", "Sofiia får tilbud om skole.", False)
    with pytest.raises(ValidationError, match="Skriv sætningen, før"):
        translating.approve(offer, polish, revision=0, by=manager, today=today)
    translating.change(offer, polish, text="{name}: miejsce w szkole.", revision=0, by=manager)
    (piece,) = Bank.read(["pl"]).columns(OFFER, name="Sofiia")
    assert (piece.lang, piece.text, piece.translated) == ("pl", "Sofiia: miejsce w szkole.", True)


@pytest.mark.parametrize(("code", "name"), [("UK", "X"), ("uk", "X"), ("x", "X"), ("ru", "ukrainsk"), ("d a", "X")])
def test_a_language_needs_a_code_and_a_name_of_its_own(code, name, manager):
    with pytest.raises(ValidationError):
        translating.add_language(code=code, name=name, own_name="x", by=manager)


def test_loading_again_writes_nothing_and_keeps_what_people_wrote(offer, uk, manager, today, capsys, monkeypatch):
    call_command("load_phrases")
    assert capsys.readouterr().out == "0 sentences written\n"
    plan = Phrase.objects.get(key="heading.general.plan")
    translating.change(offer, uk, text="{name}: школа.", revision=1, by=manager)
    translating.approve(plan, uk, revision=1, by=manager, today=today)
    languages, sentences = shipped.read_file()
    newer = [row._replace(texts={code: f"{text}!" for code, text in row.texts.items()}) for row in sentences]
    newer.append(shipped.Shipped("goal.health.new", "goal", "health", {"da": "Ny.", "uk": "Новe.", "en": "New."}))
    monkeypatch.setattr(shipped, "read_file", lambda: (languages, newer))
    call_command("load_phrases")
    assert capsys.readouterr().out == f"{3 * (len(sentences) - 2) + 3} sentences written\n"
    assert stored(offer).text == "{name}: школа."
    assert (stored(plan).text, stored(plan).status) == ("Мій план", "approved")
    assert stored(plan, "da").text == "Min plan"
    assert stored(Phrase.objects.get(key="label.general.born")).text == "Дата народження!"
    assert stored(Phrase.objects.get(key="goal.health.new"), "en").text == "New."


def test_the_database_holds_who_approved_and_when(offer):
    for wrong in ({"status": "approved"}, {"approved_on": date(2026, 11, 24)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Translation.objects.filter(phrase=offer).update(**wrong)


def test_the_bank_is_read_in_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        bank = Bank.read(["da", "uk"])
        assert [piece.text for piece in bank.pieces("heading.general.plan")] == ["Min plan", "Мій план"]
        assert [piece.text for piece in bank.pieces("who.general.unit")] == ["Jobberiet"]
        assert len(bank.columns("who.general.unit")) == 2
        assert bank.recognize("Noget helt andet.", "activity") is None
        assert [(draft.key, [piece.text for piece in draft.pieces]) for draft in bank.drafts()] == [
            ("heading.general.plan", ["Min plan", "Мій план"]),
            ("who.general.unit", ["Jobberiet", "Jobberiet"]),
        ]


def test_an_approved_sentence_is_no_draft(offer, uk, manager, today):
    translating.approve(offer, uk, revision=1, by=manager, today=today)
    bank = Bank.read(["da", "uk"])
    bank.pieces(OFFER, name="Sofiia")
    assert [[piece.lang for piece in draft.pieces] for draft in bank.drafts()] == [["da"]]
    translating.approve(offer, Language.objects.get(code="da"), revision=1, by=manager, today=today)
    bank = Bank.read(["da", "uk"])
    bank.pieces(OFFER, name="Sofiia")
    assert bank.drafts() == []


def test_a_value_is_never_a_placeholder_itself():
    text = Bank.read(["da"]).text(OFFER, name="{place} {0.__class__}")
    assert text == "{place} {0.__class__} får tilbud om skole."
