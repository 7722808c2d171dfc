"""Where somebody is: every field that tells it, in one list, and the one hand that covers it.

`tests/security/test_location.py` fails the build on a field that smells of a place and stands in neither list.
A protected family's places are read by its caseworker and the deputy, and by others who work with it after a reason
(cases.access.sees_places); docs/adr/0013.
"""

import re
from collections.abc import Iterable

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from cases.choices import DataClass
from cases.models import Entry

HIDDEN = _("Beskyttet")
# Fields that tell where a family or one of it lives, learns, works or is to be met.
LOCATION = {
    "cases.Case": ("locality",),
    "cases.Entry": ("text", "body"),
    "deadlines.Step": ("evidence", "done_text", "waiting_for", "waived_reason", "follow_up_reason"),
    "housing.Placement": ("dwelling", "host"),
    "schooling.DaycareOffer": ("daycare",),
    "schooling.SchoolOffer": ("school",),
    "schooling.LanguageOffer": ("provider",),
    "schooling.LanguageReferral": ("provider",),
    "employment.Referral": ("employer", "position"),
    "employment.Job": ("employer", "position"),
    "volunteers.Introduction": ("organisation",),
    "volunteers.LeisureIntroduction": ("activity",),
    "volunteers.Participation": ("activity",),
    "volunteers.ContactWish": ("text",),
    "volunteers.Match": ("volunteer",),
    "reception.Plan": ("goal", "goal_danish"),
    "reception.PlanRevision": ("content",),
    "reception.PlanHandover": ("content",),
    "reception.Contract": ("agreed",),
    "reception.PlanActivity": ("text", "responsible", "contact"),
    "cases.AskedDate": ("party", "whom"),
}
# The places themselves: no family stands in these rows, but each of these words is a place.
REGISTERS = {
    "cases.Locality": ("name", "postal_code"),
    "cases.Party": ("name", "contact"),
    "housing.Dwelling": ("street", "house_number", "floor", "door", "postal_code", "city", "locality"),
    "housing.Host": ("name", "phone", "locality"),
    "schooling.School": ("name", "locality"),
    "schooling.Daycare": ("name", "locality"),
    "schooling.LanguageProvider": ("name", "locality"),
    "volunteers.Activity": ("name", "organiser", "locality", "contact"),
    "volunteers.Organisation": ("name",),
    "volunteers.Volunteer": ("name", "organisation", "locality", "phone"),
}
# What a family was offered or introduced to, by which its places are known by name; the rest are sentences.
FACTS = (
    "housing.Placement", "schooling.DaycareOffer", "schooling.SchoolOffer", "schooling.LanguageOffer",
    "schooling.LanguageReferral", "employment.Referral", "employment.Job", "volunteers.Introduction",
    "volunteers.LeisureIntroduction", "volunteers.Match", "volunteers.Participation",
)  # fmt: skip
CURRENT = {"annulled_on": None, "moved_out_on": None, "ended_on": None}
# Areas whose panels, lines and forms are about places.
PLACE_AREAS = frozenset({"housing", "schooling", "employment", "volunteers"})
PLACE_CLASSES = frozenset({DataClass.LOCATION, DataClass.WORK})


def tells_place(row) -> bool:
    """Whether this row of a registered model is about a place. Lines go by class and area, steps by area."""
    if isinstance(row, Entry):
        return row.data_class in PLACE_CLASSES or row.area in PLACE_AREAS
    return getattr(row, "area", "housing") in PLACE_AREAS


def conceal(rows: Iterable) -> None:
    """Cover the registered fields of rows in memory: text becomes "Beskyttet", a relation nothing. Never saved."""
    for row in rows:
        if not tells_place(row):
            continue
        for name in LOCATION[row._meta.label]:
            field = row._meta.get_field(name)
            if field.is_relation:
                setattr(row, name, None)
            elif row.__dict__.get(name):
                setattr(row, name, str(HIDDEN))


def places_of(people: Iterable[int], *, case_id: int | None = None, now: bool = False) -> frozenset[str]:
    """The names of the places of these people, and of the household when case_id is given. A query per kind of fact.

    now: without what was annulled, declined or has ended; else all that ever stood, since an old place tells too.
    """
    found: set[str] = set()
    for label in FACTS:
        model = apps.get_model(label)
        personal = has(model, "person")
        if not personal and case_id is None:
            continue
        rows = model.objects.filter(person__in=people) if personal else model.objects.filter(case=case_id)
        if now:
            rows = rows.filter(**{name: value for name, value in CURRENT.items() if has(model, name)})
            rows = rows.exclude(answer="declined") if has(model, "answer") else rows
        related = [name for name in LOCATION[label] if model._meta.get_field(name).is_relation]
        for row in rows.select_related(*related):
            found.update(word for name in LOCATION[label] for word in words_of(getattr(row, name)))
    return frozenset(word for word in found if len(word) > 2)


def has(model, name: str) -> bool:
    return any(field.name == name for field in model._meta.fields)


def words_of(place) -> list[str]:
    """How a place is called: its name, and of a dwelling the street alone too."""
    return [str(place), getattr(place, "street", "")] if place else []


def cover(text: str, places: Iterable[str]) -> str:
    """The text with each of the places covered, whatever their capitals; the longest name first."""
    names = sorted(places, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, names)), str(HIDDEN), text, flags=re.IGNORECASE) if names else text
