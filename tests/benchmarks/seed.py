"""Fill a migrated database: python -m tests.benchmarks.seed PERSONS. Prints what the pages need as JSON."""

import json
import sys
from datetime import date, timedelta
from importlib import import_module

import django

django.setup()

from django.conf import settings  # noqa: E402 - the apps must be ready
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import RoleGrant, Team, User  # noqa: E402
from cases.models import Case, Entry, Permit, Person, Stay  # noqa: E402
from deadlines.models import RuleSet, Step, Term  # noqa: E402
from desk.models import Heartbeat  # noqa: E402
from tests.benchmarks.loading import finish, load, numbered  # noqa: E402

PER_CASEWORKER, PER_TEAM, STEPS_PER_PERSON = 250, 10, 12
GIVEN = ("Olena", "Artem", "Sofiia", "Danylo", "Halyna", "Ivan", "Kateryna", "Maksym")
SURNAMES = ("Kovalenko", "Shevchenko", "Bondarenko", "Tkachenko", "Kravchenko", "Melnyk", "Boiko", "Lysenko")
RULES = (
    "reception.min_plan", "reception.contract", "reception.dates", "employment.competences", "employment.referral",
    "schooling.daycare_offer", "schooling.school_offer", "schooling.language_offer", "schooling.language_referral",
    "health.need_assessed", "housing.takeover", "reception.permit_expiry",
)  # fmt: skip
SIZES = (1, 2, 3, 4)
FIRST_USER = 100


def dice(number: int, sides: int) -> int:
    """The same throw for the same number, on every run and both databases."""
    return ((number * 2654435761) ^ (number >> 7) * 40503) % 4294967296 * sides >> 32


