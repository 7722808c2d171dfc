"""The year before the demonstration: families that came, were helped and went on, so that every month has figures."""

import time
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from django.db import transaction

from cases.choices import Closing, Left
from cases.models import Case, Stay
from cases.services import leave
from deadlines.calendar import add
from desk.services import family
from housing.models import Placement
from housing.services import change_dwelling, change_placement
from intake.services.demo.diary import play
from intake.services.demo.house import SCHOOL, House, build, home, volunteer
from intake.services.demo.people import SURNAMES, a_household
from intake.services.demo.seed import date_back
from intake.services.registration import register_family
from volunteers.models import Certificate, EndReason, Volunteer
from volunteers.services import ties

MONTHS = range(12, 1, -1)  # ago; the demonstration's own families tell of the last ones
ARRIVALS = (5, 7)  # families a month
STAY = (35, 58)  # days
SIGNED = 500  # days ago
PAUSE = 0.2  # seconds between two families, in which somebody else may write
# How fast the house was, as a share of the demonstration's own pace; now and then it was too slow.
PACES = (0.4, 0.45, 0.5, 0.5, 0.55, 0.6, 0.6, 1.4)
REASONS = (Closing.SELF_SUPPORTING, Closing.LEFT, Closing.PROGRAMME_DONE)
# As in the house's own tables. They took those families, and do no longer: what is free today is not theirs to fill.
HOSTEL = ("Fyrrestien", "2", "", "", 0, 80)
HELPERS = (
    ("Ruth Dahl", "FIA", "dansk, ukrainsk", 0, 1, "sprog, lektier", [SCHOOL], Certificate.CLEARED),
    ("Erik Bruun", "FIA", "dansk, engelsk", 1, 1, "cykling, haven", [SCHOOL], Certificate.CLEARED),
)


def seed_history(*, seed: int, today: date) -> list[Case]:
    """Register, play and close a year's families, one transaction each. Returns their cases."""
    rng = Random(seed)  # noqa: S311 (invented people, no secret)
    house = _as_it_was(build(today), today)
    arrivals = [
        add(today.replace(day=1), -ago, "months") + timedelta(days=rng.randrange(28))
        for ago in MONTHS
        for _family in range(rng.randint(*ARRIVALS))
    ]
    cases = []
    for arrived in arrivals:
        cases.append(_one(rng, house, arrived, today))
        time.sleep(PAUSE)
    _retire(house, today)
    return cases


def _as_it_was(house: House, today: date) -> House:
    hostel = home(HOSTEL, house.towns, house.manager)
    change_dwelling(hostel, by=house.manager, shared=True)
    helpers = [volunteer(row, house.towns, today, signed=SIGNED) for row in HELPERS]
    return replace(house, homes=[hostel], volunteers=helpers)


def _retire(house: House, today: date) -> None:
    first = today.replace(day=1)
    for dwelling in house.homes:
        change_dwelling(dwelling, by=house.manager, out_of_use_from=first, out_of_use_reason="Lejemålet er ophørt")
    Volunteer.objects.filter(pk__in=[each.pk for each in house.volunteers]).update(active=False)


@transaction.atomic
def _one(rng: Random, house: House, arrived: date, today: date) -> Case:
    by, pace = rng.choice(house.caseworkers), rng.choice(PACES)
    left = min(arrived + timedelta(days=rng.randint(*STAY)), today.replace(day=1) - timedelta(days=1))
    visitation = arrived - timedelta(days=7)
    dates = {
        "visitation_on": visitation,
        "arrived_on": arrived,
        "residence_from": arrived,
        "responsibility_from": add(visitation, 10, "working_days"),
    }
    told = {"citizenship": "Ukraine", "languages": "ukrainsk", "dates": dates}
    members = [{**person.fields(), **told} for person in a_household(rng, rng.choice(SURNAMES), arrived)]
    case, _new = register_family(members=members, by=by, today=arrived, caseworker=by, locality=rng.choice(house.towns))
    play(case, house=house, rng=rng, arrived=arrived, today=left, pace=pace)
    _go(case, house, on=left, by=by, reason=rng.choice(REASONS))
    date_back(case)
    return case


def _go(case: Case, house: House, *, on: date, by, reason: str) -> None:
    """All move out and leave, the contact person stops, and the case is closed."""
    for held in Placement.objects.filter(case=case, annulled_on=None):
        dates = {"moves_in_on": held.moves_in_on, "ends_on": held.ends_on, "moved_out_on": on}
        change_placement(held, answer=held.answer, **dates, today=on, by=by)
    for stay in Stay.objects.filter(person__case=case).select_related("person__case").order_by("pk"):
        leave(stay, on=on, reason=Left.MOVED, by=by, today=on)
    if match := ties.current_match(case):
        ties.end_match(match, on=on, reason=EndReason.LEFT, today=on, by=house.coordinator)
    family.close(case, on=on, reason=reason, by=by, today=on)
