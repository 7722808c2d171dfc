"""What the pages must hold, by SQL that shares nothing with the product: python -m tests.benchmarks.truth USER CASE"""

import json
import sys

import django

django.setup()

from django.db import connection  # noqa: E402 - the apps must be ready
from django.utils import timezone  # noqa: E402

ROWS = """
SELECT s.id FROM deadlines_step s JOIN cases_case c ON c.id = s.case_id
WHERE s.owner_id = %s AND s.met_on IS NULL AND s.done_on IS NULL AND s.withdrawn_on IS NULL AND c.closed_on IS NULL
AND s.kind <> 'watch' AND s.due_on IS NOT NULL
ORDER BY CASE WHEN s.due_on < %s AND s.kind <> 'local_target' THEN 0 WHEN s.due_on < %s THEN 1 ELSE 2 END,
    s.due_on, s.id
LIMIT 50
"""
FAMILY = """
SELECT p.id FROM cases_person p JOIN cases_case c ON c.id = p.case_id WHERE c.number = %s ORDER BY p.id
"""


def ids(statement: str, *given) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return [row[0] for row in cursor.fetchall()]


if __name__ == "__main__":
    today = timezone.localdate()
    day = connection.ops.adapt_datefield_value(today)
    sys.stdout.write(json.dumps({"rows": ids(ROWS, int(sys.argv[1]), day, day), "people": ids(FAMILY, sys.argv[2])}))
