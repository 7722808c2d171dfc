"""Kombu's filesystem transport, made safe for several processes.

Kombu writes a message, and the table of an exchange, in place: a reader that comes in between sees
half a file, and the worker ends with a JSONDecodeError. It also moves what it reads through the
machine's temporary folder. Here every file is written beside its place and renamed into it, and a
message is claimed by a rename inside the broker's own folder, which exactly one reader wins.
"""

import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty

from kombu.transport import TRANSPORT_ALIASES, filesystem, virtual
from kombu.utils.json import dumps, loads


def register() -> None:
    """Make `filesystem://` mean the transport of this module. Repeating it does no harm."""
    TRANSPORT_ALIASES["filesystem"] = "config.broker:Transport"


def write_whole(path: Path, payload: object) -> None:
    """Write `payload` as JSON so that a reader sees either nothing or all of it."""
    part = path.with_name(f"{uuid.uuid4().hex}.part")
    with part.open("w", encoding="utf-8") as file:
        file.write(dumps(payload))
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


class Channel(filesystem.Channel):
    """A channel whose files are whole at every moment."""

    def _put(self, queue, payload, **kwargs):
        name = f"{time.time_ns():020d}_{uuid.uuid4().hex}.{queue}.msg"
        write_whole(Path(self.data_folder_out) / name, payload)

    def _get(self, queue: str, timeout: float | None = None) -> object:
        folder = Path(self.data_folder_in)
        for name in sorted(os.listdir(folder)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            claimed = folder / f"{uuid.uuid4().hex}.taken"
            try:
                (folder / name).rename(claimed)
            except FileNotFoundError:
                continue
            payload = claimed.read_text(encoding="utf-8")
            claimed.unlink()
            return loads(payload)
        raise Empty

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        entry = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with self._table(exchange) as table:
            if entry not in table:
                write_whole(self._exchange_file(exchange), [entry, *table])

    def _delete(
        self, queue: str, exchange: str, routing_key: str, pattern: str, *args: object, **kwargs: object
    ) -> None:
        entry = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        virtual.Channel._delete(self, queue, exchange, routing_key, pattern, *args, **kwargs)
        with self._table(exchange) as table:
            if entry in table:
                write_whole(self._exchange_file(exchange), [kept for kept in table if kept != entry])

    @contextmanager
    def _table(self, exchange: str) -> Iterator[list[filesystem.exchange_queue_t]]:
        """The bindings of an exchange, read and changed by one process at a time."""
        with self._exchange_file(exchange).with_suffix(".lock").open("a") as guard:
            filesystem.lock(guard, filesystem.LOCK_EX)
            yield self.get_table(exchange)


class Transport(filesystem.Transport):
    """`filesystem://` with the channel above."""

    Channel = Channel
