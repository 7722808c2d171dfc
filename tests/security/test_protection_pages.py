"""The pages of protection: the second person is another, whatever is sent; the manager decides by number alone."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.models import AccessRecord
from cases.models import Case, Entry, KeptApart, Protection
from cases.secrecy import protected_cases
from deadlines.models import Step
from desk.services import protection
from tests.factories import TODAY, TeamFactory, UserFactory, a_family

pytestmark = pytest.mark.django_db
MARK = "Zhovtyak"


@pytest.fixture
def team():
    team = TeamFactory()
    team.manager = UserFactory(role="manager", team=team)
    team.save()
    return team


@pytest.fixture
def worker(team):
    return UserFactory(role="caseworker", team=team)


@pytest.fixture
def case(worker, team):
    case = a_family(
        {"given_names": "Olena", "surname": MARK},
        {"given_names": "Taras", "role": "spouse"},
        caseworker=worker,
        team=team,
    )
    Case.objects.filter(pk=case.pk).update(family_name=MARK)
    case.refresh_from_db()
    return case


def at(name, case, **extra):
    return reverse(f"desk:{name}", kwargs={"number": case.number, "person_id": case.people.first().pk, **extra})


SENT = {"kind": "both", "starts_on": "24.11.2026", "review_on": "24.11.2027", "children_follow": "on"}


def protect(case, worker):
    return protection.protect(
        case.people.first(), kind="both", starts_on=TODAY, review_on=TODAY + timedelta(days=365), by=worker, today=TODAY
    )


def test_registering_on_the_page(client, case, worker):
    client.force_login(worker)
    assert "Ingen beskyttelse registreret" in client.get(at("person", case)).text
    client.post(at("protect", case), SENT)
    page = client.get(at("person", case)).text
    assert "Navne- og adressebeskyttelse" in page
    assert "Den ophører ikke af sig selv" in page
    assert "Beskyttet adresse" in client.get(case.get_absolute_url()).text
    assert Step.objects.filter(case=case, rule="", due_on=TODAY.replace(year=2027)).exists()


def test_whoever_is_not_assigned_has_seen_the_case_for_the_last_time(client, case, team):
    client.force_login(UserFactory(role="caseworker", team=team))
    response = client.post(at("protect", case), SENT)
    assert response["Location"] == reverse("desk:cases")
    assert client.get(case.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("name", ["decide_lapse", "decide_guarded"])
def test_the_first_person_cannot_be_the_second_by_a_forged_post(client, case, worker, team, name):
    both = UserFactory(role=("caseworker", "manager"), team=team)
    Case.objects.filter(pk=case.pk).update(caseworker=both)
    case.refresh_from_db()
    row = protect(case, both)
    client.force_login(both)
    client.post(at("propose_lapse", case), {"reason": "Ikke længere nødvendigt"})
    row.refresh_from_db()
    assert row.is_proposed
    url = at(name, case) if name == "decide_lapse" else reverse("desk:decide_guarded")
    client.post(url, {"agree": "ja", "protection": row.pk, "lapsed_by": team.manager.pk})
    row.refresh_from_db()
    assert row.lapsed_on is None
    client.force_login(team.manager)
    client.post(reverse("desk:decide_guarded"), {"agree": "ja", "protection": row.pk})  # the control
    row.refresh_from_db()
    assert row.lapsed_on == TODAY
    assert not Case.objects.filter(protected=True).exists()


def test_the_manager_assigns_by_number_alone(client, case, worker, team):
    protect(case, worker)
    Case.objects.filter(pk=case.pk).update(caseworker=None)
    client.force_login(team.manager)
    more, page = client.get(reverse("desk:overview_more")).text, client.get(reverse("desk:guarded")).text
    assert "1 beskyttet sag venter på dig" in more
    assert case.number in page
    assert MARK not in page + more
    assert client.get(case.get_absolute_url()).status_code == 404
    client.post(reverse("desk:assign_guarded"), {"number": case.number, "to": worker.pk})
    case.refresh_from_db()
    assert case.caseworker == worker
    assert AccessRecord.objects.filter(action="guarded.read").exists()


def test_a_caseworker_who_has_left_leaves_no_case_behind(client, case, worker, team):
    protect(case, worker)
    worker.is_active = False
    worker.save()
    client.force_login(team.manager)
    assert case.number in client.get(reverse("desk:guarded")).text


def test_another_units_manager_gets_nothing(client, case, worker):
    row = protect(case, worker)
    protection.propose_end(row, reason="Rejst", by=worker, today=TODAY)
    Case.objects.filter(pk=case.pk).update(caseworker=None)
    client.force_login(UserFactory(role="manager", team=TeamFactory()))
    assert case.number not in client.get(reverse("desk:guarded")).text
    client.post(reverse("desk:assign_guarded"), {"number": case.number, "to": worker.pk})
    client.post(reverse("desk:decide_guarded"), {"agree": "ja", "protection": row.pk})
    assert Case.objects.filter(caseworker=None, protected=True).exists()


def test_kept_apart_names_the_other_to_who_sees_that_case_only(client, case, worker):
    hidden = a_family({"given_names": "Bohdan", "surname": "Ostapenko"}, team=TeamFactory())
    protection.keep_apart(case.people.first(), hidden.people.get(), reason="order", by=worker, today=TODAY)
    client.force_login(worker)
    page = client.get(at("person", case)).text
    assert "En person i en anden sag" in page
    assert "Ostapenko" not in page
    Case.objects.filter(pk=hidden.pk).update(team=worker.team)
    assert "Ostapenko" in client.get(at("person", case)).text


def test_keeping_apart_on_the_page(client, case, worker):
    other = a_family({"given_names": "Bohdan"}, caseworker=worker, team=worker.team)
    client.force_login(worker)
    sent = {"number": other.number, "name": "bohdan", "reason": "conflict"}
    client.post(at("keep_apart", case), sent)
    assert KeptApart.objects.count() == 1
    assert (
        client.post(at("keep_apart", case), {"number": "2026-9999", "name": "X", "reason": "order"}).status_code == 422
    )


def test_a_form_never_ends_what_it_registers(client, case, worker, team):
    """Mass assignment: the columns of the end are no fields."""
    client.force_login(worker)
    client.post(at("protect", case), {**SENT, "lapsed_on": "24.11.2026", "lapsed_by": team.manager.pk, "protected": ""})
    assert Protection.objects.standing().count() == 1
    assert set(Case.objects.filter(protected=True)) == set(protected_cases(Case.objects.all()))
    assert Entry.objects.filter(kind="cases.protected", case=case).count() == 1
