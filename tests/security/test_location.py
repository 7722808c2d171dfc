"""Every field that tells where somebody is stands in one list, and is covered for who may not read it."""

import re
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.urls import reverse

from accounts.models import AccessRecord
from cases.location import LOCATION, REGISTERS, places_of
from cases.models import Assignment, Entry
from cases.services import record
from desk.services import family, protection
from housing.models import Dwelling
from housing.services import offer_home
from reception.models import Plan, PlanActivity
from reception.paper import Variant
from reception.services.document import paper_context
from schooling.services import offer_school
from tests.factories import TODAY, LocalityFactory, TeamFactory, UserFactory, a_family

SMELL = re.compile(
    r"addr|street|place|school|dwelling|locality|host|provider|where|city|postal|house|floor|door|employer|"
    r"organi[sz]ation|volunteer|daycare|activity|evidence|room|site|location|home|part(y|ies)|waiting_for|whom|contact"
)
# Smells of a place, but tells none; with the reason.
NOT_LOCATION = {
    "cases.CprNumber.replaced_on": "a day",
    "housing.Dwelling.places": "how many, not where",
    "housing.Host.places": "how many, not where",
    "deadlines.LocalRule.for_whom": "which members a duty is for",
    "volunteers.Volunteer.capacity": "how many families",
    "volunteers.Contact.by_volunteer": "who told, not where",
    "volunteers.Inquiry.volunteer": "who was asked, before anybody is tied to the family",
    "desk.Mail.address": "where a letter goes to a volunteer; it names no family",
    "board.DayFigure.household": "whether a duty is the household's",
    "board.DayFigure.locality": "counts of a town; a protected family is in none",
    "volunteers.Pause.volunteer": "a volunteer's pause names no family",
}
OWN = {"accounts", "cases", "deadlines", "reception", "housing", "employment", "schooling", "health", "volunteers",
       "desk", "intake", "board"}  # fmt: skip


def smelling(models):
    """Label of every field whose name, or whose relation's name, smells of a place."""
    for model in models:
        if model._meta.app_label not in OWN:
            continue
        for field in model._meta.local_fields:
            name = field.name.lower()
            to = field.related_model.__name__.lower() if field.is_relation else ""
            if SMELL.search(name) or SMELL.search(to):
                yield f"{model._meta.label}.{field.name}"


def listed():
    return {f"{label}.{name}" for table in (LOCATION, REGISTERS) for label, names in table.items() for name in names}


def test_a_field_that_smells_of_a_place_is_listed():
    unlisted = set(smelling(apps.get_models())) - listed() - set(NOT_LOCATION)
    assert not unlisted, "put these in cases.location.LOCATION, or say here why they tell no place"


def test_the_nose_works():
    """The control: taken out of the list, a field is found."""
    assert "schooling.SchoolOffer.school" in set(smelling(apps.get_models()))
    assert "cases.Case.locality" in set(smelling(apps.get_models()))


def test_what_is_listed_exists():
    for label in listed():
        model, _dot, name = label.rpartition(".")
        apps.get_model(model)._meta.get_field(name)


# --- Covered ----------------------------------------------------------------------------------

MARK = "Zhovtyak"


@pytest.fixture
def team(db):
    return TeamFactory()


@pytest.fixture
def worker(team):
    return UserFactory(role="caseworker", team=team)


@pytest.fixture
def case(worker, team):
    """A family with a marker in every place that its own pages show; nobody is protected yet."""
    case = a_family(
        {"given_names": "Olena"},
        {"given_names": "Taras", "role": "spouse"},
        {"given_names": "Sofiia", "role": "child", "birth_date": date(2015, 3, 1)},
        caseworker=worker, team=team, arrived_on=TODAY, residence_from=TODAY, visitation_on=TODAY,
    )  # fmt: skip
    case.locality = LocalityFactory(name="Nordby")
    case.save()
    family.refresh_all(case.pk, today=TODAY)
    home = Dwelling.objects.create(street=f"{MARK}vej", house_number="4", places=6)
    offer_home(
        case, home=home, kind="temporary", on=TODAY, answer="accepted", moves_in_on=TODAY, today=TODAY, by=worker
    )
    child = case.people.get(given_names="Sofiia")
    offer_school(child, on=TODAY, today=TODAY, by=worker, school=f"Skolen {MARK}")
    record(
        case, area="", kind="note.note", text="Notat", body=f"Mødes ved {MARK}", on=TODAY, by=worker,
        data_class="location",
    )  # fmt: skip
    return case


def protect(case, **fields):
    return protection.protect(
        case.people.get(given_names="Olena"),
        **{"kind": "both", "starts_on": TODAY, "review_on": TODAY + timedelta(days=365), **fields},
        by=case.caseworker, today=TODAY,
    )  # fmt: skip


@pytest.fixture
def colleague(case, team):
    user = UserFactory(role="caseworker", team=team)
    Assignment.objects.create(case=case, user=user, why="Skolestart", starts_on=TODAY)
    return user


def pages(case):
    child = case.people.get(given_names="Sofiia")
    step = case.steps.get(rule="housing.temporary_offer")
    areas = [reverse("desk:area", args=[case.number, slug]) for slug in ("bolig", "leg-og-laering")]
    return [
        case.get_absolute_url(), *areas, reverse("desk:step", args=[step.pk]),
        reverse("desk:person", args=[case.number, child.pk]), reverse("desk:steps") + "?status=udfoert",
        reverse("schooling:school_offer", args=[case.number, child.pk]), reverse("desk:cases"),
        reverse("housing:next_home", args=[case.number]),
    ]  # fmt: skip


def seen(client, case):
    """The pages on which the marker stands."""
    return [url for url in pages(case) if MARK in client.get(url, follow=True).text]


