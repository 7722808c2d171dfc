"""Rows into tables as fast as the database takes them: COPY on PostgreSQL, executemany on SQLite."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from io import StringIO
from itertools import islice

from django.core.management.color import no_style
from django.db import connection, models
from django.utils import timezone

BATCH = 20_000


def columns(model: type[models.Model]) -> list[models.Field]:
    return [field for field in model._meta.concrete_fields if not field.generated]


def defaults(model: type[models.Model]) -> dict[str, object]:
    """A value for every column: the field's default, now for the automatic ones."""
    found = {}
    for field in columns(model):
        automatic = getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False)
        found[field.attname] = timezone.now() if automatic else field.get_default()
    return found


def load(model: type[models.Model], rows: Iterable[dict]) -> int:
    """Write the rows (dicts of column names); what they leave out has its default. Returns how many."""
    names, usual, total = [field.attname for field in columns(model)], defaults(model), 0
    stored = {field.attname: field.column for field in columns(model)}
    flat = ([({**usual, **row})[name] for name in names] for row in rows)
    while batch := list(islice(flat, BATCH)):
        write(model._meta.db_table, [stored[name] for name in names], batch)
        total += len(batch)
    return total


def write(table: str, names: list[str], batch: list[list]) -> None:
    quoted = ", ".join(connection.ops.quote_name(name) for name in names)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            lines = StringIO("".join("\t".join(map(as_text, row)) + "\n" for row in batch))
            cursor.cursor.copy_expert(f"COPY {table} ({quoted}) FROM STDIN", lines)
            return
        marks = ", ".join(["%s"] * len(names))
        cursor.executemany(
            f"INSERT INTO {table} ({quoted}) VALUES ({marks})", [[plain(v) for v in row] for row in batch]
        )


def as_text(value: object) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value)


def plain(value: object) -> object:
    return str(value) if isinstance(value, date | datetime) else value


def finish(*loaded: type[models.Model]) -> None:
    """Let new rows continue after the loaded ids, and let the planner know the tables."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), loaded):
            cursor.execute(statement)
        cursor.execute("ANALYZE")


def numbered(rows: Iterable[dict], start: int = 1) -> Iterator[dict]:
    for number, row in enumerate(rows, start=start):
        yield {"id": number, **row}
