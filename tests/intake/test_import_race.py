"""Two people read lists in at the same moment: a family enters the record once."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections  # noqa: F401 - connection is read by the skip condition

from cases.models import Case, Person
from intake.models import Import
from intake.services.imports import committing, receiving
from intake.services.imports.committing import commit
from tests.factories import TeamFactory, UserFactory

HEADINGS = "Familienr.;Udl.nr.;Rolle;Efternavn;Fornavn;Fødselsdato"
ROW = "F-1;70.000.001;HP;Marchenko;Yurii;01-10-1970"

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time"),
]


def received(*rows, by, today):
    data = "\n".join([HEADINGS, *rows]).encode()
    return receiving.receive(data, filename="liste.csv", source="Udlændingestyrelsen", by=by, today=today)


def at_once(*acts):
    """Run the acts side by side; what goes wrong in one of them goes wrong in the test."""
    start = threading.Barrier(len(acts))

    def run(act):
        try:
            start.wait(timeout=10)
            act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(run, acts))


@pytest.fixture(autouse=True)
def slowly(monkeypatch):
    """Hold every import for a moment between the look at the record and the writing."""
    look = committing.assess_again

    def slow(*args, **kwargs):
        verdicts = look(*args, **kwargs)
        time.sleep(0.3)
        return verdicts

    monkeypatch.setattr(committing, "assess_again", slow)


def test_one_list_committed_twice_at_once_is_one_import(today):
    worker = UserFactory(role="caseworker", team=TeamFactory())
    found = received(ROW, by=worker, today=today)
    at_once(*[lambda: commit(Import.objects.get(pk=found.pk), by=worker, today=today)] * 4)
    assert (Case.objects.count(), Person.objects.count()) == (1, 1)


def test_two_lists_with_the_same_family_open_one_case(today):
    team = TeamFactory()
    users = [UserFactory(role="caseworker", team=team) for _n in range(2)]
    lists = [
        received(ROW, by=users[0], today=today),
        received(ROW, ROW.replace("001", "002").replace("Yurii", "Ivan"), by=users[1], today=today),
    ]
    acts = [
        lambda found=found, user=user: commit(found, by=user, today=today)
        for found, user in zip(lists, users, strict=True)
    ]
    at_once(*acts)
    assert Case.objects.count() == 1
    assert set(Person.objects.values_list("udl_nr", flat=True)) == {"70.000.001", "70.000.002"}
