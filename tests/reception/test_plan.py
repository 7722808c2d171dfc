"""Min plan over time: its lines and the work list, whose plan the children are in, its lock, its differences."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from accounts.models import AccessRecord
from deadlines import engine
from deadlines.models import Step
from deadlines.services import tick
from reception.models import Plan, PlanActivity, PlanHandover
from reception.rules import RULES
from reception.services import plan as plans
from reception.services.changes import changes
from reception.services.content import Content, Line, content_of, read
from reception.services.files import faults
from tests.factories import a_family
from tests.reception.conftest import ARRIVED

CHILDREN = (
    {"given_names": "Maksym", "role": "child", "birth_date": date(2015, 9, 20)},
    {"given_names": "Sofiia", "role": "child", "birth_date": date(2022, 5, 11)},
)


@pytest.fixture
def case(rule_set, worker, today):
    people = ({"given_names": "Olena"}, {"given_names": "Halyna", "role": "grandparent"}, *CHILDREN)
    found = a_family(*people, caseworker=worker, arrived_on=ARRIVED, visitation_on=ARRIVED, responsibility_from=ARRIVED)
    engine.refresh([found.pk], RULES, today=today)
    return found


@pytest.fixture
def olena(case):
    return case.people.get(given_names="Olena")


@pytest.fixture
def save(worker, today):
    """save(person, lines, goal=...): the next save of the person's plan, counted from what stands."""

    def _save(person, *lines, goal="Lære dansk", **more):
        plan = plans.current_plan(person)
        at = {"version": plan.version, "revision": plan.revision} if plan else {"version": 0, "revision": 0}
        return plans.save_plan(person, goal=goal, lines=list(lines), by=worker, today=today, **at, **more)

    return _save


def tasks(case):
    return list(Step.objects.filter(case=case, rule="", withdrawn_on=None).order_by("pk"))


# --- Lines and the work list ---


def test_a_dated_line_of_ones_own_is_an_own_task_that_follows_the_plan(case, olena, save, worker, today):
    line = Line("employment", "Skriv CV", "Du", on=today + timedelta(days=7))
    kept = plans.lines_of(save(olena, line, Line("housing", "Uden dato")))
    (task,) = tasks(case)
    assert (task.title, task.due_on, task.person, task.area) == ("Skriv CV", line.on, olena, "employment")
    assert kept[0].task_id == task.pk

    moved = replace(kept[0], text="Skriv CV med vejleder", on=today + timedelta(days=9))
    save(olena, moved)
    task.refresh_from_db()
    assert (task.title, task.due_on) == ("Skriv CV med vejleder", today + timedelta(days=9))

    save(olena, replace(moved, on=None))
    task.refresh_from_db()
    assert task.withdrawn_on == today
    assert not tasks(case)


def test_what_was_done_stays_done_when_its_line_goes(case, olena, save, worker, today):
    save(olena, Line("employment", "Skriv CV", on=today))
    (task,) = tasks(case)
    tick(task, on=today, text="", by=worker, today=today)
    save(olena)
    task.refresh_from_db()
    assert (task.done_on, task.withdrawn_on) == (today, None)


def test_a_task_of_another_plan_is_never_taken_over(case, olena, save, today):
    halyna = case.people.get(given_names="Halyna")
    save(halyna, Line("housing", "Halynas", on=today))
    (other,) = tasks(case)
    save(olena, Line("housing", "Olenas", on=today, task_id=other.pk))
    save(olena)
    other.refresh_from_db()
    assert (other.title, other.withdrawn_on) == ("Halynas", None)


def test_a_line_of_a_rule_shares_the_date_of_its_step(case, olena, save, today):
    due = Step.objects.get(rule="reception.contract", person=olena).due_on
    line = Line("reception", "Kontrakt", rule="reception.contract", on=due)
    save(olena, line)
    assert not tasks(case)
    with pytest.raises(ValidationError, match=r"følger fristen 13\.12\.2026"):
        save(olena, replace(line, on=due + timedelta(days=1)))
    save(olena, replace(line, on=None))
    assert PlanActivity.objects.get().on is None


def test_health_is_not_told_in_the_work_list(case, olena, save, today):
    save(olena, Line("health", "Tid hos psykolog", on=today))
    assert tasks(case)[0].title == "Aktivitet i Min plan"


# --- Whose plan the children are in ---


def names(people):
    return [person.given_names for person in people]


def test_a_new_plan_of_the_first_adult_starts_with_the_children_and_the_others_without(case, olena, today):
    halyna = case.people.get(given_names="Halyna")
    assert len(plans.first_choice(olena, today)) == 2
    assert plans.first_choice(halyna, today) == set()
    assert names(plans.in_no_plan(case, today)) == ["Maksym", "Sofiia"]


def test_a_grandmother_may_carry_a_child(case, olena, save, today):
    halyna, sofiia = case.people.get(given_names="Halyna"), case.people.get(given_names="Sofiia")
    save(halyna, *plans.part_of(sofiia, halyna, today=today))
    assert names(plans.in_no_plan(case, today)) == ["Maksym"]
    assert plans.carriers(case) == {sofiia.pk: [halyna]}
    assert sofiia.pk not in plans.first_choice(olena, today)


