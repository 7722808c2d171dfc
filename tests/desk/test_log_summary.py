"""A manager's counts of how the unit uses the record: own unit, not oneself, no names of families."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import audit
from accounts.models import AccessRecord
from desk.services.log_summary import of_unit
from tests.desk.rows import Unit, reads, step

pytestmark = pytest.mark.django_db
PAGE = "desk:log_summary"


@pytest.fixture
def north():
    return Unit("Nord")


def summary(unit, **fields) -> dict[str, dict]:
    today = timezone.localdate()
    return {row["name"]: row for row in of_unit(unit.manager, today=today, days=fields.get("days", 7))}


def test_counts_per_colleague(north):
    own, strange = north.case(), Unit("Syd").case("Tkachenko")
    step(own)
    for action, case in [("case.read", own), ("case.read", own), ("case.read", strange), ("step.read", strange)]:
        audit.log(north.caseworker, action, case_number=case.number)
    for action in ("cpr.search", "case.search", "cpr.reveal", "list.export", "plan.print", "glass.opened", "denied"):
        audit.log(north.caseworker, action)
    row = summary(north)[north.caseworker.name]
    wanted = {"families": 2, "strangers": 1, "searches": 2, "reveals": 1, "files": 2, "openings": 1, "denied": 1}
    assert {name: row[name] for name in wanted} == wanted
    assert summary(north)[north.coordinator.name]["families"] == 0


def test_neither_oneself_nor_other_units(north):
    other = Unit("Syd")
    for user in (north.manager, other.caseworker):
        audit.log(user, "case.search")
    assert set(summary(north)) == {north.caseworker.name, north.coordinator.name}
    assert all(row["searches"] == 0 for row in summary(north).values())


def test_the_period(north, monkeypatch):
    at = timezone.now() - timedelta(days=10)
    with monkeypatch.context() as clock:
        clock.setattr("accounts.audit.timezone.now", lambda: at)
        audit.log(north.caseworker, "case.search")
    assert summary(north, days=7)[north.caseworker.name]["searches"] == 0
    assert summary(north, days=28)[north.caseworker.name]["searches"] == 1


def test_the_page_names_no_family_and_stands_in_the_log(client, north):
    case = north.case("Bondarenko")
    audit.log(north.caseworker, "case.read", case_number=case.number)
    client.force_login(north.manager)
    html = client.get(reverse(PAGE), {"dage": "28"}).content.decode()
    assert north.caseworker.name in html
    assert f"Ingen brug i perioden: {north.coordinator.name}." in html
    assert "Bondarenko" not in html
    assert case.number not in html
    assert AccessRecord.objects.filter(user_id=north.manager.pk, action="log.read").count() == 1
    assert client.get(reverse(PAGE), {"dage": "-1 OR 1"}).status_code == 200


def test_one_and_three_colleagues_cost_the_same(client, north):
    client.force_login(north.manager)
    audit.log(north.caseworker, "case.read", case_number=north.case().number)
    client.get(reverse(PAGE))
    one = reads(client, reverse(PAGE))
    audit.log(north.coordinator, "case.read", case_number=north.case("Melnyk").number)
    audit.log(north.coordinator, "case.read", case_number=north.case("Boiko").number)
    assert reads(client, reverse(PAGE)) == one
