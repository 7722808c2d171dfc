"""The pages of schooling: who gets in, what is asked, what is written, and the family's tab."""

from datetime import date

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Team
from cases.models import Entry
from deadlines import engine
from schooling import panel, rules, services
from schooling.models import DaycareOffer, LanguageOffer, LanguageReferral, SchoolOffer
from tests.factories import TODAY, UserFactory, a_family

pytestmark = pytest.mark.django_db
RESIDENCE = date(2026, 11, 13)
PEOPLE = (
    {"given_names": "Halyna"},
    {"given_names": "Sofiia", "role": "child", "birth_date": date(2017, 3, 1)},
    {"given_names": "Mark", "role": "child", "birth_date": date(2024, 3, 1)},
)


@pytest.fixture
def team():
    return Team.objects.create(name="Jobberiet")


@pytest.fixture
def user(team):
    return UserFactory(team=team, role="caseworker")


@pytest.fixture
def web(client, user):
    client.force_login(user)
    return client


@pytest.fixture
def case(team, user):
    return family(team, user)


def family(team, user):
    dates = {"visitation_on": RESIDENCE, "residence_from": RESIDENCE, "responsibility_from": RESIDENCE}
    case = a_family(*PEOPLE, team=team, caseworker=user, **dates)
    engine.refresh([case.pk], rules.RULES, today=TODAY)
    return case


def who(case, name):
    return case.people.get(given_names=name)


ACTS = {
    "daycare_offer": ("Mark", {"daycare": "Skovmusen"}, DaycareOffer),
    "school_offer": ("Sofiia", {"school": "Kratbjergskolen", "kind": "school", "grade": "3"}, SchoolOffer),
    "language_offer": ("Halyna", {"provider": "Sprogskolen Nord"}, LanguageOffer),
    "language_referral": ("Halyna", {"provider": "Sprogskolen Nord", "offered_too": "on"}, LanguageReferral),
}
acts = pytest.mark.parametrize(
    ("name", "given", "data", "model"), [(name, *act) for name, act in ACTS.items()], ids=ACTS
)


@acts
def test_an_act_is_shown_and_taken(web, case, name, given, data, model):
    url = reverse(f"schooling:{name}", args=[case.number, who(case, given).pk])
    shown = web.get(url)
    assert shown.status_code == 200
    assert "Hvornår skete det?" in shown.content.decode()
    answer = web.post(url, {"on": "23.11.2026", **data})
    assert answer.status_code == 302, answer.content.decode()
    assert model.objects.get().person == who(case, given)
    assert case.steps.get(rule=f"schooling.{name}", person__given_names=given).met_on == date(2026, 11, 23)
    assert Entry.objects.filter(case=case, area="schooling", on=date(2026, 11, 23)).exists()


@acts
def test_an_act_of_a_foreign_family_does_not_exist(web, name, given, data, model):
    other = UserFactory(team=Team.objects.create(name="Et andet team"))
    foreign = family(other.team, other)
    url = reverse(f"schooling:{name}", args=[foreign.number, who(foreign, given).pk])
    assert web.get(url).status_code == web.post(url, {"on": "23.11.2026", **data}).status_code == 404
    assert not model.objects.exists()


@acts
def test_an_act_for_somebody_of_another_family_does_not_exist(web, team, user, case, name, given, data, model):
    other = family(team, user)
    assert web.get(reverse(f"schooling:{name}", args=[case.number, who(other, given).pk])).status_code == 404


@acts
def test_the_volunteer_coordinator_registers_no_schooling(client, team, case, name, given, data, model):
    client.force_login(UserFactory(team=team, role="volunteer_coordinator"))
    url = reverse(f"schooling:{name}", args=[case.number, who(case, given).pk])
    assert client.get(url).status_code == client.post(url, {"on": "23.11.2026", **data}).status_code == 404


