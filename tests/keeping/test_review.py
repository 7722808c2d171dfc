"""The review list: the archive first, nothing while a hold stands, and nothing is ever deleted."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import Case, Entry, Person
from keeping.models import Decision, Hold
from keeping.services import review
from tests.factories import TODAY, TeamFactory, UserFactory, a_family

LONG_AGO = date(2021, 11, 24)


def closed(team, on=LONG_AGO, name="Kovalenko"):
    case = a_family({"given_names": "Olena"}, team=team)
    Case.objects.filter(pk=case.pk).update(closed_on=on, closing_reason="left", family_name=name)
    case.refresh_from_db()
    return case


@pytest.fixture
def old(team):
    return closed(team)


def test_the_period_is_over_on_its_last_day_and_not_before(team, settings):
    closed(team, LONG_AGO + timedelta(days=1), "Endnuikke")
    over = closed(team, LONG_AGO, "Udloebet")
    assert list(review.expired(TODAY)) == [over]
    settings.KEEPING_YEARS = 6
    assert list(review.expired(TODAY)) == []


def test_nothing_is_decided_before_the_archive_has_its_word(old, manager):
    with pytest.raises(ValidationError):
        review.decide(old, outcome="cleared", by=manager, today=TODAY)
    with pytest.raises(ValidationError):
        review.record_archive(old, archive="exempt", on=TODAY, legal_basis="", by=manager, today=TODAY)
    review.record_archive(old, archive="delivered", on=TODAY, legal_basis="", by=manager, today=TODAY)
    decision = review.decide(old, outcome="cleared", by=manager, today=TODAY)
    assert (decision.archive, decision.archive_on, decision.decided_by) == ("delivered", TODAY, manager)


def test_a_hold_set_one_second_before_stops_the_decision(client, old, manager):
    """The page was open, then a colleague set the hold: the decision is refused."""
    review.record_archive(old, archive="delivered", on=TODAY, legal_basis="", by=manager, today=TODAY)
    client.force_login(manager)
    url = reverse("keeping:decide", args=[old.number])
    assert client.get(url).status_code == 200
    review.hold(old, reason="Klage hos ombudsmanden", by=manager, today=TODAY)
    assert client.post(url, {"outcome": "cleared"}).status_code == 422
    assert not Decision.objects.filter(outcome="cleared").exists()
    client.post(reverse("keeping:lift", args=[old.number]))
    assert client.post(url, {"outcome": "cleared"}).status_code == 302
    assert Hold.objects.get().lifted_by == manager


def test_an_open_case_is_not_decided(team, manager):
    case = a_family({"given_names": "Olena"}, team=team)
    with pytest.raises(ValidationError):
        review.record_archive(case, archive="delivered", on=TODAY, legal_basis="", by=manager, today=TODAY)


def test_nothing_is_deleted(client, old, manager):
    rows = [model.objects.count() for model in (Case, Person, Entry)]
    client.force_login(manager)
    client.post(reverse("keeping:archive", args=[old.number]), {"archive": "delivered", "on": "24.11.2026"})
    client.post(reverse("keeping:decide", args=[old.number]), {"outcome": "cleared"})
    assert Decision.objects.filter(outcome="cleared").count() == 1
    assert [model.objects.count() for model in (Case, Person, Entry)] == rows


def test_the_list_is_the_managers_own_unit_and_the_auditor_sees_numbers(client, old, manager):
    other = closed(TeamFactory(), name="Melnyk")
    client.force_login(manager)
    page = client.get(reverse("keeping:review")).content.decode()
    assert old.number in page
    assert other.number not in page
    client.force_login(UserFactory(role="auditor"))
    assert client.get(reverse("keeping:review")).status_code == 404
    page = client.get(reverse("keeping:review_figures")).content.decode()
    assert "<dd>2</dd>" in page
    assert "Kovalenko" not in page
    assert old.number not in page


def test_one_and_three_rows_ask_as_much(client, old, manager, team):
    client.force_login(manager)

    def asked():
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("keeping:review"))
        return len(found)

    asked()
    one = asked()
    for name in ("Melnyk", "Petrenko"):
        closed(team, name=name)
    assert asked() == one


def test_each_case_stands_in_one_state(old, manager):
    def states():
        numbers = review.numbers(review.expired(TODAY))
        (case,) = review.expired(TODAY)
        assert sum(numbers.values()) == 1
        assert numbers[review.state_of(case)] == 1
        return review.state_of(case)

    assert states() == "gate"
    review.record_archive(old, archive="exempt", on=TODAY, legal_basis="Arkivlovens § 8", by=manager, today=TODAY)
    assert states() == "ready"
    review.hold(old, reason="Retssag i byretten", by=manager, today=TODAY)
    assert states() == "hold"
    review.lift(old, by=manager, today=TODAY)
    review.decide(old, outcome="kept", by=manager, today=TODAY)
    assert states() == "done"
