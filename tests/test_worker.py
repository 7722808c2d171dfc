"""A real worker and a real beat on a database of their own: the sweep runs without anybody asking."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
BROKERS = ["filesystem", pytest.param("redis", marks=pytest.mark.skipif(not settings.REDIS_URL, reason="no Redis"))]
PATIENCE = 60


@pytest.fixture
def house(tmp_path, request):
    """The environment of an empty, migrated installation."""
    inherited = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    env = {**inherited, "DJANGO_SETTINGS_MODULE": "config.settings", "VAR_DIR": str(tmp_path), "DEMO": "1"}
    if request.param == "redis":
        env["REDIS_URL"] = settings.REDIS_URL
    subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], cwd=ROOT, env=env, check=True)
    return env


def heartbeats(env):
    with closing(sqlite3.connect(Path(env["VAR_DIR"]) / "indgang.sqlite3")) as connection:
        return connection.execute("SELECT count(*) FROM desk_heartbeat").fetchone()[0]


@pytest.mark.real_clock
@pytest.mark.parametrize("house", BROKERS, indirect=True)
def test_a_worker_that_starts_sweeps_and_ends_when_asked(house):
    command = [sys.executable, "-m", "celery", "--app", "config", "worker", "--pool", "solo", "--loglevel", "WARNING"]
    worker = subprocess.Popen(command, cwd=ROOT, env=house, start_new_session=True)
    try:
        limit = time.monotonic() + PATIENCE
        while not heartbeats(house):
            assert worker.poll() is None
            assert time.monotonic() < limit
            time.sleep(0.2)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(20) == 0
    finally:
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
    assert list((Path(house["VAR_DIR"]) / "broker").glob("*.taken")) == []


@pytest.mark.real_clock
@pytest.mark.parametrize("house", BROKERS[:1], indirect=True)
def test_a_number_that_reaches_the_workers_log_is_masked(house, tmp_path):
    """A task that nobody knows is logged by Celery with all that it was sent."""
    sent = "from config.celery import app; app.send_task('desk.tasks.nobody', args=['710391-1234', 'ring 26140099'])"
    subprocess.run([sys.executable, "-c", f"import django; django.setup(); {sent}"], cwd=ROOT, env=house, check=True)
    told = tmp_path / "worker.log"
    command = [sys.executable, "-m", "celery", "--app", "config", "worker", "--pool", "solo", "--loglevel", "INFO"]
    with told.open("w") as log:
        worker = subprocess.Popen(command, cwd=ROOT, env=house, start_new_session=True, stdout=log, stderr=log)
        try:
            limit = time.monotonic() + PATIENCE
            while "desk.tasks.nobody" not in told.read_text():
                assert worker.poll() is None
                assert time.monotonic() < limit
                time.sleep(0.2)
            time.sleep(0.5)
        finally:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
    text = told.read_text()
    assert "<cpr>" in text
    assert "710391" not in text
    assert "26140099" not in text
