"""A list is received: stored as a preview, its columns and caseworkers chosen. Nothing is in the record yet."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from cases.choices import FamilyRole
from intake.models import Import, ImportFamily, ImportRow, LearnedHeading
from intake.services.imports import headings
from intake.services.imports.assessing import OpenedList, assess, open_list
from intake.services.imports.files import FileRefused
from intake.services.imports.judging import Verdict

State = Import.State
CASEWORKER = "caseworker"
KEPT = timedelta(days=30)
CPR_LIKE = re.compile(r"\d{6}[- ]?\d{4}|\b\d{9}\b")


def caseworkers() -> list[User]:
    """Those a family can be given to."""
    return list(User.objects.filter(is_active=True, grants__role=CASEWORKER).order_by("first_name", "last_name", "pk"))


@transaction.atomic
def receive(data: bytes, *, filename: str, source: str, by, today: date) -> Import:
    """Store a list as a preview, or for the choice of columns. Raises FileRefused.

    The same file sent twice by the same user before it is indexed is one preview, not two.
    """
    forget_old(today=today)
    fingerprint = hashlib.sha256(data).hexdigest()
    waiting = Import.objects.filter(
        fingerprint=fingerprint, source=source, created_by=by, state__in=[State.MAPPING, State.PREVIEW]
    ).first()
    if waiting:
        assess_again(waiting, by=by, today=today)
        return waiting
    opened = open_list(data, filename=filename, source=source)
    found = Import.objects.create(
        filename=filename[:200],
        fingerprint=fingerprint,
        source=source,
        sheet=opened.sheet[:60],
        line=opened.columns.line,
        headings=opened.columns.headings,
        columns={str(index): name for index, name in opened.columns.fields.items()},
        state=State.PREVIEW if _is_clear(opened) else State.MAPPING,
        created_by=by,
    )
    ImportRow.objects.bulk_create(
        ImportRow(source_import=found, number=number, cells=json.dumps(cells, ensure_ascii=False))
        for number, cells in opened.lines
    )
    audit.log(by, "import.received", detail=f"{found.pk}: {len(opened.lines)} rækker")
    assess_again(found, by=by, today=today)
    return found


def forget_old(*, today: date) -> None:
    """Previews that nobody went on with are thrown away after a month: they hold the data of people."""
    old = Import.objects.filter(state__in=[State.MAPPING, State.PREVIEW], created_at__date__lt=today - KEPT)
    ids = list(old.values_list("pk", flat=True))
    ImportRow.objects.filter(source_import__in=ids).delete()
    ImportFamily.objects.filter(source_import__in=ids).delete()
    Import.objects.filter(pk__in=ids).update(state=State.DISCARDED, closed_at=timezone.now())


def _is_clear(opened: OpenedList) -> bool:
    return opened.columns.complete and not opened.columns.unknown


def unread(found: Import) -> list[str]:
    """Headings of the columns that are left out."""
    return [heading for index, heading in enumerate(found.headings) if heading and index not in found.fields]


def samples(found: Import, amount: int = 3) -> dict[int, str]:
    """Column index → a few texts of the columns nobody knows, short and without CPR numbers."""
    shown = {index: [] for index, heading in enumerate(found.headings) if heading and index not in found.fields}
    for _number, cells in lines_of(found)[:50]:
        for index, texts in shown.items():
            text = cells[index] if index < len(cells) else ""
            if text and text not in texts and len(texts) < amount:
                texts.append(text)
    return {
        index: ", ".join(CPR_LIKE.sub("••••••-••••", text)[:30] for text in texts) for index, texts in shown.items()
    }


def earlier_copy(found: Import) -> Import | None:
    """The same file, read in before."""
    same = Import.objects.filter(fingerprint=found.fingerprint, source=found.source, state=State.DONE)
    return same.exclude(pk=found.pk).first()


def leave_out_unknown(found: Import) -> Import:
    """Go on without the columns nobody knows, as the command line does. Raises FileRefused (headings_missing)."""
    if not headings.is_complete(set(found.fields.values())):
        raise FileRefused("headings_missing")
    found.state = State.PREVIEW
    found.save(update_fields=["state"])
    return found


def lines_of(found: Import) -> list[tuple[int, list[str]]]:
    return [(row.number, json.loads(row.cells)) for row in found.rows.all()]


def assess_again(found: Import, *, by, today: date) -> list[Verdict]:
    """Compare the preview with the record as it is now; choices already made stay where they still fit."""
    if found.state != State.PREVIEW:
        return []
    verdicts = assess(
        lines_of(found), found.fields, source=found.source, user=by, today=today, apart=numbers_apart(found)
    )
    families = _store_families(found, verdicts, by=by)
    rows = list(found.rows.all())
    for row, verdict in zip(rows, verdicts, strict=True):
        row.family_id = families.get(verdict.row.family_number)
        row.outcome = verdict.outcome
        row.person = verdict.known.person if verdict.known else None
        row.has_warning = verdict.outcome not in (ImportRow.Outcome.DUPLICATE, ImportRow.Outcome.REJECTED) and bool(
            verdict.reasons
        )
        row.reasons = json.dumps([[r.code, {k: str(v) for k, v in r.values}] for r in verdict.reasons])
        shown, offered = row.changes, [_without_value(change) for change in verdict.changes]
        row.changes = json.dumps(offered, ensure_ascii=False)
        row.taken = still_valid(row.taken, json.loads(shown or "[]"), offered)
    ImportRow.objects.write(rows, ["family", "outcome", "person", "has_warning", "reasons", "changes", "taken"])
    return verdicts


def numbers_apart(found: Import) -> set[str]:
    """Families for which a case of their own was chosen, though one of them has a case."""
    return set(found.families.filter(apart=True).values_list("number", flat=True))


def still_valid(taken: Sequence[str], shown: Sequence[dict], offered: Sequence[dict]) -> list[str]:
    """Ticks hold for what was on the screen: a field that the record has changed meanwhile must be looked at again."""
    return [change["field"] for change in offered if change["field"] in taken and change in shown]


def _without_value(change) -> dict:
    return {name: value for name, value in asdict(change).items() if name != "value"}


def _store_families(found: Import, verdicts: Sequence[Verdict], *, by) -> dict[str, int]:
    """One row per family number; a caseworker who receives a list is suggested for its families."""
    names: dict[str, str] = {}
    for verdict in verdicts:
        row = verdict.row
        if row.family_number and (row.family_number not in names or row.role == FamilyRole.MAIN):
            names[row.family_number] = row.surname or row.given_names
    held = {family.number: family.pk for family in found.families.all()}
    suggested = by if by and CASEWORKER in by.role_keys else None
    created = ImportFamily.objects.bulk_create(
        ImportFamily(source_import=found, number=number, name=name, caseworker=suggested)
        for number, name in names.items()
        if number not in held
    )
    return held | {family.number: family.pk for family in created}


def locked(found: Import) -> Import:
    return Import.objects.select_for_update().get(pk=found.pk)


@transaction.atomic
def choose_columns(found: Import, columns: Mapping[int, str], *, by, today: date) -> Import:
    """Say what each column holds ("" = leave out); the source's words are remembered. ValidationError: incomplete."""
    found = locked(found)
    if found.state not in (State.MAPPING, State.PREVIEW):
        raise ValidationError(_("Listen er allerede indlæst eller kasseret."))
    fields = {index: name for index, name in columns.items() if name and 0 <= index < len(found.headings)}
    if len(set(fields.values())) < len(fields):
        raise ValidationError(_("Den samme oplysning er valgt for to kolonner. Vælg én af dem."))
    held = set(fields.values())
    if not headings.is_complete(held):
        raise ValidationError(_("Vælg, hvilke kolonner der holder Familienr., Udl.nr. og navn."))
    for index, name in columns.items():
        key = headings.key_of(found.headings[index]) if 0 <= index < len(found.headings) else ""
        if key:
            LearnedHeading.objects.update_or_create(source=found.source, key=key, defaults={"field": name})
    found.columns = {str(index): name for index, name in fields.items()}
    found.state = State.PREVIEW
    found.save(update_fields=["columns", "state"])
    assess_again(found, by=by, today=today)
    return found


