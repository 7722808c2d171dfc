"""The figures of a report against plain Python, for who leads and for who sees sums only; and what is said of them."""

from collections import Counter
from datetime import date, timedelta
from statistics import median

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from board.services import actions, evaluation_words, report_figures, report_summary, report_words, snapshots
from board.services.compliance import Tally
from board.services.report_tables import on_time
from board.services.scope import scope_of
from board.services.strategy import AREAS
from desk import areas
from tests.board import oracle
from tests.board.generated import House, families
from tests.board.reported import NOVEMBER, OCTOBER
from tests.conftest import TODAY

LAST = date(2026, 10, 31)
KINDS = ("law", "service_goal", "local_target")


def nothing() -> None:
    """Nobody waits for this report."""


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker):
    """Five hundred families for all tests of this file, taken away afterwards; October is closed."""
    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        try:
            found = House()
            families(found, 500)
            snapshots.take(today=TODAY)
            yield found
        finally:
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)


@pytest.fixture(params=["manager", "neighbour", "unattached"])
def seen(request, house, db):
    """(scope, the oracle's rows, its teams) of one who leads."""
    user = getattr(house, request.param)
    teams = {user.team_id, None}
    return scope_of(user), oracle.rows(TODAY, teams=teams), teams


def counted(rows, first: date, last: date, **wanted) -> tuple[int, int]:
    """(on time, late) of the oracle's rows with these values."""
    about = [row for row in rows if all(getattr(row, name) == value for name, value in wanted.items())]
    found = Counter(row.outcome for row in about if first <= row.due_on <= last)
    return found["on_time"], found["late"]


def both(given: dict) -> tuple[int, int]:
    return given["on_time"], given["late"]


def test_the_kinds_of_a_closed_month(seen):
    scope, rows, _teams = seen
    figures = report_figures.monthly(scope, OCTOBER, TODAY, nothing)
    assert figures["closed"]
    for row in figures["kinds"]:
        kind = row["kind"]
        assert both(row["now"]) == counted(rows, OCTOBER, LAST, kind=kind)
        assert both(row["before"]) == counted(rows, date(2026, 9, 1), date(2026, 9, 30), kind=kind)
        alone = [row for row in rows if row.person is None]
        assert both(row["families"]) == counted(alone, OCTOBER, LAST, kind=kind)
        assert row["now"]["on_time"] == row["persons"]["on_time"] + row["families"]["on_time"]
    assert [row["kind"] for row in figures["kinds"]] == list(KINDS)
    assert min(sum(both(row["now"])) for row in figures["kinds"]) > 5


@pytest.mark.parametrize("month", [OCTOBER, NOVEMBER])
def test_what_was_late_and_open_when_the_period_ended(seen, month):
    scope, rows, _teams = seen
    figures = report_figures.monthly(scope, month, TODAY, nothing)
    day = min(report_figures.last_day(month), TODAY)
    for kind in figures["kinds"]:
        open_then = [
            row
            for row in rows
            if row.kind == kind["kind"]
            and row.outcome == "late"
            and row.due_on < day
            and not ((row.acted or row.withdrawn_on) and (row.acted or row.withdrawn_on) <= day)
        ]
        assert kind["stock"] == len(open_then)


def test_every_rule_and_month(seen):
    scope, rows, _teams = seen
    figures = report_figures.monthly(scope, NOVEMBER, TODAY, nothing)
    for row in figures["rules"]:
        about = {"rule": row["rule"], "kind": row["kind"]}
        assert both(row["now"]) == counted(rows, NOVEMBER, TODAY, **about)
        for month, given in zip(figures["months"], row["months"], strict=True):
            first = date.fromisoformat(month)
            assert both(given) == counted(rows, first, min(report_figures.last_day(first), TODAY), **about)
    assert {row["rule"] for row in figures["rules"]} == {row.rule for row in rows}
    assert len(figures["months"]) == 12


def test_how_long_it_took(seen):
    scope, rows, _teams = seen
    figures = report_figures.monthly(scope, OCTOBER, TODAY, nothing)
    took = oracle.took(rows, OCTOBER, LAST)
    for row in figures["rules"]:
        days = took.get(row["rule"], [])
        assert row["times"]["number"] == len(days)
        assert row["times"]["median"] == (median(days) if days else None)


