"""The rows of an import as the page shows them: by family, filtered and in pages, in a constant number of queries."""

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Min, Q
from django.utils.translation import gettext_lazy as _

from cases.choices import FamilyRole
from cases.cpr import masked
from cases.formats import doc_date, join_names, plural
from cases.phones import pretty_phone
from intake.models import Import, ImportFamily, ImportRow
from intake.services.imports.judging import LABELS
from intake.services.imports.reasons import reason
from intake.services.imports.rows import read_row

Outcome = ImportRow.Outcome
FAMILIES_PER_PAGE = 50
NEW = Q(outcome__in=[Outcome.NEW, Outcome.NEW_MEMBER])
FILTERS = {
    "nye": (_("Nye"), NEW),
    "aendrede": (_("Ændrede"), Q(outcome=Outcome.CHANGED)),
    "advarsler": (_("Advarsler"), Q(has_warning=True)),
    "fejl": (_("Fejl"), Q(outcome=Outcome.REJECTED)),
    "dubletter": (_("Dubletter"), Q(outcome=Outcome.DUPLICATE)),
    "kendte": (_("Kendte"), Q(outcome=Outcome.KNOWN)),
}
ABOUT_A_KNOWN_CASE = ("joins_known_case", "apart_from_known_case")
TONES = {Outcome.NEW: "done", Outcome.NEW_MEMBER: "done", Outcome.CHANGED: "info", Outcome.REJECTED: "overdue"}


@dataclass(slots=True)
class ShownRow:
    pk: int
    number: int
    name: str
    facts: str
    outcome: str
    tone: str
    reasons: list[str]
    warns: bool
    changes: list[dict[str, Any]]


@dataclass(slots=True)
class ShownFamily:
    number: str
    name: str
    choice: Any = None
    apart: Any = None
    rows: list[ShownRow] = field(default_factory=list)


def counts(found: Import) -> dict[str, int]:
    """Rows per filter, and all of them, in one query."""
    return found.rows.aggregate(
        alle=Count("pk"), **{key: Count("pk", filter=test) for key, (_l, test) in FILTERS.items()}
    )


def pills(chosen: str, *, counted: dict[str, int], path: str) -> list[dict]:
    """The counts are the filters; one that counts nothing is left out."""
    words = [("", _("Alle rækker"), counted["alle"])]
    words += [(key, label, counted[key]) for key, (label, _test) in FILTERS.items() if counted[key]]
    return [
        {
            "url": f"{path}?vis={key}" if key else path,
            "label": label,
            "count": count,
            "pressed": key == chosen,
            "status": "",
        }
        for key, label, count in words
    ]


def page_of(found: Import, chosen: str, number: str | None) -> Page:
    """A page of families that have a row of the chosen kind, in the order of the list."""
    families = (
        found.families.filter(rows__in=_rows(found, chosen)).annotate(first=Min("rows__number")).order_by("first", "pk")
    )
    return Paginator(families, FAMILIES_PER_PAGE).get_page(number)


def _rows(found: Import, chosen: str):
    return found.rows.filter(FILTERS[chosen][1]) if chosen in FILTERS else found.rows.all()


def rows_of(found: Import, chosen: str, page: Page) -> list[ImportRow]:
    """The rows of this page's families; those without a family number stand on the first page."""
    wanted = Q(family__in=[family.pk for family in page])
    if page.number == 1:
        wanted |= Q(family=None)
    return list(_rows(found, chosen).filter(wanted).select_related("person__case").order_by("number"))


def by_family(
    found: Import, families: list[ImportFamily], rows: list[ImportRow], *, form, today: date
) -> list[ShownFamily]:
    """The table of the page, family by family."""
    shown = {family.pk: ShownFamily(family.number, family.name) for family in families}
    for family in families:
        name = f"caseworker_{family.pk}"
        shown[family.pk].choice = form[name] if form and name in form.fields else None
        name = f"apart_{family.pk}"
        shown[family.pk].apart = form[name] if form and name in form.fields else None
    homeless = ShownFamily("", "")
    for row in rows:
        shown.get(row.family_id, homeless).rows.append(show(row, found, today=today))
    return [*([homeless] if homeless.rows else []), *(family for family in shown.values() if family.rows)]


