"""One family's story: a diary of acts with their days, played in order through the areas' verbs."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from django.core.exceptions import ValidationError

from cases.models import Case, Person
from cases.services import record_permit, write_note
from deadlines.calendar import add, is_working_day
from deadlines.models import Step
from deadlines.rules import is_adult
from deadlines.services import follow_up, tick, wait_for
from employment import services as employment
from health import services as health
from housing import services as housing
from intake.services.demo.house import House
from reception.services import contract, plan
from schooling import services as schooling
from volunteers.models import Contact
from volunteers.services import pairs
from volunteers.services import ties as volunteers

DAY = timedelta(days=1)
SCHOOLS = ("Kratbjergskolen", "Lillevang Skole", "Blovstrød Skole", "Lynge Skole")
DAYCARES = ("Børnehuset Rævehulen", "Børnehuset Kastanjen", "Vuggestuen Mariehønen")
EMPLOYERS = ("Gartneriet Lyngholm", "Plejehjemmet Lindegården", "Bageren på Torvet", "Engholm Rengøring")
NOTES = (
    "Familien er faldet godt til. De spørger om fritidsaktiviteter til børnene.",
    "Talt om hverdagen og de næste skridt. Telefontolk, ukrainsk.",
    "Aftalt ny samtale i næste uge. Papirer fra banken tages med.",
)


WISHES = ("Øve dansk sprog", "", "Lektier med børnene", "Svømning og cykling", "Lave mad: madlavning", "Musik")


@dataclass(frozen=True, slots=True)
class Act:
    on: date
    do: Callable[[date], object]


def working(day: date) -> date:
    """The day itself or the next working day: offices act on weekdays."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def play(case: Case, *, house: House, rng: Random, arrived: date, today: date, pace: float = 1.0) -> None:
    """Do what would have been done by today; a verb that refuses (no room left) leaves its duty open.

    pace: below 1 the house is faster.
    """
    acts = [replace(act, on=_paced(act.on, arrived, pace)) for act in _acts(case, house, rng, arrived)]
    for act in sorted((act for act in acts if act.on <= today), key=lambda act: act.on):
        try:
            act.do(act.on)
        except ValidationError:
            continue


def _paced(on: date, arrived: date, pace: float) -> date:
    return on if pace == 1 else working(arrived + round(pace * (on - arrived).days) * DAY)


def _acts(case: Case, house: House, rng: Random, arrived: date) -> list[Act]:
    people = list(case.people.order_by("pk"))
    for person in people:
        person.case = case
    by = case.caseworker or house.manager
    adults = [p for p in people if is_adult(p, arrived)]
    children = [p for p in people if p not in adults]
    acts = _household(case, house, rng, arrived, by)
    for person in adults:
        acts += _adult(person, rng, arrived, by)
    for person in children:
        acts += _child(person, rng, arrived, by)
    return acts


def _day(rng: Random, arrived: date, low: int, high: int) -> date:
    return working(arrived + timedelta(days=rng.randint(low, high)))


def _household(case: Case, house: House, rng: Random, arrived: date, by) -> list[Act]:
    homes, volunteer = rng.sample(house.homes, len(house.homes)), rng.choice(house.volunteers)
    ends = arrived + timedelta(days=rng.choice((60, 120, 180)))
    note = rng.choice(NOTES)
    acts = [
        Act(working(arrived), lambda on: _place(case, homes, on, ends, by)),
        Act(
            _day(rng, arrived, 2, 10),
            lambda on: volunteers.introduce(case, on=on, today=on, by=house.coordinator, organisation_name="FIA"),
        ),
        Act(
            _day(rng, arrived, 3, 12),
            lambda on: write_note(case, kind=rng.choice(("note", "call", "visit")), body=note, on=on, by=by),
        ),
    ]
    wish = WISHES[case.pk % len(WISHES)]
    if rng.random() < 0.7:
        acts.append(
            Act(
                _day(rng, arrived, 4, 14),
                lambda on: volunteers.record_consent(
                    case, on=on, today=on, by=house.coordinator, language="ukrainsk", wishes=wish
                ),
            )
        )
        acts.append(
            Act(
                _day(rng, arrived, 15, 40),
                lambda on: volunteers.match_volunteer(case, volunteer=volunteer, on=on, today=on, by=house.coordinator),
            )
        )
        acts += [Act(arrived + timedelta(days=after), lambda on: _hear(case, on, house)) for after in range(50, 250, 9)]
    return acts


def _hear(case: Case, on: date, house: House) -> None:
    """The coordinator calls those who have a contact person."""
    match = volunteers.current_match(case)
    if match and match.volunteer and match.started_on < on:
        pairs.record_contact(match, on=on, going=Contact.Going.WELL, today=on, by=house.coordinator)


