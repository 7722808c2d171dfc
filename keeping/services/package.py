"""The insight package: opened, prepared by one, released by another, and then never changed.

Preparing gathers, applies the caseworker's choices and freezes data and paper under one checksum; whoever releases
reads that copy and nothing newer. ValidationError carries a Danish sentence.
"""

import base64
import hashlib
import json
from dataclasses import asdict
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import AccessRecord, RoleGrant
from accounts.roles import ROLES
from cases.formats import age_on, doc_date
from cases.models import Person
from deadlines import calendar
from deadlines.services import own_task, tick
from desk.services.access_log import citizen_cells, for_citizen
from keeping.models import Choice, Insight
from keeping.services.gathering import Line, Value, gather
from keeping.services.paper import print_package

ANSWER_MONTHS = 1  # GDPR art. 12, stk. 3
MIN_REASON = 10
ADULT_AT = 18


def may_prepare(user, case) -> bool:
    """Only the assigned caseworker or the deputy sees all of the file, and so can judge what to withhold."""
    return case.caseworker_id is not None and case.caseworker_id in user.acting_for


@transaction.atomic
def open_insight(person: Person, *, asked_on: date, by_custody_holder: bool, by, today: date) -> Insight:
    """Register the request, with the answer as an own task due one month after it."""
    if asked_on > today:
        raise ValidationError({"asked_on": _("Datoen ligger frem i tiden. Skriv den dag, anmodningen kom.")})
    if by_custody_holder and person.birth_date and age_on(person.birth_date, today) >= ADULT_AT:
        raise ValidationError({"by_custody_holder": _("Personen er fyldt 18 år og beder selv om indsigt.")})
    if Insight.objects.filter(person=person, released_at=None).exists():
        raise ValidationError(_("Der er allerede en åben indsigtssag for personen."))
    due = calendar.add(asked_on, ANSWER_MONTHS, "months")
    title = _("Giv indsigt efter databeskyttelsesforordningen")
    step = own_task(person.case, title=title, due_on=due, by=by, today=today, person=person)
    insight = Insight.objects.create(
        person=person, asked_on=asked_on, by_custody_holder=by_custody_holder, opened_by=by, step=step
    )
    note(insight, by, "opened")
    return insight


def note(insight: Insight, by, verb: str, detail: str = "") -> None:
    case = insight.person.case
    audit.log(
        by, f"insight.{verb}", case_number=case.number, person_id=insight.person_id, detail=detail or str(insight.pk)
    )


def locked(insight: Insight) -> Insight:
    rows = Insight.objects.select_for_update(of=("self",)).select_related("person__case")
    found = rows.get(pk=insight.pk)
    if found.released_at:
        raise ValidationError(_("Pakken er frigivet og kan ikke ændres."))
    return found


@transaction.atomic
def choose(insight: Insight, *, key: str, include: bool, reason: str, by, today: date) -> None:
    """Give a line that the rules withhold, or withhold one that they give. key must be a line or a value of today's."""
    insight = locked(insight)
    if insight.prepared_at:
        raise ValidationError(_("Pakken er klargjort. Træk den tilbage, før du ændrer i den."))
    if len(reason.strip()) < MIN_REASON:
        raise ValidationError({"reason": _("Skriv en begrundelse på mindst %d tegn.") % MIN_REASON})
    lines = gather(insight.person, by_custody_holder=insight.by_custody_holder, today=today)
    if key not in {each.key for line in lines for each in (line, *line.values)}:
        raise ValidationError(_("Linjen findes ikke længere. Genindlæs siden."))
    Choice.objects.update_or_create(
        insight=insight, key=key, defaults={"include": include, "reason": reason.strip()[:200], "made_by": by}
    )
    note(insight, by, "line_given" if include else "line_withheld", key)


