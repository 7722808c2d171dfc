"""A formula typed, read in or stored leaves the house as text, in every file that anybody can fetch."""

import io
import itertools
from collections.abc import Collection, Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from accounts.roles import ROLES
from cases.models import Case
from config.policy import PAGES
from intake.services.imports import committing, receiving
from tests.factories import TODAY
from tests.files import PURPOSE, gives_files, prove
from tests.security.crawl import addresses, patterns
from tests.security.filling import REFUSED, acts, is_taken, send
from tests.security.formulas import FORMULAS, HARMLESS, effective, in_lines, in_sheets, runs
from tests.security.payloads import poison
from tests.security.world import World, a_world

pytestmark = [pytest.mark.django_db, pytest.mark.once]
FILES = ("spreadsheet", "text/csv")


def files(world: World, only: Collection[tuple[str, str]] = ()) -> dict[tuple[str, str], tuple[bytes, str]]:
    """(role, page) → (content, type) of everything that is fetched as a file of rows, or of `only` these."""
    found = {}
    urls = {name: reverse(name, kwargs=given["own"]) for name, given in given_files(world)}
    for role, user in world.users.items():
        names = [name for name in urls if not only or (role, name) in only]
        if not names:
            continue
        client = Client()
        client.force_login(user)
        prove(client, user)
        for name in names:
            answer = client.post(urls[name], PURPOSE) if gives_files(name) else client.get(urls[name])
            if answer.status_code == 200 and any(kind in answer["Content-Type"] for kind in FILES):
                found[role, name] = (b"".join(answer) if answer.streaming else answer.content, answer["Content-Type"])
    return found


def given_files(world: World) -> Iterator[tuple[str, dict]]:
    """The pages that end in a file of rows, and what their addresses need."""
    for name, wanted in patterns():
        if name.endswith(("xlsx", "csv", "extract")) and name in PAGES and PAGES[name].read is not None:
            given = addresses(name, wanted, world)
            if given is not None:
                yield name, given


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


@pytest.fixture
def _fresh(monkeypatch):
    """Who has just proved who they are; the step-up has tests of its own."""
    monkeypatch.setattr("accounts.stepup.is_fresh", lambda request, **within: True)


READERS = ("caseworker", "manager", "auditor")


def typed_everywhere(formulas, *, only=(), everybody=False) -> tuple[set, dict]:
    """(forms that were taken with the formulas in them, cells that would run in the files fetched after each).

    Each form is sent by the first role that has it and each file fetched by the first reader, or by everybody who can.
    """
    world, turn = a_world(), itertools.cycle(formulas)
    found = sorted((key for key in files(world) if key[0] in READERS), key=lambda key: READERS.index(key[0]))
    if not everybody:
        found = list({page: (role, page) for role, page in reversed(found)}.values())
    taken, refused, running = set(), set(), {}
    for act, client, filling in acts(world, ROLES, lambda name: next(turn), only):
        if act in taken or (not everybody and act.name in {each.name for each in taken}):
            continue
        with transaction.atomic():
            answer, _data = send(client, filling)
            if is_taken(answer):
                taken.add(act)
                again = files(world, only=found)
                running |= {(act, key): cells for key, pair in again.items() if (cells := effective(*pair))}
            else:
                refused.add(act.name)
            transaction.set_rollback(True)
    assert refused - {act.name for act in taken} <= set(REFUSED)
    return taken, running


@pytest.mark.usefixtures("_fresh")
def test_what_is_typed_into_any_form_runs_in_no_file():
    taken, running = typed_everywhere(FORMULAS)
    assert running == {}
    assert len(taken) >= 85, "forms that were taken"


@pytest.mark.nightly
@pytest.mark.usefixtures("_fresh")
@pytest.mark.parametrize("formula", FORMULAS)
def test_every_formula_typed_into_every_form_runs_in_no_file(formula):
    _taken, running = typed_everywhere([formula], everybody=True)
    assert running == {}


@pytest.mark.usefixtures("_fresh")
def test_a_cell_that_runs_is_noticed_behind_a_form(monkeypatch):
    """The negative control: without the apostrophe the same walk finds them."""
    monkeypatch.setattr("desk.services.export.neutral", lambda value: value)
    _taken, running = typed_everywhere(FORMULAS, only={"desk:add_task", "desk:person"})
    assert running
