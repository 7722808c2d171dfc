"""The log as a chain: sealed in order, guarded by the database, and every tampering found."""

import json
import random
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts import audit, triggers
from accounts.models import AccessRecord, AuditHead
from tests.factories import UserFactory

TABLE = "accounts_accessrecord"
pytestmark = pytest.mark.django_db


@pytest.fixture
def written():
    user = UserFactory()
    for number in range(12):
        audit.log(user, "case.read", case_number=f"2026-{number:04d}", person_id=number, purpose="p", detail="d")
    return user


def raw(statement, given=()):
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return cursor.rowcount


def answer():
    out = StringIO()
    try:
        call_command("verify_audit", format="json", stdout=out)
        status = 0
    except CommandError as error:
        status = error.returncode
    return status, json.loads(out.getvalue())


def test_sealing_chains_each_row_once(written):
    assert audit.seal() == 12
    assert audit.seal() == 0
    rows = list(AccessRecord.objects.order_by("sequence"))
    assert [row.sequence for row in rows] == list(range(1, 13))
    assert [row.previous for row in rows[1:]] == [row.hash for row in rows[:-1]]
    head = AuditHead.objects.get()
    assert (head.count, head.hash) == (12, rows[-1].hash)
    status, told = answer()
    assert (status, told["sound"], told["rows"], told["waiting"]) == (0, True, 12, 0)
    call_command("verify_audit", head=told["head"], stdout=StringIO())


def test_a_head_kept_elsewhere_shows_a_log_put_back(written):
    audit.seal()
    with pytest.raises(CommandError, match="uden for systemet"):
        call_command("verify_audit", head="13:" + "0" * 64, stdout=StringIO())


class Undo(Exception):
    pass


@transaction.atomic
def read_and_fail():
    audit.log(None, "case.read")
    raise Undo


def test_a_row_is_written_with_the_transaction_or_not_at_all():
    with pytest.raises(Undo):
        read_and_fail()
    assert not AccessRecord.objects.exists()


@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {TABLE} SET user_id = 99",
        f"UPDATE {TABLE} SET detail = 'x' WHERE id = (SELECT MIN(id) FROM {TABLE})",
        f"UPDATE {TABLE} SET sequence = NULL, previous = NULL, hash = NULL",
        f"UPDATE {TABLE} SET hash = 'x', action = 'other'",
        f"DELETE FROM {TABLE}",
        f"INSERT INTO {TABLE} (at, action, case_number, purpose, detail, request_id, mark, sequence, previous, hash) "
        "VALUES ('2026-11-24 08:00:00+00:00', 'case.read', '', '', '', '', '', 1, '', 'x')",
    ],
)
def test_the_database_refuses(written, statement, sealed):
    if sealed:
        audit.seal()
    elif "NULL" in statement:
        statement = f"UPDATE {TABLE} SET at = '2020-01-01 00:00:00+00:00'"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        raw(statement)


def test_what_empties_a_table_without_deleting_is_refused(written):
    statement = f"TRUNCATE {TABLE} CASCADE"  # the reviews of the log point to its rows
    if connection.vendor == "sqlite":
        columns = "id, at, action, case_number, purpose, detail, request_id, mark"
        statement = (
            f"INSERT OR REPLACE INTO {TABLE} ({columns}) "
            f"SELECT id, at, 'forged', case_number, purpose, detail, request_id, mark FROM {TABLE}"
        )
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        raw(statement)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AccessRecord.objects.all().delete()


def test_the_guard_stands_after_all_migrations_and_its_loss_is_seen(written):
    assert triggers.missing(connection) == set()
    raw(f"DROP TRIGGER accounts_log_delete{f' ON {TABLE}' if connection.vendor == 'postgresql' else ''}")
    assert triggers.missing(connection) == {"accounts_log_delete"}
    with pytest.raises(CommandError, match="triggere"):
        call_command("verify_audit", stdout=StringIO())


# --- A hundred tamperings ---------------------------------------------------------------------


def some_row(chance):
    return chance.choice(list(AccessRecord.objects.values_list("pk", flat=True)))


def change(chance):
    value = {
        "user_id": 4711,
        "action": "case.other",
        "case_number": "2026-9999",
        "person_id": 4711,
        "purpose": "other",
        "detail": "other",
        "request_id": "other",
        "mark": "0" * 64,
        "hash": "0" * 64,
        "previous": "1" * 64,
        "sequence": 4711,
        "at": timezone.now() - timedelta(days=chance.randint(1, 900)),
    }
    column = chance.choice(sorted(value))
    raw(f"UPDATE {TABLE} SET {column} = %s WHERE id = %s", [str(value[column]), some_row(chance)])


