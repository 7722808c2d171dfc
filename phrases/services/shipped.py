"""The sentences that come with the product: phrases/bank.toml, loaded as often as one likes.

A sentence that a person has edited or approved in any language is never overwritten; it gets the languages it lacks.
"""

import tomllib
from pathlib import Path
from typing import NamedTuple

from phrases.models import SOURCE
from phrases.slots import slots_of

FILE = Path(__file__).resolve().parent.parent / "bank.toml"


class Shipped(NamedTuple):
    key: str
    kind: str
    area: str
    texts: dict[str, str]


def read_file(path: Path = FILE) -> tuple[list[dict], list[Shipped]]:
    """(languages, sentences in the file's order). The key is kind.area.name."""
    held = tomllib.loads(path.read_text(encoding="utf-8"))
    languages = held.pop("languages")
    return languages, [
        Shipped(f"{kind}.{area}.{name}", kind, area, texts)
        for kind, areas in held.items()
        for area, names in areas.items()
        for name, texts in names.items()
    ]


def load(languages, phrases, translations) -> int:
    """Bring the rows up to the file; how many were written. The models are arguments: a migration has its own."""
    shipped_languages, shipped = read_file()
    for position, row in enumerate(shipped_languages):
        languages.objects.get_or_create(code=row["code"], defaults={**row, "position": position})
    phrases.objects.bulk_create(
        [
            phrases(
                key=row.key,
                kind=row.kind,
                area=row.area,
                position=at,
                placeholders=" ".join(sorted(slots_of(row.texts[SOURCE]))),
            )
            for at, row in enumerate(shipped)
        ],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["kind", "area", "position", "placeholders"],
    )
    return _load_texts(phrases, translations, shipped)


def _load_texts(phrases, translations, shipped: list[Shipped]) -> int:
    ids = dict(phrases.objects.values_list("key", "pk"))
    stored = {(row.phrase_id, row.language_id): row for row in translations.objects.all()}
    touched = {row.phrase_id for row in stored.values() if row.changed_by_id or row.status == "approved"}
    new, changed = [], []
    for row in shipped:
        for language, text in row.texts.items():
            there = stored.get((ids[row.key], language))
            if there is None:
                new.append(translations(phrase_id=ids[row.key], language_id=language, text=text))
            elif there.text != text and there.phrase_id not in touched:
                there.text = text
                changed.append(there)
    translations.objects.bulk_create(new)
    translations.objects.bulk_update(changed, ["text"])
    return len(new) + len(changed)
