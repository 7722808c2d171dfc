"""Families made up with a seed, kept as plain records, and written as bare rows."""

import random
from datetime import date, timedelta

from cases.models import Case, Entry, Locality, Permit, Person, Stay
from cases.protection import Protection
from deadlines.models import Step
from employment.models import Job
from housing.models import Dwelling, Host, Placement
from reception.models import Plan, PlanHandover
from schooling.models import Daycare, DaycareOffer, School, SchoolOffer
from tests.factories import UserFactory
from volunteers.models import Match, Volunteer

FIRST, LAST = date(2025, 3, 1), date(2026, 11, 24)
DAYS = [date(2025, 5, 31), date(2025, 8, 1), date(2025, 12, 31), date(2026, 2, 28), date(2026, 7, 15), LAST]
STATES = ["not_applied", "applied", "granted", "extended", "refused", "complaint", "revoked", "lapsed"]


class Maker:
    """Draws families. All days lie between FIRST and LAST, births apart."""

    def __init__(self, seed):
        self.rng = random.Random(seed)

    def chance(self, share):
        return self.rng.random() < share

    def day(self, first=FIRST, last=LAST):
        """Now and then exactly one of the days that are counted: the edges of what holds."""
        edges = [day for day in DAYS if first <= day <= last]
        if edges and self.chance(0.1):
            return self.rng.choice(edges)
        return first + timedelta(days=self.rng.randint(0, max((last - first).days, 0)))

    def maybe(self, share, first=FIRST):
        return self.day(first) if self.chance(share) else None

    def annulled(self, after):
        return self.maybe(0.15, after)

    def family(self, towns):
        start = self.day()
        people = [self.person(start, number) for number in range(self.rng.choice([1, 2, 3, 3, 4, 5]))]
        closed, marks = None, []
        if self.chance(0.2):
            on = self.day(start)
            marks.append(("cases.closed", on))
            if self.chance(0.4):
                marks.append(("cases.reopened", self.day(on + timedelta(days=1), LAST + timedelta(days=2))))
            else:
                closed = on
        return {
            "town": self.rng.choice([*towns, None]),
            "closed": closed,
            "reason": self.rng.choice(["left", "mistake", "other"]) if closed else "",
            "marks": marks,
            "people": people,
            "protections": [self.protection()] if self.chance(0.1) else [],
            "homes": [self.home(start, towns) for _each in range(self.rng.choice([0, 1, 1, 2, 3]))],
            "matches": [self.match(start) for _each in range(self.rng.choice([0, 0, 1, 2]))],
        }

    def protection(self):
        starts = self.day()
        return {"starts": starts, "lapsed": self.maybe(0.6, starts)}

    def person(self, start, number):
        child = number > 1 or (number == 1 and self.chance(0.4))
        years = (
            self.rng.choice([0, 1, 3, 5, 6, 8, 12, 15, 17, 18])
            if child
            else self.rng.choice([18, 24, 40, 55, 66, 70, 80])
        )
        birth = date(2026 - years, 1, 1) + timedelta(days=self.rng.randint(0, 300))
        birth = min(birth, start)
        stays = [self.stay(start)]
        if stays[0]["left"] and stays[0]["left"] < LAST - timedelta(days=40) and self.chance(0.5):
            stays.append(self.stay(stays[0]["left"] + timedelta(days=self.rng.randint(1, 30))))
        return {
            "role": "child" if child else "main",
            "birth": None if self.chance(0.06) else birth,
            "sex": self.rng.choice(["f", "m", "f", "m", ""]),
            "stays": stays,
            "permits": [self.permit() for _each in range(self.rng.choice([0, 1, 1, 2, 3]))],
            "jobs": [self.job() for _each in range(self.rng.choice([0, 0, 1, 2]))],
            "school": [self.offer() for _each in range(self.rng.choice([0, 1, 2]))],
            "daycare": [self.offer() for _each in range(self.rng.choice([0, 1, 2]))],
            "plans": [self.handover() for _each in range(self.rng.choice([0, 1, 2]))],
        }

    def stay(self, start):
        came = start + timedelta(days=self.rng.randint(0, 20))
        dates = {"arrived": came, "staying": None, "residence": None}
        if self.chance(0.2):
            dates = {"arrived": self.maybe(0.5, came), "staying": came, "residence": None}
        if self.chance(0.5):
            dates["residence"] = came + timedelta(days=self.rng.randint(0, 9))
        return dates | {"left": self.maybe(0.3, came + timedelta(days=25)), "plan": self.step(), "refer": self.step()}

    def step(self):
        waived = self.maybe(0.25)
        return {
            "due": self.day(),
            "withdrawn": self.maybe(0.15),
            "waived": waived,
            "until": self.maybe(0.5, waived) if waived else None,
        }

    def permit(self):
        since = self.day()
        return {"state": self.rng.choice(STATES), "since": since, "annulled": self.annulled(since)}

    def job(self):
        starts = self.day()
        return {"starts": starts, "ends": self.maybe(0.4, starts), "annulled": self.annulled(starts)}

    def offer(self):
        on = self.day()
        return {
            "on": on,
            "answer": self.rng.choice(["accepted", "accepted", "declined", ""]),
            "starts": self.maybe(0.5, on),
            "annulled": self.annulled(on),
        }

    def handover(self):
        on = self.day()
        return {"on": on, "annulled": self.annulled(on)}

    def home(self, start, towns):
        offered = self.day(start)
        return {
            "host": self.chance(0.25),
            "kind": self.rng.choice(["lodging", "temporary", "temporary", "permanent"]),
            "where": self.rng.choice([*towns, None]),
            "offered": offered,
            "answer": self.rng.choice(["none", "accepted", "accepted", "declined"]),
            "moves_in": self.maybe(0.5, offered),
            "moved_out": self.maybe(0.2, offered),
            "annulled": self.annulled(offered),
        }

    def match(self, start):
        on = self.day(start)
        return {"volunteer": self.chance(0.8), "on": on, "ended": self.maybe(0.3, on), "annulled": self.annulled(on)}


