"""Who is told what: the one table. The ledger marks by it, the desk delivers by it, the tests read it.

days counts from the date the notice is about: negative before it, positive after it. None: the warning days of the
step's Term, and DEFAULT_WARNINGS where the Term names none. Of the levels a step has passed only the highest is told,
to everybody whom one of the newly passed levels concerns.
"""

from dataclasses import dataclass
from enum import StrEnum

from deadlines.models import Kind, Level

OWN = "own"  # a step without a rule
ANY = "any"  # law, service goal, local target and own task alike


class Manager(StrEnum):
    """How a team's manager is told: not at all, in a mail of its own, or in the weekly bundle."""

    NO = ""
    MAIL = "mail"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Telling:
    kind: str
    level: Level
    days: int | None
    owner: bool = False
    team: bool = False
    manager: Manager = Manager.NO


TOLD = (
    Telling(Kind.LAW, Level.WARN, None, owner=True),
    Telling(Kind.LAW, Level.DUE, 0, owner=True, team=True),
    Telling(Kind.LAW, Level.PASSED, 1),
    Telling(Kind.LAW, Level.ESCALATED, 1, manager=Manager.MAIL),
    Telling(Kind.SERVICE_GOAL, Level.WARN, None, owner=True),
    Telling(Kind.SERVICE_GOAL, Level.PASSED, 1, owner=True),
    Telling(Kind.SERVICE_GOAL, Level.ESCALATED, 3, manager=Manager.WEEKLY),
    Telling(Kind.LOCAL_TARGET, Level.WARN, None, owner=True),
    Telling(Kind.LOCAL_TARGET, Level.PASSED, 1, owner=True, manager=Manager.WEEKLY),
    Telling(Kind.WATCH, Level.WARN, None, owner=True, manager=Manager.WEEKLY),
    Telling(OWN, Level.DUE, 0, owner=True),
    Telling(ANY, Level.DATE_MISSING, 7, owner=True),
    Telling(ANY, Level.RESUMED, 0, owner=True),
    Telling(ANY, Level.STARTED, 0, owner=True),
)
DEFAULT_WARNINGS = {Kind.LAW: (14, 3), Kind.SERVICE_GOAL: (3,)}

# The order of the levels of one step: the last one passed is told.
RANK = {
    level: place
    for place, level in enumerate(
        (Level.STARTED, Level.DATE_MISSING, Level.RESUMED, Level.WARN, Level.DUE, Level.PASSED, Level.ESCALATED)
    )
}

# Told in the list of the assigned only, never by mail and to no manager (who is told of what has no owner).
PRIVATE_AREAS = ("health",)

# The subjects of notices that have no step, all for the manager, on the same day.
NO_CASEWORKER, SWEEP_STOPPED, MAIL_STUCK, REJECTED_ROWS, TO_CLARIFY, GLASS, CPR_LIMIT, LOG_REVIEW, SNOOPING = (
    SUBJECTS
) = (
    "no_caseworker",
    "sweep_stopped",
    "mail_stuck",
    "rejected_rows",
    "to_clarify",  # followed by the address of the list or the case that raised the doubt, never by a name
    "glass",
    "cpr_limit",
    "log_review",  # followed by the week; told when it is not signed in time
    "snooping",  # followed by the user's id
)


def pairs(**wanted: object) -> list[tuple[str, str]]:
    """(kind, level) of the rows of the table with these values: pairs(owner=True), pairs(manager=Manager.MAIL)."""
    rows = (row for row in TOLD if all(getattr(row, name) == value for name, value in wanted.items()))
    return [(row.kind, row.level) for row in rows]
