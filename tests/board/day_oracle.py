"""Families made up with a seed, kept as plain records, written as bare rows, and counted by hand.

The counting below reads the records alone: no query, no date rule and no number of the product.
"""

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

FIRST, LAST = date(2025, 3, 1), date(2026, 11, 20)
STATES = ["not_applied", "applied", "granted", "extended", "refused", "complaint", "revoked", "lapsed"]


class Maker:
    """Draws families. All days lie between FIRST and LAST, births apart."""

    def __init__(self, seed):
        self.rng = random.Random(seed)

    def chance(self, share):
        return self.rng.random() < share

    def day(self, first=FIRST, last=LAST):
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


# --- By hand ----------------------------------------------------------------------------------


def stands(row, day):
    return row["annulled"] is None or row["annulled"] > day


def came(stay):
    return min(day for day in (stay["arrived"], stay["staying"], stay["residence"]) if day)


def present(one, day):
    """The stay in which the person is here, and its number."""
    for number, stay in enumerate(one["stays"], 1):
        if came(stay) <= day and (stay["left"] is None or stay["left"] > day):
            return number, stay
    return None


def is_open(family, day):
    if family["closed"] and family["closed"] <= day:
        return False
    state = "cases.reopened"
    for kind, on in family["marks"]:
        if on <= day:
            state = kind
    return state == "cases.reopened"


def years(birth, day):
    """Whole years by walking from birthday to birthday."""
    age = 0
    while True:
        try:
            following = date(birth.year + age + 1, birth.month, birth.day)
        except ValueError:
            following = date(birth.year + age + 1, 3, 1)
        if following > day:
            return age
        age += 1


def child(one, day):
    return one["role"] == "child" if one["birth"] is None else years(one["birth"], day) < 18


def pensioner(one, day):
    """67 for those born from July 1955, 68 from 1963; nobody here is near the other steps."""
    if one["birth"] is None:
        return False
    return years(one["birth"], day) >= (68 if one["birth"].year >= 1963 else 67)


def newest_permit(one, day):
    rows = [
        (row["since"], number, row["state"])
        for number, row in enumerate(one["permits"])
        if row["since"] <= day and stands(row, day)
    ]
    return max(rows)[2] if rows else ""


def emptied(family, after):
    """The first day, from `after` on, on which somebody left and nobody was here any more."""
    stays = [stay for one in family["people"] for stay in one["stays"]]
    for day in sorted(stay["left"] for stay in stays if stay["left"] and stay["left"] >= after):
        if not any(
            (stay["arrived"] or stay["staying"]) <= day and (stay["left"] is None or stay["left"] > day)
            for stay in stays
        ):
            return day
    return None


def lives(family, day):
    """(kind of home, town)."""
    best = None
    for number, row in enumerate(family["homes"], 1):
        begins = row["moves_in"] or row["offered"]
        taken = row["answer"] == "accepted" or (row["moves_in"] and row["answer"] != "declined")
        gone = emptied(family, begins)
        over = (row["moved_out"] and row["moved_out"] <= day) or (gone and gone <= day)
        if taken and stands(row, day) and begins <= day and not over and (best is None or (begins, number) > best[:2]):
            best = (begins, number, row)
    if best is None:
        return "", family["town"]
    row = best[2]
    return ("host" if row["host"] else row["kind"]), row["where"] or family["town"]


def guarded(family, day):
    return any(row["lapsed"] is None or (row["starts"] <= day < row["lapsed"]) for row in family["protections"])


def off(step, day):
    return bool(step["waived"] and step["waived"] <= day and (step["until"] is None or step["until"] >= day))


def has_place(rows, day, since):
    return any(
        since < row["on"] <= day and stands(row, day)
        and (row["answer"] == "accepted" or (row["answer"] == "" and row["starts"] and row["starts"] <= day))
        for row in rows
    )  # fmt: skip


