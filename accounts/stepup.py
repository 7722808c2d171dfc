"""A fresh log-in before an act that weighs more than others: the library's re-authentication, on our own page.

Whoever has a second factor shows it, whoever has none types the password. A log-in stays fresh for
settings.ACCOUNT_REAUTHENTICATION_TIMEOUT seconds.
"""

import time
from collections.abc import Callable
from functools import wraps

from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.models import Authenticator
from django.conf import settings

BEGAN, SEEN = "log_in_began", "last_seen"  # in the session: seconds since 1970 (config.sessions)
AN_HOUR = 3600  # what is done all day, as looking up a number, asks for a proof once an hour
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(user) -> bool:
    """An authenticator app or a passkey. Recovery codes alone are none."""
    return Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).exists()


def last_proof(request, *, strong: bool) -> float:
    """When this session's user last proved who they are, in seconds since 1970; 0: never.

    strong: only a second factor counts, or the municipality's own log-in, which asks for one itself.
    """
    records = get_authentication_records(request, request.user)
    counted = [record["at"] for record in records if not strong or record["method"] in {"mfa", "socialaccount"}]
    return max(counted, default=0)


def is_fresh(request, *, within: int = 0) -> bool:
    """Whether the user has proved who they are recently, by the strongest means they have.

    within: seconds; 0 for the setting's.
    """
    recent = time.time() - (within or settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
    if not request.user.is_authenticated or last_proof(request, strong=False) <= recent:
        return False
    return last_proof(request, strong=True) > recent or not has_second_factor(request.user)


def needs_fresh_login(view: Callable) -> Callable:
    """Ask for a fresh log-in before the page and before what is sent to it; then go on where the user was.

    Stands below `needs(...)`: whoever may not open the page is not asked to log in for it.
    """

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not is_fresh(request):
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return guarded
