"""The pages of the local community: consents, contact persons, introductions, volunteers, the coordinator's list."""

from datetime import date

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Team
from cases import services as record
from cases.formats import years_before
from cases.models import Case, Consent, Entry
from deadlines import engine
from tests.factories import TODAY, LocalityFactory, UserFactory
from tests.volunteers.makers import ARRIVED, OrganisationFactory, VolunteerFactory, cleared, family
from volunteers import panel, rules
from volunteers.models import Introduction, LeisureIntroduction, Match, Volunteer
from volunteers.services import households, ties

pytestmark = pytest.mark.django_db
ON = {"on": "23.11.2026"}


def url(name, case, *rest):
    return reverse(f"volunteers:{name}", args=[case.number, *rest])


def text(response):
    return response.content.decode()


# --- Who gets in ------------------------------------------------------------------------------

ACTS = {
    "introduction": ({"organisation_name": "Nabohjælpen"}, Introduction),
    "leisure_introduction": ({"activity": "Blovstrød IF"}, LeisureIntroduction),
    "contact_person": ({"outcome": "not_wanted"}, Match),
    "consent": ({"agreed": "on", "language": "ukrainsk"}, Consent),
}
acts = pytest.mark.parametrize(("name", "data", "model"), [(name, *act) for name, act in ACTS.items()], ids=ACTS)


@acts
@pytest.mark.parametrize("role", ["volunteer_coordinator", "caseworker"])
def test_coordinator_and_caseworker_do_the_acts(client, team, case, role, name, data, model):
    client.force_login(UserFactory(team=team, role=role))
    assert client.get(url(name, case)).status_code == 200
    answer = client.post(url(name, case), {**ON, **data, "cause": "other"})
    assert answer.status_code == 302, text(answer)
    assert model.objects.get().case == case
    assert Entry.objects.filter(case=case, area="volunteers", on=date(2026, 11, 23)).exists()


@acts
@pytest.mark.parametrize("role", ["manager", "administrator"])
def test_others_find_no_page(client, team, case, role, name, data, model):
    client.force_login(UserFactory(team=team, role=role))
    assert client.get(url(name, case)).status_code == 404
    assert client.post(url(name, case), {**ON, **data}).status_code == 404
    assert not model.objects.exists()


@acts
def test_a_foreign_family_does_not_exist(web, name, data, model):
    foreign = family(Team.objects.create(name="Et andet team"))
    assert web.get(url(name, foreign)).status_code == web.post(url(name, foreign), {**ON, **data}).status_code == 404
    assert not model.objects.exists()


@pytest.mark.parametrize("name", ["contacts", "volunteers", "add_volunteer"])
def test_lists_are_for_those_who_match(client, team, name):
    for role, status in (("volunteer_coordinator", 200), ("caseworker", 200), ("manager", 404), ("administrator", 404)):
        client.force_login(UserFactory(team=team, role=role))
        assert client.get(reverse(f"volunteers:{name}")).status_code == status


# --- Choosing a volunteer ---------------------------------------------------------------------


def test_who_can_be_chosen_and_who_not_stands_there_in_words(web, case):
    cleared(name="Karin Frandsen")
    VolunteerFactory(name="Bo Holm")
    shown = text(web.get(url("contact_person", case)))
    assert shown.index("Karin Frandsen · ") < shown.index("Bo Holm · ")
    assert "Karin Frandsen · " in shown
    assert "har ingen familie nu" in shown
    assert "Kan ikke vælges til familien" in shown
    assert "har ingen vurderet børneattest, og der er børn under 15 år" in shown
    assert shown.count("disabled") == 1


def test_the_family_is_asked_before_it_is_matched(web, case):
    volunteer = cleared()
    data = {**ON, "outcome": "match", "volunteer": volunteer.pk}
    assert "Spørg familien først" in text(web.post(url("contact_person", case), data))
    assert web.post(url("contact_person", case), {**data, "asked": "on", "language": "ukrainsk"}).status_code == 302
    assert Match.objects.get().volunteer == volunteer
    assert (Consent.objects.get().language, Consent.objects.get().given_on) == ("ukrainsk", date(2026, 11, 23))