@transaction.atomic
def choose(
    found: Import,
    *,
    caseworkers: Mapping[int, int | None],
    taken: Mapping[int, Iterable[str]],
    apart: Mapping[int, bool],
    by,
    today: date,
) -> bool:
    """Keep what was chosen in the preview: caseworker by family id, fields to take over by row id, and which families
    get a case of their own, by id. True when the rows were judged anew for it.
    """
    found = locked(found)
    if found.state != State.PREVIEW:
        raise ValidationError(_("Listen er allerede indlæst eller kasseret."))
    families = list(found.families.filter(pk__in=caseworkers))
    for family in families:
        family.caseworker_id = caseworkers[family.pk]
    ImportFamily.objects.write(families, ["caseworker"])
    rows = list(found.rows.filter(pk__in=taken))
    for row in rows:
        offered = {change["field"] for change in json.loads(row.changes or "[]")}
        row.taken = sorted(offered.intersection(taken[row.pk]))
    ImportRow.objects.write(rows, ["taken"])
    turned = [family for family in found.families.filter(pk__in=apart) if family.apart != apart[family.pk]]
    for family in turned:
        family.apart = apart[family.pk]
    ImportFamily.objects.write(turned, ["apart"])
    if turned:
        assess_again(found, by=by, today=today)
    return bool(turned)


@transaction.atomic
def choose_for_all(found: Import, *, caseworker) -> None:
    found = locked(found)
    if found.state == State.PREVIEW:
        found.families.update(caseworker=caseworker)


@transaction.atomic
def discard(found: Import, *, by) -> None:
    """Throw a preview away; its rows are deleted."""
    found = locked(found)
    if found.state not in (State.MAPPING, State.PREVIEW):
        raise ValidationError(_("Listen er allerede indlæst eller kasseret."))
    found.rows.all().delete()
    found.families.all().delete()
    found.state, found.closed_at, found.closed_by = State.DISCARDED, timezone.now(), by
    found.save(update_fields=["state", "closed_at", "closed_by"])
    audit.log(by, "import.discarded", detail=str(found.pk))
