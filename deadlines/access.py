"""What of a step a user reads beyond its dates. Which steps there are at all says Step.objects.visible_to."""

from django.utils.translation import gettext as _

from accounts.access import Permission, areas_of, can, parts_of, sees_names
from cases.access import reads_health
from cases.models import Party
from deadlines.models import Step

HEALTH = "health"


def tells(user, step: Step) -> bool:
    """Whether the user reads the evidence, the reasons and whom one waits for. A health step tells its circle only."""
    if step.area == HEALTH:
        return reads_health(user, step.case)
    return reads_area(user, step.area, step.rule) or step.case.number in user.openings


def reads_area(user, area: str, rule: str = "") -> bool:
    """Whether the user's roles read what is written about steps of this area and rule, whatever the case."""
    whole = can(user, Permission.SEE_CASE_FILES) or area in areas_of(user)
    return whole or rule.startswith(tuple(parts_of(user)))


def title_of(user, step: Step) -> str:
    """An own task's words are somebody's note: whoever sees no names reads that there is a task."""
    return step.title if step.rule or sees_names(user, step.case.number) else _("Egen opgave")


def hush(step: Step, *, waiver: bool = True) -> None:
    """Leave title, dates and how it stands: what is written about the step is for others.

    waiver False: the reason of *Ikke omfattet* stays, for whoever is to confirm it.
    """
    step.evidence = step.follow_up_reason = step.done_text = ""
    if waiver:
        step.waived_reason = ""
    if step.waiting_for_id:
        step.waiting_for = Party(pk=step.waiting_for_id, name=_("andre"))
