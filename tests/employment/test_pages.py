"""The pages of employment: who may open them, the acts from form to step, the tab."""

import pytest
from django.urls import reverse

from cases.models import Entry
from employment import services
from employment.models import CompetenceProfile, Job, Referral, ReferralKind
from employment.panel import panel
from tests.employment.conftest import ago, resident, somebody, step
from tests.factories import TODAY, PersonFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client, mette):
    client.force_login(mette)
    return client


def url(name, person, pk=None):
    return reverse(f"employment:{name}", args=[person.case.number, pk or person.pk])


def rows(person, mette, on=TODAY):
    given = {"today": TODAY, "by": mette, "on": on}
    return (
        services.clarify(person, education="Sygeplejerske", **given),
        services.refer(person, kind=ReferralKind.JOB, employer="Lynge Plejehjem", **given),
        services.add_job(person, employer="Blovstrød Bageri", **given),
    )


def addresses(person, mette) -> list[str]:
    profile, referral, job = rows(person, mette)
    return [
        *(url(name, person) for name in ("competences", "profile", "referral", "add_job")),
        url("annul_profile", person, profile.pk),
        url("result", person, referral.pk),
        url("annul_referral", person, referral.pk),
        url("end_job", person, job.pk),
        url("annul_job", person, job.pk),
    ]


def test_a_foreign_case_does_not_exist(client, mette, stranger):
    found = addresses(resident(mette), mette)
    coordinator = UserFactory(role="volunteer_coordinator", team=mette.team)
    for user in (stranger, coordinator, UserFactory(role="administrator")):
        client.force_login(user)
        for address in found:
            assert (client.get(address).status_code, client.post(address).status_code) == (404, 404), address
    client.force_login(mette)
    assert {client.get(address).status_code for address in found} == {200}


def test_somebody_elses_row_is_not_reached_through_ones_own_case(browser, mette):
    mine, theirs = resident(mette), resident(mette)
    profile, referral, job = rows(theirs, mette)
    for name, row in (("annul_profile", profile), ("result", referral), ("end_job", job)):
        assert browser.get(url(name, mine, row.pk)).status_code == 404
    assert browser.get(url("competences", mine, theirs.pk)).status_code == 404


def test_competences_from_the_form_to_the_step(browser, mette):
    person = resident(mette)
    saved = browser.post(url("profile", person), {"education": "Sygeplejerske, Odesa", "cv_received_on": "20/11-26"})
    assert saved.status_code == 302
    assert step(person, "competences").evidence == "CV modtaget 20. nov., samtale mangler"
    page = browser.get(url("competences", person))
    assert "Sygeplejerske, Odesa" in page.text
    data = {
        "on": "23.11.2026",
        "education": "Sygeplejerske, Odesa",
        "languages": "ukrainsk",
        "cv_received_on": "20.11.2026",
    }
    assert browser.post(url("competences", person), data).status_code == 302
    assert step(person, "competences").met_on == ago(1)
    assert CompetenceProfile.objects.get().languages == "ukrainsk"


def test_a_referral_needs_a_named_place(browser, mette):
    person = resident(mette)
    response = browser.post(url("referral", person), {"on": "24.11.2026", "kind": "internship", "employer": ""})
    assert response.status_code == 422
    assert "Udfyld feltet »Virksomhed eller sted«." in response.text
    data = {"on": "24.11.2026", "kind": "internship", "employer": "Lynge Tømmerhandel", "starts_on": "1.12.2026"}
    assert browser.post(url("referral", person), data).status_code == 302
    assert str(Referral.objects.get().starts_on) == "2026-12-01"
    assert step(person, "referral").met_on == TODAY


def test_already_in_work_stores_a_job(browser, mette):
    person = resident(mette)
    data = {"on": "20.11.2026", "kind": "in_work", "employer": "Blovstrød Bageri", "hours_per_week": "37"}
    assert browser.post(url("referral", person), data).status_code == 302
    job = Job.objects.get()
    assert (job.hours_per_week, job.starts_on, Referral.objects.count()) == (37, ago(4), 0)
    assert step(person, "referral").met_on == ago(4)


def test_asks_for_the_cause_when_it_was_late(browser, mette):
    person = resident(mette, 40)
    person.case.steps.update(cause="")  # as if the family had been registered in time
    data = {"on": "24.11.2026", "kind": "job", "employer": "Lynge Plejehjem"}
    assert "efter fristen. Hvorfor?" in browser.post(url("referral", person), data).text
    browser.post(url("referral", person), {**data, "cause": "interpreter"})
    assert step(person, "referral").cause == "interpreter"


def test_result_job_and_end(browser, mette):
    person = resident(mette)
    _profile, referral, job = rows(person, mette)
    assert browser.post(url("result", person, referral.pk), {"on": "24.11.2026", "result": "hired"}).status_code == 302
    assert Job.objects.filter(employer="Lynge Plejehjem").exists()
    assert browser.post(url("end_job", person, job.pk), {"on": "1.1.2026"}).status_code == 422
    assert browser.post(url("end_job", person, job.pk), {"on": "24.11.2026"}).status_code == 302
    assert browser.post(url("add_job", person), {"on": "24.11.2026", "employer": "Lager"}).status_code == 302


@pytest.mark.parametrize("name", ["annul_profile", "annul_referral", "annul_job"])
def test_annul(browser, mette, name):
    person = resident(mette)
    row = dict(zip(("annul_profile", "annul_referral", "annul_job"), rows(person, mette), strict=True))[name]
    back = f"{person.case.get_absolute_url()}selvforsoergelse/"
    response = browser.post(url(name, person, row.pk), {"reason": "Forkert person", "next": back})
    assert (response.status_code, response.url) == (302, back)
    entry = Entry.objects.latest("pk")
    assert (entry.data_class, entry.kind) == ("work", f"employment.{name.removeprefix('annul_')}_annulled")
    assert entry.text.startswith("Annulleret: ")
    assert entry.text.endswith("Forkert person")


def test_the_tab(browser, mette):
    person = resident(mette)
    page = browser.get(f"{person.case.get_absolute_url()}selvforsoergelse/").text
    assert "Kompetencerne er ikke afklaret endnu." in page
    rows(person, mette)
    page = browser.get(f"{person.case.get_absolute_url()}selvforsoergelse/").text
    for words in ("Kompetencer afklaret 24. nov.", "Sygeplejerske", "Lynge Plejehjem", "Blovstrød Bageri", "Annullér"):
        assert words in page


def test_the_tab_without_anybody_of_working_age(browser, mette):
    child = somebody(mette, birth_date=ago(3000), role="child")
    page = browser.get(f"{child.case.get_absolute_url()}selvforsoergelse/").text
    assert "Ingen voksne i den arbejdsdygtige alder" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_panel_asks_four_times(mette, django_assert_num_queries, count):
    person = resident(mette)
    for at in range(count):
        rows(person, mette, on=ago(at))
        rows(PersonFactory(case=person.case), mette)
    assert mette.role_keys
    with django_assert_num_queries(4):
        panel(person.case, mette)
