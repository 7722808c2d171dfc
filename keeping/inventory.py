"""What every field holds, why, by which right and how long (data_inventory.toml), and what is missing there."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core import checks
from django.db import models

FILE = Path(__file__).with_name("data_inventory.toml")


@dataclass(frozen=True, slots=True)
class Row:
    """One field. purpose, basis and period in Danish; data_class is a key of [classes]."""

    model: str
    field: str
    data_class: str
    area: str
    purpose: str
    basis: str
    period: str


@cache
def book() -> dict:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def listed_models() -> list[type[models.Model]]:
    """Every concrete model but the joining tables, which stand as a field of the model that has them."""
    return [model for model in apps.get_models() if model._meta.managed and not model._meta.proxy]


def fields_of(model: type[models.Model]) -> list[models.Field]:
    return [*model._meta.concrete_fields, *model._meta.many_to_many]


def about(model: type[models.Model]) -> dict:
    """The model's entry over its app's; empty when neither is known."""
    found = book()
    app = found["apps"].get(model._meta.app_label, {})
    return {**app, **found["models"].get(model._meta.label, {})}


def classes_of(model: type[models.Model]) -> dict[str, str]:
    """Field name → class, as far as the book says."""
    found = book()
    whole = found["libraries"].get(model._meta.app_label)
    if whole:
        return {field.name: whole for field in fields_of(model)}
    entry = found["models"].get(model._meta.label, {})
    named = {name: key for key in found["classes"] for name in entry.get(key, "").split()}
    usual = {name: key for key in found["classes"] for name in found["everywhere"].get(key, "").split()}
    result = {}
    for field in fields_of(model):
        if field.name in named:
            result[field.name] = named[field.name]
        elif field.primary_key:
            result[field.name] = "technical"
        elif field.is_relation and field.related_model._meta.label == settings.AUTH_USER_MODEL:
            result[field.name] = "staff"
        elif field.name in usual:
            result[field.name] = usual[field.name]
    return result


def rows() -> Iterator[Row]:
    """The whole table, model by model."""
    found = book()
    for model in listed_models():
        entry, classes = about(model), classes_of(model)
        words = (
            entry.get("area", "Log ind"),
            entry.get("purpose", "Log ind"),
            found["bases"][entry.get("basis", "security")],
            found["periods"][entry.get("keep", "staff")],
        )
        for name, data_class in classes.items():
            yield Row(model._meta.label, name, data_class, *words)


def missing(listed: list[type[models.Model]] | None = None) -> list[tuple[str, list[str]]]:
    """(model, its fields without a class); a model of an unknown library counts like one of ours."""
    found = []
    for model in listed_models() if listed is None else listed:
        classes = classes_of(model)
        names = [field.name for field in fields_of(model) if field.name not in classes]
        known = model._meta.label in book()["models"] or model._meta.app_label in book()["libraries"]
        if names or not known:
            found.append((model._meta.label, names))
    return found


def superfluous() -> list[str]:
    """Rows of the book without a field or a model: `cases.Person.nickname`."""
    found = book()
    wrong = []
    for label, entry in found["models"].items():
        try:
            names = {field.name for field in fields_of(apps.get_model(label))}
        except LookupError:
            wrong.append(label)
            continue
        listed = [name for key in found["classes"] for name in entry.get(key, "").split()]
        wrong += [f"{label}.{name}" for name in listed if name not in names]
        wrong += [f"{label}.{name} (twice)" for name in sorted({n for n in listed if listed.count(n) > 1})]
    return wrong


def lines_for(label: str, names: list[str]) -> str:
    """What to write for fields without a class, ready to paste; the class is a guess to be judged."""
    known = label in book()["models"]
    head = f'[models."{label}"]' + ("" if known else f'\ntitle = "{label.partition(".")[2]}"')
    guesses: dict[str, list[str]] = {}
    for name in names:
        guesses.setdefault(guess(label, name), []).append(name)
    return "\n".join([head, *(f'{key} = "{" ".join(fields)}"' for key, fields in guesses.items())])


def guess(label: str, name: str) -> str:
    field = apps.get_model(label)._meta.get_field(name) if label in {m._meta.label for m in listed_models()} else None
    return "technical" if field is not None and field.is_relation else "ordinary"


def is_incomplete(app_configs=None, **kwargs) -> list[checks.CheckMessage]:
    """A system check: a warning fails the build (bin/check) and lets `makemigrations` make the field first."""
    found = [
        checks.Warning(
            f"{label}: {', '.join(names) or 'the model'} has no class in the data inventory.",
            hint=f"Write in keeping/data_inventory.toml (or add to a line that is there):\n{lines_for(label, names)}",
            id="keeping.W001",
        )
        for label, names in missing()
    ]
    wrong = superfluous()
    if wrong:
        hint = f"Take out of keeping/data_inventory.toml: {', '.join(wrong)}"
        found.append(checks.Warning("The data inventory has rows without a field.", hint=hint, id="keeping.W002"))
    return found
