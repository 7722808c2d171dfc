"""The lists of this app that may be had as files: Frister, Familier, Boligplaceringer and the log.

What the matrix denies has none: the volunteers' lists and the offers leave the house in no file.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from accounts.access import Permission
from accounts.models import AccessRecord
from cases.formats import relative
from cases.models import Case
from deadlines.status import CLOSED, look_of, status_of
from deadlines.templatetags.deadlines import WORDS
from desk.areas import BY_KEY
from desk.services import access_log, lists
from desk.services.export import Column
from desk.services.lines import Lines, for_lines, kind_label, owner_of, person_of
from desk.services.listings import ListFile
from housing.models import Placement

KIND = "desk.list"


# --- Frister ----------------------------------------------------------------------------------


def step_rows(user, chosen: Mapping, today: date) -> QuerySet:
    found = for_lines(lists.steps_found(user, today, chosen), user)
    orders = lists.step_orders(user)
    return lists.in_order(found, chosen.get("sort", ""), orders, lists.STEP_ORDER).filter(case__protected=False)


def step_cells(rows: Sequence, user, today: date) -> list[tuple]:
    lines = Lines(user, today)
    return [_step(lines.covered(row), lines) for row in rows]


def _step(step, lines: Lines) -> tuple:
    look, day = look_of(step, lines.today), step.effective_on
    closed = status_of(step, lines.today) in CLOSED
    return (
        day,
        "" if closed or not day else relative(day, lines.today),
        lines.title(step),
        _whose(step, lines),
        step.case__family_name,
        step.case__number,
        str(BY_KEY[step.area].title) if step.area in BY_KEY else "",
        owner_of(step),
        str(WORDS[look]),
        kind_label(step),
    )


def _whose(step, lines: Lines) -> str:
    if step.person_id is None:
        return _("Husstanden")
    return person_of(step) if lines.names else _("Et medlem af familien")


STEPS = ListFile(
    name="frister",
    title=_l("Frister"),
    permission=Permission.TAKE_STEPS,
    columns=(
        Column(_l("Frist"), 12),
        Column(_l("Dage"), 14),
        Column(_l("Opgave"), 36),
        Column(_l("Person"), 28),
        Column(_l("Familie"), 22),
        Column(_l("Sagsnr."), 12),
        Column(_l("Område"), 20),
        Column(_l("Sagsbehandler"), 24),
        Column(_l("Status"), 18),
        Column(_l("Art"), 14),
    ),
    rows=step_rows,
    cells=step_cells,
    case="case",
)


# --- Familier ---------------------------------------------------------------------------------


def case_rows(user, chosen: Mapping, today: date) -> QuerySet:
    found = lists.cases_found(user, today, chosen).filter(protected=False)  # they leave the house in no file
    return lists.in_order(found, chosen.get("sort", ""), lists.CASE_ORDERS, lists.CASE_ORDER)


def case_cells(rows: Sequence[Case], user, today: date) -> list[tuple]:
    return [
        (
            case.family_name,
            case.number,
            case.members,
            case.arrived_on,
            case.caseworker.name if case.caseworker else "",
            case.locality.name if case.locality else "",
            case.next_on,
            case.overdue,
            case.passed,
        )
        for case in rows
    ]


CASES = ListFile(
    name="familier",
    title=_l("Familier"),
    permission=Permission.SEE_CASE_FILES,
    columns=(
        Column(_l("Familie"), 24),
        Column(_l("Sagsnr."), 12),
        Column(_l("Personer"), 10),
        Column(_l("Ankomst"), 14),
        Column(_l("Sagsbehandler"), 24),
        Column(_l("By"), 16),
        Column(_l("Næste frist"), 14),
        Column(_l("Overskredne"), 13),
        Column(_l("Passerede"), 12),
    ),
    rows=case_rows,
    cells=case_cells,
    case="pk",
)


# --- Boligplaceringer -------------------------------------------------------------------------


def placement_rows(user, chosen: Mapping, today: date) -> QuerySet:
    """What holds a home, of the families the user sees and whose places are covered from nobody; the newest first."""
    cases = Case.objects.visible_to(user).filter(protected=False)
    found = (
        Placement.objects.taken().filter(case__in=cases).select_related("case", "dwelling__locality", "host__locality")
    )
    return found.order_by("-offered_on", "-pk")


def placement_cells(rows: Sequence[Placement], user, today: date) -> list[tuple]:
    return [
        (
            row.case.family_name,
            row.case.number,
            row.home,
            home.locality.name if home.locality else "",
            row.get_kind_display(),
            row.residents,
            row.get_answer_display(),
            row.offered_on,
            row.moves_in_on,
            row.end,
        )
        for row in rows
        for home in [row.dwelling or row.host]
    ]


PLACEMENTS = ListFile(
    name="boligplaceringer",
    title=_l("Boligplaceringer"),
    permission=Permission.SEE_HOMES,
    columns=(
        Column(_l("Familie"), 24),
        Column(_l("Sagsnr."), 12),
        Column(_l("Bolig eller vært"), 34),
        Column(_l("By"), 16),
        Column(_l("Grundlag"), 30),
        Column(_l("Personer"), 10),
        Column(_l("Svar"), 24),
        Column(_l("Tilbudt"), 12),
        Column(_l("Indflytning"), 12),
        Column(_l("Ophører"), 12),
    ),
    rows=placement_rows,
    cells=placement_cells,
    case="case",
)


# --- The log ----------------------------------------------------------------------------------


def log_cells(rows: Sequence[AccessRecord], user, today: date) -> list[tuple]:
    lines = access_log.lines(rows, people={}, neutral=False)
    return [tuple(line[name] for name in ("at", "who", "what", "case", "purpose", "detail")) for line in lines]


LOG = ListFile(
    name="log",
    title=_l("Log"),
    permission=Permission.READ_LOG,
    columns=(
        Column(_l("Tidspunkt"), 22),
        Column(_l("Bruger"), 26),
        Column(_l("Handling"), 34),
        Column(_l("Sagsnr."), 12),
        Column(_l("Formål"), 40),
        Column(_l("Detaljer"), 40),
    ),
    rows=lambda user, chosen, today: access_log.found(chosen),
    cells=log_cells,
    limited=False,
)

LISTINGS = {listing.name: listing for listing in (STEPS, CASES, PLACEMENTS, LOG)}
