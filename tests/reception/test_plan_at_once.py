"""Two who save the same plan again and again, in processes of their own: what was accepted is there, once each."""

import json
import time

import pytest

from tests.desk.test_sweep_at_once import TOGETHER, prepared  # noqa: F401 - the fixture

pytestmark = pytest.mark.real_clock

SAVE = f"""
import json
from reception.services import plan as plans
person = Person.objects.get()
{TOGETHER}
accepted, refused = [], 0
for turn in range(25):
    plan = plans.current_plan(person)
    opened = {{"version": plan.version, "revision": plan.revision}} if plan else {{"version": 0, "revision": 0}}
    time.sleep(0.01)
    goal = f"{{sys.argv[2]}} {{turn}}"
    try:
        plans.save_plan(person, **opened, goal=goal, lines=[], by=None, today=TODAY)
        accepted.append(goal)
    except plans.PlanConflict:
        refused += 1
print(json.dumps([accepted, refused]))
"""
KEPT = """
import json
from reception.models import Plan, PlanRevision
plan = Plan.objects.get()
print(json.dumps([plan.revision, [row.content["goal"] for row in PlanRevision.objects.order_by("revision")]]))
"""


def test_every_accepted_save_is_one_revision_and_can_be_read(prepared):  # noqa: F811
    mark = str(prepared.folder / f"ready{time.monotonic_ns()}")
    children = [prepared.start(SAVE, mark, me, other) for me, other in (("a", "b"), ("b", "a"))]
    accepted, refused = [], 0
    for child in children:
        out, err = child.communicate(timeout=120)
        assert child.returncode == 0, err
        goals, conflicts = json.loads(out)
        accepted, refused = accepted + goals, refused + conflicts
    revision, kept = json.loads(prepared.run(KEPT))
    assert refused > 0, "they never met"
    assert revision == len(accepted)
    assert sorted(kept) == sorted(accepted)