def judged(insight: Insight, *, today: date) -> list[Line]:
    """Today's lines, each with `withheld` as the choices leave it."""
    choices = {choice.key: choice for choice in insight.choices.all()}
    lines = gather(insight.person, by_custody_holder=insight.by_custody_holder, today=today)
    for line in lines:
        given = apply(line, choices)
        for value in line.values:
            if given and value.key not in choices:
                value.withheld = value.withheld if not has_one_sentence(line) else ""
            apply(value, choices)
    return lines


def has_one_sentence(line: Line) -> bool:
    return line.key.startswith("cases.entry:")


def apply(item: Line | Value, choices: dict[str, Choice]) -> bool:
    """Whether a choice gives the item against the rules."""
    choice = choices.get(item.key)
    if choice is None:
        return False
    item.withheld = "" if choice.include else choice.reason
    return choice.include


def prepare(insight: Insight, *, by, today: date) -> Insight:
    """Freeze what is given. Printing takes seconds, so it is done before the lock. Raises PaperError."""
    if not may_prepare(by, insight.person.case):
        raise ValidationError(_("Kun den, der har sagen, kan klargøre pakken."))
    if insight.prepared_at:
        raise ValidationError(_("Pakken er allerede klargjort."))
    chosen = choices_of(insight)
    content = content_of(insight, judged(insight, today=today), today=today)
    paper = base64.b64encode(print_package(insight.person, content["package"])).decode()
    return freeze(insight, json.dumps(content, ensure_ascii=False, sort_keys=True), paper, chosen, by=by)


def choices_of(insight: Insight) -> list[tuple]:
    return list(insight.choices.order_by("key").values_list("key", "include", "reason"))


@transaction.atomic
def freeze(insight: Insight, content: str, paper: str, chosen: list[tuple], *, by) -> Insight:
    insight = locked(insight)
    if insight.prepared_at or choices_of(insight) != chosen:
        raise ValidationError(_("En kollega har ændret pakken imens. Læs den igen, og klargør den derefter."))
    insight.content, insight.paper = content, paper
    insight.checksum = checksum_of(insight)
    insight.prepared_by, insight.prepared_at = by, timezone.now()
    insight.save()
    note(insight, by, "prepared")
    return insight


@transaction.atomic
def take_back(insight: Insight, *, by) -> Insight:
    """Back to the caseworker, before it is released: what was frozen is thrown away."""
    insight = locked(insight)
    insight.content = insight.paper = insight.checksum = ""
    insight.prepared_by = insight.prepared_at = None
    insight.save()
    note(insight, by, "taken_back")
    return insight


@transaction.atomic
def release(insight: Insight, *, by, today: date) -> Insight:
    """The second person. Never the one who prepared it, nor one who has chosen about a line."""
    insight = locked(insight)
    if insight.prepared_at is None:
        raise ValidationError(_("Pakken er ikke klargjort endnu."))
    if by.pk == insight.prepared_by_id or insight.choices.filter(made_by=by).exists():
        raise ValidationError(_("Du har selv klargjort pakken. En anden skal frigive den."))
    if not is_intact(insight):
        raise ValidationError(_("Pakken er ikke, som den blev klargjort. Træk den tilbage, og klargør den igen."))
    insight.released_by, insight.released_at = by, timezone.now()
    insight.save(update_fields=["released_by", "released_at"])
    if not (insight.step.done_on or insight.step.withdrawn_on):
        tick(insight.step, on=today, text=_("Indsigtspakken er frigivet"), by=by, today=today)
    note(insight, by, "released", insight.checksum[:16])
    return insight


def checksum_of(insight: Insight) -> str:
    return hashlib.sha256(f"{insight.content}\n{insight.paper}".encode()).hexdigest()


def is_intact(insight: Insight) -> bool:
    return bool(insight.checksum) and checksum_of(insight) == insight.checksum


def pdf_of(insight: Insight) -> bytes:
    return base64.b64decode(insight.paper)


