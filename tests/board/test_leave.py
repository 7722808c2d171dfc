"""A deputy during leave, from the manager's page: own team only, doubts asked once, ended the day one is back."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import services
from accounts.models import Absence, AccessRecord
from board.services import leave
from cases.models import Case
from tests.board.handing import a_case
from tests.factories import TODAY, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def send(web, user, **data):
    days = {name: f"{day:%d.%m.%Y}" if day else "" for name, day in data.items() if name != "deputy" and name != "seen"}
    rest = {name: value.pk if hasattr(value, "pk") else value for name, value in data.items() if name not in days}
    return web.post(reverse("board:absence", args=[user.pk]), days | rest, follow=True)


def test_the_deputy_has_the_cases_from_the_first_day(office, web):
    ali = UserFactory(role="caseworker", team=office.team)
    case = a_case(office, office.mette, protected=True)
    html = send(web, office.mette, starts_on=TODAY, ends_on=TODAY + 4 * DAY, deputy=ali).content.decode()
    assert f"Fraværet for {office.mette.name} er gemt." in html
    assert f"{ali.name} er stedfortræder" in html
    assert Case.objects.visible_to(ali).filter(pk=case.pk).exists()
    assert AccessRecord.objects.filter(action="absence.added", user_id=office.manager.pk).count() == 1


@pytest.mark.parametrize("other", ["another team", "closed", "unknown"])
def test_only_for_colleagues_of_the_own_team(office, web, other):
    stranger = UserFactory(role="caseworker", team=TeamFactory(name="Syd") if other == "another team" else office.team)
    stranger.is_active = other != "closed"
    stranger.save()
    pk = 987654 if other == "unknown" else stranger.pk
    assert web.get(reverse("board:absence", args=[pk])).status_code == 404
    data = {"starts_on": f"{TODAY:%d.%m.%Y}", "ends_on": "", "deputy": ""}
    assert web.post(reverse("board:absence", args=[pk]), data).status_code == 404
    assert not Absence.objects.exists()


def test_a_manager_without_a_team_has_nobody(client):
    stranger = UserFactory(role="caseworker", team=None)
    client.force_login(UserFactory(role="manager", team=None))
    assert client.get(reverse("board:absence", args=[stranger.pk])).status_code == 404
    assert "Du er ikke sat på et team" in client.get(reverse("board:share")).content.decode()


@pytest.mark.parametrize("kind", ["another team", "closed", "self", "no caseworker"])
def test_a_deputy_is_an_active_caseworker_of_the_team(office, web, kind):
    deputy = {
        "another team": lambda: UserFactory(role="caseworker", team=TeamFactory(name="Syd")),
        "closed": lambda: UserFactory(role="caseworker", team=office.team, is_active=False),
        "self": lambda: office.mette,
        "no caseworker": lambda: UserFactory(role="finance", team=office.team),
    }[kind]()
    answer = send(web, office.mette, starts_on=TODAY, ends_on=TODAY, deputy=deputy)
    assert answer.status_code == 422
    assert not Absence.objects.exists()


def test_a_deputy_who_is_away_is_asked_about_once_and_then_taken(office, web):
    Absence.objects.create(user=office.jonas, starts_on=TODAY + 3 * DAY, ends_on=TODAY + 9 * DAY)
    data = {"starts_on": TODAY, "ends_on": TODAY + 3 * DAY, "deputy": office.jonas}
    answer = send(web, office.mette, **data)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert f"{office.jonas.name} er selv væk i de dage (27.11.2026–03.12.2026)." in html
    assert "Gem igen" in html
    seen = html.split('name="seen" value="')[1].split('"')[0]
    changed = send(web, office.mette, **data | {"ends_on": TODAY + 5 * DAY}, seen=seen)
    assert changed.status_code == 422, "other days are another question"
    assert send(web, office.mette, **data, seen=seen).status_code == 200
    assert Absence.objects.filter(user=office.mette, deputy=office.jonas).count() == 1


@pytest.mark.parametrize(("first", "last", "asked"), [(-9, -4, False), (4, None, False), (-9, -3, True), (3, None, True), (None, None, True)])  # fmt: skip
def test_away_in_the_same_days_is_when_the_spans_touch(office, first, last, asked):
    """Against every day of both spans, one by one."""
    start, end = TODAY - 3 * DAY, TODAY + 3 * DAY
    begins = TODAY + first * DAY if first is not None else TODAY - 400 * DAY
    ends = TODAY + last * DAY if last is not None else None
    Absence.objects.create(user=office.jonas, starts_on=begins, ends_on=ends)
    days = [start + number * DAY for number in range((end - start).days + 1)]
    assert any(begins <= day and (ends is None or day <= ends) for day in days) == asked
    doubts = services.absence_doubts(office.mette, starts_on=start, ends_on=end, deputy=office.jonas)
    assert bool(doubts) == asked


def test_who_stands_in_for_somebody_is_asked_about(office):
    Absence.objects.create(user=office.jonas, starts_on=TODAY, deputy=office.mette)
    doubts = services.absence_doubts(office.mette, starts_on=TODAY, ends_on=None, deputy=None)
    assert len(doubts) == 1
    assert f"{office.mette.name} er stedfortræder for {office.jonas.name}" in doubts[0]


def test_bad_dates_say_what_to_do_and_keep_what_was_typed(office, web):
    answer = send(web, office.mette, starts_on=TODAY, ends_on=TODAY - DAY, deputy=office.jonas)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Til og med ligger før fra og med." in html
    assert 'value="23.11.2026"' in html


def end(web, absence):
    return web.post(reverse("board:end_absence", args=[absence.pk]), follow=True)


def test_back_today_ends_it_yesterday_and_what_has_not_begun_is_taken_out(office, web):
    running = Absence.objects.create(user=office.mette, starts_on=TODAY - 3 * DAY, deputy=office.jonas)
    coming = Absence.objects.create(user=office.jonas, starts_on=TODAY + DAY, ends_on=TODAY + 3 * DAY)
    today = Absence.objects.create(user=office.manager, starts_on=TODAY)
    html = web.get(reverse("board:share")).content.decode()
    assert html.index("Er tilbage") < html.index("Fjern")
    for absence in (running, coming, today):
        end(web, absence)
    running.refresh_from_db()
    assert running.ends_on == TODAY - DAY
    assert list(Absence.objects.all()) == [running]
    assert AccessRecord.objects.filter(action="absence.ended").count() == 1
    assert AccessRecord.objects.filter(action="absence.removed").count() == 2
    assert list(leave.of_unit(office.manager, TODAY)) == []


def test_another_teams_leave_is_not_ended_from_here(office, web):
    stranger = UserFactory(role="caseworker", team=TeamFactory(name="Syd"))
    absence = Absence.objects.create(user=stranger, starts_on=TODAY)
    assert end(web, absence).status_code == 404
    assert Absence.objects.filter(ends_on=None).count() == 1
