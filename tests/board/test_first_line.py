"""The first line of Mit overblik for who leads: what it says, where it leads, and that others pay nothing for it."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts import prepared
from accounts.models import Absence
from board.services import share
from board.services.share import Source
from cases.models import Case
from deadlines.models import Kind, LocalRule
from desk.services import leading, loads
from tests.board.handing import a_case, a_step
from tests.desk.test_sweep import Office
from tests.factories import TODAY, CaseFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
EARLIER = TODAY - 90 * DAY


@pytest.fixture
def office(db) -> Office:
    office = Office()
    Case.objects.update(registered_on=EARLIER)
    return office


def panel(client) -> str:
    html = client.get(reverse("desk:overview")).content.decode()
    return re.search(r'<section class="panel lead-lines".*?</section>', html, re.DOTALL).group()


def links(html: str) -> dict[str, str]:
    """Text → address of each link."""
    found = re.findall(r'<a href="([^"]*)"[^>]*>(.*?)</a>', html, re.DOTALL)
    return {re.sub(r"<[^>]*>", "", text).strip(): url.replace("&amp;", "&") for url, text in found}


def test_new_cases_lead_to_the_page_where_they_are_given_away_with_a_suggestion(office, web):
    office.jonas.first_name, office.jonas.last_name = "Jonas", "Friis"
    office.jonas.save()
    a_step(a_case(office, office.mette, registered_on=EARLIER))
    for number in range(3):
        case = a_case(office, registered_on=EARLIER)
        a_step(case, TODAY + (number + 3) * DAY, owner=None)
    html = panel(web)
    assert links(html)["3 nye sager: fordel"] == f"{reverse('board:share')}?fra=ingen#flyt"
    assert f"Forslag efter åbne frister: 2 til Jonas Friis og 1 til {office.mette.name}." in html
    assert "Ingen lovfrister haster." in html
    assert "Intet nyt." in html


def test_the_suggestion_is_the_one_of_the_page(office):
    for number in range(7):
        case = a_case(office)
        for at in range(number % 4):
            a_step(case, TODAY + at * DAY, owner=None)
    a_step(a_case(office, office.mette), owner=office.mette)
    manager = office.manager
    receivers = [one for one in loads.colleagues(manager, TODAY) if not one.away]
    cases = share.cases_of(manager, Source(None))
    plan = share.propose(manager, TODAY, source=Source(None), cases=cases, receivers=receivers)
    given = share.simulate(manager, TODAY, plan).given
    names = {one.pk: one.name for one in receivers}
    found = leading.news(manager, TODAY).suggestion
    assert dict(found) == {names[pk]: len(ids) for pk, ids in given.items()}
    assert len(found) == 2
    assert sum(number for _name, number in found) == 7


def test_a_local_rule_of_the_managers_counts_from_the_day_it_is_there(office):
    """What is compiled once per process knows no rule by name."""
    case = a_case(office)
    a_step(case, owner=office.manager, rule="local.velkomst")

    def weighed() -> list[int]:
        kept = [row.weight for row in prepared.rows(leading.asked_new, office.manager, TODAY)]
        rows = loads.of_cases(office.manager, TODAY, Case.objects.filter(pk=case.pk))
        assert kept == list(loads.weights([case.pk], rows).values())
        return kept

    assert weighed() == [1]
    LocalRule.objects.create(slug="velkomst", name="Velkomst", area="reception", owner_role="manager")
    assert weighed() == [0]


def test_who_is_away_gets_nothing_new(office):
    a_case(office)
    Absence.objects.create(user=office.jonas, starts_on=TODAY)
    a_step(a_case(office, office.mette), owner=office.mette)
    assert leading.news(office.manager, TODAY).suggestion == [(office.mette.name, 1)]


def test_more_new_cases_than_a_line_can_hold_are_spread_on_the_page(office, monkeypatch):
    monkeypatch.setattr(leading, "SUGGESTED_UP_TO", 2)
    for _n in range(3):
        a_case(office)
    assert (leading.news(office.manager, TODAY).new, leading.news(office.manager, TODAY).suggestion) == (3, [])


def test_what_can_not_wait_leads_to_exactly_its_rows(office, web):
    for due in (TODAY - DAY, TODAY - 3 * DAY, TODAY):
        a_step(a_case(office, office.mette, registered_on=EARLIER), due, Kind.LAW)
    a_step(a_case(office, office.mette, registered_on=EARLIER), TODAY - DAY)
    late, lone = (a_case(office, registered_on=EARLIER) for _n in range(2))
    a_step(late, TODAY - 9 * DAY, owner=None)
    a_step(lone, TODAY - 9 * DAY, Kind.LOCAL_TARGET, owner=None)
    found = links(panel(web))
    assert found["1 ny sag er forbi en frist"].startswith(reverse("board:share"))
    for text, number in (("2 lovfrister er overskredet", 2), ("1 lovfrist udløber i dag", 1)):
        assert f"af {number}<" in web.get(found[text]).content.decode()
    passed = web.get(found["2 frister er blevet overskredet"]).content.decode()
    assert "af 2<" in passed


def test_since_the_last_working_day(office):
    monday = date(2026, 11, 30)
    a_case(office, office.mette, registered_on=monday - 3 * DAY)
    a_case(office, office.mette, registered_on=monday - 4 * DAY)
    closed = a_case(office, office.mette, registered_on=EARLIER)
    Case.objects.filter(pk=closed.pk).update(closed_on=monday - DAY, closing_reason="moved")
    for days in (2, 3, 4):
        a_step(closed, monday - days * DAY)  # of a closed case: nobody's
    case = a_case(office, office.mette, registered_on=EARLIER)
    for days in (0, 1, 3, 4):
        a_step(case, monday - days * DAY)
    found = leading.news(office.manager, monday)
    assert found.since == date(2026, 11, 27)
    assert (found.registered, found.closed, found.passed) == (1, 1, 2)


def test_another_teams_and_protected_cases_are_not_in_it(office):
    south = TeamFactory(name="Syd")
    CaseFactory(caseworker=None, team=south)
    CaseFactory(caseworker=None, team=office.team, protected=True)
    found = leading.news(office.manager, TODAY)
    assert (found.new, found.registered) == (0, 0)


def test_not_all_have_a_caseworker_while_a_protected_case_has_none(office, web):
    south = CaseFactory(caseworker=None, team=TeamFactory(name="Syd"), protected=True)
    assert "Alle sager har en sagsbehandler." in panel(web)
    case = CaseFactory(caseworker=None, team=office.team, protected=True, family_name="Rudenko")
    html = panel(web)
    assert "Alle sager har en sagsbehandler." not in html
    assert links(html)["1 beskyttet sag"] == reverse("desk:guarded")
    shown = web.get(reverse("desk:guarded")).content.decode()
    assert case.number in shown
    assert south.number not in shown
    assert "Rudenko" not in html


def test_who_leads_and_has_cases_reads_the_teams_line_above_the_own_list(office, client):
    both = UserFactory(role=("manager", "caseworker"), team=office.team)
    a_step(a_case(office, office.mette, registered_on=EARLIER), TODAY - DAY, Kind.LAW)
    client.force_login(both)
    assert "1 lovfrist er overskredet" in panel(client)
    assert "Ingen åbne frister." in client.get(reverse("desk:overview")).content.decode()


@pytest.mark.parametrize("role", ["caseworker", "volunteer_coordinator", "housing_officer"])
def test_others_have_no_such_line(office, client, role):
    a_case(office)
    client.force_login(UserFactory(role=role, team=office.team))
    assert "lead-lines" not in client.get(reverse("desk:overview")).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_it_costs_who_leads_three_questions_and_others_none(office, client, number, django_assert_num_queries):
    for _n in range(number):
        a_step(a_case(office), TODAY - DAY, owner=None)
    client.force_login(office.mette)
    client.get(reverse("desk:overview"))
    with django_assert_num_queries(5):
        client.get(reverse("desk:overview"))
    client.force_login(office.manager)
    client.get(reverse("desk:overview"))
    with django_assert_num_queries(10):
        client.get(reverse("desk:overview"))