def delete(chance):
    raw(f"DELETE FROM {TABLE} WHERE id = %s", [some_row(chance)])


def truncate(chance):
    raw(f"DELETE FROM {TABLE} WHERE sequence > %s", [chance.randint(0, 11)])


def truncate_with_its_head(chance):
    kept = AccessRecord.objects.get(sequence=chance.randint(1, 11))
    raw(f"DELETE FROM {TABLE} WHERE sequence > %s", [kept.sequence])
    raw("UPDATE accounts_audithead SET count = %s, hash = %s", [kept.sequence, kept.hash])


def swap(chance):
    first, second = chance.sample(list(AccessRecord.objects.values_list("pk", "sequence", "previous", "hash")), 2)
    for (pk, *_own), (_pk, *seals) in ((first, second), (second, first)):
        raw(f"UPDATE {TABLE} SET sequence = %s, previous = %s, hash = %s WHERE id = %s", [*seals, pk])


def swap_texts(chance):
    first, second = chance.sample(list(AccessRecord.objects.values_list("pk", "case_number", "person_id", "mark")), 2)
    for (pk, *_own), (_pk, *others) in ((first, second), (second, first)):
        raw(f"UPDATE {TABLE} SET case_number = %s, person_id = %s, mark = %s WHERE id = %s", [*others, pk])


def insert(chance):
    """A copy of a row with its mark: waiting to be sealed, or slipped into the chain."""
    seals = chance.choice(["NULL, NULL, NULL", "sequence, previous, hash", "sequence + 1, hash, hash"])
    columns = "at, user_id, action, case_number, person_id, purpose, detail, request_id, mark"
    raw(
        f"INSERT INTO {TABLE} ({columns}, sequence, previous, hash) "
        f"SELECT {columns}, {seals} FROM {TABLE} WHERE id = %s",
        [some_row(chance)],
    )


def forge(chance):
    row = AccessRecord(action="case.read", case_number="2026-0001", user_id=chance.randint(1, 9))
    row.mark = "".join(chance.choices("0123456789abcdef", k=64))
    row.save()


def unseal(chance):
    raw(f"UPDATE {TABLE} SET sequence = NULL, previous = NULL, hash = NULL WHERE id = %s", [some_row(chance)])


def behead(chance):
    raw(chance.choice(["DELETE FROM accounts_audithead", "UPDATE accounts_audithead SET count = count - 1"]))


WAYS = (change, delete, truncate, truncate_with_its_head, swap, swap_texts, insert, forge, unseal, behead)


def test_a_hundred_of_a_hundred_tamperings_are_found(written):
    audit.seal()
    chance, missed = random.Random(20261124), []
    for number in range(100):
        way = WAYS[number % len(WAYS)]
        mark = transaction.savepoint()
        with unguarded():
            way(chance)
        status, told = answer()
        if status != 1 or told["finding"] is None or told["finding"]["what"] == "unguarded":
            missed.append((number, way.__name__))
        transaction.savepoint_rollback(mark)
    assert missed == []
    assert answer()[0] == 0


@contextmanager
def unguarded():
    """The triggers away, as for somebody who owns the database. A schema editor wants no transaction around it."""
    on_table = f" ON {TABLE}" if connection.vendor == "postgresql" else ""
    for name in sorted(set(triggers.NAMES) - triggers.missing(connection)):
        raw(f"DROP TRIGGER IF EXISTS {name}{on_table}")
    yield
    for statement in triggers.statements(connection):
        raw(statement)


def test_the_row_is_named(written):
    audit.seal()
    victim = AccessRecord.objects.get(sequence=5)
    later = AccessRecord.objects.get(sequence=6)
    with unguarded():
        raw(f"UPDATE {TABLE} SET user_id = 1234567 WHERE id = %s", [victim.pk])
    told = answer()[1]
    assert told["finding"] == {"what": "changed", "row": victim.pk, "sequence": 5}
    with pytest.raises(CommandError, match=f"Række {victim.pk}, nr. 5"):
        call_command("verify_audit", stdout=StringIO())
    with unguarded():
        raw(f"DELETE FROM {TABLE} WHERE id = %s", [victim.pk])
    assert answer()[1]["finding"] == {"what": "missing", "row": later.pk - 2, "sequence": 5}


def test_a_line_can_not_be_forged_by_a_line_break():
    row = audit.log(None, "case.read", detail="one\ntwo\x1b[31m", purpose="a\r\nb")
    assert (row.detail, row.purpose) == ("one two [31m", "a  b")
