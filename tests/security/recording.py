"""The whole record as rows that can be compared, and what a greedy sender adds to a form."""

from datetime import UTC, datetime

from django.apps import apps
from django.db import models

from accounts.models import AccessRecord
from cases.models import Case, Person
from tests.security.world import World

OWN_APPS = {
    "accounts", "cases", "deadlines", "reception", "housing", "employment", "schooling", "health", "volunteers", "desk",
    "intake", "keeping", "phrases",
}  # fmt: skip
RANDOM = {"id", "password", "file"}  # drawn anew each time: an unusable password, the name of a stored file
UNWATCHED = {AccessRecord._meta.label, "desk.Draft"}


def watched() -> list[type[models.Model]]:
    """Every model of the product but the log and the drafts."""
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in OWN_APPS
        and model._meta.label not in UNWATCHED
        and not model.__name__.startswith(("Access", "Seal"))
    ]


def known_ids() -> dict:
    return {model: set(model._base_manager.values_list("pk", flat=True)) for model in watched()}


def record(known: dict) -> dict[type, set[str]]:
    """Model → its rows, without what is drawn at random and the clock's times. A row made since `known` is "new"."""
    return {
        model: {repr(sorted(plain(model, row, known).items())) for row in model._base_manager.values()}
        for model in watched()
    }


def plain(model, row: dict, known: dict) -> dict:
    targets = {field.attname: field.related_model for field in model._meta.concrete_fields if field.is_relation}
    kept = {name: value for name, value in row.items() if name not in RANDOM and not is_time(value)}
    return {
        name: "new"
        if value is not None and name in targets and value not in known.get(targets[name], {value})
        else value
        for name, value in kept.items()
    }


def is_time(value) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None and value.astimezone(UTC).year >= 2026


def forged(touched: list[type[models.Model]], own: set[str], world: World) -> dict[str, str]:
    """A value for every column of these models that the form does not have, under its name and its column's."""
    found = {"id": "1", "pk": "1", "is_superuser": "on", "by": "1", "today": "1.1.2020", "version": "9"}
    for model in touched:
        for field in model._meta.concrete_fields:
            found |= dict.fromkeys((field.name, field.attname), value_of(field, world))
    return {name: value for name, value in found.items() if name not in own}


def value_of(field, world: World) -> str:
    if isinstance(field, models.ForeignKey):
        other = {Case: world.foreign.case, Person: world.foreign.person}.get(field.related_model, world.foreign.worker)
        return str(other.pk)
    if isinstance(field, models.DateField):
        return "1.1.2020"
    if isinstance(field, models.BooleanField):
        return "on"
    if isinstance(field, models.IntegerField):
        return "7"
    return str(field.choices[-1][0]) if field.choices else "forfalsket"
