"""One search over what the user may see: families, people, and a CPR number that is looked up exactly.

What lies beyond the user's sight answers like what does not exist, at the same price: every question is asked of the
visible cases only. The text is kept nowhere; the log holds the number of hits (security: enumeration, docs/adr/0011).
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat, Trim
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.access import Permission, can
from accounts.models import AccessRecord
from cases.access import shown_name
from cases.cpr import CprError, parse_cpr
from cases.fields import blind_index
from cases.models import Case, CprNumber, Person, in_scope
from deadlines.telling import CPR_LIMIT
from desk.services.lists import person_like
from desk.services.reminders import remind_managers

SHOWN, MOST = 8, 50
LEAST = 3
LOOK_UPS, WITHIN = 30, timedelta(hours=1)
CPR_LIKE = re.compile(r"\s*\d{6}[-\s]?\d{4}\s*\Z")
NUMBER_LIKE = re.compile(r"(\d{4})[-\s]?(\d{1,6})\Z")


@dataclass(slots=True)
class Found:
    """families: (number, name). people: (case number, id, name, family). note: what to do instead of a list."""

    families: list[tuple[str, str]] = field(default_factory=list)
    people: list[tuple[str, int, str, str]] = field(default_factory=list)
    note: str = ""

    @property
    def hits(self) -> int:
        return len(self.families) + len(self.people)


def search(user, text: str, *, most: int, today: date, now: datetime) -> Found:
    """At most `most` families and as many people; more than MOST of either is no list but advice."""
    text = " ".join(text.split())
    if CPR_LIKE.match(text):
        return by_cpr(user, text, today=today, now=now)
    if not is_enough(text):
        return Found(note=_("Skriv mindst tre bogstaver, et sagsnummer eller et telefonnummer."))
    families, people = families_like(user, text), people_like(user, text)
    found = Found(list(families[: MOST + 1]), list(people[: MOST + 1]))
    audit.log(user, "case.search", detail=str(found.hits))
    if len(found.families) > MOST or len(found.people) > MOST:
        return Found(note=_("Mere end 50 passer. Indsnævr søgningen, f.eks. med både for- og efternavn."))
    return Found(found.families[:most], found.people[:most], "" if found.hits else nothing())


def is_enough(text: str) -> bool:
    """Three letters, or a number of at least three signs."""
    return sum(map(str.isalpha, text)) >= LEAST or (
        any(map(str.isdecimal, text)) and sum(map(str.isalnum, text)) >= LEAST
    )


def nothing() -> str:
    return _("Ingen fundet. Prøv med en anden stavemåde, et sagsnummer eller et telefonnummer.")


def families_like(user, text: str) -> QuerySet:
    """By name or by one of the numbers, also without the dash."""
    number = NUMBER_LIKE.match(text)
    written = Q(number__startswith=f"{number[1]}-{number[2]}") if number else Q(pk__in=())
    numbers = written | Q(external_number__iexact=text) | Q(esdh_number__iexact=text)
    # a protected family goes by its number for some, and is not found by its name
    named = Case.objects.visible_to(user).annotate(title=shown_name(user))
    rows = named.filter(Q(title__icontains=text) | numbers)
    return rows.order_by("title", "number").values_list("number", "title")


def people_like(user, text: str) -> QuerySet:
    """By name in any alphabet, Udl.nr. or phone, as far as the user sees these."""
    rows = Person.objects.filter(person_like(text, user)).filter(in_scope(user, "case__"))
    if not can(user, Permission.SEE_CONTACT):
        rows = rows.filter(case__protected=False)
    full = Trim(Concat("given_names", Value(" "), "surname"))
    rows = rows.annotate(family=shown_name(user, "case__"), full=full).order_by("full", "pk")
    return rows.values_list("case__number", "pk", "full", "family")


def by_cpr(user, text: str, *, today: date, now: datetime) -> Found:
    """Exactly one person of a visible case, or nothing. Each look-up stands in the log, hit or miss, without number."""
    if not can(user, Permission.REVEAL_CPR):
        return Found(note=nothing())
    done = AccessRecord.objects.filter(user_id=user.pk, action="cpr.search", at__gt=now - WITHIN).count()
    if done >= LOOK_UPS:
        remind_managers(f"{CPR_LIMIT}:{user.pk}:{timezone.localtime(now):%Y-%m-%dT%H}", on=today)
        return Found(
            note=_("Du har slået 30 CPR-numre op den seneste time. Din leder har fået besked. Prøv igen senere.")
        )
    try:
        index = blind_index(parse_cpr(text, today=today).digits)
    except CprError:
        index = ""
    rows = CprNumber.objects.filter(in_scope(user, "person__case__"), index=index)
    people = [
        (row.person.case.number, row.person_id, row.person.full_name, row.person.case.family_name)
        for row in rows.select_related("person__case")
    ]
    audit.log(user, "cpr.search", detail=str(len(people)))
    return Found(people=people, note="" if people else nothing())
