"""The request that is being answered: its number, and whether a row already says what it showed."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Visit:
    """One request: its id, and whether a row already says that something was shown."""

    id: str
    shown: bool = False


VISIT: ContextVar[Visit | None] = ContextVar("visit", default=None)


@contextmanager
def visit() -> Iterator[Visit]:
    """Rows written inside carry the same request id."""
    current = Visit(secrets.token_hex(16))
    token = VISIT.set(current)
    try:
        yield current
    finally:
        VISIT.reset(token)


def request_id() -> str:
    """That of the request being answered; empty outside one."""
    current = VISIT.get()
    return current.id if current else ""
