"""The gate before every page: what the policy does not know does not exist, and a method is refused only to those
who could see the page. Everybody else gets the same 404 as for an address that leads nowhere.
"""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode

from accounts.models import Absence, RoleRequest, Team, User
from board.models import Action, Activation
from board.services import leave, moves, reports
from cases.access import PlacesHidden, get_case
from cases.models import Case, in_daily_scope
from config.admission import Of, Row, admits
from config.policy import PAGES
from deadlines.models import RuleSet, Step
from desk.models import Job, LogReview
from desk.services.approvals import to_answer
from housing.models import Dwelling
from intake.models import Import
from offers.models import HelpOffer
from phrases.models import Phrase
from volunteers.models import Activity, Volunteer

# What is reached by its own id, without a case before it.
BY_ID = {
    Of.STEP: Step.objects.visible_to,
    Of.IMPORT: Import.objects.visible_to,
    Of.DWELLING: lambda user: Dwelling.objects.all(),
    Of.PHRASE: lambda user: Phrase.objects.all(),
    Of.ACTION: lambda user: Action.objects.all(),
    Of.REPORT: reports.seen_by,
    Of.ACTIVITY: lambda user: Activity.objects.all(),
    Of.VOLUNTEER: lambda user: Volunteer.objects.all(),
    Of.OFFER: lambda user: HelpOffer.objects.all(),
    Of.OWN_KEY: lambda user: Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN),
    Of.USER: lambda user: User.objects.all(),
    Of.UNIT: lambda user: Team.objects.all(),
    Of.ABSENCE: lambda user: Absence.objects.all(),
    Of.ROLE_REQUEST: lambda user: RoleRequest.objects.all(),
    Of.FILE_REQUEST: to_answer,
    Of.MOVE: moves.of_unit,
    Of.COLLEAGUE: leave.colleagues,
    Of.LEAVE: lambda user: leave.of_unit(user, user.asked_on),
    Of.JOB: lambda user: Job.objects.filter(user=user),
    Of.RULE_SET: lambda user: RuleSet.objects.all(),
    Of.ACTIVATION: lambda user: Activation.objects.all(),
    Of.LOG_REVIEW: lambda user: LogReview.objects.all(),
}


class Gate:
    """Middleware after the log-in's. The views guard themselves; this is about what no view sees."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Every answer depends on who is logged in, also the one for an address that leads nowhere."""
        response = self.get_response(request)
        patch_vary_headers(response, ["Cookie"])
        return response

    def process_view(self, request, view, args, kwargs) -> HttpResponse | None:
        """None: the view answers. Http404: no such page for this user. 405: seen, but not by this method."""
        page = PAGES.get(request.resolver_match.view_name)
        if page is None:
            raise Http404
        if page.who(request.method) is not None:
            read_only(page, request, kwargs)
            return None
        if not any(admits(request.user, who) for who in (page.read, page.write) if who is not None):
            raise Http404
        must_see(page, request.user, kwargs)
        return HttpResponseNotAllowed(page.methods)

    def process_exception(self, request, exception) -> HttpResponse | None:
        """A page that tells where a protected family is asks for the reason first, and is opened again after it."""
        if not isinstance(exception, PlacesHidden):
            return None
        ask = reverse("desk:reveal_places", args=[exception.number])
        return redirect(f"{ask}?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ask)


def read_only(page: Row, request: HttpRequest, kwargs: dict) -> None:
    """Http404 for whatever is sent to a case that is only opened for a while: it is read, not worked on."""
    if request.method in {"GET", "HEAD"} or not request.user.is_authenticated or not request.user.openings:
        return
    number = kwargs.get("number")
    if number is None and page.of is Of.STEP:
        number = Step.objects.filter(pk=kwargs["pk"]).values_list("case__number", flat=True).first()
    if number in request.user.openings and not works_in(request.user, number):
        raise Http404


def works_in(user, number: str) -> bool:
    """Whether the case is the user's without the opening; a manager's daily scope stays as it is."""
    return Case.objects.filter(in_daily_scope(user), number=number).exists()


def must_see(page: Row, user, kwargs: dict) -> None:
    """Http404 unless the user may see what the address names, as far as the case that holds it."""
    if "number" in kwargs:
        get_case(user, kwargs["number"], covered=True)
    elif page.of in BY_ID and not BY_ID[page.of](user).filter(pk=kwargs["pk"]).exists():
        raise Http404
