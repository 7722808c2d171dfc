"""Every protection that is switched off in turn."""

from tests.mutants.community import COMMUNITY
from tests.mutants.doors import DOORS
from tests.mutants.log import LOG
from tests.mutants.matters import MATTERS
from tests.mutants.rules import RULES
from tests.mutants.scope import SCOPE

CATALOGUE = (*SCOPE, *DOORS, *LOG, *MATTERS, *COMMUNITY, *RULES)
