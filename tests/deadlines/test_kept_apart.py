"""Holdes adskilt: the one who may know is warned before it is kept; otherwise the other's caseworker gets a task."""

from datetime import date

import pytest
from django.urls import reverse

from cases.models import Case
from deadlines.models import Step
from desk.services import family, protection
from schooling.models import SchoolOffer
from schooling.services import offer_school
from tests.factories import TODAY, TeamFactory, UserFactory, a_family

pytestmark = pytest.mark.django_db
CHILD = {"given_names": "Sofiia", "role": "child", "birth_date": date(2015, 3, 1)}
OTHER = {"given_names": "Danylo", "role": "child", "birth_date": date(2014, 3, 1)}


@pytest.fixture
def worker():
    return UserFactory(role="caseworker", team=TeamFactory())


@pytest.fixture
def case(worker):
    case = a_family({}, CHILD, caseworker=worker, team=worker.team, arrived_on=TODAY, residence_from=TODAY)
    family.refresh_all(case.pk, today=TODAY)
    return case


def elsewhere(worker, team):
    """A boy at Lillerød Skole, from whom Sofiia is kept apart."""
    case = a_family({}, OTHER, caseworker=worker, team=team, arrived_on=TODAY, residence_from=TODAY)
    boy = case.people.get(given_names="Danylo")
    offer_school(boy, on=TODAY, today=TODAY, by=worker, school="Lillerød Skole")
    return boy


def send(client, case, **extra):
    girl = case.people.get(given_names="Sofiia")
    url = reverse("schooling:school_offer", args=[case.number, girl.pk])
    sent = {"on": "24.11.2026", "school": "Lillerød Skole", "kind": "school", **extra}
    return client.post(url, sent)


def keep(case, boy, by):
    girl = case.people.get(given_names="Sofiia")
    return protection.keep_apart(girl, boy, reason="conflict", by=by, today=TODAY)


def test_whoever_may_know_is_warned_before_it_is_kept(client, case, worker):
    boy = elsewhere(worker, worker.team)
    keep(case, boy, worker)
    client.force_login(worker)
    response = send(client, case)
    assert response.status_code == 422
    assert "skal holdes adskilt" in response.text
    assert "Lillerød Skole" in response.text
    assert 'name="apart_seen"' in response.text
    assert SchoolOffer.objects.count() == 1
    assert send(client, case, apart_seen="1").status_code == 302
    assert SchoolOffer.objects.count() == 2


def test_without_the_relation_nobody_is_warned(client, case, worker):
    elsewhere(worker, worker.team)
    client.force_login(worker)
    assert send(client, case).status_code == 302


def test_another_place_is_no_meeting(client, case, worker):
    keep(case, elsewhere(worker, worker.team), worker)
    client.force_login(worker)
    assert send(client, case, school="Lynge Skole").status_code == 302


def test_whoever_may_not_know_learns_nothing_and_the_others_caseworker_gets_a_task(client, case, worker):
    stranger = UserFactory(role="caseworker", team=TeamFactory())
    boy = elsewhere(stranger, stranger.team)
    keep(case, boy, worker)
    client.force_login(worker)
    response = send(client, case)
    assert response.status_code == 302
    assert "adskilt" not in client.get(response["Location"]).text.split('id="tidslinje"')[0]
    task = Step.objects.get(case=boy.case, rule="")
    assert (task.owner, task.due_on) == (stranger, TODAY)
    assert task.title.startswith("Holdes adskilt: Danylo")
    assert "Lillerød" not in task.title
    assert "Sofiia" not in task.title


def test_an_error_in_the_form_does_not_pass_for_a_warning_seen(client, case, worker):
    keep(case, elsewhere(worker, worker.team), worker)
    client.force_login(worker)
    assert 'name="apart_seen"' not in send(client, case, on="").text
    assert Case.objects.filter(pk=case.pk, people__school_offers__isnull=False).count() == 0


def test_an_ended_relation_warns_no_more(client, case, worker):
    row = keep(case, elsewhere(worker, worker.team), worker)
    protection.propose_end(row, reason="Gode venner igen", by=worker, today=TODAY)
    protection.decide_end(row, agree=True, by=UserFactory(role="manager", team=worker.team), today=TODAY)
    client.force_login(worker)
    assert send(client, case).status_code == 302
