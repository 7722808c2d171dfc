"""Who saw whom between two times: the rows of the log that showed something, for a notification within 72 hours.

GDPR art. 33. Ids and case numbers as the log holds them; the auditor sees no case.
"""

from collections.abc import Mapping

from django.db.models import Count, Q, QuerySet

from accounts.audit import GROUPS, SHOWS
from accounts.models import AccessRecord


def found(chosen: Mapping) -> QuerySet[AccessRecord]:
    """chosen: since and until (aware datetimes, both inclusive), case, person (id), who (user id). Newest first."""
    shown = Q()
    for kind in SHOWS:
        shown |= GROUPS[kind]
    rows = AccessRecord.objects.filter(shown).order_by("-pk")
    if chosen.get("since"):
        rows = rows.filter(at__gte=chosen["since"])
    if chosen.get("until"):
        rows = rows.filter(at__lte=chosen["until"])
    if chosen.get("case"):
        rows = rows.filter(case_number=chosen["case"])
    if chosen.get("person"):
        rows = rows.filter(person_id=chosen["person"])
    if chosen.get("who"):
        rows = rows.filter(user_id=chosen["who"])
    return rows


def figures(rows: QuerySet[AccessRecord]) -> dict[str, int]:
    """{rows, users, cases, persons}: what the notification asks for."""
    return rows.order_by().aggregate(
        rows=Count("pk"),
        users=Count("user_id", distinct=True),
        cases=Count("case_number", distinct=True, filter=~Q(case_number="")),
        persons=Count("person_id", distinct=True),
    )
