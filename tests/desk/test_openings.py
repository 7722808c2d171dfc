"""Break-glass and ledelsestilsyn: one case, one hour, read only, told and listed."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRecord, Opening
from cases.models import Entry
from deadlines.models import Delivery, Notice
from desk.models import Mail
from desk.services import openings
from tests.desk.rows import Unit, step
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
WHY = {"reason": "acute", "text": "Borgeren står i receptionen"}
NEUTRAL = "Sagen kan ikke åbnes med nødadgang."


@pytest.fixture
def north():
    return Unit("Nord")


@pytest.fixture
def foreign():
    """A case of another team, with a line of each kind."""
    unit = Unit("Syd")
    case = unit.case("Tkachenko", arrived_on=None)
    case.unit = unit
    for data_class in ("ordinary", "health", "violence"):
        Entry.objects.create(
            case=case, kind="note.note", on="2026-11-20", text=f"Linje {data_class}", data_class=data_class
        )
    return case


@pytest.fixture
def worker(client, north):
    client.force_login(north.caseworker)
    return north.caseworker


@pytest.fixture(autouse=True)
def _fresh_login(monkeypatch):
    """Who has just logged in; the step-up has tests of its own."""
    monkeypatch.setattr("accounts.stepup.is_fresh", lambda request, **within: True)


def page_of(client, case):
    return client.get(case.get_absolute_url())


def open_up(client, number, **data):
    return client.post(reverse("desk:glass"), {"number": number, **WHY, **data})


def test_a_case_out_of_scope_is_open_for_an_hour_and_not_longer(client, worker, foreign):
    assert page_of(client, foreign).status_code == 404
    assert open_up(client, foreign.number).headers["Location"] == foreign.get_absolute_url()
    html = page_of(client, foreign).content.decode()
    assert f"Du har åbnet sag {foreign.number} (nødadgang) til kl. 10.00." in html
    opening = Opening.objects.get()
    assert opening.closes_at - opening.opened_at == timedelta(minutes=60)
    Opening.objects.update(closes_at=timezone.now())
    assert page_of(client, foreign).status_code == 404


def test_it_can_be_closed_before(client, worker, foreign):
    open_up(client, foreign.number)
    assert client.post(reverse("desk:close_openings")).status_code == 302
    assert page_of(client, foreign).status_code == 404
    assert Opening.objects.get().closed_at is not None


def test_one_case_is_opened_and_no_other(client, worker, foreign):
    neighbour = foreign.unit.case("Shevchenko")
    open_up(client, foreign.number)
    assert page_of(client, neighbour).status_code == 404


def test_it_is_read_as_the_caseworker_reads_it_but_for_violence(client, worker, foreign):
    open_up(client, foreign.number)
    html = page_of(client, foreign).content.decode()
    assert "Linje ordinary" in html
    assert "Linje violence" not in html


def test_a_manager_with_break_glass_reads_violence_too(client, north, foreign):
    client.force_login(north.manager)
    open_up(client, foreign.number)
    assert "Linje violence" in page_of(client, foreign).content.decode()


def test_nothing_can_be_written_in_it(client, worker, foreign):
    due = step(foreign, 2)
    open_up(client, foreign.number)
    note = {"kind": "note", "text": "Skrevet", "on": "24.11.2026", "data_class": "ordinary"}
    assert client.post(reverse("desk:write_note", args=[foreign.number]), note).status_code == 404
    assert client.post(reverse("desk:step", args=[due.pk]), {"decision": "wait"}).status_code == 404
    assert client.get(reverse("desk:step", args=[due.pk])).status_code == 200
    assert not Entry.objects.filter(body="Skrevet").exists()


def test_own_cases_are_worked_on_as_ever_while_another_is_open(client, worker, foreign, north):
    own = north.case("Kovalenko")
    open_up(client, foreign.number)
    note = {"kind": "note", "text": "Skrevet", "on": "24.11.2026", "data_class": "ordinary"}
    assert client.post(reverse("desk:write_note", args=[own.number]), note).status_code == 302


def test_the_manager_of_the_case_is_told_at_once_without_names(client, worker, foreign):
    open_up(client, foreign.number)
    manager = foreign.unit.manager
    assert Delivery.objects.filter(user=manager, notice__subject__startswith="glass:").count() == 2
    letter = Mail.objects.get(user=manager)
    for told in (letter.subject, letter.body):
        assert foreign.number not in told
        assert foreign.family_name not in told
        assert worker.name not in told
    assert Notice.objects.count() == 1
    assert mail.outbox == []


@pytest.mark.parametrize("case", ["unknown", "own", "open already"])
def test_the_answer_is_the_same_whatever_the_cause(client, worker, foreign, north, case):
    if case == "open already":
        open_up(client, foreign.number)
    number = {"unknown": "2026-9999", "own": north.case("Kovalenko").number}.get(case, foreign.number)
    before = Opening.objects.count()
    answer = open_up(client, number)
    assert answer.status_code == 422
    assert NEUTRAL in answer.content.decode()
    assert Opening.objects.count() == before
    assert AccessRecord.objects.filter(action="glass.refused", case_number=number).count() == 1


@pytest.mark.parametrize("wrong", [{"reason": ""}, {"text": "for kort"}, {"text": "010190-1234 ringede til mig"}])
def test_a_reason_that_says_nothing_or_too_much_is_refused(client, worker, foreign, wrong):
    assert open_up(client, foreign.number, **wrong).status_code == 422
    assert Opening.objects.count() == 0


@pytest.mark.parametrize("role", ["volunteer_coordinator", "housing_officer", "administrator", "auditor", "finance"])
def test_others_have_no_such_page(client, foreign, role):
    client.force_login(UserFactory(role=role))
    assert client.get(reverse("desk:glass")).status_code == 404
    assert open_up(client, foreign.number).status_code == 404


def test_the_log_carries_the_purpose_of_every_look(client, worker, foreign):
    open_up(client, foreign.number)
    page_of(client, foreign)
    assert AccessRecord.objects.get(action="case.read").purpose == "nødadgang"
    opened = AccessRecord.objects.get(action="glass.opened")
    assert opened.purpose.endswith(WHY["text"])


def test_a_manager_reads_a_case_of_the_own_unit_with_a_purpose(client, north, foreign):
    case = north.case("Kovalenko")
    Entry.objects.create(case=case, kind="note.note", on="2026-11-20", text="Talt med familien")
    client.force_login(north.manager)
    assert "Talt med familien" not in page_of(client, case).content.decode()
    url = reverse("desk:oversight", args=[case.number])
    assert client.post(url, {"reason": "complaint", "text": "Klage over sagens gang"}).status_code == 302
    assert "Talt med familien" in page_of(client, case).content.decode()
    assert client.get(reverse("desk:oversight", args=[foreign.number])).status_code == 404
    assert AccessRecord.objects.filter(action="case.read", purpose="ledelsestilsyn").exists()


def test_the_list_is_the_managers_own_unit_and_the_auditors_whole(client, worker, foreign):
    open_up(client, foreign.number)
    page_of(client, foreign)
    url = reverse("desk:opened_cases")
    for user, sees in (
        (foreign.unit.manager, True),
        (UserFactory(role="auditor"), True),
        (Unit("Vest").manager, False),
    ):
        client.force_login(user)
        html = client.get(url).content.decode()
        assert (foreign.number in html) is sees
        assert (worker.name in html) is sees
    client.force_login(worker)
    assert client.get(url).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_same_number_of_questions(client, north, number, django_assert_num_queries):
    auditor = UserFactory(role="auditor")
    for name in ("A", "B", "C")[:number]:
        case = Unit(f"Hold {name}").case("Tkachenko")
        openings.break_glass(north.caseworker, number=case.number, reason="Andet", text="x" * 20, now=auditor.asked_at)
    assert "auditor" in auditor.role_keys  # read once per request
    with django_assert_num_queries(1):
        rows = list(openings.listed(auditor))
    assert len(rows) == number
