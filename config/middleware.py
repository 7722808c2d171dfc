"""Headers that every answer carries, and the log of what was shown."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts import audit
from accounts.visits import visit

SHOWN = {200, 422}
IMPERSONAL = {
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "account_seen",
}


def response_headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Keep pages out of caches and other sites out of pages.

    Every page is behind the log-in, so none may stay in a browser's or a proxy's cache. Static
    files are answered before this middleware and may be cached.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        for name, value in settings.RESPONSE_HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return middleware


def access_log(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """One row for each answer that shows something, and for each refusal.

    Pages that know more write the row themselves; this is the net under them. A refusal is logged alike whether what
    was asked for exists or not, so that neither the answer nor its time tells. Where the row can't be written, the
    answer is not delivered.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        with visit():
            response = get_response(request)
            found = request.resolver_match
            if found and found.view_name not in IMPERSONAL and request.user.is_authenticated:
                action = "denied" if response.status_code == 404 else "page.read"
                if response.status_code == 404 or (response.status_code in SHOWN and not audit.is_shown()):
                    given = found.kwargs
                    audit.log(
                        request.user,
                        action,
                        case_number=given.get("number", ""),
                        person_id=given.get("person_id"),
                        detail=f"{request.method} {found.view_name}",
                    )
        return response

    return middleware
