"""The municipality's own log-in against a real provider on this machine: the whole code flow, and how it fails."""

import pytest
from allauth.socialaccount.models import SocialAccount

from accounts import claims, services
from accounts.models import AccessRecord, User
from tests.accounts.proofs import a_user
from tests.accounts.provider import CLIENT, SECRET, Provider, new_key

pytestmark = pytest.mark.django_db
ROLES = {"indgang-sag": "caseworker", "indgang-frivillig": "volunteer_coordinator", "indgang-revision": "auditor"}
METTE = {
    "sub": "5f1e-stabil",
    "preferred_username": "mlin",
    "given_name": "Mette",
    "family_name": "Lindholm",
    "email": "mette@example.dk",
    "groups": ["indgang-sag", "alle-medarbejdere"],
}


@pytest.fixture
def provider(settings):
    provider = Provider()
    provider.claims = dict(METTE)
    settings.OIDC_SERVER, settings.OIDC_ROLES, settings.SECOND_FACTOR = provider.address, ROLES, True
    app = settings.OIDC_APP | {"client_id": CLIENT, "secret": SECRET}
    app["settings"] = settings.OIDC_APP["settings"] | {"server_url": provider.address}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    yield provider
    provider.stop()


def come_in(client, provider, url: str = "/log-ind/kommune/"):
    """Press the button, log in at the provider, come back."""
    away = client.get(url)
    assert away["Location"].startswith(f"{provider.address}/authorize?")
    return client.get(provider.log_in(away["Location"]).removeprefix("http://testserver"))


def inside(client) -> bool:
    return client.get("/").status_code == 200


def roles(user: User) -> set[str]:
    return set(user.grants.values_list("role", flat=True))


def test_a_new_colleague_comes_in_with_the_roles_of_the_claims(client, provider):
    assert "Log ind med Allerød Kommune" in client.get("/log-ind/").content.decode()
    assert come_in(client, provider)["Location"] == "/"
    assert inside(client), "and the provider has asked for the second factor"
    user = User.objects.get()
    assert (user.username, user.name, user.email) == ("mlin", "Mette Lindholm", "")
    assert roles(user) == {"caseworker"}
    assert not user.has_usable_password()
    asked = provider.asked[0]
    assert asked["code_challenge_method"] == "S256"
    assert asked["nonce"]
    assert asked["state"]
    written = list(AccessRecord.objects.order_by("pk").values_list("action", flat=True))
    assert {"user.created", "role.granted", "login.linked", "login.in"} <= set(written)


def test_the_roles_follow_the_claims_at_each_log_in(client, provider):
    come_in(client, provider)
    user = User.objects.get()
    other = client.__class__()
    provider.claims["groups"] = ["indgang-frivillig"]
    come_in(other, provider)
    assert roles(user) == {"volunteer_coordinator"}
    assert not inside(client), "the change of roles has ended the other session"
    assert inside(other)


@pytest.mark.parametrize(
    "groups", [[], ["alle-medarbejdere"], ["indgang-sag", "indgang-revision"], "findes-ikke", None, 7]
)
def test_without_a_usable_role_nobody_comes_in(client, provider, groups):
    come_in(client, provider)
    other = client.__class__()
    provider.claims["groups"] = groups
    answer = come_in(other, provider)
    assert answer["Location"] == "/log-ind/"
    assert "giver ingen rolle" in other.get("/log-ind/").content.decode()
    assert not inside(other)
    assert roles(User.objects.get()) == set()


def test_mail_links_nobody(client, provider):
    """A local user with the address, verified or not, is somebody else."""
    local = a_user(email="mette@example.dk", username="mlin")
    provider.claims["email_verified"] = True
    come_in(client, provider)
    newcomer = User.objects.exclude(pk=local.pk).get()
    assert newcomer.username.startswith("sso-")
    assert not SocialAccount.objects.filter(user=local).exists()


