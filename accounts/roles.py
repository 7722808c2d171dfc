"""Permissions are names, roles are lists of them: the table can be read aloud. Deny by default."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    SEE_CASES = "see_cases"  # case number, surname and deadlines of the cases in scope; no person of the family
    SEE_FAMILIES = "see_families"  # the people's names, languages and roles in the family
    SEE_CONTACT = "see_contact"  # phone and e-mail; without it a phone only where the family has said yes
    SEE_CHILDREN = "see_children"  # the children of these families too; without it the adults only
    SEE_AGES = "see_ages"  # how old each is; the birth date itself is part of the case file
    SEE_CASE_FILES = "see_case_files"  # dates, people, plan and timeline of the families in scope, all areas
    TAKE_STEPS = "take_steps"  # the deadlines of the own areas as a file
    WRITE_CASES = "write_cases"  # register, correct dates, record what was done in any area
    WRITE_NOTES = "write_notes"  # notes of the own areas
    SEE_HEALTH = "see_health"  # health details beyond what the assigned caseworker was told
    SEE_HOMES = "see_homes"  # the municipality's homes and hosts, and who lives where among the cases in scope
    WORK_WITH_HOMES = "work_with_homes"  # homes, hosts and placements
    WORK_WITH_JOBS = "work_with_jobs"  # competences, referrals and jobs of the adults
    WORK_WITH_LANGUAGE = "work_with_language"  # offers of and referrals to a language school
    WORK_WITH_HEALTH = "work_with_health"  # health assessments and offers
    MATCH_VOLUNTEERS = "match_volunteers"  # introductions, consents and contact persons
    IMPORT_LIST = "import_list"  # read a visitation list in
    HAND_OVER = "hand_over"  # give a case to another caseworker, and say which colleagues work with the family
    CONFIRM_EXEMPTION = "confirm_exemption"  # be the second person behind "Ikke omfattet" of a law
    LEAD_TEAM = "lead_team"  # is told what escalates; all deadlines of the unit by case number; gives them to others
    REVEAL_CPR = "reveal_cpr"  # see a whole CPR number for a minute, with a reason
    BREAK_GLASS = "break_glass"  # open a case out of scope for an hour, read only, with a reason that others hear
    SEE_FIGURES = "see_figures"  # figures without families
    RELEASE_INSIGHT = "release_insight"  # prepare or release the package of all that is held about a person; never both
    READ_LOG = "read_log"  # who has looked and who has changed; no cases
    READ_PHRASES = "read_phrases"  # the sentences that citizens read, in every language
    EDIT_PHRASES = "edit_phrases"  # write and approve them, add a language
    MANAGE_USERS = "manage_users"  # users, teams and roles; no cases


class Scope(StrEnum):
    TEAM = "team"  # own, deputised and the team's cases
    ASSIGNED = "assigned"  # the cases the user has been put on, or has an open task in
    FIGURES = "figures"  # no cases, but what is counted of them
    NONE = "none"  # no cases at all


AREAS = ("reception", "housing", "employment", "schooling", "health", "volunteers")
# The classes of cases.choices.DataClass that a role reads in its areas. Health and violence of a case are read by the
# assigned caseworker whatever stands here (cases.models.EntryQuerySet).
ORDINARY, LOCATION, WORK, HEALTH = "ordinary", "location", "work", "health"


@dataclass(frozen=True, slots=True)
class Role:
    """areas: whose deadlines, lines and panels it works with. parts: the same for a part of an area, by prefix."""

    label: str
    scope: Scope
    permissions: frozenset[Permission]
    areas: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    parts: frozenset[str] = frozenset()


P = Permission
MEETS_FAMILIES = frozenset({P.SEE_CASES, P.SEE_FAMILIES, P.SEE_CONTACT, P.SEE_AGES, P.WRITE_NOTES})
ROLES = {
    "caseworker": Role(
        _("Sagsbehandler"),
        Scope.TEAM,
        MEETS_FAMILIES
        | {
            P.SEE_CHILDREN,
            P.SEE_CASE_FILES,
            P.TAKE_STEPS,
            P.WRITE_CASES,
            P.SEE_HOMES,
            P.WORK_WITH_HOMES,
            P.WORK_WITH_JOBS,
            P.WORK_WITH_LANGUAGE,
            P.WORK_WITH_HEALTH,
            P.MATCH_VOLUNTEERS,
            P.IMPORT_LIST,
            P.HAND_OVER,
            P.CONFIRM_EXEMPTION,
            P.REVEAL_CPR,
            P.BREAK_GLASS,
            P.RELEASE_INSIGHT,
            P.READ_PHRASES,
        },
        areas=frozenset(AREAS),
        classes=frozenset({ORDINARY, LOCATION, WORK}),
    ),
    "volunteer_coordinator": Role(
        _("Frivilligkoordinator"),
        Scope.TEAM,
        frozenset({P.SEE_CASES, P.SEE_FAMILIES, P.SEE_CHILDREN, P.MATCH_VOLUNTEERS}),
        areas=frozenset({"volunteers"}),
        classes=frozenset({ORDINARY, LOCATION}),
    ),
    "housing_officer": Role(
        _("Boligkoordinator"),
        Scope.ASSIGNED,
        MEETS_FAMILIES | {P.SEE_CHILDREN, P.SEE_HOMES, P.WORK_WITH_HOMES},
        areas=frozenset({"housing"}),
        classes=frozenset({ORDINARY, LOCATION}),
    ),
    "employment_consultant": Role(
        _("Beskæftigelseskonsulent"),
        Scope.ASSIGNED,
        MEETS_FAMILIES | {P.TAKE_STEPS, P.WORK_WITH_JOBS, P.WORK_WITH_LANGUAGE},
        areas=frozenset({"employment"}),
        classes=frozenset({ORDINARY, LOCATION, WORK}),
        parts=frozenset({"schooling.language"}),
    ),
    "health_visitor": Role(
        _("Sundhedsplejerske"),
        Scope.ASSIGNED,
        MEETS_FAMILIES | {P.SEE_CHILDREN, P.SEE_HEALTH, P.WORK_WITH_HEALTH},
        areas=frozenset({"health"}),
        classes=frozenset({ORDINARY, LOCATION, HEALTH}),
    ),
    "manager": Role(
        _("Leder"),
        Scope.TEAM,
        frozenset(
            {
                P.SEE_CASES,
                P.HAND_OVER,
                P.CONFIRM_EXEMPTION,
                P.LEAD_TEAM,
                P.BREAK_GLASS,
                P.RELEASE_INSIGHT,
                P.SEE_FIGURES,
                P.READ_PHRASES,
                P.EDIT_PHRASES,
            }
        ),
    ),
    "finance": Role(_("Økonomi"), Scope.FIGURES, frozenset({P.SEE_FIGURES})),
    "administrator": Role(_("Administrator"), Scope.NONE, frozenset({P.MANAGE_USERS})),
    "auditor": Role(_("Revisor"), Scope.NONE, frozenset({P.READ_LOG})),
}
# Who decides about a deadline of the area and registers that it is done. WRITE_CASES covers them all.
WORKS_ON = {
    "reception": P.WRITE_CASES,
    "housing": P.WORK_WITH_HOMES,
    "employment": P.WORK_WITH_JOBS,
    "schooling": P.WRITE_CASES,
    "health": P.WORK_WITH_HEALTH,
    "volunteers": P.MATCH_VOLUNTEERS,
}
# The same for a part of an area: the prefix of the rule's key.
WORKS_ON_PARTS = {"schooling.language": P.WORK_WITH_LANGUAGE}
# Nobody gives rights and uses them, or works in cases and reviews who looked at them.
ALONE = frozenset({"administrator", "auditor"})


def refused(held: Collection[str], role: str) -> frozenset[str]:
    """The roles among `held` that exclude `role`: an administrator or an auditor holds no other role."""
    others = frozenset(held) - {role}
    return others if role in ALONE else others & ALONE
