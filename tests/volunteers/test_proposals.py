"""Proposals with their reasons: one family, and a whole evening at once."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Team
from cases import services as record
from cases.models import Case
from deadlines import engine
from tests.factories import TODAY, LocalityFactory, UserFactory, a_family
from tests.volunteers.makers import ARRIVED, VolunteerFactory, cleared, family
from volunteers import rules
from volunteers.models import Match, NoFit, Volunteer
from volunteers.services import ties

pytestmark = pytest.mark.django_db
ON = {"on": "23.11.2026"}


def url(name, case, *rest):
    return reverse(f"volunteers:{name}", args=[case.number, *rest])


def text(response):
    return response.content.decode()


def listed(web):
    return text(web.get(reverse("volunteers:contacts")))


# --- Proposals, one family and a whole evening --------------------------------------------------


@pytest.fixture
def waits(team):
    """A family with a child that has said yes."""
    case = family(team)
    ties.record_consent(case, on=TODAY, today=TODAY, by=None, wishes="Fodbold med Sofiia")
    return case


def seen(web, case):
    return web.get(reverse("volunteers:family", args=[case.number]))


def send(web, case, **data):
    return web.post(reverse("volunteers:family", args=[case.number]), data)


def test_proposals_come_with_reasons_and_stops_in_words(web, waits):
    cleared(name="Nina Høgh", interests="fodbold, musik", child_ages=["6–12"])
    VolunteerFactory(name="Bo Holm")
    shown = text(seen(web, waits))
    for words in (
        "Nina Høgh",
        "taler ukrainsk",
        "børn på 6–12 år",
        "fælles interesse: fodbold",
        "har ingen familie nu",
    ):
        assert words in shown, words
    assert "har ingen vurderet børneattest, og der er børn under 15 år" in shown
    assert shown.index("Nina Høgh") < shown.index("Bo Holm")


def test_two_clicks_tie_a_volunteer(web, waits):
    nina = cleared(name="Nina Høgh")
    assert "Nina Høgh" in listed(web)
    answer = send(web, waits, volunteer=nina.pk)
    assert answer["Location"] == reverse("volunteers:contacts")
    assert Match.objects.get().volunteer == nina
    page = web.get(answer["Location"])
    assert "Nina Høgh er nu kontaktperson for familien" in text(page)
    assert "Alle familier har en kontaktperson" in text(page)
    assert seen(web, waits).status_code == 302, "nobody waits any more"


@pytest.mark.parametrize("pk", ["", "x", "0", "99999", "9" * 30])
def test_an_unknown_volunteer_is_told(web, waits, pk):
    answer = send(web, waits, volunteer=pk)
    assert answer.status_code == 422
    assert "Vælg en frivillig fra listen." in text(answer)
    assert not Match.objects.exists()


def test_a_hard_stop_holds_against_a_made_up_form(web, waits):
    answer = send(web, waits, volunteer=VolunteerFactory(name="Bo Holm").pk)
    assert (answer.status_code, Match.objects.count()) == (422, 0)
    assert "Bo Holm har ingen vurderet børneattest" in text(answer)


def test_without_a_yes_nobody_is_tied(web, case):
    nina = cleared(name="Nina Høgh")
    shown = text(seen(web, case))
    assert "Familien er ikke spurgt." in shown
    assert 'name="volunteer"' not in shown
    assert send(web, case, volunteer=nina.pk).status_code == 422
    assert not Match.objects.exists()


def test_that_none_will_do_is_said_and_counted(web, waits):
    assert send(web, waits, no_fit="1").status_code == 422
    assert send(web, waits, no_fit="1", reason="language").status_code == 302
    shown = listed(web)
    assert "Ingen passede de sidste 30 dage:" in shown
    assert "ingen taler sproget 1" in shown
    assert NoFit.objects.get().case == waits


def evening(web, **data):
    return web.post(reverse("volunteers:evening"), data) if data else web.get(reverse("volunteers:evening"))


def test_a_whole_evening_is_shown_line_by_line_and_tied_at_once(web, team):
    cases = [family(team) for _number in range(3)]
    for case in cases:
        ties.record_consent(case, on=TODAY, today=TODAY, by=None)
    nina, karin = cleared(name="Nina Høgh"), cleared(name="Karin Frandsen")
    rows = evening(web).context["rows"]
    assert {row["proposal"].helper.pk for row in rows} == {nina.pk, karin.pk}
    assert len(evening(web).context["left"]) == 1
    chosen = {f"frivillig-{row['number']}": row["proposal"].helper.pk for row in rows}
    answer = evening(web, valgt=[row["number"] for row in rows], **chosen)
    assert answer.status_code == 302
    assert Match.objects.count() == 2


def test_only_the_ticked_lines_are_tied_and_a_stop_is_told(web, team):
    first, second = family(team), family(team)
    for case in (first, second):
        ties.record_consent(case, on=TODAY, today=TODAY, by=None)
    nina = cleared(name="Nina Høgh")
    answer = evening(
        web,
        valgt=[first.number, second.number],
        **{f"frivillig-{first.number}": nina.pk, f"frivillig-{second.number}": nina.pk},
    )
    assert answer.status_code == 200
    assert "Nina Høgh har allerede 1 familie" in text(answer)
    assert [match.case_id for match in Match.objects.all()] == [first.pk]


def test_nothing_ticked_is_told(web, waits):
    cleared()
    assert "Sæt kryds ved de familier" in text(evening(web, x="1"))
    assert not Match.objects.exists()


def test_a_protected_family_gets_no_proposals_from_the_coordinator(web, waits):
    cleared(name="Nina Høgh")
    Case.objects.filter(pk=waits.pk).update(protected=True)
    assert "Nina Høgh" not in listed(web)
    assert seen(web, waits).status_code == 404
    assert evening(web).context["rows"] == []
    assert evening(web, valgt=waits.number, **{f"frivillig-{waits.number}": 1}).status_code == 404


def test_another_team_s_family_is_not_found(web):
    foreign = family(Team.objects.create(name="Syd"))
    assert seen(web, foreign).status_code == 404
    assert evening(web, valgt=foreign.number).status_code == 404


def test_pages_of_proposals_cost_the_same_for_one_and_three(web, team):
    def queries(path):
        with CaptureQueriesContext(connection) as caught:
            web.get(path)
        return len(caught)

    case = family(team)
    ties.record_consent(case, on=TODAY, today=TODAY, by=None, wishes="Fodbold")
    cleared(locality=LocalityFactory())
    paths = (reverse("volunteers:evening"), reverse("volunteers:family", args=[case.number]), "/kontaktpersoner/")
    _warm, before = [[queries(path) for path in paths] for _time in range(2)]
    for _number in range(2):
        ties.record_consent(family(team), on=TODAY, today=TODAY, by=None, wishes="Fodbold")
        cleared(locality=LocalityFactory())
    assert [queries(path) for path in paths] == before


def test_ages_and_times_are_kept(web):
    answer = web.post(
        reverse("volunteers:add_volunteer"),
        {"name": "Bo Holm", "capacity": "1", "certificate": "required", "child_ages": ["6–12"], "free_times": ["days"]},
    )
    assert answer.status_code == 302
    bo = Volunteer.objects.get()
    assert (bo.child_ages, bo.free_times) == (["6–12"], ["days"])


def test_the_caseworker_of_a_protected_family_chooses_among_the_cleared_and_sworn(client, team):
    mette = UserFactory(team=team, role="caseworker")
    case = a_family({"given_names": "Olena"}, team=team, caseworker=mette, arrived_on=ARRIVED)
    engine.refresh([case.pk], rules.RULES, today=TODAY)
    ties.record_consent(case, on=TODAY, today=TODAY, by=mette)
    Case.objects.filter(pk=case.pk).update(protected=True)
    sworn = cleared(name="Nina Høgh", secrecy_signed_on=ARRIVED)
    silent, uncleared = cleared(name="Bo Holm"), VolunteerFactory(name="Ole Bay", secrecy_signed_on=ARRIVED)
    client.force_login(mette)
    shown = text(client.get(url("contact_person", case)))
    assert "har ikke underskrevet tavshedserklæring, og familien er beskyttet" in shown
    assert "har ingen vurderet børneattest, og familien er beskyttet" in shown
    for volunteer, taken in ((silent, False), (uncleared, False), (sworn, True)):
        client.post(url("contact_person", case), ON | {"outcome": "match", "volunteer": volunteer.pk, "cause": "other"})
        assert Match.objects.filter(volunteer=volunteer).exists() is taken, volunteer


def test_a_yes_from_an_earlier_stay_counts_no_more(web, team):
    case = family(team, {"given_names": "Olena", "languages": "ukrainsk"}, arrived_on=date(2026, 9, 1))
    ties.record_consent(case, on=date(2026, 9, 2), today=TODAY, by=None)
    person = case.people.get()
    record.leave(person.stays.get(), on=date(2026, 10, 1), reason="moved", by=None, today=TODAY)
    record.return_home(person, arrived_on=ARRIVED, by=None, today=TODAY)
    engine.refresh([case.pk], rules.RULES, today=TODAY)
    nina = cleared(name="Nina Høgh")
    assert "Spørg familien" in listed(web)
    assert evening(web).context["rows"] == []
    assert send(web, case, volunteer=nina.pk).status_code == 422
    assert ties.record_consent(case, on=TODAY, today=TODAY, by=None).given_on == TODAY
    assert send(web, case, volunteer=nina.pk).status_code == 302


def test_an_evening_keeps_what_was_unticked_and_chosen(web, team):
    first, second = family(team), family(team)
    for case in (first, second):
        ties.record_consent(case, on=TODAY, today=TODAY, by=None)
    cleared(name="Nina Høgh", capacity=2)
    full = cleared(name="Ole Bay", capacity=0)
    answer = evening(web, valgt=[first.number], **{f"frivillig-{first.number}": full.pk})
    assert "Ole Bay tager ingen familier nu" in text(answer)
    assert [row["ticked"] for row in answer.context["rows"]] == [True, False]


def test_one_that_is_not_the_user_s_stops_an_evening_before_it_begins(web, team, waits):
    nina, foreign = cleared(name="Nina Høgh"), family(Team.objects.create(name="Syd"))
    chosen = {f"frivillig-{case.number}": nina.pk for case in (waits, foreign)}
    assert evening(web, valgt=[waits.number, foreign.number], **chosen).status_code == 404
    assert not Match.objects.exists()
