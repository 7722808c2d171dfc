"""The municipality's own log-in (OpenID Connect; SAML as an extra): the library's flow, signatures always checked.

A person is known by the stable subject alone, never by mail. Roles come from the claims at each log-in, so whoever has
lost the last one does not come in.
"""

import secrets

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from requests import RequestException

from accounts import audit, claims, services

NONCE = "oidc_nonce"
NO_ANSWER = gettext_lazy("Kommunens log-in gav ikke et gyldigt svar. Prøv igen.")


class Provider(OpenIDConnectProvider):
    """Sends a nonce along. prompt=login when somebody is logged in: they prove who they are once more."""

    def redirect(self, request, process, next_url=None, data=None, **kwargs):
        nonce = request.session[NONCE] = secrets.token_urlsafe(24)
        params = {**self.get_auth_params(), "nonce": nonce}
        if request.user.is_authenticated:
            params["prompt"] = "login"
        return super().redirect(request, process, next_url, data, **kwargs | {"auth_params": params})


class Exchange(OpenIDConnectOAuth2Adapter):
    """The token must be signed by the provider, meant for us, and answer the question this browser asked."""

    def get_provider(self):
        found = super().get_provider()
        return Provider(found.request, app=found.app)

    def _decode_id_token(self, app, id_token):
        found = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        expected = self.request.session.pop(NONCE, "")
        if not expected or not secrets.compare_digest(str(found.get("nonce", "")), expected):
            raise OAuth2Error("The answer belongs to another question")
        return found

    def complete_login(self, request, app, token, **kwargs):
        if not kwargs["response"].get("id_token"):
            raise OAuth2Error("No id_token")
        return super().complete_login(request, app, token, **kwargs)


def login(request, provider_id):
    return run(OAuth2LoginView, request, provider_id)


def callback(request, provider_id):
    return run(OAuth2CallbackView, request, provider_id)


def run(page, request, provider_id):
    """To the log-in page where the municipality has no log-in of its own."""
    try:
        return page.adapter_view(Exchange(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        return redirect("account_login")
    except RequestException:
        audit.log(None, "login.failed", detail="sso no answer")
        messages.error(request, NO_ANSWER)
        return redirect("account_login")


def told_by(sociallogin) -> tuple[dict, str]:
    """(claims, name of the claim with the groups), in OpenID's words whichever way somebody came."""
    extra = sociallogin.account.extra_data
    if sociallogin.account.provider != settings.SAML_APP["provider_id"]:
        return extra["id_token"], settings.OIDC_ROLE_CLAIM
    claim, user = settings.SAML_ROLE_ATTRIBUTE, sociallogin.user
    subject = settings.SAML_APP["settings"]["attribute_mapping"]["uid"]
    # A name id may be another one at every log-in, so nobody is known by it.
    groups = extra.get(claim, []) if extra.get(subject) else []
    return {"given_name": user.first_name, "family_name": user.last_name, claim: groups}, claim


class SsoAdapter(DefaultSocialAccountAdapter):
    """Who comes in, as whom, with which roles."""

    def is_open_for_signup(self, request, sociallogin):
        return False

    def can_authenticate_by_email(self, login, email):
        return False

    def pre_social_login(self, request, sociallogin):
        """Known by the subject: the roles follow the claims. Unknown: a user is made, if the claims give a role."""
        told, claim = told_by(sociallogin)
        reading = claims.read(told, claim=claim, mapping=settings.OIDC_ROLES)
        with transaction.atomic():
            if sociallogin.is_existing:
                services.set_roles(sociallogin.user, reading.usable, by=None)
            elif reading.usable and request.user.is_anonymous:
                user = services.user_from_claims(sociallogin.account.uid, told, reading.usable)
                sociallogin.connect(request, user)
                audit.log(None, "login.linked", detail=f"user {user.pk}")
        if not reading.usable:
            audit.log(None, "login.failed", detail="no role in the claims")
            refuse(request, _("Din log-in i kommunen giver ingen rolle i Indgang. Spørg din leder."))
        if not sociallogin.is_existing or not sociallogin.user.is_active:
            refuse(request, _("Din bruger i Indgang er lukket. Spørg en administrator."))

    def on_authentication_error(self, request, provider, error=None, exception=None, extra_context=None):
        """A failure is said, and leads back to the log-in; the library's own page would not be found."""
        audit.log(None, "login.failed", detail=f"sso {type(exception).__name__ if exception else error}")
        refuse(request, NO_ANSWER)


def refuse(request, text: str):
    messages.error(request, text)
    raise ImmediateHttpResponse(redirect("account_login"))