def package_of(insight: Insight) -> dict:
    """What the citizen gets; the list of what is withheld is the caseworker's and not in it."""
    return json.loads(insight.content)["package"]


def withheld_in(insight: Insight) -> list[dict]:
    return json.loads(insight.content)["withheld"]


# --- Content ----------------------------------------------------------------------------------


def content_of(insight: Insight, lines: list[Line], *, today: date) -> dict:
    """{"package": {…}, "withheld": [{key, area, title, day, label, reason}]}."""
    given = [asdict(line) | {"values": [asdict(v) for v in line.values if not v.withheld]} for line in lines]
    sections: dict[str, list[dict]] = {}
    for line, origin in zip(given, lines, strict=True):
        if not origin.withheld and line["values"]:
            sections.setdefault(origin.area, []).append(line)
    person = insight.person
    package = {
        "name": person.full_name,
        "case": person.case.number,
        "asked_on": insight.asked_on.isoformat(),
        "made_on": today.isoformat(),
        "sections": [{"area": area, "lines": bare(found)} for area, found in sections.items()],
        "log": log_of(person),
    }
    return {"package": package, "withheld": withheld(lines)}


def bare(lines: list[dict]) -> list[dict]:
    """Without what is the caseworker's own: why something was withheld."""
    return [
        {
            "title": line["title"],
            "day": line["day"],
            "data_class": line["data_class"],
            "rows": [{"label": value["label"], "text": value["text"]} for value in line["values"]],
        }
        for line in lines
    ]


def withheld(lines: list[Line]) -> list[dict]:
    found = []
    for line in lines:
        shared = {"area": line.area, "title": line.title, "day": line.day, "data_class": line.data_class}
        if line.withheld:
            found.append(shared | {"key": line.key, "label": "", "reason": line.withheld})
        else:
            found += [
                shared | {"key": value.key, "label": value.label, "reason": value.withheld}
                for value in line.values
                if value.withheld
            ]
    return found


def log_of(person: Person) -> list[dict]:
    """When, what, why and in which role; no names of staff, and nothing about the others of the family."""
    rows = for_citizen(person.case.number).filter(person_id=None) | for_citizen(person.case.number).filter(
        person_id=person.pk
    )
    rows = list(rows.order_by("-pk"))
    roles = roles_of(rows)
    return [
        dict(zip(("at", "what", "purpose"), citizen_cells(row), strict=True)) | {"role": roles.get(row.user_id, "")}
        for row in rows
    ]


def roles_of(rows: list[AccessRecord]) -> dict[int, str]:
    grants = RoleGrant.objects.filter(user__in={row.user_id for row in rows if row.user_id}).order_by("role")
    found: dict[int, list[str]] = {}
    for user_id, role in grants.values_list("user_id", "role"):
        found.setdefault(user_id, []).append(str(ROLES[role].label) if role in ROLES else role)
    return {user_id: ", ".join(labels) for user_id, labels in found.items()}


def file_name(insight: Insight, ending: str) -> str:
    """Case number and day, never a name or a CPR number."""
    day: datetime = timezone.localtime(insight.released_at)
    return f"indsigt-{insight.person.case.number}-{insight.pk}-{day.date().isoformat()}.{ending}"


def sheet_rows(package: dict) -> list[tuple[str, str, str, str, str]]:
    """Area, what, day, field, value: one row per value, the log last."""
    rows = [
        (section["area"], line["title"], line["day"], value["label"], value["text"])
        for section in package["sections"]
        for line in section["lines"]
        for value in line["rows"]
    ]
    used = _("Brug af oplysninger")
    return rows + [(used, row["what"], row["at"], row["role"], row["purpose"]) for row in package["log"]]


def asked_and_due(insight: Insight) -> str:
    return _("Anmodet %(asked)s, svar senest %(due)s") % {
        "asked": doc_date(insight.asked_on),
        "due": doc_date(insight.step.due_on),
    }
