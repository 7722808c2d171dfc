"""What a plan says, apart from its rows: compared, kept word for word, and weighed by a checksum."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date

from reception.models import Plan, PlanHandover


@dataclass(frozen=True, slots=True)
class Line:
    """One activity as it is written, before it is a row. about_id: the child whose part it is."""

    area: str
    text: str
    responsible: str = ""
    contact: str = ""
    on: date | None = None
    about_id: int | None = None
    rule: str = ""
    task_id: int | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """The words of one version: the goal in the citizen's own words and in Danish, and the lines."""

    goal: str = ""
    goal_danish: str = ""
    lines: tuple[Line, ...] = ()

    def as_data(self) -> dict:
        """What is kept of it."""
        lines = [asdict(line) | {"on": line.on.isoformat() if line.on else None} for line in self.lines]
        return {"goal": self.goal, "goal_danish": self.goal_danish, "lines": lines}


def lines_of(plan: Plan | None) -> list[Line]:
    rows = plan.activities.all() if plan else ()
    return [Line(r.area, r.text, r.responsible, r.contact, r.on, r.about_id, r.rule, r.task_id) for r in rows]


def content_of(plan: Plan | None) -> Content:
    return Content(plan.goal, plan.goal_danish, tuple(lines_of(plan))) if plan else Content()


def read(data: dict) -> Content:
    """The other way of as_data."""
    lines = (line | {"on": date.fromisoformat(line["on"]) if line["on"] else None} for line in data["lines"])
    return Content(data["goal"], data["goal_danish"], tuple(Line(**line) for line in lines))


def checksum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def checksum_of(data: dict) -> str:
    """Always the same for the same words."""
    return checksum(json.dumps(data, ensure_ascii=False, sort_keys=True).encode())


def has_been_changed(handover: PlanHandover) -> bool:
    """Whether the locked version says something else today than on the day it was handed over.

    One that was handed over before there were checksums has nothing to be held against.
    """
    if not handover.checksum:
        return False
    return checksum_of(handover.content) != handover.checksum or content_of(handover.plan).as_data() != handover.content
