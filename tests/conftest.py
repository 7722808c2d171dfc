"""The bench under every test: a fixed day, no network, a fresh cache, strict templates."""

import os
import time
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.core.cache import caches
from django.template.defaulttags import ForNode
from django.test import Client, TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.strict import block_network, strict_for

TODAY = date(2026, 11, 24)
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=COPENHAGEN)

for profile, examples in (("ci", 500), ("full", 20_000)):
    hypothesis_settings.register_profile(
        profile,
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=profile == "ci",
        suppress_health_check=[HealthCheck.too_slow],
    )
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_addoption(parser):
    parser.addoption("--nightly", action="store_true", help="run the tests marked nightly too")
    parser.addoption("--second-database", action="store_true", help="leave out the tests marked once")


def pytest_configure(config):
    from accounts import audit, triggers  # noqa: PLC0415 - the models load after the settings

    block_network()
    render = ForNode.render

    def strict_render(node, context):
        strict_for(node, context)
        return render(node, context)

    ForNode.render = strict_render
    tear_down = TransactionTestCase._fixture_teardown

    def guarded_tear_down(case):
        """Empties the tables, for which the log's guard steps aside."""
        with triggers.lifted():
            tear_down(case)
        audit.begin()

    TransactionTestCase._fixture_teardown = guarded_tear_down
    log_in = Client._login

    def timed_log_in(client, user, backend=None):
        """The test client's short cut leaves in the session what the product's log-in leaves there."""
        log_in(client, user, backend)
        session = client.session
        session["log_in_began"] = session["last_seen"] = time.time()
        session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key

    Client._login = timed_log_in


def pytest_collection_modifyitems(config, items):
    left_out = {} if config.getoption("--nightly") else {"nightly": "bin/nightly runs it"}
    if config.getoption("--second-database"):
        left_out["once"] = "walks over all pages run on the first database"
    for item in items:
        for name, reason in left_out.items():
            if item.get_closest_marker(name):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture
def today() -> date:
    """Tuesday 24 November 2026, the day on which every test takes place."""
    return TODAY


@pytest.fixture(autouse=True)
def clock(request):
    """The clock stands at nine in the morning of `today`; `clock.move_to(...)` changes it."""
    if request.node.get_closest_marker("real_clock"):
        yield None
        return
    with time_machine.travel(MORNING, tick=True) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def _fresh_cache():
    yield
    caches["process"].clear()
