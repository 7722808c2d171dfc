"""Fordel sager: the pages, from the choice to the move and back."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Absence
from board.models import Move
from cases.models import Case, Entry
from desk.services import loads
from tests.board.handing import a_busy_office, a_case, a_step, holders, move
from tests.factories import TODAY, CaseFactory, PersonFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def page(web, query="", **data):
    url = reverse("board:share") + query
    return web.post(url, data) if data else web.get(url)


def confirm(web, html: str):
    sealed = html.split('name="plan" value="')[1].split('"')[0]
    return web.post(reverse("board:share_move"), {"plan": sealed}, follow=True)


def test_from_the_choice_to_the_move_and_back(office, web):
    cases = [a_case(office) for _n in range(3)]
    a_step(cases[0], TODAY - DAY, owner=None)
    html = page(web, "?fra=ingen").content.decode()
    assert all(case.number in html for case in cases)
    shown = page(web, fra="ingen", which="alle", to=[office.mette.pk, office.jonas.pk])
    assert shown.status_code == 200
    assert holders(*cases) == [None] * 3
    assert "Intet er flyttet endnu" in shown.content.decode()
    done = confirm(web, shown.content.decode())
    assert None not in holders(*cases)
    assert "3 sager er flyttet" in done.content.decode()
    moved = Move.objects.get()
    again = web.post(reverse("board:undo_move", args=[moved.pk]), follow=True).content.decode()
    assert "Alle sager er givet tilbage" in again
    assert holders(*cases) == [None] * 3


def test_only_the_ticked_ones_go_and_what_is_gone_meanwhile_is_named(office, web):
    one, two, taken = (a_case(office, office.mette) for _n in range(3))
    Case.objects.filter(pk=taken.pk).update(caseworker=office.jonas)
    data = {"fra": office.mette.pk, "which": "valgte", "case": [one.number, taken.number], "to": [office.jonas.pk]}
    html = page(web, **data).content.decode()
    assert f"er afsluttet: {taken.number}" in html
    confirm(web, html)
    assert holders(one, two) == [office.jonas, office.mette]


def test_the_page_of_a_move_names_the_remainder_with_the_reason(office, web):
    cases = [a_case(office, office.mette) for _n in range(2)]
    html = page(web, fra=office.mette.pk, which="alle", to=[office.jonas.pk]).content.decode()
    Case.objects.filter(pk=cases[0].pk).update(closed_on=TODAY, closing_reason="moved")
    done = confirm(web, html).content.decode()
    assert "1 sag blev, hvor den var" in done
    assert cases[0].number in done.split("1 sag blev")[1]
    assert "Er afsluttet imens" in done


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"which": "alle"}, "Vælg mindst én kollega, der skal have sagerne."),
        ({"which": "valgte", "to": "jonas"}, "Sæt kryds ved mindst én sag, eller tryk på »alle«."),
        ({"which": "alle", "to": "987654"}, "Vælg blandt kollegerne på listen."),
        ({"which": "alle", "to": "mette"}, "Vælg en anden end den, der har sagerne."),
    ],
)
def test_bad_input_says_what_to_do_and_loses_nothing(office, web, data, sentence):
    case = a_case(office, office.mette)
    names = {"jonas": office.jonas.pk, "mette": office.mette.pk}
    data = data | {"fra": office.mette.pk} | ({"to": names.get(data["to"], data["to"])} if "to" in data else {})
    answer = page(web, **data)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert case.number in answer.content.decode()
    if data["which"] == "valgte":
        assert f'value="{office.jonas.pk}" id="id_to" checked' in answer.content.decode()


def test_a_plan_that_was_not_made_for_this_user_moves_nothing(office, web, client):
    case = a_case(office, office.mette)
    html = page(web, fra=office.mette.pk, which="alle", to=[office.jonas.pk]).content.decode()
    client.force_login(UserFactory(role="manager", team=office.team))
    assert "Tallene er for gamle" in confirm(client, html).content.decode()
    assert holders(case) == [office.mette]
    assert not Move.objects.exists()


def test_sent_twice_it_moves_once(office, web):
    case = a_case(office, office.mette)
    html = page(web, fra=office.mette.pk, which="alle", to=[office.jonas.pk]).content.decode()
    confirm(web, html)
    assert "Ingen sager er flyttet" in confirm(web, html).content.decode()
    assert Entry.objects.filter(case=case, kind="cases.handed_over").count() == 1


def test_no_family_and_no_person_is_named(office, web):
    case = a_case(office, office.mette, family_name="Bilous")
    PersonFactory(case=case, given_names="Solomiia", surname="Bilous")
    moved = move(office, [case], office.jonas, source=office.mette)
    pages = [page(web, f"?fra={office.jonas.pk}"), web.get(reverse("board:move", args=[moved.pk]))]
    pages.append(page(web, fra=office.jonas.pk, which="alle", to=[office.mette.pk]))
    for html in (answer.content.decode() for answer in pages):
        assert case.number in html
        assert "Bilous" not in html
        assert "Solomiia" not in html


def test_a_protected_case_is_on_no_page_of_it(office, web):
    hidden = a_case(office, office.mette, protected=True)
    seen = a_case(office, office.mette)
    moved = move(office, [seen], office.jonas, source=office.mette)
    Case.objects.filter(pk=seen.pk).update(protected=True)
    other = UserFactory(role="manager", team=office.team)
    web.force_login(other)
    pages = [page(web), page(web, f"?fra={office.mette.pk}"), web.get(reverse("board:move", args=[moved.pk]))]
    for answer in pages:
        assert hidden.number not in answer.content.decode()
        assert seen.number not in answer.content.decode()


def test_where_there_is_nothing_to_choose_the_page_says_why(office, web):
    """Jonas has no cases; and when he is gone, Mette has nobody to give hers to."""
    assert "ingen sager, der kan flyttes herfra" in page(web, f"?fra={office.jonas.pk}").content.decode()
    office.jonas.is_active = False
    office.jonas.save()
    html = page(web, f"?fra={office.mette.pk}").content.decode()
    assert "ingen andre sagsbehandlere i dit team" in html
    assert "Se resultatet" not in html


def test_more_than_the_list_holds_goes_along_with_all(office, web, monkeypatch):
    monkeypatch.setattr("board.views.share.LISTED", 2)
    cases = [a_case(office, office.mette) for _n in range(3)]
    html = page(web, f"?fra={office.mette.pk}").content.decode()
    assert "De 2 mest presserende står nedenfor" in html
    assert html.count('type="checkbox" name="case"') == 2
    confirm(web, page(web, fra=office.mette.pk, which="alle", to=[office.jonas.pk]).content.decode())
    assert holders(*cases) == [office.jonas] * 3


@pytest.mark.parametrize("role", ["caseworker", "volunteer_coordinator", "finance", "administrator", "auditor"])
def test_it_is_for_those_who_lead(client, office, role):
    client.force_login(UserFactory(role=role, team=office.team))
    assert client.get(reverse("board:share")).status_code == 404


def test_another_teams_colleagues_and_moves_do_not_exist(office, web):
    south = TeamFactory(name="Syd")
    stranger = UserFactory(role="caseworker", team=south)
    CaseFactory(caseworker=stranger, team=south)
    moved = Move.objects.create(team=south, by=stranger, at=timezone.now())
    assert page(web, f"?fra={stranger.pk}").status_code == 404
    assert web.get(reverse("board:move", args=[moved.pk])).status_code == 404
    assert web.post(reverse("board:undo_move", args=[moved.pk])).status_code == 404
    assert stranger.name not in page(web).content.decode()


def test_who_has_left_still_has_cases_to_give(office, web):
    case = a_case(office, office.mette)
    office.mette.is_active = False
    office.mette.save()
    html = page(web, f"?fra={office.mette.pk}").content.decode()
    assert "Er lukket som bruger" in html
    assert case.number in html


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_the_same_number_of_questions(office, web, number, django_assert_num_queries):
    for _n in range(number):
        worker = UserFactory(role="caseworker", team=office.team)
        Absence.objects.create(user=worker, starts_on=TODAY, deputy=office.mette)
        case, moved = a_case(office, worker), a_case(office, office.mette)
        a_step(case)
        a_case(office)
        move(office, [moved], office.jonas, source=office.mette)
    page(web, "?fra=ingen")
    with django_assert_num_queries(15):
        page(web, "?fra=ingen")
    with django_assert_num_queries(13):
        page(web)
    with django_assert_num_queries(16):
        page(web, fra="ingen", which="alle", to=[office.mette.pk, office.jonas.pk])
    latest = Move.objects.latest("pk")
    with django_assert_num_queries(8):
        web.get(reverse("board:move", args=[latest.pk]))


def test_every_figure_leads_to_exactly_its_rows(office, web):
    a_busy_office(office)
    figures = loads.of_colleagues(office.manager, TODAY)[office.mette.pk]
    html = page(web).content.decode()
    row = html.split(f'<th scope="row">{office.mette.name}')[1].split("</tr>")[0]
    links = [part.split('"')[0].replace("&amp;", "&") for part in row.split('<a href="')[1:]][:4]
    for url, number in zip(links, (figures.cases, figures.steps, figures.overdue, figures.soon), strict=True):
        found = web.get(url).content.decode()
        assert f"af {number}<" in found.replace("</p>", "<"), (url, number)
    assert date(2026, 12, 8) == TODAY + loads.SOON
