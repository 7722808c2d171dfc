"""The pairs: what was heard and when, pauses, the volunteer's own link, and what it does not show."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Team
from cases.models import Case, Entry
from tests.factories import TODAY, UserFactory, a_family
from tests.volunteers.makers import VolunteerFactory
from volunteers.models import Contact, Match, Pause, Volunteer
from volunteers.services import pairs, proposals, ties
from volunteers.services.pairs import Rest, quiet_days

STARTED = date(2026, 11, 1)
days = st.integers(0, 60).map(lambda number: STARTED + timedelta(days=number))


# --- The count ----------------------------------------------------------------------------------


@given(heard=st.none() | days, today=days, rests=st.lists(st.tuples(days, st.none() | days), max_size=3))
def test_the_days_are_counted_as_one_counts_them_on_the_fingers(heard, today, rests):
    rests = [(first, last) for first, last in rests if last is None or last >= first]

    def silent() -> int:
        """Walk back from today, a day at a time, until something happened."""
        day, number = today, 0
        while day > STARTED and day != heard:
            if any(first <= day and (last is None or day <= last) and first <= today for first, last in rests):
                return number
            day, number = day - timedelta(days=1), number + 1
        return number

    expected = silent() if heard is None or heard <= today else 0
    assert quiet_days(STARTED, heard, [Rest(*rest) for rest in rests], today=today) == expected


@pytest.mark.parametrize(("number", "quiet"), [(13, False), (14, True), (15, True)])
def test_fourteen_days_are_quiet(number, quiet):
    assert pairs.is_quiet(quiet_days(STARTED, None, [], today=STARTED + timedelta(days=number))) is quiet


# --- The pages ----------------------------------------------------------------------------------


def a_pair(team, *, since: date = STARTED, surname: str = "Rudenko") -> Match:
    case = a_family({"given_names": "Olena"}, team=team, arrived_on=since)
    Case.objects.filter(pk=case.pk).update(family_name=surname)
    case.family_name = surname
    ties.record_consent(case, on=since, today=TODAY, by=None)
    return ties.match_volunteer(case, volunteer=VolunteerFactory(), on=since, today=TODAY, by=None)


@pytest.fixture
def pair(team):
    return a_pair(team)


def of(pair, name):
    return reverse(f"volunteers:{name}", args=[pair.case.number, pair.pk])


def listed(web):
    return web.get(reverse("volunteers:pairs")).content.decode()


def test_who_was_not_heard_from_stands_there_once_per_pair(web, pair):
    assert "Ikke hørt fra i 23 dage" in listed(web)
    assert "1 er ikke hørt fra i 14 dage" in listed(web)
    answer = web.post(of(pair, "contact"), {"on": "23.11.2026", "going": "well", "note": "I svømmehallen"})
    assert answer["Location"] == reverse("volunteers:pairs")
    shown = listed(web)
    assert "Ikke hørt fra" not in shown
    for words in ("23. nov.", "Det går godt", "I svømmehallen"):
        assert words in shown


def test_a_contact_is_a_line_without_its_note(web, pair):
    web.post(of(pair, "contact"), {"on": "23.11.2026", "going": "slowly", "note": "Hemmeligt"})
    line = Entry.objects.get(kind="volunteers.contact")
    assert line.text == "Kontakt med kontaktpersonen: det går langsomt"
    assert "Hemmeligt" not in f"{line.text}{line.body}"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"on": "25.11.2026", "going": "well"}, "Datoen ligger frem i tiden."),
        ({"on": "01.10.2026", "going": "well"}, "Datoen ligger før begyndelsen"),
        ({"on": "", "going": "well"}, "Skriv en dato"),
        ({"on": "23.11.2026", "going": ""}, "Udfyld feltet »Hvordan går det?«."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(web, pair, typed, told):
    answer = web.post(of(pair, "contact"), typed | {"note": "Gik godt i biffen"})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert "Gik godt i biffen" in answer.content.decode()
    assert not Contact.objects.exists()


def test_a_pause_of_the_pair_and_its_end(web, pair):
    web.post(of(pair, "pause"), {"starts_on": "24.11.2026", "ends_on": "05.12.2026"})
    assert "Pause til 5. dec." in listed(web)
    web.post(of(pair, "pause"), {"end": "1"})
    assert "Ikke hørt fra" in listed(web)
    assert not Pause.objects.exists(), "it had not begun before today"


def test_a_summer_for_all_and_a_pause_of_the_volunteer(web, pair):
    web.post(reverse("volunteers:pause_all"), {"starts_on": "20.11.2026", "ends_on": ""})
    assert "Pause" in listed(web)
    assert "Ikke hørt fra" not in listed(web)
    web.post(reverse("volunteers:pause_all"), {"end": "1"})
    assert Pause.objects.get().ends_on == date(2026, 11, 23)
    url = reverse("volunteers:pause_volunteer", args=[pair.volunteer_id])
    web.post(url, {"starts_on": "24.11.2026", "ends_on": "30.11.2026"})
    assert "Pause til 30. nov." in listed(web)
    other = a_family({"given_names": "Halyna"}, team=pair.case.team, arrived_on=STARTED)
    assert proposals.for_case(other, on=TODAY)[0].obstacle == "holder pause til 30. november 2026"


def test_a_pause_can_not_end_before_it_begins(web, pair):
    answer = web.post(of(pair, "pause"), {"starts_on": "24.11.2026", "ends_on": "20.11.2026"})
    assert answer.status_code == 422
    assert "Pausen slutter, før den begynder." in answer.content.decode()
    with pytest.raises(ValidationError):
        pairs.pause(starts_on=TODAY, ends_on=STARTED)


def test_whom_the_volunteer_has_had_stands_on_the_own_page(web, pair):
    shown = web.get(reverse("volunteers:edit_volunteer", args=[pair.volunteer_id])).content.decode()
    assert "Familien Rudenko" in shown
    Case.objects.update(protected=True)
    assert "Rudenko" not in web.get(reverse("volunteers:edit_volunteer", args=[pair.volunteer_id])).content.decode()


@pytest.mark.parametrize("name", ["contact", "pause", "link"])
def test_another_team_s_pair_an_ended_one_and_a_protected_one_do_not_exist(web, team, name):
    foreign, ended, hidden = a_pair(Team.objects.create(name="Syd")), a_pair(team), a_pair(team)
    ties.end_match(ended, on=TODAY, reason="family", today=TODAY, by=None)
    Case.objects.filter(pk=hidden.case_id).update(protected=True)
    assert [web.get(of(pair, name)).status_code for pair in (foreign, ended, hidden)] == [404] * 3
    assert "Her er ingen par endnu" in listed(web)


def test_a_protected_pair_stands_in_no_list_not_even_its_caseworker_s(client, team, pair):
    mette = UserFactory(team=team, role="caseworker")
    Case.objects.filter(pk=pair.case_id).update(caseworker=mette)
    client.force_login(mette)
    assert "Rudenko" in listed(client)
    Case.objects.filter(pk=pair.case_id).update(protected=True)
    assert "Rudenko" not in listed(client)


def test_the_list_costs_the_same_for_one_pair_and_three(web, team):
    def queries():
        with CaptureQueriesContext(connection) as caught:
            listed(web)
        return len(caught)

    a_pair(team)
    queries()
    one = queries()
    for _number in range(2):
        pairs.record_contact(a_pair(team), on=TODAY, going="well", today=TODAY)
    assert queries() == one


def test_who_wants_a_call_stands_there_until_somebody_has_heard_again(web, pair):
    pairs.record_contact(pair, on=date(2026, 11, 22), going="well", today=TODAY)
    pairs.record_contact(pair, on=date(2026, 11, 5), going="help", today=TODAY, by_volunteer=True)
    pairs.pause(starts_on=TODAY, ends_on=None)
    assert "Ring til mig" in listed(web)
    assert "1 vil ringes op" in listed(web)
    pairs.record_contact(pair, on=TODAY, going="well", today=TODAY)
    assert "vil ringes op" not in listed(web)


@pytest.fixture
def with_child(team):
    """A pair whose family has a child under 15."""
    child = {"given_names": "Sofiia", "role": "child", "birth_date": date(2017, 3, 1)}
    case = a_family({"given_names": "Olena"}, child, team=team, arrived_on=STARTED)
    ties.record_consent(case, on=STARTED, today=TODAY, by=None)
    volunteer = VolunteerFactory(certificate="cleared", certificate_assessed_on=STARTED)
    return ties.match_volunteer(case, volunteer=volunteer, on=STARTED, today=TODAY, by=None)


REJECTED = {"certificate": "rejected", "certificate_assessed_on": TODAY}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"active": False}, "Ikke længere aktiv"),
        (REJECTED, "Kan ikke knyttes til en familie med børn under 15 år"),
        ({"certificate": "required", "certificate_assessed_on": None}, "Børneattest mangler"),
    ],
)
def test_papers_that_no_longer_hold_stand_there_in_red(web, with_child, change, told):
    assert told not in listed(web)
    Volunteer.objects.update(**change)
    shown = listed(web)
    assert told in shown
    assert "1 kan ikke fortsætte uden videre" in shown


def test_a_call_for_help_is_hidden_by_no_paper(web, with_child):
    Volunteer.objects.update(**REJECTED)
    pairs.record_contact(with_child, on=TODAY, going="help", today=TODAY, by_volunteer=True)
    shown = listed(web)
    assert "Kan ikke knyttes til" in shown
    assert "Ring til mig" in shown
    assert "1 kan ikke fortsætte uden videre og 1 vil ringes op" in shown


def test_a_closed_case_has_no_pair_and_no_link(web, pair):
    token = pairs.new_link(pair)
    Case.objects.filter(pk=pair.case_id).update(closed_on=TODAY, closing_reason="other")
    assert "Her er ingen par endnu" in listed(web)
    assert pairs.match_of(token) is None


# --- The volunteer's own link ---------------------------------------------------------------------


def the_link(web, pair) -> str:
    page = web.post(of(pair, "link")).content.decode()
    return re.search(r'value="http://testserver(/frivillig/[^"]+/)"', page).group(1)


def test_the_link_tells_how_it_goes_and_shows_nothing_else(web, pair):
    url, stranger = the_link(web, pair), Client()
    shown = stranger.get(url).content.decode()
    for hidden in ("Rudenko", "Olena", pair.case.number, pair.volunteer.name):
        assert hidden not in shown
    answer = stranger.post(url, {"on": "24.11.2026", "going": "help", "note": "<b>Ring</b>"})
    assert "Vi har modtaget din besked." in answer.content.decode()
    contact = Contact.objects.get()
    assert (contact.match, contact.by_volunteer, contact.recorded_by) == (pair, True, None)
    shown = listed(web)
    assert "Ring til mig" in shown
    assert "1 vil ringes op" in shown
    assert "<b>Ring</b>" not in shown


def test_only_the_hash_is_kept_and_a_new_link_ends_the_old(web, pair):
    first = the_link(web, pair)
    pair.refresh_from_db()
    assert pair.link_digest
    assert pair.link_digest not in first
    second = the_link(web, pair)
    assert "Linket virker ikke længere" in Client().get(first).content.decode()
    assert "Hvordan går det?" in Client().get(second).content.decode()


def unsigned(page: str) -> str:
    """Without what is new in each answer: the nonce and the token of the form."""
    return re.sub(r"[A-Za-z0-9+/=_-]{20,}", "", page)


def test_a_dead_link_and_an_unknown_one_look_the_same(web, pair):
    url = the_link(web, pair)
    ties.end_match(pair, on=TODAY, reason="family", today=TODAY, by=None)
    dead, unknown = (unsigned(Client().get(path).text) for path in (url, "/frivillig/findes-ikke/"))
    assert dead == unknown
    Client().post(url, {"on": "24.11.2026", "going": "well"})
    assert not Contact.objects.exists()
