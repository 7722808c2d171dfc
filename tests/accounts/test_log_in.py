"""Logging in: password and second factor, what is refused, what is limited, and what the log says of it."""

import re
import secrets
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client

from accounts import services
from accounts.models import AccessRecord
from config import settings as product
from tests.accounts.proofs import PASSWORD, a_user, code, log_in, with_app

pytestmark = pytest.mark.django_db
NEW = "en helt ny lang sætning"


def actions() -> list[str]:
    return list(AccessRecord.objects.order_by("pk").values_list("action", flat=True))


@pytest.mark.parametrize(
    "password", ["kort-men-god1", "passwordpassword", "12345678901234", "ababababababab", "Sunshine!123456"]
)
def test_short_and_common_passwords_are_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize("password", ["fjorten-tegn-x", "fire heste og en kanin"])
def test_fourteen_characters_are_enough(password):
    validate_password(password)


def test_password_and_code(client):
    user = a_user()
    secret = with_app(user)
    assert log_in(client, user)["Location"] == "/log-ind/kode/"
    assert client.get("/").status_code == 302, "the password alone opens nothing"
    assert "Bekræft log-in" in client.get("/log-ind/kode/").content.decode()
    assert client.post("/log-ind/kode/", {"code": "000000"}).status_code == 200
    assert client.post("/log-ind/kode/", {"code": code(secret)})["Location"] == "/"
    assert client.get("/").status_code == 200
    assert actions().count("login.failed") == 1
    assert actions().count("login.in") == 1


def test_a_code_is_not_accepted_twice(client):
    user = a_user()
    secret = with_app(user)
    used = code(secret)
    log_in(client, user)
    assert client.post("/log-ind/kode/", {"code": used}).status_code == 302
    other = Client()
    log_in(other, user)
    assert other.post("/log-ind/kode/", {"code": used}).status_code == 200
    assert other.get("/").status_code == 302


