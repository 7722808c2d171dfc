"""The review list for the manager, one case of it, and the numbers alone for the auditor."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.access import Permission, needs
from cases.access import get_case
from cases.formats import doc_date
from deadlines.views import blame
from desk.services.lists import page_of
from desk.views.lists import page_number, pager
from keeping.forms import ArchiveForm, HoldForm, OutcomeForm
from keeping.models import Decision, Hold
from keeping.services import review
from keeping.views.pages import crumbs, form_page


@needs(Permission.LEAD_TEAM)
def review_list(request):
    today = timezone.localdate()
    rows = review.of_unit(request.user, today)
    with transaction.atomic():
        page = page_of(rows.order_by("closed_on", "pk"), page_number(request))
        audit.log(request.user, "keeping.read", detail=str(len(page.rows)))
    context = {
        "years": settings.KEEPING_YEARS,
        "rows": [
            {
                "url": reverse("keeping:review_case", args=[case.number]),
                "number": case.number,
                "name": case.title,
                "closed": doc_date(case.closed_on),
                "ends": doc_date(review.period_ends(case)),
                "state": review.STATES[review.state_of(case)],
            }
            for case in page.rows
        ],
        "numbers": worded(review.numbers(rows)),
        "pager": pager(request, page),
    }
    return render(request, "keeping/review.html", context)


def worded(numbers: dict[str, int]) -> list[dict]:
    return [{"text": review.STATES[state], "count": count} for state, count in numbers.items()]


@needs(Permission.READ_LOG)
def review_figures(request):
    """How many, never which."""
    numbers = worded(review.numbers(review.expired(timezone.localdate())))
    return render(request, "keeping/review_figures.html", {"numbers": numbers, "years": settings.KEEPING_YEARS})


@needs(Permission.LEAD_TEAM)
def review_case(request, number):
    case = get_case(request.user, number)
    with transaction.atomic():
        audit.log(request.user, "keeping.read", case_number=case.number)
        decisions = list(Decision.objects.filter(case=case).select_related("decided_by").order_by("-pk"))
        holds = list(Hold.objects.filter(case=case).select_related("set_by", "lifted_by").order_by("-pk"))
    ends, today = review.period_ends(case), timezone.localdate()
    context = {
        "case": case,
        "crumbs": crumbs(case, _("Opbevaring"), (reverse("keeping:review"), _("Opbevaring"))),
        "ends": doc_date(ends) if ends else "",
        "over": bool(ends and ends <= today),
        "held": any(hold.lifted_on is None for hold in holds),
        "decisions": decisions,
        "holds": holds,
    }
    return render(request, "keeping/review_case.html", context)


def verb(request, number, form, heading: str, submit: str, act, done: str):
    case = get_case(request.user, number)
    back = reverse("keeping:review_case", args=[number])
    if request.method == "POST" and form.is_valid():
        try:
            act(case, form.cleaned_data)
        except ValidationError as error:
            blame(form, error)
        else:
            messages.success(request, done)
            return redirect(back)
    return form_page(request, case, form, heading, submit, back=back, way=(back, _("Opbevaring")))


@needs(Permission.LEAD_TEAM)
def hold(request, number):
    today = timezone.localdate()

    def act(case, data):
        review.hold(case, by=request.user, today=today, **data)

    form = HoldForm(request.POST or None)
    return verb(request, number, form, _("Sagen må ikke røres"), _("Sæt beskyttelse"), act, _("Sagen må ikke røres."))


@needs(Permission.LEAD_TEAM)
def lift(request, number):
    case, back = get_case(request.user, number), reverse("keeping:review_case", args=[number])
    try:
        review.lift(case, by=request.user, today=timezone.localdate())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Beskyttelsen er ophævet."))
    return redirect(back)


@needs(Permission.LEAD_TEAM)
def archive(request, number):
    today = timezone.localdate()

    def act(case, data):
        review.record_archive(case, by=request.user, today=today, **data)

    form = ArchiveForm(request.POST or None, initial={"on": today})
    return verb(
        request, number, form, _("Aflevering til arkiv"), _("Registrér"), act, _("Arkivets afgørelse er registreret.")
    )


@needs(Permission.LEAD_TEAM)
def decide(request, number):
    today = timezone.localdate()

    def act(case, data):
        review.decide(case, by=request.user, today=today, **data)

    form = OutcomeForm(request.POST or None)
    return verb(
        request,
        number,
        form,
        _("Afgør opbevaring"),
        _("Gem afgørelsen"),
        act,
        _("Afgørelsen er gemt. Intet er slettet."),
    )
