"""Everything that is held about a person, line by line, with the reason why a line or a value is withheld.

What is gathered follows from data_inventory.toml: a model with `person` or `household` is in, a field of class
technical or staff is not. One query per model, whatever the size of the family.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from cases.choices import DataClass, FamilyRole
from cases.formats import age_on, doc_date
from cases.models import Person, Stay
from keeping.inventory import about, book, classes_of, fields_of, listed_models
from keeping.services.others import is_kept_from, mentioned, other_names

DECIDES_AT = 15  # integrationsloven § 15 d: from then on the child's own consent in matters of health
LEFT_OUT = {"technical", "staff"}
NAMES_OF_AREAS = {
    "reception": _l("Modtagelse"),
    "housing": _l("Bolig"),
    "employment": _l("Selvforsørgelse"),
    "schooling": _l("Leg og læring"),
    "health": _l("Sundhed og trivsel"),
    "volunteers": _l("Lokalsamfund"),
}
DATE_NAMES = {"start_note", "waits_for"}
OTHER_DATES = {
    "permit": _l("opholdstilladelse"),
    "birth_date": _l("fødselsdato"),
    "registration": _l("registrering"),
    "registered_on": _l("registrering"),
}
# Apps whose every value may tell a place when somebody is kept from the person.
PLACES = {"housing", "schooling", "volunteers", "employment"}
DAYS = ("on", "offered_on", "referred_on", "assessed_on", "given_on", "since", "starts_on", "started_on", "due_on")


@dataclass(slots=True)
class Value:
    """key: `app.model:pk:field`. withheld: why, in Danish; empty when it is given."""

    key: str
    label: str
    text: str
    data_class: str
    withheld: str = ""


@dataclass(slots=True)
class Line:
    """One row of the record. key: `app.model:pk`."""

    key: str
    area: str
    title: str
    day: str
    data_class: str
    values: list[Value] = field(default_factory=list)
    withheld: str = ""


@dataclass(frozen=True, slots=True)
class Asker:
    """For whom the package is made, and what follows from it."""

    person: Person
    names: dict[str, str]
    kept_from: bool
    without_health: bool


def gather(person: Person, *, by_custody_holder: bool, today: date) -> list[Line]:
    asker = Asker(person, other_names(person), is_kept_from(person), by_custody_holder and decides(person, today))
    return [line for model in listed_models() for line in lines_of(model, asker)]


def decides(person: Person, today: date) -> bool:
    """Whether this child decides about its health itself; without a birth date it may."""
    if person.birth_date is None:
        return person.role == FamilyRole.CHILD
    return age_on(person.birth_date, today) >= DECIDES_AT


# --- Rows -------------------------------------------------------------------------------------


def rows_of(model: type[models.Model], person: Person) -> models.QuerySet | None:
    """The person's own rows, and those of the household that name nobody; None for a model about no citizen."""
    entry = about(model)
    own, household = entry.get("person"), entry.get("household")
    if not (own or household):
        return None
    wanted = Q()
    if own:
        wanted |= Q(**{own: person.pk})
    if household:
        wanted |= Q(**{household: person.case_id}) & (Q(**{own: None}) if own else Q())
    ids = model._default_manager.filter(wanted).values("pk")
    rows = model._default_manager.filter(pk__in=ids).order_by("pk")
    related = [f.name for f in shown(model) if f.many_to_one]
    rows = rows.select_related(*related) if related else rows
    return rows.prefetch_related("people") if own == "people" else rows


def shown(model: type[models.Model]) -> list[models.Field]:
    classes = classes_of(model)
    return [f for f in fields_of(model) if classes.get(f.name, "technical") not in LEFT_OUT and not f.many_to_many]


