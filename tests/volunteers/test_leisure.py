"""Associations, activities and events: the register and its filters, and who of a family takes part."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import Entry
from tests.factories import TODAY, LocalityFactory, a_family
from volunteers.models import Activity, Participation
from volunteers.services import leisure

pytestmark = pytest.mark.django_db
CHILD = {"given_names": "Sofiia", "role": "child", "birth_date": date(2017, 3, 1)}


def an_activity(name="Håndbold", **fields):
    return Activity.objects.create(name=name, **fields)


def listed(web, query=""):
    return web.get(reverse("volunteers:activities") + query).text


def names(**wanted):
    return [row.name for row in leisure.found(today=TODAY, **wanted)]


def test_the_register_by_town_age_season_and_price():
    lynge = LocalityFactory(name="Lynge")
    an_activity("Håndbold", locality=lynge, age_from=6, age_to=12, season="winter", price=650)
    an_activity("Sprogcafé", age_from=16, price=0)
    an_activity("Spejder", age_from=6, age_to=16)
    an_activity("Lukket hold", active=False)
    an_activity("Sommerfest", season="once", on=TODAY + timedelta(days=3))
    an_activity("Forårsfest", season="once", on=TODAY - timedelta(days=3))
    assert names() == ["Sommerfest", "Håndbold", "Spejder", "Sprogcafé"]
    assert names(town=lynge.pk) == ["Håndbold"]
    assert names(ages="0–5") == ["Sommerfest"]
    assert names(ages="13–17") == ["Sommerfest", "Spejder", "Sprogcafé"]
    assert names(season="winter") == ["Håndbold"]
    assert names(most=Decimal(0)) == ["Sprogcafé"]
    assert [row.name for row in leisure.past_and_closed(today=TODAY)] == ["Forårsfest", "Lukket hold"]


@pytest.mark.parametrize(
    ("fields", "ages", "price"),
    [
        ({}, "alle", ""),
        ({"age_from": 13, "price": Decimal(0)}, "fra 13 år", "gratis"),
        ({"age_to": 5, "price": Decimal("450.50")}, "0–5 år", "450,50 kr."),
        ({"age_from": 6, "age_to": 12, "price": Decimal(450)}, "6–12 år", "450 kr."),
    ],
)
def test_ages_and_price_in_words(fields, ages, price):
    activity = Activity(name="X", **fields)
    assert (leisure.ages_of(activity), leisure.price_of(activity)) == (ages, price)


def test_the_page_filters_and_ignores_nonsense(web):
    an_activity("Håndbold", age_from=6, age_to=12)
    an_activity("Sprogcafé", age_from=16)
    assert "Sprogcafé" not in listed(web, "?alder=6–12")
    assert "Håndbold" in listed(web, "?alder=6–12")
    assert "Ingen aktiviteter passer til filtrene" in listed(web, "?alder=0–5")
    for odd in ("?alder=x", "?by=99", "?pris=-1", "?pris=abc&tid=%00"):
        assert "Håndbold" in listed(web, odd)


def test_an_activity_is_added_and_changed(web):
    url = reverse("volunteers:add_activity")
    data = {"name": "  Håndbold   for børn", "season": "winter", "age_from": "6", "age_to": "12", "price": "650,50"}
    assert web.post(url, data | {"active": "on"}).status_code == 302
    made = Activity.objects.get()
    assert (made.name, made.price, made.active) == ("Håndbold for børn", Decimal("650.50"), True)
    edit = reverse("volunteers:edit_activity", args=[made.pk])
    assert 'value="650,50"' in web.get(edit).text
    assert web.post(edit, data | {"age_to": "14"}).status_code == 302
    made.refresh_from_db()
    assert (made.age_to, made.active) == (14, False)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": "håndbold"}, "Der findes allerede en aktivitet med det navn."),
        ({"age_from": "12", "age_to": "6"}, "»Til alder« er lavere end »Fra alder«."),
        ({"age_from": "mange"}, "Skriv et tal fra 0 til 120."),
        ({"season": "once"}, "Skriv dagen, eller vælg en anden tid på året."),
        ({"price": "dyrt"}, "Skriv prisen som et tal, fx 450."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(web, wrong, told):
    an_activity("Håndbold")
    data = {"name": "Svømning", "season": "winter", "contact": "svoem@example.dk"} | wrong
    answer = web.post(reverse("volunteers:add_activity"), data)
    assert answer.status_code == 422
    assert told in answer.text
    assert "svoem@example.dk" in answer.text
    assert Activity.objects.count() == 1


def test_a_child_tries_and_becomes_a_member(web, team):
    case, activity = a_family({"given_names": "Olena"}, CHILD, team=team, arrived_on=TODAY), an_activity()
    child = case.people.get(given_names="Sofiia")
    url = reverse("volunteers:participation", args=[case.number])
    shown = web.get(url).text
    assert "Sofiia" in shown
    assert "2017" not in shown
    data = {"person": child.pk, "activity": activity.pk, "step": "trial", "on": "23.11.2026"}
    assert web.post(url, data).status_code == 302
    assert web.post(url, data | {"step": "member", "on": "24.11.2026"}).status_code == 302
    told = list(Entry.objects.filter(kind="volunteers.takes_part").order_by("pk").values_list("text", flat=True))
    assert told == ["Sofiia prøver Håndbold", "Sofiia er medlem: Håndbold"]
    row = Participation.objects.order_by("pk").first()
    annul = reverse("volunteers:annul_participation", args=[case.number, row.pk])
    assert web.post(annul, {"reason": "Det var en anden"}).status_code == 302
    assert Participation.objects.standing().count() == 1


def test_only_the_household_s_own_can_be_chosen(web, team):
    case = a_family(CHILD, team=team, arrived_on=TODAY)
    other = a_family({**CHILD, "given_names": "Daryna"}, team=team, arrived_on=TODAY)
    data = {"person": other.people.get().pk, "activity": an_activity().pk, "step": "trial", "on": "23.11.2026"}
    assert web.post(reverse("volunteers:participation", args=[case.number]), data).status_code == 422
    assert not Participation.objects.exists()


def test_the_register_is_suggested_when_a_family_is_introduced(web, team):
    an_activity("Kor for alle")
    case = a_family(CHILD, team=team, arrived_on=TODAY)
    assert 'value="Kor for alle"' in web.get(reverse("volunteers:leisure_introduction", args=[case.number])).text


def test_the_list_costs_the_same_for_one_and_three(web):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            listed(web)
        return len(caught)

    an_activity("A", locality=LocalityFactory())
    queries()
    one = queries()
    for name in ("B", "C"):
        an_activity(name, locality=LocalityFactory())
    assert queries() == one
