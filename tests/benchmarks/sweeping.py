"""G7: the sweep of a day against the raw SQL of the same writes: python -m tests.benchmarks.sweeping ROUNDS

Each round commits the sweep, takes its rows away, and times its writing statements again as plain SQL in one
transaction: what is over is Python, the questions and the bookkeeping around them.
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


def rows(marks: dict[str, int]) -> list[int]:
    """How many rows each table has beyond its mark."""
    with connection.cursor() as cursor:
        found = []
        for table, mark in marks.items():
            cursor.execute(f"SELECT COUNT(*) FROM {table} WHERE id > {mark}")
            found.append(cursor.fetchone()[0])
        return found


def take_away(marks: dict[str, int]) -> None:
    for table in reversed(TABLES):
        run(f"DELETE FROM {table} WHERE id > {marks[table]}")
    run("VACUUM" if connection.vendor == "sqlite" else f"VACUUM ANALYZE {', '.join(TABLES)}")


class Writes:
    """The statements with which the sweep writes what it tells."""

    def __init__(self):
        self.seen: list[tuple[str, object]] = []

    def __call__(self, execute, sql, params, many, context):
        if any(f"INSERT INTO {table} " in sql for table in TABLES):
            self.seen.append((sql, params))
        return execute(sql, params, many, context)

    @transaction.atomic
    def again(self) -> None:
        with connection.cursor() as cursor:
            for sql, params in self.seen:
                cursor.execute(sql, params)


def measure(rounds: int) -> dict:
    now = timezone.now()
    today = timezone.localdate(now)
    yesterday = timed(lambda: sweep(today=today - timedelta(days=1), now=now))
    if connection.vendor == "postgresql":
        run("VACUUM ANALYZE")
    product, raw, nothing, counts, written = [], [], [], {}, []
    for _round in range(rounds):
        marks = {table: last(table) for table in TABLES}
        writes = Writes()
        with connection.execute_wrapper(writes):
            product.append(timed(lambda: counts.update(sweep(today=today, now=now))))
        nothing.append(min(timed(lambda: sweep(today=today, now=now)) for _n in range(3)))
        written = rows(marks)
        take_away(marks)
        raw.append(timed(writes.again))
        # replayed late, a ladder's silent levels also reach a few rows of another ladder
        if any(abs(again - once) > once / 50 for again, once in zip(rows(marks), written, strict=True)):
            raise SystemExit(f"The raw statements wrote {rows(marks)} rows, the sweep {written}.")
        take_away(marks)
    middle = statistics.median
    changes = {
        "steps": counts["told"],
        "rows": sum(written),
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
