"""What an area tells the engine: plain data and one question to the database. No base class to inherit."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from cases.choices import DataClass, FamilyRole
from cases.formats import age_on
from cases.models import Person

ADULT_AGE = 18
# Who a duty falls to: keys of accounts.roles.ROLES. The two that a team has one of, or whoever has the case.
CASEWORKER, COORDINATOR, MANAGER = "caseworker", "volunteer_coordinator", "manager"

# The names of the dates a clock can wait for, as the page says them.
WAITS = {
    "birth_date": _("fødselsdato"),
    "expected_on": _("ankomst"),
    "arrived_on": _("ankomst til kommunen"),
    "visitation_on": _("visiteringsdato"),
    "residence_from": _("taget ophold"),
    "responsibility_from": _("overtaget ansvar"),
    "permit": _("opholdstilladelse"),
    "staying_since": _("opholder sig her siden"),
}


# What a step tells about: the placement, the school, the doctor say where somebody can be found, jobs are work.
# Violence never makes a step.
AREA_CLASSES = {
    "housing": DataClass.LOCATION,
    "schooling": DataClass.LOCATION,
    "employment": DataClass.WORK,
    "health": DataClass.HEALTH,
}
RULE_CLASSES = {
    "reception.population_register": DataClass.LOCATION,
    "reception.gp": DataClass.LOCATION,
    "volunteers.introduction": DataClass.LOCATION,
    "volunteers.leisure_introduction": DataClass.LOCATION,
}


def class_of(area: str, rule: str = "") -> DataClass:
    """The data class of a step, and of the lines that people's decisions about it leave in the timeline."""
    return RULE_CLASSES.get(rule) or AREA_CLASSES.get(area, DataClass.ORDINARY)


@dataclass(frozen=True, slots=True)
class Fact:
    """What is true today about one step of one person, or of one household when person_id is None.

    starts_on None: the clock has not started, and waits_for names the missing date (a key of WAITS).
    met_on: the day of the act that meets the step. evidence: the latest fact, in Danish, for the page.
    due_on: only where the deadline *is* a date (permit_expiry, next_home).
    ends_on: the day the duty falls away by itself; from that day an unmet step is withdrawn.
    period: number of the household's period, where the round counts something else (placements, matches).
    """

    case_id: int
    person_id: int | None = None
    round: int = 1
    starts_on: date | None = None
    met_on: date | None = None
    evidence: str = ""
    waits_for: str = ""
    start_note: str = ""  # key of WAITS: the date that started the clock
    due_on: date | None = None
    ends_on: date | None = None
    period: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One duty. `facts(cases, today=...)` asks a constant number of queries for one case or five hundred.

    title: the act in the imperative ("Tilbyd sprogskole"). noun: the column and short name ("Sprogskole").
    permit: any | unless_refused | granted, applied by the engine, never by the area.
    act: label of the button that leads to the act's page, whose URL is named `<area>:<name>` like the key and takes
    the case number and, for a person's rule, the person's id; empty where the fact is a shared date.
    tick: met by a dated tick on the step itself (done_on) instead of a row in the area.
    local: made from a row; without a term in the set of its starting day there is no step at all.
    """

    key: str
    title: str
    noun: str
    facts: Callable[..., Iterable[Fact]]
    act: str = ""
    permit: str = "unless_refused"
    household: bool = False
    tick: bool = False
    in_area: str = ""
    owner: str = ""
    local: bool = False

    @property
    def area(self) -> str:
        """The key's own prefix; a local rule names the area it belongs to."""
        return self.in_area or self.key.split(".")[0]

    @property
    def owner_role(self) -> str:
        """As a local rule says; else the volunteers' duties are their coordinator's, all others the caseworker's."""
        return self.owner or (COORDINATOR if self.area == "volunteers" else CASEWORKER)


def is_adult(person: Person, day: date) -> bool:
    """18 on the day, or decided to be treated so; without a birth date the role in the family decides."""
    if person.treated_as_adult_from and person.treated_as_adult_from <= day:
        return True
    if person.birth_date:
        return person.birth_date <= day and age_on(person.birth_date, day) >= ADULT_AGE
    return person.role != FamilyRole.CHILD


def adult_clock(
    person: Person, start: date | None, today: date, granted: date | None = None
) -> tuple[bool, date | None]:
    """(runs, start) of a duty towards adults: age is taken on the starting day, on today while that is missing.

    granted: for a rule that needs the permit, the day it was granted; the engine starts at the later of the two.
    Somebody who turned 18 later starts on the day the caseworker decided (treated_as_adult_from).
    """
    if start is None:
        return is_adult(person, today), None
    if is_adult(person, max(start, granted or start)):
        return True, start
    later = person.treated_as_adult_from
    return bool(later), max(start, later) if later else start


def later(*days: date | None) -> date | None:
    """The latest of the days; None as soon as one is missing."""
    return None if any(day is None for day in days) else max(days)


def earliest(days: Iterable[date | None]) -> date | None:
    return min((day for day in days if day), default=None)


def in_round(rows: QuerySet, on: str = "on", person: str = "person") -> QuerySet:
    """Standing rows of the person that fall in the stay's own round, first one first.

    For `Subquery` in an annotation of `Stay.objects.of(cases)`.
    """
    inside = {f"{on}__gt": OuterRef("window_start"), f"{on}__lte": OuterRef("window_end")}
    return rows.standing().filter(**{person: OuterRef("person")}, **inside).order_by(on, "pk")


def in_period(day: date | None, period) -> bool:
    """Whether a household's row of that day belongs to the period (cases.household.Period)."""
    return day is not None and period.after < day <= (period.until or date.max)


def days_before(day: date, amount: int) -> date:
    return day - timedelta(days=amount)
