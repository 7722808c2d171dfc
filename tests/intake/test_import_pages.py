"""The import pages: who may, what they show, and that each act happens once."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import services
from cases.models import Case, Entry, Person
from deadlines.models import Notice
from intake.models import Import, ImportFamily, ImportRow, LearnedHeading
from tests.factories import TODAY, TeamFactory, UserFactory

DATA = Path(__file__).parent.parent / "data"
LIST = "visitering-2022-uge-15.xlsx"
HEADINGS = (
    "Familienr.;Udl.nr.;Rolle;Efternavn;Fornavn;Fødselsdato;Telefon;Visiteringsdato;Ankomst;Bopæl taget;Bemærkninger"
)
MARCHENKO = "F-1;70.000.001;HP;Marchenko;Yurii;01-10-1970;20481193;12-04-2022;21-04-2022;21-04-2022;"

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker(client):
    user = UserFactory(role="caseworker", team=TeamFactory())
    client.force_login(user)
    return user


def upload(client, content, name="liste.csv", **data):
    if isinstance(content, str):
        content = content.encode()
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("intake:imports"), {"file": file, "source": "Udlændingestyrelsen", **data})


def a_list(*rows):
    return "\n".join([HEADINGS, *rows])


def the_list(client):
    upload(client, (DATA / LIST).read_bytes(), LIST)
    return Import.objects.get()


def do(client, act, found, data=None, **extra):
    return client.post(reverse(f"intake:import_{act}", args=[found.pk]), data or {}, **extra)


@pytest.mark.parametrize("role", ["volunteer_coordinator", "administrator", ()])
def test_the_pages_do_not_exist_for_those_who_may_not_import(client, role):
    client.force_login(UserFactory(role=role))
    assert client.get("/indlaes/").status_code == 404


def test_caseworkers_may_import_and_a_manager_who_sees_no_names_may_not(client):
    client.force_login(UserFactory(role="manager"))
    assert client.get("/indlaes/").status_code == 404
    client.force_login(UserFactory(role="caseworker"))
    page = client.get("/indlaes/")
    assert page.status_code == 200
    assert "Her står de lister, I har indlæst" in page.content.decode()


def test_another_teams_list_does_not_exist(client, worker):
    found = the_list(client)
    client.force_login(UserFactory(role="caseworker", team=TeamFactory()))
    for path in ("", "kolonner/", "fortryd/"):
        assert client.get(f"/indlaes/{found.pk}/{path}").status_code == 404
    for act in ("valg", "sagsbehandler", "indlaes", "kasser", "fortryd"):
        assert client.post(f"/indlaes/{found.pk}/{act}/").status_code == 404


def test_the_preview_says_what_each_row_means_and_writes_nothing(client, worker):
    found = the_list(client)
    page = client.get(found.get_absolute_url()).content.decode()
    assert "18 rækker læst" in page
    assert "14 nye personer, 1 dublet og 3 rækker med fejl." in page
    assert "Indlæs 8 familier med 14 personer" in page
    assert "Fødselsdatoen 31-02-1990 findes ikke i kalenderen." in page
    assert "051179-••••" in page
    assert "0511791127" not in page
    assert "051179-1127" not in page
    assert "Allergisk" not in page
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("chosen", "there", "gone"),
    [
        ("fejl", "Oksana Melnyk", "Daryna Kovalenko"),
        ("dubletter", "Samme Udl.nr. som række 5", "Melnyk"),
        ("advarsler", "Mykola O. Lysenko", "Daryna"),
        ("nye", "Daryna", "Melnyk"),
    ],
)
def test_the_counts_are_filters(client, worker, chosen, there, gone):
    found = the_list(client)
    page = client.get(found.get_absolute_url(), {"vis": chosen}).content.decode()
    assert there in page
    assert gone not in page


def test_the_list_is_read_in_once_however_often_it_is_sent(client, worker):
    found = the_list(client)
    for _attempt in range(2):
        assert do(client, "commit", found).url == found.get_absolute_url()
    assert (Case.objects.count(), Person.objects.count()) == (8, 14)
    page = client.get(found.get_absolute_url()).content.decode()
    assert "Indlæst: 8 nye familier og 14 nye personer." in page
    assert Case.objects.first().get_absolute_url() in page
    assert {row.outcome for row in ImportRow.objects.all() if row.cells} == {"rejected"}


def test_the_same_file_sent_twice_is_one_preview(client, worker):
    the_list(client)
    the_list(client)
    assert Import.objects.count() == 1


def test_each_family_gets_the_chosen_caseworker_and_remarks_stay_with_them(client, worker):
    colleague = UserFactory(role="caseworker", team=worker.team)
    found = the_list(client)
    family = ImportFamily.objects.get(number="F-2201")
    assert family.caseworker == worker
    do(client, "choose", found, {f"caseworker_{family.pk}": colleague.pk})
    do(client, "commit", found, {f"caseworker_{family.pk}": colleague.pk})
    case = Case.objects.get(external_number="F-2201")
    assert case.caseworker == colleague
    remarks = Entry.objects.filter(case=case, kind="intake.remark")
    assert remarks.count() == 2
    assert not remarks.visible_to(worker).exists()
    assert remarks.visible_to(colleague).count() == 2
    assert case.steps.get(rule="").owner == colleague


def test_one_caseworker_is_chosen_for_all_families_at_once(client):
    client.force_login(UserFactory(role=("manager", "caseworker")))
    colleague = UserFactory(role="caseworker")
    found = the_list(client)
    do(client, "choose_for_all", found, {"caseworker": colleague.pk})
    do(client, "commit", found, {f"caseworker_{f.pk}": colleague.pk for f in found.families.all()})
    assert set(Case.objects.values_list("caseworker", flat=True)) == {colleague.pk}


def test_somebody_who_is_no_caseworker_can_not_be_chosen(client, worker):
    found = the_list(client)
    stranger = UserFactory(role="administrator")
    family = found.families.first()
    do(client, "commit", found, {f"caseworker_{family.pk}": stranger.pk})
    assert not Case.objects.exists()
    found.refresh_from_db()
    assert found.state == "preview"


def test_changes_are_taken_over_only_where_ticked(client, worker):
    upload(client, a_list(MARCHENKO))
    do(client, "commit", Import.objects.get())
    upload(client, a_list(MARCHENKO.replace("20481193", "20481194").replace("Yurii", "Yuriy")), "ny.csv")
    found = Import.objects.first()
    page = client.get(found.get_absolute_url()).content.decode()
    assert "20 48 11 93</del>" in page
    assert "Overfør de valgte ændringer" in page
    row = found.rows.get()
    do(client, "commit", found, {f"take_{row.pk}": ["phone"]})
    person = Person.objects.get()
    assert (person.phone, person.given_names) == ("+4520481194", "Yurii")
    assert Entry.objects.filter(kind="cases.person_changed").count() == 1


def test_a_tick_holds_only_for_what_was_on_the_screen(client, worker):
    upload(client, a_list(MARCHENKO))
    do(client, "commit", Import.objects.get())
    upload(client, a_list(MARCHENKO.replace("20481193", "20481194")), "ny.csv")
    found = Import.objects.first()
    row = found.rows.get()
    do(client, "choose", found, {f"take_{row.pk}": ["phone"]})
    Person.objects.update(phone="+4511223344")
    do(client, "commit", found, {f"take_{row.pk}": ["phone"]})
    assert Person.objects.get().phone == "+4511223344"


def test_unknown_headings_are_asked_about_once_per_source(client, worker):
    odd = "Nr;Person;Hus;Slægt;Kaldenavn\n1;70.000.001;F-1;Marchenko;Yurii"
    assert upload(client, odd).status_code == 302
    found = Import.objects.get()
    page = client.get(found.get_absolute_url(), follow=True)
    assert page.redirect_chain == [(f"/indlaes/{found.pk}/kolonner/", 302)]
    unclear = {f"column_{n}": "udl_nr" if n == 1 else "-" for n in range(5)}
    assert "Vælg, hvilke kolonner" in do(client, "columns", found, unclear).content.decode()
    chosen = {
        "column_0": "-",
        "column_1": "udl_nr",
        "column_2": "family_number",
        "column_3": "surname",
        "column_4": "given_names",
    }
    do(client, "columns", found, chosen)
    found.refresh_from_db()
    assert found.state == "preview"
    assert found.rows.get().outcome == "new"
    assert LearnedHeading.objects.count() == 5
    upload(client, odd.replace("Yurii", "Ivan"), "ny.csv")
    assert Import.objects.first().state == "preview"


def test_samples_of_unknown_columns_hide_cpr_numbers(client, worker):
    upload(client, "Familienr.;Udl.nr.;Navn;Kode\nF-1;70.000.001;Yurii Marchenko;740391-1126")
    page = client.get(Import.objects.get().get_absolute_url(), follow=True).content.decode()
    assert "740391" not in page
    assert "••••••-••••" in page


def test_a_list_can_be_thrown_away(client, worker):
    found = the_list(client)
    do(client, "discard", found)
    found.refresh_from_db()
    assert found.state == "discarded"
    assert not ImportRow.objects.exists()
    do(client, "commit", found)
    assert not Case.objects.exists()


def queries(client, url):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len(asked)


def test_three_families_ask_no_more_questions_than_one(client, worker):
    rows = [
        MARCHENKO.replace("F-1", f"F-{n}").replace("000.001", f"000.00{n}").replace("20481193", "") for n in range(3)
    ]
    counts = []
    for people in (1, 3):
        upload(client, a_list(*rows[:people]), f"{people}.csv")
        found = Import.objects.first()
        client.get("/indlaes/")
        preview = queries(client, found.get_absolute_url())
        do(client, "commit", found)
        counts.append((preview, queries(client, found.get_absolute_url()), queries(client, "/indlaes/")))
        do(client, "undo", found)
    assert counts[0] == counts[1]


def test_files_that_can_not_be_read_get_a_sentence(client, worker):
    page = upload(client, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 100, "gammel.xlsx").content.decode()
    assert "det gamle Excel-format" in page
    assert upload(client, b"MZ", "x.exe").status_code == 200
    assert client.post("/indlaes/", {}).status_code == 200
    assert not Import.objects.exists()


def test_rejected_rows_reach_the_managers_unless_somebody_deals_with_them(client, worker, today):
    found = the_list(client)
    do(client, "commit", found)
    notice = Notice.objects.get(subject=f"rejected_rows:{found.pk}")
    assert (notice.date, notice.dropped) == (today + timedelta(days=3), False)
    assert "Oksana Melnyk" in client.get(found.get_absolute_url()).content.decode()
    do(client, "settle", found)
    notice.refresh_from_db()
    assert notice.dropped
    page = client.get(found.get_absolute_url()).content.decode()
    assert "Oksana Melnyk" not in page
    assert "De afviste rækker er håndteret" not in page
    assert not any(row.cells for row in ImportRow.objects.all())


def test_a_preview_that_nobody_went_on_with_is_forgotten(client, worker):
    found = the_list(client)
    Import.objects.update(created_at=found.created_at - timedelta(days=31))
    upload(client, a_list(MARCHENKO))
    found.refresh_from_db()
    assert found.state == "discarded"
    assert not found.rows.exists()


PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ request.user.username }}",
    "=cmd|' /C calc'!A0",
    "'; DROP TABLE",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_text_from_the_list_is_only_text(client, worker, payload):
    row = MARCHENKO.replace("Marchenko", f'"{payload.replace(chr(34), chr(34) * 2)}"').replace(
        "01-10-1970", payload[:8]
    )
    upload(client, a_list(row, MARCHENKO.replace("F-1", payload.replace(";", "")[:30])))
    found = Import.objects.get()
    for url in (found.get_absolute_url(), "/indlaes/"):
        page = client.get(url).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert f"{worker.username} " not in page


def test_the_dates_of_the_list_start_the_stay(client, worker):
    upload(client, a_list(MARCHENKO))
    do(client, "commit", Import.objects.get())
    assert Person.objects.get().stays.get().residence_from == date(2022, 4, 21)


# --- A family known under another number ----------------------------------------------------------


BABY = "F-7;70.000.002;B;Marchenko;Ivan;01-03-2022;;12-04-2022;21-04-2022;21-04-2022;"


@pytest.fixture
def mother(worker):
    """Registered by hand, so no case has the list's number."""
    case = services.open_case(family_name="Marchenko", today=TODAY, caseworker=worker, team=worker.team)
    fields = {"role": "main", "given_names": "Yurii", "surname": "Marchenko", "udl_nr": "70.000.001"}
    return services.add_person(case, today=TODAY, dates={}, **fields)


def test_a_new_member_joins_the_known_case_and_the_preview_says_so(client, mother):
    upload(client, a_list(MARCHENKO.replace("F-1", "F-7"), BABY))
    found = Import.objects.get()
    page = client.get(found.get_absolute_url()).content.decode()
    assert f"En i familien har allerede sag {mother.case.number}. Personen føjes til den." in page
    assert "Opret en ny sag i stedet" in page
    do(client, "commit", found)
    assert Person.objects.get(udl_nr="70.000.002").case == mother.case
    assert Case.objects.count() == 1


def test_one_may_choose_a_case_of_its_own(client, mother):
    upload(client, a_list(MARCHENKO.replace("F-1", "F-7"), BABY))
    found = Import.objects.get()
    apart = {f"apart_{found.families.get().pk}": "on"}
    assert do(client, "choose", found, apart, HTTP_HX_REQUEST="true").headers["HX-Refresh"] == "true"
    page = client.get(found.get_absolute_url()).content.decode()
    assert "Personen får alligevel en ny sag" in page
    do(client, "commit", found, apart)
    assert Person.objects.get(udl_nr="70.000.002").case != mother.case
