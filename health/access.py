"""Who reads health details: the assigned caseworker (or the deputy) and those with SEE_HEALTH."""

from accounts.access import Permission, can
from cases.models import Case


def reads_details(user, case: Case) -> bool:
    """The same rule as for lines of class health (cases.models.Entry). The case itself came through get_case."""
    if not can(user, Permission.SEE_CASE_FILES):
        return False
    return can(user, Permission.SEE_HEALTH) or case.caseworker_id in user.acting_for
