"""Whose figures a user sees: a manager those of the own unit with the rows behind them, others the whole house's sums.

A team's name and a town are filters; a case without a team counts with every unit, as it is seen by every unit.
"""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.access import Permission, can
from accounts.models import Team
from board.services.outcomes import is_family

NO_TEAM = 0


@dataclass(frozen=True, slots=True)
class Scope:
    """teams: ids, NO_TEAM for cases without one; None for all. rows: whether the user may see what is counted."""

    teams: frozenset[int] | None = None
    locality: int | None = None
    rows: bool = False

    def of_cases(self, path: str = "") -> Q:
        """Cases of the scope; path leads to the case ("case__")."""
        found = is_family(path)
        if self.teams is not None:
            team = Q(**{f"{path}team__in": self.teams - {NO_TEAM}})
            found &= team | Q(**{f"{path}team": None}) if NO_TEAM in self.teams else team
        return found & Q(**{f"{path}locality": self.locality}) if self.locality else found

    def of_figures(self) -> Q:
        """The same for `DayFigure`, which knows ids."""
        found = Q() if self.teams is None else Q(team__in=self.teams)
        return found & Q(locality=self.locality) if self.locality else found

    def narrowed(self, *, team: int | None, locality: int | None) -> "Scope":
        """To one team (if it is in the scope) and one town."""
        inside = team is not None and (self.teams is None or team in self.teams)
        return Scope(frozenset({team}) if inside else self.teams, locality or self.locality, self.rows)


def scope_of(user) -> Scope:
    if can(user, Permission.LEAD_TEAM):
        return Scope(frozenset({NO_TEAM, *([user.team_id] if user.team_id else [])}), rows=True)
    return Scope()


def teams_in(scope: Scope) -> list[tuple[str, str]]:
    """(id, name) of the teams a user may filter by."""
    teams = Team.objects.order_by("name")
    if scope.teams is not None:
        teams = teams.filter(pk__in=scope.teams)
    return [*((str(team.pk), team.name) for team in teams), (str(NO_TEAM), _("Uden team"))]
