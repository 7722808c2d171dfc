"""The text bank as a paper reads it: all sentences in one query, then words without any further question.

bank = Bank.read(["da", "uk"])
bank.pieces("label.goal")                              -> one piece per language, for a heading
bank.pieces("activity.schooling.school_offer", name="Sofiia")
bank.recognize("Sofiia får tilbud om skole.")          -> (key, {"name": "Sofiia"}) or None
bank.drafts()                                          -> the drafts among what was read out so far
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from phrases.models import SOURCE, Translation
from phrases.slots import fill, unfill


class Piece(NamedTuple):
    """A text with its language, for the lang attribute. translated False: it is not in the reader's language."""

    lang: str
    text: str
    translated: bool = True


class Sentence(NamedTuple):
    """What is stored of one sentence in one language."""

    text: str
    draft: bool


class Draft(NamedTuple):
    """A sentence in use, in those languages of the paper in which nobody has approved it."""

    key: str
    pieces: list[Piece]


@dataclass(slots=True)
class Bank:
    """The sentences for one paper. languages: those of the paper, the main one first."""

    languages: list[str]
    sentences: dict[str, dict[str, Sentence]] = field(repr=False)
    kinds: dict[str, str] = field(repr=False)
    former: dict[str, list[str]] = field(repr=False)
    used: dict[str, None] = field(default_factory=dict)

    @classmethod
    def read(cls, languages: list[str]) -> "Bank":
        rows = Translation.objects.filter(language__in={*languages, SOURCE}).order_by("phrase__position", "phrase__key")
        sentences: dict[str, dict[str, Sentence]] = {}
        kinds: dict[str, str] = {}
        former: dict[str, list[str]] = {}
        for key, kind, earlier, language, text, status in rows.values_list(
            "phrase__key", "phrase__kind", "phrase__former", "language_id", "text", "status"
        ):
            sentences.setdefault(key, {})[language] = Sentence(text, status == Translation.Status.DRAFT)
            kinds[key], former[key] = kind, earlier
        return cls(languages, sentences, kinds, former)

    def has(self, key: str, language: str) -> bool:
        """Whether the sentence stands in this language."""
        return language in self.sentences[key]

    def text(self, key: str, language: str = SOURCE, **values: str) -> str:
        """The sentence in this language, in Danish where it is not translated yet."""
        self.used[key] = None
        of_key = self.sentences[key]
        return fill(of_key.get(language, of_key[SOURCE]).text, values)

    def columns(self, key: str, **values: str) -> list[Piece]:
        """One piece per language of the paper; Danish, and marked, where the translation is missing."""
        return [
            Piece(lang if there else SOURCE, self.text(key, lang, **values), there)
            for lang in self.languages
            for there in [self.has(key, lang)]
        ]

    def pieces(self, key: str, **values: str) -> list[Piece]:
        """The same, but a word that is the same in two languages stands once."""
        found: dict[str, Piece] = {}
        for piece in self.columns(key, **values):
            found.setdefault(piece.text, piece)
        return list(found.values())

    def recognize(self, text: str, kind: str) -> tuple[str, dict[str, str]] | None:
        """The sentence of this kind that was chosen and left as it is, with what was filled into it."""
        for key in self.keys_of(kind):
            for source in (self.sentences[key][SOURCE].text, *self.former[key]):
                if (values := unfill(source, text)) is not None:
                    return key, values
        return None

    def wordings(self, kind: str, language: str = SOURCE) -> list[str]:
        """All sentences of this kind, for a page on which one is chosen."""
        return [self.sentences[key].get(language, self.sentences[key][SOURCE]).text for key in self.keys_of(kind)]

    def keys_of(self, kind: str) -> list[str]:
        return [key for key, held in self.kinds.items() if held == kind]

    def drafts(self) -> list[Draft]:
        """What was read out so far and is not approved, in the order of use."""
        found = [
            Draft(key, [Piece(lang, held.text) for lang, held in self._held(key) if held.draft]) for key in self.used
        ]
        return [draft for draft in found if draft.pieces]

    def _held(self, key: str) -> list[tuple[str, Sentence]]:
        """What stands in the languages of the paper."""
        of_key = self.sentences[key]
        return [(lang, of_key[lang]) for lang in self.languages if lang in of_key]
