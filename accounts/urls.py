"""Logging in, the second factor, the password. Of the library only the pages that are used; names are its own."""

from functools import wraps

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404
from django.urls import path

from accounts import sso, views


def local(view):
    """A page of the local log-in, which may be switched off."""

    @login_not_required
    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not settings.LOCAL_LOGIN:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


provider = {"provider_id": settings.OIDC_PROVIDER}
recorded = transaction.atomic  # the change and its line in the log
urlpatterns = [
    path("log-ud/", views.LogOut.as_view(), name="account_logout"),
    path("log-ind/kode/", mfa.authenticate, name="mfa_authenticate"),
    path("log-ind/kommune/", login_not_required(sso.login), provider, name="openid_connect_login"),
    path("log-ind/kommune/svar/", login_not_required(sso.callback), provider, name="openid_connect_callback"),
    path("log-ind/glemt/", local(views.Forgotten.as_view()), name="account_reset_password"),
    path("log-ind/glemt/sendt/", local(account.password_reset_done), name="account_reset_password_done"),
    path(
        "log-ind/ny-adgangskode/<slug:uidb36>/<str:key>/",
        local(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "log-ind/ny-adgangskode/",
        local(account.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("bekraeft/", account.reauthenticate, name="account_reauthenticate"),
    path("bekraeft/kode/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("bekraeft/noegle/", views.KeyAgain.as_view(), name="mfa_reauthenticate_webauthn"),
    path("bekraeft/set/", views.seen, name="account_seen"),
    path("min-konto/", views.MyAccount.as_view(), name="mfa_index"),
    path("min-konto/adgangskode/", recorded(account.password_change), name="account_change_password"),
    path("min-konto/app/", recorded(totp.activate_totp), name="mfa_activate_totp"),
    path("min-konto/app/fjern/", views.if_any(recorded(totp.deactivate_totp)), name="mfa_deactivate_totp"),
    path("min-konto/noegle/", recorded(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("min-konto/noegle/<int:pk>/fjern/", recorded(views.RemoveKey.as_view()), name="mfa_remove_webauthn"),
    path("min-konto/koder/", views.if_any(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("min-konto/koder/nye/", recorded(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
]
