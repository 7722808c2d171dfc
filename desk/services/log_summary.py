"""How the unit uses the record: counts per colleague, for the manager who leads them. Never the manager's own."""

from collections import Counter
from datetime import date, timedelta

from django.db.models import Count, Q

from accounts.audit import GROUPS
from accounts.models import AccessRecord, User
from desk.services.access_log import midnight
from desk.services.conspicuous import ties_between

COUNTED = {
    "searches": GROUPS["search"],
    "reveals": GROUPS["reveal"],
    "files": GROUPS["export"] | GROUPS["print"],
    "openings": Q(action="glass.opened"),
    "denied": GROUPS["denied"],
}


def of_unit(user, *, today: date, days: int) -> list[dict]:
    """Per colleague of the unit: name, families looked at, those never worked with (`strangers`), and COUNTED.

    Whoever has looked at most strangers comes first, those without any use (`idle`) last. days: how far back, today
    included. A constant number of queries.
    """
    if user.team_id is None:
        return []
    colleagues = list(User.objects.filter(team=user.team_id).exclude(pk=user.pk).order_by("first_name", "last_name"))
    rows = AccessRecord.objects.filter(user_id__in=[one.pk for one in colleagues])
    rows = rows.filter(at__gte=midnight(today - timedelta(days=days - 1))).order_by()
    counts = {name: Count("pk", filter=where) for name, where in COUNTED.items()}
    counted = {row.pop("user_id"): row for row in rows.values("user_id").annotate(**counts)}
    pairs = set(rows.filter(GROUPS["read"]).exclude(case_number="").values_list("user_id", "case_number").distinct())
    strange = pairs - ties_between({pk for pk, _number in pairs}, {number for _pk, number in pairs})
    families, strangers = (Counter(pk for pk, _number in found) for found in (pairs, strange))
    found = [
        dict.fromkeys(COUNTED, 0)
        | counted.get(one.pk, {})
        | {"name": one.name, "families": families[one.pk], "strangers": strangers[one.pk]}
        for one in colleagues
    ]
    for row in found:
        row["idle"] = not any(row[name] for name in ("families", *COUNTED))
    return sorted(found, key=lambda row: (row["idle"], -row["strangers"], -row["families"], row["name"]))
