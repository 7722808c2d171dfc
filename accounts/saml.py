"""SAML 2, an optional extra (requirements-saml.txt): the library's provider, mounted only with SAML_METADATA_URL set.

Tried against a provider that the tests play, never against a municipality's; `check` says so (accounts.I001). Who
comes in, and with which roles, is decided by `accounts.sso.SsoAdapter`, as with OpenID Connect (docs/adr/0012).
"""

from allauth.socialaccount.providers.saml import views
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path
from onelogin.saml2.errors import OneLogin_Saml2_Error

from accounts import audit
from accounts.sso import NO_ANSWER

FAILURES = (OSError, ValueError, KeyError, PermissionDenied, OneLogin_Saml2_Error)


def guarded(view):
    """The library's page; what can't be fetched or read, or was not asked for, is said and leads back to the log-in."""

    @login_not_required
    def answered(request, organization_slug):
        try:
            return view(request, organization_slug=organization_slug)
        except FAILURES as error:
            audit.log(None, "login.failed", detail=f"saml {type(error).__name__}")
            messages.error(request, NO_ANSWER)
            return redirect("account_login")

    return answered


@login_not_required
def not_here(request, organization_slug):
    """Logging out at the provider logs nobody out here; the metadata name the address all the same."""
    raise Http404


AT = "log-ind/saml/<slug:organization_slug>/"  # the library's own word for settings.OIDC_PROVIDER
urlpatterns = [
    path(AT, guarded(views.login), name="saml_login"),
    path(f"{AT}svar/", views.acs, name="saml_acs"),
    path(f"{AT}ind/", guarded(views.finish_acs), name="saml_finish_acs"),
    path(f"{AT}ud/", not_here, name="saml_sls"),
    path(f"{AT}metadata/", guarded(views.metadata), name="saml_metadata"),
]
