"""The frame of every page: menu, count, recent families, banners, and what it costs."""

import pytest
from django.core.cache import caches
from django.test import RequestFactory

from accounts.models import User
from desk.models import Heartbeat
from desk.views import shell
from tests.desk.rows import Unit, day, step
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return Unit("Nord")


def context(user, path="/frister/", session=None):
    request = RequestFactory().get(path)
    request.user, request.session = user, session if session is not None else {}
    return shell.shell(request)["shell"]


def ids(items):
    return [item["id"] for item in items]


def test_each_role_is_shown_the_pages_it_may_open(unit):
    assert ids(context(unit.caseworker)["sections"][0]["items"])[:4] == ["overview", "steps", "cases", "import"]
    assert "import" not in ids(context(unit.coordinator)["sections"][0]["items"])
    administrator = UserFactory(role="administrator")
    assert ids(context(administrator)["sections"][0]["items"]) == ["overview", "users"]


def test_every_page_of_the_menu_exists():
    assert [name for _key, name, *_rest in (*shell.MENU, shell.NEW) if not shell.address(name)] == []


def test_the_longest_path_that_fits_is_the_current_page(unit):
    items = context(unit.caseworker, "/familier/ny/")["tabs"]
    assert [item["id"] for item in items if item["current"]] == ["new"]
    items = context(unit.caseworker, "/familier/2026-0001/")["tabs"]
    assert [item["id"] for item in items if item["current"]] == ["cases"]
    items = context(unit.caseworker, "/")["tabs"]
    assert [item["id"] for item in items if item["current"]] == ["overview"]


def test_the_count_is_that_of_the_own_list(unit):
    case = unit.case()
    step(case, -1), step(case, -2), step(case, -3, kind="local_target")
    step(unit.case(caseworker=unit.manager), -1)
    overview = context(unit.caseworker)["sections"][0]["items"][0]
    assert (overview["count"], overview["count_label"]) == (2, "overskredne")
    assert "count" not in context(unit.coordinator)["sections"][0]["items"][0]


def test_recent_families_are_read_back_only_while_visible(unit):
    session: dict = {}
    cases = [unit.case(name) for name in ("Kovalenko", "Melnyk", "Bondarenko", "Rudenko")]
    request = RequestFactory().get("/")
    request.session = session
    for case in [*cases, cases[1]]:
        shell.remember(request, case)
    assert [family["name"] for family in context(unit.caseworker, session=session)["recent"]] == [
        "Melnyk",
        "Rudenko",
        "Bondarenko",
    ]
    other = Unit("Syd")
    assert context(other.caseworker, session=session)["recent"] == []
    cases[1].team, cases[1].caseworker = other.team, other.caseworker
    cases[1].save()
    assert [family["name"] for family in context(unit.caseworker, session=session)["recent"]] == [
        "Rudenko",
        "Bondarenko",
    ]


def test_the_count_is_right_beside_recent_families_and_without_them(unit):
    case = unit.case()
    step(case, -1)
    for session in ({}, {shell.SESSION_KEY: [case.number]}, {shell.SESSION_KEY: ["2020-0001"]}):
        assert context(unit.caseworker, session=session)["sections"][0]["items"][0]["count"] == 1


def test_a_stopped_sweep_is_said_on_every_page(unit, settings):
    settings.DEMO = False
    assert context(unit.caseworker)["banners"] == []
    from_run = {"run": Heartbeat.Run.SWEEP, "day": day(0)}
    Heartbeat.objects.create(**from_run, started_at="2026-11-24T05:00:00Z", finished_at="2026-11-24T05:00:01Z")
    caches["process"].clear()
    assert [banner["kind"] for banner in context(unit.caseworker)["banners"]] == ["warning"]
    Heartbeat.objects.create(**from_run, started_at="2026-11-24T07:45:00Z", finished_at="2026-11-24T07:45:01Z")
    caches["process"].clear()
    assert context(unit.caseworker)["banners"] == []


def test_the_demo_says_so(unit, settings):
    settings.DEMO = True
    assert context(unit.caseworker)["banners"][-1]["kind"] == "demo"


def test_nobody_gets_no_menu(client):
    answer = client.get("/log-ind/")
    assert not answer.context["shell"]


@pytest.mark.parametrize("families", [0, 3])
def test_the_frame_costs_two_queries_beside_session_and_user(unit, families, django_assert_num_queries):
    session = {shell.SESSION_KEY: [unit.case().number for _number in range(families)]}
    assert context(unit.caseworker, session=session)["banners"]  # the sweep's heartbeat is kept for half a minute
    user = User.objects.get(pk=unit.caseworker.pk)
    with django_assert_num_queries(2):
        assert len(context(user, session=session)["recent"]) == families


def test_a_fragment_without_a_frame_costs_nothing(unit, django_assert_num_queries):
    request = RequestFactory().get("/")
    request.user = User.objects.get(pk=unit.caseworker.pk)
    with django_assert_num_queries(0):
        shell.shell(request)
