"""What the record already holds about the people and families of a list, in a constant number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from cases.choices import FamilyRole
from cases.fields import blind_index
from cases.formats import age_on
from cases.models import Case, CprNumber, Entry, Person, Stay
from cases.names import fold
from intake.services.imports.rows import ADULT_AGE, Row

REMARK = "intake.remark"


@dataclass(slots=True)
class Known:
    """A registered person: the stay that counts now, the keyed hash of the CPR number, the remarks already taken in."""

    person: Person
    stay: Stay | None = None
    cpr_index: str = ""
    remarks: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Record:
    """people: by Udl.nr. families: by external number. holders: CPR index → (person id, case id).

    elsewhere: families that no case is known by, but whose members have some, by the list's number. With one open case
    they stand in `families` too, unless they are to have a case of their own.
    visible: ids of cases. unnumbered: birth date → [(folded name, case id)] of those without an Udl.nr.
    """

    people: dict[str, Known]
    families: dict[str, Case]
    elsewhere: dict[str, list[Case]]
    holders: dict[str, tuple[int, int]]
    visible: set[int]
    adults: set[int]
    unnumbered: dict[date, list[tuple[str, int]]]

    def alike(self, row: Row) -> set[int]:
        """Ids of the cases in which somebody without an Udl.nr. has this birth date and name, whatever the spelling."""
        name, same_day = fold(row.full_name), self.unnumbered.get(row.birth_date, ()) if row.birth_date else ()
        return {case_id for known, case_id in same_day if known == name}

    def hidden(self, row: Row) -> set[int]:
        """Ids of the cases that this row is about and the reader may not see."""
        known, case = self.people.get(row.udl_nr), self.families.get(row.family_number)
        about = {known.person.case_id} if known else self.alike(row) | ({case.pk} if case else set())
        if row.cpr and (held := self.holders.get(blind_index(row.cpr.digits))):
            about.add(held[1])
        return about - self.visible


def load(rows: Iterable[Row], *, source: str, user, apart: Collection[str] = ()) -> Record:
    """The part of the record that these rows touch. user None: the command line, which sees all but the protected.

    apart: numbers of families that get a case of their own, though somebody of them has one.
    """
    rows = list(rows)
    people = {
        person.udl_nr: Known(person)
        for person in Person.objects.filter(udl_nr__in={row.udl_nr for row in rows if row.udl_nr}).select_related(
            "case"
        )
    }
    families = {
        case.external_number: case
        for case in Case.objects.filter(
            external_source=source, external_number__in={row.family_number for row in rows if row.family_number}
        )
    }
    _add_details({known.person.pk: known for known in people.values()})
    indexes = {blind_index(row.cpr.digits) for row in rows if row.cpr}
    held = CprNumber.objects.filter(index__in=indexes).values_list("index", "person_id", "person__case_id")
    holders = {index: (person_id, case_id) for index, person_id, case_id in held}
    unnumbered = _unnumbered({row.birth_date for row in rows if row.birth_date})
    case_ids = {case.pk for case in families.values()} | {known.person.case_id for known in people.values()}
    case_ids |= {case_id for _person, case_id in holders.values()}
    case_ids |= {case_id for alike in unnumbered.values() for _name, case_id in alike}
    visible = _visible(case_ids, user)
    elsewhere = _elsewhere([row for row in rows if row.family_number not in families], people, visible)
    families |= {number: cases[0] for number, cases in elsewhere.items() if number not in apart and takes_in(cases)}
    return Record(
        people=people,
        families=families,
        elsewhere=elsewhere,
        holders=holders,
        visible=visible,
        adults=_with_adults({case.pk for case in families.values()}),
        unnumbered=unnumbered,
    )


def _add_details(by_person: dict[int, Known]) -> None:
    for stay in Stay.objects.filter(person__in=by_person).order_by("person_id", "round"):
        by_person[stay.person_id].stay = stay
    for person_id, index in CprNumber.objects.filter(person__in=by_person, replaced_on=None).values_list(
        "person_id", "index"
    ):
        by_person[person_id].cpr_index = index
    remarks = Entry.people.through.objects.filter(person__in=by_person, entry__kind=REMARK)
    for person_id, body in remarks.values_list("person_id", "entry__body"):
        by_person[person_id].remarks.add(body)


def _elsewhere(rows: Iterable[Row], people: dict[str, Known], visible: set[int]) -> dict[str, list[Case]]:
    """Family number → the cases in which its known members are: registered by hand, or under another number."""
    cases = defaultdict(dict)
    for row in rows:
        known = people.get(row.udl_nr) if row.family_number else None
        if known and known.person.case_id in visible:
            cases[row.family_number][known.person.case_id] = known.person.case
    return {number: sorted(found.values(), key=lambda case: case.number) for number, found in cases.items()}


def takes_in(cases: list[Case]) -> bool:
    """One open case can take the others of the family in; of a closed one, or of several, a person must choose."""
    return len(cases) == 1 and not cases[0].closed_on


def _visible(case_ids: set[int], user) -> set[int]:
    """A list from the command line is read by whoever reads its report: protected cases stay out of it."""
    seen = Case.objects.filter(protected=False) if user is None else Case.objects.visible_to(user)
    return set(seen.filter(pk__in=case_ids).values_list("pk", flat=True))


def _with_adults(case_ids: set[int]) -> set[int]:
    """Cases in which an adult is registered: 18 when the stay began, or by role without a birth date."""
    stays = Stay.objects.filter(person__case__in=case_ids).select_related("person")
    return {stay.person.case_id for stay in stays if _was_adult(stay)}


def _was_adult(stay: Stay) -> bool:
    person = stay.person
    began = stay.arrived_on or stay.residence_from or stay.visitation_on or stay.expected_on or person.registered_on
    if person.treated_as_adult_from:
        return True
    if person.birth_date is None:
        return person.role != FamilyRole.CHILD
    return began >= person.birth_date and age_on(person.birth_date, began) >= ADULT_AGE


def _unnumbered(birth_dates: set[date]) -> dict[date, list[tuple[str, int]]]:
    found = defaultdict(list)
    for person in Person.objects.filter(udl_nr=None, birth_date__in=birth_dates):
        found[person.birth_date].append((fold(person.full_name), person.case_id))
    return found
