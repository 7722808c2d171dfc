"""Who hears a notice, resolved on the day it is told: owner, team, manager, and whoever stands in for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce

from accounts.models import Absence, User
from deadlines.ledger import Run, insert, stamp
from deadlines.models import Delivery
from deadlines.telling import ANY, OWN, PRIVATE_AREAS, pairs

COLUMNS = "notice_id, user_id, channel, told_at"


@dataclass(frozen=True, slots=True)
class StandIns:
    """acting: for each user who is away or gone, the deputy; None where only the team's manager is left.

    managers: everybody who leads and can be reached, or who acts for them; where all are away and nobody acts, all who
    lead: somebody must hear. fallback: the one for cases without a team, or whose manager is away without a deputy.
    """

    acting: dict[int, int | None]
    managers: tuple[int, ...]

    @property
    def fallback(self) -> int | None:
        return self.managers[0] if self.managers else None

    def reach(self, user_id: int | None) -> int | None:
        """The user, or who acts for them; None when neither is here."""
        return self.acting.get(user_id, user_id)


def stand_ins(today: date) -> StandIns:
    """Three queries. The deputy acts from the first day of the absence to the last."""
    away: dict[int, int | None] = dict.fromkeys(User.objects.filter(is_active=False).values_list("pk", flat=True))
    for user_id, deputy_id in Absence.objects.on(today).order_by("pk").values_list("user_id", "deputy_id"):
        away[user_id] = away.get(user_id) or deputy_id
    acting = {user: deputy if deputy not in away else None for user, deputy in away.items()}
    leads = User.objects.filter(grants__role="manager", is_active=True).order_by("pk").values_list("pk", flat=True)
    reached = tuple(dict.fromkeys(filter(None, (acting.get(pk, pk) for pk in leads))))
    return StandIns(acting, reached or tuple(leads))


def manager_of(who: StandIns, team: str):
    """Expression: the manager of the team at this path, the deputy, or the fallback."""
    path, fallback = f"{team}__manager", Value(who.fallback, output_field=IntegerField())
    named = [When(**{path: user}, then=Value(deputy or who.fallback)) for user, deputy in who.acting.items()]
    return Case(*named, default=Coalesce(F(path), fallback, output_field=IntegerField()), output_field=IntegerField())


def owner_of(who: StandIns):
    """Expression over notices: the step's owner, the deputy, or the team's manager."""
    manager = manager_of(who, "step__case__team")
    named = [When(step__owner=user, then=Value(deputy) if deputy else manager) for user, deputy in who.acting.items()]
    return Case(
        *named, default=Coalesce(F("step__owner"), manager, output_field=IntegerField()), output_field=IntegerField()
    )


def among(tellings: list[tuple[str, str]]) -> Q:
    """Notices whose step's kind and level are in the table's rows."""
    found = Q()
    for kind, level in tellings:
        if kind == ANY:
            found |= Q(level=level)
        elif kind == OWN:
            found |= Q(level=level, step__rule="")
        else:
            found |= Q(level=level, step__kind=kind)
    return found


def private(step: str) -> Q:
    """Rows whose step at this path is for the assigned alone, in their list and never by mail."""
    return Q(**{f"{step}__area__in": PRIVATE_AREAS}) | Q(**{f"{step}__case__protected": True})


def deliver(run: Run, who: StandIns) -> int:
    """Put what this run marked into the lists of those whom it concerns. Returns the deliveries written."""
    told = run.notices().filter(told=True, step__isnull=False)
    newly = run.notices().filter(step=OuterRef("step"))
    unheard = among(pairs(owner=False)) & Exists(newly.filter(among(pairs(owner=True))))
    owners = told.filter(among(pairs(owner=True)) | unheard).annotate(to=owner_of(who))
    teams = (
        told.filter(among(pairs(team=True))).exclude(private("step")).annotate(to=manager_of(who, "step__case__team"))
    )
    return put(owners, run.now) + put(teams, run.now)


def put(notices, now, channel: str = Delivery.Channel.LIST) -> int:
    """Deliver notices annotated with `to`, set-based; what is already delivered stays. Returns the rows written."""
    rows = (
        notices.filter(to__isnull=False).order_by("pk").values_list("pk", "to", Value(str(channel)), Value(stamp(now)))
    )
    return insert("deadlines_delivery", COLUMNS, rows)


def tell(pairs: Iterable[tuple[int, int]], now, channel: str = Delivery.Channel.LIST) -> int:
    """Deliver a few notices: ids of (notice, user). What is already delivered stays. Returns the pairs."""
    rows = [Delivery(notice_id=notice, user_id=user, channel=channel, told_at=now) for notice, user in pairs]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
