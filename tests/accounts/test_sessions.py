"""Half an hour idle locks, ten hours end, and whoever loses a role or the job is out at the next click."""

import pytest
from django.test import Client

from accounts import services
from tests.accounts.proofs import PASSWORD, a_user, code, log_in, with_app

pytestmark = pytest.mark.django_db
MINUTE = 60


def test_thirty_idle_minutes_lock_every_page(client, clock):
    log_in(client, a_user())
    clock.shift(29 * MINUTE)
    assert client.get("/").status_code == 200
    clock.shift(31 * MINUTE)
    for method, url in (("get", "/"), ("get", "/familier/"), ("post", "/familier/ny/"), ("get", "/min-konto/")):
        answer = getattr(client, method)(url)
        assert answer["Location"].startswith("/bekraeft/?next="), url
    for url in ("/bekraeft/", "/log-ud/"):
        assert "Hovedmenu" not in client.get(url).content.decode(), url
    assert client.get("/")["Location"] == "/bekraeft/?next=%2F", "looking at the lock does not open it"
    assert client.post("/bekraeft/", {"password": "forkert", "next": "/"}).status_code == 200
    assert client.get("/").status_code == 302
    assert client.post("/bekraeft/", {"password": PASSWORD, "next": "/familier/"})["Location"] == "/familier/"
    assert client.get("/").status_code == 200


def test_the_second_factor_unlocks_and_the_password_does_not(client, clock):
    user = a_user()
    secret = with_app(user)
    log_in(client, user)
    client.post("/log-ind/kode/", {"code": code(secret)})
    assert client.get("/").status_code == 200
    clock.shift(31 * MINUTE)
    assert client.get("/")["Location"].startswith("/bekraeft/kode/")
    client.post("/bekraeft/", {"password": PASSWORD, "next": "/"})
    assert client.get("/").status_code == 302
    client.post("/bekraeft/kode/", {"code": code(secret), "next": "/"})
    assert client.get("/").status_code == 200


def test_a_fragment_of_a_locked_page_is_answered_with_nothing(client, clock):
    log_in(client, a_user())
    clock.shift(31 * MINUTE)
    answer = client.get("/overblik/mere/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Trigger"], answer.content) == (204, "locked", b"")


def test_the_browser_may_say_that_somebody_is_there(client, clock):
    user = a_user()
    log_in(client, user)
    for _quarter in range(4):
        clock.shift(20 * MINUTE)
        assert client.get("/bekraeft/set/")["X-Who"] == str(user.pk)
    assert client.get("/").status_code == 200


def test_a_form_sent_too_late_leads_back_to_its_page(client, clock):
    log_in(client, a_user())
    clock.shift(31 * MINUTE)
    answer = client.post("/familier/ny/", headers={"Referer": "http://testserver/familier/ny/?a=1"})
    assert answer["Location"] == "/bekraeft/?next=%2Ffamilier%2Fny%2F"
    foreign = client.post("/familier/ny/", headers={"Referer": "http://ond.example/familier/ny/"})
    assert foreign["Location"] == "/bekraeft/?next=%2F"


def test_after_ten_hours_one_logs_in_anew(client, clock):
    log_in(client, a_user())
    for _visit in range(29):
        clock.shift(20 * MINUTE)
        assert client.get("/").status_code == 200
    clock.shift(20 * MINUTE)
    assert client.get("/")["Location"].startswith("/log-ind/")
    assert client.get("/")["Location"].startswith("/log-ind/"), "for good"


@pytest.mark.parametrize(
    "act",
    [
        lambda user, by: services.revoke_role(user, "caseworker", by=by),
        lambda user, by: services.grant_role(user, "volunteer_coordinator", by=by),
        lambda user, by: services.deactivate(user, by=by),
        lambda user, by: services.reset_second_factor(user, by=by),
        lambda user, by: services.end_sessions(user),
    ],
)
def test_all_sessions_end(act, client):
    user, boss = a_user(), a_user(role="administrator")
    other = Client()
    for one in (client, other):
        log_in(one, user)
        assert one.get("/").status_code == 200
    act(user, boss)
    for one in (client, other):
        assert one.get("/")["Location"].startswith("/log-ind/")


def test_another_field_ends_no_session(client):
    """The negative control: only what should end a session does."""
    user, boss = a_user(), a_user(role="administrator")
    log_in(client, user)
    data = {"first_name": "Ny", "last_name": "Navn", "email": user.email, "phone": "", "team": None}
    services.change_user(user, by=boss, **data)
    assert client.get("/").status_code == 200


def test_a_closed_user_stays_out_when_opened_again(client):
    user, boss = a_user(), a_user(role="administrator")
    log_in(client, user)
    services.deactivate(user, by=boss)
    services.reactivate(user, by=boss)
    assert client.get("/").status_code == 302
