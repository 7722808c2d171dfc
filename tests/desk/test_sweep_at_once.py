"""Two sweeps at once, a sweep killed half-way, repair while pages are written: in processes of their own.

The database is the embedded one in a file, or one made beside the tests' own on PostgreSQL.
"""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection, connections

ROOT = Path(__file__).resolve().parent.parent.parent
LOCK_TIMEOUT = 20  # seconds, after which SQLite answers "database is locked"
pytestmark = pytest.mark.real_clock

START = """
import os, sys, time
import django
django.setup()
from datetime import date, timedelta
from django.db import connection, transaction
from django.utils import timezone
from deadlines import ledger
from deadlines.models import Delivery, Notice, Step
from cases.models import Case, Entry, Person
from desk.services.sweep import sweep
TODAY = date(2026, 11, 24)
"""
SEED = """
from tests.factories import PersonFactory, TeamFactory, UserFactory
team = TeamFactory()
team.manager = UserFactory(role="manager", team=team)
team.save()
person = PersonFactory(case__caseworker=UserFactory(role="caseworker", team=team), case__team=team)
kinds = [("law", "reception.contract"), ("service_goal", "reception.min_plan"), ("local_target", "housing.next_home")]
given = {"case": person.case, "person": person, "owner": person.case.caseworker, "title": "Tilbyd"}
Step.objects.bulk_create(
    Step(kind=kinds[n % 3][0], rule=kinds[n % 3][1], round=n + 1, due_on=TODAY - timedelta(days=n % 7), **given)
    for n in range(300)
)
"""
# Wait until the other process is there too, then sweep.
TOGETHER = """
open(sys.argv[1] + "." + sys.argv[2], "w").close()
while not os.path.exists(sys.argv[1] + "." + sys.argv[3]):
    time.sleep(0.005)
"""
SWEEP = "sweep(today=TODAY, now=timezone.now())"
# Look, then write: what a sweep would be without unique keys, and on SQLite without its one writer at a time.
LOOK_FIRST = """
run = ledger.begin(today=TODAY, now=timezone.now())
known = set(Notice.objects.values_list("step", flat=True))
fresh = [pk for pk in Step.objects.values_list("pk", flat=True) if pk not in known]
time.sleep(0.5)
Notice.objects.bulk_create(Notice(step_id=pk, level="due", date=TODAY, run=run.mark) for pk in fresh)
"""
UNLOCKED = """
with connection.cursor() as cursor:
    cursor.execute("DROP INDEX notice_once_per_step")
"""
STATE = """
import json
print(json.dumps({
    "notices": sorted(Notice.objects.values_list("step", "level", "days", "told")),
    "deliveries": sorted(Delivery.objects.values_list("notice__step", "notice__level", "user", "channel")),
    "entries": sorted((str(on), text) for on, text in Entry.objects.values_list("on", "text")),
}))
"""


class Site:
    """A database of its own, and processes that use it."""

    def __init__(self, folder: Path, url: str):
        self.folder = folder
        self.env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": url,
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def start(self, code: str, *args: str) -> subprocess.Popen:
        script = START + textwrap.dedent(code)
        return subprocess.Popen(
            [sys.executable, "-c", script, *args],
            env=self.env,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, code: str, *args: str) -> str:
        child = self.start(code, *args)
        out, err = child.communicate(timeout=120)
        assert child.returncode == 0, err
        return out

    def state(self) -> dict:
        return json.loads(self.run(STATE))

    def both(self, code: str) -> None:
        mark = str(self.folder / f"ready{time.monotonic_ns()}")
        children = [self.start(code, mark, me, other) for me, other in (("a", "b"), ("b", "a"))]
        for child in children:
            _out, err = child.communicate(timeout=120)
            assert child.returncode == 0, err


