"""Somebody who may be known in a case that the reader does not see: the manager hears that, the assigned who.

Neither sentence tells the reader whether there is such a case (docs/adr/0013).
"""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cases.cpr import parse_cpr
from cases.fields import blind_index
from cases.models import Case
from cases.services import CPR_HELD
from deadlines.services import own_task
from deadlines.telling import TO_CLARIFY
from desk.services.reminders import remind_managers


def subject_of(row) -> str:
    """The subject of the manager's notice: where the doubt arose, a list or a new case, never whom it is about."""
    return f"{TO_CLARIFY}:{row.get_absolute_url()}"


def tell_of_held_number(error: ValidationError, case: Case, text: str, *, by, today: date) -> None:
    """The refused number is of somebody whom the user does not see: told like any other doubt, to others than the user.

    Call it after the refusal, outside its transaction.
    """
    errors = getattr(error, "error_dict", {}).get("cpr", [])
    if not any(each.code == CPR_HELD for each in errors):
        return
    index = blind_index(parse_cpr(text, today=today).digits)
    hidden = Case.objects.exclude(pk__in=Case.objects.visible_to(by).values("pk"))
    if held := set(hidden.filter(people__cpr_numbers__index=index).values_list("pk", flat=True)):
        remind_managers(subject_of(case), on=today)
        ask_the_assigned(held, by=by, today=today)


def ask_the_assigned(case_ids: Iterable[int], *, by, today: date) -> None:
    """A task in the list of the caseworker, once while it is open."""
    title = _("Ny registrering ligner en person i sagen. Aftal med din leder, hvad der skal ske")
    for case in Case.objects.filter(pk__in=case_ids).select_related("caseworker").order_by("pk"):
        if not case.steps.filter(rule="", title=title, done_on=None).exists():
            own_task(case, title=title, due_on=today, by=by, today=today)
