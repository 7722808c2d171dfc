"""Protection: hides the case from all but the assigned, follows to the children, and ends by two people alone."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from cases.models import Case, Entry
from cases.protection import KeptApart, Protection
from cases.secrecy import apart_from, kept_from, protected_cases, protected_people
from deadlines.models import LATE, Step
from desk.services import family, protection
from desk.services.worklist import own_list
from tests.factories import TODAY, TeamFactory, UserFactory, a_family

pytestmark = pytest.mark.django_db
SOON = TODAY + timedelta(days=365)
MOTHER = {"given_names": "Olena"}
CHILD = {"given_names": "Sofiia", "role": "child", "birth_date": date(2015, 3, 1)}
FATHER = {"given_names": "Taras", "role": "spouse"}


@pytest.fixture
def team():
    team = TeamFactory(coordinator=UserFactory(role="volunteer_coordinator"), manager=UserFactory(role="manager"))
    for user in (team.coordinator, team.manager):
        user.team = team
        user.save()
    return team


@pytest.fixture
def worker(team):
    return UserFactory(role="caseworker", team=team)


@pytest.fixture
def colleague(team):
    return UserFactory(role="caseworker", team=team)


@pytest.fixture
def case(worker, team):
    return a_family(MOTHER, FATHER, CHILD, caseworker=worker, team=team, arrived_on=TODAY, visitation_on=TODAY)


def person(case, name):
    return case.people.get(given_names=name)


def protect(case, name="Olena", **fields):
    fields = {"kind": "both", "starts_on": TODAY, "review_on": SOON, "by": case.caseworker, "today": TODAY, **fields}
    return protection.protect(person(case, name), **fields)


def end(row, first, second):
    protection.propose_end(row, reason="Faderen er rejst", by=first, today=TODAY)
    protection.decide_end(row, agree=True, by=second, today=TODAY)


def seen_by(user):
    return set(Case.objects.visible_to(type(user).objects.get(pk=user.pk)))


def test_a_protected_case_exists_for_the_assigned_alone(case, worker, colleague, team):
    others = (colleague, team.manager, team.coordinator)
    assert all(case in seen_by(user) for user in (worker, *others))  # the control: without it the team sees the case
    row = protect(case)
    assert case in seen_by(worker)
    assert not any(case in seen_by(user) for user in others)
    end(row, worker, team.manager)
    assert all(case in seen_by(user) for user in (worker, *others))


def test_the_deputy_is_assigned(case, worker, colleague):
    protect(case)
    worker.absences.create(deputy=colleague, starts_on=TODAY)
    assert case in seen_by(colleague)


def test_the_day_of_review_unmasks_nothing(case, worker, colleague, clock):
    protect(case, review_on=TODAY + timedelta(days=3))
    clock.shift(timedelta(days=4))
    assert case not in seen_by(colleague)
    tasks = own_list(worker, TODAY + timedelta(days=4)).filter(rule="")
    assert [(step.title, step.group in LATE) for step in tasks] == [("Tag stilling til beskyttelsen af Olena", True)]


def test_one_person_cannot_end_it_alone(case, worker, team):
    row = protect(case)
    protection.propose_end(row, reason="Ikke længere nødvendigt", by=worker, today=TODAY)
    with pytest.raises(ValidationError, match="En anden end"):
        protection.decide_end(row, agree=True, by=worker, today=TODAY)
    row.refresh_from_db()
    assert row.lapsed_on is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Protection.objects.filter(pk=row.pk).update(lapsed_on=TODAY, lapsed_by=worker)
    protection.decide_end(row, agree=True, by=team.manager, today=TODAY)  # the control
    assert not Protection.objects.standing().exists()


def test_a_second_without_the_right_is_no_second(case, worker, team):
    row = protect(case)
    protection.propose_end(row, reason="Ikke længere nødvendigt", by=worker, today=TODAY)
    with pytest.raises(ValidationError):
        protection.decide_end(row, agree=True, by=team.coordinator, today=TODAY)


def test_a_refused_proposal_leaves_everything(case, worker, team, colleague):
    row = protect(case)
    protection.propose_end(row, reason="Ikke længere nødvendigt", by=worker, today=TODAY)
    protection.decide_end(row, agree=False, by=team.manager, today=TODAY)
    row.refresh_from_db()
    assert not row.is_proposed
    assert case not in seen_by(colleague)


def test_children_follow_unless_said_otherwise(case):
    mother, child = person(case, "Olena"), person(case, "Sofiia")
    row = protect(case)
    assert set(protected_people(case)) == {mother.pk, child.pk}
    Protection.objects.filter(pk=row.pk).update(children_follow=False)
    assert set(protected_people(case)) == {mother.pk}


def test_special_protection_always_takes_the_children(case):
    assert protect(case, kind="special", children_follow=False).children_follow


def test_against_one_member_of_the_family(case):
    protect(case, against=person(case, "Taras"))
    assert kept_from(person(case, "Taras")) == {person(case, "Olena").pk, person(case, "Sofiia").pk}
    assert kept_from(person(case, "Olena")) == frozenset()


def test_against_somebody_in_another_case(case, worker):
    other = a_family(FATHER, caseworker=worker)
    protect(case, against=person(other, "Taras"))
    assert person(case, "Olena").pk in kept_from(person(other, "Taras"))


def test_the_stored_mark_equals_the_truth(case, worker, team):
    """Through every verb that could move it."""
    other = a_family(FATHER, caseworker=worker, team=team)

    def holds():
        assert set(Case.objects.filter(protected=True)) == set(protected_cases(Case.objects.all()))

    row = protect(case)
    holds()
    family.move_person(person(case, "Olena"), to=other, by=worker, today=TODAY)
    case.refresh_from_db(), other.refresh_from_db()
    assert (case.protected, other.protected) == (False, True)
    holds()
    family.move_person(person(other, "Olena"), to=case, by=worker, today=TODAY)
    holds()
    end(Protection.objects.get(pk=row.pk), worker, team.manager)
    case.refresh_from_db()
    assert not case.protected
    holds()


def test_the_old_case_does_not_say_where_the_protected_went(case, worker, team):
    other = a_family(FATHER, caseworker=worker, team=team)
    protect(case)
    mother = person(case, "Olena")
    # somebody stays behind and is not protected: the case is the team's again
    family.move_person(mother, to=other, by=worker, today=TODAY)
    line = Entry.objects.filter(case=case, kind="cases.member_moved").get()
    assert other.number not in line.text
    family.move_person(person(case, "Sofiia"), to=a_family(FATHER, caseworker=worker), by=worker, today=TODAY)
    assert Entry.objects.filter(case=case, kind="cases.member_moved", text__contains="flyttet til sag").exists()


def test_what_colleagues_held_goes_back_to_the_caseworker(case, worker, colleague, team):
    family.refresh_all(case.pk, today=TODAY)
    introduction = Step.objects.get(case=case, rule="volunteers.introduction")
    assert introduction.owner == team.coordinator
    Step.objects.filter(case=case, rule="housing.temporary_offer").update(assignee=colleague, owner=colleague)
    row = protect(case)
    family.refresh_all(case.pk, today=TODAY)
    assert set(Step.objects.filter(case=case).values_list("owner", flat=True)) == {worker.pk}
    end(row, worker, team.manager)
    introduction.refresh_from_db()
    assert introduction.owner == team.coordinator


def test_kept_apart_is_one_relation_and_ends_by_two(case, worker, team):
    mother, father = person(case, "Olena"), person(case, "Taras")
    row = protection.keep_apart(father, mother, reason="violence", by=worker, today=TODAY)
    assert apart_from([mother.pk]) == {father.pk}
    assert apart_from([father.pk]) == {mother.pk}
    with pytest.raises(ValidationError):
        protection.keep_apart(mother, father, reason="violence", by=worker, today=TODAY)
    protection.propose_end(row, reason="Forligt", by=worker, today=TODAY)
    with pytest.raises(ValidationError):
        protection.decide_end(row, agree=True, by=worker, today=TODAY)
    assert KeptApart.objects.standing().exists()
    protection.decide_end(row, agree=True, by=team.manager, today=TODAY)
    assert not apart_from([mother.pk])


def test_that_two_are_kept_apart_is_read_by_the_assigned_alone(case, worker, colleague):
    protection.keep_apart(person(case, "Olena"), person(case, "Taras"), reason="violence", by=worker, today=TODAY)
    lines = Entry.objects.filter(kind__startswith="cases.apart")
    assert lines.count() == 2
    assert Entry.objects.visible_to(worker).filter(pk__in=lines).count() == 2
    assert not Entry.objects.visible_to(colleague).filter(pk__in=lines).exists()


def test_twice_is_refused(case):
    protect(case)
    with pytest.raises(ValidationError):
        protect(case)


def test_a_review_day_lies_ahead(case):
    with pytest.raises(ValidationError):
        protect(case, review_on=TODAY)


def test_going_on_moves_the_task(case, worker):
    row = protect(case)
    protection.propose_end(row, reason="Måske", by=worker, today=TODAY)
    protection.take_up_again(row, review_on=SOON + timedelta(days=365), by=worker, today=TODAY)
    row.refresh_from_db()
    assert not row.is_proposed
    task = Step.objects.get(case=case, rule="", done_on=None)
    assert task.due_on == SOON + timedelta(days=365)
