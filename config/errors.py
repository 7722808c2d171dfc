"""The page of an error, with the number under which it stands in the log."""

from django.http import HttpRequest, HttpResponseServerError
from django.template.loader import render_to_string

from accounts.visits import request_id


def server_error(request: HttpRequest) -> HttpResponseServerError:
    """Without the request: its context processors may be what failed."""
    return HttpResponseServerError(render_to_string("500.html", {"error_number": request_id()}))
