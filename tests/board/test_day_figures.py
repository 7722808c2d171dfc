"""Tal på en dato: against counting by hand, before and after later changes, and as the page says it."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import AccessRecord
from board.services import day_figures as figures
from board.services import day_people
from board.services.day_words import breakdowns
from cases import services
from cases.models import Case, Entry, Locality, Permit, Person, Stay
from cases.protection import Protection
from deadlines.models import Step
from employment.models import Job
from housing.models import Dwelling, Placement
from reception.models import PlanHandover
from schooling.models import School, SchoolOffer
from tests.board import day_families, day_oracle
from tests.factories import TODAY, UserFactory, a_family
from tests.files import fetch
from volunteers.models import Match, Volunteer

pytestmark = pytest.mark.django_db
TOWNS = ["Blovstrød", "Lillerød", "Lynge"]
DAYS = day_families.DAYS


def raw(day, names):
    """What the product counts, before anything is hidden, in the form of day_oracle.count."""
    people = day_people.people_on(day)
    bands = {band: n for group in figures.ages(people, day).values() for band, n in group.items()}
    rows = {
        "contact": figures.contacts(people),
        "home": figures.homes(people),
        "town": {names.get(key, ""): n for key, n in figures.towns(people, names).items()},
        "sex": figures.sexes(people),
        "permit": figures.permits(people),
        "age": bands,
        "place": {key: n for group in figures.places(people, day).values() for key, n in group.items()},
        "job": figures.jobs(people, day),
        "plan": figures.plans(people, day),
    }
    found = {name: {key: n for key, n in counts.items() if n} for name, counts in rows.items()}
    found = {name: counts for name, counts in found.items() if counts}
    return found | {"persons": len(people), "families": len({one.case_id for one in people})}


@pytest.mark.parametrize("seed", [1, 2])
def test_every_figure_equals_counting_by_hand(seed):
    maker = day_families.Maker(seed)
    families = [maker.family(TOWNS) for _each in range(150)]
    names = day_families.write(families, TOWNS)
    for day in DAYS:
        expected = day_oracle.count(families, day)
        assert expected["persons"] > 5
        assert raw(day, names) == expected, day
        assert figures.moves(day_people.arrivals(day), day) == day_oracle.moved(families, day, "arrived")
        assert figures.moves(day_people.departures(day), day) == day_oracle.moved(families, day, "left")


def test_what_happens_later_does_not_change_an_earlier_day():
    """Left, closed, permitted, annulled, placed, hired and matched later: the day's figures stand as they were given."""
    maker = day_families.Maker(7)
    families = [maker.family(TOWNS) for _each in range(40)]
    names = day_families.write(families, TOWNS)
    day, later = date(2026, 5, 31), date(2026, 6, 1)
    before, moves = raw(day, names), figures.moves(day_people.departures(day), day)
    assert before["persons"] > 20
    facts = (Permit, Job, SchoolOffer, PlanHandover, Match, Placement)
    for model in facts:
        assert model.objects.filter(annulled_on=None).update(annulled_on=later)
    Stay.objects.filter(left_on=None).update(left_on=later, left_reason="moved")
    for case in Case.objects.filter(closed_on=None):
        services.close_case(case, on=later, reason="mistake", by=None, today=TODAY)
    school = School.objects.first()
    for person in Person.objects.all():
        Permit.objects.create(person=person, state="revoked", since=later)
        Job.objects.create(person=person, employer="Lynge Bageri", starts_on=later)
        SchoolOffer.objects.create(person=person, school=school, offered_on=later, answer="accepted")
        Stay.objects.create(person=person, round=9, arrived_on=later)
    Step.objects.filter(waived_on=None).update(waived_on=later, waived_kind="exempt", waived_reason="Prøve")
    Step.objects.filter(withdrawn_on=None).update(withdrawn_on=later)
    for case in Case.objects.all():
        Match.objects.create(case=case, round=99, volunteer=Volunteer.objects.first(), started_on=later)
        Placement.objects.create(
            case=case, number=99, dwelling=Dwelling.objects.first(), kind="permanent", residents=1, offered_on=later,
            answer="accepted", moves_in_on=later,
        )  # fmt: skip
    assert raw(day, names) == before
    assert figures.moves(day_people.departures(day), day) == moves
    assert raw(later, names) != before


def test_what_was_closed_and_opened_again_was_closed_in_between(today):
    case = a_family(arrived_on=date(2026, 1, 10))
    services.close_case(case, on=date(2026, 3, 1), reason="other", by=None, today=today)
    services.reopen_case(case, reason="Kom tilbage", by=None, today=date(2026, 6, 1))
    days = {date(2026, 2, 28): 1, date(2026, 3, 1): 0, date(2026, 5, 31): 0, date(2026, 6, 1): 1}
    assert {day: len(day_people.people_on(day)) for day in days} == days


def test_a_case_made_by_mistake_leaves_the_figures_when_that_is_found(today):
    case = a_family(arrived_on=date(2026, 11, 1))
    services.close_case(case, on=date(2026, 11, 10), reason="mistake", by=None, today=today)
    assert len(day_people.arrivals(date(2026, 11, 9))) == 1
    assert day_people.arrivals(date(2026, 11, 10)) == []


