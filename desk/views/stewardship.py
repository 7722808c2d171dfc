"""Who has the case and whether it is open: hand-over, closing, reopening, and tasks of one's own."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import Permission, needs
from cases.access import get_case
from deadlines.services import own_task
from desk.forms.decisions import TaskForm
from desk.forms.people import CloseForm, HandOverForm, ReasonForm
from desk.services import family
from desk.views.people import small_page


@needs(Permission.HAND_OVER)
def hand_over(request, number):
    case, today = get_case(request.user, number, covered=True), timezone.localdate()
    return small_page(
        request,
        case,
        HandOverForm(request.POST or None),
        heading=_("Overdrag sag"),
        submit=_("Overdrag sagen"),
        lede=_("Åbne frister følger med. Det, der er givet til en bestemt kollega, bliver der."),
        act=lambda data: family.hand_over(case, by=request.user, today=today, **data),
        done=_("Sagen er overdraget."),
        back=reverse("desk:cases"),
    )


@needs(Permission.WRITE_CASES)
def close(request, number):
    case, today = get_case(request.user, number, covered=True), timezone.localdate()
    return small_page(
        request,
        case,
        CloseForm(request.POST or None, initial={"on": today}),
        heading=_("Afslut sag"),
        submit=_("Afslut sagen"),
        lede=_("Åbne frister bortfalder. Sagen kan altid genåbnes."),
        act=lambda data: family.close(case, by=request.user, today=today, **data),
        done=_("Sagen er afsluttet."),
        back=case.get_absolute_url(),
    )


@needs(Permission.WRITE_CASES)
def reopen(request, number):
    case, today = get_case(request.user, number, covered=True), timezone.localdate()
    return small_page(
        request,
        case,
        ReasonForm(request.POST or None),
        heading=_("Genåbn sag"),
        submit=_("Genåbn sagen"),
        act=lambda data: family.reopen(case, by=request.user, today=today, **data),
        done=_("Sagen er åben igen."),
        back=case.get_absolute_url(),
    )


@needs(Permission.WRITE_CASES)
def add_task(request, number):
    case, today = get_case(request.user, number, covered=True), timezone.localdate()

    @transaction.atomic
    def act(data):
        own_task(case, title=data["title"], due_on=data["due_on"], by=request.user, today=today)

    return small_page(
        request,
        case,
        TaskForm(request.POST or None),
        heading=_("Ny opgave"),
        submit=_("Opret opgave"),
        act=act,
        lede=_("En egen opgave står i listen som frister, men tæller ikke i statistikken."),
        done=_("Opgaven er oprettet."),
        back=case.get_absolute_url(),
    )
