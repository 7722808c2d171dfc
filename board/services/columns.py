"""The columns of the board: duties that belong together under one short word."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from desk.areas import RULES
from desk.services.casefile import COLUMNS as OF_FAMILY


@dataclass(frozen=True, slots=True)
class Column:
    """rules: keys; none for what stands in no other column (the municipality's own duties)."""

    word: str
    title: str | Promise
    rules: tuple[str, ...] = ()


def _of_area(area: str) -> tuple[str, ...]:
    return tuple(key for key, rule in RULES.items() if rule.area == area)


COLUMNS = (
    *(Column(rules[0].partition(".")[2], title, rules) for title, rules in OF_FAMILY),
    Column("bolig", _("Bolig"), _of_area("housing")),
    Column("kontaktperson", _("Kontaktperson"), _of_area("volunteers")),
    Column("andet", _("Andet")),
)
BY_WORD = {column.word: column for column in COLUMNS}
WORDS = {rule: column.word for column in COLUMNS for rule in column.rules}


def in_column(column: Column) -> Q:
    return Q(rule__in=column.rules) if column.rules else ~Q(rule__in=WORDS)


def column_of(rule: str) -> str:
    """The word of a duty's column."""
    return WORDS.get(rule, COLUMNS[-1].word)


def noun_of(rule: str, local: dict[str, str]) -> str:
    """The short name of a duty; local: names of the municipality's own by key."""
    return str(RULES[rule].noun) if rule in RULES else local.get(rule, rule)


# Who answers for a duty, whoever the family's caseworker is.
ROLES = (("sagsbehandler", _("Sagsbehandlere")), ("frivilligkoordinator", _("Frivilligkoordinator")))


def role_of(rule: str) -> str:
    """The word of the role that answers for the duty (design of the rules: volunteers.* the coordinator)."""
    return ROLES[1][0] if rule.startswith("volunteers.") else ROLES[0][0]


def in_role(word: str) -> Q:
    coordinator = Q(rule__startswith="volunteers.")
    return coordinator if word == ROLES[1][0] else ~coordinator