def test_a_posted_stop_is_refused_in_words(web, case):
    ties.record_consent(case, on=TODAY, today=TODAY, by=None)
    volunteer = VolunteerFactory(name="Bo Holm")
    refused = web.post(url("contact_person", case), {**ON, "outcome": "match", "volunteer": volunteer.pk})
    assert refused.status_code == 422
    assert "Bo Holm har ingen vurderet børneattest" in text(refused)
    assert not Match.objects.exists()


def test_somebody_must_be_chosen(web, case):
    ties.record_consent(case, on=TODAY, today=TODAY, by=None)
    assert "Vælg, hvem der bliver kontaktperson" in text(
        web.post(url("contact_person", case), {**ON, "outcome": "match"})
    )


def test_the_choice_costs_the_same_for_one_volunteer_and_for_three(web, case):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            web.get(url("contact_person", case))
        return len(caught)

    cleared()
    queries()
    one = queries()
    cleared()
    VolunteerFactory()
    assert queries() == one


def test_a_match_is_ended_and_a_new_round_opens(web, case):
    ties.record_consent(case, on=ARRIVED, today=TODAY, by=None)
    match = ties.match_volunteer(case, volunteer=cleared(), on=date(2026, 11, 16), today=TODAY, by=None)
    assert web.get(url("end_match", case, match.pk)).status_code == 200
    assert web.post(url("end_match", case, match.pk), {**ON, "reason": "family"}).status_code == 302
    assert case.steps.filter(rule=rules.CONTACT_PERSON.key).count() == 2
    assert web.get(url("end_match", case, match.pk)).status_code == 404


def test_a_consent_is_withdrawn(web, case):
    ties.record_consent(case, on=ARRIVED, today=TODAY, by=None)
    assert web.post(url("withdraw_consent", case), ON).status_code == 302
    assert Consent.objects.get().withdrawn_on == date(2026, 11, 23)
    assert "ikke noget samtykke" in text(web.post(url("withdraw_consent", case), ON))


def test_a_consent_is_never_late(web, case, clock):
    clock.move_to("2027-01-11T08:00:00+00:00")
    web.force_login(UserFactory(team=case.team, role="volunteer_coordinator"))
    assert web.post(url("consent", case), {"on": "11.01.2027", "agreed": "on"}).status_code == 302


@pytest.mark.parametrize("kind", ["match", "introduction", "leisure"])
def test_an_annulled_row_opens_its_step(web, case, team, kind):
    on = {"on": TODAY, "today": TODAY, "by": None}
    row, rule = {
        "match": lambda: (ties.decline_match(case, **on), rules.CONTACT_PERSON),
        "introduction": lambda: (ties.introduce(case, organisation_name="Nabohjælpen", **on), rules.INTRODUCTION),
        "leisure": lambda: (ties.introduce_leisure(case, activity="Skak", **on), rules.LEISURE_INTRODUCTION),
    }[kind]()
    assert web.get(url(f"annul_{kind}", family(team), row.pk)).status_code == 404
    assert web.get(url(f"annul_{kind}", case, row.pk)).status_code == 200
    assert web.post(url(f"annul_{kind}", case, row.pk), {"reason": "Forkert familie"}).status_code == 302
    assert case.steps.get(rule=rule.key).met_on is None
    assert web.get(url(f"annul_{kind}", case, row.pk)).status_code == 404


# --- Volunteers -------------------------------------------------------------------------------


