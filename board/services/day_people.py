"""Who was in reception on a day, and what held for each of them on that day: five queries, whatever the number.

The figures are the house's: they are counted over all cases, not over those the reader may open, because a manager and
the finance department must get the same number, and because no family is shown, only numbers of 5 and more
(board.services.suppression). Nothing that names a case or a person leaves this module.

*On that day* means: by the days of the acts, as they are known now. What was annulled later stood until then, so that a
figure once given is still the same; what was typed late counts from the day it happened. The dates of a stay, a birth
date and the municipality's own locality of a case carry no history: a correction corrects the past.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Case as When_
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, JSONObject

from cases.choices import Closing, FamilyRole
from cases.formats import age_on
from cases.models import BEFORE_ALL, Entry, Locality, Permit, Person, Stay
from cases.protection import Protection
from deadlines.calendar import add
from deadlines.models import Kind, Step
from deadlines.rules import ADULT_AGE
from deadlines.setting import GRANTING
from employment.models import Job
from employment.rules import REFERRAL, pension_from
from housing.models import Answer, Placement
from reception.models import PlanHandover
from reception.rules import MIN_PLAN
from schooling.models import DaycareOffer, SchoolOffer
from schooling.rules import GUARANTEE, school_day
from volunteers.models import Match

HOST = "host"
CLOSED, REOPENED = "cases.closed", "cases.reopened"
FIELDS = (
    "case_id", "role", "birth_date", "sex", "permit", "in_school", "in_daycare", "in_job", "exempt", "has_contact",
    "plan_due", "plan_on", "case__locality", "home",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Here:
    """One person in reception on the day. permit, home: "" unknown; town: id of a Locality, None unknown or protected.

    plan_due: the day Min plan was due, None where there is no such duty; plan_on: handed over, on the day or before.
    """

    case_id: int
    role: str
    birth_date: date | None
    sex: str
    permit: str
    home: str
    town: int | None
    in_school: bool
    in_daycare: bool
    in_job: bool
    exempt: bool
    has_contact: bool
    plan_due: date | None
    plan_on: date | None

    def is_child(self, day: date) -> bool:
        """Under 18; without a birth date the role in the family decides."""
        if self.birth_date is None:
            return self.role == FamilyRole.CHILD
        return self.birth_date > day or age_on(self.birth_date, day) < ADULT_AGE

    def is_pensioner(self, day: date) -> bool:
        """Folkepensionsalderen is reached; without a birth date nobody is taken for a pensioner."""
        return self.birth_date is not None and day >= pension_from(self.birth_date)

    def needs_daycare(self, day: date) -> bool:
        """26 weeks old, and not yet of school age (pasningsgaranti)."""
        born = self.birth_date
        return born is not None and born + GUARANTEE <= day < school_day(born)

    def needs_school(self, day: date) -> bool:
        """From 1 August of the year it turns six until it is 18."""
        born = self.birth_date
        return born is not None and school_day(born) <= day and self.is_child(day)

    @property
    def is_available(self) -> bool:
        """May work and is not exempt from being referred: what the record knows of *rådig*."""
        return self.permit in GRANTING and not self.exempt


def standing(day: date) -> Q:
    """Facts that were not annulled on the day."""
    return Q(annulled_on=None) | Q(annulled_on__gt=day)


def here_on(day: date) -> QuerySet[Stay]:
    """Stays that had begun and were not over. The day of departure is the first day away."""
    came = Q(arrived_on__lte=day) | Q(staying_since__lte=day) | Q(residence_from__lte=day)
    return Stay.objects.filter(came, Q(left_on=None) | Q(left_on__gt=day))


def people_on(day: date) -> list[Here]:
    """Everybody in reception on the day. Two queries."""
    hidden = guarded_cases(day)
    rows = of_open_cases(day).annotate(**_round(day)).annotate(**_record(day), **_offers(day), **_duties(day))
    return [_told(row, hidden) for row in rows.values_list(*FIELDS).iterator(chunk_size=2000)]


def _told(row: tuple, hidden: frozenset[int]) -> Here:
    """Without the place of who is protected, which goes no further than here."""
    *told, locality, home = row
    found = dict(zip(FIELDS, told, strict=False))
    place = home or {"what": "", "where": None}
    town = None if found["case_id"] in hidden else place["where"] or locality
    return Here(**found, home=place["what"], town=town)


def guarded_cases(day: date) -> frozenset[int]:
    """Cases in which somebody is protected now, or was on the day."""
    then = Q(lapsed_on=None) | Q(starts_on__lte=day, lapsed_on__gt=day)
    return frozenset(Protection.objects.filter(then).values_list("person__case_id", flat=True))


def of_open_cases(day: date) -> QuerySet[Person]:
    """People who were here, in cases that were open: what was reopened later had been closed until then."""
    here = here_on(day).filter(person=OuterRef("pk")).order_by("-round")
    marks = Entry.objects.filter(case=OuterRef("case"), kind__in=[CLOSED, REOPENED], on__lte=day)
    last = Subquery(marks.order_by("-on", "-pk").values("kind")[:1])
    found = Person.objects.annotate(round=Subquery(here.values("round")[:1]), mark=Coalesce(last, Value("")))
    return found.filter(round__isnull=False).exclude(case__closed_on__lte=day).exclude(mark=CLOSED)


def _round(day: date) -> dict:
    """The last departure before: what belongs to an earlier stay has ended with it."""
    gone = Stay.objects.filter(person=OuterRef("pk"), left_on__lte=day).order_by("-left_on")
    return {"since": Coalesce(Subquery(gone.values("left_on")[:1]), Value(BEFORE_ALL))}


def _record(day: date) -> dict:
    """permit, and the home as {what, where}: its kind and the id of its town."""
    permits = Permit.objects.filter(standing(day), person=OuterRef("pk"), since__lte=day).order_by("-since", "-pk")
    home = _homes(day).values(data=JSONObject(what=F("what"), where=F("where")))
    return {"permit": Coalesce(Subquery(permits.values("state")[:1]), Value("")), "home": Subquery(home[:1])}


def _homes(day: date) -> QuerySet[Placement]:
    """Where the household lived: what it had accepted or moved into, the latest first.

    A placement outlives its planned end until somebody has moved out, and ends when the whole household left.
    """
    rows = Placement.objects.filter(standing(day), case=OuterRef("case")).exclude(answer=Answer.DECLINED).with_end()
    rows = rows.filter(Q(answer=Answer.ACCEPTED) | Q(moves_in_on__isnull=False), begin__lte=day)
    rows = rows.filter(Q(moved_out_on=None) | Q(moved_out_on__gt=day), Q(gone_on=None) | Q(gone_on__gt=day))
    what = When_(When(host__isnull=False, then=Value(HOST)), default=F("kind"))
    where = Coalesce("dwelling__locality", "host__locality")
    return rows.annotate(what=what, where=where).order_by("-begin", "-number")


def _offers(day: date) -> dict:
    """A place is one that the family has taken, or where the child has begun; of this stay."""

    def place(model) -> Exists:
        rows = model.objects.filter(standing(day), person=OuterRef("pk"))
        rows = rows.filter(offered_on__lte=day, offered_on__gt=OuterRef("since"))
        return Exists(rows.filter(Q(answer="accepted") | Q(answer="", starts_on__lte=day)))

    return {"in_school": place(SchoolOffer), "in_daycare": place(DaycareOffer)}


def _duties(day: date) -> dict:
    """Work, exemption from being referred, contact person, and Min plan: when it was due and handed over."""
    jobs = Job.objects.filter(standing(day), Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)
    matches = Match.objects.filter(standing(day), Q(ended_on=None) | Q(ended_on__gt=day), started_on__lte=day)
    handed = PlanHandover.objects.filter(standing(day), plan__person=OuterRef("pk"))
    handed = handed.filter(on__lte=day, on__gt=OuterRef("since")).order_by("on")
    plans = _steps(MIN_PLAN.key).filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=day)).exclude(waived(day))
    return {
        "in_job": Exists(jobs.filter(person=OuterRef("pk"))),
        "exempt": Exists(_steps(REFERRAL.key).filter(waived(day))),
        "has_contact": Exists(matches.filter(case=OuterRef("case"), volunteer__isnull=False)),
        "plan_due": Subquery(plans.values("due_on")[:1]),
        "plan_on": Subquery(handed.values("on")[:1]),
    }


def _steps(rule: str) -> QuerySet[Step]:
    return Step.objects.filter(rule=rule, person=OuterRef("pk"), round=OuterRef("round"))


def waived(day: date) -> Q:
    """Exempt on the day; of a law only what a second person had confirmed."""
    holds = Q(waived_until=None) | Q(waived_until__gte=day)
    return holds & Q(waived_on__isnull=False, waived_on__lte=day) & (~Q(kind=Kind.LAW) | Q(confirmed_on__lte=day))


# --- Coming and going ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody arrived in, or left, the municipality."""

    case_id: int
    person_id: int
    on: date


def spans(day: date) -> dict[str, date]:
    """The first days of the three periods that end with the day: its month, its year, and twelve months."""
    return {"month": day.replace(day=1), "year": day.replace(month=1, day=1), "twelve": first_of_twelve(day)}


def first_of_twelve(day: date) -> date:
    return add(day, -12, "months") + timedelta(days=1)


def arrivals(day: date) -> list[Move]:
    return list(_moves("arrived_on", day))


def departures(day: date) -> list[Move]:
    return list(_moves("left_on", day))


def _moves(name: str, day: date) -> Iterator[Move]:
    """Of the longest period. A case that was closed as a mistake, on the day or before, was never a family."""
    inside = {f"{name}__gte": min(spans(day).values()), f"{name}__lte": day}
    mistake = Q(person__case__closing_reason=Closing.MISTAKE, person__case__closed_on__lte=day)
    rows = Stay.objects.filter(**inside).exclude(mistake)
    return (Move(*row) for row in rows.values_list("person__case_id", "person_id", name))


def town_names() -> dict[int, str]:
    return dict(Locality.objects.values_list("pk", "name"))
