"""From a file to a report, without writing anything: the same way for the page and for the command line."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from intake.models import ImportRow, LearnedHeading
from intake.services.imports import headings, known
from intake.services.imports.files import FileRefused, read_sheets
from intake.services.imports.headings import Columns
from intake.services.imports.judging import Verdict, judge
from intake.services.imports.rows import read_row
from intake.services.imports.sheet_reader import MAX_ROWS

Outcome = ImportRow.Outcome
SOURCE = "Udlændingestyrelsen"


@dataclass(frozen=True, slots=True)
class OpenedList:
    """A list with its headings found. lines: (row number in the file, cells) of the rows below the headings."""

    sheet: str
    columns: Columns
    lines: list[tuple[int, list[str]]]


def learned(source: str) -> dict[str, str]:
    return dict(LearnedHeading.objects.filter(source=source).values_list("key", "field"))


def open_list(data: bytes, *, filename: str, source: str) -> OpenedList:
    """Read a file and find its headings. Raises FileRefused with a Danish sentence."""
    sheet, columns = headings.find(read_sheets(data, filename=filename), learned(source))
    lines = headings.lines_below(sheet, columns)
    if not lines:
        raise FileRefused("empty")
    if len(lines) > MAX_ROWS:
        raise FileRefused("too_many_rows")
    for index in headings.without_data(columns, lines):
        del columns.unknown[index]
    return OpenedList(sheet.name, columns, lines)


def assess(
    lines: Sequence[tuple[int, Sequence[str]]],
    fields: Mapping[int, str],
    *,
    source: str,
    user,
    today: date,
    apart: Collection[str] = (),
) -> list[Verdict]:
    """What every row means for the record as it is now. user None sees every case (the command line).

    apart: see `known.load`.
    """
    rows = [read_row(number, cells, fields, today=today) for number, cells in lines]
    return judge(rows, known.load(rows, source=source, user=user, apart=apart), today=today)


def new_families(verdicts: Sequence[Verdict]) -> list[str]:
    """Family numbers that become cases, in the order of the list."""
    return list(dict.fromkeys(verdict.row.family_number for verdict in verdicts if verdict.outcome == Outcome.NEW))


def report(verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """The report of design §6. Row numbers are the file's own; codes are stable, `sentences` says them in Danish."""

    def codes(verdict: Verdict) -> list[str]:
        return [reason.code for reason in verdict.reasons]

    def with_outcome(outcome: str) -> list[Verdict]:
        return [verdict for verdict in verdicts if verdict.outcome == outcome]

    spoken = [verdict for verdict in verdicts if verdict.reasons]
    return {
        "families_created": new_families(verdicts),
        "persons_created": sum(verdict.is_new for verdict in verdicts),
        "known": [verdict.row.number for verdict in with_outcome(Outcome.KNOWN)],
        "changed": {
            str(verdict.row.number): [
                {"field": change.field, "old": change.old, "new": change.new} for change in verdict.changes
            ]
            for verdict in with_outcome(Outcome.CHANGED)
        },
        "duplicates": {str(verdict.row.number): codes(verdict) for verdict in with_outcome(Outcome.DUPLICATE)},
        "rejected_rows": {str(verdict.row.number): codes(verdict) for verdict in with_outcome(Outcome.REJECTED)},
        "warnings": {
            str(verdict.row.number): codes(verdict)
            for verdict in spoken
            if verdict.outcome not in (Outcome.DUPLICATE, Outcome.REJECTED)
        },
        "sentences": {str(verdict.row.number): [reason.sentence for reason in verdict.reasons] for verdict in spoken},
    }