def test_a_sentence_written_before_the_protection_is_covered_after(client, case, colleague):
    """By class: nothing is rewritten, the reading changes."""
    client.force_login(colleague)
    before = seen(client, case)
    assert case.get_absolute_url() in before
    assert len(before) >= 5  # the control
    protect(case)
    assert client.get(case.get_absolute_url()).status_code == 200
    shown = seen(client, case)
    assert shown == []
    assert Entry.objects.filter(case=case, body__contains=MARK).exists()


def test_a_list_does_not_say_in_which_town(client, case, colleague):
    """Nor by filtering on it: once in the filter's own choices, and once in the row while nobody is protected."""
    client.force_login(colleague)
    url, town = reverse("desk:cases"), {"by": case.locality_id}
    assert client.get(url).text.count("Nordby") == 2
    assert case.number in client.get(url, town).text
    protect(case)
    assert client.get(url).text.count("Nordby") == 1
    assert case.number in client.get(url).text
    assert case.number not in client.get(url, town).text


def test_the_caseworker_reads_it_plainly(client, case, worker):
    protect(case)
    client.force_login(worker)
    assert case.get_absolute_url() in seen(client, case)


def test_a_reason_opens_for_half_an_hour_and_stands_in_the_log(client, case, colleague, clock):
    protect(case)
    client.force_login(colleague)
    url, ask = reverse("desk:area", args=[case.number, "bolig"]), reverse("desk:reveal_places", args=[case.number])
    assert MARK not in client.get(url).text
    assert client.post(ask, {"reason": ""}).status_code == 422
    assert MARK not in client.get(url).text
    client.post(ask, {"reason": "offer"})
    assert MARK in client.get(url).text
    row = AccessRecord.objects.get(action="place.reveal")
    assert (row.user_id, row.case_number, row.purpose) == (colleague.pk, case.number, "Tilbud eller henvisning")
    clock.shift(timedelta(minutes=29))
    assert MARK in client.get(url).text
    clock.shift(timedelta(minutes=2))
    client.force_login(colleague)  # half an hour has passed for the log-in too, and its cover would hide everything
    answer = client.get(url)
    assert (answer.status_code, MARK in answer.text) == (200, False)


def test_a_page_about_places_asks_first(client, case, colleague):
    protect(case)
    client.force_login(colleague)
    child = case.people.get(given_names="Sofiia")
    url = reverse("schooling:school_offer", args=[case.number, child.pk])
    response = client.get(url)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("desk:reveal_places", args=[case.number]))
    assert client.post(url, {"school": "X"}).status_code == 302
    assert client.post(response["Location"], {"reason": "offer"})["Location"] == url


# --- The paper for the one it is kept from ----------------------------------------------------


@pytest.fixture
def fathers_plan(case):
    father, child = case.people.get(given_names="Taras"), case.people.get(given_names="Sofiia")
    plan = Plan.objects.create(person=father, goal=f"Bo ved {MARK}vej og lære dansk")
    rows = (
        ("schooling", f"Sofiia begynder på Skolen {MARK}", "Skolen", child),
        ("housing", f"Familien bor {MARK}vej 4", f"Skolen {MARK}", None),
        ("employment", "Taras møder på jobcentret", "", None),
    )
    for place, (area, text, who, about) in enumerate(rows):
        PlanActivity.objects.create(plan=plan, position=place, area=area, text=text, responsible=who, about=about)
    return plan


def printed(plan):
    return repr(paper_context(plan.person, plan, Variant.of("da"), TODAY))


def test_the_other_parents_paper_has_none_of_it(case, fathers_plan):
    row = protect(case)
    assert MARK in printed(fathers_plan)  # the control: protected, but not against him
    type(row).objects.filter(pk=row.pk).update(against=fathers_plan.person)
    text = printed(fathers_plan)
    assert MARK not in text
    assert "Sofiia" not in text
    assert "jobcentret" in text


def test_in_two_cases_too(case, fathers_plan, worker):
    protect(case, against=fathers_plan.person)
    family.move_person(fathers_plan.person, to=a_family(caseworker=worker), by=worker, today=TODAY)
    fathers_plan.person.refresh_from_db()
    text = printed(Plan.objects.get(pk=fathers_plan.pk))
    assert f"Skolen {MARK}" not in text


def test_the_reader_keeps_the_places_of_their_own(case):
    child, mother = case.people.get(given_names="Sofiia"), case.people.get(given_names="Olena")
    assert f"Skolen {MARK}" in places_of([child.pk])
    assert f"{MARK}vej" in places_of([mother.pk], case_id=case.pk)
    assert places_of([mother.pk]) == frozenset()


# --- The coordinator knows a protected family by its number -----------------------------------


def test_the_coordinator_who_is_put_on_it_sees_a_number(client, case, team):
    coordinator = UserFactory(role="volunteer_coordinator", team=team)
    team.coordinator = coordinator
    team.save()
    Assignment.objects.create(case=case, user=coordinator, why="Kontaktperson", starts_on=TODAY)
    type(case).objects.filter(pk=case.pk).update(family_name=MARK)
    case.people.update(surname=MARK)
    client.force_login(coordinator)
    urls = [case.get_absolute_url(), "/familier/", "/frister/", "/?hvem=team", "/kontaktpersoner/",
            f"{case.get_absolute_url()}lokalsamfund/", "/overblik/mere/?hvem=team"]  # fmt: skip
    before = [url for url in urls if MARK in client.get(url).text]
    assert len(before) >= 5
    protect(case)
    assert [url for url in urls if MARK in client.get(url).text] == []
    assert case.number in client.get("/familier/").text
    assert f"Familien {case.number}" in client.get("/kontaktpersoner/").text
