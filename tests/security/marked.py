"""Marked lines in a case, and what a page shows of a list."""

import json

from cases.choices import DataClass
from cases.models import Entry
from cases.services import record
from desk.areas import AREAS
from tests.factories import TODAY


def lines(world) -> dict[str, Entry]:
    """One line of every class in every area, with a marker, written by the caseworker."""
    return {
        f"{area.key}:{data_class}": record(
            world.own.case, area=area.key, kind="note.note", text=f"CNRY-{area.key}-{data_class}", on=TODAY,
            by=world.own.worker, data_class=data_class, people=[world.own.person],
        )
        for area in AREAS for data_class in DataClass.values
    }  # fmt: skip


def rows(client, url: str) -> str:
    context = client.get(url).context
    return json.dumps(context["rows"], default=str)
