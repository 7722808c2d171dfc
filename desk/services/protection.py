"""The verbs of protection: register, take up again, end by two people; and keeping two people apart.

Protecting somebody hides the whole case from all but the assigned, moves its open steps to the caseworker, and puts
the day of review in the caseworker's own list. The calendar alone never ends anything.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.access import Permission, can
from cases.choices import DataClass
from cases.formats import doc_date
from cases.models import Case, Person
from cases.protection import ApartReason, Ending, KeptApart, Protection, ProtectionKind
from cases.services import mark_protected, record
from deadlines.models import Step
from deadlines.services import move_ownership, own_task

REVIEW = "protection.review"


def lock(case_ids) -> None:
    list(Case.objects.select_for_update(no_key=True).filter(pk__in=case_ids).order_by("pk"))


# --- Protection -------------------------------------------------------------------------------


@transaction.atomic
def protect(
    person: Person,
    *,
    kind: str,
    starts_on: date,
    review_on: date,
    by,
    today: date,
    children_follow: bool = True,
    against: Person | None = None,
    note: str = "",
) -> Protection:
    """Protect one person. ValidationError: protected already, a review day that has passed, against oneself."""
    lock([person.case_id])
    if Protection.objects.standing().filter(person=person).exists():
        raise ValidationError(_("%s er allerede beskyttet.") % person.short_name)
    _check_review(review_on, starts_on=starts_on, today=today)
    if against is not None and against.pk == person.pk:
        raise ValidationError({"against": _("Vælg en anden end personen selv.")})
    row = Protection.objects.create(
        person=person,
        kind=kind,
        children_follow=children_follow or kind == ProtectionKind.SPECIAL,
        against=against,
        starts_on=starts_on,
        review_on=review_on,
        note=note.strip(),
        registered_on=today,
        registered_by=by,
    )
    mark_protected(person.case_id)
    draw_in(person.case, today=today)
    _remind(row, by=by, today=today)
    _write(person, "protected", _("%(what)s registreret for %(name)s"), row, on=starts_on, by=by)
    return row


def _check_review(review_on: date, *, starts_on: date, today: date) -> None:
    if review_on <= max(starts_on, today):
        raise ValidationError({"review_on": _("Vælg en dag, der ligger frem i tiden.")})


def draw_in(case: Case, *, today: date) -> None:
    """What colleagues without access to the case hold of it goes back to the caseworker, so that nothing is lost."""
    case.refresh_from_db(fields=["protected", "caseworker"])
    if case.protected:
        on_it = case.assignments.filter(Q(ends_on=None) | Q(ends_on__gte=today)).values("user")
        lost = Step.objects.filter(case=case, assignee__isnull=False).exclude(assignee__in=on_it)
        lost.update(assignee=None, owner=case.caseworker)
    move_ownership([case.pk], caseworker=case.caseworker)


def _remind(row: Protection, *, by, today: date) -> None:
    """The day of review is a task of one's own, from the first day on: no run has to remember it."""
    title = _("Tag stilling til beskyttelsen af %s") % row.person.short_name
    _tasks(row).update(done_on=today, done_by=by)
    task = own_task(row.person.case, title=title, due_on=row.review_on, by=by, today=today, person=row.person)
    Step.objects.filter(pk=task.pk).update(start_note=REVIEW)


def _tasks(row: Protection):
    return Step.objects.filter(person=row.person_id, rule="", start_note=REVIEW, done_on=None, withdrawn_on=None)


def _write(person: Person, verb: str, text: str, row: Protection, *, on: date, by) -> None:
    text = text % {"what": row.get_kind_display(), "name": person.short_name}
    record(
        person.case,
        area="",
        kind=f"cases.{verb}",
        text=text,
        on=on,
        by=by,
        people=[person],
        data_class=DataClass.LOCATION,
    )


@transaction.atomic
def take_up_again(row: Protection, *, review_on: date, by, today: date) -> None:
    """The protection goes on until it is taken up again; a proposal to end it falls."""
    lock([row.person.case_id])
    row = _standing(row)
    _check_review(review_on, starts_on=row.starts_on, today=today)
    row.review_on = review_on
    _withdraw_proposal(row)
    row.save()
    _remind(row, by=by, today=today)
    text = _("%(what)s for %(name)s fortsætter, tages op igen ") + doc_date(review_on)
    _write(row.person, "protection_goes_on", text, row, on=today, by=by)


def _standing(row):
    """The row as it is now, locked. ValidationError: it has ended meanwhile."""
    found = type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)
    if found.lapsed_on:
        raise ValidationError(_("Det er allerede ophørt."))
    return found


