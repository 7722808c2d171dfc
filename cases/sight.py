"""Who sees which field of a person: the one place. Pages, lists, files, paper and the JSON doors ask here.

A field that is not seen is not fetched, and is empty on the object, so that no template brings it up later.
A column of Person that stands in no row of FIELDS is for those who read case files.
"""

from collections.abc import Iterable
from datetime import date

from django.db import models
from django.db.models import Case as Choose
from django.db.models import CharField, Exists, F, QuerySet, Value, When
from django.utils.translation import gettext as _

from accounts.access import Permission, can, reads_file
from cases.choices import CONTACT_CONSENT
from cases.formats import age_on
from cases.models import Case, Consent, Person
from cases.reading import is_grown_up

# What it takes to see a field. The birth date is fetched for an age, and shown to those who read case files.
FIELDS = {
    "given_names": Permission.SEE_FAMILIES,
    "surname": Permission.SEE_FAMILIES,
    "role": Permission.SEE_FAMILIES,
    "languages": Permission.SEE_FAMILIES,
    "interpreter": Permission.SEE_FAMILIES,
    "phone": Permission.SEE_CONTACT,
    "email": Permission.SEE_CONTACT,
    "birth_date": Permission.SEE_AGES,
}
KEYS = ("id", "case_id")


def sees(user, field: str, number: str = "") -> bool:
    """Whether the user sees this column of Person; number: in a case that may be opened for a while."""
    whole = reads_file(user, number) if number else can(user, Permission.SEE_CASE_FILES)
    return whole or (field in FIELDS and can(user, FIELDS[field]))


def columns(user, number: str = "") -> list[str]:
    """The columns of Person that the user may have fetched, in the model's order."""
    names = [field.attname for field in Person._meta.concrete_fields]
    return [name for name in names if name in KEYS or sees(user, name, number)]


def people_of(case: Case, user, *, today: date, also: Iterable[int] = ()) -> list[Person]:
    """The members as far as the user sees them, each with `age` (years or None). One query.

    also: ids of children whose deadline the user has, for those who otherwise meet the adults only.
    """
    if not sees(user, "given_names", case.number):
        return []
    seen = columns(user, case.number)
    found = [shown(person, seen, case, user, today) for person in with_phone(case.people.only(*seen), seen, case)]
    if can(user, Permission.SEE_CHILDREN) or reads_file(user, case.number):
        return found
    return [person for person in found if is_grown_up(person.role, person.age) or person.pk in set(also)]


def with_phone(people: QuerySet, seen: list[str], case: Case) -> QuerySet:
    """Whoever does not see phones gets one where the family has said yes to a contact person; in the database."""
    if "phone" in seen:
        return people.order_by("pk")
    asked = Consent.objects.filter(case=case, what=CONTACT_CONSENT).order_by("-given_on", "-pk")
    latest = Consent.objects.filter(pk=models.Subquery(asked.values("pk")[:1]), withdrawn_on=None)
    number = Choose(When(Exists(latest), then=F("phone")), default=Value(""), output_field=CharField())
    return people.annotate(agreed_phone=number).order_by("pk")


def shown(person: Person, seen: list[str], case: Case, user, today: date) -> Person:
    """Age and emptied fields: what was not fetched is never asked for."""
    person.case = case
    person.age = age_on(person.birth_date, today) if "birth_date" in seen and person.birth_date else None
    hidden = person.get_deferred_fields()
    if not reads_file(user, case.number):
        hidden |= {"birth_date"}
    for name in hidden:
        person.__dict__[name] = empty(name)
    person.phone = getattr(person, "agreed_phone", person.phone)
    if getattr(case, "nameless", False):  # get_case says so of a protected family
        person.given_names, person.surname, person.phone = person.get_role_display(), "", ""
    return person


def empty(name: str):
    field = Person._meta.get_field(name)
    return None if field.null else False if isinstance(field, models.BooleanField) else ""


def stranger(pk: int, number: int) -> Person:
    """Stands for a member whose name the user does not see: "Person 2"."""
    return Person(pk=pk, given_names=_("Person\u00a0%d") % number)
