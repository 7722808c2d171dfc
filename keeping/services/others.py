"""Whom a package must not tell about: the other people of the case, by name, and those kept from the person."""

import re

from django.apps import apps

from cases.models import Person
from keeping.inventory import about, listed_models

WORD = re.compile(r"\w+")
SHORTEST = 3


def words(text: str) -> set[str]:
    return {word.casefold() for word in WORD.findall(text)}


def names_of(person: Person) -> set[str]:
    found = words(f"{person.given_names} {person.surname} {person.cyrillic_name}")
    return {word for word in found if len(word) >= SHORTEST}


def other_names(person: Person) -> dict[str, str]:
    """Word → whose name it is: the family's other members, and whoever a row of the case points to by name.

    What is part of the person's own name tells about nobody else.
    """
    own, found = names_of(person), {}
    for member in Person.objects.filter(case=person.case_id).exclude(pk=person.pk):
        found |= dict.fromkeys(names_of(member) - own, member.short_name)
    for model in listed_models():
        entry = about(model)
        if "household" not in entry:
            continue
        for name in entry.get("others", "").split():
            field = model._meta.get_field(name)
            if field.is_relation:
                rows = field.related_model._default_manager.filter(
                    pk__in=model._default_manager.filter(**{entry["household"]: person.case_id}).values(name)
                )
                for row in rows:
                    new = {word for word in words(str(row)) if len(word) >= SHORTEST} - own
                    found |= dict.fromkeys(new, str(row))
    return found


def mentioned(text: str, names: dict[str, str]) -> list[str]:
    """Whose names stand in the text, also in the genitive: Halyna, Halynas."""
    spoken = words(text)
    spoken |= {word[:-1] for word in spoken if word.endswith("s")}
    return sorted({names[word] for word in spoken & names.keys()})


def is_kept_from(person: Person) -> bool:
    """Whether somebody's whereabouts are kept secret from this person (cases.Protection.against, where it is known)."""
    relation = getattr(person, "kept_from", None)
    return relation is not None and relation.filter(lapsed_on=None).exists()


def model_of(key: str):
    """The model of a line's key."""
    return apps.get_model(key.partition(":")[0])
