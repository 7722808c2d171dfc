"""The list of week 15, 2022: what it must come to, from the command line, for .xlsx and .csv, once and again."""

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from cases.fields import blind_index
from cases.models import Case, CprNumber, Entry, Person, Stay
from deadlines.models import Step

DATA = Path(__file__).parent.parent / "data"
EXPECTED = json.loads((DATA / "visitering-2022-uge-15.expected.json").read_text(encoding="utf-8"))
FILES = [("xlsx", 0), ("csv", 2)]
KEYS = ("families_created", "persons_created", "rejected_rows", "duplicates", "changed", "warnings")
KNOWN = [*range(5, 15), 17, 19, 21, 22]

pytestmark = pytest.mark.django_db


def run(extension, *args, today="2026-11-24"):
    out = StringIO()
    path = DATA / f"visitering-2022-uge-15.{extension}"
    call_command("import_visitation", path, "--format", "json", "--today", today, *args, stdout=out)
    return json.loads(out.getvalue())


def expected(shift):
    """The expected report; the rows of the csv stand two lines further up."""
    rows = {
        key: {str(int(number) - shift): codes for number, codes in EXPECTED[key].items()}
        for key in ("rejected_rows", "duplicates", "changed", "warnings")
    }
    return {**{key: EXPECTED[key] for key in KEYS}, **rows}


@pytest.mark.parametrize(("extension", "shift"), FILES)
def test_without_commit_it_only_reports(extension, shift):
    found = run(extension)
    assert {key: found[key] for key in KEYS} == expected(shift)
    assert found["known"] == []
    assert not Case.objects.exists()


@pytest.mark.parametrize(("extension", "shift"), FILES)
def test_the_list_is_read_in_and_the_second_time_nothing_is_new(extension, shift):
    first = run(extension, "--commit")
    assert {key: first[key] for key in KEYS} == expected(shift)
    assert (Case.objects.count(), Person.objects.count()) == (8, 14)
    before = (Step.objects.count(), Entry.objects.count(), CprNumber.objects.count(), Stay.objects.count())

    again = run(extension, "--commit")
    assert again["families_created"] == []
    assert again["persons_created"] == 0
    assert again["changed"] == {}
    assert again["warnings"] == {}
    assert again["known"] == [number - shift for number in KNOWN]
    assert again["duplicates"] == expected(shift)["duplicates"]
    assert again["rejected_rows"] == expected(shift)["rejected_rows"]
    assert (Step.objects.count(), Entry.objects.count(), CprNumber.objects.count(), Stay.objects.count()) == before


@pytest.mark.parametrize("extension", ["xlsx", "csv"])
def test_the_values_are_read_whatever_their_form(extension):
    run(extension, "--commit")
    people = {person.udl_nr: person for person in Person.objects.all()}
    stays = {stay.person.udl_nr: stay for stay in Stay.objects.select_related("person")}
    held = {number.index: number.person_id for number in CprNumber.objects.all()}
    for digits, udl_nr in (("0511791127", "310"), ("2802821514", "311"), ("0306611873", "415")):
        assert held[blind_index(digits)] == people[f"38.114.{udl_nr}"].pk
    assert people["38.114.310"].surname == "Shevchenko"
    assert people["38.114.310"].phone == "+4520481193"
    assert people["38.114.311"].sex == "f"
    assert people["38.114.311"].languages == "ukrainsk, engelsk"
    assert people["38.114.310"].citizenship == "Ukraine"
    assert people["38.114.415"].birth_date == date(1961, 6, 3)
    assert stays["38.114.415"].arrived_on == date(2022, 4, 13)
    assert stays["38.114.310"].visitation_on == date(2022, 4, 7)
    assert stays["38.114.310"].residence_from == date(2022, 4, 12)


def test_what_the_dates_mean():
    run("xlsx", "--commit")
    tamara = Stay.objects.get(person__udl_nr="38.114.607")
    assert (tamara.staying_since, tamara.arrived_on, tamara.residence_from) == (date(2022, 3, 3), None, None)
    mykola = Stay.objects.get(person__udl_nr="38.114.415")
    assert mykola.residence_from is None
    bohdan = Person.objects.get(udl_nr="38.114.521")
    assert bohdan.treated_as_adult_from == date(2022, 4, 19)
    assert Person.objects.get(udl_nr="38.114.606").unaccompanied_minor
    assert Person.objects.filter(unaccompanied_minor=True).count() == 1
    permit = bohdan.permits.get()
    assert (permit.state, permit.granted_on, permit.from_letter) == ("granted", date(2022, 4, 11), True)


def test_an_arrival_after_the_day_is_expected_and_later_offered_as_a_change():
    found = run("xlsx", "--commit", today="2022-04-15")
    assert found["persons_created"] == 14
    assert "arrival_ahead" in found["warnings"]["13"]
    stay = Stay.objects.get(person__udl_nr="38.114.520")
    assert (stay.expected_on, stay.arrived_on, stay.residence_from) == (date(2022, 4, 19), None, None)

    later = run("xlsx", today="2022-04-20")
    assert [change["field"] for change in later["changed"]["13"]] == ["arrived_on", "residence_from"]


def test_remarks_wait_for_the_first_caseworker_with_a_task():
    run("xlsx", "--commit")
    remarks = Entry.objects.filter(kind="intake.remark")
    assert {entry.data_class for entry in remarks} == {"health"}
    assert remarks.count() == 7
    tasks = Step.objects.filter(rule="")
    assert {task.title for task in tasks} == {"Sortér bemærkning fra visiteringslisten"}
    assert tasks.count() == remarks.values("case").distinct().count() == 6
    formula = remarks.get(people__udl_nr="38.114.604")
    assert formula.body.startswith("'=HYPERLINK(")


def test_the_report_is_readable_too():
    out = StringIO()
    call_command(
        "import_visitation", DATA / "visitering-2022-uge-15.xlsx", "--commit", "--today", "2026-11-24", stdout=out
    )
    assert "Indlæst: 8 familier med 14 nye personer." in out.getvalue()
    assert "række 16: Fødselsdatoen 31-02-1990 findes ikke i kalenderen." in out.getvalue()
