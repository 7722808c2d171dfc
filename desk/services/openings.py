"""Break-glass and *ledelsestilsyn*: one case opened for one user for an hour, read only, told and on a list.

Persondataloven asks for a need to know; what lies beyond the daily scope is opened by saying why, and somebody else
hears of it at once (Datatilsynet, 2023-423-0019: a look is checked by others than the one who looked).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.access import Permission, can
from accounts.models import AccessRecord, Opening, User
from cases.models import Case
from deadlines.models import Delivery, Level, Notice
from deadlines.telling import GLASS
from desk.services.mail import write
from desk.services.recipients import stand_ins

LENGTH = timedelta(minutes=60)


@transaction.atomic
def break_glass(user: User, *, number: str, reason: str, text: str, now: datetime) -> Opening | None:
    """Open a case out of the user's scope and tell its team's manager. None where that can't be, whatever the cause:
    no such case, one the user has anyway, or one that is open already. The attempt stands in the log either way.

    reason: from the list. text: in the user's own words.
    """
    case = Case.objects.filter(number=number).select_related("team").first()
    if case is None or Case.objects.visible_to(user).filter(pk=case.pk).exists():
        audit.log(user, "glass.refused", case_number=number, purpose=reason)
        return None
    opening = _open(user, case, Opening.Kind.GLASS, reason=reason, text=text, now=now)
    _tell_manager(opening, case, now=now)
    return opening


@transaction.atomic
def oversee(user: User, case: Case, *, reason: str, text: str, now: datetime) -> Opening:
    """A manager reads a case of the own unit as its caseworker does, with a purpose that stands in the log."""
    return _open(user, case, Opening.Kind.OVERSIGHT, reason=reason, text=text, now=now)


def _open(user: User, case: Case, kind: str, *, reason: str, text: str, now: datetime) -> Opening:
    opening = Opening.objects.create(
        user=user,
        case_number=case.number,
        kind=kind,
        reason=reason,
        purpose=text,
        opened_at=now,
        closes_at=now + LENGTH,
    )
    audit.log(user, f"{kind}.opened", case_number=case.number, purpose=f"{reason}: {text}")
    user.read_anew()
    return opening


def _tell_manager(opening: Opening, case: Case, *, now: datetime) -> None:
    """A line in the manager's list and a letter of its own, at once: counts and a link, no name and no number."""
    today = timezone.localdate(now)
    who = stand_ins(today)
    manager = who.reach(case.team.manager_id) if case.team_id else None
    told = User.objects.filter(pk=manager or who.fallback, is_active=True).first()
    if told is None:
        return
    notice = Notice.objects.create(subject=f"{GLASS}:{opening.pk}", level=Level.STARTED, date=today, created_at=now)
    Delivery.objects.create(notice=notice, user=told, channel=Delivery.Channel.LIST, told_at=now)
    Delivery.objects.create(notice=notice, user=told, channel=Delivery.Channel.MAIL, told_at=now)
    write(
        told,
        key=f"{GLASS}:{opening.pk}",
        subject=_("1 sag er åbnet med nødadgang"),
        template="desk/mail/escalation.txt",
        context={"lines": [_("1 sag er åbnet med nødadgang. Se hvem og hvorfor under Åbnede sager.")]},
        now=now,
    )


@transaction.atomic
def close(user: User, *, now: datetime) -> int:
    """End whatever the user has open. Returns how many."""
    ended = 0
    for opening in user.case_openings.in_force(now).select_for_update():
        opening.closed_at = now
        opening.save(update_fields=["closed_at"])
        audit.log(user, f"{opening.kind}.closed", case_number=opening.case_number)
        ended += 1
    user.read_anew()
    return ended


def listed(user: User) -> QuerySet[Opening]:
    """What has been opened, the newest first, with `looks`: the lines of the log meanwhile.

    All of it for whoever reads the log; a manager sees what happened in the cases of the own unit.
    """
    rows = Opening.objects.select_related("user").order_by("-pk")
    if not can(user, Permission.READ_LOG):
        own = Case.objects.filter(team=user.team_id) if user.team_id else Case.objects.none()
        rows = rows.filter(case_number__in=own.values("number"))
    meanwhile = AccessRecord.objects.filter(
        user_id=OuterRef("user"),
        case_number=OuterRef("case_number"),
        at__gte=OuterRef("opened_at"),
        at__lte=Coalesce(OuterRef("closed_at"), OuterRef("closes_at")),
    )
    looked = meanwhile.order_by().values("user_id").annotate(n=Count("pk")).values("n")
    return rows.annotate(looks=Coalesce(Subquery(looked), 0))


def in_force(user: User, *, now: datetime) -> Iterable[Opening]:
    """What the user has open now, the one that ends first at the top."""
    return user.case_openings.in_force(now).order_by("closes_at")
