"""The one transaction in which a previewed list enters the record, and all its deadlines with it."""

import json
from dataclasses import asdict
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from cases.models import CaseCounter, Person
from deadlines.engine import refresh
from deadlines.telling import REJECTED_ROWS
from desk.areas import all_rules
from desk.services.doubts import ask_the_assigned, subject_of
from desk.services.reminders import remind_managers, settle
from intake.models import Import, ImportFamily, ImportRow
from intake.services.imports import known, writing
from intake.services.imports.assessing import new_families
from intake.services.imports.judging import Verdict
from intake.services.imports.receiving import assess_again, locked, numbers_apart
from intake.services.imports.rows import Row

State, Outcome = Import.State, ImportRow.Outcome
# Rejected rows that nobody has dealt with by then are the manager's business.
PATIENCE = timedelta(days=3)


@transaction.atomic
def commit(found: Import, *, by, today: date) -> list[Verdict]:
    """Write the accepted rows and the ticked changes, then refresh the families' deadlines once.

    The rows are judged again under lock: what was registered since the preview is known, not doubled. Returns the
    verdicts that were acted on; a second call for the same list does nothing and returns none.
    ValidationError: the list was discarded, undone or lacks its columns.
    """
    found = locked(found)
    if found.state == State.DONE:
        return []
    if found.state != State.PREVIEW:
        raise ValidationError(_("Listen kan ikke indlæses. Vælg filen igen."))
    _one_at_a_time(today)
    verdicts = assess_again(found, by=by, today=today)
    job = _write(found, verdicts, by=by, today=today)
    refresh(job.touched, all_rules(), today=today)
    audit.log(
        by,
        "import.committed",
        detail=f"{found.pk}: {found.families_created} familier, {found.persons_created} personer",
    )
    return verdicts


def _one_at_a_time(today: date) -> None:
    """Two lists with the same family wait for each other here, so the later one finds it known."""
    CaseCounter.objects.get_or_create(year=today.year)
    CaseCounter.objects.select_for_update().get(year=today.year)


def _write(found: Import, verdicts: list[Verdict], *, by, today: date) -> writing.Job:
    families = {family.number: family for family in found.families.select_related("caseworker__team")}
    rows = {row.number: row for row in found.rows.all()}
    new = [verdict for verdict in verdicts if verdict.is_new]
    listed = [verdict.row for verdict in verdicts]
    record = known.load(listed, source=found.source, user=by, apart=numbers_apart(found))
    job = writing.Job(found.source, by, today, cases=dict(record.families))
    opened = new_families(verdicts)
    writing.open_cases(job, [families[number] for number in opened], writing.family_names(verdicts))
    people = writing.add_people(job, new)
    writing.tell_arrivals(job, new, people)
    remarks = [(verdict.row, people[verdict.row.number]) for verdict in new if verdict.row.remark]
    writing.tell_remarks(job, [*remarks, *_take_over(job, verdicts, rows)])
    _remember_rows(rows, verdicts, people)
    if any(row.outcome == Outcome.REJECTED for row in rows.values()):
        remind_managers(rejected_subject(found), on=today + PATIENCE)
    if hidden := set().union(*(verdict.hidden for verdict in verdicts)):
        remind_managers(subject_of(found), on=today)
        ask_the_assigned(hidden, by=by, today=today)
    _remember_families(found, job, families, {job.cases[number].pk for number in opened})
    found.state, found.committed_at, found.committed_by = State.DONE, timezone.now(), by
    found.families_created, found.persons_created = len(opened), len(people)
    found.save(update_fields=["state", "committed_at", "committed_by", "families_created", "persons_created"])
    return job


def _take_over(job: writing.Job, verdicts: list[Verdict], rows: dict[int, ImportRow]) -> list[tuple[Row, Person]]:
    """Write the ticked changes; gives the remarks among them, which land like those of new people."""
    remarks = []
    for verdict in verdicts:
        row = rows[verdict.row.number]
        row.changes = ""
        fields = set(row.taken) if verdict.outcome == Outcome.CHANGED else set()
        if fields - {"remark"}:
            row.changes = json.dumps({"before": writing.take_over(job, verdict, fields)}, ensure_ascii=False)
        if "remark" in fields:
            remarks.append((verdict.row, verdict.known.person))
    return remarks


def _remember_rows(rows: dict[int, ImportRow], verdicts: list[Verdict], people: dict[int, Person]) -> None:
    """Who came of each row, or stood there before; the text is kept of rejected rows only."""
    by_udl_nr: dict[str, Person] = {}
    for verdict in verdicts:
        row = rows[verdict.row.number]
        row.person = people.get(row.number, row.person)
        if row.person:
            by_udl_nr[verdict.row.udl_nr] = row.person
        if row.outcome == Outcome.DUPLICATE:
            row.person = by_udl_nr.get(verdict.row.udl_nr)
        if row.outcome != Outcome.REJECTED:
            row.cells = ""
    ImportRow.objects.write(rows.values(), ["person", "cells", "changes"])


def _remember_families(found: Import, job: writing.Job, families: dict[str, ImportFamily], opened: set[int]) -> None:
    """What was written in which case. A known person may turn out to live in a case that the list doesn't name."""
    numbers = {case.pk: number for number, case in job.cases.items()}
    for case in job.touched.values():
        number = numbers.get(case.pk, case.number)
        if number not in families:
            families[number] = ImportFamily.objects.create(source_import=found, number=number, name=case.family_name)
        family = families[number]
        family.case, family.created, family.written = case, case.pk in opened, asdict(job.written[case.pk])
    ImportFamily.objects.write(families.values(), ["case", "created", "written"])


def rejected_subject(found: Import) -> str:
    return f"{REJECTED_ROWS}:{found.pk}"


@transaction.atomic
def settle_rejected(found: Import, *, by) -> None:
    """The rejected rows have been dealt with: their text is deleted, and no manager hears of them."""
    found = locked(found)
    if found.state != State.DONE or found.closed_at:
        return
    rejected = list(found.rows.filter(outcome=Outcome.REJECTED))
    for row in rejected:
        row.cells = ""
    ImportRow.objects.write(rejected, ["cells"])
    found.closed_at, found.closed_by = timezone.now(), by
    found.save(update_fields=["closed_at", "closed_by"])
    settle(rejected_subject(found))
    settle(subject_of(found))
    audit.log(by, "import.settled", detail=str(found.pk))