def lines_of(model: type[models.Model], asker: Asker) -> Iterator[Line]:
    rows = rows_of(model, asker.person)
    if rows is None:
        return
    entry, classes, fields = about(model), classes_of(model), shown(model)
    third = set(entry.get("others", "").split())
    for row in rows:
        key = f"{model._meta.label_lower}:{row.pk}"
        line = Line(key, entry["area"], title_of(row, entry), day_of(row), class_of(row, entry))
        line.withheld = reason_for_row(row, line, asker, names_people=entry.get("person") == "people")
        for each in fields:
            text = text_of(row, each)
            if text and not (entry.get("one_sentence") and text == line.day):
                value = Value(f"{key}:{each.name}", label_of(each), text, classes[each.name])
                value.withheld = reason_for_value(
                    value, line, asker, third=each.name in third and tells_of_another(row, each, asker)
                )
                line.values.append(value)
        if not line.withheld and entry.get("one_sentence"):
            line.withheld = next((value.withheld for value in line.values if value.withheld), "")
        if line.values:
            yield line


def title_of(row, entry: dict) -> str:
    return entry.get("title", row._meta.verbose_name)


def class_of(row, entry: dict) -> str:
    """The class of a whole row: a line of the timeline has its own, a step of health is health."""
    if entry.get("whole"):
        return entry["whole"]
    own = getattr(row, "data_class", "")
    return own or ("health" if getattr(row, "area", "") == "health" else "ordinary")


def day_of(row) -> str:
    found = next((getattr(row, name) for name in DAYS if getattr(row, name, None)), None)
    return doc_date(found) if found else ""


def label_of(each: models.Field) -> str:
    word = book()["labels"].get(each.name)
    plain = each.name.replace("_", " ")
    said = str(each.verbose_name)
    text = said if said != plain else (word or said)
    return text[:1].upper() + text[1:]


def text_of(row, each: models.Field) -> str:
    """A value in Danish words; empty where nothing is held."""
    value = getattr(row, each.name)
    if value is None or value == "" or value == []:
        return ""
    if each.name in DATE_NAMES:
        return date_name(value)
    if each.choices:
        return str(dict(each.flatchoices).get(value, value))
    return str(NAMES_OF_AREAS.get(value, value)) if each.name == "area" else in_words(value)


def in_words(value) -> str:
    if isinstance(value, bool):
        return _("Ja") if value else _("Nej")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%d.%m.%Y}"
    if isinstance(value, date):
        return doc_date(value)
    if isinstance(value, list):
        return ", ".join(in_words(part) for part in value if part not in (None, ""))
    if isinstance(value, dict):
        return ", ".join(f"{name}: {in_words(part)}" for name, part in value.items() if part not in (None, "", []))
    return str(value)


def date_name(value: str) -> str:
    """`arrived_on` in words: the name of a shared date."""
    try:
        return str(Stay._meta.get_field(value).verbose_name)
    except FieldDoesNotExist:
        return str(OTHER_DATES.get(value, value))


# --- Reasons ----------------------------------------------------------------------------------


def reason_for_row(row, line: Line, asker: Asker, *, names_people: bool) -> str:
    if line.data_class == DataClass.VIOLENCE:
        return _("Notat om vold og trusler")
    people = list(row.people.all()) if names_people else []
    others = [person.short_name for person in people if person.pk != asker.person.pk]
    if line.data_class == DataClass.HEALTH:
        if asker.without_health:
            return _("Helbred: barnet er fyldt 15 år og bestemmer selv")
        if names_people and not people:
            return _("Helbred: linjen siger ikke, hvem den angår")
    if line.data_class == DataClass.LOCATION and asker.kept_from:
        return _("Sted: en anden i familien er beskyttet over for personen")
    return _("Angår også %s") % ", ".join(others) if others else ""


def reason_for_value(value: Value, line: Line, asker: Asker, *, third: bool) -> str:
    if third:
        return _("Oplysning om en anden person")
    if asker.kept_from and (value.data_class == DataClass.LOCATION or line.key.split(".")[0] in PLACES):
        return _("Sted: en anden i familien er beskyttet over for personen")
    others = mentioned(value.text, asker.names)
    return _("Nævner %s") % ", ".join(others) if others else ""


def tells_of_another(row, each: models.Field, asker: Asker) -> bool:
    return not each.is_relation or getattr(row, each.name) != asker.person
