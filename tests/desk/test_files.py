"""A list as a file: after a fresh log-in, for a purpose, and long ones with the yes of the own manager."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import AccessRecord, Team
from cases.models import Consent
from deadlines.models import Step
from desk.models import ExportRequest
from desk.services import approvals
from tests.accounts.proofs import PASSWORD
from tests.desk.rows import Unit, day, step
from tests.factories import TODAY, UserFactory
from tests.files import PURPOSE, fetch, prove

pytestmark = pytest.mark.django_db
STEPS, ALL = "desk:steps_xlsx", "?status=alle"
ASK = {"ask": "1"}
TOO_LONG = (
    "Listen har 201 rækker. En fil kan højst have 200. Gør filtrene smallere, eller bed din leder om godkendelse."
)
PAGES = [
    ("caseworker", "desk:steps_xlsx"),
    ("caseworker", "desk:cases_xlsx"),
    ("caseworker", "keeping:consents_xlsx"),
    ("manager", "board:rows_xlsx"),
    ("auditor", "desk:log_xlsx"),
    ("auditor", "keeping:breach_xlsx"),
    ("auditor", "keeping:breach_csv"),
    ("finance", "board:day_figures_xlsx"),
    ("manager", "board:actions_xlsx"),
]


@pytest.fixture
def unit():
    return Unit("Nord")


@pytest.fixture
def long_list(unit):
    """201 deadlines."""
    add_steps(unit.case(), 201)
    return unit


def add_steps(case, number: int) -> None:
    shared = {"case": case, "area": "reception", "starts_on": day(-20), "due_on": day(9), "owner": case.caseworker}
    Step.objects.bulk_create(Step(title=f"Opgave {each}", **shared) for each in range(number))


def is_file(answer) -> bool:
    return answer.status_code == 200 and answer.headers.get("Content-Disposition", "").startswith("attachment;")


def sheets(answer) -> list:
    return load_workbook(BytesIO(answer.content)).worksheets


def about(answer) -> dict:
    return {row[0].value: row[1].value for row in sheets(answer)[1].iter_rows()}


def logged(action: str) -> list[tuple]:
    rows = AccessRecord.objects.filter(action=action).order_by("pk")
    return [(row.user_id, row.purpose, row.detail) for row in rows]


def as_(user) -> Client:
    """Another browser, in which this user has just logged in."""
    browser = Client()
    browser.force_login(user)
    prove(browser, user)
    return browser


def approve(user, answer: str = "yes"):
    waiting = ExportRequest.objects.get(approved_at=None)
    return as_(user).post(reverse("desk:answer_file", args=[waiting.pk]), {"answer": answer})


# --- Purpose and log-in -----------------------------------------------------------------------


@pytest.mark.parametrize(("role", "name"), PAGES)
def test_without_a_fresh_log_in_there_is_neither_page_nor_file(client, unit, role, name):
    client.force_login(UserFactory(role=role, team=unit.team))
    url = f"{reverse(name)}?sag=2026-0001"
    for answer in (client.get(url), client.post(url, PURPOSE)):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/bekraeft/")
        assert "sag%3D2026-0001" in answer["Location"], "and on to the same list"
    assert logged("list.export") == []


@pytest.mark.parametrize(("role", "name"), PAGES)
def test_no_purpose_no_file(client, unit, role, name):
    user = UserFactory(role=role, team=unit.team)
    page = as_(user).get(reverse(name))
    assert (page.status_code, page.headers.get("Content-Disposition")) == (200, None)
    assert "Hvad skal filen bruges til?" in page.content.decode()
    wrong = (
        {"reason": ""},
        {"reason": "for fun"},
        {"reason": "other"},
        {"reason": "other", "text": "   "},
        {"reason": "meeting", "text": "Om 010190-1234"},
    )
    for data in wrong:
        answer = fetch(client, user, name, **data)
        assert answer.status_code == 422, data
        assert 'aria-invalid="true"' in answer.content.decode(), data
    assert logged("list.export") == []
    assert is_file(fetch(client, user, name))
    assert [purpose for _user, purpose, _detail in logged("list.export")] == ["Mødeforberedelse"]


def test_after_the_password_the_same_page_opens(client, unit):
    user = unit.caseworker
    user.set_password(PASSWORD)
    user.save()
    client.force_login(user)
    asked = client.get(reverse(STEPS) + ALL)["Location"]
    done = client.post("/bekraeft/", {"password": PASSWORD, "next": reverse(STEPS) + ALL})
    assert (asked.startswith("/bekraeft/"), done["Location"]) == (True, reverse(STEPS) + ALL)
    assert is_file(client.post(done["Location"], PURPOSE))


def test_the_purpose_stands_in_the_log_and_in_the_file(client, unit):
    add_steps(unit.case(), 1)
    answer = fetch(client, unit.caseworker, STEPS, ALL, reason="other", text=" Til byrådet ")
    facts = about(answer)
    assert facts["Formål"] == "Andet: Til byrådet"
    assert (facts["Af"], facts["Rækker"], facts["Trukket"]) == (unit.caseworker.name, "1", "24.11.2026 kl. 9.00")
    assert logged("list.export") == [(unit.caseworker.pk, "Andet: Til byrådet", "frister: 1")]


def test_the_page_says_how_much_and_which(unit):
    add_steps(unit.case(), 3)
    html = as_(unit.caseworker).get(reverse(STEPS) + "?fra=01.11.2026&q=opgave").content.decode()
    for words in ("<dt>Rækker</dt><dd>3</dd>", "Søg: opgave", "Fra: 01.11.2026", "Hent filen", "data-once"):
        assert (words in html) == (words != "data-once"), words


@pytest.mark.parametrize("role", ["manager", "volunteer_coordinator", "administrator", "auditor", "finance"])
def test_for_others_there_is_no_such_page(client, unit, role):
    user = UserFactory(role=role, team=unit.team)
    assert as_(user).get(reverse(STEPS)).status_code == 404
    assert fetch(client, user, STEPS).status_code == 404


def test_consents_of_protected_families_are_in_no_file(client, unit):
    for name in ("Synlig", "Beskyttet"):
        case = unit.case(name, protected=name == "Beskyttet")
        Consent.objects.create(case=case, what=f"Samtykke {name}", shared_with="x", given_on=TODAY, language="dansk")
    cells = [cell.value for row in sheets(fetch(client, unit.caseworker, "keeping:consents_xlsx"))[0] for cell in row]
    assert "Samtykke Synlig" in cells
    assert "Samtykke Beskyttet" not in cells


# --- Long lists -------------------------------------------------------------------------------


def test_two_hundred_rows_are_given_and_one_more_is_not(client, unit):
    case = unit.case()
    add_steps(case, 200)
    assert is_file(fetch(client, unit.caseworker, STEPS, ALL))
    add_steps(case, 1)
    answer = fetch(client, unit.caseworker, STEPS, ALL)
    assert (answer.status_code, "spreadsheet" in answer["Content-Type"]) == (422, False)
    assert TOO_LONG in answer.content.decode()
    assert TOO_LONG in client.get(reverse(STEPS) + ALL).content.decode()
    assert not ExportRequest.objects.exists(), "nobody is asked unless the user says so"
    assert len(logged("list.export")) == 1


@pytest.mark.parametrize("name", ["desk:log_xlsx", "keeping:breach_xlsx", "keeping:breach_csv"])
def test_the_auditors_files_have_no_such_limit(client, name):
    auditor = UserFactory(role="auditor")
    AccessRecord.objects.bulk_create(AccessRecord(action="case.read", case_number="2026-0001") for _each in range(201))
    assert is_file(fetch(client, auditor, name))
    assert not is_file(fetch(client, auditor, name, reason=""))


def test_the_own_manager_says_yes_and_the_file_is_given_for_a_day(client, long_list, clock):
    user, manager = long_list.caseworker, long_list.manager
    assert fetch(client, user, STEPS, ALL, **ASK).status_code == 302
    assert "Din leder er spurgt 24.11.2026 kl. 9.00" in client.get(reverse(STEPS) + ALL).content.decode()
    assert fetch(client, user, STEPS, ALL).status_code == 422, "asked is not approved"
    page = as_(manager).get(reverse("desk:file_requests")).content.decode()
    for words in (user.name, "Frister: 201 rækker", "Alle, også afsluttede", "Mødeforberedelse"):
        assert words in page
    told = "1 fil venter på din godkendelse."
    assert told in as_(manager).get("/overblik/mere/").content.decode()
    assert told not in as_(user).get("/overblik/mere/").content.decode()
    assert approve(manager).status_code == 302
    assert told not in as_(manager).get("/overblik/mere/").content.decode()
    answer = fetch(client, user, STEPS, ALL)
    assert is_file(answer)
    assert sheets(answer)[0].max_row == 202
    assert about(answer)["Formål"] == "Mødeforberedelse"
    assert logged("list.asked") == [(user.pk, "Mødeforberedelse", "frister: 201")]
    assert logged("list.approved") == [(manager.pk, "Mødeforberedelse", f"frister: 201, user {user.pk}")]
    assert logged("list.export") == [(user.pk, "Mødeforberedelse", "frister: 201")]
    clock.shift(timedelta(hours=23, minutes=59))
    assert is_file(fetch(client, user, STEPS, ALL))
    clock.shift(timedelta(minutes=2))
    assert fetch(client, user, STEPS, ALL).status_code == 422


def test_the_purpose_approved_is_the_purpose_of_the_file(client, long_list):
    fetch(client, long_list.caseworker, STEPS, ALL, **ASK)
    approve(long_list.manager)
    page = client.get(reverse(STEPS) + ALL).content.decode()
    assert f"{long_list.manager.name} har godkendt filen til 25.11.2026 kl. 9.00." in page
    assert "<dt>Formål</dt><dd>Mødeforberedelse</dd>" in page
    answer = fetch(client, long_list.caseworker, STEPS, ALL, reason="other", text="Noget helt andet")
    assert about(answer)["Formål"] == "Mødeforberedelse"


def test_a_yes_is_for_this_list_and_this_user_alone(client, long_list):
    user = long_list.caseworker
    fetch(client, user, STEPS, ALL, **ASK)
    approve(long_list.manager)
    colleague = UserFactory(role="caseworker", team=long_list.team)
    for number in range(201):
        long_list.case(f"Familie{number}")
    for query in ("", "?status=senere", f"{ALL}&q=opgave", f"{ALL}&fra=01.01.2026"):
        assert fetch(client, user, STEPS, query).status_code == 422, query
    assert fetch(client, user, "desk:cases_xlsx", ALL).status_code == 422
    assert fetch(client, colleague, STEPS, ALL).status_code == 422
    assert is_file(fetch(client, user, STEPS, f"{ALL}&sort=-frist&page=2&order=cpr")), "the same list, in another order"


def test_nobody_says_yes_to_the_own_wish(client, long_list):
    long_list.caseworker.grants.create(role="manager")
    fetch(client, long_list.caseworker, STEPS, ALL, **ASK)
    assert approve(long_list.caseworker).status_code == 404
    wish = ExportRequest.objects.get()
    with pytest.raises(ValidationError):
        approvals.answer(wish, agreed=True, by=long_list.caseworker, now=timezone.now())
    now = timezone.now()
    own = {"approved_by": wish.user_id, "approved_at": now, "until": now + timedelta(hours=1)}
    with pytest.raises(IntegrityError), transaction.atomic():
        ExportRequest.objects.update(**own)
    with pytest.raises(IntegrityError), transaction.atomic():
        ExportRequest.objects.update(until=timezone.now())
    assert fetch(client, long_list.caseworker, STEPS, ALL).status_code == 422


def test_another_units_manager_has_no_say(client, long_list):
    other = Unit("Syd").manager
    fetch(client, long_list.caseworker, STEPS, ALL, **ASK)
    assert "Ingen filer venter" in as_(other).get(reverse("desk:file_requests")).content.decode()
    assert approve(other).status_code == 404
    with pytest.raises(ValidationError):
        approvals.answer(ExportRequest.objects.get(), agreed=True, by=other, now=timezone.now())
    colleague = UserFactory(role="caseworker", team=long_list.team)
    assert approve(colleague).status_code == 404, "the same team, without the permission"
    assert as_(colleague).get(reverse("desk:file_requests")).status_code == 404
    assert fetch(client, long_list.caseworker, STEPS, ALL).status_code == 422


def test_who_moves_to_another_team_leaves_the_yes_behind(client, long_list):
    user = long_list.caseworker
    fetch(client, user, STEPS, ALL, **ASK)
    approve(long_list.manager)
    user.team = Team.objects.create(name="Vest")
    user.save()
    add_steps(long_list.case(), 1)
    assert fetch(client, user, STEPS, ALL).status_code == 422


def test_a_no_is_logged_and_one_may_ask_again(client, long_list):
    user = long_list.caseworker
    fetch(client, user, STEPS, ALL, **ASK)
    assert fetch(client, user, STEPS, ALL, **ASK).status_code == 422, "asked already"
    assert approve(long_list.manager, "hvad?").status_code == 302
    assert ExportRequest.objects.filter(approved_at=None).count() == 1
    approve(long_list.manager, "no")
    assert not ExportRequest.objects.exists()
    assert logged("list.declined") == [(long_list.manager.pk, "Mødeforberedelse", f"frister: 201, user {user.pk}")]
    assert fetch(client, user, STEPS, ALL, **ASK).status_code == 302
    assert len(logged("list.asked")) == 2


def test_a_wish_needs_a_purpose_and_a_team(client, long_list):
    user = long_list.caseworker
    assert fetch(client, user, STEPS, ALL, reason="", **ASK).status_code == 422
    user.team = None
    user.save()
    answer = fetch(client, user, STEPS, ALL, **ASK)
    assert answer.status_code == 422
    assert "Du er ikke i et team" in answer.content.decode()
    assert not ExportRequest.objects.exists()


def test_what_was_searched_for_stands_in_no_wish(client, long_list):
    fetch(client, long_list.caseworker, STEPS, f"{ALL}&q=Opgave", **ASK)
    wish = ExportRequest.objects.get()
    assert "pgave" not in f"{wish.query} {wish.filters}"
    assert "Søg: •••" in wish.filters
    assert "pgave" not in as_(long_list.manager).get(reverse("desk:file_requests")).content.decode()
    approve(long_list.manager)
    assert is_file(fetch(client, long_list.caseworker, STEPS, f"{ALL}&q=Opgave"))
    assert fetch(client, long_list.caseworker, STEPS, f"{ALL}&q=Opgav").status_code == 422, "other words"


def test_old_wishes_are_forgotten(client, long_list, clock):
    fetch(client, long_list.caseworker, STEPS, ALL, **ASK)
    approve(long_list.manager)
    fetch(client, long_list.caseworker, STEPS, **ASK)
    approvals.forget(now=timezone.now() + timedelta(hours=23))
    assert ExportRequest.objects.count() == 2
    approvals.forget(now=timezone.now() + timedelta(hours=25))
    assert ExportRequest.objects.get().approved_at is None
    approvals.forget(now=timezone.now() + timedelta(days=8))
    assert not ExportRequest.objects.exists()


def test_step_is_what_the_factory_makes(unit):
    """The control: the deadlines made in bulk are on the list like any other."""
    case = unit.case()
    step(case, 3)
    add_steps(case, 2)
    assert "<dd>3</dd>" in as_(unit.caseworker).get(reverse(STEPS)).content.decode()
