"""An import is undone whole, or not at all once somebody has worked on its cases."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from cases import services
from cases.models import AskedDate, Case, CprNumber, Entry, Permit, Person, Stay
from deadlines import services as steps
from deadlines.engine import refresh
from deadlines.models import Notice, Step
from desk.areas import all_rules
from intake.models import Import, ImportRow
from intake.services.imports import receiving
from intake.services.imports.committing import commit
from intake.services.imports.undoing import undo, worked_on
from tests.factories import TeamFactory, UserFactory, a_family

LIST = Path(__file__).parent.parent / "data" / "visitering-2022-uge-15.xlsx"
WRITTEN = (Case, Person, Stay, Permit, CprNumber, Entry, Step, ImportRow)
HEADINGS = (
    "Familienr.;Udl.nr.;Rolle;Efternavn;Fornavn;Fødselsdato;CPR-nr.;Telefon;"
    "Visiteringsdato;Ankomst;Bopæl taget;Bemærkninger"
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker():
    return UserFactory(role="caseworker", team=TeamFactory())


def read_in(data, by, today, name="liste.csv", taken=()):
    data = data if isinstance(data, bytes) else f"{HEADINGS}\n{data}".encode()
    found = receiving.receive(data, filename=name, source="Udlændingestyrelsen", by=by, today=today)
    chosen = {row.pk: taken for row in found.rows.all()}
    receiving.choose(found, caseworkers={}, taken=chosen, apart={}, by=worker, today=today)
    commit(found, by=by, today=today)
    found.refresh_from_db()
    return found


def amounts():
    return {model.__name__: model.objects.count() for model in WRITTEN}


def test_undoing_leaves_nothing_behind(worker, today):
    found = read_in(LIST.read_bytes(), worker, today, LIST.name)
    assert Step.objects.exists()
    undo(found, by=worker, today=today)
    assert set(amounts().values()) == {0}
    assert Import.objects.get().state == "undone"


def test_what_the_engine_and_the_sweep_wrote_does_not_hold_it_back(worker, today):
    found = read_in(LIST.read_bytes(), worker, today, LIST.name)
    step = Step.objects.exclude(rule="").first()
    Notice.objects.create(step=step, level="passed", date=today)
    services.record(step.case, area="", kind="deadline.passed", text="Fristen er overskredet", on=today, by=None)
    refresh(Case.objects.values_list("pk", flat=True), all_rules(), today=today + timedelta(days=30))
    assert worked_on(found) == []
    undo(found, by=worker, today=today)
    assert set(amounts().values()) == {0}


def note(case, by, today):
    services.write_note(case, kind="note", body="Ringet.", on=today, by=by)


def tick(case, by, today):
    steps.tick(case.steps.filter(rule="").first() or case.steps.first(), on=today, text="Gjort", by=by, today=today)


def task(case, by, today):
    steps.own_task(case, title="Ring til skolen", due_on=today, by=by, today=today)


def correct(case, by, today):
    services.change_person(case.people.first(), by=by, today=today, phone="+4520481199")


def ask(case, by, today):
    AskedDate.objects.create(person=case.people.first(), about="residence_from", asked_on=today)


def join(case, by, today):
    services.add_person(case, today=today, given_names="Ny", surname="Baby")


@pytest.mark.parametrize("act", [note, tick, task, correct, ask, join])
def test_work_on_a_case_keeps_the_import(act, worker, today):
    found = read_in(LIST.read_bytes(), worker, today, LIST.name)
    case = Case.objects.get(external_number="F-2201")
    act(case, worker, today)
    before = amounts()
    assert worked_on(found) == [case.number]
    with pytest.raises(ValidationError, match=case.number):
        undo(found, by=worker, today=today)
    assert amounts() == before


def test_every_table_of_an_area_is_looked_into():
    """A row of an area about a case or a person holds the import, whichever area comes next."""
    pointing = {
        model._meta.app_label
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.many_to_one and field.related_model in (Case, Person)
    }
    assert {"reception", "housing", "employment", "schooling", "health", "volunteers"} <= pointing


def test_a_known_family_gets_its_old_values_back(worker, today):
    case = a_family(
        {"given_names": "Olena", "udl_nr": "70.000.001", "phone": "+4520481193"}, caseworker=worker, team=worker.team
    )
    Case.objects.filter(pk=case.pk).update(external_number="F-9", external_source="Udlændingestyrelsen")
    services.write_note(case, kind="note", body="Før listen.", on=today, by=worker)
    refresh([case.pk], all_rules(), today=today)
    before = amounts()
    rows = (
        "F-9;70.000.001;HP;Kovalenko;Olena;02-06-1990;741191-1126;20481194;06-04-2022;11-04-2022;11-04-2022;Har astma\n"
        "F-9;70.000.002;BARN;Kovalenko;Daryna;02-09-2014;;;06-04-2022;11-04-2022;11-04-2022;"
    )
    taken = ("phone", "cpr", "visitation_on", "arrived_on", "residence_from", "remark")
    found = read_in(rows, worker, today, taken=taken)
    olena = Person.objects.get(udl_nr="70.000.001")
    assert olena.phone == "+4520481194"
    assert olena.stays.get().residence_from.isoformat() == "2022-04-11"
    assert olena.permits.count() == olena.cpr_numbers.count() == 1
    assert case.people.count() == 2
    assert Entry.objects.filter(kind="intake.remark", case=case).count() == 1
    assert worked_on(found) == []

    undo(found, by=worker, today=today)
    olena.refresh_from_db()
    assert olena.phone == "+4520481193"
    assert olena.stays.get().residence_from is None
    assert {name: n for name, n in amounts().items() if name != "Step"} == {
        n: k for n, k in before.items() if n != "Step"
    }
    standing = Step.objects.filter(withdrawn_on=None, person=olena, starts_on__isnull=False, due_on__isnull=False)
    assert not standing.filter(rule="schooling.language_offer").exists()


def test_a_list_can_be_undone_once_and_read_in_again(worker, today):
    found = read_in(LIST.read_bytes(), worker, today, LIST.name)
    undo(found, by=worker, today=today)
    with pytest.raises(ValidationError):
        undo(found, by=worker, today=today)
    read_in(LIST.read_bytes(), worker, today, LIST.name)
    assert Person.objects.count() == 14
