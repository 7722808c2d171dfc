"""A crawl that finds nothing proves nothing until it has found something: one protection at a time is switched off."""

import logging

import pytest
from django.shortcuts import get_object_or_404

from cases.models import CaseQuerySet, Person
from config.gate import Gate
from config.policy import PAGES
from deadlines.models import StepQuerySet
from intake.models import ImportQuerySet
from tests.security.crawl import crawl
from tests.security.world import a_world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick(monkeypatch, caplog):
    caplog.set_level(logging.CRITICAL)
    monkeypatch.setattr("reception.services.document.plan_pdf", lambda *args, **kwargs: b"%PDF-1.7")


def found(identity: str, *, methods=("GET",), only=None) -> list[str]:
    """What the crawl finds wrong with these pages."""
    return crawl(a_world(), identity, methods=methods, only=only).unexpected


def always(queryset, user):
    return queryset.all()


def test_cases_of_everybody(monkeypatch):
    monkeypatch.setattr(CaseQuerySet, "visible_to", always)
    wrong = found("caseworker", only={"desk:case", "desk:person", "schooling:language_offer"})
    assert len(wrong) == 3
    assert all(" foreign: 200" in line for line in wrong)


def test_steps_of_everybody(monkeypatch):
    monkeypatch.setattr(StepQuerySet, "visible_to", always)
    assert found("caseworker", only={"desk:step"}) == [
        "caseworker GET desk:step foreign: 200, should be ['404']",
    ]


def test_imports_of_everybody(monkeypatch):
    monkeypatch.setattr(ImportQuerySet, "visible_to", always)
    assert found("caseworker", only={"intake:import"})


def test_a_person_of_another_family(monkeypatch):
    """The address names our family and their member."""
    monkeypatch.setattr("desk.views.people.get_person", any_person)
    wrong = found("caseworker", only={"desk:permit"})
    assert wrong == ["caseworker GET desk:permit crossed: 200, should be ['404']"]


def any_person(case, person_id):
    return get_object_or_404(Person, pk=person_id)


def test_permissions_that_nobody_asks_for(monkeypatch):
    """`needs` and the shared act page let everybody through."""
    monkeypatch.setattr("accounts.access.can", lambda user, permission: user.is_authenticated)
    monkeypatch.setattr("deadlines.views.can", lambda user, permission: user.is_authenticated)
    pages = {"housing:board", "desk:person", "desk:hand_over", "employment:referral", "volunteers:contacts"}
    seen = found("volunteer_coordinator", only=pages, methods=("GET",))
    assert {line.split()[2] for line in seen} == pages - {"volunteers:contacts"}


def test_a_gate_that_stands_open(monkeypatch):
    monkeypatch.setattr(Gate, "process_view", lambda *args: None)
    wrong = found("caseworker", methods=("PUT", "GET"), only={"desk:case", "desk:write_note"})
    assert "caseworker PUT desk:case own: 200, should be ['405']" in wrong
    assert "caseworker GET desk:write_note foreign: 405, should be ['404']" in wrong


def test_pages_without_a_log_in(monkeypatch):
    monkeypatch.setattr(
        "django.contrib.auth.middleware.LoginRequiredMiddleware.process_view", lambda *args, **kwargs: None
    )
    assert found("anonymous", only={"desk:cases", "housing:board"})


def test_the_gate_does_not_let_an_unknown_page_through(client, monkeypatch):
    """A page that somebody forgot in the policy does not exist for anybody."""
    client.force_login(a_world().users["caseworker"])
    assert client.get("/frister/").status_code == 200
    monkeypatch.setattr("config.gate.PAGES", {name: row for name, row in PAGES.items() if name != "desk:steps"})
    assert client.get("/frister/").status_code == 404
