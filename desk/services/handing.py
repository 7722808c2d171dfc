"""A case goes to another colleague: its steps follow, one line and one row of the log say so. One case or hundreds.

Nothing is told again by it: what has been told stays told (deadlines.models.Delivery), and the new caseworker hears
how many cases came in the next morning mail (desk.services.digest.taken_over).
"""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from cases.models import Case, Entry
from deadlines.services import move_ownership

HANDED_OVER, TAKEN_BACK = "cases.handed_over", "cases.hand_over_undone"
BATCH = 500


def lock(case_ids: Iterable[int]) -> list[Case]:
    """The cases as they are now, their rows held until the transaction ends: one query per five hundred."""
    ids = sorted(case_ids)
    found: list[Case] = []
    for first in range(0, len(ids), BATCH):
        part = Case.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=ids[first : first + BATCH])
        found += part.select_related("caseworker").order_by("pk")
    return found


def give(cases: list[Case], *, to: User, by: User, today: date) -> int:
    """Locked cases with their caseworker to one colleague, and into the colleague's team. Returns the steps that moved.

    A constant number of queries per five hundred cases.
    """
    lines = {case.pk: _sentence(case.caseworker, to) for case in cases}
    for case in cases:
        case.caseworker, case.team_id = to, to.team_id or case.team_id
    return _store(cases, to, lines, kind=HANDED_OVER, by=by, today=today)


def give_back(cases: list[Case], *, to: User | None, teams: dict[int, int | None], by: User, today: date) -> int:
    """The same for a hand-over that is undone: the team too is what it was (case id → team id)."""
    text = _("Overdragelsen er fortrudt: sagen er igen hos %s") % to.name if to else _("Overdragelsen er fortrudt")
    for case in cases:
        case.caseworker, case.team_id = to, teams[case.pk]
    return _store(cases, to, {case.pk: text for case in cases}, kind=TAKEN_BACK, by=by, today=today)


def _sentence(before: User | None, to: User) -> str:
    names = {"old": before.name if before else _("ingen"), "new": to.name}
    return _("Sagen er overdraget fra %(old)s til %(new)s") % names


def _store(cases: list[Case], to: User | None, lines: dict[int, str], *, kind: str, by: User, today: date) -> int:
    moved = 0
    for first in range(0, len(cases), BATCH):
        part = cases[first : first + BATCH]
        Case.objects.bulk_update(part, ["caseworker", "team"])
        moved += move_ownership([case.pk for case in part], caseworker=to)
        Entry.objects.bulk_create(
            Entry(case=case, kind=kind, text=lines[case.pk][:400], on=today, author=by) for case in part
        )
    audit.log_many(by, kind, [case.number for case in cases])
    return moved