def add(counts, *path):
    for key in path[:-1]:
        counts = counts.setdefault(key, {})
    counts[path[-1]] = counts.get(path[-1], 0) + 1


def count(families, day):
    """Everything about a day, without zeros: nested dicts."""
    found = {"persons": 0, "families": 0}
    for family in families:
        here = [(one, *present(one, day)) for one in family["people"] if is_open(family, day) and present(one, day)]
        if not here:
            continue
        found["families"] += 1
        linked = any(
            row["volunteer"] and row["on"] <= day and (row["ended"] is None or row["ended"] > day) and stands(row, day)
            for row in family["matches"]
        )
        add(found, "contact", "with" if linked else "without")
        home, town = lives(family, day)
        for one, _number, stay in here:
            found["persons"] += 1
            add(found, "home", home)
            add(found, "town", "" if town is None or guarded(family, day) else town)
            add(found, "sex", one["sex"])
            add(found, "permit", newest_permit(one, day))
            of_person(found, one, stay, day)
    return fold(found)


def fold(found):
    """Fewer than 5 pensioners stand among the other adults."""
    old = found.pop("old", {})
    if sum(old.values()) < 5:
        for key, number in old.items():
            found["job"][key] = found["job"].get(key, 0) + number
        found["age"]["w50"] = found["age"].get("w50", 0) + found["age"].pop("p", 0)
    return {
        name: {key: n for key, n in part.items() if n} if isinstance(part, dict) else part
        for name, part in found.items()
    }


def of_person(found, one, stay, day):
    since = max([s["left"] for s in one["stays"] if s["left"] and s["left"] <= day], default=date(1900, 1, 1))
    birth = one["birth"]
    school_day = date(birth.year + 6, 8, 1) if birth else None
    works = any(r["starts"] <= day and (r["ends"] is None or r["ends"] >= day) and stands(r, day) for r in one["jobs"])
    if child(one, day):
        band = "cx" if birth is None else ["c0", "c6", "c13"][(years(birth, day) >= 6) + (years(birth, day) >= 13)]
        add(found, "age", band)
        if birth and school_day <= day:
            add(found, "place", "school_with" if has_place(one["school"], day, since) else "school_without")
        elif birth and birth + timedelta(days=182) <= day:
            add(found, "place", "daycare_with" if has_place(one["daycare"], day, since) else "daycare_without")
        else:
            add(found, "place", "neither_all")
    else:
        age, old = 0 if birth is None else years(birth, day), pensioner(one, day)
        band = "wx" if birth is None else ["w18", "w30", "w50"][(age >= 30) + (age >= 50)]
        may = newest_permit(one, day) in {"granted", "extended"} and not off(stay["refer"], day)
        add(found, "age", "p" if old else band)
        add(found, "old" if old else "job", ("available" if may else "others", "with" if works else "without"))
    plan = stay["plan"]
    if plan["due"] < day and not off(plan, day) and not (plan["withdrawn"] and plan["withdrawn"] <= day):
        handed = [row["on"] for row in one["plans"] if since < row["on"] <= day and stands(row, day)]
        add(found, "plan", "missing" if not handed else "in_time" if min(handed) <= plan["due"] else "late")


def moved(families, day, name):
    """period → (persons, families) that arrived or left."""
    before = day.replace(year=day.year - 1) if (day.month, day.day) != (2, 29) else date(day.year - 1, 2, 28)
    found = {}
    for period, inside in (
        ("month", lambda d: (d.year, d.month) == (day.year, day.month)),
        ("year", lambda d: d.year == day.year),
        ("twelve", lambda d: d > before),
    ):
        people = [
            (number, place)
            for number, family in enumerate(families)
            if not (family["reason"] == "mistake" and family["closed"] <= day)
            for place, one in enumerate(family["people"])
            if any(stay[name] and stay[name] <= day and inside(stay[name]) for stay in one["stays"])
        ]
        found[period] = (len(people), len({number for number, _place in people}))
    return found
