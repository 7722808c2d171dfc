"""The database's own guard of the log: rows are added and sealed once, never changed or removed.

Raw SQL, since no ORM speaks of triggers. A table that SQLite remakes loses its triggers: a migration that alters
`accounts_accessrecord` ends with `RunPython(triggers.create)`; `check` and the tests look whether they stand.
"""

from contextlib import contextmanager

from django.db import connections

TABLE = "accounts_accessrecord"
SEALS = ("sequence", "previous", "hash")
NAMES = ("accounts_log_insert", "accounts_log_update", "accounts_log_delete", "accounts_log_truncate")
REFUSED = "the log is append-only"


def create(apps, schema_editor) -> None:
    """Make the triggers anew, for the columns that the table has at this point. For RunPython."""
    remove(apps, schema_editor)
    for statement in statements(schema_editor.connection):
        schema_editor.execute(statement)


def remove(apps, schema_editor) -> None:
    for name in NAMES:
        on_table = f" ON {TABLE}" if schema_editor.connection.vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{on_table}")


def statements(connection) -> list[str]:
    with connection.cursor() as cursor:
        columns = [column.name for column in connection.introspection.get_table_description(cursor, TABLE)]
    kept = [f'"{name}"' for name in columns if name not in SEALS]
    return postgresql(kept) if connection.vendor == "postgresql" else sqlite(kept)


def sqlite(kept: list[str]) -> list[str]:
    """REPLACE deletes without a delete trigger, so an insert with an id in use is refused too."""
    same = " AND ".join(f"OLD.{name} IS NEW.{name}" for name in kept)
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
    unsealed = "NEW.sequence IS NULL AND NEW.previous IS NULL AND NEW.hash IS NULL"
    insert, update, delete, _truncate = NAMES
    return [
        f"CREATE TRIGGER {insert} BEFORE INSERT ON {TABLE} "
        f"WHEN NOT ({unsealed}) OR EXISTS (SELECT 1 FROM {TABLE} held WHERE held.id = NEW.id) {refuse}",
        f"CREATE TRIGGER {update} BEFORE UPDATE ON {TABLE} "
        f"WHEN NOT (OLD.hash IS NULL AND NEW.hash IS NOT NULL AND {same}) {refuse}",
        f"CREATE TRIGGER {delete} BEFORE DELETE ON {TABLE} {refuse}",
    ]


def postgresql(kept: list[str]) -> list[str]:
    same = " AND ".join(f"OLD.{name} IS NOT DISTINCT FROM NEW.{name}" for name in kept)
    insert, update, delete, truncate = NAMES
    guard = f"""
        CREATE OR REPLACE FUNCTION accounts_log_guard() RETURNS trigger LANGUAGE plpgsql AS $guard$
        BEGIN
            IF TG_OP = 'INSERT' THEN
                IF NEW.sequence IS NULL AND NEW.previous IS NULL AND NEW.hash IS NULL THEN RETURN NEW; END IF;
            ELSIF TG_OP = 'UPDATE' THEN
                IF OLD.hash IS NULL AND NEW.hash IS NOT NULL AND {same} THEN RETURN NEW; END IF;
            END IF;
            RAISE EXCEPTION '{REFUSED}';
        END
        $guard$"""
    call = "EXECUTE FUNCTION accounts_log_guard()"
    rows = [
        f"CREATE TRIGGER {name} BEFORE {event} ON {TABLE} FOR EACH ROW {call}"
        for name, event in ((insert, "INSERT"), (update, "UPDATE"), (delete, "DELETE"))
    ]
    return [guard, *rows, f"CREATE TRIGGER {truncate} BEFORE TRUNCATE ON {TABLE} FOR EACH STATEMENT {call}"]


def missing(connection) -> set[str]:
    """Names of the triggers that should stand and don't; empty while there is no sealed table yet."""
    sqlite_only = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return set()
        columns = {column.name for column in connection.introspection.get_table_description(cursor, TABLE)}
        if not columns.issuperset(SEALS):
            return set()
        if sqlite_only:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled <> 'D'", [TABLE])
        found = {name for (name,) in cursor.fetchall()}
    return set(NAMES[:3] if sqlite_only else NAMES) - found


@contextmanager
def lifted(using: str = "default"):
    """The guard away for a while: for a test's clean-up, and for the tests that tamper."""
    with connections[using].schema_editor() as editor:
        remove(None, editor)
    try:
        yield
    finally:
        with connections[using].schema_editor() as editor:
            create(None, editor)
