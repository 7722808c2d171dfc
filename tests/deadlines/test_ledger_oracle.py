"""Random histories: the ledger equals a plain reading of the table "Who is told what", day by day."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from deadlines.models import Kind, Notice, Step
from tests.deadlines.test_ledger import a_step, sweep
from tests.factories import PartyFactory, PersonFactory

START = date(2026, 10, 12)  # the clock goes back on 25 October
SPAN = 60
SHORT = 18
DAY = timedelta(days=1)

# The table of the design, written out once more: kind -> (level, days after the deadline), lowest first.
TABLE = {
    "law": [("warn", -14), ("warn", -3), ("due", 0), ("passed", 1), ("escalated", 1)],
    "service_goal": [("warn", -3), ("passed", 1), ("escalated", 3)],
    "local_target": [("passed", 1)],
    "watch": [("warn", -90), ("warn", -60), ("warn", -30)],
    "": [("due", 0)],
}
RULES = {"watch": "reception.permit_expiry"}


class Undo(Exception):
    """Ends an example, so that its rows vanish."""


@dataclass(frozen=True)
class State:
    """One step as the oracle sees it."""

    kind: str
    due: date
    met: bool = False
    waits_until: date | None = None
    waived_until: date | None = None
    follow_up: date | None = None
    episode: int = 1

    def acts_on(self) -> date:
        if self.kind == "law":
            return self.due
        return max(day for day in (self.due, self.follow_up, self.waived_until) if day)

    def silent(self, today: date) -> bool:
        waived = self.kind != "law" and self.waived_until is not None and self.waived_until >= today
        waiting = self.waits_until is not None and self.waits_until > today
        return self.met or waived or (waiting and not (self.kind == "law" and self.due < today))

    def reached(self, today: date) -> list[tuple]:
        acts_on = self.acts_on()
        found = [
            (level, acts_on, days, self.episode) for level, days in TABLE[self.kind] if acts_on + days * DAY <= today
        ]
        if self.kind != "watch" and self.waits_until and self.waits_until <= today:
            found.insert(0, ("resumed", self.waits_until, 0, self.episode))
        if self.kind not in ("watch", "law") and self.waived_until and self.waived_until < today:
            found.insert(0, ("resumed", self.waived_until, 0, self.episode))
        return found


def told_by(ledger: dict, number: int, state: State, today: date) -> None:
    """What a sweep of that day must add to the ledger (key -> told)."""
    if state.silent(today):
        return
    reached = state.reached(today)
    dated = [row for row in reached if row[0] != "resumed"]
    fresh = [row for row in reached if (number, *row) not in ledger]
    if dated and (number, *dated[-1]) in ledger:  # the highest is known: what lies below it is history
        fresh = [row for row in fresh if row[0] == "resumed"]
    for place, row in enumerate(fresh):
        ledger[(number, *row)] = place == len(fresh) - 1


CHANGES = ("sweep", "met", "due", "waits_until", "waived_until", "follow_up", "episode")


def history(seed: int, events: int) -> list[tuple]:
    """Rows of (days later, which step, what happens, to what, whether a sweep runs after it), by a seed."""
    dice, found = Random(seed), []
    for _n in range(events):
        name = dice.choice(CHANGES)
        day = START + dice.randrange(SPAN) * DAY
        value = {"met": dice.random() < 0.4, "due": day}.get(name, dice.choice([None, day]))
        found.append((dice.randrange(4), dice.randrange(len(TABLE)), name, value, dice.random() < 0.7))
    return found


def change(state: State, name: str, value) -> State:
    if name == "episode":
        return replace(state, episode=state.episode + 1)
    return replace(state, **{name: value})


def write(pk: int, state: State, party) -> None:
    waived = state.waived_until if state.kind != "law" else None
    Step.objects.filter(pk=pk).update(
        due_on=state.due, met_on=START if state.met else None, episode=state.episode,
        waiting_for=party if state.waits_until else None, waiting_until=state.waits_until,
        waived_on=START if waived else None, waived_until=waived,
        waived_kind="exempt" if waived else "", waived_reason="Efter aftale" if waived else "",
        follow_up_on=state.follow_up, follow_up_reason="Efter aftale" if state.follow_up else "",
    )  # fmt: skip


def play(events) -> None:
    """Live through the history in the database and in the oracle, and compare after every sweep."""
    person, party, expected, today = PersonFactory(), PartyFactory(), {}, START
    states = [State(kind, START + 20 * DAY) for kind in TABLE]
    rules = {"rule": "reception.permit_expiry"}
    steps = [a_step(person, s.kind, s.due, **(rules if s.kind == Kind.WATCH else {})).pk for s in states]
    for later, number, name, value, swept in [*events, (1, 0, "sweep", None, True)]:
        today += later * DAY
        if name != "sweep":
            states[number] = change(states[number], name, value)
            write(steps[number], states[number], party)
        if not swept:
            continue
        sweep(today)
        for at, state in enumerate(states):
            told_by(expected, steps[at], state, today)
        rows = Notice.objects.values_list("step", "level", "date", "days", "episode", "told")
        assert {tuple(row[:5]): row[5] for row in rows} == expected


def undone(events) -> None:
    try:
        with transaction.atomic():
            play(events)
            raise Undo
    except Undo:
        return


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [*range(12), 1003])  # 1003: a waiver ends while somebody is waited for
def test_the_ledger_equals_the_table(seed):
    undone(history(seed, events=40))


@pytest.mark.nightly
@pytest.mark.django_db
@pytest.mark.parametrize("start", range(10))
def test_the_ledger_equals_the_table_over_many_histories(start):
    for seed in range(100):
        undone(history(1000 + 100 * start + seed, events=40))


@pytest.mark.django_db
@settings(max_examples=8)
@given(st.sets(st.integers(0, SHORT)))
def test_days_without_a_sweep_change_what_is_told_but_not_what_is_known(days):
    """Any pattern of downtime ends with the rows of a sweep on every day; each step's last told row is the same."""
    ends = []
    for run_on in (set(range(SHORT + 1)), {*days, SHORT}):
        try:
            with transaction.atomic():
                person = PersonFactory()
                for n, kind in enumerate(("law", "service_goal", "local_target", "")):
                    a_step(person, kind, START + (8 + 2 * n) * DAY)
                for n in sorted(run_on):
                    sweep(START + n * DAY)
                rows = Notice.objects.order_by("step", "date", "pk").values_list(
                    "step__kind", "level", "date", "days", "told"
                )
                ends.append(list(rows))
                raise Undo
        except Undo:
            continue
    daily, gappy = ends
    assert {row[:4] for row in daily} == {row[:4] for row in gappy}
    assert len(daily) == len(gappy)
    assert {row for row in gappy if row[4]} <= {row for row in daily if row[4]}