def test_a_volunteer_is_added_and_changed(web):
    OrganisationFactory(name="Nabohjælpen")
    data = {
        "name": "Karin Frandsen", "organisation_name": "nabohjælpen", "phone": "20 48 11 93", "capacity": "2",
        "certificate": "cleared", "certificate_assessed_on": "1/10-26", "active": "on",
    }  # fmt: skip
    assert '<option value="Nabohjælpen">' in text(web.get(reverse("volunteers:add_volunteer")))
    assert web.post(reverse("volunteers:add_volunteer"), data).status_code == 302
    volunteer = Volunteer.objects.get()
    assert (volunteer.phone, volunteer.capacity, volunteer.organisation.name) == ("+4520481193", 2, "Nabohjælpen")
    assert volunteer.certificate_assessed_on == date(2026, 10, 1)
    edit = reverse("volunteers:edit_volunteer", args=[volunteer.pk])
    assert "20 48 11 93" in text(web.get(edit))
    del data["active"]
    assert web.post(edit, {**data, "certificate": "required"}).status_code == 302
    volunteer.refresh_from_db()
    assert (volunteer.active, volunteer.certificate_assessed_on) == (False, None)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Udfyld feltet »Navn«."),
        ("phone", "abc", "Skriv et telefonnummer"),
        ("capacity", "99", "Skriv et tal fra 0 til 10."),
        ("certificate", "cleared", "Skriv dagen, da børneattesten blev vurderet."),
        ("secrecy_signed_on", "1.1.2027", "Datoen ligger frem i tiden."),
    ],
)
def test_mistakes_are_named_in_danish(web, field, value, sentence):
    data = {"name": "Bo Holm", "capacity": "1", "certificate": "required", field: value}
    refused = web.post(reverse("volunteers:add_volunteer"), data)
    assert refused.status_code == 422
    assert sentence in text(refused)
    assert not Volunteer.objects.exists()


def test_the_list_of_volunteers_costs_the_same_for_one_and_for_three(web):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            shown = text(web.get(reverse("volunteers:volunteers")))
        return len(caught), shown

    assert "Ingen frivillige endnu" in queries()[1]
    VolunteerFactory()
    one, _shown = queries()
    VolunteerFactory(active=False, locality=LocalityFactory())
    cleared(secrecy_signed_on=ARRIVED, organisation=None)
    three, shown = queries()
    assert one == three
    assert "Ikke aktiv" in shown
    assert "Vurderet, kan indgå" in shown


# --- Families without a contact person --------------------------------------------------------


def listed(web):
    return text(web.get(reverse("volunteers:contacts")))


def test_the_oldest_family_stands_first(web, team):
    for name, day in (("Melnyk", date(2026, 11, 16)), ("Bondar", date(2026, 10, 5)), ("Rudenko", None)):
        record_case = family(team, **({"arrived_on": day} if day else {"expected_on": date(2026, 12, 1)}))
        Case.objects.filter(pk=record_case.pk).update(family_name=name)
    shown = listed(web)
    assert shown.index("Bondar") < shown.index("Melnyk") < shown.index("Rudenko")
    assert "20 dage over" in shown
    assert "Ikke ankommet endnu" in shown


def test_the_list_shows_names_bands_languages_place_and_wishes_and_nothing_else(web, case):
    case.locality = LocalityFactory(name="Blovstrød")
    case.save()
    record.write_note(case, kind="note", body="Et fortroligt notat", on=TODAY, by=None)
    ties.record_consent(case, on=TODAY, today=TODAY, by=None, wishes="Hjælp til lektier")
    with CaptureQueriesContext(connection) as caught:
        shown = listed(web)
    for expected in (
        "Olena (30–59 år), Sofiia (6–12 år)",
        "russisk og ukrainsk",
        "Blovstrød",
        "Hjælp til lektier",
        "Familien har sagt ja 24. nov.",
    ):
        assert expected in shown
    assert "1990" not in shown
    assert "2017" not in shown
    read = [query["sql"] for query in caught if "cases_person" in query["sql"]]
    assert read
    fetched = [sql.split(" FROM ")[0] for sql in read]
    assert not any('"birth_date",' in columns or columns.endswith('"birth_date"') for columns in fetched), fetched
    assert not any("cases_entry" in query["sql"] or "cpr" in query["sql"] for query in caught)