def test_who_is_expected_only_is_not_in_reception(today):
    a_family(expected_on=today, visitation_on=today)
    assert day_people.people_on(today) == []


# --- Protection, and small numbers ------------------------------------------------------------


def fifty(today, **dates):
    """Ten families of five: two adults, three children, in two towns."""
    towns = [Locality.objects.create(name=name) for name in ("Lillerød", "Lynge")]
    people = (
        {"given_names": "Olena", "sex": "f"},
        {"given_names": "Taras", "sex": "m", "role": "spouse"},
        *({"given_names": f"Barn {n}", "role": "child", "birth_date": date(2014 + 3 * n, 3, 1)} for n in range(3)),
    )
    cases = [a_family(*people, arrived_on=today - timedelta(days=40), **dates) for _each in range(10)]
    for number, case in enumerate(cases):
        case.locality = towns[number % 2]
        case.save()
    return cases


def by_key(found):
    return {one.key: one for one in found}


def texts(one):
    return {line.label: [cell.text for cell in line.cells] for line in one.lines}


def test_a_protected_family_is_counted_under_no_town(today):
    cases = fifty(today)
    case = cases[0]
    before = texts(by_key(breakdowns(today, municipality="Allerød Kommune"))["town"])
    assert before == {"Lillerød": ["25"], "Lynge": ["25"], "I alt": ["50"]}
    Protection.objects.create(
        person=case.people.first(), starts_on=today, review_on=today + timedelta(days=90), registered_on=today
    )
    found = texts(by_key(breakdowns(today, municipality="Allerød Kommune"))["town"])
    assert found == {"Lillerød": ["20"], "Lynge": ["25"], "Ikke oplyst": ["5"], "I alt": ["50"]}
    earlier = texts(by_key(breakdowns(today - timedelta(days=9), municipality="Allerød Kommune"))["town"])
    assert earlier["Lillerød"] == ["20"], "who is protected now is kept out of the past too"
    placed = Dwelling.objects.create(street="Skovvej", house_number="1", places=9, locality=case.locality)
    Placement.objects.create(
        case=case, number=1, dwelling=placed, kind="temporary", residents=5, offered_on=today, answer="accepted"
    )
    assert texts(by_key(breakdowns(today, municipality="Allerød Kommune"))["town"])["Ikke oplyst"] == ["5"]


def test_the_sentence_of_the_day(today):
    fifty(today)
    found = by_key(breakdowns(today, municipality="Allerød Kommune"))
    assert found["reception"].sentence == (
        "Den 24. november 2026 havde Allerød Kommune 50 personer i 10 familier i modtagelse, heraf 30 børn under 18 år."
    )
    assert found["sex"].sentence.endswith("Fordelt efter køn: Kvinde 10, Mand 10 og Ikke oplyst 30.")
    assert found["work"].sentence.startswith("Den 24. november 2026 var ingen af 20 voksne under folkepensionsalderen")


def test_both_denominators_of_work(today):
    cases = fifty(today, residence_from=today - timedelta(days=40))
    adults = list(Person.objects.exclude(role="child").order_by("pk"))
    for person in adults[:15]:
        Permit.objects.create(person=person, state="granted", since=today - timedelta(days=30))
    for person in adults[5:15]:
        Job.objects.create(person=person, employer="Lynge Bageri", starts_on=today - timedelta(days=3))
    work = by_key(breakdowns(today, municipality="Allerød Kommune"))["work"]
    assert texts(work) == {
        "Alle voksne under folkepensionsalderen": ["10", "10", "20"],
        "Heraf rådige for arbejdsmarkedet": ["10", "5", "15"],
        "Heraf ikke rådige": ["0", "5", "5"],
    }
    assert [line.share for line in work.lines] == ["50 %", "67 %", "0 %"]
    assert "10 (50 %) af 20 voksne" in work.sentence
    assert "af de 15, der er rådige for arbejdsmarkedet, var det 10 (67 %)" in work.sentence
    assert len(cases) == 10


def test_few_pensioners_are_counted_among_the_others(today):
    cases = fifty(today)
    for case in cases[:2]:
        case.people.filter(given_names="Taras").update(birth_date=date(1950, 1, 1))
    found = by_key(breakdowns(today, municipality="Allerød Kommune"))
    assert texts(found["age"])["Voksne"] == ["20"]
    assert texts(found["age"])["50 år og derover"] == ["skjult"] or texts(found["age"])["50 år og derover"] == [
        "under 5"
    ]
    assert texts(found["work"])["Alle voksne"] == ["0", "20", "20"]
    assert "folkepensionsalderen" in found["work"].note