@pytest.mark.parametrize("halves", [-1, 1])
def test_the_code_before_and_the_code_after_open_nothing(client, settings, halves):
    settings.MFA_TOTP_TOLERANCE = product.MFA_TOTP_TOLERANCE
    user = a_user()
    secret = with_app(user)
    log_in(client, user)
    shown = format_hotp_value(hotp_value(secret, int(time.time()) // 30 + halves))
    if shown != code(secret):  # one in a million is the same
        assert client.post("/log-ind/kode/", {"code": shown}).status_code == 200
    assert client.get("/").status_code == 302


def test_the_key_of_the_session_is_new_after_the_log_in(client):
    client.get("/log-ind/")
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = planted = session.session_key
    log_in(client, a_user())
    assert client.cookies["sessionid"].value != planted
    stranger = Client()
    stranger.cookies["sessionid"] = planted
    assert stranger.get("/").status_code == 302


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_whoever_has_no_second_factor_sets_one_up_before_anything_else(client, settings):
    settings.SECOND_FACTOR = True
    user = a_user()
    log_in(client, user)
    for url in ("/", "/familier/", "/frister/1/"):
        assert client.get(url)["Location"] == "/min-konto/"
    page = client.get("/min-konto/").content.decode()
    assert "Vælg dit andet led" in page
    assert "Hovedmenu" not in page
    page = client.get("/min-konto/app/")
    assert "Hovedmenu" not in page.content.decode()
    secret = page.context["form"].secret
    assert client.post("/min-konto/app/", {"code": "000000"}).status_code == 200
    assert client.get("/")["Location"] == "/min-konto/"
    assert client.post("/min-konto/app/", {"code": code(secret)})["Location"] == "/min-konto/koder/"
    assert len(re.findall(r"<code>\d{8}</code>", client.get("/min-konto/koder/").content.decode())) == 10
    assert client.get("/").status_code == 200
    assert "login.factor" in actions()


def test_a_session_from_before_the_second_factor_must_show_it_too(client, settings):
    settings.SECOND_FACTOR = True
    user = a_user()
    log_in(client, user)
    secret = with_app(user)
    assert client.get("/")["Location"] == "/bekraeft/kode/?next=%2F"
    assert client.get("/min-konto/")["Location"].startswith("/bekraeft/kode/")
    client.post("/bekraeft/kode/", {"code": code(secret), "next": "/"})
    assert client.get("/").status_code == 200


def test_the_demonstration_asks_for_no_second_factor(client):
    log_in(client, a_user())
    assert client.get("/").status_code == 200


def test_a_recovery_code_opens_once(client):
    user = a_user()
    with_app(user)
    spare = RecoveryCodes.activate(user).get_unused_codes()[0]
    log_in(client, user)
    assert client.post("/log-ind/kode/", {"code": spare}).status_code == 302
    other = Client()
    log_in(other, user)
    assert other.post("/log-ind/kode/", {"code": spare}).status_code == 200


def test_secrets_are_encrypted_at_rest():
    user = a_user()
    secret = with_app(user)
    assert secret not in str(Authenticator.objects.get(user=user).data)


def test_guessing_is_limited_and_locks_nobody_else_out(settings):
    settings.ACCOUNT_RATE_LIMITS = product.ACCOUNT_RATE_LIMITS
    user, colleague = a_user(), a_user()
    guesser, elsewhere = Client(REMOTE_ADDR="203.0.113.7"), Client(REMOTE_ADDR="192.0.2.9")
    for _ in range(5):
        assert "for mange gange" not in log_in(guesser, user, "forkert adgangskode").content.decode()
    limited = log_in(guesser, user)
    assert limited.status_code == 200
    assert "for mange gange" in limited.content.decode()
    assert log_in(guesser, colleague).status_code == 302, "another account at the same address"
    assert log_in(elsewhere, user).status_code == 302, "the right user elsewhere"


def test_a_hundred_wrong_passwords_are_refused_as_such(settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "60/m/ip"}
    # an address of its own: with Redis the count is shared with whatever else runs
    guesser = Client(REMOTE_ADDR=f"2001:db8::{secrets.token_hex(2)}")
    answers = [guesser.post("/log-ind/", {"login": f"x{n}", "password": "y"}).status_code for n in range(100)]
    assert answers.count(429) == 40
    assert "Vent et par minutter" in guesser.post("/log-ind/", {"login": "x", "password": "y"}).content.decode()


def test_a_closed_user_is_told_and_stays_out(client):
    user = a_user(is_active=False)
    assert log_in(client, user, "forkert").status_code == 200
    assert log_in(client, user).status_code == 302
    assert "Din bruger er lukket" in client.get("/log-ind/").content.decode()
    assert client.get("/").status_code == 302


def test_logging_out_clears_the_browser(client):
    client.force_login(a_user())
    answer = client.post("/log-ud/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/").status_code == 302


# --- Links by mail ----------------------------------------------------------------------------


def link() -> str:
    return re.search(r"http://localhost:8000(/\S+)", mail.outbox[-1].body).group(1)


def choose(client, url: str, password: str):
    form = client.get(url)
    return client.post(form["Location"], {"password1": password, "password2": password})


def test_forgotten_is_answered_alike_for_known_and_unknown(client):
    user = a_user()
    known = client.post("/log-ind/glemt/", {"email": user.email})
    unknown = client.post("/log-ind/glemt/", {"email": "ingen@example.dk"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [letter.to for letter in mail.outbox] == [[user.email]]


def test_a_reset_does_not_spare_the_second_factor_and_the_link_works_once(client, clock):
    user = a_user()
    secret = with_app(user)
    elsewhere = Client()
    elsewhere.force_login(user)
    client.post("/log-ind/glemt/", {"email": user.email})
    url = link()
    assert choose(client, url, "kort").status_code == 200
    assert choose(client, url, NEW).status_code == 302
    assert client.get("/").status_code == 302, "not logged in by the link"
    assert elsewhere.get("/").status_code == 302, "the other sessions have ended"
    assert log_in(client, user, NEW)["Location"] == "/log-ind/kode/"
    assert client.post("/log-ind/kode/", {"code": code(secret)}).status_code == 302
    assert "Linket virker ikke længere" in Client().get(url).content.decode()


def test_an_invitation_holds_for_72_hours(client, clock):
    user = services.create_user(
        username="ny", first_name="Ny", last_name="Kollega", email="ny@example.dk", phone="", team=None, by=None
    )
    services.send_link(user, "invitation")
    url = link()
    assert log_in(client, user, "").status_code == 200
    clock.shift(72 * 3600 - 60)
    assert client.get(url).status_code == 302
    clock.shift(120)
    assert "Linket virker ikke længere" in Client().get(url).content.decode()


def test_whoever_logs_in_with_the_municipality_gets_no_password_by_mail(client):
    user = a_user()
    user.set_unusable_password()
    user.save()
    client.post("/log-ind/glemt/", {"email": user.email})
    assert mail.outbox == []


def test_changing_the_password_ends_the_other_sessions(client):
    user = a_user()
    other = Client()
    for one in (client, other):
        log_in(one, user)
    page = "/min-konto/adgangskode/"
    wrong = client.post(page, {"oldpassword": "x", "password1": NEW, "password2": NEW})
    assert wrong.status_code == 200
    assert other.get("/").status_code == 200
    client.post(page, {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert client.get("/").status_code == 200
    assert other.get("/").status_code == 302


def test_the_local_log_in_can_be_switched_off(client, settings):
    settings.LOCAL_LOGIN, settings.SOCIALACCOUNT_ONLY, settings.OIDC_SERVER = False, True, "https://idp.example.dk"
    user = a_user()
    page = client.get("/log-ind/").content.decode()
    assert "Log ind med Allerød Kommune" in page
    assert "id_password" not in page
    assert log_in(client, user).status_code == 403
    assert client.get("/log-ind/glemt/").status_code == 404
    assert client.get("/").status_code == 302
