"""The sentences of the text bank that a plan is written from: activities per area, and examples of goals."""

from cases.models import Person
from phrases.paper import Bank
from phrases.slots import slots_of
from reception.paper import ACTIVITIES
from reception.services.content import Line

# What a caseworker writes where the sentence leaves room.
ROOM = "…"
GOAL = "goal"


def offered(bank: Bank, children: list[Person]) -> dict[str, Line]:
    """What can be chosen: value -> the line it becomes. One about a child is there once per child."""
    found = {key: Line(GOAL, bank.text(key)) for key in bank.keys_of("goal")}
    for key in bank.keys_of("activity"):
        for child in children if "name" in slots_of(bank.text(key)) else [None]:
            found[f"{key}:{child.pk}" if child else key] = _line(bank, key, child)
    return found


def _line(bank: Bank, key: str, child: Person | None) -> Line:
    room = dict.fromkeys(slots_of(bank.text(key)), ROOM)
    rule = key.removeprefix("activity.")
    known = ACTIVITIES.get(rule)
    return Line(
        key.split(".")[1],
        bank.text(key, **room | ({"name": child.short_name} if child else {})),
        responsible=bank.text(known.who) if known else "",
        about_id=child.pk if child else None,
        rule=rule if known else "",
    )
