"""What the public pages say, in three languages (texts.toml). Read once; no clock, no database."""

import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("texts.toml")
LANGUAGES = ("da", "en", "uk")


@cache
def book() -> dict:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def words(language: str) -> dict[str, str]:
    """Every sentence of the page in this language, by its key."""
    return {key: said[language] for key, said in book()["page"].items()}


@cache
def errors(language: str) -> dict[str, str]:
    """What is said about a field that is not right."""
    return {key: said[language] for key, said in book()["errors"].items()}


@cache
def kinds(language: str) -> list[dict]:
    """The six kinds in the order of the cards: {key, slug, icon, title, text, lede}."""
    return [
        {"key": key, "slug": kind["slug"], "icon": kind["icon"], **kind[language]}
        for key, kind in book()["kinds"].items()
    ]


def kind_of(slug: str, language: str) -> dict | None:
    """The kind with this slug; None when there is none."""
    return next((kind for kind in kinds(language) if kind["slug"] == slug), None)


@cache
def questions(kind: str, language: str) -> list[dict]:
    """What only this kind asks: {name, short, label, hint, choices}; short is Danish."""
    return [
        {
            "name": name,
            "short": asked["short"],
            **asked[language],
            "choices": asked.get("choices", {}).get(language, []),
        }
        for name, asked in book()["kinds"][kind].get("ask", {}).items()
    ]
