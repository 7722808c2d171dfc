"""The pages of the log-in: the library's views with what our templates say beside them."""

from functools import wraps

from allauth.account import views as account
from allauth.account.authentication import get_authentication_records
from allauth.mfa.base import views as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as webauthn
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse, reverse_lazy

from accounts import tasks
from accounts.stepup import has_second_factor


def sso_url() -> str:
    """The way to the municipality's own log-in; empty where there is none."""
    if settings.OIDC_SERVER:
        return reverse("openid_connect_login")
    return reverse("saml_login", args=[settings.OIDC_PROVIDER]) if settings.SAML_METADATA_URL else ""


class LogIn(account.LoginView):
    """Beside the form: the municipality's own log-in where there is one; the form may be switched off."""

    demo_logins: tuple | list = ()

    def get_context_data(self, **kwargs):
        more = {
            "demo_logins": self.demo_logins if settings.LOCAL_LOGIN else [],
            "local_login": settings.LOCAL_LOGIN,
            "sso_name": settings.OIDC_NAME if sso_url() else "",
            "sso_url": sso_url(),
        }
        return super().get_context_data(**kwargs) | more


class LogOut(account.LogoutView):
    """The browser forgets what it kept of the pages."""

    def post(self, *args, **kwargs):
        response = super().post(*args, **kwargs)
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response


class Forgotten(account.PasswordResetView):
    """The same answer, and the same work, for known and unknown addresses."""

    def form_valid(self, form):
        response = super().form_valid(form)
        if response.status_code == 302:
            tasks.send_reset.delay(form.cleaned_data["email"])
        return response


class MyAccount(mfa.IndexView):
    """Password, second factors and recovery codes of the user; the first page of whoever has no second factor."""

    def get_context_data(self, **kwargs):
        user = self.request.user
        found = Authenticator.objects.filter(user=user)
        records = get_authentication_records(self.request, user)
        more = {
            "app": found.filter(type=Authenticator.Type.TOTP).first(),
            "keys": [key.wrap() for key in found.filter(type=Authenticator.Type.WEBAUTHN).order_by("created_at")],
            "codes": next((row.wrap() for row in found.filter(type=Authenticator.Type.RECOVERY_CODES)), None),
            "must": settings.SECOND_FACTOR and not has_second_factor(user) and not by_sso(records),
            "has_password": user.has_usable_password(),
        }
        return super().get_context_data(**kwargs) | more


def by_sso(records: list[dict]) -> bool:
    return any(record["method"] == "socialaccount" for record in records)


class RemoveKey(webauthn.RemoveWebAuthnView):
    success_url = reverse_lazy("mfa_index")

    def dispatch(self, request, *args, **kwargs):
        """What isn't there is not worth a fresh log-in."""
        get_object_or_404(self.get_queryset(), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)


class KeyAgain(webauthn.ReauthenticateWebAuthnView):
    """A passkey that failed leads back here, where one may try again."""

    def form_invalid(self, form):
        super().form_invalid(form)
        return redirect(self.request.get_full_path())


def if_any(view):
    """A page about something the user may not have: then to the page where it can be had."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except Http404:
            return redirect("mfa_index")

    return guarded


def seen(request):
    """The browser says that somebody is there; config.sessions writes it down. 204, and who is logged in."""
    return HttpResponse(status=204, headers={"X-Who": str(request.user.pk)})
