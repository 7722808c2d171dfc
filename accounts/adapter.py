"""Logging in by the library: users are invited, nobody signs up, and what happens stands in the log."""

import time
from functools import lru_cache

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from accounts.stepup import BEGAN, SEEN, is_fresh

TOO_MANY = _("Der er forsøgt for mange gange. Vent fem minutter, og prøv igen.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": TOO_MANY,
        "incorrect_password": _("Adgangskoden er forkert."),
        "enter_current_password": _("Den nuværende adgangskode er forkert."),
    }

    def is_open_for_signup(self, request):
        return False

    @transaction.atomic
    def login(self, request, user):
        super().login(request, user)
        request.session[BEGAN] = request.session[SEEN] = time.time()
        audit.log(user, "login.in")

    @transaction.atomic
    def logout(self, request):
        audit.log(request.user, "logout")
        super().logout(request)

    def authentication_failed(self, request, **credentials):
        """The account, where there is one; never what was typed, which may be a password in the wrong field."""
        super().authentication_failed(request, **credentials)
        typed = credentials.get("username") or credentials.get("email") or ""
        pk = User.objects.filter(Q(username=typed) | Q(email__iexact=typed)).values_list("pk", flat=True).first()
        audit.log(None, "login.failed", detail="" if pk is None else f"account {pk}")

    def respond_user_inactive(self, request, user):
        """Told to whoever knows the password; the library's own page is not mounted."""
        audit.log(None, "login.failed", detail=f"account {user.pk} closed")
        messages.error(request, _("Din bruger er lukket. Spørg en administrator."))
        return redirect("account_login")

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Failures count per account *and* address: guessing from elsewhere does not keep the right user out."""
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}@{self.get_client_ip(request)}"

    @transaction.atomic
    def set_password(self, user, password):
        """After a change and after a reset: every other session ends."""
        super().set_password(user, password)
        audit.log(user, "login.password", detail=f"user {user.pk}")

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """The library says here that a second factor came or went: `mfa/email/totp_activated`.

        Whoever has just added one has shown it.
        """
        folder, _slash, what = template_prefix.rpartition("/")
        if folder == "mfa/email":
            audit.log(user, "login.factor", detail=f"user {user.pk} {what}")
        if what in {"totp_activated", "webauthn_added"}:
            record_authentication(self.request, user, "mfa", added=what)

    def add_message(self, request, level, message_template=None, message_context=None, extra_tags="", message=None):
        """Errors only: the pages say themselves what was done."""
        if message:
            super().add_message(request, level, extra_tags=extra_tags, message=message)

    def is_reauthentication_required(self, *, app):
        return not is_fresh(context.request)

    def get_reauthentication_methods(self, user):
        """The second factor where there is one, else the password, else the municipality's own log-in."""
        methods = super().get_reauthentication_methods(user)
        strong = [method for method in methods if method["id"] != "reauthenticate"]
        if methods or not user.is_authenticated or not settings.OIDC_SERVER:
            return strong or methods
        return [{"id": "sso", "description": settings.OIDC_NAME, "url": reverse("openid_connect_login")}]


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps and recovery codes are encrypted at rest like other secrets."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("Koden er forkert, udløbet eller brugt. Vent på den næste, og prøv igen."),
    }

    def get_totp_label(self, user):
        return user.username

    def encrypt(self, text):
        return vault(tuple(settings.FIELD_KEYS)).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return vault(tuple(settings.FIELD_KEYS)).decrypt(encrypted_text.encode()).decode()


@lru_cache(maxsize=4)
def vault(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