def test_a_late_act_asks_for_the_cause_once(web, case, clock):
    clock.move_to("2026-12-07T08:00:00+00:00")
    web.force_login(case.caseworker)
    url = reverse("schooling:school_offer", args=[case.number, who(case, "Sofiia").pk])
    data = {"on": "29.11.2026", "school": "Kratbjergskolen", "kind": "school"}
    again = web.post(url, data)
    assert again.status_code == 422
    assert "Det skete 2 dage efter fristen. Hvorfor?" in again.content.decode()
    assert web.post(url, {**data, "cause": "family"}).status_code == 302
    assert case.steps.get(rule="schooling.school_offer").cause == "family"


def test_the_grade_is_read_as_a_number_or_as_words(web, case):
    url = reverse("schooling:school_offer", args=[case.number, who(case, "Sofiia").pk])
    for typed, stored in (("3", "3. klasse"), ("0.", "0. klasse"), ("10. klasse", "10. klasse")):
        web.post(url, {"on": "23.11.2026", "school": "Lynge Skole", "kind": "school", "grade": typed})
        assert SchoolOffer.objects.latest("pk").grade == stored


def test_day_care_needs_a_name_unless_it_is_not_wanted(web, case):
    url = reverse("schooling:daycare_offer", args=[case.number, who(case, "Mark").pk])
    refused = web.post(url, {"on": "23.11.2026"})
    assert "Udfyld feltet »Dagtilbud«." in refused.content.decode()
    assert web.post(url, {"on": "23.11.2026", "answer": "not_wanted"}).status_code == 302


def test_a_future_day_is_refused_in_words(web, case):
    url = reverse("schooling:language_offer", args=[case.number, who(case, "Halyna").pk])
    refused = web.post(url, {"on": "25.11.2026", "provider": "Sprogskolen Nord"})
    assert "ligger frem i tiden" in refused.content.decode()


def test_places_typed_before_are_suggested(web, case):
    services.offer_school(who(case, "Sofiia"), on=TODAY, today=TODAY, by=None, school="Kratbjergskolen")
    shown = web.get(reverse("schooling:school_offer", args=[case.number, who(case, "Sofiia").pk]))
    assert '<option value="Kratbjergskolen">' in shown.content.decode()


def test_the_referral_asks_about_the_offer_only_while_it_is_missing(web, case):
    person = who(case, "Halyna")
    url = reverse("schooling:language_referral", args=[case.number, person.pk])
    assert "blev tilbudt samme dag" in web.get(url).content.decode()
    services.offer_language(person, on=TODAY, today=TODAY, by=None, provider="Sprogskolen Nord")
    assert "blev tilbudt samme dag" not in web.get(url).content.decode()


# --- Answers, starts, annulments --------------------------------------------------------------


@pytest.fixture
def rows(case):
    given = {"on": date(2026, 11, 20), "today": TODAY, "by": None}
    return {
        "daycare": services.offer_daycare(who(case, "Mark"), daycare="Skovmusen", **given),
        "school": services.offer_school(who(case, "Sofiia"), school="Kratbjergskolen", **given),
        "language": services.offer_language(who(case, "Halyna"), provider="Sprogskolen Nord", **given),
        "referral": services.refer_language(who(case, "Halyna"), provider="Sprogskolen Nord", **given),
    }


@pytest.mark.parametrize("kind", ["daycare", "school", "language"])
def test_the_answer_is_registered(web, case, rows, kind):
    row = rows[kind]
    url = reverse(f"schooling:answer_{kind}", args=[case.number, row.pk])
    assert web.get(url).status_code == 200
    assert web.post(url, {"on": "23.11.2026", "answer": "accepted", "starts_on": "1.12.2026"}).status_code == 302
    row.refresh_from_db()
    assert row.answer == "accepted"
    assert getattr(row, "starts_on", None) == (None if kind == "language" else date(2026, 12, 1))


