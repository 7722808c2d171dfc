"""Somebody who may be known in a case that the reader does not see: the manager hears that, the assigned who.

Neither sentence tells the reader whether there is such a case (docs/adr/0013).
"""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from cases.models import Case
from deadlines.services import own_task
from deadlines.telling import TO_CLARIFY


def subject_of(row) -> str:
    """The subject of the manager's notice: where the doubt arose, a list or a new case, never whom it is about."""
    return f"{TO_CLARIFY}:{row.get_absolute_url()}"


def ask_the_assigned(case_ids: Iterable[int], *, by, today: date) -> None:
    """A task in the list of the caseworker, once while it is open."""
    title = _("Ny registrering ligner en person i sagen. Aftal med din leder, hvad der skal ske")
    for case in Case.objects.filter(pk__in=case_ids).select_related("caseworker").order_by("pk"):
        if not case.steps.filter(rule="", title=title, done_on=None).exists():
            own_task(case, title=title, due_on=today, by=by, today=today)
