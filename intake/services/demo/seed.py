"""Seed a demonstration: the same seed and day give the same families."""

from datetime import date, datetime, time, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from cases.models import Case, Entry, Permit
from cases.services import put_on_case, set_cpr
from deadlines import engine
from deadlines.calendar import add
from desk.areas import all_rules
from desk.services.protection import protect
from intake.services.demo.diary import play, unsettle
from intake.services.demo.house import House, build
from intake.services.demo.people import SURNAMES, a_household, safe_cpr
from intake.services.registration import register_family

# Days since arrival: fresh families first, so that a small demonstration has something in every group.
OFFSETS = (11, 4, 14, 26, 20, 33, 2, 9, 47, 70, 100, 16, 28, 6, 13, 60, 150, 210, 31, 23, 41, 8, 85, 120)
PROTECTED = 6  # the place of the protected family among them


def seed(*, families: int, seed: int, today: date) -> list[Case]:
    """Register and play `families` households. Returns their cases."""
    rng = Random(seed)  # noqa: S311 (invented people, no secret)
    house = build(today)
    cases = [_family(rng, house, number, today) for number in range(families)]
    if len(cases) > PROTECTED:
        _protect(cases[PROTECTED], today)
    engine.refresh([case.pk for case in cases], all_rules(), today=today)
    return cases


def _protect(case: Case, today: date) -> None:
    """One family whose address is protected: only its caseworker sees that it is there."""
    protect(
        case.people.order_by("pk").first(),
        kind="both",
        starts_on=today - timedelta(days=2),
        review_on=today + timedelta(days=363),
        note="Registreret i CPR",
        by=case.caseworker,
        today=today,
    )


@transaction.atomic
def _family(rng: Random, house: House, number: int, today: date) -> Case:
    surname = SURNAMES[number % len(SURNAMES)]
    arrived = today - timedelta(days=OFFSETS[number % len(OFFSETS)] + rng.randint(0, 2) * (number // len(OFFSETS)))
    household = a_household(rng, surname, arrived)
    expected, missing = number % 12 == 7, number % 6 == 5
    caseworker = None if number % 11 == 10 else house.caseworkers[number % 3 == 2]
    dates = _dates(arrived, expected=expected, missing=missing, today=today)
    members = [
        {**person.fields(), "citizenship": "Ukraine", "languages": "ukrainsk", "dates": dates} for person in household
    ]
    members[0] |= {"phone": f"+4520{rng.randrange(10**6):06d}", "interpreter": rng.random() < 0.8}
    start = min(arrived, today) if not expected else today
    case, _new = register_family(
        members=members,
        by=caseworker or house.manager,
        today=start,
        caseworker=caseworker,
        locality=rng.choice(house.towns),
    )
    _numbers(case, household, rng, start)
    if number % 2 == 0:
        for why, colleague in house.helpers.items():
            put_on_case(case, user=colleague, why=why, by=caseworker or house.manager, today=start)
    if not expected:
        play(case, house=house, rng=rng, arrived=arrived, today=today)
        engine.refresh([case.pk], all_rules(), today=today)
        unsettle(case, rng=rng, today=today, by=caseworker or house.manager)
    date_back(case)
    return case


def _dates(arrived: date, *, expected: bool, missing: bool, today: date) -> dict:
    """The letter about a week before the arrival; some families lack a date, some are still expected."""
    visitation = arrived - timedelta(days=7)
    if expected:
        return {"visitation_on": today - timedelta(days=3), "expected_on": today + timedelta(days=6)}
    dates = {"visitation_on": visitation, "arrived_on": arrived, "residence_from": None if missing else arrived}
    takeover = add(visitation, 10, "working_days")
    return dates if missing else {**dates, "responsibility_from": takeover}


def _numbers(case: Case, household: list, rng: Random, today: date) -> None:
    """CPR numbers for most, and a permit that runs out for some."""
    for person, invented in zip(case.people.order_by("pk"), household, strict=True):
        if rng.random() < 0.6:
            set_cpr(person, safe_cpr(rng, invented), today=today)
    if rng.random() < 0.2:
        Permit.objects.filter(person__case=case).update(valid_until=today + timedelta(days=rng.choice((45, 80, 140))))


def date_back(case: Case) -> None:
    """The demonstration's lines look written on their day, at an office hour."""
    entries = list(Entry.objects.filter(case=case).order_by("on", "pk"))
    for minutes, entry in enumerate(entries):
        moment = datetime.combine(entry.on, time(8 + minutes % 7, minutes * 7 % 60))
        entry.recorded_at = timezone.make_aware(moment)
    Entry.objects.bulk_update(entries, ["recorded_at"])
