"""Bare steps in every state, for the tests of the lists."""

from datetime import date, timedelta

from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from cases.models import Case
from cases.names import fold
from cases.services import record
from deadlines.models import Kind, Step
from desk.services.family import add_member
from tests.factories import TODAY, CaseFactory, PartyFactory, PersonFactory, StayFactory, TeamFactory, UserFactory

RULE = "schooling.language_offer"


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


class Unit:
    """A team with a caseworker, a coordinator and a manager."""

    def __init__(self, name: str):
        self.team = TeamFactory(name=name)
        self.caseworker = UserFactory(role="caseworker", team=self.team, first_name="Mette", last_name=f"Sager {name}")
        self.coordinator = UserFactory(
            role="volunteer_coordinator", team=self.team, first_name="Karen", last_name=f"Frivillig {name}"
        )
        self.manager = UserFactory(role="manager", team=self.team, first_name="Ole", last_name=f"Leder {name}")
        self.team.coordinator, self.team.manager = self.coordinator, self.manager
        self.team.save()

    def case(
        self,
        family_name: str = "Kovalenko",
        *,
        arrived_on: date | None = None,
        caseworker: User | None = None,
        **fields,
    ) -> Case:
        owner = caseworker or self.caseworker
        case = CaseFactory(family_name=family_name, team=self.team, caseworker=owner, **fields)
        person = PersonFactory(case=case, surname=family_name, search_key=fold(f"Olena {family_name}"))
        StayFactory(person=person, arrived_on=arrived_on, residence_from=arrived_on)
        return case


def step(
    case: Case,
    due: int | None = 0,
    *,
    kind: str = Kind.SERVICE_GOAL,
    rule: str = RULE,
    household: bool = False,
    owner=None,
    **fields,
) -> Step:
    """A step due in `due` days; owned by the case's caseworker, or by the coordinator for volunteers."""
    area = rule.split(".")[0]
    owner = owner or (case.team.coordinator if area == "volunteers" else case.caseworker)
    given = {"title": "Tilbyd sprogskole", "starts_on": day(-20), "due_on": None if due is None else day(due), **fields}
    made = Step.objects.create(
        case=case,
        person=None if household else case.people.first(),
        rule=rule,
        area=area,
        kind=kind,
        owner=owner,
        round=case.steps.count() + 1,
        **given,
    )
    made.refresh_from_db()
    return made


def one_of_each(case: Case) -> dict[str, Step]:
    """A step in every section of the list, by the section's word, and some in none."""
    party = PartyFactory()
    return {
        "overskredet": step(case, -4),
        "lov": step(case, -2, kind=Kind.LAW, waiting_for=party, waiting_until=day(5)),
        "passeret": step(case, -3, kind=Kind.LOCAL_TARGET),
        "i-dag": step(case, 0),
        "uge": step(case, 3),
        "venter": step(case, -1, waiting_for=party, waiting_until=day(8)),
        "mangler": step(case, None, waits_for="residence_from", starts_on=None),
        "senere": step(case, 20),
        "frivillig": step(case, -6, rule="volunteers.introduction", household=True, title="Introducér familien"),
        "udført": step(case, -5, met_on=day(-6)),
        "for sent": step(case, -5, met_on=day(-1)),
        "fritaget": step(
            case,
            -5,
            waived_on=day(-6),
            waived_until=day(4),
            waived_kind="exempt",
            waived_reason="Familien er på barsel",
        ),
        "bortfaldet": step(case, -5, withdrawn_on=day(-9)),
        "orientering": step(case, 40, kind=Kind.WATCH, rule="reception.permit_expiry"),
        "tjekliste": step(case, None, kind="", rule="reception.gp"),
    }


def reads(client, url: str, sent: dict | None = None) -> int:
    """How many times the page, or what answers what is sent to it, asks the database; the line in the log of who looked is no question.

    The banner's answer is kept for half a minute: it is put there anew, so that it can't run out between two counts.
    """
    caches["process"].set("sweep-is-stale", False, 600)
    with CaptureQueriesContext(connection) as captured:
        client.get(url) if sent is None else client.post(url, sent)
    return len([query for query in captured if query["sql"].startswith(("SELECT", "WITH"))])


def child(unit, born: date, *, came: date = date(2026, 1, 10)):
    case = unit.case(arrived_on=came)
    fields = {"given_names": "Maksym", "surname": "Kovalenko", "role": "child", "birth_date": born}
    return add_member(
        case, today=came, by=unit.caseworker, dates={"arrived_on": came, "residence_from": came}, **fields
    )


def everything(unit):
    case = unit.case(arrived_on=day(-40))
    one_of_each(case)
    child(unit, date(2008, 12, 20))
    step(
        case,
        3,
        kind=Kind.LAW,
        waived_on=day(-1),
        waived_kind="not_applicable",
        waived_reason="Undtaget",
        waived_by=unit.coordinator,
    )
    step(case, None, waits_for="visitation_on", starts_on=None, household=True, rule="housing.temporary_offer")
    record(case, area="volunteers", kind="note.note", text="Nyt", on=TODAY, by=None)
