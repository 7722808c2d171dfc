"""Each role sees its own areas, classes and fields of the families it works with, and no trace of the rest."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import sight
from cases.choices import DataClass
from cases.models import Assignment, Consent, Entry
from cases.services import put_on_case, record, take_off_case
from deadlines.models import Step
from deadlines.rules import class_of
from deadlines.services import assign
from desk.areas import AREAS
from desk.forms.notes import NoteForm
from tests.factories import TODAY, UserFactory
from tests.security.marked import lines, rows
from tests.security.world import a_world

pytestmark = pytest.mark.django_db
ASSIGNED = {"housing_officer": "housing", "employment_consultant": "employment", "health_visitor": "health"}
CASE_ROLES = ["caseworker", "volunteer_coordinator", "manager", *ASSIGNED]


@pytest.fixture
def world():
    return a_world()


def read_by(user) -> set[str]:
    found = Entry.objects.visible_to(user).filter(text__startswith="CNRY-").values_list("text", flat=True)
    return {text.removeprefix("CNRY-") for text in found}


def marks(areas, classes) -> set[str]:
    return {f"{area}-{data_class}" for area in areas for data_class in classes}


# --- Lines by area and class ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "areas", "classes"),
    [
        ("caseworker", [area.key for area in AREAS], DataClass.values),
        ("volunteer_coordinator", ["volunteers"], ["ordinary", "location"]),
        ("housing_officer", ["housing"], ["ordinary", "location"]),
        ("employment_consultant", ["employment"], ["ordinary", "location", "work"]),
        ("manager", [], []),
        ("finance", [], []),
        ("administrator", [], []),
        ("auditor", [], []),
    ],
)
def test_lines_are_read_by_area_and_class(world, role, areas, classes):
    lines(world)
    assert read_by(world.users[role]) == marks(areas, classes)


def test_a_colleague_of_the_team_reads_neither_health_nor_violence(world):
    lines(world)
    colleague = UserFactory(role="caseworker", team=world.own.case.team)
    assert read_by(colleague) == marks([area.key for area in AREAS], ["ordinary", "location", "work"])


def test_the_health_visitor_reads_health_and_no_violence_of_others(world):
    lines(world)
    visitor = world.users["health_visitor"]
    expected = marks(["health"], ["ordinary", "location", "health"]) | marks([a.key for a in AREAS], ["health"])
    assert read_by(visitor) == expected
    own = {"kind": "note.note", "on": TODAY, "by": visitor, "data_class": DataClass.VIOLENCE, "people": []}
    record(world.own.case, area="health", text="CNRY-own", **own)
    assert read_by(visitor) == expected | {"own"}


def test_the_pages_show_no_trace_of_what_is_closed(world, client):
    """Health and violence: outside their circle neither a text nor a word that there is one."""
    lines(world)
    for role in CASE_ROLES:
        if role in {"caseworker", "health_visitor"}:
            continue
        client.force_login(world.users[role])
        for url in pages_of(world):
            page = client.get(url)
            text = page.content.decode() if page.status_code == 200 else ""
            assert "-violence" not in text, (role, url)
            assert "-health" not in text, (role, url)
            assert "Vold og trusler" not in text, (role, url)


def pages_of(world) -> list[str]:
    family = world.own.case.get_absolute_url()
    areas = [reverse("desk:area", args=[world.own.case.number, area.slug]) for area in AREAS]
    return ["/", "/?hvem=team", "/overblik/mere/", "/frister/", "/frister/?status=alle", "/familier/", family, *areas]


def test_the_pages_show_the_circle_what_is_closed(world, client):
    """The negative control of the test above."""
    lines(world)
    client.force_login(world.users["caseworker"])
    assert "CNRY-health-violence" in client.get(world.own.case.get_absolute_url()).content.decode()
    client.force_login(world.users["health_visitor"])
    page = client.get(world.own.case.get_absolute_url()).content.decode()
    assert "CNRY-health-health" in page
    assert "violence" not in page.replace('value="violence"', "")


@pytest.mark.parametrize(
    ("area", "rule", "told"),
    [
        ("housing", "housing.temporary_offer", "location"),
        ("schooling", "schooling.school_offer", "location"),
        ("employment", "employment.referral", "work"),
        ("health", "health.need_assessed", "health"),
        ("reception", "reception.gp", "location"),
        ("reception", "reception.min_plan", "ordinary"),
        ("volunteers", "volunteers.contact_person", "ordinary"),
        ("volunteers", "volunteers.introduction", "location"),
        ("", "", "ordinary"),
    ],
)
def test_a_step_has_the_class_of_what_it_tells(area, rule, told):
    assert class_of(area, rule) == told


# --- Scope ------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ASSIGNED)
def test_only_the_families_one_works_with(world, client, role):
    user = UserFactory(role=role, team=world.own.case.team)
    client.force_login(user)
    url = world.own.case.get_absolute_url()
    assert client.get(url).status_code == 404
    row = put_on_case(world.own.case, user=user, why="Hjælp", by=world.own.worker, today=TODAY)
    assert client.get(url).status_code == 200
    answers = {
        a.slug: client.get(reverse("desk:area", args=[world.own.case.number, a.slug])).status_code for a in AREAS
    }
    also = {"schooling"} if role == "employment_consultant" else set()
    assert answers == {area.slug: 200 if area.key in {ASSIGNED[role], *also} else 404 for area in AREAS}
    take_off_case(row, by=world.own.worker, today=TODAY)
    for days, status in ((14, 200), (15, 404)):
        Assignment.objects.filter(pk=row.pk).update(
            starts_on=TODAY - timedelta(days=60), ends_on=TODAY - timedelta(days=days)
        )
        assert client.get(url).status_code == status, days


def test_a_task_opens_the_case_as_long_as_it_runs_and_a_fortnight_after(world, client):
    user = UserFactory(role="housing_officer", team=world.own.case.team)
    step = Step.objects.get(pk=world.own.ids["desk:step"])
    assign(step, assignee=user, by=world.own.worker, today=TODAY)
    client.force_login(user)
    assert client.get(world.own.case.get_absolute_url()).status_code == 200
    assert client.get(reverse("desk:step", args=[step.pk])).status_code == 200
    for ended in ("done_on", "met_on", "withdrawn_on"):
        for days, status in ((14, 200), (15, 404)):
            Step.objects.filter(pk=step.pk).update(**{ended: TODAY - timedelta(days=days)})
            assert client.get(world.own.case.get_absolute_url()).status_code == status, (ended, days)
        Step.objects.filter(pk=step.pk).update(**{ended: None})


def test_the_own_list_holds_the_areas_steps_whoever_owns_them(world, client):
    for role, area in ASSIGNED.items():
        client.force_login(world.users[role])
        shown = Step.objects.visible_to(world.users[role]).owned_by(world.users[role]).listed(TODAY)
        assert {step.area for step in shown} <= {area, "schooling"}
        assert shown.exists(), role
        assert client.get("/").context["pills"][0]["count"] == shown.count()


def test_the_consultant_works_with_the_language_school_and_not_with_the_schools(world, client):
    client.force_login(world.users["employment_consultant"])
    page = client.get(reverse("desk:area", args=[world.own.case.number, "leg-og-laering"])).content.decode()
    assert "Sprogskole Kovalenko" in page
    assert "Skole Kovalenko" not in page.replace("Sprogskole Kovalenko", "")
    assert "Dagtilbud Kovalenko" not in page
    assert "Sofiia" not in page
    family = client.get(world.own.case.get_absolute_url()).content.decode()
    assert "Olena" in family
    assert "Sofiia" not in family


def test_the_consultant_opens_no_page_about_a_child(world, client):
    child = world.own.case.people.order_by("pk").last()
    client.force_login(world.users["employment_consultant"])
    for person, status in ((world.own.person, 200), (child, 404)):
        url = reverse("schooling:language_offer", args=[world.own.case.number, person.pk])
        assert client.get(url).status_code == status
    client.force_login(world.own.worker)
    assert client.get(url).status_code == 200


# --- Fields -----------------------------------------------------------------------------------


def test_the_coordinator_gets_a_phone_where_the_family_has_said_yes(world, client):
    person = world.own.person
    person.phone = "+4520112233"
    person.save()
    client.force_login(world.users["volunteer_coordinator"])
    url = world.own.case.get_absolute_url()
    assert "20112233" in client.get(url).content.decode().replace(" ", "")
    Consent.objects.filter(case=world.own.case).update(withdrawn_on=TODAY)
    assert "20112233" not in client.get(url).content.decode().replace(" ", "")


def test_a_phone_finds_nothing_for_whoever_does_not_see_it(world, client):
    person = world.own.person
    person.phone, person.udl_nr = "+4520112233", "UDL-77"
    person.save()
    for role, found in (("caseworker", True), ("volunteer_coordinator", False), ("housing_officer", True)):
        client.force_login(world.users[role])
        assert ("Kovalenko" in rows(client, "/familier/?q=20112233")) == found, role
        assert ("Kovalenko" in rows(client, "/familier/?q=UDL-77")) == (role == "caseworker"), role


@pytest.mark.parametrize("parameter", ["order=cpr", "sort=cpr", "sort=person__birth_date", "health=1", "sort=-udl_nr"])
def test_parameters_open_nothing(world, client, parameter):
    client.force_login(world.users["volunteer_coordinator"])
    for url in ("/frister/", "/familier/"):
        assert rows(client, f"{url}?{parameter}") == rows(client, url)


@pytest.mark.parametrize("role", ["volunteer_coordinator", *ASSIGNED])
def test_no_birth_date_and_no_hidden_field_reaches_the_object(world, role):
    people = sight.people_of(world.own.case, world.users[role], today=TODAY)
    olena = next(person for person in people if person.given_names == "Olena")
    assert olena.birth_date is None
    assert olena.age == (None if role == "volunteer_coordinator" else 36)
    with CaptureQueriesContext(connection) as queries:
        assert (olena.udl_nr, olena.cyrillic_name, olena.sex, olena.citizenship) == (None, "", "", "")
    assert len(queries) == 0


def test_a_field_that_is_let_through_is_noticed(world, client, monkeypatch):
    """The negative control: a field layer that says yes to all."""
    person = world.own.person
    person.phone = "+4520112233"
    person.save()
    Consent.objects.all().delete()
    monkeypatch.setattr("cases.sight.sees", lambda *args: True)
    client.force_login(world.users["volunteer_coordinator"])
    assert "20112233" in client.get(world.own.case.get_absolute_url()).content.decode().replace(" ", "")


def test_the_json_door_tells_what_the_user_sees(world):
    def asked(username):
        out = StringIO()
        call_command("deadlines", user=username, format="json", today=TODAY, stdout=out)
        return json.loads(out.getvalue())

    Step.objects.filter(case=world.own.case, person=world.own.person).update(owner=world.users["manager"])
    named = asked(world.users["employment_consultant"].username)
    assert {row["person"] for row in named} == {"Olena Kovalenko"}
    assert asked(world.users["manager"].username)
    assert {row["person"] for row in asked(world.users["manager"].username)} == {None}


# --- The composer -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "default", "area"),
    [
        ("caseworker", "ordinary", ""),
        ("housing_officer", "location", "housing"),
        ("employment_consultant", "work", "employment"),
        ("health_visitor", "health", "health"),
    ],
)
def test_a_note_is_of_the_roles_area_and_likeliest_class(world, client, role, default, area):
    user = world.users[role]
    form = NoteForm(case=world.own.case, user=user, today=TODAY)
    assert form["data_class"].value() == default
    assert form.fields["data_class"].label == "Hvem må se det?"
    client.force_login(user)
    sent = {"kind": "note", "text": "Ringede", "on": "24.11.2026", "data_class": default}
    answer = client.post(reverse("desk:write_note", args=[world.own.case.number]), sent | {"area": "reception"})
    assert answer.status_code == 302
    note = Entry.objects.filter(kind="note.note", author=user).latest("pk")
    assert (note.area, note.data_class, note.body) == (area, default, "Ringede")
    assert "Ringede" in client.get(world.own.case.get_absolute_url()).content.decode()


def test_a_class_that_is_not_offered_is_refused(world, client):
    client.force_login(world.users["housing_officer"])
    sent = {"kind": "note", "text": "Ringede", "on": "24.11.2026", "data_class": "health"}
    assert client.post(reverse("desk:write_note", args=[world.own.case.number]), sent).status_code == 422


# --- Who works with the family ----------------------------------------------------------------


def test_a_colleague_is_put_on_the_case_and_taken_off(world, client):
    helper = UserFactory(role="health_visitor", first_name="Nadia", last_name="Holm")
    client.force_login(world.users["manager"])
    url = reverse("desk:colleagues", args=[world.own.case.number])
    assert client.post(url, {"user": helper.pk, "why": "Besøg"}).status_code == 302
    assert "Nadia Holm" in client.get(url).content.decode()
    assert client.post(url, {"user": helper.pk, "why": "Besøg"}).status_code == 422
    row = Assignment.objects.get(user=helper)
    assert (row.starts_on, row.given_by, row.why) == (TODAY, world.users["manager"], "Besøg")
    assert client.post(reverse("desk:end_assignment", args=[world.own.case.number, row.pk])).status_code == 302
    row.refresh_from_db()
    assert (row.ends_on, row.ended_by) == (TODAY, world.users["manager"])
    assert client.post(reverse("desk:end_assignment", args=[world.own.case.number, row.pk])).status_code == 404


def test_the_colleagues_page_costs_the_same_for_one_and_three(world, client):
    client.force_login(world.users["caseworker"])
    url = reverse("desk:colleagues", args=[world.own.case.number])

    def cost() -> int:
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        return len(queries)

    first = cost()
    for _number in range(2):
        user = UserFactory(role="housing_officer")
        put_on_case(world.own.case, user=user, why="Bolig", by=world.own.worker, today=TODAY)
    assert cost() == first