def test_the_start_of_the_course_is_registered(web, case, rows):
    url = reverse("schooling:language_start", args=[case.number, rows["referral"].pk])
    assert web.get(url).status_code == 200
    assert "et tal fra 1 til 6" in web.post(url, {"on": "23.11.2026", "level": "du3", "module": "9"}).content.decode()
    assert "Vælg danskuddannelsen" in web.post(url, {"on": "23.11.2026", "module": "1"}).content.decode()
    assert web.post(url, {"on": "23.11.2026", "level": "du3", "module": "1"}).status_code == 302
    assert LanguageReferral.objects.get().started_on == date(2026, 11, 23)


@pytest.mark.parametrize("kind", ["daycare", "school", "language", "referral"])
def test_an_annulled_row_opens_its_step(web, case, rows, kind):
    row = rows[kind]
    url = reverse(f"schooling:annul_{kind}", args=[case.number, row.pk])
    assert web.get(url).status_code == 200
    assert web.post(url, {"reason": "Skrevet på den forkerte"}).status_code == 302
    row.refresh_from_db()
    assert row.annulled_on == TODAY
    rule = {
        "daycare": "daycare_offer",
        "school": "school_offer",
        "language": "language_offer",
        "referral": "language_referral",
    }[kind]
    assert case.steps.get(rule=f"schooling.{rule}", person=row.person).met_on is None
    assert web.get(url).status_code == 404


@pytest.mark.parametrize(
    "name", ["answer_daycare", "answer_school", "annul_language", "annul_referral", "language_start"]
)
def test_rows_of_a_foreign_family_do_not_exist(web, rows, case, name):
    other = UserFactory(team=Team.objects.create(name="Et andet team"))
    foreign = family(other.team, other)
    kind = "referral" if name == "language_start" else name.split("_")[1]
    assert web.get(reverse(f"schooling:{name}", args=[foreign.number, rows[kind].pk])).status_code == 404
    own = family(case.team, case.caseworker)
    assert web.get(reverse(f"schooling:{name}", args=[own.number, rows[kind].pk])).status_code == 404


# --- The tab ----------------------------------------------------------------------------------


def test_the_tab_shows_facts_acts_and_annulments_per_person(case, rows):
    shown = panel.panel(case, case.caseworker)
    by_name = {person["name"]: person for person in shown["people"]}
    assert [row["text"] for row in by_name["Halyna Kovalenko"]["rows"]] == [
        "Tilbudt sprogskole hos Sprogskolen Nord, svar mangler",
        "Henvist til Sprogskolen Nord, start mangler",
    ]
    texts = [link["text"] for row in by_name["Halyna Kovalenko"]["rows"] for link in row["links"]]
    assert texts == ["Registrér svar", "Annullér", "Registrér start", "Annullér"]
    assert [act["text"] for act in by_name["Sofiia Kovalenko"]["acts"]] == ["Registrér nyt: skole"]
    html = render_to_string("schooling/_panel.html", {"panel": shown})
    assert "Tilbudt plads i Skovmusen, svar mangler" in html


def test_the_empty_tab_says_what_comes(team, user):
    case = a_family({"given_names": "Ivan"}, team=team, caseworker=user)
    shown = panel.panel(case, user)
    assert shown["people"] == []
    assert "Ingen tilbud i leg og læring" in render_to_string("schooling/_panel.html", {"panel": shown})


def test_the_tab_asks_the_same_number_of_questions_for_one_person_and_for_three(case, rows, user, team):
    alone = a_family({"given_names": "Ivan"}, team=team, caseworker=user, residence_from=RESIDENCE)

    def queries(family):
        user.roles, user.openings, user.acting_for  # noqa: B018 - rights are read once per request
        with CaptureQueriesContext(connection) as caught:
            panel.panel(family, user)
        return len(caught)

    assert queries(alone) == queries(case) <= 6


def test_a_course_that_began_shows_level_and_module(case, rows):
    services.start_language(rows["referral"], on=TODAY, today=TODAY, by=None, level="du2", module=3)
    person = next(
        person for person in panel.panel(case, case.caseworker)["people"] if person["name"].startswith("Halyna")
    )
    assert person["rows"][1]["note"] == "Begyndt 24. november 2026, Danskuddannelse 2, modul 3"
