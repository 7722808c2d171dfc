"""The settings' switches, the headers of every answer, and the files from npm."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as live_settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from config import celery_app
from config.admission import Who
from config.assets import NodeFinder
from config.policy import PAGES

ROOT = Path(__file__).resolve().parent.parent
KEYS = {"SECRET_KEY": "k" * 60, "FIELD_KEYS": "one,two", "CPR_INDEX_KEY": "index", "AUDIT_KEY": "audit"}
SWITCHES = {"DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DEMO", "DEBUG", "IN_USE_FROM", "STATIC_ROOT", *KEYS}


def ask(expression, tmp_path, **environment):
    """Evaluate an expression over the product's settings in a process of its own."""
    code = f"from config import settings as s; print(repr({expression}))"
    clean = {name: value for name, value in os.environ.items() if name not in SWITCHES}
    environment = {**clean, "VAR_DIR": str(tmp_path), **environment}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_without_keys_there_is_one_clear_sentence(tmp_path):
    answer = ask("1", tmp_path)
    assert answer.returncode != 0
    assert "kør bin/setup" in answer.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "(False, False, True, 'sqlite3', 'filesystem://localhost', None)"),
        ({"DEBUG": "1"}, "(False, False, True, 'sqlite3', 'filesystem://localhost', None)"),
        ({"DEBUG": "1", "DEMO": "1"}, "(True, True, False, 'sqlite3', 'filesystem://localhost', None)"),
        (
            {
                "DATABASE_URL": "postgres://a@127.0.0.1/b",
                "REDIS_URL": "redis://127.0.0.1/3",
                "IN_USE_FROM": "2026-11-01",
            },
            "(False, False, True, 'postgresql', 'redis://127.0.0.1/3', datetime.date(2026, 11, 1))",
        ),
    ],
)
def test_the_switches(tmp_path, environment, expected):
    engine = "s.DATABASES['default']['ENGINE'].rsplit('.', 1)[1]"
    wanted = f"(s.DEMO, s.DEBUG, s.SESSION_COOKIE_SECURE, {engine}, s.CELERY_BROKER_URL, s.IN_USE_FROM)"
    answer = ask(wanted, tmp_path, **KEYS, **environment)
    assert answer.stdout.strip() == expected, answer.stderr


def test_the_mark_of_the_demo_counts_for_the_embedded_database_only(tmp_path):
    (tmp_path / "demo").touch()
    assert ask("s.DEMO", tmp_path, **KEYS).stdout.strip() == "True"
    assert ask("s.DEMO", tmp_path, **KEYS, DATABASE_URL="postgres://a@127.0.0.1/b").stdout.strip() == "False"


def test_keys_may_stand_in_the_file_of_the_embedded_mode(tmp_path):
    (tmp_path / "secrets.env").write_text("\n".join(f"{name}={value}" for name, value in KEYS.items()))
    assert ask("s.FIELD_KEYS", tmp_path).stdout.strip() == "['one', 'two']"


@pytest.mark.django_db
def test_every_answer_carries_the_headers(settings):
    response = Client().get("/log-ind/")
    policy = response.headers["Content-Security-Policy"]
    assert response.status_code == 200
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/familier/2026-0001/", "/familier/ny/"])
def test_pages_ask_for_the_log_in(path):
    response = Client().get(path)
    assert response.status_code == 302
    assert response.url.startswith("/log-ind/?next=")


# Before the log-in; tests/security/test_policy_complete.py has the list letter by letter.
OPEN = {name for name, row in PAGES.items() if row.read is Who.ANYBODY}
SAMPLES = {"int": 1, "str": "2026-0001", "slug": "x", "uuid": "00000000-0000-0000-0000-000000000000", "path": "x"}


def routes(patterns, namespace=""):
    """(name, sample arguments) of every URL of the product."""
    for entry in patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from routes(entry.url_patterns, inner)
        else:
            kinds = {
                key: type(kind).__name__.removesuffix("Converter") for key, kind in entry.pattern.converters.items()
            }
            sample = {key: SAMPLES.get({"String": "str"}.get(kind, kind.lower()), 1) for key, kind in kinds.items()}
            yield f"{namespace}{entry.name}", sample


@pytest.mark.django_db
def test_every_page_asks_for_the_log_in():
    found = dict(routes(get_resolver().url_patterns))
    assert found.keys() > OPEN
    assert [name for name in found if name.endswith("None")] == []
    answers = {name: Client().get(reverse(name, kwargs=sample)) for name, sample in found.items() if name not in OPEN}
    wrong = {name: answer.status_code for name, answer in answers.items() if answer.status_code != 302}
    assert wrong == {}
    assert {answer.url.split("?")[0] for answer in answers.values()} <= {"/log-ind/"}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/signup/", "/tilmeld/", "/log-ind/signup/", "/admin/", "/accounts/signup/"])
def test_nobody_signs_up(path):
    assert Client().get(path).status_code == 404


@pytest.mark.parametrize("name", sorted(live_settings.NODE_FILES))
def test_the_listed_files_are_found(name):
    assert Path(finders.find(name)).is_file()


def test_files_that_are_not_listed_are_not_served():
    assert finders.find("bootstrap/dist/js/bootstrap.js") is None
    assert NodeFinder().find("vendor/../../package.json") == []
    assert [name for name, _ in NodeFinder().list(None)] == list(live_settings.NODE_FILES)


def test_a_missing_file_names_the_remedy(settings):
    assert NodeFinder().check() == []
    settings.NODE_FILES = {"vendor/absent.css": "absent/absent.css"}
    assert [error.hint for error in NodeFinder().check()] == ["Run bin/setup."]


def test_font_files_that_the_icons_refer_to_are_listed():
    styles = Path(finders.find("vendor/bootstrap-icons/bootstrap-icons.min.css")).read_text()
    assert 'url("fonts/bootstrap-icons.woff2' in styles


def test_every_entry_of_the_schedule_expires_and_is_a_task():
    celery_app.loader.import_default_modules()
    for name, entry in live_settings.CELERY_BEAT_SCHEDULE.items():
        assert entry["options"]["expires"] > 0, name
        assert entry["task"] in celery_app.tasks, name


@pytest.mark.parametrize("name", ["secure_delete", "synchronous", "foreign_keys"])
@pytest.mark.django_db
def test_sqlite_is_set_up_as_measured(name):
    options = live_settings.DATABASES["default"].get("OPTIONS", {})
    if "init_command" not in options:
        pytest.skip("PostgreSQL")
    assert options["transaction_mode"] == "IMMEDIATE"
    assert f"PRAGMA {name}=" in options["init_command"]
