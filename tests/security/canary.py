"""The instruments: a marker that names class and family in every free text, and an eye that collects what it meets."""

import io
import re
from collections.abc import Iterator

from django.apps import apps
from django.urls import reverse
from openpyxl import load_workbook

from config.policy import PAGES
from keeping.inventory import about, classes_of
from tests.files import PURPOSE, gives_files
from tests.security.crawl import Visitor, filled, patterns
from tests.security.payloads import OWN_APPS, free_texts
from tests.security.world import Family, World

MARKER = re.compile(r"CNRY-(own|foreign|protected)-([a-z]+)-\d+")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def mark(name: str, family: Family) -> set[str]:
    """Write a marker into the free texts of every row the inventory finds from the family; the classes written."""
    written = set()
    for model in apps.get_models():
        if model._meta.app_label not in OWN_APPS:
            continue
        classes = classes_of(model)
        for held in rows_of(model, family):
            values = held.values().get()
            fresh = {}
            for field in free_texts(model):
                if field.name == "title" and values.get("rule"):
                    continue  # the rule's own words
                data_class = class_in_row(values, classes[field.name])
                text = f"CNRY-{name}-{data_class}-{values['id']}"
                # a reason stands only beside the day it explains
                empty_reason = field.name.endswith("_reason") and not values[field.name]
                if len(text) <= (field.max_length or 1000) and not empty_reason:
                    fresh[field.name] = text
                    written.add(data_class)
            if fresh:
                held.update(**fresh)
    return written


def class_in_row(values: dict, data_class: str) -> str:
    """A line of the timeline carries its own class."""
    return values.get("data_class") or data_class


def rows_of(model, family: Family) -> Iterator:
    """One queryset per row of the family: by its case or by its people, as the inventory says."""
    entry, ids = about(model), set()
    if "household" in entry:
        ids |= set(
            model._base_manager.filter(**{f"{entry['household']}__in": [family.case.pk]}).values_list("pk", flat=True)
        )
    if "person" in entry:
        people = list(family.case.people.values_list("pk", flat=True))
        ids |= set(model._base_manager.filter(**{f"{entry['person']}__in": people}).values_list("pk", flat=True))
    for pk in sorted(ids):
        yield model._base_manager.filter(pk=pk)


def text_of(response) -> str:
    """What a reader finds in it: every cell of every sheet, hidden ones too, or the text as sent."""
    content = b"".join(response) if response.streaming else response.content
    if response.headers.get("Content-Type", "").startswith(XLSX):
        book = load_workbook(io.BytesIO(content))
        return "\n".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    return content.decode(errors="ignore")


def channel_of(response, channel: str) -> str:
    kind = response.headers.get("Content-Type", "")
    return "xlsx" if kind.startswith(XLSX) else "csv" if kind.startswith("text/csv") else channel


def answers(visitor: Visitor, name: str, arguments: dict) -> Iterator:
    """The page, and the file that it gives for a purpose."""
    url = reverse(name, kwargs=arguments)
    yield visitor.ask("GET", url)
    if gives_files(name):
        yield visitor.ask("POST", url, PURPOSE)


def sightings(
    world: World, identity: str, families: dict[str, Family], only: set[str] | None = None
) -> dict[tuple[str, str, str], set[str]]:
    """(channel, whose family, class) → the pages where a marker of it was met, plain and with htmx."""
    user = world.users.get(identity)
    visitor, found = Visitor(user), {}
    for name, wanted in patterns():
        if name not in PAGES or PAGES[name].read is None or (only and name not in only):
            continue
        places = families if wanted - {"slug"} else {"own": world.own}
        for family in places.values():
            arguments = filled(name, wanted, family)
            if arguments is None:
                continue
            for channel, headers in (("html", {}), ("htmx", {"HTTP_HX_REQUEST": "true"})):
                visitor.client.defaults.pop("HTTP_HX_REQUEST", None)
                visitor.client.defaults.update(headers)
                for response in answers(visitor, name, arguments):
                    for whose, data_class in MARKER.findall(text_of(response)):
                        found.setdefault((channel_of(response, channel), whose, data_class), set()).add(name)
    return found
