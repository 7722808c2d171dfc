"""G7: the sweep of a day against the bare writes of the same rows: python -m tests.benchmarks.sweeping ROUNDS

Each round commits the sweep, keeps copies of its rows, takes the rows away, and times inserting the copies again.
"""

import json
import statistics
import sys
import time
from datetime import timedelta

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 - the apps must be ready
from django.utils import timezone  # noqa: E402

from desk.services.sweep import sweep  # noqa: E402

TABLES = ("deadlines_notice", "cases_entry", "cases_entry_people", "deadlines_delivery")


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def last(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COALESCE(MAX(id), 0) FROM {table}")
        return cursor.fetchone()[0]


def timed(work) -> float:
    """Milliseconds, commit included."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def keep(marks: dict[str, int]) -> None:
    for table, mark in marks.items():
        run(
            f"DROP TABLE IF EXISTS kept_{table}",
            f"CREATE TEMPORARY TABLE kept_{table} AS SELECT * FROM {table} WHERE id > {mark}",
        )


def take_away(marks: dict[str, int]) -> None:
    for table in reversed(TABLES):
        run(f"DELETE FROM {table} WHERE id > {marks[table]}")
    run("VACUUM" if connection.vendor == "sqlite" else f"VACUUM ANALYZE {', '.join(TABLES)}")


@transaction.atomic
def write_kept() -> None:
    run(*(f"INSERT INTO {table} SELECT * FROM kept_{table}" for table in TABLES))


def measure(rounds: int) -> dict:
    now = timezone.now()
    today = timezone.localdate(now)
    yesterday = timed(lambda: sweep(today=today - timedelta(days=1), now=now))
    if connection.vendor == "postgresql":
        run("VACUUM ANALYZE")
    product, raw, nothing, counts = [], [], [], {}
    for _round in range(rounds):
        marks = {table: last(table) for table in TABLES}
        product.append(timed(lambda: counts.update(sweep(today=today, now=now))))
        nothing.append(min(timed(lambda: sweep(today=today, now=now)) for _n in range(3)))
        keep(marks)
        take_away(marks)
        raw.append(timed(write_kept))
        take_away(marks)
    middle = statistics.median
    changes = {
        "steps": counts["told"],
        "rows": sum(counts["notices"].values()) + counts["delivered"] + counts["timeline"],
    }
    return {
        **changes,
        "catch_up": yesterday,
        "product": middle(product),
        "raw": middle(raw),
        "nothing": middle(nothing),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(int(sys.argv[1]))))