def _place(case: Case, homes: list, on: date, ends: date, by) -> None:
    """The first home with room; none: the duty stays open."""
    for home in homes:
        try:
            housing.offer_home(
                case,
                home=home,
                kind="temporary",
                on=on,
                answer="accepted",
                moves_in_on=on,
                ends_on=ends,
                today=on,
                by=by,
            )
        except ValidationError:
            continue
        return


def _adult(person: Person, rng: Random, arrived: date, by) -> list[Act]:
    employer, goal = (
        rng.choice(EMPLOYERS),
        rng.choice(("Jeg vil lære dansk og arbejde.", "Jeg vil have arbejde og ro til børnene.")),
    )
    acts = [
        Act(
            _day(rng, arrived, 2, 9),
            lambda on: plan.save_plan(
                person, version=0, revision=0, goal=goal, lines=_lines(person, on), by=by, today=on
            ),
        ),
        Act(_day(rng, arrived, 8, 20), lambda on: plan.hand_over(person, on=on, by=by, today=on)),
        Act(
            _day(rng, arrived, 3, 18),
            lambda on: employment.clarify(person, on=on, today=on, by=by, education="Mellemlang uddannelse"),
        ),
        Act(
            _day(rng, arrived, 10, 30),
            lambda on: schooling.offer_language(person, on=on, today=on, by=by, provider="Sprogcenter Nordsjælland"),
        ),
    ]
    if rng.random() < 0.75:
        acts.append(Act(_day(rng, arrived, 12, 45), lambda on: _refer(person, employer, on, by)))
    return acts + _ticks(person, rng, arrived, by) + _laws(person, rng, arrived, by)


def _refer(person: Person, employer: str, on: date, by) -> None:
    employment.refer(person, kind="internship", employer=employer, on=on, today=on, by=by)


def _ticks(person: Person, rng: Random, arrived: date, by) -> list[Act]:
    found = (("reception.cpr", 3), ("reception.gp", 8), ("reception.tax_card", 6), ("reception.bank_account", 9))
    return [
        Act(_day(rng, arrived, low, low + 12), lambda on, rule=rule: _tick(person, rule, on, by))
        for rule, low in found
        if rng.random() < 0.7
    ]


def _laws(person: Person, rng: Random, arrived: date, by) -> list[Act]:
    """Contract and referral, some weeks after the responsibility has passed."""
    later, school = add(arrived, rng.randint(10, 20), "working_days"), "Sprogcenter Nordsjælland"
    return [
        Act(
            later + timedelta(days=12),
            lambda on: contract.record_contract(person, outcome="both", on=on, by=by, today=on),
        ),
        Act(
            later + timedelta(days=9),
            lambda on: schooling.refer_language(person, on=on, today=on, by=by, provider=school),
        ),
    ]


def _lines(person: Person, on: date) -> list:
    return plan.proposals(person, today=on)


def _child(person: Person, rng: Random, arrived: date, by) -> list[Act]:
    school, daycare = rng.choice(SCHOOLS), rng.choice(DAYCARES)
    offer = _day(rng, arrived, 4, 22)

    def act(on: date):
        rules = set(Step.objects.filter(person=person, met_on=None, withdrawn_on=None).values_list("rule", flat=True))
        if "schooling.school_offer" in rules:
            return schooling.offer_school(
                person, on=on, today=on, by=by, school=school, kind="reception_class", answer="accepted"
            )
        if "schooling.daycare_offer" in rules:
            return schooling.offer_daycare(person, on=on, today=on, by=by, daycare=daycare, answer="accepted")
        return None

    return [
        Act(offer, act),
        Act(
            _day(rng, arrived, 60, 150),
            lambda on: health.assess_need(person, outcome="no_need", on=on, by=by, today=on),
        ),
    ]


def _tick(person: Person, rule: str, on: date, by) -> None:
    step = Step.objects.filter(person=person, rule=rule, done_on=None, withdrawn_on=None).first()
    if step:
        tick(step, on=on, text="", by=by, today=on)


def unsettle(case: Case, *, rng: Random, today: date, by) -> None:
    """A few of the decisions of a real week: one waits for the allocation office, one is extended."""
    open_steps = list(Step.objects.filter(case=case).listed(today).exclude(kind="law").exclude(due_on=None)[:2])
    if open_steps and rng.random() < 0.4:
        wait_for(open_steps[0], party="Pladsanvisningen", until=working(today + timedelta(days=8)), by=by, today=today)
    if len(open_steps) > 1 and rng.random() < 0.4:
        follow_up(
            open_steps[1],
            on=working(today + timedelta(days=5)),
            reason="Tolken blev syg, ny tid aftalt",
            by=by,
            today=today,
        )


def extend_permits(case: Case, *, until: date, today: date, by) -> None:
    for person in case.people.all():
        if person.permits.filter(state="granted").exists():
            record_permit(person, state="extended", since=today, by=by, today=today, valid_until=until)
