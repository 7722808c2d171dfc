"""The one place that knows every area. The order here is the order on the page."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

import employment.panel
import employment.rules
import health.panel
import health.rules
import housing.panel
import housing.rules
import reception.panel
import reception.rules
import schooling.panel
import schooling.rules
import volunteers.panel
import volunteers.rules
from deadlines.local import local_rules
from deadlines.models import Step
from deadlines.rules import Rule


@dataclass(frozen=True, slots=True)
class Area:
    """key: the app and the rules' prefix. slug: its word in a URL. icon: of bootstrap-icons."""

    key: str
    slug: str
    title: str
    icon: str
    rules: tuple[Rule, ...]
    panel: Callable[..., dict]

    @property
    def template(self) -> str:
        return f"{self.key}/_panel.html"


AREAS = (
    Area("reception", "modtagelse", _("Modtagelse"), "door-open", reception.rules.RULES, reception.panel.panel),
    Area("housing", "bolig", _("Bolig"), "houses", housing.rules.RULES, housing.panel.panel),
    Area(
        "employment",
        "selvforsoergelse",
        _("Selvforsørgelse"),
        "briefcase",
        employment.rules.RULES,
        employment.panel.panel,
    ),
    Area(
        "schooling", "leg-og-laering", _("Leg og læring"), "mortarboard", schooling.rules.RULES, schooling.panel.panel
    ),
    Area("health", "sundhed", _("Sundhed og trivsel"), "heart-pulse", health.rules.RULES, health.panel.panel),
    Area("volunteers", "lokalsamfund", _("Lokalsamfund"), "people", volunteers.rules.RULES, volunteers.panel.panel),
)
BY_SLUG = {area.slug: area for area in AREAS}
BY_KEY = {area.key: area for area in AREAS}
RULES = {rule.key: rule for area in AREAS for rule in area.rules}

# The shared date that meets or starts a rule is typed on the family's page of dates, not in an area.
DATE_FIELDS = {"housing.takeover": "responsibility_from", "reception.permit_expiry": "permit"}


def all_rules() -> list[Rule]:
    """Every rule of every area, and the municipality's own."""
    return [*RULES.values(), *local_rules()]


def rule_of(step: Step) -> Rule | None:
    """The rule in code; None for an own task or a local rule."""
    return RULES.get(step.rule)


def act_url(step: Step, number: str) -> str:
    """The page on which the real fact behind this step is registered; empty where the step itself is ticked."""
    rule = rule_of(step)
    if rule is None or rule.tick or not rule.act:
        return ""
    args = [number] if rule.household else [number, step.person_id]
    return reverse(rule.key.replace(".", ":"), args=args)
