"""Write the accepted rows of a list into the record, in a constant number of statements per thousand rows.

`cases.services` writes one family at a time; a list may hold two thousand. The rules are the same: the name key, the
permit from the letter, one line in the timeline per family.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from cases.choices import CprKind, DataClass, FamilyRole, PermitState
from cases.cpr import REPLACEMENT
from cases.fields import blind_index
from cases.formats import join_names
from cases.models import Case, CaseCounter, CprNumber, Entry, Permit, Person, Stay
from cases.services import change_person, change_stay, record, search_key, set_cpr
from deadlines.models import Step
from intake.models import ImportFamily, ImportRow
from intake.services.imports.judging import PERSON_FIELDS, Verdict
from intake.services.imports.known import REMARK
from intake.services.imports.rows import Row, stay_dates

IMPORTED = "intake.imported"
DAYS_TO_SORT = 7
NAMES_IN_LINE = 8


@dataclass(slots=True)
class Written:
    """Ids of what the import itself wrote in one case, so that the whole import can be undone."""

    entries: list[int] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)
    permits: list[int] = field(default_factory=list)
    cpr: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Job:
    """What all the writing below needs to know, and what it has done.

    cases: by the list's family number. touched and written: by the id of the case.
    """

    source: str
    by: Any
    today: date
    cases: dict[str, Case]
    touched: dict[int, Case] = field(default_factory=dict)
    written: dict[int, Written] = field(default_factory=lambda: defaultdict(Written))

    def note(self, case: Case) -> Written:
        self.touched[case.pk] = case
        return self.written[case.pk]


def take_numbers(year: int, amount: int) -> list[str]:
    """The next case numbers of the year. Its locked row lets imports and registrations in one at a time."""
    CaseCounter.objects.get_or_create(year=year)
    counter = CaseCounter.objects.select_for_update().get(year=year)
    first = counter.last + 1
    counter.last += amount
    counter.save(update_fields=["last"])
    return [f"{year}-{number:04d}" for number in range(first, first + amount)]


def open_cases(job: Job, families: Sequence[ImportFamily], names: Mapping[str, str]) -> None:
    """One case per new family, with its caseworker and that caseworker's team."""
    numbers = take_numbers(job.today.year, len(families))
    cases = [
        Case(
            number=number,
            family_name=names[family.number],
            external_number=family.number,
            external_source=job.source,
            caseworker=family.caseworker,
            team=family.caseworker.team if family.caseworker else job.by.team if job.by else None,
            registered_on=job.today,
            registered_by=job.by,
        )
        for number, family in zip(numbers, families, strict=True)
    ]
    Case.objects.bulk_create(cases)
    job.cases.update({case.external_number: case for case in cases})


def add_people(job: Job, verdicts: Sequence[Verdict]) -> dict[int, Person]:
    """The new people with stay, permit from the letter and CPR number. Row number → person."""
    people = [_person(verdict, job) for verdict in verdicts]
    Person.objects.bulk_create(people, batch_size=500)
    pairs = list(zip((verdict.row for verdict in verdicts), people, strict=True))
    Stay.objects.bulk_create(
        [Stay(person=person, round=1, **stay_dates(row, today=job.today)) for row, person in pairs], batch_size=500
    )
    Permit.objects.bulk_create(
        [_permit(row, person, job.by) for row, person in pairs if row.visitation_on], batch_size=500
    )
    CprNumber.objects.bulk_create([_cpr(row, person, job.today) for row, person in pairs if row.cpr], batch_size=500)
    return {row.number: person for row, person in pairs}


def _person(verdict: Verdict, job: Job) -> Person:
    row = verdict.row
    codes = {reason.code for reason in row.reasons}
    person = Person(
        case=job.cases[row.family_number],
        udl_nr=row.udl_nr,
        unaccompanied_minor=verdict.unaccompanied,
        registered_on=job.today,
        joined_on=job.today if verdict.outcome == ImportRow.Outcome.NEW_MEMBER else None,
        treated_as_adult_from=row.counted_on if "adult_on_arrival" in codes else None,
        **{name: getattr(row, name) for name in PERSON_FIELDS},
    )
    person.search_key = search_key(person)
    return person


def _permit(row: Row, person: Person, by) -> Permit:
    return Permit(
        person=person,
        state=PermitState.GRANTED,
        since=row.visitation_on,
        letter_on=row.visitation_on,
        granted_on=row.visitation_on,
        from_letter=True,
        recorded_by=by,
    )


def _cpr(row: Row, person: Person, today: date) -> CprNumber:
    kind = CprKind.REPLACEMENT if row.cpr.kind == REPLACEMENT else CprKind.ORDINARY
    digits = row.cpr.digits
    return CprNumber(person=person, number=digits, index=blind_index(digits), kind=kind, registered_on=today)