class Town:
    """A municipality of a given size, as rows."""

    def __init__(self, persons: int, today: date):
        self.persons, self.today = persons, today
        self.workers = max(4, persons // PER_CASEWORKER)
        self.terms = {term.rule: term for term in Term.objects.filter(rule_set=RuleSet.objects.get(number=2))}
        self.people: list[tuple[int, int, int]] = []  # person, case, place in the family
        number = case = 0
        while number < persons:
            case += 1
            for place in range(min(SIZES[case % 4], persons - number)):
                number += 1
                self.people.append((number, case, place))
        self.cases = case

    def worker(self, case: int) -> int:
        """One in twenty cases lies with the first caseworker: the inbox."""
        return FIRST_USER + (0 if case % 20 == 0 else case % self.workers)

    def team(self, user: int) -> int:
        return 1 + (user - FIRST_USER) // PER_TEAM

    def teams(self):
        for number in range(1, self.team(FIRST_USER + self.workers - 1) + 1):
            yield {"id": number, "name": f"Hold {number}", "manager_id": number}

    def users(self):
        for number in range(1, self.team(FIRST_USER + self.workers - 1) + 1):
            yield {
                "id": number,
                "username": f"leder{number}",
                "email": f"leder{number}@example.dk",
                "last_name": "Leder",
            }
        for user in range(FIRST_USER, FIRST_USER + self.workers):
            yield {
                "id": user,
                "username": f"bruger{user}",
                "first_name": "Mette",
                "last_name": f"Lindholm {user}",
                "team_id": self.team(user),
            }

    def grants(self):
        for user in self.users():
            yield {"user_id": user["id"], "role": "manager" if user["id"] < FIRST_USER else "caseworker"}

    def case_rows(self):
        for case in range(1, self.cases + 1):
            worker = self.worker(case)
            days = self.today - timedelta(days=dice(case, 900))
            yield {
                "id": case, "number": f"2026-{case:06d}", "family_name": SURNAMES[case % 8], "caseworker_id": worker,
                "team_id": self.team(worker), "registered_on": days,
            }  # fmt: skip

    def person_rows(self):
        for person, case, place in self.people:
            name = SURNAMES[case % 8]
            yield {
                "id": person, "case_id": case, "role": ("main", "spouse", "child", "child")[place], "given_names": GIVEN[person % 8],
                "surname": name, "search_key": f"{GIVEN[person % 8]} {name}".lower(),
                "birth_date": date(1985 if place < 2 else 2015, 1 + person % 12, 1 + person % 28), "registered_on": self.today,
            }  # fmt: skip

    def stays(self):
        for person, case, _place in self.people:
            came = self.today - timedelta(days=dice(case, 900))
            yield {"person_id": person, "arrived_on": came, "visitation_on": came, "residence_from": came}

    def permits(self):
        for person, case, _place in self.people:
            yield {"person_id": person, "state": "granted", "since": self.today - timedelta(days=dice(case, 900))}

    def steps(self):
        for person, case, _place in self.people:
            for place, rule in enumerate(RULES):
                yield self.step(person, case, rule, person * STEPS_PER_PERSON + place)

    def step(self, person: int, case: int, rule: str, number: int) -> dict:
        """One in seven is open; of all, one in a hundred fell due yesterday and one in sixty before."""
        due, met = self.when(number)
        return {
            "case_id": case, "person_id": person, "rule": rule, "area": rule.split(".")[0], "title": rule,
            "kind": self.terms[rule].kind, "rule_set_id": self.terms[rule].rule_set_id, "owner_id": self.worker(case),
            "starts_on": due - timedelta(days=30), "due_on": due, "met_on": met,
        }  # fmt: skip

    def when(self, number: int) -> tuple[date, date | None]:
        throw, day = dice(number, 1000), dice(number + 7, 1000)
        if throw >= 150:
            due = self.today - timedelta(days=day - 30)
            return due, min(self.today, due + timedelta(days=day % 20 - 12))
        if throw < 10:
            return self.today - timedelta(days=1), None
        if throw < 27:
            return self.today - timedelta(days=2 + day % 60), None
        return self.today + timedelta(days=day % 180), None

    def entries(self):
        for case in range(1, self.cases + 1):
            for line in range(3):
                on = self.today - timedelta(days=10 * line)
                yield {"case_id": case, "kind": "note.note", "on": on, "text": "Notat", "body": "Talt med familien."}


def measured_families(town: Town) -> dict[str, str]:
    """Two more families of one worker: one person and 5 notes, ten persons and 500; and a mean one of three."""
    found = {"mean": "2026-000002"}
    worker = User.objects.get(pk=town.worker(2))
    for name, people, notes in (("small", 1, 5), ("large", 10, 500)):
        case = Case.objects.create(
            number=f"2026-{name}",
            family_name="Kovalenko",
            caseworker=worker,
            team=worker.team,
            registered_on=town.today,
        )
        for n in range(people):
            person = Person.objects.create(
                case=case, given_names=GIVEN[n % 8], surname="Kovalenko", registered_on=town.today
            )
            Stay.objects.create(person=person, arrived_on=town.today)
            Step.objects.bulk_create(
                Step(**town.step(person.pk, case.pk, rule, n * 12 + at)) for at, rule in enumerate(RULES)
            )
        Entry.objects.bulk_create(
            Entry(case=case, kind="note.note", on=town.today, text="Notat", body=f"Nr. {n}") for n in range(notes)
        )
        found[name] = case.number
    return found


def log_in(user: User) -> str:
    """The cookie of a session of this user."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def seed(persons: int) -> dict:
    now = timezone.now()
    town = Town(persons, timezone.localdate(now))
    with transaction.atomic():
        users = list(town.users())
        load(User, ({**user, "team_id": None} for user in users))
        load(Team, town.teams())
        for number in {user.get("team_id") for user in users} - {None}:
            ids = [user["id"] for user in users if user.get("team_id") == number]
            User.objects.filter(pk__in=ids).update(team=number)
        load(RoleGrant, numbered(town.grants()))
        load(Case, town.case_rows())
        load(Person, town.person_rows())
        load(Stay, numbered(town.stays()))
        load(Permit, numbered(town.permits()))
        load(Step, numbered(town.steps()))
        load(Entry, numbered(town.entries()))
        Heartbeat.objects.create(run="sweep", day=town.today, started_at=now, finished_at=now)
    finish(User, Team, RoleGrant, Case, Person, Stay, Permit, Step, Entry)
    families = measured_families(town)
    user = User.objects.get(pk=town.worker(2))
    return {"cookie": log_in(user), "user": user.pk, "families": families, "steps": len(town.people) * STEPS_PER_PERSON}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(seed(int(sys.argv[1]))))