def test_the_next_step_follows_the_consent(web, case):
    assert "Spørg familien" in listed(web)
    ties.record_consent(case, on=TODAY, today=TODAY, by=None)
    assert "Ingen kan vælges" in listed(web)
    cleared(name="Karin Frandsen")
    assert "Se forslag" in (shown := listed(web))
    assert "Karin Frandsen" in shown
    ties.withdraw_consent(case, on=TODAY, today=TODAY, by=None)
    assert "Spørg familien" in listed(web)


def test_whoever_has_one_or_wants_none_or_is_gone_or_foreign_is_not_listed(web, case, team):
    ties.decline_match(case, on=TODAY, today=TODAY, by=None)
    family(Team.objects.create(name="Et andet team"))
    left = family(team)
    for stay in [person.stays.get() for person in left.people.all()]:
        record.leave(stay, on=TODAY, reason="moved", by=None, today=TODAY)
    engine.refresh([left.pk], rules.RULES, today=TODAY)
    record.close_case(family(team), on=TODAY, reason="other", by=None, today=TODAY)
    assert "Alle familier har en kontaktperson" in listed(web)


def test_the_list_costs_the_same_for_one_family_and_for_three(web, team):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            listed(web)
        return len(caught)

    family(team)
    queries()
    one = queries()
    for _number in range(2):
        ties.record_consent(family(team), on=TODAY, today=TODAY, by=None, wishes="En ven")
    assert queries() == one


@pytest.mark.parametrize(
    ("birth", "band"),
    [
        (None, "alder ukendt"),
        (date(2020, 11, 25), "0–5 år"),
        (date(2020, 11, 24), "6–12 år"),
        (date(1966, 11, 24), "60+ år"),
    ],
)
def test_age_bands(team, birth, band):
    case = family(team, {"given_names": "Ivan", "birth_date": birth})
    assert households.band_name(households.members([case.pk], today=TODAY)[case.pk][0]["band"]) == band


def test_a_leap_day_has_bands_too():
    assert years_before(date(2028, 2, 29), 6) == date(2022, 2, 28)


# --- The tab ----------------------------------------------------------------------------------


def test_the_tab_tells_the_story_and_offers_what_comes_next(case, user):
    empty = panel.panel(case, user)
    assert [act["text"] for act in empty["acts"]][:2] == ["Registrér familiens ja", "Vælg kontaktperson"]
    assert "endnu ikke spurgt" in render_to_string("volunteers/_panel.html", {"panel": empty})
    ties.record_consent(case, on=ARRIVED, today=TODAY, by=None, language="ukrainsk", wishes="En ven")
    ties.match_volunteer(case, volunteer=cleared(name="Karin Frandsen"), on=TODAY, today=TODAY, by=None)
    ties.introduce(case, on=TODAY, today=TODAY, by=None, organisation_name="Nabohjælpen")
    shown = panel.panel(case, user)
    assert [act["text"] for act in shown["acts"]] == [
        "Registrér introduktion til en organisation",
        "Registrér introduktion til fritid",
        "Registrér prøvetime eller medlemskab",
    ]
    html = render_to_string("volunteers/_panel.html", {"panel": shown})
    for expected in (
        "Spurgt på ukrainsk",
        "Kontaktperson: Karin Frandsen",
        "Introduceret til Nabohjælpen",
        "En ven",
        "Træk samtykket tilbage",
        "Afslut",
    ):
        assert expected in html


def test_a_manager_reads_the_tab_without_acts(case, team):
    ties.decline_match(case, on=TODAY, today=TODAY, by=None)
    shown = panel.panel(case, UserFactory(team=team, role="manager"))
    assert shown["acts"] == []
    assert shown["rows"][0]["links"] == []


def test_the_consent_says_with_which_organisation(web, case):
    data = ON | {"agreed": "on", "language": "ukrainsk", "organisation_name": "Nabohjælpen"}
    assert web.post(url("consent", case), data).status_code == 302
    assert Consent.objects.get().shared_with == "Frivillig kontaktperson, Nabohjælpen"