def tell_arrivals(job: Job, verdicts: Sequence[Verdict], people: Mapping[int, Person]) -> None:
    """One line per family: who came in with the list."""
    members = defaultdict(list)
    for verdict in verdicts:
        members[verdict.row.family_number].append(people[verdict.row.number])
    opened = {verdict.row.family_number for verdict in verdicts if verdict.outcome == ImportRow.Outcome.NEW}
    _write_entries(
        job,
        [
            (Entry(case=job.cases[number], kind=IMPORTED, text=_arrival_text(family, is_new=number in opened)), family)
            for number, family in members.items()
        ],
    )


def _arrival_text(people: Sequence[Person], *, is_new: bool) -> str:
    names = [person.short_name for person in people[:NAMES_IN_LINE]]
    more = len(people) - NAMES_IN_LINE
    if more > 0:
        names.append(_("%d til") % more)
    text = _("Registreret fra visiteringslisten: %s") if is_new else _("Nye i familien fra visiteringslisten: %s")
    return (text % join_names(names))[:400]


def tell_remarks(job: Job, remarks: Sequence[tuple[Row, Person]]) -> None:
    """Remarks may hold health: a line for the assigned caseworker only, and one task per case to sort them."""
    heading = _("Bemærkning fra visiteringslisten")
    _write_entries(
        job,
        [
            (Entry(case=person.case, kind=REMARK, data_class=DataClass.HEALTH, text=heading, body=row.remark), [person])
            for row, person in remarks
        ],
    )
    steps = [
        Step(
            case=case,
            title=_("Sortér bemærkning fra visiteringslisten"),
            due_on=job.today + timedelta(days=DAYS_TO_SORT),
            owner_id=case.caseworker_id,
        )
        for case in {person.case_id: person.case for _row, person in remarks}.values()
    ]
    Step.objects.bulk_create(steps, batch_size=500)
    for step in steps:
        job.note(step.case).steps.append(step.pk)


def _write_entries(job: Job, lines: Sequence[tuple[Entry, Sequence[Person]]]) -> None:
    for entry, _people in lines:
        entry.on, entry.author = job.today, job.by
    Entry.objects.bulk_create([entry for entry, _people in lines], batch_size=500)
    through = Entry.people.through
    through.objects.bulk_create(
        [through(entry=entry, person=person) for entry, people in lines for person in people], batch_size=500
    )
    for entry, _people in lines:
        job.note(entry.case).entries.append(entry.pk)


def take_over(job: Job, verdict: Verdict, fields: set[str]) -> dict[str, str | None]:
    """Write the ticked fields of a known person; gives their old values for undoing."""
    person, stay = verdict.known.person, verdict.known.stay
    values = {change.field: change.value for change in verdict.changes if change.field in fields}
    own = {name: value for name, value in values.items() if name in PERSON_FIELDS}
    dates = {name: value for name, value in values.items() if isinstance(value, date) and name not in PERSON_FIELDS}
    old = {name: _stored(getattr(person, name)) for name in own} | {
        name: _stored(getattr(stay, name)) for name in dates
    }
    before = _latest(person)
    if own:
        change_person(person, by=job.by, today=job.today, **own)
    if dates:
        change_stay(stay, by=job.by, today=job.today, **dates)
    if "cpr" in values:
        set_cpr(person, values["cpr"], today=job.today)
        text = _("CPR-nr. registreret for %s") % person.short_name
        record(person.case, area="", kind="cases.cpr_set", text=text, on=job.today, by=job.by, people=[person])
    _note_written(job.note(person.case), person, before)
    return old


def _stored(value) -> str | None:
    return value.isoformat() if isinstance(value, date) else value


def _latest(person: Person) -> tuple[int, int, int]:
    """The newest line, permit and number of a person, to tell afterwards which ones the import wrote."""
    found = (person.entries, person.permits, person.cpr_numbers)
    return tuple(max(rows.values_list("pk", flat=True), default=0) for rows in found)


def _note_written(written: Written, person: Person, before: tuple[int, int, int]) -> None:
    entries, permits, cpr = before
    written.entries += person.entries.filter(pk__gt=entries).values_list("pk", flat=True)
    written.permits += person.permits.filter(pk__gt=permits).values_list("pk", flat=True)
    written.cpr += person.cpr_numbers.filter(pk__gt=cpr).values_list("pk", flat=True)


def family_names(verdicts: Sequence[Verdict]) -> dict[str, str]:
    """The surname by which each new case goes: the main person's, else that of the first adult, else the first."""
    names: dict[str, tuple[int, str]] = {}
    for row in (verdict.row for verdict in verdicts if verdict.is_new):
        rank = 0 if row.role == FamilyRole.MAIN else 1 if row.is_adult else 2
        if row.family_number not in names or rank < names[row.family_number][0]:
            names[row.family_number] = (rank, row.surname or row.given_names)
    return {number: name for number, (_rank, name) in names.items()}
