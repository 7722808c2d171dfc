"""The shipped sentences, read by rules of Danish, Ukrainian and English that a machine can hold."""

import re

import pytest

from phrases.models import PhraseArea, PhraseKind
from phrases.services.shipped import read_file
from phrases.slots import SLOT, slots_of, stray_braces

LANGUAGES, SENTENCES = read_file()
AREAS = [area for area in PhraseArea.values if area != "general"]
# Words that agree with the gender of the reader or of a named person. With Ви the plural is right: «Ви готові».
AGREES = {
    "uk": re.compile(
        r"\b(?:готов(?:ий|а)|повин(?:ен|на)|згод(?:ен|на)|рад(?:ий|а)|змушен(?:ий|а)|зобов.язан(?:ий|а)|самостійн(?:ий|а)"
        r"|впевнен(?:ий|а)|сам|сама|один|одна|він|вона|йому|їй|шановн(?:ий|а)|дорог(?:ий|а)|прибу(?:в|ла)"
        r"|(?:запрошен|зареєстрован|направлен|записан|призначен|звільнен)(?:ий|а|о)? (?:був|була)"
        r"|\w{2,}(?:ав|ив|їв|ув|яв|[аиіїуюя]вся|[аиіїуюя]ла|лася|лась))\b",
        re.IGNORECASE,
    ),
    "da": re.compile(r"\b(?:han|hun|ham|hende|hans|hendes|hr\.|fru|frøken)\b", re.IGNORECASE),
    "en": re.compile(r"\b(?:he|she|him|her|his|hers|mr|mrs|ms)\b", re.IGNORECASE),
}
NAMES = ("name", "place", "caseworker")
# Nouns that only look like it.
NOUNS = frozenset(["школа", "правила", "житла", "джерела"])
RUSSIAN = re.compile("[ыэъё]", re.IGNORECASE)


def texts(language):
    return [(row.key, row.texts[language]) for row in SENTENCES if language in row.texts]


def agreeing(language, text):
    return [found for found in AGREES[language].findall(text) if found.lower() not in NOUNS]


def test_enough_sentences_over_the_six_areas():
    assert len(SENTENCES) >= 120
    for area in AREAS:
        kinds = [row.kind for row in SENTENCES if row.area == area]
        assert kinds.count("activity") >= 10, area
        assert kinds.count("goal") >= 2, area
    assert {row.kind for row in SENTENCES} == set(PhraseKind.values)
    assert {row.area for row in SENTENCES} == set(PhraseArea.values)


def test_every_sentence_stands_in_every_shipped_language():
    codes = {row["code"] for row in LANGUAGES}
    assert codes == {"da", "uk", "en"}
    assert [row.key for row in SENTENCES if set(row.texts) != codes] == []


def test_placeholders_are_the_same_in_every_language():
    for row in SENTENCES:
        for language, text in row.texts.items():
            assert slots_of(text) == slots_of(row.texts["da"]), (row.key, language)
            assert not stray_braces(text), (row.key, language)


@pytest.mark.parametrize("language", ["da", "uk", "en"])
def test_no_word_agrees_with_the_reader(language):
    assert [(key, found) for key, text in texts(language) if (found := agreeing(language, text))] == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("uk", "Ви повинна прийти."),
        ("uk", "Ви отримав лист."),
        ("uk", "Sofiia почала навчання."),
        ("uk", "Sofiia записалася на курси."),
        ("uk", "Він готовий."),
        ("uk", "Шановна Olena!"),
        ("da", "Tag hendes pas med."),
        ("en", "Bring his passport."),
    ],
)
def test_the_reader_of_the_bank_finds_what_agrees(language, text):
    assert agreeing(language, text)


def test_names_stand_alone_beside_a_colon_in_ukrainian():
    """In the nominative: before a colon, or behind one and at the end of the sentence."""
    slot = "|".join(NAMES)
    alone = re.compile(rf"(?:(?:^|\. )\{{(?:{slot})\}}(?=: ))|(?:(?<=: )\{{(?:{slot})\}}(?=$|\.$))")
    wrong = [
        key
        for key, text in texts("uk")
        if len(alone.findall(text)) != sum(slot in NAMES for slot in SLOT.findall(text))
    ]
    assert wrong == []


def test_the_reader_is_addressed_with_a_capital_letter():
    small = re.compile(r"\b(?:ви|вас|вам|вами|ваш\w*|ти|тебе|тобі|тв[оі]\w*)\b")
    assert [key for key, text in texts("uk") if small.search(text)] == []


def test_the_ukrainian_is_ukrainian():
    assert [key for key, text in texts("uk") if RUSSIAN.search(text) or "добробут" in text.lower()] == []
    assert [key for key, text in texts("uk") if re.search("[a-z][а-яіїєґ]|[а-яіїєґ][a-z]", text.lower())] == []
    assert [key for key, text in texts("uk") if "'" in text] == [], "the apostrophe is ’"


def test_sentences_are_no_longer_than_a_line_of_the_plan():
    for row in SENTENCES:
        for language, text in row.texts.items():
            assert 0 < len(text) <= 300, (row.key, language)
            assert text == " ".join(text.split()), (row.key, language)