def show(row: ImportRow, found: Import, *, today: date) -> ShownRow:
    """What stands in the file's row, with its reasons in words. A CPR number is masked."""
    read = read_row(row.number, json.loads(row.cells) if row.cells else [], found.fields, today=today)
    facts = [
        str(FamilyRole(read.role).label) if read.role_told else "",
        doc_date(read.birth_date) if read.birth_date else "",
        f"CPR {masked(read.cpr.digits)}" if read.cpr else "",
    ]
    changes = offered_changes(row)
    return ShownRow(
        pk=row.pk,
        number=row.number,
        name=read.full_name or _name_of(row),
        facts=" · ".join(filter(None, facts)),
        outcome=row.get_outcome_display(),
        tone=TONES.get(row.outcome, ""),
        reasons=sentences(row),
        warns=row.has_warning,
        changes=[
            {**change, "label": LABELS[change["field"]], "taken": change["field"] in row.taken} for change in changes
        ],
    )


def _name_of(row: ImportRow) -> str:
    if row.person and not row.person.case.protected:
        return row.person.full_name
    return str(_("Uden navn") if row.cells else _("Oplysningerne er slettet"))


def offered_changes(row: ImportRow) -> list[dict]:
    return [_readable(change) for change in json.loads(row.changes)] if row.changes else []


def _readable(change: dict) -> dict:
    if change["field"] != "phone":
        return change
    return {**change, "old": pretty_phone(change["old"]), "new": pretty_phone(change["new"])}


def sentences(row: ImportRow) -> list[str]:
    return [reason(code, **values).sentence for code, values in json.loads(row.reasons or "[]")]


def offered(rows: list[ImportRow]) -> dict[int, list[str]]:
    """Row id → fields that may be taken over."""
    changed = [row for row in rows if row.outcome == Outcome.CHANGED]
    return {row.pk: [change["field"] for change in offered_changes(row)] for row in changed}


def with_new_people(families: list[ImportFamily], rows: list[ImportRow]) -> list[ImportFamily]:
    """Families that become cases: the others have their caseworker already."""
    new = {row.family_id for row in rows if row.outcome == Outcome.NEW}
    return [family for family in families if family.pk in new]


def joinable(families: list[ImportFamily], rows: list[ImportRow]) -> list[ImportFamily]:
    """Families of which somebody has a case already, so that one may choose."""
    told = {(row.family_id, code) for row in rows for code, _values in json.loads(row.reasons or "[]")}
    return [family for family in families if any((family.pk, code) in told for code in ABOUT_A_KNOWN_CASE)]


def lede(found: Import, counted: dict[str, int]) -> str:
    """One sentence of state: what the list holds."""
    parts = [
        (counted["nye"], _("ny person"), _("nye personer")),
        (counted["aendrede"], _("ændret"), _("ændrede")),
        (counted["kendte"], _("kendt"), _("kendte")),
        (counted["dubletter"], _("dublet"), _("dubletter")),
        (counted["fejl"], _("række med fejl"), _("rækker med fejl")),
    ]
    told = [plural(number, one, many) for number, one, many in parts if number]
    read = _("%(rows)s læst fra %(file)s") % {
        "rows": plural(counted["alle"], _("række"), _("rækker")),
        "file": found.filename,
    }
    return f"{read}: {join_names(told)}." if told else f"{read}."


def families_to_open(found: Import) -> int:
    """How many families of the list get a case of their own."""
    return found.rows.filter(outcome=Outcome.NEW).values("family").distinct().count()


def commit_label(families: int, counted: dict[str, int]) -> str:
    """The button names the act. Empty when nothing can be read in."""
    people = plural(counted["nye"], _("person"), _("personer"))
    if families:
        told = {"families": plural(families, _("familie"), _("familier")), "people": people}
        label = _("Indlæs %(families)s med %(people)s") % told
    elif counted["nye"]:
        label = _("Indlæs %s i kendte familier") % people
    else:
        return str(_("Overfør de valgte ændringer")) if counted["aendrede"] else ""
    return str(_("%s og valgte ændringer")) % label if counted["aendrede"] else label


def result_lede(found: Import) -> str:
    """What the import put into the record."""
    if found.state == Import.State.UNDONE:
        return str(_("Der er ikke længere noget fra listen i systemet."))
    if found.state == Import.State.DISCARDED:
        return str(_("Der er ikke indlæst noget."))
    parts = [
        (found.families_created, _("ny familie"), _("nye familier")),
        (found.persons_created, _("ny person"), _("nye personer")),
        (
            found.rows.filter(outcome=Outcome.CHANGED).exclude(taken=[]).count(),
            _("rettet person"),
            _("rettede personer"),
        ),
    ]
    told = [plural(number, one, many) for number, one, many in parts if number]
    return _("Indlæst: %s.") % join_names(told) if told else str(_("Der var intet nyt at indlæse."))
