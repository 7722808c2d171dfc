"""Fordel sager: the move, the named remainder, and the way back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Absence, AccessRecord, Opening, RoleGrant
from board.models import LeftOut
from board.services import share
from board.services.share import Source
from cases.models import Case, Entry
from deadlines.models import Delivery, Kind, Notice, Step
from desk.models import Mail
from desk.services.digest import taken_over, tell_by_mail
from tests.board.handing import a_case, a_step, holders, move, undo
from tests.desk.test_sweep import at, run
from tests.factories import TODAY, CaseFactory, PersonFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


# --- The move ---------------------------------------------------------------------------------


def test_a_caseload_goes_over_with_its_deadlines_one_line_and_one_row_of_the_log_each(office):
    cases = [a_case(office, office.mette) for _n in range(3)]
    steps = [a_step(case) for case in cases]
    kept = a_step(cases[0], assignee=office.mette)
    moved = move(office, cases, office.jonas, source=office.mette)
    assert holders(*cases) == [office.jonas] * 3
    assert {Step.objects.get(pk=step.pk).owner for step in steps} == {office.jonas}
    assert Step.objects.get(pk=kept.pk).owner == office.mette
    entries = Entry.objects.filter(kind="cases.handed_over")
    assert {entry.text for entry in entries} == {f"Sagen er overdraget fra {office.mette.name} til {office.jonas.name}"}
    assert sorted(entry.case_id for entry in entries) == sorted(case.pk for case in cases)
    logged = AccessRecord.objects.filter(action="cases.handed_over", user_id=office.manager.pk)
    assert sorted(row.case_number for row in logged) == sorted(case.number for case in cases)
    assert all(row.mark for row in logged)
    assert moved.cases.filter(left_out="").count() == 3


def test_250_cases_cost_hardly_more_queries_than_one(office, django_assert_num_queries, django_assert_max_num_queries):
    """PostgreSQL writes five hundred rows at once, SQLite about ninety."""
    cases = [a_case(office, office.mette) for _n in range(250)]
    for case in cases:
        a_step(case)
    with django_assert_num_queries(14):
        move(office, cases[:1], office.jonas, source=office.mette)
    with django_assert_max_num_queries(18):
        moved = move(office, cases[1:], office.jonas, source=office.mette)
    assert moved.cases.filter(left_out="").count() == 249
    assert Step.objects.filter(owner=office.jonas).count() == 250


def test_nothing_is_told_again_and_the_new_caseworker_hears_the_number_once(office):
    cases = [a_case(office, office.mette) for _n in range(4)]
    for case in cases:
        a_step(case, TODAY, Kind.LAW, rule="reception.contract", person=PersonFactory(case=case))
    run(TODAY - 3 * DAY, hour=7)
    run(TODAY, hour=7)
    told, notices = Delivery.objects.count(), Notice.objects.count()
    move(office, cases, office.jonas, source=office.mette)
    run(TODAY, hour=8)
    assert (Delivery.objects.count(), Notice.objects.count()) == (told, notices)
    tell_by_mail(today=TODAY + DAY, now=at(TODAY + DAY, 8))
    tell_by_mail(today=TODAY + 2 * DAY, now=at(TODAY + 2 * DAY, 8))
    letters = [mail.body for mail in Mail.objects.filter(user=office.jonas)]
    assert sum("overtaget 4 sager" in body for body in letters) == 1, letters
    assert not [mail for mail in Mail.objects.filter(user=office.mette) if "overtaget" in mail.body]


def test_there_and_back_and_there_again(office):
    """A → B → A works: whoever had a case before can have it again."""
    case = a_case(office, office.mette)
    move(office, [case], office.jonas, source=office.mette)
    move(office, [case], office.mette, source=office.jonas)
    move(office, [case], office.jonas, source=office.mette)
    assert holders(case) == [office.jonas]
    assert Entry.objects.filter(case=case, kind="cases.handed_over").count() == 3


def test_new_cases_get_a_caseworker_and_the_team(office):
    case = CaseFactory(caseworker=None, team=None)
    step = a_step(case, owner=None)
    move(office, [case], office.jonas)
    case.refresh_from_db()
    assert (case.caseworker, case.team) == (office.jonas, office.team)
    assert Step.objects.get(pk=step.pk).owner == office.jonas


# --- What may not be moved --------------------------------------------------------------------


def left(moved) -> dict[str, str]:
    return {row.case.number: row.left_out for row in moved.cases.all() if row.left_out}


def test_what_changed_meanwhile_stays_and_is_named_and_the_rest_moves(office):
    cases = {name: a_case(office, office.mette) for name in ("taken", "closed", "protected", "gone", "fine")}
    south = TeamFactory(name="Syd")
    Case.objects.filter(pk=cases["taken"].pk).update(caseworker=office.jonas)
    Case.objects.filter(pk=cases["closed"].pk).update(closed_on=TODAY, closing_reason="moved")
    Case.objects.filter(pk=cases["protected"].pk).update(protected=True)
    Case.objects.filter(pk=cases["gone"].pk).update(team=south)
    moved = move(office, cases.values(), office.jonas, source=office.mette)
    # a protected case of the unit does not exist for its manager: the reason is the same as for another team's
    assert left(moved) == {
        cases["taken"].number: LeftOut.CHANGED,
        cases["closed"].number: LeftOut.CLOSED,
        cases["protected"].number: LeftOut.UNSEEN,
        cases["gone"].number: LeftOut.UNSEEN,
    }
    assert holders(cases["fine"], cases["protected"], cases["gone"]) == [office.jonas, office.mette, office.mette]
    assert Entry.objects.filter(kind="cases.handed_over").count() == 1


def test_a_protected_case_that_the_manager_sees_as_a_deputy_goes_one_by_one(office, web):
    Absence.objects.create(user=office.mette, starts_on=TODAY)
    case = a_case(office, office.mette, protected=True)
    assert left(move(office, [case], office.jonas, source=office.mette)) == {case.number: LeftOut.PROTECTED}
    page = web.get(f"{reverse('board:share')}?fra={office.mette.pk}").content.decode()
    assert f"De overdrages fra sagens egen side: {case.number}" in page
    assert f'value="{case.number}"' not in page


def test_a_case_that_is_only_opened_for_a_while_is_read_and_not_given_away(office):
    south = TeamFactory(name="Syd")
    foreign = CaseFactory(caseworker=UserFactory(role="caseworker", team=south), team=south)
    Opening.objects.create(
        user=office.manager, case_number=foreign.number, kind="glass", reason="Akut", purpose="Akut",
        closes_at=timezone.now() + timedelta(hours=1),
    )  # fmt: skip
    office.manager.read_anew()
    assert Case.objects.visible_to(office.manager).filter(pk=foreign.pk).exists()
    moved = move(office, [foreign], office.jonas, source=foreign.caseworker)
    assert left(moved) == {foreign.number: LeftOut.UNSEEN}
    assert not share.cases_of(office.manager, Source(foreign.caseworker)).exists()


@pytest.mark.parametrize("why", ["closed", "no role", "another team"])
def test_nobody_gets_cases_who_can_not_have_them(office, why):
    case = a_case(office, office.mette)
    if why == "closed":
        office.jonas.is_active = False
    elif why == "another team":
        office.jonas.team = TeamFactory(name="Syd")
    else:
        RoleGrant.objects.filter(user=office.jonas).delete()
    office.jonas.save()
    assert left(move(office, [case], office.jonas, source=office.mette)) == {case.number: LeftOut.RECEIVER}
    assert holders(case) == [office.mette]


# --- The way back -----------------------------------------------------------------------------


def test_undo_gives_back_what_is_still_there_and_names_the_rest(office):
    cases = [a_case(office, office.mette) for _n in range(4)]
    step = a_step(cases[0])
    moved = move(office, cases, office.jonas, source=office.mette)
    ali = UserFactory(role="caseworker", team=office.team)
    move(office, cases[2:3], ali, source=office.jonas)
    Case.objects.filter(pk=cases[3].pk).update(closed_on=TODAY, closing_reason="moved")
    undo(office, moved)
    assert holders(*cases) == [office.mette, office.mette, ali, office.jonas]
    assert Step.objects.get(pk=step.pk).owner == office.mette
    kept = {row.case_id: row.kept for row in moved.cases.all() if row.kept}
    assert kept == {cases[2].pk: LeftOut.CHANGED, cases[3].pk: LeftOut.CLOSED}
    back = Entry.objects.filter(kind="cases.hand_over_undone")
    assert {entry.case_id for entry in back} == {cases[0].pk, cases[1].pk}
    assert AccessRecord.objects.filter(action="cases.hand_over_undone").count() == 2
    with pytest.raises(Exception, match="allerede fortrudt"):
        undo(office, moved)


def test_undo_of_new_cases_leaves_them_as_they_were_with_nobody_and_in_no_team(office):
    case = CaseFactory(caseworker=None, team=None)
    step = a_step(case, owner=None)
    undo(office, move(office, [case], office.jonas))
    case.refresh_from_db()
    assert (case.caseworker, case.team) == (None, None)
    assert Step.objects.get(pk=step.pk).owner is None


def test_what_is_undone_is_news_to_nobody(office):
    case = a_case(office, office.mette)
    moved = move(office, [case], office.jonas, source=office.mette)
    assert taken_over(office.jonas, now=timezone.now()) == 1
    undo(office, moved)
    assert taken_over(office.jonas, now=timezone.now()) == 0
    assert taken_over(office.mette, now=timezone.now()) == 0
    move(office, [case], office.jonas, source=office.mette)
    assert taken_over(office.jonas, now=timezone.now()) == 1


def test_nobody_gets_back_what_they_can_not_have_any_more(office):
    case = a_case(office, office.mette)
    moved = move(office, [case], office.jonas, source=office.mette)
    office.mette.is_active = False
    office.mette.save()
    undo(office, moved)
    assert holders(case) == [office.jonas]
    assert moved.cases.get().kept == LeftOut.RECEIVER


def test_undo_costs_the_same_for_one_and_for_three(office, django_assert_num_queries):
    for number in (1, 3):
        cases = [a_case(office, office.mette) for _n in range(number)]
        moved = move(office, cases, office.jonas, source=office.mette)
        with django_assert_num_queries(16):
            undo(office, moved)
