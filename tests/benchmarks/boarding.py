"""Fristoverholdelse of one unit, against SQL of our own for its figures and the page around nothing.

The days' figures are taken before, as beat does every hour; the SQL reads the steps.

python -m tests.benchmarks.boarding ROUNDS prints milliseconds and the queries of the page as JSON. PostgreSQL only.
"""

import json
import statistics
import sys
import time
from datetime import timedelta

import django

django.setup()

from django.db import connection  # noqa: E402 - the apps must be ready
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Team, User  # noqa: E402
from board.services import snapshots  # noqa: E402
from board.services.compliance import last_months  # noqa: E402
from tests.benchmarks.seed import log_in  # noqa: E402

PAGE, BASE = "/ledelse/fristoverholdelse/", "/bench/base/"
OF_UNIT = """FROM deadlines_step s JOIN cases_case c ON c.id = s.case_id
WHERE NOT c.protected AND (c.team_id = %(team)s OR c.team_id IS NULL) AND s.rule <> '' AND s.kind <> 'watch'"""
OPEN = "AND s.met_on IS NULL AND s.done_on IS NULL AND s.withdrawn_on IS NULL AND c.closed_on IS NULL"
STAYS = """FROM cases_stay y JOIN cases_person p ON p.id = y.person_id JOIN cases_case c ON c.id = p.case_id
WHERE NOT c.protected AND (c.team_id = %(team)s OR c.team_id IS NULL)"""
# The figures of the page once each, as one would ask for them by hand.
FIGURES = (
    f"""SELECT date_trunc('month', s.due_on), s.kind, s.rule, s.person_id IS NULL,
    count(*) FILTER (WHERE coalesce(s.met_on, s.done_on) <= s.due_on), count(*) {OF_UNIT}
    AND s.due_on BETWEEN %(first)s AND %(today)s GROUP BY 1, 2, 3, 4""",
    f"SELECT s.kind, %(today)s - s.effective_on, s.cause, count(*) {OF_UNIT} {OPEN} AND s.effective_on < %(today)s GROUP BY 1, 2, 3",
    f"SELECT count(DISTINCT s.case_id), min(s.effective_on) {OF_UNIT} {OPEN} AND s.effective_on < %(today)s",
    f"SELECT s.owner_id, s.rule, count(*) {OF_UNIT} {OPEN} AND s.effective_on <= %(ahead)s GROUP BY 1, 2",
    f"SELECT s.id, s.rule, s.owner_id, s.due_on {OF_UNIT} {OPEN} AND s.effective_on BETWEEN %(today)s AND %(ahead)s",
    f"SELECT s.effective_on, count(*) {OF_UNIT} {OPEN} AND s.effective_on BETWEEN %(today)s AND %(far)s GROUP BY 1",
    f"""SELECT s.rule, s.met_on - s.starts_on, count(*) {OF_UNIT} AND s.met_on BETWEEN %(first)s AND %(today)s
    GROUP BY 1, 2""",
    f"""SELECT s.rule, s.met_on - s.starts_on, count(*) {OF_UNIT} AND s.met_on BETWEEN %(year)s AND %(today)s
    GROUP BY 1, 2""",
    f"SELECT s.due_on - s.starts_on, count(*) {OF_UNIT} AND s.starts_on BETWEEN %(year)s AND %(today)s GROUP BY 1",
    f"""SELECT s.cause, count(*) {OF_UNIT} AND s.due_on BETWEEN %(first)s AND %(today)s
    AND coalesce(s.met_on, %(today)s) > s.due_on GROUP BY 1""",
    f"SELECT count(DISTINCT p.case_id), count(*) {STAYS} AND y.arrived_on <= %(today)s AND y.left_on IS NULL",
    f"SELECT date_trunc('month', y.arrived_on), count(*) {STAYS} AND y.arrived_on BETWEEN %(first)s AND %(today)s GROUP BY 1",
    f"SELECT date_trunc('month', y.left_on), count(*) {STAYS} AND y.left_on BETWEEN %(first)s AND %(today)s GROUP BY 1",
)


def took(act) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def raw(given: dict) -> None:
    with connection.cursor() as cursor:
        for statement in FIGURES:
            cursor.execute(statement, given)
            cursor.fetchall()


def main(rounds: int) -> dict:
    team = Team.objects.order_by("pk").first()
    leads = User.objects.get(pk=team.manager_id)
    leads.team = team
    leads.save(update_fields=["team"])
    client = Client(headers={"cookie": log_in(leads), "host": "localhost"})
    today = timezone.localdate()
    days = {"today": today, "first": last_months(today, 12).first, "year": today - timedelta(days=365)}
    given = {**days, "ahead": today + timedelta(days=14), "far": today + timedelta(days=56), "team": team.pk}
    acts = {"page": lambda: client.get(PAGE), "base": lambda: client.get(BASE), "raw": lambda: raw(given)}
    snapshots.take(today=today)
    times = {name: [] for name in acts}
    for _round in range(rounds + 1):
        for name, act in acts.items():
            times[name].append(took(act))
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(PAGE)
    assert answer.status_code == 200
    found = {name: 1000 * statistics.median(each[1:]) for name, each in times.items()}
    return {**found, "queries": len(asked)}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(int(sys.argv[1]))))
