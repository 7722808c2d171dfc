"""The consent register and the breach extract."""

import io
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts import audit
from accounts.models import AccessRecord
from cases.models import Consent
from tests.factories import TODAY, TeamFactory, UserFactory, a_family
from tests.files import fetch
from volunteers.models import Match, Volunteer
from volunteers.rules import CONTACT_CONSENT


def consent(case, what="Dele navn", **fields):
    return Consent.objects.create(
        case=case, **{"what": what, "shared_with": "Frivillige", "given_on": TODAY, "language": "dansk"} | fields
    )


@pytest.fixture
def own(worker, team):
    return a_family({"given_names": "Olena"}, caseworker=worker, team=team)


# --- Consents ---------------------------------------------------------------------------------


def test_the_register_holds_the_cases_in_scope(client, own, worker):
    consent(own, "EGET SAMTYKKE")
    consent(a_family({"given_names": "Iryna"}, team=TeamFactory()), "FREMMED SAMTYKKE")
    client.force_login(worker)
    page = client.get(reverse("keeping:consents")).content.decode()
    for text in (page, str(cells(fetch(client, worker, "keeping:consents_xlsx")))):
        assert "EGET SAMTYKKE" in text
        assert "FREMMED SAMTYKKE" not in text
    assert AccessRecord.objects.filter(action="list.export", detail__startswith="samtykker").count() == 1


def cells(response):
    sheet = load_workbook(io.BytesIO(response.content)).worksheets[0]
    return [cell.value for row in sheet.iter_rows() for cell in row]


@pytest.mark.parametrize(("query", "there"), [("status=standing", "JA"), ("status=withdrawn", "NEJ"), ("q=JA", "JA")])
def test_the_filters(client, own, worker, query, there):
    consent(own, "JA samtykke")
    consent(own, "NEJ samtykke", withdrawn_on=TODAY)
    client.force_login(worker)
    page = client.get(f"{reverse('keeping:consents')}?{query}").content.decode()
    assert [word for word in ("JA samtykke", "NEJ samtykke") if word in page] == [f"{there} samtykke"]


def test_the_persons_page_names_own_consents(client, own, worker):
    person = own.people.get()
    consent(own, "EGET SAMTYKKE").people.add(person)
    client.force_login(worker)
    page = client.get(reverse("desk:person", args=[own.number, person.pk])).content.decode()
    assert "EGET SAMTYKKE" in page
    assert reverse("keeping:insights", args=[own.number, person.pk]) in page


def test_withdrawal_from_the_register_ends_the_sharing(client, own, team):
    coordinator = UserFactory(role="volunteer_coordinator", team=team)
    consent(own, CONTACT_CONSENT)
    Match.objects.create(case=own, volunteer=Volunteer.objects.create(name="Birte"), round=1, started_on=TODAY)
    client.force_login(coordinator)
    url = reverse("volunteers:withdraw_consent", args=[own.number])
    assert url in client.get(reverse("keeping:consents")).content.decode()
    client.post(url, {"on": "24.11.2026"})
    assert Consent.objects.get().withdrawn_on == TODAY
    assert Match.objects.get().ended_on == TODAY


def test_one_and_three_consents_ask_as_much(client, own, worker):
    client.force_login(worker)

    def asked():
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("keeping:consents"))
        return len(found)

    consent(own).people.add(own.people.get())
    asked()
    one = asked()
    for number in range(2):
        consent(own, f"Samtykke {number}").people.add(own.people.get())
    assert asked() == one


# --- Breach -----------------------------------------------------------------------------------


@pytest.fixture
def auditor(db):
    return UserFactory(role="auditor", first_name="Revi")


def looked(user, number, clock, at, action="case.read", person_id=None):
    clock.move_to(at)
    audit.log(user, action, case_number=number, person_id=person_id, purpose="=1+1")


def test_who_saw_whom_between_two_times(client, worker, auditor, clock):
    for hour, number in ((8, "2026-0001"), (9, "2026-0002"), (10, "2026-0003")):
        looked(worker, number, clock, datetime(2026, 11, 20, hour, 30, tzinfo=UTC), person_id=hour)
    looked(worker, "2026-0004", clock, datetime(2026, 11, 20, 9, 31, tzinfo=UTC), action="case.note_written")
    clock.move_to(datetime(2026, 11, 24, 8, tzinfo=UTC))
    client.force_login(auditor)
    query = "fra=20.11.2026&fra-kl=10.00&til=20.11.2026&til-kl=11.00"
    page = client.get(f"{reverse('keeping:breach')}?{query}").content.decode()
    assert "2026-0002" in page
    for number in ("2026-0001", "2026-0003", "2026-0004"):
        assert number not in page
    assert "2026-0003" in client.get(f"{reverse('keeping:breach')}?person=10").content.decode()
    assert "2026-0002" not in client.get(f"{reverse('keeping:breach')}?sag=2026-0003").content.decode()
    assert AccessRecord.objects.filter(action="log.read").count() == 3


def test_the_files_are_logged_and_run_no_formula(client, worker, auditor, clock):
    looked(worker, "2026-0002", clock, datetime(2026, 11, 20, 9, 30, tzinfo=UTC))
    assert "'=1+1" in cells(fetch(client, auditor, "keeping:breach_xlsx", "?sag=2026-0002"))
    text = fetch(client, auditor, "keeping:breach_csv", "?sag=2026-0002").content.decode("utf-8-sig")
    assert ";'=1+1;" in text
    assert ";=1+1" not in text
    assert AccessRecord.objects.filter(action="list.export", detail__startswith="brud").count() == 2
    assert set(AccessRecord.objects.filter(action="list.export").values_list("purpose", flat=True)) == {
        "Mødeforberedelse"
    }


def test_one_and_three_lines_ask_as_much(client, worker, auditor, clock):
    client.force_login(auditor)
    url = f"{reverse('keeping:breach')}?bruger={worker.pk}"

    def asked():
        with CaptureQueriesContext(connection) as found:
            client.get(url)
        return len(found)

    audit.log(worker, "case.read", case_number="2026-0001")
    asked()
    one = asked()
    for number in range(2):
        audit.log(worker, "case.read", case_number=f"2026-001{number}")
    assert asked() == one
