"""Permissions are names, roles are lists of them: the table can be read aloud."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    SEE_FAMILIES = "see_families"  # case number, names and phone of the families in scope
    SEE_CASE_FILES = "see_case_files"  # dates, people, plan and timeline of the families in scope
    WRITE_CASES = "write_cases"  # register, correct dates, write notes, record what was done
    SEE_HEALTH = "see_health"  # health details beyond what the assigned caseworker was told
    IMPORT_LIST = "import_list"  # read a visitation list in
    MATCH_VOLUNTEERS = "match_volunteers"  # introductions, consents and contact persons
    HAND_OVER = "hand_over"  # give a case to another caseworker
    CONFIRM_EXEMPTION = "confirm_exemption"  # be the second person behind "Ikke omfattet" of a law
    LEAD_TEAM = "lead_team"  # is told what escalates, sees the whole unit
    REVEAL_CPR = "reveal_cpr"  # see a whole CPR number for a minute, with a reason
    RELEASE_INSIGHT = "release_insight"  # prepare or release the package of all that is held about a person; never both
    READ_LOG = "read_log"  # who has looked and who has changed; no cases
    MANAGE_USERS = "manage_users"  # users, teams and roles; no cases


class Scope(StrEnum):
    TEAM = "team"  # own, deputised and the team's cases
    NONE = "none"  # no cases at all


AREAS = ("reception", "housing", "employment", "schooling", "health", "volunteers")


@dataclass(frozen=True, slots=True)
class Role:
    label: str
    scope: Scope
    permissions: frozenset[Permission]
    areas: frozenset[str] = frozenset()


P = Permission
ROLES = {
    "caseworker": Role(
        _("Sagsbehandler"),
        Scope.TEAM,
        frozenset(
            {
                P.SEE_FAMILIES,
                P.SEE_CASE_FILES,
                P.WRITE_CASES,
                P.IMPORT_LIST,
                P.HAND_OVER,
                P.MATCH_VOLUNTEERS,
                P.CONFIRM_EXEMPTION,
                P.REVEAL_CPR,
                P.RELEASE_INSIGHT,
            }
        ),
        frozenset(AREAS),
    ),
    "volunteer_coordinator": Role(
        _("Frivilligkoordinator"),
        Scope.TEAM,
        frozenset({P.SEE_FAMILIES, P.MATCH_VOLUNTEERS}),
        frozenset({"volunteers"}),
    ),
    "manager": Role(
        _("Leder"),
        Scope.TEAM,
        frozenset(
            {
                P.SEE_FAMILIES,
                P.SEE_CASE_FILES,
                P.WRITE_CASES,
                P.IMPORT_LIST,
                P.HAND_OVER,
                P.CONFIRM_EXEMPTION,
                P.LEAD_TEAM,
                P.RELEASE_INSIGHT,
            }
        ),
        frozenset(AREAS),
    ),
    "administrator": Role(_("Administrator"), Scope.NONE, frozenset({P.MANAGE_USERS})),
    "auditor": Role(_("Revisor"), Scope.NONE, frozenset({P.READ_LOG})),
}
# Nobody gives rights and uses them, or works in cases and reviews who looked at them.
ALONE = frozenset({"administrator", "auditor"})


def refused(held: Collection[str], role: str) -> frozenset[str]:
    """The roles among `held` that exclude `role`: an administrator or an auditor holds no other role."""
    others = frozenset(held) - {role}
    return others if role in ALONE else others & ALONE