def test_what_is_hidden_is_not_told_by_the_lines_that_are_missing(today):
    """Five people in five states: each must be one, if only their five lines stood there."""
    case = a_family(*({"given_names": f"Olena {n}"} for n in range(5)), arrived_on=today)
    states = ["applied", "granted", "extended", "refused", "complaint"]
    for person, state in zip(case.people.order_by("pk"), states, strict=True):
        Permit.objects.create(person=person, state=state, since=today)
    found = texts(by_key(breakdowns(today, municipality="Allerød Kommune"))["permit"])
    assert found.pop("I alt") == ["5"]
    assert len(found) == 9
    assert set(map(tuple, found.values())) == {("skjult",)}


def test_no_page_shows_a_number_from_one_to_four():
    maker = day_families.Maker(11)
    families = [maker.family(TOWNS) for _each in range(25)]
    day_families.write(families, TOWNS)
    cells = 0
    for day in DAYS:
        for one in breakdowns(day, municipality="Allerød Kommune"):
            for line in one.lines:
                cells += len(line.cells)
                assert not any(cell.is_shown and 0 < cell.value < 5 for cell in line.cells), (day, one.key, line)
                assert not line.share or line.cells[0].is_shown
    assert cells > 200


def test_the_number_of_queries_does_not_grow(today, django_assert_num_queries):
    a_family(arrived_on=today)
    with django_assert_num_queries(5):
        breakdowns(today, municipality="Allerød Kommune")
    for _each in range(6):
        a_family({"given_names": "Olena"}, {"given_names": "Ivan", "role": "child"}, arrived_on=today)
    with django_assert_num_queries(5):
        breakdowns(today, municipality="Allerød Kommune")


# --- The page and the file --------------------------------------------------------------------


@pytest.mark.parametrize("role", ["manager", "finance"])
def test_who_leads_and_who_pays_see_the_same_figures(client, today, role):
    fifty(today)
    client.force_login(UserFactory(role=role))
    page = client.get(reverse("board:day_figures")).content.decode()
    assert "50 personer i 10 familier i modtagelse, heraf 30 børn under 18 år." in page
    assert "aldrig de samme som i Jobindsats" in page
    assert "Kovalenko" not in page


@pytest.mark.parametrize("role", ["caseworker", "administrator", "auditor", "volunteer_coordinator"])
def test_others_have_no_such_page(client, role):
    client.force_login(UserFactory(role=role))
    assert client.get(reverse("board:day_figures")).status_code == 404


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("25.11.2026", "Datoen ligger frem i tiden. Vælg i dag eller en dag, der er gået."),
        ("31.12.1999", "Vælg en dag efter den 1. januar 2000."),
        ("i går", "dato"),
    ],
)
def test_a_day_that_can_not_be_counted_is_refused(client, typed, sentence):
    client.force_login(UserFactory(role="manager"))
    response = client.get(reverse("board:day_figures"), {"dato": typed})
    assert response.status_code == 422
    page = response.content.decode()
    assert sentence in page
    assert f'value="{typed}"' in page
    assert "tal-reception" not in page


def test_a_day_of_the_past(client, today):
    fifty(today)
    client.force_login(UserFactory(role="finance"))
    page = client.get(reverse("board:day_figures"), {"dato": "14.10.2026"}).content.decode()
    assert "Den 14. oktober 2026 havde Allerød Kommune ingen personer i modtagelse." in page


def test_the_file_says_what_the_page_says(client, today):
    fifty(today)
    user = UserFactory(role="finance")
    response = fetch(client, user, "board:day_figures_xlsx", "?dato=24.11.2026")
    assert response["Content-Disposition"] == 'attachment; filename="tal-2026-11-24.xlsx"'
    book = load_workbook(BytesIO(response.content))
    found = breakdowns(today, municipality="Allerød Kommune")
    assert book.sheetnames == [*(one.title for one in found), "Om udtrækket"]
    for one in found:
        rows = list(book[one.title].iter_rows(min_row=2, values_only=True))
        assert [row[0].strip() for row in rows] == [line.label for line in one.lines]
        for row, line in zip(rows, one.lines, strict=True):
            assert [str(value) for value in row[1 : 1 + len(line.cells)]] == [cell.text for cell in line.cells]
    about = {row[0]: row[1] for row in book["Om udtrækket"].iter_rows(values_only=True)}
    assert about["Formål"] == "Mødeforberedelse"
    assert "aldrig de samme som i Jobindsats" in about["Bemærk"]
    record = AccessRecord.objects.get(action="list.export")
    assert (record.purpose, record.detail) == ("Mødeforberedelse", "tal-2026-11-24: 11")


def test_the_file_is_not_given_for_a_day_ahead(client):
    response = fetch(client, UserFactory(role="manager"), "board:day_figures_xlsx", "?dato=25.11.2026")
    assert response.status_code == 404


def test_entries_are_what_tells_of_closing(today):
    """The words by which the history of a case is read are those that are written."""
    case = a_family(arrived_on=today)
    services.close_case(case, on=today, reason="other", by=None, today=today)
    services.reopen_case(case, reason="Fejl", by=None, today=today)
    kinds = set(Entry.objects.filter(case=case).values_list("kind", flat=True))
    assert {day_people.CLOSED, day_people.REOPENED} <= kinds