def on_postgres() -> bool:
    return connection.vendor == "postgresql"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory, django_db_blocker):
    """A migrated and seeded database for the tests of this file, dropped afterwards."""
    tmp_path = tmp_path_factory.mktemp("site")
    if not on_postgres():
        made = Site(tmp_path, f"sqlite:///{tmp_path / 'site.sqlite3'}")
        made.run("from django.core.management import call_command; call_command('migrate', verbosity=0)" + SEED)
        yield made
        return
    name = f"sweeps_{os.getpid()}"
    url = urlsplit(os.environ["DATABASE_URL"])
    with django_db_blocker.unblock(), connections["default"]._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        made = Site(tmp_path, f"{url.scheme}://{url.netloc}/{name}")
        made.run("from django.core.management import call_command; call_command('migrate', verbosity=0)" + SEED)
        yield made
    finally:
        with django_db_blocker.unblock(), connections["default"]._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def site(prepared):
    """The database with an empty ledger."""
    prepared.run("Entry.objects.all().delete(); Notice.objects.all().delete()")
    return prepared


def expected(site: Site) -> dict:
    """What one undisturbed sweep writes: taken in a transaction that is rolled back."""
    code = """
    with transaction.atomic():
        sweep(today=TODAY, now=timezone.now())
        {state}
        transaction.set_rollback(True)
    """
    indented = textwrap.indent(STATE.strip(), "        ").strip()
    return json.loads(site.run(textwrap.dedent(code).format(state=indented.replace("        ", "    "))))


def test_two_sweeps_at_once_and_one_killed_half_way_write_what_one_writes(site):
    once = expected(site)
    assert len(once["deliveries"]) >= 300
    assert site.state()["notices"] == []
    half_way = """
    import desk.services.sweep as sweeping
    def stop(run, who):
        print("half-way", flush=True)
        time.sleep(60)
    sweeping.deliver = stop
    sweep(today=TODAY, now=timezone.now())
    """
    child = site.start(half_way)
    assert child.stdout.readline().strip() == "half-way"
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert site.state() == {"notices": [], "deliveries": [], "entries": []}
    site.both(TOGETHER + SWEEP)
    assert site.state() == once


REPAIRED = """
from tests.factories import a_family
from deadlines import engine
from desk.areas import all_rules
with transaction.atomic():
    ids = [a_family({"given_names": "Olena"}, {"given_names": "Artem", "role": "child", "birth_date": date(2015, 3, 1)},
           arrived_on=TODAY, visitation_on=TODAY, residence_from=TODAY).pk for n in range(int(sys.argv[1]))]
    Step.objects.filter(rule="").delete()
"""
PAGES = """
from cases.services import write_note
cases = list(Case.objects.all()[:5])
longest, pages = 0, 0
while not os.path.exists(sys.argv[1]):
    began = time.monotonic()
    write_note(cases[pages % 5], kind="note", body="Ringede", on=TODAY, by=None)
    longest, pages = max(longest, time.monotonic() - began), pages + 1
    time.sleep(0.02)
print(pages, round(longest, 3))
"""
REPAIR = """
from desk.services.repair import repair
counts = repair(today=TODAY, now=timezone.now())
open(sys.argv[1], "w").close()
print(counts["differed"])
"""


def test_no_page_fails_while_everything_is_repaired(site, tmp_path):
    done = str(tmp_path / "done")
    site.run(REPAIRED, "250")
    pages = site.start(PAGES, done)
    differed = int(site.run(REPAIR, done))
    out, err = pages.communicate(timeout=120)
    assert pages.returncode == 0, err
    written, longest = out.split()
    assert differed >= 250
    assert int(written) > 0
    assert float(longest) < LOCK_TIMEOUT


def test_without_the_unique_keys_the_race_is_lost(site):
    """The negative control, last because it spoils the database: unguarded, two processes double the rows."""
    site.run(UNLOCKED)
    site.both(TOGETHER + LOOK_FIRST)
    notices = site.state()["notices"]
    assert len(notices) == 2 * len({tuple(row[:3]) for row in notices})
