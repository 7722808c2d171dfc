"""What the coordinator's pages ask the database for: never a column that she may not see, not even to leave it out.

Read off the statements themselves; pages refused to her show nothing and are left out.
"""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.models import Person
from tests.security.filling import pages
from tests.security.world import a_world

pytestmark = pytest.mark.django_db
COLUMN = re.compile(r'"(\w+)"\."(\w+)"')
# Of the people: names, languages and the stay's dates. Of the household: how the case goes and its locality.
PEOPLE = {
    "cases_person": {"id", "case_id", "given_names", "surname", "role", "languages", "interpreter"},
    "cases_stay": {"id", "person_id", "round", "arrived_on", "left_on"},
    "cases_locality": {"id", "name", "postal_code"},
}
# Not even asked: numbers, permits, keys, places, health, work, school, plans.
NEVER = (
    "cases_permit",
    "cases_cpr",
    "cases_protection",
    "health_",
    "housing_",
    "employment_",
    "schooling_",
    "reception_",
)


# The lists with other rows, orders and searches.
VARIANTS = ("/?hvem=team", "/overblik/mere/", "/frister/?status=alle", "/frister/?sort=person&q=Olena")


def asked(world, role: str = "volunteer_coordinator") -> dict[str, dict[str, set[str]]]:
    """page → table → columns that its statements select."""
    client, found = Client(), {}
    client.force_login(world.users[role])
    for path in (*pages(world, ()), *VARIANTS):
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(path)
        if answer.status_code != 200:
            continue
        tables = found.setdefault(path, {})
        for query in captured:
            # an age band is a CASE over the birth date: the band leaves the database, the date does not
            without = re.sub(r'CASE WHEN .*? END AS "band"', "", query["sql"])
            for statement in re.findall(r"SELECT (.*?) FROM", without, re.DOTALL):
                for table, column in COLUMN.findall(statement):
                    tables.setdefault(table, set()).add(column)
    return found


def beyond(found) -> dict[str, dict[str, set[str]]]:
    """page → what it should not have asked for."""
    wrong = {}
    for path, tables in found.items():
        more = {table: columns - PEOPLE[table] for table, columns in tables.items() if table in PEOPLE}
        more |= {table: columns for table, columns in tables.items() if table.startswith(NEVER)}
        more["cases_entry"] = tables.get("cases_entry", set()) & {"body"}
        if any(more.values()):
            wrong[path] = {table: columns for table, columns in more.items() if columns}
    return wrong


def test_her_pages_ask_for_no_column_that_she_may_not_see():
    found = asked(a_world())
    assert beyond(found) == {}
    assert len(found) > 20
    assert any("cases_person" in tables for tables in found.values())


def test_what_a_caseworker_reads_is_noticed():
    """The negative control: the same pages, asked by somebody who reads case files."""
    world = a_world()
    family = beyond(asked(world, "caseworker"))[world.own.case.get_absolute_url()]
    assert "body" in family["cases_entry"]
    assert "cases_person" in family


def test_a_whole_row_is_noticed(monkeypatch):
    """The negative control: the register of consents reads its people whole."""
    monkeypatch.setattr("keeping.services.consents.Person.objects", Whole())
    assert any("samtykker" in page for page in beyond(asked(a_world())))


class Whole:
    """A manager that leaves nothing out."""

    def only(self, *names):
        return Person._base_manager.all()

    def __getattr__(self, name):
        return getattr(Person._base_manager, name)
