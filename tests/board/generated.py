"""Families with a past, drawn by lot: bare rows in great number, every column of a step in every state."""

import random
from datetime import date, timedelta

from cases.models import Case, Person, Stay
from deadlines.models import Cause, Kind, Step
from tests.factories import TODAY, LocalityFactory, PartyFactory, TeamFactory, UserFactory

RULES = (
    ("reception.min_plan", Kind.SERVICE_GOAL, False),
    ("reception.contract", Kind.LAW, False),
    ("schooling.language_offer", Kind.SERVICE_GOAL, False),
    ("health.need_assessed", Kind.LAW, False),
    ("housing.temporary_offer", Kind.SERVICE_GOAL, True),
    ("volunteers.contact_person", Kind.LOCAL_TARGET, True),
    ("housing.takeover", Kind.WATCH, False),
    ("local.velkomst", Kind.LOCAL_TARGET, False),
)
HISTORY = 92  # days


class House:
    """Two teams, two towns, four owners, and who leads: a manager of each team and one of none."""

    def __init__(self):
        self.teams = [TeamFactory(), TeamFactory()]
        self.towns = [LocalityFactory(), LocalityFactory()]
        self.party = PartyFactory()
        self.owners = [UserFactory(role="caseworker", team=self.teams[n % 2]) for n in range(4)]
        self.manager, self.neighbour = (UserFactory(role="manager", team=team) for team in self.teams)
        self.unattached = UserFactory(role="manager")
        self.finance = UserFactory(role="finance")


def families(house: House, number: int, seed: int = 7, today: date = TODAY) -> None:
    lot = random.Random(seed)
    first = Case.objects.count()
    Case.objects.bulk_create([_case(lot, house, first + n, today) for n in range(number)])
    cases = list(Case.objects.order_by("pk")[first:])
    people = [_person(lot, case, n) for case in cases for n in range(lot.choice((1, 1, 2, 3)))]
    Person.objects.bulk_create(people)
    Stay.objects.bulk_create([_stay(lot, person, today) for person in people])
    by_case: dict[int, list[Person]] = {}
    for person in people:
        by_case.setdefault(person.case_id, []).append(person)
    steps = [step for case in cases for step in _steps(lot, house, case, by_case[case.pk], today)]
    Step.objects.bulk_create(steps, batch_size=500)


def _case(lot, house: House, number: int, today: date) -> Case:
    closed = lot.random() < 0.07
    return Case(
        number=f"2026-{20000 + number}",
        family_name=f"Prøve{number}",
        team=lot.choice([*house.teams, house.teams[0], None]),
        locality=lot.choice([*house.towns, None]),
        caseworker=lot.choice(house.owners),
        registered_on=today - timedelta(days=120),
        closed_on=today - timedelta(days=lot.randint(0, 30)) if closed else None,
        closing_reason="self_supporting" if closed else "",
        protected=lot.random() < 0.04,
    )


def _person(lot, case: Case, number: int) -> Person:
    born = date(lot.randint(1960, 2024), lot.randint(1, 12), 1)
    return Person(
        case=case,
        role="main" if number == 0 else "child",
        given_names="Olena",
        surname=case.family_name,
        birth_date=lot.choice((born, None)),
        registered_on=case.registered_on,
    )


def _stay(lot, person: Person, today: date) -> Stay:
    arrived = today - timedelta(days=lot.randint(-10, 120))
    came = arrived <= today
    gone = lot.random() < 0.15 and came
    return Stay(
        person=person,
        arrived_on=arrived if came else None,
        expected_on=None if came else arrived,
        left_on=arrived + timedelta(days=lot.randint(0, (today - arrived).days)) if gone else None,
        left_reason="moved" if gone else "",
    )


def _steps(lot, house: House, case: Case, people: list[Person], today: date) -> list[Step]:
    found = []
    for rule, kind, household in RULES:
        about = [person for person in ([None] if household else people) if lot.random() < 0.6]
        found += [_step(lot, house, case, person, rule, kind, today) for person in about]
    if lot.random() < 0.3:
        found.append(_own_task(lot, house, case, today))
    return found


def _own_task(lot, house: House, case: Case, today: date) -> Step:
    due = today - timedelta(days=lot.randint(-20, 40))
    return Step(case=case, title="Ring til udlejer", due_on=due, owner=lot.choice(house.owners))


def _step(lot, house: House, case: Case, person: Person | None, rule: str, kind: Kind, today: date) -> Step:
    start = today - timedelta(days=lot.randint(-5, HISTORY + 10))
    due = start + timedelta(days=lot.choice((7, 14, 30)))
    step = Step(
        case=case,
        person=person,
        rule=rule,
        area=rule.partition(".")[0],
        title=rule,
        kind=kind,
        starts_on=start,
        due_on=due,
        owner=lot.choice([*house.owners, None]),
    )
    _decide(lot, house, step, today)
    return step


def _decide(lot, house: House, step: Step, today: date) -> None:
    """What became of it: most are done, some late, some withdrawn, waived, put off or in the hands of others."""
    fate = lot.random()
    acted = step.starts_on + timedelta(days=lot.randint(-2, 45))
    if fate < 0.5 and acted <= today:
        ticked = step.rule.startswith("local.")
        step.met_on, step.done_on = (None, acted) if ticked else (acted, None)
    elif fate < 0.58:
        step.withdrawn_on = min(step.starts_on + timedelta(days=lot.randint(0, 40)), today)
    elif fate < 0.64:
        _waive(lot, house, step, today)
    elif fate < 0.7:
        step.follow_up_on = step.due_on + timedelta(days=lot.randint(1, 30))
        step.follow_up_reason = "ny dato"
    elif fate < 0.76:
        step.waiting_for = house.party
        step.waiting_until = lot.choice((None, today, today + timedelta(days=10)))
    if lot.random() < 0.15:
        step.cause = lot.choice(Cause.values)


def _waive(lot, house: House, step: Step, today: date) -> None:
    step.waived_on, step.waived_reason, step.waived_kind = step.starts_on, "aftale", Step.WaiverKind.EXEMPT
    step.waived_until = lot.choice((None, today - timedelta(days=3), today + timedelta(days=3), today))
    if lot.random() < 0.5:
        step.confirmed_on, step.confirmed_by = step.starts_on, house.owners[0]