# --- As rows ----------------------------------------------------------------------------------

ORDER = (Case, Person, Stay, Permit, Step, Entry, Protection, Job, SchoolOffer, DaycareOffer, Placement, Match, Plan, PlanHandover)  # fmt: skip


class Rows:
    """Bare rows, kept until all are known and then written by the model, those they point to first."""

    def __init__(self, towns):
        self.kept = {model: [] for model in ORDER}
        self.towns = {name: Locality.objects.create(name=name) for name in towns}
        self.school, self.daycare = School.objects.create(name="Skolen"), Daycare.objects.create(name="Skovbørnehaven")
        self.volunteer, self.deciders = Volunteer.objects.create(name="Karin Holm"), (UserFactory(), UserFactory())
        self.homes = {
            name: (
                Dwelling.objects.create(street="Skovvej", house_number=str(number), places=40, locality=self.at(name)),
                Host.objects.create(name=f"Vært {number}", locality=self.at(name)),
            )
            for number, name in enumerate([*towns, None])
        }

    def at(self, town):
        return self.towns.get(town)

    def add(self, model, **fields):
        self.kept[model].append(model(**fields))
        return self.kept[model][-1]

    def write(self):
        for model, rows in self.kept.items():
            model.objects.bulk_create(rows)


def write(families, towns):
    """id of a Locality → its name, by which the records know it."""
    rows = Rows(towns)
    for number, family in enumerate(families):
        case = rows.add(
            Case, number=f"2025-{number + 1000}", family_name="Prøve", registered_on=FIRST,
            locality=rows.at(family["town"]), closed_on=family["closed"], closing_reason=family["reason"],
        )  # fmt: skip
        for kind, on in family["marks"]:
            rows.add(Entry, case=case, kind=kind, on=on, text="Prøve")
        of_household(rows, case, family)
        people = [of_one(rows, case, one) for one in family["people"]]
        for row in family["protections"]:
            proposes, decides = rows.deciders if row["lapsed"] else (None, None)
            rows.add(
                Protection, person=people[0], starts_on=row["starts"], review_on=LAST + timedelta(days=400),
                registered_on=FIRST, lapse_proposed_on=row["lapsed"], lapse_proposed_by=proposes,
                lapsed_on=row["lapsed"], lapsed_by=decides,
            )  # fmt: skip
    rows.write()
    return {place.pk: name for name, place in rows.towns.items()}


def of_household(rows, case, family):
    for number, row in enumerate(family["homes"], 1):
        dwelling, host = rows.homes[row["where"]]
        rows.add(
            Placement, case=case, number=number, kind=row["kind"], residents=1, offered_on=row["offered"],
            dwelling=None if row["host"] else dwelling, host=host if row["host"] else None, answer=row["answer"],
            moves_in_on=row["moves_in"], moved_out_on=row["moved_out"], annulled_on=row["annulled"],
        )  # fmt: skip
    for number, row in enumerate(family["matches"], 1):
        rows.add(
            Match, case=case, round=number, volunteer=rows.volunteer if row["volunteer"] else None,
            started_on=row["on"], ended_on=row["ended"], end_reason="other" if row["ended"] else "",
            annulled_on=row["annulled"],
        )  # fmt: skip


def of_one(rows, case, one):
    person = rows.add(
        Person, case=case, role=one["role"], given_names="Prøve", birth_date=one["birth"], sex=one["sex"],
        registered_on=FIRST,
    )  # fmt: skip
    for number, stay in enumerate(one["stays"], 1):
        rows.add(
            Stay, person=person, round=number, arrived_on=stay["arrived"], staying_since=stay["staying"],
            residence_from=stay["residence"], left_on=stay["left"],
        )  # fmt: skip
        for rule, step in (("reception.min_plan", stay["plan"]), ("employment.referral", stay["refer"])):
            rows.add(
                Step, case=case, person=person, rule=rule, round=number, title=rule, kind="service_goal",
                due_on=step["due"], withdrawn_on=step["withdrawn"], waived_on=step["waived"], waived_until=step["until"],
                waived_kind="exempt" if step["waived"] else "", waived_reason="Prøve" if step["waived"] else "",
            )  # fmt: skip
    for row in one["permits"]:
        rows.add(Permit, person=person, state=row["state"], since=row["since"], annulled_on=row["annulled"])
    for row in one["jobs"]:
        days = {"starts_on": row["starts"], "ends_on": row["ends"], "annulled_on": row["annulled"]}
        rows.add(Job, person=person, employer="Lynge Bageri", **days)
    offers = [(SchoolOffer, {"school": rows.school}, row) for row in one["school"]]
    offers += [(DaycareOffer, {"daycare": rows.daycare}, row) for row in one["daycare"]]
    for model, place, row in offers:
        days = {"offered_on": row["on"], "starts_on": row["starts"], "annulled_on": row["annulled"]}
        rows.add(model, person=person, answer=row["answer"], **days, **place)
    for number, row in enumerate(one["plans"], 1):
        plan = rows.add(Plan, person=person, version=number)
        rows.add(PlanHandover, plan=plan, on=row["on"], annulled_on=row["annulled"])
    return person
