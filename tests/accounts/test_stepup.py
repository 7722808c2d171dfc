"""A fresh log-in before what weighs more: by the strongest means the user has, and not for longer than five minutes."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.http import HttpResponse
from django.urls import path

from accounts.stepup import needs_fresh_login
from config import urls as product
from config.admission import Row, Who
from config.policy import PAGES
from tests.accounts.proofs import PASSWORD, a_user, code

pytestmark = pytest.mark.django_db


@needs_fresh_login
def glass(request):
    return HttpResponse(f"Glas: {request.POST.get('reason', '')}")


class Urls:
    urlpatterns = [path("glas/", glass, name="glass"), *product.urlpatterns]


@pytest.fixture(autouse=True)
def _a_page(settings, monkeypatch):
    settings.ROOT_URLCONF = Urls
    monkeypatch.setitem(PAGES, "glass", Row(Who.USERS, Who.USERS))


@pytest.fixture
def user(client):
    user = a_user()
    client.force_login(user)
    return user


def test_the_password_where_there_is_nothing_stronger(client, user):
    asked = client.get("/glas/")
    assert asked["Location"] == "/bekraeft/?next=%2Fglas%2F"
    page = client.get(asked["Location"])
    assert "Bekræft, at det er dig" in page.content.decode()
    assert client.post(asked["Location"], {"password": "forkert", "next": "/glas/"}).status_code == 200
    assert client.get("/glas/").status_code == 302
    done = client.post(asked["Location"], {"password": PASSWORD, "next": "/glas/"})
    assert done["Location"] == "/glas/"
    assert client.get("/glas/").content == b"Glas: "


def test_what_was_sent_goes_through_after_the_password(client, user):
    asked = client.post("/glas/", {"reason": "vagt"})
    assert client.post(asked["Location"], {"password": PASSWORD, "next": "/glas/"}).content == b"Glas: vagt"


def test_after_five_minutes_again(client, user, clock):
    client.post("/bekraeft/", {"password": PASSWORD, "next": "/glas/"})
    clock.shift(299)
    assert client.get("/glas/").status_code == 200
    clock.shift(2)
    assert client.get("/glas/").status_code == 302


def test_whoever_has_a_second_factor_shows_it(client, user):
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    asked = client.get("/glas/")["Location"]
    assert asked == "/bekraeft/kode/?next=%2Fglas%2F"
    assert client.get("/bekraeft/?next=/glas/")["Location"].startswith("/bekraeft/kode/")
    client.post("/bekraeft/", {"password": PASSWORD, "next": "/glas/"})
    assert client.get("/glas/").status_code == 302, "the password alone is too weak"
    assert client.get(asked).status_code == 200
    assert client.post(asked, {"code": code(secret), "next": "/glas/"})["Location"] == "/glas/"
    assert client.get("/glas/").status_code == 200
    assert Authenticator.objects.get(user=user).data["secret"] != secret, "encrypted at rest"


def test_the_password_of_just_now_is_too_weak_for_whoever_has_more(client, user, settings):
    settings.SECOND_FACTOR = False  # else the gate before the page asks already
    client.post("/bekraeft/", {"password": PASSWORD, "next": "/glas/"})
    assert client.get("/glas/").status_code == 200
    TOTP.activate(user, generate_totp_secret())
    assert client.get("/glas/").status_code == 302


def test_break_glass_is_such_a_page(client, user):
    assert client.get("/noedadgang/")["Location"] == "/bekraeft/?next=%2Fnoedadgang%2F"


def test_a_log_in_of_just_now_is_fresh(client, user):
    client.logout()
    client.post("/log-ind/", {"login": user.username, "password": PASSWORD})
    assert client.get("/glas/").status_code == 200
