"""A formula typed, read in or stored leaves the house as text, in every file that anybody can fetch."""

import io

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from cases.models import Case
from config.policy import PAGES
from intake.services.imports import committing, receiving
from tests.factories import TODAY
from tests.security.crawl import addresses, patterns
from tests.security.formulas import FORMULAS, HARMLESS, effective, in_lines, in_sheets, runs
from tests.security.payloads import poison
from tests.security.world import World, a_world

pytestmark = pytest.mark.django_db
FILES = ("spreadsheet", "text/csv")


def files(world: World) -> dict[tuple[str, str], tuple[bytes, str]]:
    """(role, page) → (content, type) of everything that is fetched as a file of rows."""
    found = {}
    for role, user in world.users.items():
        client = Client()
        client.force_login(user)
        for name, wanted in patterns():
            given = addresses(name, wanted, world) if name in PAGES and PAGES[name].read is not None else None
            if given is None or not name.endswith(("xlsx", "csv", "extract")):
                continue
            answer = client.get(reverse(name, kwargs=given["own"]))
            if answer.status_code == 200 and any(kind in answer["Content-Type"] for kind in FILES):
                found[role, name] = (b"".join(answer) if answer.streaming else answer.content, answer["Content-Type"])
    return found


def test_forty_formulas():
    assert len(set(FORMULAS)) >= 40


@pytest.mark.parametrize("formula", FORMULAS)
def test_the_eye_sees_each_of_them(formula):
    """The negative control: written down as it is, each would run in one file or the other."""
    book = Workbook()
    book.active["A1"] = formula.removeprefix("'")
    held = io.BytesIO()
    book.save(held)
    lines = [f"navn{mark}by\n{formula.removeprefix(chr(39))}\n" for mark in ";,"]
    assert in_sheets(held.getvalue()) or any(map(in_lines, lines))
    assert not HARMLESS.match("=1+1")
    assert not runs("+45 20 48 11 93")


def test_what_is_stored_runs_in_no_file():
    world = a_world()
    assert poison(FORMULAS) > 60
    found = files(world)
    assert len({name for _role, name in found}) >= 7
    assert {key: cells for key, (content, kind) in found.items() if (cells := effective(content, kind))} == {}
    assert any(b"evil.example" in content or "spreadsheet" in kind for content, kind in found.values())


def test_what_is_read_in_runs_in_no_file():
    world = a_world()
    by = world.users["caseworker"]
    head = "Familienr.;Udl.nr.;Rolle;Efternavn;Fornavn;Fødselsdato;Visiteringsdato;Ankomst;Bopæl taget;Bemærkninger"
    rows = [head]
    for number, formula in enumerate(FORMULAS):
        text = '"' + formula.replace('"', '""') + '"'
        rows.append(f"F-{number};70.900.{number:03};HP;{text};{text};01-10-1984;10-11-2026;17-11-2026;;{text}")
    batch = receiving.receive("\n".join(rows).encode(), filename="=cmd.csv", source=FORMULAS[0], by=by, today=TODAY)
    committing.commit(batch, by=by, today=TODAY)
    assert Case.objects.filter(external_number__startswith="F-").count() > 30
    found = files(world)
    assert ("caseworker", "desk:cases_xlsx") in found
    assert {key: cells for key, (content, kind) in found.items() if (cells := effective(content, kind))} == {}


def test_what_is_typed_runs_in_no_file(client):
    """Through the form of the first page: names and remarks."""
    world = a_world()
    client.force_login(world.users["caseworker"])
    sent = 0
    for number, formula in enumerate(FORMULAS):
        data = {"personer-TOTAL_FORMS": "1", "personer-INITIAL_FORMS": "0", "form_key": f"form-{number}"}
        other = chr(65 + number % 26) * 5 + chr(97 + number // 26) * 5  # so that nobody looks like a double
        data |= {"personer-0-given_names": formula, "personer-0-surname": other}
        sent += client.post(reverse("intake:register"), data).status_code == 302
    assert sent > 30
    found = files(world)
    assert {key: cells for key, (content, kind) in found.items() if (cells := effective(content, kind))} == {}