def test_who_holds_custody_is_the_first_choice(case, olena, today):
    sofiia, halyna = case.people.get(given_names="Sofiia"), case.people.get(given_names="Halyna")
    sofiia.custody_holder = halyna.full_name
    sofiia.save()
    assert sofiia.pk in plans.first_choice(halyna, today)
    assert sofiia.pk not in plans.first_choice(olena, today)


# --- Locked ---


@pytest.fixture
def handed(olena, save, worker, today):
    save(olena, Line("employment", "Skriv CV", "Du", on=today + timedelta(days=7)), goal_danish="Lære dansk")
    return plans.hand_over(olena, on=today, by=worker, today=today)


def test_a_handed_over_version_is_locked_and_the_next_edit_is_the_next_version(olena, handed, save, today):
    assert read(handed.content) == content_of(handed.plan)
    assert AccessRecord.objects.get(action="plan.lock").detail == f"v1 {handed.checksum}"
    assert faults(handed) == []
    plan = save(olena, *plans.lines_of(handed.plan), goal="Arbejde")
    assert plan.version == 2
    handed.plan.refresh_from_db()
    assert handed.plan.goal == "Lære dansk"
    assert faults(handed) == []


def test_the_task_goes_over_to_the_next_version(case, olena, handed, save):
    (task,) = tasks(case)
    kept = plans.lines_of(save(olena, *plans.lines_of(handed.plan)))
    assert [line.task_id for line in kept] == [task.pk]
    assert len(tasks(case)) == 1


def test_a_change_behind_the_pages_is_found(handed, capsys):
    call_command("check_plans")
    PlanActivity.objects.update(text="Noget andet")
    assert faults(PlanHandover.objects.get()) == ["Ordene er ikke dem, der blev udleveret."]
    with pytest.raises(CommandError, match="1 plans checked, 1 faults"):
        call_command("check_plans")


def test_who_changes_the_checksum_too_is_found_by_the_log(handed):
    PlanActivity.objects.update(text="Noget andet")
    plan = Plan.objects.get()
    content = content_of(plan).as_data()
    PlanHandover.objects.update(content=content, checksum="0" * 64)
    assert "Loggen har ikke denne kontrolsum." in faults(PlanHandover.objects.get())


def test_every_accepted_save_can_be_read(olena, save, today):
    for goal in ("Et", "To", "Tre"):
        plan = save(olena, Line("housing", goal), goal=goal)
    assert [read(row.content).goal for row in plan.revisions.all()] == ["Tre", "To", "Et"]


def test_the_guardian_of_a_minor_alone_signs_too(rule_set, worker, today):
    case = a_family({"given_names": "Ivan", "role": "child", "birth_date": date(2010, 1, 2)}, caseworker=worker)
    ivan = case.people.get()
    ivan.unaccompanied_minor = True
    ivan.save()
    plans.save_plan(ivan, version=0, revision=0, goal="Skole", lines=[], by=worker, today=today)
    handover = plans.hand_over(ivan, on=today, by=worker, today=today)
    told = {"signature": "signed", "on": today, "by": worker, "today": today}
    with pytest.raises(ValidationError, match="Skriv værgens navn"):
        plans.sign_plan(handover, **told, guardian_signs=True)
    plans.sign_plan(handover, **told, guardian="Birthe Holm", guardian_signs=True)
    handover.refresh_from_db()
    assert (handover.guardian, handover.guardian_signed_on) == ("Birthe Holm", today)


# --- Differences in words ---

DAY = date(2026, 12, 1)
OLD = Content("Lære dansk", "", (Line("housing", "Find bolig", "Du", "12 34 56 78", DAY), Line("health", "Læge")))


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (OLD, []),
        (replace(OLD, goal="Arbejde"), ["Målet ændret fra »Lære dansk« til »Arbejde«"]),
        (replace(OLD, goal_danish="Arbejde"), ["Målet på dansk skrevet: »Arbejde«"]),
        (replace(OLD, goal=""), ["Målet fjernet: »Lære dansk«"]),
        (
            replace(OLD, lines=(*OLD.lines, Line("employment", "Skriv CV", on=DAY))),
            ["Ny aktivitet: Skriv CV, senest 01.12.2026"],
        ),
        (replace(OLD, lines=OLD.lines[:1]), ["Fjernet: Læge"]),
        (
            replace(OLD, lines=(replace(OLD.lines[0], on=date(2026, 12, 8)), OLD.lines[1])),
            ["Dato flyttet fra 01.12.2026 til 08.12.2026: Find bolig"],
        ),
        (
            replace(OLD, lines=(replace(OLD.lines[0], on=None), OLD.lines[1])),
            ["Dato 01.12.2026 fjernet: Find bolig"],
        ),
        (
            replace(OLD, lines=(replace(OLD.lines[0], text="Find en bolig", responsible="Jobberiet"), OLD.lines[1])),
            [
                "Tekst ændret fra »Find bolig« til »Find en bolig«",
                "Hvem gør det ændret fra »Du« til »Jobberiet«: Find en bolig",
            ],
        ),
        (replace(OLD, lines=OLD.lines[::-1]), []),
    ],
)
def test_differences_are_told_in_words(new, said):
    assert changes(OLD, new) == said
