"""Which roles the claims of the municipality's own log-in give. Pure functions over settings' two words."""

from collections.abc import Mapping
from dataclasses import dataclass

from accounts.roles import ROLES, refused


@dataclass(frozen=True, slots=True)
class Reading:
    """groups: what the claim lists. roles: keys of accounts.roles. clash: roles among them that exclude each other."""

    groups: tuple[str, ...]
    roles: frozenset[str]
    unknown: tuple[str, ...]
    clash: frozenset[str]

    @property
    def usable(self) -> frozenset[str]:
        """The roles to be given; none where some exclude each other."""
        return frozenset() if self.clash else self.roles


def read(claims: Mapping, *, claim: str, mapping: Mapping[str, str]) -> Reading:
    """`claim` is the name of the list of groups, with dots for claims inside claims; mapping: group → role key."""
    groups = groups_of(claims, claim)
    roles = frozenset(mapping[group] for group in groups if mapping.get(group) in ROLES)
    unknown = tuple(group for group in groups if mapping.get(group) not in ROLES)
    clash = frozenset(role for role in roles if refused(roles, role))
    return Reading(groups, roles, unknown, clash)


def groups_of(claims: Mapping, claim: str) -> tuple[str, ...]:
    """The texts under the claim: a list, or one text. Anything else gives none."""
    found = claims.get(claim)
    if found is None:
        found = claims
        for part in claim.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        return (found,)
    return tuple(str(group) for group in found if isinstance(group, str)) if isinstance(found, list) else ()
