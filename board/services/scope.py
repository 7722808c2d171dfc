"""Whose figures a manager sees: those of the own unit, with the rows behind them.

A team's name and a town are filters; a case without a team counts with every unit, as it is seen by every unit.
"""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Team
from board.services.outcomes import is_family

NO_TEAM = 0


@dataclass(frozen=True, slots=True)
class Scope:
    """teams: ids, NO_TEAM for cases without one. locality: id of a town, None for all."""

    teams: frozenset[int]
    locality: int | None = None

    def of_cases(self, path: str = "") -> Q:
        """Cases of the scope; path leads to the case ("case__")."""
        team = Q(**{f"{path}team__in": self.teams - {NO_TEAM}})
        if NO_TEAM in self.teams:
            team |= Q(**{f"{path}team": None})
        found = is_family(path) & team
        return found & Q(**{f"{path}locality": self.locality}) if self.locality else found

    def of_figures(self) -> Q:
        """The same for `DayFigure`, which knows ids."""
        found = Q(team__in=self.teams)
        return found & Q(locality=self.locality) if self.locality else found

    def narrowed(self, *, team: int | None, locality: int | None) -> "Scope":
        """To one team (if it is in the scope) and one town."""
        return Scope(frozenset({team}) if team in self.teams else self.teams, locality or self.locality)


def scope_of(user) -> Scope:
    return Scope(frozenset({NO_TEAM, *([user.team_id] if user.team_id else [])}))


def teams_in(scope: Scope) -> list[tuple[str, str]]:
    """(id, name) of the teams a user may filter by."""
    teams = Team.objects.filter(pk__in=scope.teams).order_by("name")
    return [*((str(team.pk), team.name) for team in teams), (str(NO_TEAM), _("Uden team"))]
