"""One story for every dated duty of the table: registered, done in time, late, followed up, waived, withdrawn,
annulled, and a second round. The table says which act meets it; the rest is the same for all."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest

from cases.models import Case, Permit, Person, Stay
from cases.services import annul, record_permit
from deadlines import services
from deadlines.calendar import add
from deadlines.models import Kind, RuleSet, Step, Term
from deadlines.status import Status, status_of
from desk.areas import RULES
from desk.services import family
from employment import services as employment
from employment.models import CompetenceProfile, Referral
from health import services as health
from health.models import Assessment
from housing import services as housing
from housing.models import Dwelling, Placement
from intake.services.registration import register_family
from reception.models import Contract, PlanHandover
from reception.services import contract, plan
from schooling import services as schooling
from schooling.models import DaycareOffer, LanguageOffer, LanguageReferral, SchoolOffer
from tests.factories import TeamFactory, UserFactory
from volunteers.models import Introduction, Match
from volunteers.services import ties as volunteers

pytestmark = [pytest.mark.django_db, pytest.mark.real_clock]
START = date(2026, 3, 2)
LETTER = dict.fromkeys(("visitation_on", "arrived_on", "residence_from", "responsibility_from"), START)
ADULT, PUPIL, TODDLER = date(1990, 6, 2), date(2016, 5, 4), date(2023, 9, 9)


def hand_over_plan(who, on, by):
    plan.save_plan(who, version=0, revision=0, goal="Arbejde", lines=[], by=by, today=on)
    plan.hand_over(who, on=on, by=by, today=on)


def place(case, on, by, kind="temporary"):
    number = Dwelling.objects.count() + 1
    home = housing.add_dwelling(by=by, street="Mosehøj", house_number=str(number), places=8)
    housing.offer_home(case, home=home, kind=kind, on=on, answer="accepted", moves_in_on=on, today=on, by=by)


@dataclass(frozen=True)
class Story:
    rule: str
    act: Callable
    rows: type
    born: date = ADULT
    missing: tuple[str, ...] = ()
    household: bool = False
    extra: dict = field(default_factory=dict)

    def __str__(self):
        return self.rule


STORIES = (
    Story("reception.min_plan", hand_over_plan, PlanHandover),
    Story(
        "reception.contract",
        lambda who, on, by: contract.record_contract(who, outcome="both", on=on, by=by, today=on),
        Contract,
    ),
    Story(
        "housing.lodging_before_permit",
        lambda case, on, by: place(case, on, by, "lodging"),
        Placement,
        household=True,
        missing=("visitation_on",),
    ),
    Story("housing.temporary_offer", place, Placement, household=True),
    Story(
        "employment.competences",
        lambda who, on, by: employment.clarify(who, on=on, today=on, by=by, education="Kok"),
        CompetenceProfile,
    ),
    Story(
        "employment.referral",
        lambda who, on, by: employment.refer(who, kind="job", employer="Bageren", on=on, today=on, by=by),
        Referral,
    ),
    Story(
        "schooling.daycare_offer",
        lambda who, on, by: schooling.offer_daycare(who, daycare="Kastanjen", on=on, today=on, by=by),
        DaycareOffer,
        born=TODDLER,
    ),
    Story(
        "schooling.school_offer",
        lambda who, on, by: schooling.offer_school(who, school="Lynge Skole", on=on, today=on, by=by),
        SchoolOffer,
        born=PUPIL,
    ),
    Story(
        "schooling.language_offer",
        lambda who, on, by: schooling.offer_language(who, provider="Lærdansk", on=on, today=on, by=by),
        LanguageOffer,
    ),
    Story(
        "schooling.language_referral",
        lambda who, on, by: schooling.refer_language(who, provider="Lærdansk", on=on, today=on, by=by),
        LanguageReferral,
    ),
    Story(
        "health.need_assessed",
        lambda who, on, by: health.assess_need(who, outcome="no_need", on=on, by=by, today=on),
        Assessment,
    ),
    Story(
        "volunteers.introduction",
        lambda case, on, by: volunteers.introduce(case, organisation_name="FIA", on=on, today=on, by=by),
        Introduction,
        household=True,
    ),
    Story(
        "volunteers.contact_person",
        lambda case, on, by: volunteers.decline_match(case, on=on, today=on, by=by),
        Match,
        household=True,
    ),
)


@pytest.fixture
def by():
    return UserFactory(role="caseworker", team=TeamFactory())


@pytest.fixture(params=STORIES, ids=str)
def story(request):
    return request.param


def register(story: Story, by) -> tuple[Case, Person]:
    """One adult and, for a child's duty, the child; the letter's dates on everybody."""
    dates = {name: None if name in story.missing else day for name, day in LETTER.items()}
    members = [{"given_names": "Olena", "surname": "Moroz", "role": "main", "birth_date": ADULT, "dates": dates}]
    if story.born != ADULT:
        members.append(
            {"given_names": "Artem", "surname": "Moroz", "role": "child", "birth_date": story.born, "dates": dates}
        )
    case, _new = register_family(members=members, by=by, today=START, caseworker=by)
    return case, case.people.select_related("case").order_by("-pk").first()


def the_step(story: Story, case: Case, number: int = 1) -> Step:
    return case.steps.get(
        rule=story.rule, round=number, **({} if story.household else {"person__birth_date": story.born})
    )


def act(story: Story, case: Case, person: Person, on: date, by) -> None:
    story.act(case if story.household else person, on, by)


def test_registered_with_its_date_and_its_reason(story, by):
    case, _person = register(story, by)
    step = the_step(story, case)
    term = Term.objects.get(rule_set=RuleSet.objects.get(number=2), rule=story.rule)
    assert (step.starts_on, step.due_on) == (START, add(START, term.amount, term.unit))
    assert step.kind == term.kind
    assert step.start_note


def test_done_in_time_and_late(story, by):
    case, person = register(story, by)
    due = the_step(story, case).due_on
    act(story, case, person, due, by)
    step = the_step(story, case)
    assert (step.met_on, status_of(step, due)) == (due, Status.MET)
    late, somebody = register(story, by)
    act(story, late, somebody, due + timedelta(days=1), by)
    assert status_of(the_step(story, late), due + timedelta(days=1)) is Status.MET_LATE


def test_overdue_only_from_the_day_after(story, by):
    case, _person = register(story, by)
    step = the_step(story, case)
    assert status_of(step, step.due_on) is Status.DUE_TODAY
    assert status_of(step, step.due_on + timedelta(days=1)) is Status.OVERDUE


def test_followed_up(story, by):
    case, _person = register(story, by)
    step = the_step(story, case)
    later = step.due_on + timedelta(days=7)
    services.follow_up(step, on=later, reason="Tolken var syg den dag", by=by, today=step.due_on)
    step = the_step(story, case)
    law = step.kind == Kind.LAW
    assert step.effective_on == (step.due_on if law else later)
    assert status_of(step, later) is (Status.OVERDUE if law else Status.DUE_TODAY)


def test_waived(story, by):
    case, _person = register(story, by)
    step = the_step(story, case)
    services.not_applicable(step, reason="Ikke omfattet efter reglerne", by=by, today=START)
    if step.kind == Kind.LAW:
        assert step in Step.objects.open(START)
        services.confirm(step, by=UserFactory(role="manager"), today=START)
    step = the_step(story, case)
    assert step not in Step.objects.open(START)
    assert status_of(step, START) is Status.NOT_APPLICABLE


def test_withdrawn_on_the_day_everybody_left_and_back_when_that_was_wrong(story, by):
    case, _person = register(story, by)
    first, left = the_step(story, case), START + timedelta(days=1)
    for person in case.people.select_related("case"):
        family.leave(person, on=left, reason="returned", by=by, today=left + timedelta(days=5))
    assert the_step(story, case).withdrawn_on == left
    for person in case.people.select_related("case"):
        family.annul_leaving(person, reason="Forkert person", by=by, today=left + timedelta(days=6))
    step = the_step(story, case)
    assert (step.pk, step.withdrawn_on) == (first.pk, None)


def test_annulled_the_step_is_open_again(story, by):
    case, person = register(story, by)
    act(story, case, person, START, by)
    assert the_step(story, case).met_on
    for row in story.rows.objects.all():
        annul(row, reason="Forkert familie", today=START, by=by)
    family.refresh_all(case.pk, today=START)
    assert the_step(story, case).met_on is None


def test_a_second_round_has_its_own_dates_and_the_first_stays_as_it_was(story, by):
    case, person = register(story, by)
    act(story, case, person, START, by)
    met = the_step(story, case).met_on
    left, back = START + timedelta(days=30), START + timedelta(days=60)
    for person in case.people.select_related("case"):
        family.leave(person, on=left, reason="returned", by=by, today=left)
    if story.missing:
        Permit.objects.all().delete()
    dates = {name: None if name in story.missing else back for name in LETTER}
    for person in case.people.select_related("case"):
        family.return_home(person, by=by, today=back, **dates)
    second = case.steps.filter(rule=story.rule, starts_on=back).exclude(round=1)
    if not story.household:
        second = second.filter(person__birth_date=story.born)
    assert the_step(story, case).met_on == met
    assert [step.met_on for step in second] == [None]


def test_every_dated_rule_of_the_first_set_is_told_or_has_a_story_of_its_own():
    own = {"reception.dates", "reception.permit_expiry", "housing.takeover", "housing.next_home"}
    dated = set(Term.objects.values_list("rule", flat=True))
    assert {str(story) for story in STORIES} | own == dated
    assert dated <= set(RULES)


def test_takeover_is_met_by_writing_the_day_also_when_it_lies_ahead(by):
    story = Story("housing.takeover", lambda *args: None, Stay, missing=("responsibility_from",))
    case, person = register(story, by)
    assert status_of(the_step(story, case), START + timedelta(days=90)) is Status.OPEN  # a watch is never red
    ahead = START + timedelta(days=10)
    fields = {"birth_date": person.birth_date}
    family.change_member(person, today=START, by=by, fields=fields, dates={"responsibility_from": ahead})
    assert the_step(story, case).met_on == ahead


def test_the_missing_dates_are_met_by_knowing_or_asking(by):
    story = Story("reception.dates", lambda *args: None, Stay, missing=("residence_from",))
    case, person = register(story, by)
    assert the_step(story, case).met_on is None
    family.ask_for_date(person, about="residence_from", whom="Borgeren selv", by=by, today=START + timedelta(days=2))
    assert the_step(story, case).met_on == START + timedelta(days=2)


def test_the_end_of_the_permit_is_watched_and_an_extension_moves_it(by):
    story = Story("reception.permit_expiry", lambda *args: None, Permit)
    case, person = register(story, by)
    first, second = START + timedelta(days=80), START + timedelta(days=85)
    Permit.objects.update(valid_until=first)
    family.refresh_all(case.pk, today=START)
    step = the_step(story, case)
    assert (step.due_on, step.kind) == (first, Kind.WATCH)
    assert step not in Step.objects.listed(START)
    record_permit(person, state="extended", since=START, by=by, today=START, valid_until=second)
    family.refresh_all(case.pk, today=START)
    assert the_step(story, case).due_on == second


def test_the_next_home_is_due_on_the_day_the_placement_ends(by):
    story = Story("housing.next_home", place, Placement, household=True)
    case, _person = register(story, by)
    home = housing.add_dwelling(by=by, street="Kratvej", house_number="1", places=6)
    ends = START + timedelta(days=60)
    housing.offer_home(
        case,
        home=home,
        kind="temporary",
        on=START,
        answer="accepted",
        moves_in_on=START,
        ends_on=ends,
        today=START,
        by=by,
    )
    assert the_step(story, case).due_on == ends
    place(case, ends - timedelta(days=3), by)
    assert the_step(story, case).met_on == ends - timedelta(days=3)
