"""The filesystem broker: whole files, one reader each, nothing lost."""

import json
import multiprocessing
import time

import pytest
from kombu import Connection, Exchange, Queue
from kombu.transport import TRANSPORT_ALIASES

from config import broker

MESSAGES = 300
READERS = 3


@pytest.fixture
def options(tmp_path):
    for name in ("data", "control"):
        (tmp_path / name).mkdir()
    broker.Transport.global_state.clear()  # kombu remembers bindings per process, not per folder
    return {
        "data_folder_in": str(tmp_path / "data"),
        "data_folder_out": str(tmp_path / "data"),
        "control_folder": str(tmp_path / "control"),
        "polling_interval": 0.05,
    }


def connect(options):
    broker.register()
    return Connection("filesystem://", transport_options=options)


def read(options, results):
    """Take messages until none has come for two seconds."""
    taken = []
    with connect(options) as connection, connection.SimpleQueue("work") as queue:
        while True:
            try:
                message = queue.get(timeout=2)
            except queue.Empty:
                break
            message.ack()
            taken.append(message.payload["n"])
    results.put(taken)


def test_celery_uses_it():
    assert TRANSPORT_ALIASES["filesystem"] == "config.broker:Transport"


def test_each_message_is_read_whole_and_once_by_competing_readers(options):
    context = multiprocessing.get_context("spawn")
    results = context.Queue()
    readers = [context.Process(target=read, args=(options, results)) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    with connect(options) as connection, connection.SimpleQueue("work") as queue:
        for n in range(MESSAGES):
            queue.put({"n": n, "text": "æøå" * 2000})
    taken = [n for _ in readers for n in results.get(timeout=60)]
    for reader in readers:
        reader.join()
    results.close()
    results.join_thread()
    assert [reader.exitcode for reader in readers] == [0] * READERS
    assert sorted(taken) == list(range(MESSAGES))


def test_messages_come_in_the_order_they_were_put(options):
    with connect(options) as connection, connection.SimpleQueue("work") as queue:
        for n in range(20):
            queue.put({"n": n})
        assert [queue.get(timeout=1).payload["n"] for _ in range(20)] == list(range(20))


def test_a_half_written_message_is_not_read(options, tmp_path):
    with connect(options) as connection, connection.SimpleQueue("work") as queue:
        queue.put({"n": 1})
        (tmp_path / "data" / "0.part").write_text('{"half')
        assert queue.get(timeout=1).payload == {"n": 1}
        with pytest.raises(queue.Empty):
            queue.get(timeout=0.2)


def test_the_table_of_an_exchange_is_whole_at_every_moment(options, tmp_path, monkeypatch):
    """Seen through the moment before each rename: the old table still reads."""
    seen = []
    whole = broker.write_whole

    def watching(path, payload):
        if path.exists():
            seen.append(json.loads(path.read_text()))
        whole(path, payload)

    monkeypatch.setattr(broker, "write_whole", watching)
    fan = Exchange("fan", type="fanout")
    with connect(options) as connection:
        channel = connection.channel()
        for name in ("one", "two", "three"):
            Queue(name, exchange=fan, channel=channel).declare()
        Queue("two", exchange=fan, channel=channel).delete()
    table = json.loads((tmp_path / "control" / "fan.exchange").read_text())
    assert sorted(entry[2] for entry in table) == ["one", "three"]
    assert [len(entries) for entries in seen] == [1, 2, 3]
    assert not list((tmp_path / "control").glob("*.part"))


def test_every_queue_bound_to_a_fanout_gets_the_message(options):
    fan = Exchange("fan", type="fanout")
    with connect(options) as connection:
        channel = connection.channel()
        queues = [Queue(name, exchange=fan, channel=channel) for name in ("one", "two")]
        for queue in queues:
            queue.declare()
        connection.Producer(channel).publish({"n": 1}, exchange=fan)
        time.sleep(0.01)
        assert [queue.get().payload for queue in queues] == [{"n": 1}] * 2
