"""*Afsluttet + 5 år*: closed cases whose keeping period is over, and what people decide about them.

Order of a decision: the archive first (the cases are kind B: preserved), then the outcome, and none while a hold
stands. Nothing is deleted, by itself or by a decision: this release has no deletion at all.
"""

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from accounts import audit
from cases.models import Case
from deadlines import calendar
from keeping.models import Archive, Decision, Hold, Outcome

MIN_REASON = 10
STATES = {
    "gate": _l("Afventer arkiv"),
    "ready": _l("Klar til afgørelse"),
    "hold": _l("Må ikke røres"),
    "done": _l("Afgjort"),
}


def cutoff(today: date) -> date:
    """The last closing day whose period is over today."""
    return calendar.add(today, -12 * settings.KEEPING_YEARS, "months")


def period_ends(case: Case) -> date | None:
    """None while the case is open."""
    return calendar.add(case.closed_on, 12 * settings.KEEPING_YEARS, "months") if case.closed_on else None


def expired(today: date) -> QuerySet[Case]:
    """Annotated with `held`, `archive` and `outcome`, as the newest decision says."""
    newest = Decision.objects.filter(case=OuterRef("pk")).order_by("-pk")
    return Case.objects.filter(closed_on__lte=cutoff(today)).annotate(
        held=Exists(Hold.objects.filter(case=OuterRef("pk"), lifted_on=None)),
        archive=Coalesce(Subquery(newest.values("archive")[:1]), Value("")),
        outcome=Coalesce(Subquery(newest.values("outcome")[:1]), Value("")),
    )


def of_unit(user, today: date) -> QuerySet[Case]:
    """The review list of the unit this user leads."""
    return expired(today).filter(team=user.team_id, team__isnull=False)


WHERE = {
    "hold": Q(held=True),
    "gate": Q(held=False, archive=""),
    "ready": Q(held=False, outcome=Outcome.OPEN),
    "done": Q(held=False, outcome__in=[Outcome.KEPT, Outcome.CLEARED]),
}


def state_of(case: Case) -> str:
    """gate | ready | hold | done, of a case of `expired`."""
    if case.held:
        return "hold"
    if not case.archive:
        return "gate"
    return "ready" if case.outcome == Outcome.OPEN else "done"


def numbers(rows: QuerySet[Case]) -> dict[str, int]:
    return {state: rows.filter(where).count() for state, where in WHERE.items()}


def locked(case: Case) -> Case:
    return Case.objects.select_for_update(no_key=True).get(pk=case.pk)


def standing_hold(case: Case) -> Hold | None:
    return Hold.objects.filter(case=case, lifted_on=None).first()


def current(case: Case) -> Decision | None:
    return Decision.objects.filter(case=case).order_by("-pk").first()


def _need(name: str, text: str) -> None:
    if len(text.strip()) < MIN_REASON:
        raise ValidationError({name: _("Skriv en begrundelse på mindst %d tegn.") % MIN_REASON})


@transaction.atomic
def hold(case: Case, *, reason: str, by, today: date) -> Hold:
    """Nothing is decided about the case while it stands: a complaint, a court case, a request for insight."""
    case = locked(case)
    _need("reason", reason)
    if standing_hold(case):
        raise ValidationError(_("Sagen er allerede beskyttet mod afgørelser."))
    audit.log(by, "keeping.hold", case_number=case.number)
    return Hold.objects.create(case=case, reason=reason.strip(), since=today, set_by=by)


@transaction.atomic
def lift(case: Case, *, by, today: date) -> None:
    case = locked(case)
    standing = standing_hold(case)
    if standing is None:
        raise ValidationError(_("Der er intet at ophæve."))
    standing.lifted_on, standing.lifted_by = today, by
    standing.save(update_fields=["lifted_on", "lifted_by"])
    audit.log(by, "keeping.lifted", case_number=case.number)


def _must_be_free(case: Case, today: date) -> None:
    if case.closed_on is None or case.closed_on > cutoff(today):
        raise ValidationError(_("Opbevaringsperioden er ikke udløbet endnu."))
    if standing_hold(case):
        raise ValidationError(_("Sagen må ikke røres. Ophæv først den beskyttelse, der er sat."))


@transaction.atomic
def record_archive(case: Case, *, archive: str, on: date, legal_basis: str, by, today: date) -> Decision:
    """The gate: delivered to the archive on a day, or exempt by a legal basis."""
    case = locked(case)
    _must_be_free(case, today)
    if on > today:
        raise ValidationError({"on": _("Datoen ligger frem i tiden. Skriv den dag, det skete.")})
    if archive == Archive.EXEMPT:
        _need("legal_basis", legal_basis)
    audit.log(by, "keeping.archive", case_number=case.number, detail=archive)
    return Decision.objects.create(
        case=case, archive=archive, archive_on=on, legal_basis=legal_basis.strip(), decided_on=today, decided_by=by
    )


@transaction.atomic
def decide(case: Case, *, outcome: str, by, today: date) -> Decision:
    """Kept, or free to be deleted one day; refused until the archive's word is recorded, and while a hold stands."""
    case = locked(case)
    _must_be_free(case, today)
    known = current(case)
    if known is None:
        raise ValidationError(_("Registrér først, om sagen er afleveret til arkiv eller fritaget."))
    audit.log(by, "keeping.decided", case_number=case.number, detail=outcome)
    return Decision.objects.create(
        case=case,
        archive=known.archive,
        archive_on=known.archive_on,
        legal_basis=known.legal_basis,
        outcome=outcome,
        decided_on=today,
        decided_by=by,
    )
