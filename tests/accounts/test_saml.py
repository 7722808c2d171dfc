"""SAML, the optional extra, against a provider played on this machine; and what is said where it is switched on."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from allauth.socialaccount import providers
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from accounts.models import AccessRecord, User
from config import policy, urls
from tests.accounts.saml_provider import SamlProvider, new_pair

HOST = "indgang.example.dk"
ROOT = Path(__file__).resolve().parents[2]
ON = {"SAML_METADATA_URL": "https://idp.example.dk/metadata", "DEMO": "1"}
UID, GROUP = "urn:oasis:names:tc:SAML:attribute:subject-id", "http://schemas.xmlsoap.org/claims/Group"
GIVEN = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname"
METTE = {UID: ["5f1e@kommune"], GIVEN: ["Mette"], "urn:oid:2.5.4.4": ["Lindholm"], GROUP: ["indgang-sag", "alle"]}


@pytest.fixture
def client(settings):
    """The library wants to know the host, and takes none without a dot."""
    settings.ALLOWED_HOSTS = [HOST]
    return Client(HTTP_HOST=HOST)


@pytest.fixture
def provider(settings, monkeypatch, db):
    """SAML as config.settings, config.urls and config.policy switch it on."""
    provider = SamlProvider()
    provider.attributes = {name: list(values) for name, values in METTE.items()}
    settings.SAML_METADATA_URL = f"{provider.address}/metadata"
    idp = {"metadata_url": settings.SAML_METADATA_URL, "entity_id": provider.address}
    app = settings.SAML_APP | {"settings": settings.SAML_APP["settings"] | {"idp": idp}}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}, "saml": {"APPS": [app]}}
    settings.OIDC_ROLES = {"indgang-sag": "caseworker", "indgang-revision": "auditor"}
    assert urls.urlpatterns, "read before SAML is on, as for every other test"
    settings.ROOT_URLCONF = "tests.accounts.saml_urls"
    monkeypatch.setattr(policy, "PAGES", policy.PAGES)
    for name, row in policy.SAML_PAGES.items():
        monkeypatch.setitem(policy.PAGES, name, row)
    known = dict(providers.registry.provider_map)
    from allauth.socialaccount.providers.saml.provider import SAMLProvider  # noqa: PLC0415 - once settings know it

    providers.registry.register(SAMLProvider)
    yield provider
    providers.registry.provider_map = type(providers.registry.provider_map)(known)
    provider.stop()


def come_in(client, provider, **how):
    """Press the button, log in at the provider, come back with its answer."""
    away = client.get("/log-ind/saml/kommune/")
    assert away["Location"].startswith(f"{provider.address}/sso?SAMLRequest=")
    back = client.post("/log-ind/saml/kommune/svar/", provider.answer(away["Location"], **how))
    return client.get(back["Location"])


def inside(client) -> bool:
    return client.get("/").status_code == 200


def roles() -> set[str]:
    return set(User.objects.get().grants.values_list("role", flat=True))


def test_a_colleague_comes_in_with_the_roles_of_the_groups(client, provider):
    html = client.get("/log-ind/").content.decode()
    assert "Log ind med Allerød Kommune" in html
    assert "/log-ind/saml/kommune/" in html
    assert come_in(client, provider)["Location"] == "/"
    assert inside(client)
    assert User.objects.get().name == "Mette Lindholm"
    assert roles() == {"caseworker"}
    assert SocialAccount.objects.get().uid == "5f1e@kommune", "not the name id, which is new each time"
    other = Client(HTTP_HOST=HOST)
    assert come_in(other, provider)["Location"] == "/"
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "how",
    [{"signed": False}, {"pair": "another"}, {"to": "nobody-asked"}, {"to": ""}],
    ids=["unsigned", "another-key", "another-question", "unasked"],
)
def test_what_the_provider_has_not_signed_for_us_opens_nothing(client, provider, how, caplog):
    how = {"pair": new_pair()} if "pair" in how else how
    assert come_in(client, provider, **how)["Location"] == "/log-ind/"
    assert not inside(client)
    assert not User.objects.exists()
    assert AccessRecord.objects.filter(action="login.failed").exists()


def test_an_answer_counts_once(client, provider):
    away = client.get("/log-ind/saml/kommune/")["Location"]
    answer = provider.answer(away)
    first = client.post("/log-ind/saml/kommune/svar/", answer)
    assert client.get(first["Location"])["Location"] == "/"
    thief = Client(HTTP_HOST=HOST)
    again = thief.post("/log-ind/saml/kommune/svar/", answer)
    assert thief.get(again["Location"])["Location"] == "/log-ind/"
    assert not inside(thief)


def test_an_answer_for_another_service_opens_nothing(client, provider, caplog):
    provider.audience = "https://other.example.dk"
    assert come_in(client, provider)["Location"] == "/log-ind/"
    assert not inside(client)


@pytest.mark.parametrize(
    "told",
    [{GROUP: []}, {GROUP: ["alle"]}, {GROUP: ["indgang-sag", "indgang-revision"]}, {UID: []}],
    ids=["none", "unknown", "clash", "no-subject"],
)
def test_without_a_usable_role_or_a_subject_nobody_comes_in(client, provider, told):
    provider.attributes |= told
    assert come_in(client, provider)["Location"] == "/log-ind/"
    assert not User.objects.exists()


def test_a_provider_that_does_not_answer_is_said(client, provider):
    provider.stop()
    assert client.get("/log-ind/saml/kommune/")["Location"] == "/log-ind/"
    assert "gav ikke et gyldigt svar" in client.get("/log-ind/").content.decode()


def test_metadata_for_the_municipality(client, provider):
    answer = client.get("/log-ind/saml/kommune/metadata/")
    assert answer["Content-Type"] == "text/xml"
    assert "/log-ind/saml/kommune/svar/" in answer.content.decode()
    assert client.get("/log-ind/saml/kommune/ud/").status_code == 404


def run(*args: str) -> subprocess.CompletedProcess:
    env = {**os.environ, **ON, "DJANGO_SETTINGS_MODULE": "config.settings"}
    return subprocess.run([sys.executable, *args], env=env, cwd=ROOT, capture_output=True, text=True, check=False)


def test_switched_on_it_says_that_it_is_untried_and_its_pages_have_rows():
    assert find_spec("onelogin")
    checked = run("manage.py", "check")
    assert checked.returncode == 0, checked.stderr
    assert "SAML is untried" in checked.stdout + checked.stderr
    listed = run(
        "-c",
        "import django; django.setup()\n"
        "from tests.security.crawl import patterns\nfrom config.policy import PAGES\n"
        "assert {name for name, _wanted in patterns()} == set(PAGES)\nassert 'saml_login' in PAGES",
    )
    assert listed.returncode == 0, listed.stderr
