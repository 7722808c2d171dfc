"""The verbs of moving many cases: carry out what was shown, and undo it as a whole.

Every case is asked about again under its lock: what has changed meanwhile stays where it is and is named with the
reason, the rest moves. Two managers at once: the first wins, the second reads it in the remainder.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.access import Permission, can
from accounts.models import User
from board.models import LeftOut, Move, MovedCase
from board.services.share import Plan
from cases.models import Case, in_daily_scope
from desk.services import handing, loads

SHOWN = 10


def of_unit(user) -> QuerySet[Move]:
    """Moves of the manager's own team, the newest first; without a team the own ones."""
    where = {"team": user.team_id} if user.team_id else {"team": None, "by": user}
    return Move.objects.filter(**where).select_related("source", "by", "undone_by").order_by("-at", "-pk")


@transaction.atomic
def carry_out(plan: Plan, *, by: User, today: date, now: datetime) -> Move:
    """Move what may still be moved; the rest is kept in the move with its reason.

    A constant number of queries per five hundred cases, and one round of them per receiver.
    """
    cases = {case.pk: case for case in handing.lock(case for case, _before, _to in plan.pairs)}
    seen = visible(cases, by)
    receivers = {user.pk: user for user in loads.colleagues(by, today)}
    move = Move.objects.create(team_id=by.team_id, source_id=plan.source, by=by, at=now)
    rows, given = [], defaultdict(list)
    for pk, before, to in plan.pairs:
        if pk not in cases:
            continue  # there is no such case
        row = MovedCase(move=move, case_id=pk, before_id=before, before_team_id=cases[pk].team_id, after_id=to)
        row.left_out = why_not(cases[pk], seen, holder=before) or ("" if to in receivers else LeftOut.RECEIVER)
        rows.append(row)
        if not row.left_out:
            given[to].append(cases[pk])
        elif row.left_out == LeftOut.RECEIVER:
            row.after_id = None
    for to, group in given.items():
        handing.give(group, to=receivers[to], by=by, today=today)
    MovedCase.objects.bulk_create(rows, batch_size=handing.BATCH)
    return move


def visible(cases: Collection[int], user: User) -> set[int]:
    """Which of these cases are in the manager's daily scope now; asked after the lock. One query per five hundred."""
    ids, found = sorted(cases), set()
    for first in range(0, len(ids), handing.BATCH):
        part = Case.objects.filter(in_daily_scope(user), pk__in=ids[first : first + handing.BATCH])
        found.update(part.values_list("pk", flat=True))
    return found


def why_not(case: Case, seen: set[int], *, holder: int | None) -> str:
    """Why a locked case stays where it is; empty when it may be moved from this holder."""
    if case.pk not in seen:
        return LeftOut.UNSEEN
    if case.protected:
        return LeftOut.PROTECTED
    if case.closed_on:
        return LeftOut.CLOSED
    return LeftOut.CHANGED if case.caseworker_id != holder else ""


@transaction.atomic
def undo(move: Move, *, by: User, today: date, now: datetime) -> Move:
    """Give back what is still with whom the move gave it to; the rest gets its reason. ValidationError: undone."""
    move = Move.objects.select_for_update(of=("self",)).get(pk=move.pk)
    if move.undone_at:
        raise ValidationError(_("Flytningen er allerede fortrudt."))
    rows = list(move.cases.filter(left_out="").order_by("pk"))
    cases = {case.pk: case for case in handing.lock(row.case_id for row in rows)}
    seen = visible(cases, by)
    holders = who_may(row.before_id for row in rows)
    given: Mapping[int | None, list[MovedCase]] = defaultdict(list)
    for row in rows:
        row.kept = why_not(cases[row.case_id], seen, holder=row.after_id)
        if not row.kept and row.before_id not in holders:
            row.kept = LeftOut.RECEIVER
        if not row.kept:
            given[row.before_id].append(row)
    for before, group in given.items():
        teams = {row.case_id: row.before_team_id for row in group}
        handing.give_back([cases[row.case_id] for row in group], to=holders[before], teams=teams, by=by, today=today)
    MovedCase.objects.bulk_update(rows, ["kept"], batch_size=handing.BATCH)
    move.undone_by, move.undone_at = by, now
    move.save(update_fields=["undone_by", "undone_at"])
    return move


def who_may(ids) -> dict[int | None, User | None]:
    """Of those who had the cases before, whoever can still have some; nobody always can."""
    users = User.objects.filter(pk__in={pk for pk in ids if pk}, is_active=True).prefetch_related("grants")
    return {None: None} | {user.pk: user for user in users if can(user, Permission.WRITE_CASES)}


# --- What was moved ---------------------------------------------------------------------------


def latest(user) -> list[Move]:
    """The last moves of the unit with `moved` and `left`, the numbers of cases that went and that stayed."""
    numbers = {
        "moved": Count("cases", filter=Q(cases__left_out="")),
        "left": Count("cases", filter=~Q(cases__left_out="")),
    }
    return list(of_unit(user).annotate(**numbers)[:SHOWN])


def rows_of(move: Move, user: User) -> list[dict]:
    """Each case of a move: {number, url, after, left, kept}, the reasons in words. Two queries.

    The number of a case that this manager no longer sees is known only to whoever moved it.
    """
    seen = Case.objects.visible_to(user).filter(pk=OuterRef("case"))
    rows = move.cases.select_related("case", "after").annotate(seen=Exists(seen)).order_by("case__number")
    return [
        {
            "number": row.case.number if row.seen or move.by_id == user.pk else _("En sag, du ikke længere ser"),
            "url": row.case.get_absolute_url() if row.seen else "",
            "after": row.after.name if row.after else "",
            "left": row.get_left_out_display(),
            "kept": row.get_kept_display(),
        }
        for row in rows
    ]