def _withdraw_proposal(row: Ending) -> None:
    row.lapse_proposed_on, row.lapse_proposed_by, row.lapse_reason = None, None, ""


# --- Ending by two ----------------------------------------------------------------------------


@transaction.atomic
def propose_end(row: Ending, *, reason: str, by, today: date) -> None:
    """The first of two. Nothing changes until somebody else has agreed."""
    if not reason.strip():
        raise ValidationError({"reason": _("Skriv hvorfor.")})
    lock(cases_of(row))
    row = _standing(row)
    if row.is_proposed:
        raise ValidationError(_("Ophør er allerede foreslået."))
    row.lapse_proposed_on, row.lapse_proposed_by, row.lapse_reason = today, by, reason.strip()
    row.save()
    _tell(row, "proposed", _("Ophør foreslået for %(what)s, %(name)s. Venter på en anden"), on=today, by=by)


@transaction.atomic
def decide_end(row: Ending, *, agree: bool, by, today: date) -> None:
    """The second of two. ValidationError: the same person, nothing proposed, or no right to be the second."""
    lock(cases_of(row))
    row = _standing(row)
    if not row.is_proposed:
        raise ValidationError(_("Ophør er ikke foreslået."))
    if row.lapse_proposed_by_id == by.pk:
        raise ValidationError(_("En anden end den, der har foreslået det, skal tage stilling."))
    if not can(by, Permission.CONFIRM_EXEMPTION):
        raise ValidationError(_("Du kan ikke tage stilling til det."))
    if not agree:
        _withdraw_proposal(row)
        row.save()
        _tell(row, "refused", _("Ophør afvist: %(what)s for %(name)s fortsætter"), on=today, by=by)
        return
    row.lapsed_on, row.lapsed_by = today, by
    row.save()
    _tell(row, "ended", _("%(what)s er ophørt for %(name)s"), on=today, by=by)
    if isinstance(row, Protection):
        _tasks(row).update(done_on=today, done_by=by)
        mark_protected(row.person.case_id)
        draw_in(row.person.case, today=today)


def cases_of(row: Ending) -> list[int]:
    return [row.person.case_id] if isinstance(row, Protection) else sorted({row.one.case_id, row.other.case_id})


def _tell(row: Ending, verb: str, text: str, *, on: date, by) -> None:
    if isinstance(row, Protection):
        _write(row.person, f"protection_{verb}", text, row, on=on, by=by)
    else:
        _write_apart(row, verb, text, on=on, by=by)


# --- Holdes adskilt ---------------------------------------------------------------------------


@transaction.atomic
def keep_apart(one: Person, other: Person, *, reason: str, by, today: date) -> KeptApart:
    """These two must not meet. One line in the case of each; neither names the other or says where they are."""
    if one.pk == other.pk:
        raise ValidationError({"other": _("Vælg en anden end personen selv.")})
    first, second = sorted((one, other), key=lambda person: person.pk)
    lock({first.case_id, second.case_id})
    if KeptApart.objects.standing().filter(one=first, other=second).exists():
        raise ValidationError(_("De to holdes allerede adskilt."))
    row = KeptApart.objects.create(
        one=first, other=second, reason=ApartReason(reason), registered_on=today, registered_by=by
    )
    _write_apart(row, "registered", _("%(what)s: registreret for %(name)s"), on=today, by=by)
    return row


def _write_apart(row: KeptApart, verb: str, text: str, *, on: date, by) -> None:
    """In the class of violence: nobody but the assigned learns even that there is such a relation."""
    for person in (row.one, row.other):
        record(
            person.case,
            area="",
            kind=f"cases.apart_{verb}",
            text=text % {"what": _("Holdes adskilt"), "name": person.short_name},
            on=on,
            by=by,
            people=[person],
            data_class=DataClass.VIOLENCE,
        )


# --- What a manager decides without seeing the case -------------------------------------------


def led_by(user, team: str):
    """Rows of the unit that this user leads, or of none."""
    return Q(**{team: user.team_id}) | Q(**{team: None})


def unassigned(user):
    """Protected open cases of the unit that nobody answers for; only the number may be shown."""
    lone = Q(caseworker=None) | Q(caseworker__is_active=False)
    cases = Case.objects.open().filter(lone, led_by(user, "team"), protected=True)
    return cases.order_by("number")


def to_decide(user):
    """Proposals of others to end a protection in the unit; number, kind and reason, never who."""
    rows = Protection.objects.standing().filter(led_by(user, "person__case__team"), lapse_proposed_on__isnull=False)
    rows = rows.exclude(lapse_proposed_by=user).select_related("lapse_proposed_by", "person__case")
    return rows.annotate(number=F("person__case__number")).order_by("number", "pk")
