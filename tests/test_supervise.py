"""Three processes that run together and end together."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from desk.management import processes
from desk.management.commands import supervise
from tests.factories import UserFactory

ROOT = Path(__file__).resolve().parent.parent
SLEEP = "import time; time.sleep(60)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
PARENT = f"""
import sys
from desk.management import processes
stop = processes.Stop()
stop.listen()
children = processes.start({{name: [sys.executable, "-c", {SLEEP!r}] for name in ("web", "worker", "beat")}})
print(*(child.pid for child in children.values()), flush=True)
name = processes.watch(children, stop)
processes.end(children, grace=5)
sys.exit(1 if name else 0)
"""


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]


@pytest.fixture
def supervisor():
    process = subprocess.Popen([sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    process.pids = [int(pid) for pid in process.stdout.readline().split()]
    yield process
    for pid in [process.pid, *process.pids]:
        if alive(pid):
            os.kill(pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_three(supervisor, number):
    assert [alive(pid) for pid in supervisor.pids] == [True] * 3
    supervisor.send_signal(number)
    assert supervisor.wait(10) == 0
    assert [alive(pid) for pid in supervisor.pids] == [False] * 3


def test_a_child_that_dies_takes_the_others_along(supervisor):
    os.kill(supervisor.pids[1], signal.SIGKILL)
    assert supervisor.wait(10) == 1
    assert [alive(pid) for pid in supervisor.pids] == [False] * 3


def test_who_does_not_listen_is_ended_after_the_grace():
    child = subprocess.Popen([sys.executable, "-c", DEAF], stdout=subprocess.PIPE, start_new_session=True)
    assert child.stdout.readline() == b"deaf\n"
    before = time.monotonic()
    processes.end({"deaf": child}, grace=0.3)
    child.stdout.close()
    assert child.returncode == -signal.SIGKILL
    assert time.monotonic() - before < 5


def test_waiting_ends_when_a_child_ends():
    children = processes.start({"short": [sys.executable, "-c", "pass"]})
    assert processes.wait_until(lambda: False, children, processes.Stop()) is False
    assert processes.ended(children) == "short"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "example.dk", "::"])
def test_the_demo_listens_on_this_machine_only(host, monkeypatch, settings):
    settings.DEMO = True
    monkeypatch.delenv("BIND_ANYWHERE", raising=False)
    with pytest.raises(CommandError, match="adgangskoder er kendte"):
        supervise.refuse_open_demo(host)
    monkeypatch.setenv("BIND_ANYWHERE", "1")
    supervise.refuse_open_demo(host)
    settings.DEMO = False
    monkeypatch.delenv("BIND_ANYWHERE")
    supervise.refuse_open_demo(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]"])
def test_this_machine_is_this_machine(host):
    supervise.refuse_open_demo(host)


def test_a_taken_port_is_one_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CommandError, match=f"PORT={port + 1}"):
            supervise.refuse_taken_port("127.0.0.1", port)
    supervise.refuse_taken_port("127.0.0.1", port)


def test_web_worker_and_beat(settings):
    settings.REDIS_URL = ""
    assert list(supervise.commands("127.0.0.1", 8000)) == ["web", "worker", "beat"]
    assert "solo" in supervise.commands("127.0.0.1", 8000)["worker"]
    settings.REDIS_URL = "redis://127.0.0.1/0"
    assert "solo" not in supervise.commands("127.0.0.1", 8000)["worker"]


@pytest.mark.django_db
def test_a_fresh_demonstration_gets_its_history_beside_and_no_other_does(settings, monkeypatch):
    called = []
    monkeypatch.setattr(supervise, "call_command", lambda name, **how: called.append(name))
    settings.DEMO = True
    assert supervise.Command().prepare()
    assert called == ["migrate", "load_phrases", "seed_demo"]
    UserFactory()
    assert not supervise.Command().prepare()
    assert Path(supervise.HISTORY[0]) == ROOT / "manage.py"