def test_what_is_overdue_on_the_day_of_the_report(seen):
    scope, rows, _teams = seen
    figures = report_figures.monthly(scope, OCTOBER, TODAY, nothing)
    for name, group in (("over", "overdue"), ("passed", "passed")):
        late = oracle.late_now(rows, group)
        assert figures["overdue"][name]["number"] == len(late)
        assert figures["overdue"][name]["families"] == len({row.case for row in late})
        assert figures["overdue"][name]["by_band"] == Counter(oracle.band(row) for row in late)
        assert figures["overdue"][name]["by_reason"] == Counter(row.reason for row in late)
        assert figures["overdue"][name]["oldest"] == min(row.new_date for row in late).isoformat()
    late = [row for row in rows if row.outcome == "late" and OCTOBER <= row.due_on <= LAST]
    assert figures["causes"] == Counter(row.reason for row in late)


def test_who_is_here_came_and_left(seen):
    scope, _rows, teams = seen
    figures = report_figures.monthly(scope, OCTOBER, TODAY, nothing)
    here = figures["here"]
    assert (here["families"], here["persons"], here["children"]) == oracle.people_here(TODAY, teams)
    first = date(2026, 9, 1)
    for way, name in (("came", "arrived_on"), ("left", "left_on")):
        persons, homes = oracle.moved(name, first, LAST, teams)
        for row in figures["moves"]:
            month = date.fromisoformat(row["month"])
            assert row[way] == {"persons": persons[month], "families": homes.get(month, 0)}
    assert sum(row["came"]["persons"] for row in figures["moves"]) > 5


def test_the_six_areas(seen):
    scope, rows, _teams = seen
    first = date(2026, 9, 1)
    figures = report_figures.evaluation(scope, first, OCTOBER, TODAY, nothing)
    assert [area["key"] for area in figures["areas"]] == [area.key for area in areas.AREAS]
    assert [area["paragraph"] for area in figures["areas"]] == [1, 2, 3, 4, 5, 6]
    for area in figures["areas"]:
        own = [row for row in rows if row.rule.partition(".")[0] == area["key"]]
        for kind in KINDS:
            tally = evaluation_words.of_kind(area, kind)
            assert (tally.on_time, tally.late) == counted(own, first, LAST, kind=kind)
            before = evaluation_words.of_kind(area, kind, "before")
            assert (before.on_time, before.late) == counted(own, date(2026, 7, 1), date(2026, 8, 31), kind=kind)
        late = [row for row in own if row.outcome == "late" and first <= row.due_on <= LAST]
        assert area["causes"] == Counter(row.reason for row in late)
    assert figures["before"] == ["2026-07-01", "2026-08-31"]
    assert sum(len(area["rules"]) for area in figures["areas"]) >= 6


def test_the_actions_stand_as_they_were_when_the_period_ended(house, db):
    """Later changes do not alter them."""
    told = {"by": house.manager, "today": date(2026, 10, 5)}
    given = {"title": "Flere boliger", "area": "housing", "owner": house.manager, "note": "Møbler mangler"}
    action = actions.add(**given, due_on=date(2026, 10, 20), status="under_way", **told)
    actions.change(
        action, **given, due_on=date(2026, 10, 20), status="done", done_on=date(2026, 11, 9),
        by=house.manager, today=TODAY,
    )  # fmt: skip
    areas = report_figures.evaluation(scope_of(house.manager), OCTOBER, OCTOBER, TODAY, nothing)["areas"]
    row = {
        "title": "Flere boliger", "status": "I gang", "since": "2026-10-05", "due_on": "2026-10-20",
        "is_overdue": True, "owner": house.manager.name, "note": "Møbler mangler",
    }  # fmt: skip
    assert {area["key"]: area["actions"] for area in areas if area["actions"]} == {"housing": [row]}


def test_the_areas_of_the_strategy_are_those_of_the_house():
    assert [area.key for area in AREAS] == [area.key for area in areas.AREAS]
    assert all(area.goals for area in AREAS)


def test_more_families_ask_no_more(db):
    """One family or many: the same number of questions."""
    asked = []
    small = House()
    for number in (3, 60):
        families(small, number, seed=number)
        scope = scope_of(small.manager)
        for make in (
            report_figures.monthly,
            lambda *given: report_figures.evaluation(given[0], *given[1:2], *given[1:]),
        ):
            with CaptureQueriesContext(connection) as found:
                make(scope, NOVEMBER, TODAY, nothing)
            asked.append(len(found))
    assert asked[:2] == asked[2:]


