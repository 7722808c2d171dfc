"""A database of its own with the product served from it, taken away at the end."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

ROOT = Path(__file__).resolve().parent.parent.parent


class Site:
    """persons: the size. admin: a PostgreSQL address that may create databases; empty for SQLite in a file."""

    def __init__(self, persons: int, admin: str):
        self.folder = tempfile.TemporaryDirectory(prefix="indgang-bench-")
        self.admin, self.name = admin, f"indgang_bench_{os.getpid()}_{persons}"
        self.server: subprocess.Popen | None = None
        if admin:
            self.statement(f"CREATE DATABASE {self.name}")
            parts = urlsplit(admin)
            url = f"{parts.scheme}://{parts.netloc}/{self.name}"
        else:
            url = f"sqlite:///{self.folder.name}/bench.sqlite3"
        self.env = {
            **os.environ, "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings", "DATABASE_URL": url,
            "VAR_DIR": self.folder.name, "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        self.call("manage.py", "migrate", "--verbosity", "0")
        self.seeded = json.loads(self.call("-m", "tests.benchmarks.seed", str(persons)))

    def statement(self, text: str) -> None:
        link = psycopg2.connect(self.admin)
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute(text)
        link.close()

    def call(self, *args: str) -> str:
        done = subprocess.run(
            [sys.executable, *args], env=self.env, cwd=ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(args)} failed:\n{done.stderr}")
        return done.stdout

    def serve(self) -> None:
        """gunicorn with two sync workers on a free port."""
        with socket.socket() as trial:
            trial.bind(("127.0.0.1", 0))
            self.port = trial.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", "config.wsgi:application", "--bind", f"127.0.0.1:{self.port}"]
        command += ["--workers", "2", "--no-control-socket", "--log-level", "warning"]
        self.server = subprocess.Popen(command, env=self.env, cwd=ROOT)
        for _try in range(300):
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", self.port)) == 0:
                    break
            time.sleep(0.1)
        for _warm in range(6):
            self.get("/bench/base/")

    def get(self, path: str, **headers: str) -> tuple[bytes, dict[str, str]]:
        """The body and headers of a page for the logged-in user; SystemExit when it isn't 200."""
        link = HTTPConnection("127.0.0.1", self.port, timeout=60)
        link.request("GET", path, headers={"Cookie": self.seeded["cookie"], "Host": "localhost", **headers})
        answer = link.getresponse()
        body = answer.read()
        link.close()
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}")
        return body, dict(answer.getheaders())

    def close(self) -> None:
        if self.server:
            self.server.terminate()
            self.server.wait(20)
        if self.admin:
            self.statement(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
        self.folder.cleanup()