def test_the_administrator_links_by_the_subject(client, provider):
    local, boss = a_user(email="mette@example.dk"), a_user(role="administrator")
    services.link_subject(local, "5f1e-stabil", by=boss)
    provider.claims["email"] = "en-anden@example.dk"
    come_in(client, provider)
    assert client.get("/min-konto/").context["user"] == local


def test_a_closed_user_does_not_come_in(client, provider):
    come_in(client, provider)
    services.deactivate(User.objects.get(), by=a_user(role="administrator"))
    other = client.__class__()
    assert come_in(other, provider)["Location"] == "/log-ind/"
    assert not inside(other)


def wrong_key(provider):
    provider.key = new_key()


def wrong_nonce(provider):
    provider.spoil = lambda token: token | {"nonce": "et-andet"}


def no_nonce(provider):
    provider.spoil = lambda token: {name: value for name, value in token.items() if name != "nonce"}


def for_others(provider):
    provider.spoil = lambda token: token | {"aud": "en-anden-klient"}


def by_others(provider):
    provider.spoil = lambda token: token | {"iss": "https://ond.example"}


def too_old(provider):
    provider.spoil = lambda token: token | {"exp": token["iat"] - 60}


@pytest.mark.parametrize("spoil", [wrong_key, wrong_nonce, no_nonce, for_others, by_others, too_old])
def test_a_token_that_is_not_right_opens_nothing(client, provider, spoil):
    spoil(provider)
    assert come_in(client, provider)["Location"] == "/log-ind/"
    assert "ikke et gyldigt svar" in client.get("/log-ind/").content.decode()
    assert not inside(client)
    assert not User.objects.exists()
    assert AccessRecord.objects.filter(action="login.failed").exists()


def test_a_code_of_another_browser_opens_nothing(client, provider):
    """State and verifier belong to the session that asked."""
    away = client.get("/log-ind/kommune/")
    back = provider.log_in(away["Location"]).removeprefix("http://testserver")
    stranger = client.__class__()
    stranger.get("/log-ind/kommune/")
    assert stranger.get(back)["Location"] == "/log-ind/"
    assert not inside(stranger)
    wrong_state = back.split("&state=")[0] + "&state=gaet"
    assert client.get(wrong_state)["Location"] == "/log-ind/"
    assert not inside(client)


def test_a_code_is_used_once(client, provider):
    away = client.get("/log-ind/kommune/")
    back = provider.log_in(away["Location"]).removeprefix("http://testserver")
    client.get(back)
    client.post("/log-ud/")
    assert client.get(back)["Location"] == "/log-ind/"
    assert not inside(client)


def test_whoever_says_no_at_the_provider_is_told(client, provider):
    away = client.get("/log-ind/kommune/")
    state = provider.log_in(away["Location"]).split("&state=")[1]
    assert client.get(f"/log-ind/kommune/svar/?error=access_denied&state={state}")["Location"] == "/log-ind/"


def test_a_provider_that_is_down_is_told(client, provider):
    provider.stop()
    assert client.get("/log-ind/kommune/")["Location"] == "/log-ind/"


def test_half_an_hour_idle_unlocks_at_the_provider(client, provider, clock):
    come_in(client, provider)
    clock.shift(31 * 60)
    locked = client.get("/familier/")["Location"]
    assert locked == "/log-ind/kommune/?next=%2Ffamilier%2F"
    assert come_in(client, provider, locked)["Location"] == "/familier/"
    assert provider.asked[-1]["prompt"] == "login"
    assert client.get("/familier/").status_code == 200


def test_claims_inside_claims():
    told = {"realm_access": {"roles": ["indgang-sag"]}}
    assert claims.read(told, claim="realm_access.roles", mapping=ROLES).usable == {"caseworker"}
    assert claims.read({"https://a.dk/groups": ["indgang-sag"]}, claim="https://a.dk/groups", mapping=ROLES).usable
    assert not claims.read(told, claim="realm_access.roles.x", mapping=ROLES).usable
