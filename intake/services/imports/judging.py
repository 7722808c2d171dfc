"""What each row of a list means for the record. Pure: rows and the loaded record in, verdicts out."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.choices import FamilyRole, Sex
from cases.cpr import masked
from cases.fields import blind_index
from cases.formats import doc_date, join_names
from intake.models import ImportRow
from intake.services.imports.headings import FIELDS
from intake.services.imports.known import Known, Record, takes_in
from intake.services.imports.reasons import SENTENCES, Reason
from intake.services.imports.rows import Row, note_missing, stay_dates

Outcome = ImportRow.Outcome
PERSON_FIELDS = (
    "role", "surname", "given_names", "cyrillic_name", "birth_date", "sex", "citizenship", "languages",
    "phone", "email",
)  # fmt: skip
LABELS = {**FIELDS, "expected_on": _("Ventes"), "staying_since": _("Opholder sig her siden")}
ORDER = {code: place for place, code in enumerate(SENTENCES)}
ABOUT_KNOWN = {"in_other_family", "has_left"}


@dataclass(frozen=True, slots=True)
class Change:
    """One field that the list says otherwise than the record. old and new are Danish text, a CPR number is masked."""

    field: str
    old: str
    new: str
    value: Any = None

    @property
    def label(self) -> str:
        return str(LABELS[self.field])


@dataclass(slots=True)
class Verdict:
    row: Row
    outcome: str = ""
    changes: list[Change] = field(default_factory=list)
    known: Known | None = None
    unaccompanied: bool = False
    hidden: set[int] = field(default_factory=set)  # ids of cases out of the reader's sight that the row is about

    @property
    def is_new(self) -> bool:
        return self.outcome in (Outcome.NEW, Outcome.NEW_MEMBER)

    @property
    def reasons(self) -> list[Reason]:
        """In the order of the table. What a known person's row lacks was said when the person came in."""
        found = sorted(self.row.reasons, key=lambda reason: ORDER[reason.code])
        if self.outcome == Outcome.REJECTED:
            return [reason for reason in found if reason.is_error]
        if self.outcome == Outcome.DUPLICATE:
            return [reason for reason in found if reason.code == "duplicate_in_file"]
        if self.outcome == Outcome.KNOWN:
            return [reason for reason in found if reason.code in ABOUT_KNOWN]
        return found


def judge(rows: Sequence[Row], record: Record, *, today: date) -> list[Verdict]:
    """One verdict per row, in the order of the file. Later rows of the same person are duplicates."""
    accepted: dict[str, int] = {}
    numbers = {index: person_id for index, (person_id, _case) in record.holders.items()}
    verdicts = []
    for row in rows:
        if row.udl_nr in accepted:
            row.note("duplicate_in_file", row=accepted[row.udl_nr])
            verdicts.append(Verdict(row, Outcome.DUPLICATE))
            continue
        verdict = _judge(row, record, numbers, today=today)
        if verdict.outcome != Outcome.REJECTED:
            accepted[row.udl_nr] = row.number
        verdicts.append(verdict)
    _mark_families(verdicts, record)
    return verdicts


def _judge(row: Row, record: Record, numbers: dict[str, Any], *, today: date) -> Verdict:
    known = record.people.get(row.udl_nr)
    case = record.families.get(row.family_number)
    if hidden := record.hidden(row):
        row.note("to_clarify")
        return Verdict(row, Outcome.REJECTED, hidden=hidden)
    if not known and case and case.closed_on:
        row.note("case_closed")
    _claim_number(row, known, numbers)
    if row.errors:
        return Verdict(row, Outcome.REJECTED)
    if known:
        return _judge_known(row, known, record, today=today)
    note_missing(row, today=today)
    if record.alike(row):
        row.note("looks_registered")
    _note_elsewhere(row, record, joins=case is not None)
    return Verdict(row, Outcome.NEW_MEMBER if case else Outcome.NEW)


def _note_elsewhere(row: Row, record: Record, *, joins: bool) -> None:
    if cases := record.elsewhere.get(row.family_number):
        code = "joins_known_case" if joins else "apart_from_known_case" if takes_in(cases) else "known_in_other_cases"
        row.note(code, case=join_names([case.number for case in cases]))


def _claim_number(row: Row, known: Known | None, numbers: dict[str, Any]) -> None:
    """A CPR number belongs to one person: in the record by id, further up in the list by Udl.nr."""
    if row.cpr is None:
        return
    index = blind_index(row.cpr.digits)
    holder = numbers.setdefault(index, row.udl_nr)
    if holder not in (row.udl_nr, known.person.pk if known else None):
        row.note("cpr_in_use")


def _judge_known(row: Row, known: Known, record: Record, *, today: date) -> Verdict:
    person = known.person
    if person.case.external_number and person.case.external_number != row.family_number:
        row.note("in_other_family")
    changes = [*_person_changes(row, known), *_stay_changes(row, known, today=today)]
    return Verdict(row, Outcome.CHANGED if changes else Outcome.KNOWN, changes, known)


def _person_changes(row: Row, known: Known) -> Iterable[Change]:
    """An empty cell never erases, capitals make no difference, and a better word for the role stays."""
    for name in PERSON_FIELDS:
        old, new = getattr(known.person, name), getattr(row, name)
        if not new or (
            name == "role" and (not row.role_told or (old == FamilyRole.GRANDPARENT and new == FamilyRole.OTHER))
        ):
            continue
        if _plain(old) != _plain(new):
            yield Change(name, shown(name, old), shown(name, new), new)
    if row.cpr and blind_index(row.cpr.digits) != known.cpr_index:
        yield Change("cpr", "••••••-••••" if known.cpr_index else "", masked(row.cpr.digits), row.cpr.digits)
    if row.remark and row.remark not in known.remarks:
        yield Change("remark", "", str(_("Ny bemærkning, kun til sagsbehandleren")), row.remark)


def _plain(value) -> Any:
    return {word.strip() for word in value.casefold().split(",")} if isinstance(value, str) else value


def _stay_changes(row: Row, known: Known, *, today: date) -> Iterable[Change]:
    stay = known.stay
    if stay is None or stay.left_on:
        if stay and any(day > stay.left_on for day in stay_dates(row, today=today).values()):
            row.note("has_left")
        return
    for name, new in stay_dates(row, today=today).items():
        old = getattr(stay, name)
        if old != new and not (name == "expected_on" and stay.arrived_on):
            yield Change(name, shown(name, old), shown(name, new), new)


def shown(name: str, value) -> str:
    """A value as the page shows it."""
    if isinstance(value, date):
        return doc_date(value)
    if name == "role":
        return str(FamilyRole(value).label) if value else ""
    if name == "sex":
        return str(Sex(value).label) if value else ""
    return value or ""


def _mark_families(verdicts: Sequence[Verdict], record: Record) -> None:
    """Children of a family without an adult are unaccompanied, unless its adult stands in a rejected row."""
    families = defaultdict(list)
    for verdict in verdicts:
        if verdict.row.family_number and verdict.outcome != Outcome.DUPLICATE:
            families[verdict.row.family_number].append(verdict)
    for number, members in families.items():
        case = record.families.get(number)
        if case and case.pk in record.adults:
            continue
        adults = [v for v in members if v.row.is_adult]
        if any(v.outcome != Outcome.REJECTED for v in adults):
            continue
        for verdict in (v for v in members if v.is_new):
            if adults:
                verdict.row.note("adult_rejected", row=adults[0].row.number)
            else:
                verdict.row.note("unaccompanied_minor")
                verdict.unaccompanied = True