# --- In words ---------------------------------------------------------------------------------


def figures_of(**kinds) -> dict:
    """A month in which nothing happened, but for these tallies by kind: (now, before)."""
    empty = {"on_time": 0, "late": 0}
    rows = []
    for kind in KINDS:
        now, before = kinds.get(kind, (empty, empty))
        rows.append({"kind": kind, "goal": 95, "now": now, "before": before})
    late = {"number": 0, "families": 0, "oldest": None, "by_band": {}, "by_reason": {}}
    return {
        "first": "2026-11-01",
        "made_on": "2026-11-24",
        "before": "2026-10-01",
        "kinds": rows,
        "rules": [],
        "overdue": {"over": late, "passed": late},
        "forecast": {"slips": 0},
    }


def tally(on_time: int, late: int) -> dict:
    return {"on_time": on_time, "late": late}


@pytest.mark.parametrize(
    ("now", "before", "wanted"),
    [
        ((91, 9), (93, 7), "i 91 % af tilfældene i november 2026 (n = 100), mod 93 % i oktober; målet er 95 %."),
        ((91, 9), (2, 1), "i 91 % af tilfældene i november 2026 (n = 100); målet er 95 %."),
        ((3, 1), (93, 7), "i 3 af 4 tilfælde i november 2026, for få til en procent."),
        ((0, 0), (93, 7), "Ingen servicemål forfaldt i november 2026."),
    ],
)
def test_the_first_sentence(now, before, wanted):
    figures = figures_of(service_goal=(tally(*now), tally(*before)))
    assert report_summary.goal_sentence(figures).endswith(wanted)


@pytest.mark.parametrize(
    ("late", "wanted"),
    [
        ({"Kontrakt": 2, "Kontaktperson": 12}, "Mest sent: Kontaktperson (lokalt mål), hvor 12 af 20 kom efter"),
        ({"Kontrakt": 2}, "Mest sent: Kontrakt (lokalt mål), hvor 2 af 20 kom efter fristen."),
        ({"Kontrakt": 0}, "Ingen frist kom for sent."),
    ],
)
def test_the_second_sentence(late, wanted):
    figures = figures_of()
    figures["rules"] = [
        {"name": name, "kind": "local_target", "now": tally(20 - number, number)} for name, number in late.items()
    ]
    assert report_summary.latest_sentence(figures).startswith(wanted)


@pytest.mark.parametrize(
    ("number", "homes", "wanted"),
    [
        (0, 0, "Den 24. november 2026 er ingen frist overskredet; de næste 14 dage ventes ingen forsinket."),
        (1, 1, "Den 24. november 2026 er en frist overskredet, 3 dage; de næste 14 dage"),
        (8, 1, "Den 24. november 2026 er 8 frister overskredet i 1 familie, den ældste 3 dage; de næste"),
        (8, 2, "Den 24. november 2026 er 8 frister overskredet i 2 familier, den ældste 3 dage; de næste"),
    ],
)
def test_the_third_sentence(number, homes, wanted):
    figures = figures_of()
    oldest = (TODAY - timedelta(days=3)).isoformat() if number else None
    figures["overdue"]["over"] = {"number": number, "families": homes, "oldest": oldest}
    assert report_summary.now_sentence(figures).startswith(wanted)


def test_a_correction_stands_beside():
    assert on_time(Tally(on_time=8, late=2, on_time_now=3, late_now=1)).more == "korrigeret: 3 af 4"


@pytest.mark.parametrize(("charts", "quiet"), [(16, 0), (40, 0), (12, 9), (13, 3), (0, 40), (4, 20), (1, 1), (0, 0)])
def test_what_has_room_on_the_page(charts, quiet):
    shown, rows = report_words.fitted(charts, quiet)
    taken = report_words.CHART_ROW * -(-shown // 4) + (report_words.TABLE_HEAD + report_words.TABLE_ROW * rows) * bool(
        rows
    )
    assert taken <= report_words.ROOM
    assert shown <= charts
    assert rows <= quiet
    assert not quiet or rows
