"""A manager's yes to a file longer than most: for one user, one list as it is filtered, and one day."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts import audit
from accounts.access import Permission, can
from accounts.models import User
from desk.models import ExportRequest

ROWS_WITHOUT = 200  # so many leave the house without a manager's yes
LENGTH = timedelta(hours=24)
KEEP_UNANSWERED = timedelta(days=7)


def query_of(chosen: Mapping[str, object]) -> str:
    """The same for the same list, in whatever order: the filters by their words in the URL.

    Words searched for may be somebody's name, so they stand as a mark.
    """
    kept = {word: str(value) for word, value in chosen.items() if word != "sort"}
    if "q" in kept:
        kept["q"] = audit.keyed("list", kept["q"])[:16]
    return urlencode(sorted(kept.items()))


def of_list(user: User, name: str, query: str) -> QuerySet[ExportRequest]:
    """This user's requests for this very list, in the team of today."""
    return ExportRequest.objects.filter(user=user, team=user.team_id, name=name, query=query)


def in_force(user: User, name: str, query: str, *, now: datetime) -> ExportRequest | None:
    found = of_list(user, name, query).filter(until__gt=now).select_related("approved_by")
    return found.order_by("-until").first()


def unanswered(user: User, name: str, query: str) -> ExportRequest | None:
    return of_list(user, name, query).filter(approved_at=None).first()


def to_answer(user: User) -> QuerySet[ExportRequest]:
    """What waits for this manager: of the own team, and not the own."""
    if not can(user, Permission.LEAD_TEAM) or user.team_id is None:
        return ExportRequest.objects.none()
    return ExportRequest.objects.filter(team=user.team_id, approved_at=None).exclude(user=user)


@transaction.atomic
def ask(
    user: User, *, name: str, title: str, query: str, filters: str, rows: int, purpose: str, now: datetime
) -> ExportRequest:
    """Wait for a manager of the own team. ValidationError: the user is in none."""
    if user.team_id is None:
        raise ValidationError(_("Du er ikke i et team, så ingen leder kan godkende filen."))
    asked = {"title": title, "filters": filters[:400], "rows": rows, "purpose": purpose, "asked_at": now}
    found, is_new = ExportRequest.objects.get_or_create(
        user=user, team=user.team, name=name, query=query, approved_at=None, defaults=asked
    )
    if is_new:
        audit.log(user, "list.asked", purpose=purpose, detail=f"{name}: {rows}")
    return found


@transaction.atomic
def answer(request: ExportRequest, *, agreed: bool, by: User, now: datetime) -> None:
    """The manager's answer, once. ValidationError: to one's own wish, another team's, or answered meanwhile."""
    if by.pk == request.user_id:
        raise ValidationError(_("En anden leder skal svare på dette."))
    found = to_answer(by).select_for_update().filter(pk=request.pk).first()
    if found is None:
        raise ValidationError(_("Filen venter ikke længere på dit svar."))
    what = {"purpose": found.purpose, "detail": f"{found.name}: {found.rows}, user {found.user_id}"}
    if not agreed:
        found.delete()
        audit.log(by, "list.declined", **what)
        return
    found.approved_by, found.approved_at, found.until = by, now, now + LENGTH
    found.save(update_fields=["approved_by", "approved_at", "until"])
    audit.log(by, "list.approved", **what)


def forget(*, now: datetime) -> None:
    """What has run out, and what nobody answered; both stand in the log."""
    ended = Q(until__lt=now) | Q(approved_at=None, asked_at__lt=now - KEEP_UNANSWERED)
    ExportRequest.objects.filter(ended).delete()
