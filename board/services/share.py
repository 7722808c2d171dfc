"""Fordel sager: whose cases there are, who could have them, and what a move would do before anything is written."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import RoleGrant, User
from cases.models import Case, in_daily_scope
from desk.services import loads
from desk.services.loads import Load

NOBODY = "ingen"


def movable(user) -> QuerySet[Case]:
    """Open cases of the manager's daily scope: what is only opened for a while is read, not given away."""
    return Case.objects.filter(in_daily_scope(user)).open()


def sources(user) -> QuerySet[User]:
    """Who has open cases that this manager sees or could have them: the caseworkers, also one who has left."""
    may = RoleGrant.objects.filter(user=OuterRef("pk"), role__in=loads.MAY_HAVE_CASES)
    has = movable(user).filter(caseworker=OuterRef("pk"))
    members = Q(Exists(may), is_active=True, team=user.team_id, team__isnull=False)
    return User.objects.filter(members | Q(Exists(has))).order_by("first_name", "last_name", "pk")


@dataclass(frozen=True, slots=True)
class Source:
    """Whose cases are to be moved: a colleague's, or nobody's (new ones)."""

    user: User | None

    @property
    def word(self) -> str:
        """As in the address: `?fra=`."""
        return str(self.user.pk) if self.user else NOBODY

    @property
    def pk(self) -> int | None:
        return self.user.pk if self.user else None

    @property
    def name(self) -> str:
        return self.user.name if self.user else _("Uden sagsbehandler")

    @property
    def origin(self) -> str:
        """ "fra Mette Lindholm", "uden sagsbehandler"."""
        return _("fra %s") % self.user.name if self.user else _("uden sagsbehandler")


def source_of(user, word: str) -> Source | None:
    """Whom the word means; None when that is none of `sources`."""
    if word == NOBODY:
        return Source(None)
    found = sources(user).filter(pk=word).first() if word.isdecimal() and len(word) < 12 else None
    return Source(found) if found else None


def cases_of(user, source: Source) -> QuerySet[Case]:
    """Their open cases as far as this manager sees them; protected ones go one by one, from their own page."""
    return movable(user).filter(caseworker=source.pk, protected=False)


def guarded(user, source: Source) -> list[str]:
    """Numbers of the protected ones among those the manager sees."""
    rows = movable(user).filter(caseworker=source.pk, protected=True)
    return list(rows.order_by("number").values_list("number", flat=True))


@dataclass(frozen=True, slots=True)
class Plan:
    """Whose cases, and (case id, id of who has it now, id of who gets it) of each."""

    source: int | None
    pairs: tuple[tuple[int, int | None, int], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a plan does: loads before and after by user, and the deadlines that stay with a colleague by assignment."""

    before: dict[int | None, Load]
    after: dict[int | None, Load]
    numbers: dict[int, str]
    stays: int = 0
    given: dict[int, list[int]] = field(default_factory=dict)


def propose(user, today: date, *, source: Source, cases: Iterable[Case], receivers: Collection[User]) -> Plan:
    """All to one colleague, or spread over several by their open deadlines. One query."""
    ids = [case.pk for case in cases]
    if len(receivers) == 1:
        (only,) = receivers
        target = dict.fromkeys(ids, only.pk)
    else:
        rows = loads.of_cases(user, today, Case.objects.filter(pk__in=ids))
        target = loads.suggest(loads.weights(ids, rows), {one.pk: one.load for one in receivers})
    return Plan(source.pk, tuple((pk, source.pk, target[pk]) for pk in ids))


def simulate(user, today: date, plan: Plan) -> Outcome:
    """Loads as they are and as they would be; nothing is written. A constant number of queries."""
    target = {case: to for case, _holder, to in plan.pairs}
    chosen = Case.objects.filter(pk__in=target)
    before = loads.of_colleagues(user, today)
    after: dict[int | None, Load] = defaultdict(Load, before)
    coordinator = user.team.coordinator_id if user.team else None
    for _pk, giver, to in plan.pairs:
        after[giver] -= Load(cases=1)
        after[to] += Load(cases=1)
    for row in loads.of_cases(user, today, chosen):
        after[row["owner"]] -= row["load"]
        after[coordinator if row["coordinated"] else target[row["case"]]] += row["load"]
    given: dict[int, list[int]] = defaultdict(list)
    for case, to in target.items():
        given[to].append(case)
    numbers = dict(chosen.values_list("pk", "number"))
    stays = loads.listed(user, today).filter(case__in=chosen, assignee__isnull=False).count()
    return Outcome(before, dict(after), numbers, stays, dict(given))
