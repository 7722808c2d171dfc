"""The number and the names in the menu are those of the list, though the question is compiled once for all."""

from datetime import timedelta

import pytest
from django.db import connection

from accounts import prepared, questions
from accounts.models import Absence, User
from desk.services.badge import menu_figures
from desk.services.worklist import count, own_list, own_overdue
from tests.desk.rows import Unit, day, one_of_each, step
from tests.factories import TODAY, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    unit = Unit("Nord")
    one_of_each(unit.case("Kovalenko"))
    step(unit.case("Melnyk"), -3, rule="volunteers.contact_person", household=True)
    step(unit.case("Boiko", caseworker=unit.manager), -2)
    other = Unit("Syd").case("Tkachenko")
    step(other, -9)
    step(other, -9, owner=unit.caseworker)
    return unit


def same(user, *, days: int = 0) -> bool:
    """Whether the menu says what the list says, on that day and for the user as read anew."""
    user, today = User.objects.get(pk=user.pk), TODAY + timedelta(days=days)
    told = menu_figures(user, today, [])[0]
    return told == own_overdue(user, today).count() == count(own_list(user, today)).overdue


@pytest.mark.parametrize("days", [-5, 0, 1, 30])
def test_the_menu_counts_what_the_list_holds(unit, days):
    alone = UserFactory(role="caseworker")
    step(unit.case("Sydorenko", caseworker=alone), -1)
    step(unit.case("Hontar", caseworker=None), -1, owner=alone)
    for user in (unit.caseworker, unit.coordinator, unit.manager, alone, UserFactory()):
        assert same(user, days=days)


def test_the_deputy_counts_the_absent_too(unit):
    deputy = UserFactory(role="caseworker", team=unit.team)
    assert menu_figures(deputy, TODAY, [])[0] == 0
    for away in (unit.caseworker, unit.manager):
        Absence.objects.create(user=away, deputy=deputy, starts_on=day(-1))
        assert same(deputy)
    assert menu_figures(User.objects.get(pk=deputy.pk), TODAY, [])[0] > 1


def test_ids_and_days_of_one_user_are_not_those_of_the_next(unit):
    """Two users of one shape share the compiled question."""
    prepared._question.cache_clear()
    colleague = UserFactory(role="caseworker", team=unit.team)
    assert menu_figures(unit.caseworker, TODAY, [])[0] > 0
    assert menu_figures(colleague, TODAY, [])[0] == 0
    assert prepared._question.cache_info().misses == 1


def test_families_opened_last_come_with_the_count_in_one_question(unit, django_assert_num_queries):
    own, foreign = unit.case("Bilous"), Unit("Vest").case("Lypa")
    user = unit.caseworker
    user.acting_for, user.role_keys  # noqa: B018 - read once per request
    with django_assert_num_queries(1):
        overdue, names = menu_figures(user, TODAY, [own.number, foreign.number])
    assert names == {own.number: "Bilous"}
    assert overdue == own_overdue(user, TODAY).count() > 0


def test_the_count_stands_when_no_family_is_visible_any_more(unit):
    foreign = Unit("Vest").case("Lypa")
    assert menu_figures(unit.caseworker, TODAY, [foreign.number]) == (
        own_overdue(unit.caseworker, TODAY).count(),
        {},
    )


def test_no_placeholder_reaches_the_database(unit):
    seen = []

    def note(execute, sql, params, many, context):
        seen.append(params)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        menu_figures(unit.caseworker, TODAY, [unit.case("Bilous").number])
    told = [str(value) for params in seen for value in params or ()]
    assert told
    assert not [value for value in told if value.startswith(("4000", "3999", str(questions.IDS)[:12], "?"))]
