"""The verbs on what all areas share: people, their dates, permits, closing, hand-over.

Each writes through cases.services and then refreshes *all* rules of the case, because these dates start clocks in
several areas. `preview` runs the same verbs and takes them back, so that a page can show what would move.
"""

from collections.abc import Callable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access import Permission, can
from cases import services as record_of
from cases.models import Case, Person, Stay
from deadlines import engine
from deadlines.models import Step
from deadlines.services import move_ownership
from desk.areas import all_rules
from desk.services import handing
from desk.services.moves import Move, compare


def refresh_all(case_id: int, *, today: date) -> None:
    engine.refresh([case_id], all_rules(), today=today)


def lock(case: Case) -> None:
    """Hold the case's row until the transaction ends, so that two pages can't write past each other."""
    Case.objects.select_for_update(no_key=True).get(pk=case.pk)


@transaction.atomic
def add_member(case: Case, *, today: date, by, dates: dict, **fields) -> Person:
    """A new member with the first stay; the line says who came."""
    lock(case)
    person = record_of.add_person(case, today=today, dates=dates, **fields)
    text = _("%(name)s er tilføjet familien") % {"name": person.full_name}
    record_of.record(case, area="", kind="cases.member_added", text=text, on=today, by=by, people=[person])
    refresh_all(case.pk, today=today)
    return person


@transaction.atomic
def change_member(person: Person, *, today: date, by, fields: dict, dates: dict) -> None:
    """A person's own data and the dates of the latest stay, in one go."""
    lock(person.case)
    record_of.change_person(person, by=by, today=today, **fields)
    stay = person.stays.order_by("-round").first()
    stay.person = person
    record_of.change_stay(stay, by=by, today=today, **dates)
    refresh_all(person.case_id, today=today)


@transaction.atomic
def set_permit(person: Person, *, today: date, by, **fields) -> None:
    """One more line of the permit history; a refusal opens a same-day task with the complaint terms."""
    lock(person.case)
    permit = record_of.record_permit(person, by=by, today=today, **fields)
    refresh_all(person.case_id, today=today)
    if permit.state == "refused":
        title = _("Vejled %s om klagefrist efter afslag") % person.short_name
        Step.objects.create(
            case=person.case, person=person, area="reception", title=title, due_on=today, owner=person.case.caseworker
        )


@transaction.atomic
def leave(person: Person, *, on: date, reason: str, by, today: date) -> None:
    lock(person.case)
    stay = person.stays.order_by("-round").first()
    stay.person = person
    record_of.leave(stay, on=on, reason=reason, by=by, today=today)
    refresh_all(person.case_id, today=today)


@transaction.atomic
def annul_leaving(person: Person, *, reason: str, by, today: date) -> None:
    lock(person.case)
    stay = person.stays.order_by("-round").first()
    stay.person = person
    record_of.annul_leaving(stay, reason=reason, by=by, today=today)
    refresh_all(person.case_id, today=today)


@transaction.atomic
def return_home(person: Person, *, by, today: date, **dates) -> Stay:
    lock(person.case)
    stay = record_of.return_home(person, by=by, today=today, **dates)
    refresh_all(person.case_id, today=today)
    return stay


@transaction.atomic
def close(case: Case, *, on: date, reason: str, by, today: date) -> None:
    lock(case)
    record_of.close_case(case, on=on, reason=reason, by=by, today=today)
    refresh_all(case.pk, today=today)


@transaction.atomic
def reopen(case: Case, *, reason: str, by, today: date) -> None:
    lock(case)
    record_of.reopen_case(case, reason=reason, by=by, today=today)
    refresh_all(case.pk, today=today)


@transaction.atomic
def ask_for_date(person: Person, *, about: str, whom: str, by, today: date) -> None:
    lock(person.case)
    record_of.ask_for_date(person, about=about, whom=whom, by=by, today=today)
    refresh_all(person.case_id, today=today)


@transaction.atomic
def move_person(person: Person, *, to: Case, by, today: date) -> None:
    """Split or reunion: locks both cases in pk order; the person's steps keep ids, decisions and ledger."""
    source = person.case
    if source.pk == to.pk:
        raise ValidationError(_("Personen er allerede i den sag."))
    list(Case.objects.select_for_update(no_key=True).filter(pk__in=[source.pk, to.pk]).order_by("pk"))
    Step.objects.filter(person=person).update(case=to)
    person.case, person.joined_on = to, today
    person.save(update_fields=["case", "joined_on"])
    was_hidden = source.protected
    record_of.mark_protected(source.pk, to.pk)
    for case in (source, to):
        case.refresh_from_db(fields=["protected"])
    out = _("%(name)s er flyttet til sag %(number)s") % {"name": person.full_name, "number": to.number}
    if to.protected and not source.protected:  # who reads the old case must not learn where the new one is
        out = _("%s hører ikke længere til sagen") % person.full_name
    into = _("%(name)s er flyttet hertil fra sag %(number)s") % {"name": person.full_name, "number": source.number}
    if was_hidden and not to.protected:
        into = _("%s er flyttet hertil") % person.full_name
    record_of.record(source, area="", kind="cases.member_moved", text=out, on=today, by=by)
    record_of.record(to, area="", kind="cases.member_moved", text=into, on=today, by=by, people=[person])
    engine.refresh([source.pk, to.pk], all_rules(), today=today)
    for case in (source, to):
        move_ownership([case.pk], caseworker=case.caseworker)


@transaction.atomic
def hand_over(case: Case, *, to, by, today: date) -> int:
    """Another caseworker: the unassigned steps follow set-based. Returns how many changed owner."""
    if not can(to, Permission.WRITE_CASES):
        raise ValidationError(_("%s kan ikke have sager.") % to.name)
    (held,) = handing.lock([case.pk])  # as it is now: a colleague may have given it to somebody since it was read
    moved = handing.give([held], to=to, by=by, today=today)
    case.caseworker, case.team_id = held.caseworker, held.team_id
    return moved


class _Undo(Exception):
    pass


def preview(case: Case, change: Callable[[], object], *, today: date) -> list[Move]:
    """What `change` would do to the deadlines of the case. Nothing is kept. ValidationError passes through."""
    before = _steps(case)
    after: list[Step] = []
    try:
        with transaction.atomic():
            change()
            after = _steps(case)
            raise _Undo
    except _Undo:
        pass
    return compare(before, after, today=today)


def _steps(case: Case) -> list[Step]:
    return list(case.steps.exclude(rule="").select_related("person"))
