"""The timeline of one case: newest day first, corrections folded onto the line they correct."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import reads_notes
from cases.formats import weekday_date
from cases.location import conceal
from cases.models import Case, Entry
from desk.areas import BY_KEY

PAGE = 40
ICONS = {
    "note.note": "chat-left-text",
    "note.call": "telephone",
    "note.visit": "geo-alt",
    "cases.registered": "person-plus",
    "cases.imported": "table",
}
STATUS = {"deadline.passed": "overdue", "deadline.corrected": "met"}


@dataclass(frozen=True, slots=True)
class Filter:
    """What the reader narrowed the timeline to; before is the id below which older lines begin."""

    person: int | None = None
    area: str = ""
    before: int | None = None

    @classmethod
    def of(cls, query) -> "Filter":
        def number(name: str) -> int | None:
            value = query.get(name, "")
            return int(value) if value.isdecimal() and len(value) < 12 else None

        area = query.get("omraade", "")
        return cls(number("person"), area if area in BY_KEY else "", number("foer"))


def read_entries(case: Case, user, chosen: Filter) -> tuple[list[Entry], int | None]:
    """(lines, id for the next page). Two queries: lines, and their corrections."""
    readable = Entry.objects.in_case(case, user).select_related("author")
    if not reads_notes(user, case.number):
        readable = readable.defer("body")
    found = readable.filter(corrects=None)
    if chosen.person:
        found = found.filter(people=chosen.person)
    if chosen.area:
        found = found.filter(area=chosen.area)
    if chosen.before:
        last = Entry.objects.filter(pk=chosen.before, case=case).values_list("on", flat=True).first()
        found = found.filter(on__lte=last).exclude(on=last, pk__gte=chosen.before) if last else found
    lines = list(found.order_by("-on", "-pk")[: PAGE + 1])
    by_line: dict[int, list[Entry]] = {line.pk: [] for line in lines}
    for later in readable.filter(corrects__in=list(by_line)).order_by("pk"):
        by_line[later.corrects_id].append(later)
    for line in lines:
        line.later = by_line[line.pk]
    if case.covered:
        conceal([*lines, *(later for line in lines for later in line.later)])
    return lines[:PAGE], lines[PAGE - 1].pk if len(lines) > PAGE else None


def days(lines: list[Entry], case: Case, user, *, today: date) -> list[dict]:
    """Grouped for components/timeline.html."""
    return [
        {"label": day_label(day, today), "entries": [item(entry, case, user) for entry in group]}
        for day, group in groupby(lines, key=lambda entry: entry.on)
    ]


def day_label(day: date, today: date) -> str:
    if day == today:
        return _("I dag")
    year = f" {day.year}" if day.year != today.year else ""
    return f"{weekday_date(day).capitalize()}{year}"


def item(entry: Entry, case: Case, user) -> dict:
    shown = entry.later[-1] if entry.later else entry
    actions = []
    if entry.kind.startswith("note.") and shown.author_id == user.pk:
        actions.append({"url": reverse("desk:correct_note", args=[case.number, entry.pk]), "text": _("Ret")})
    if entry.later:
        actions.append({"url": reverse("desk:note_history", args=[case.number, entry.pk]), "text": _("Se tidligere")})
    if case.caseworker_id in user.acting_for and shown.body:
        circle = f"{reverse('desk:note_circles', args=[case.number])}?notat={entry.pk}"
        actions.append({"url": circle, "text": _("Hvem må se det?")})
    return {
        "id": f"linje-{entry.pk}",
        "title": entry.text,
        "text": shown.body if reads_notes(user, case.number) else "",
        "meta": meta(entry, shown),
        "icon": ICONS.get(entry.kind, "check2" if "." in entry.kind and not entry.kind.startswith("cases.") else "dot"),
        "status": STATUS.get(entry.kind, ""),
        "corrected": False,
        "actions": actions,
    }


def meta(entry: Entry, shown: Entry) -> str:
    """ "kl. 8.12, Mette Lindholm · Leg og læring · rettet 24. nov." """
    local = timezone.localtime(entry.recorded_at)
    same_day = local.date() == entry.on
    when = f"kl. {local.hour}.{local.minute:02d}" if same_day else _("skrevet %s") % weekday_date(local.date())
    who = entry.author.name if entry.author else _("systemet")
    parts = [f"{when}, {who}"]
    if entry.area in BY_KEY:
        parts.append(str(BY_KEY[entry.area].title))
    if entry.data_class in {"health", "violence"}:
        parts.append(entry.get_data_class_display())
    if shown is not entry:
        parts.append(_("rettet %s") % weekday_date(timezone.localtime(shown.recorded_at).date()))
    return " · ".join(parts)
