"""Who may read a note is moved afterwards: by the assigned caseworker, with its corrections, and logged."""

import pytest
from django.urls import reverse

from accounts.models import AccessRecord
from cases.models import Assignment, Entry
from cases.services import write_note
from desk.services import circles
from tests.desk.rows import Unit
from tests.desk.rows import reads as counted
from tests.factories import TODAY, UserFactory

pytestmark = pytest.mark.django_db
PLACE = "Børnene går på Skovskolen"


@pytest.fixture
def unit():
    return Unit("Nord")


@pytest.fixture
def case(unit):
    return unit.case()


@pytest.fixture
def page(case):
    return reverse("desk:note_circles", args=[case.number])


def note(case, by, text=PLACE, **fields) -> Entry:
    return write_note(case, kind="note", body=text, on=TODAY, by=by, **fields)


def reads(user, case) -> set[str]:
    return set(Entry.objects.visible_to(user).filter(case=case).values_list("body", flat=True))


def test_a_note_moves_with_its_corrections_and_stands_in_the_log(client, unit, case, page):
    first = note(case, unit.caseworker)
    later = note(case, unit.caseworker, f"{PLACE} nu", corrects=first)
    other = note(case, unit.caseworker, "Ringede")
    client.force_login(unit.caseworker)
    assert f"{PLACE} nu" in client.get(page).content.decode()
    answer = client.post(page, {f"note_{first.pk}": "violence", f"note_{other.pk}": "ordinary"})
    assert answer.status_code == 302
    found = dict(Entry.objects.values_list("pk", "data_class"))
    assert (found[first.pk], found[later.pk], found[other.pk]) == ("violence", "violence", "ordinary")
    moved = AccessRecord.objects.filter(action="note.moved")
    assert [row.detail for row in moved] == [f"{first.pk} ordinary violence"]
    assert not any(PLACE in row.detail for row in moved)


def test_who_reads_goes_by_the_new_circle(unit, case):
    colleague = UserFactory(role="caseworker", team=unit.team)
    line = note(case, unit.caseworker)
    assert PLACE in reads(colleague, case)
    circles.move(case, {line.pk: "violence"}, by=unit.caseworker)
    assert PLACE not in reads(colleague, case)
    assert PLACE in reads(unit.caseworker, case)


def test_a_colleagues_health_note_never_gets_more_readers(client, unit, case, page):
    nurse = UserFactory(role="health_visitor", team=unit.team)
    Assignment.objects.create(case=case, user=nurse, starts_on=TODAY, why="Sundhed")
    line = note(case, nurse, data_class="health", area="health")
    assert circles.choices_for(line, unit.caseworker) == ("health", "violence")
    assert circles.move(case, {line.pk: "ordinary"}, by=unit.caseworker) == 0
    client.force_login(unit.caseworker)
    assert client.post(page, {f"note_{line.pk}": "ordinary"}).status_code == 422
    line.refresh_from_db()
    assert line.data_class == "health"


def test_a_remark_of_the_list_is_sorted_here(unit, case):
    remark = Entry.objects.create(
        case=case, kind="intake.remark", on=TODAY, text="Bemærkning", body="Taler godt engelsk", data_class="health"
    )
    assert circles.move(case, {remark.pk: "ordinary"}, by=unit.caseworker) == 1


def test_only_the_assigned_comes_in(client, unit, page):
    for user in (
        UserFactory(role="caseworker", team=unit.team),
        unit.coordinator,
        unit.manager,
        Unit("Syd").caseworker,
    ):
        client.force_login(user)
        assert client.get(page).status_code == 404
        assert client.post(page, {}).status_code == 404


def test_one_note_alone_and_nonsense_in_the_address(client, unit, case, page):
    wanted, other = note(case, unit.caseworker, "Den ene"), note(case, unit.caseworker, "Den anden")
    client.force_login(unit.caseworker)
    html = client.get(page, {"notat": wanted.pk}).content.decode()
    assert "Den ene" in html
    assert "Den anden" not in html
    assert client.get(page, {"notat": "1' OR 1"}).status_code == 200
    client.post(f"{page}?notat={wanted.pk}", {f"note_{other.pk}": "violence"})
    other.refresh_from_db()
    assert other.data_class == "ordinary"


def test_the_protected_persons_panel_leads_here(client, unit, case, page):
    person = case.people.get()
    client.force_login(unit.caseworker)
    assert page not in client.get(reverse("desk:person", args=[case.number, person.pk])).content.decode()
    data = {"kind": "both", "starts_on": "1.1.2026", "review_on": "1.1.2028", "children_follow": "on"}
    client.post(reverse("desk:protect", args=[case.number, person.pk]), data)
    assert page in client.get(reverse("desk:person", args=[case.number, person.pk])).content.decode()


def test_one_and_three_notes_cost_the_same(client, unit, case, page):
    client.force_login(unit.caseworker)
    note(case, unit.caseworker)
    client.get(page)
    one = counted(client, page)
    for _each in range(2):
        note(case, unit.caseworker, corrects=note(case, unit.caseworker))
    assert counted(client, page) == one
