"""How long a log-in lasts, and what must be in place before anything else: two gates after the log-in's.

Thirty idle minutes lock the session: until the user has shown the second factor (or the password, where there is none)
no page answers. Ten hours after the log-in it ends. Times are seconds since 1970.
"""

import time
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts.stepup import BEGAN, SEEN, has_second_factor, last_proof

NOTED_EVERY = 60  # seconds between two writes to the session
# Pages of a locked session. They don't count as being there.
UNLOCKING = {
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "account_logout",
    "openid_connect_login",
    "openid_connect_callback",
}
# Pages of a user who has no second factor yet.
SETTING_UP = {"mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_seen"}


class Limits:
    """Ends what is ten hours old and locks what was idle for half an hour, whatever the page says about it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return None
        now, session = time.time(), request.session
        if now - session.get(BEGAN, now) >= settings.LONGEST_SESSION_SECONDS:
            get_adapter(request).logout(request)
            return redirect_to_login(back_to(request))
        if request.resolver_match.view_name in UNLOCKING:
            request.bare = True  # no menu with the names of families (desk.views.shell)
            return None
        seen = max(session.get(SEEN, 0), last_proof(request, strong=False)) or now
        if now - seen >= settings.IDLE_SECONDS:
            return locked(request)
        if now - session.get(SEEN, 0) >= NOTED_EVERY:
            session.setdefault(BEGAN, now)
            session[SEEN] = now
        return None


class SecondFactor:
    """Leads whoever has none to set one up. The municipality's own log-in has asked for one already."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs) -> HttpResponse | None:
        if not settings.SECOND_FACTOR or not request.user.is_authenticated:
            return None
        name = request.resolver_match.view_name
        if name in UNLOCKING or is_proven(request):
            return None
        if has_second_factor(request.user):  # set up in another browser: it is asked for here too
            return locked(request)
        if name in SETTING_UP:
            request.bare = True
            return None
        return HttpResponseRedirect(reverse("mfa_index"))


def is_proven(request) -> bool:
    """Whether this session has seen a second factor, which spares the question to the database."""
    records = get_authentication_records(request, request.user)
    return any(record["method"] in {"mfa", "socialaccount"} for record in records)


def locked(request) -> HttpResponse:
    """To the page that unlocks. A fragment is answered with nothing, so that what is typed stays where it is."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Trigger": "locked"})
    methods = get_adapter(request).get_reauthentication_methods(request.user)
    url = methods[0]["url"] if methods else reverse("account_login")
    return HttpResponseRedirect(f"{url}?{urlencode({REDIRECT_FIELD_NAME: back_to(request)})}")


def back_to(request) -> str:
    """Where the user was: the page asked for, or the one that held the form."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    return (came_from.path or "/") if came_from.netloc == request.get_host() else "/"
