"""The verbs of the record: the only writers of cases, people, stays and permits.

They write facts and one line of the timeline. Whoever calls them from desk or intake refreshes all rules of the
case afterwards, because these dates start clocks in several areas. Wrong input raises ValidationError with a
Danish sentence that says what to do.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.access import sees_cases
from cases.choices import AskedAbout, CprKind, DataClass, FamilyRole, PermitState
from cases.cpr import CprError, parse_cpr
from cases.fields import blind_index
from cases.formats import doc_date
from cases.models import Annullable, AskedDate, Assignment, Case, CaseCounter, CprNumber, Entry, Permit, Person, Stay
from cases.names import fold
from cases.secrecy import protected_cases

AHEAD = {"expected_on", "responsibility_from"}
STAY_DATES = ("expected_on", "staying_since", "visitation_on", "arrived_on", "residence_from", "responsibility_from")


def record(
    case,
    *,
    area: str,
    kind: str,
    text: str,
    on: date,
    by,
    data_class=DataClass.ORDINARY,
    people=(),
    body="",
    corrects=None,
):
    """Write one finished Danish sentence to the timeline, on its true day, and the change to the log."""
    entry = Entry.objects.create(
        case=case,
        area=area,
        kind=kind,
        text=text,
        on=on,
        author=by,
        data_class=data_class,
        body=body,
        corrects=corrects,
    )
    concerned = list(people)
    if concerned:
        entry.people.set(concerned)
    only = concerned[0].pk if len(concerned) == 1 else None
    audit.log(by, kind, case_number=case.number, person_id=only)
    return entry


def next_number(year: int) -> str:
    """The next case number of the year, e.g. 2026-0147. Call it inside the transaction that creates the case."""
    CaseCounter.objects.get_or_create(year=year)
    counter = CaseCounter.objects.select_for_update().get(year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{year}-{counter.last:04d}"


@transaction.atomic
def open_case(*, family_name: str, today: date, by=None, caseworker=None, team=None, **fields) -> Case:
    """A new case without people. fields: locality, external_number, external_source, esdh_number."""
    team = team or (caseworker and caseworker.team) or (by and by.team)
    return Case.objects.create(
        number=next_number(today.year),
        family_name=family_name,
        caseworker=caseworker,
        team=team,
        registered_on=today,
        registered_by=by,
        **fields,
    )


@transaction.atomic
def add_person(case, *, today: date, dates: dict | None = None, cpr: str = "", **fields) -> Person:
    """A member with the first stay. dates: names of STAY_DATES; a visitation alone also records the permit."""
    check_dates(dates or {}, birth_date=fields.get("birth_date"), today=today)
    person = Person(case=case, registered_on=today, **fields)
    person.search_key = search_key(person)
    person.save()
    stay = Stay.objects.create(person=person, round=1, **(dates or {}))
    if stay.visitation_on:
        grant_from_letter(person, visitation_on=stay.visitation_on)
    if cpr:
        set_cpr(person, cpr, today=today)
    return person


def mark_protected(*case_ids: int) -> None:
    """Bring `Case.protected` in line with the protections; after whatever changes them or moves a person."""
    cases = Case.objects.filter(pk__in=case_ids)
    hidden = protected_cases(cases).values("pk")
    cases.filter(pk__in=hidden, protected=False).update(protected=True)
    cases.exclude(pk__in=hidden).filter(protected=True).update(protected=False)


def grant_from_letter(person, *, visitation_on: date, by=None) -> Permit | None:
    """The letter carries visitation and permit: without a permit of its own it counts as granted that day."""
    if person.permits.filter(annulled_on=None).exists():
        return None
    return Permit.objects.create(
        person=person,
        state=PermitState.GRANTED,
        since=visitation_on,
        letter_on=visitation_on,
        granted_on=visitation_on,
        from_letter=True,
        recorded_by=by,
    )


def move_letter(stay, *, to: date | None, today: date) -> None:
    """The permit that came with the letter follows the letter's day, and falls with it."""
    letters = stay.person.permits.filter(from_letter=True, annulled_on=None, granted_on=stay.visitation_on)
    if to:
        letters.update(since=to, letter_on=to, granted_on=to)
    else:
        letters.update(annulled_on=today)


def search_key(person) -> str:
    """Folded names, Latin and Cyrillic, by which a search tolerates transliteration."""
    return " ".join(filter(None, {fold(person.full_name): None, fold(person.cyrillic_name): None}))[:200]


def check_dates(dates: dict, *, birth_date: date | None, today: date) -> None:
    """Acts don't lie ahead (only responsibility and the expected arrival may) nor before the birth."""
    errors = {}
    for name, day in dates.items():
        if day and day > today and name not in AHEAD:
            errors[name] = _("Datoen %(day)s ligger frem i tiden. Skriv den dag, det skete.") % {"day": doc_date(day)}
        elif day and birth_date and day < birth_date:
            errors[name] = _("Datoen %(day)s ligger før fødselsdatoen.") % {"day": doc_date(day)}
    if birth_date and birth_date > today:
        errors["birth_date"] = _("Fødselsdatoen ligger frem i tiden.")
    if errors:
        raise ValidationError(errors)


CPR_HELD = "cpr_held"  # the code of the refusal of a number that is somebody else's


@transaction.atomic
def set_cpr(person, text: str, *, today: date) -> CprNumber:
    """Record a CPR number; the earlier one (a replacement number) stays in the history.

    ValidationError: no CPR number, or somebody else's (without saying whose).
    """
    try:
        cpr = parse_cpr(text, today=today)
    except CprError as error:
        raise ValidationError({"cpr": error.sentence}) from error
    index = blind_index(cpr.digits)
    held = CprNumber.objects.filter(index=index).first()
    if held and held.person_id != person.pk:
        sentence = _("CPR-nummeret kan ikke bruges her. Kontrollér det, eller spørg din leder.")
        raise ValidationError({"cpr": ValidationError(sentence, code=CPR_HELD)})
    if held:
        return held
    person.cpr_numbers.filter(replaced_on=None).update(replaced_on=today)
    kind = CprKind.REPLACEMENT if cpr.kind == "replacement" else CprKind.ORDINARY
    return CprNumber.objects.create(person=person, number=cpr.digits, index=index, kind=kind, registered_on=today)


@transaction.atomic
def change_person(person, *, by, today: date, **fields) -> list[str]:
    """Change a person's own data; returns the Danish names of what changed. One line, no values of the fields."""
    changed = [name for name, value in fields.items() if getattr(person, name) != value]
    if not changed:
        return []
    check_dates({}, birth_date=fields.get("birth_date"), today=today)
    for name in changed:
        setattr(person, name, fields[name])
    person.search_key = search_key(person)
    person.save(update_fields=[*changed, "search_key"])
    words = [str(Person._meta.get_field(name).verbose_name) for name in changed]
    text = _("Oplysninger rettet for %(name)s: %(what)s") % {"name": person.short_name, "what": ", ".join(words)}
    record(person.case, area="", kind="cases.person_changed", text=text, on=today, by=by, people=[person])
    return words


@transaction.atomic
def change_stay(stay, *, by, today: date, **dates) -> list[str]:
    """Correct the dates of a stay. A first visitation without a permit records the permit from the letter."""
    check_dates(dates, birth_date=stay.person.birth_date, today=today)
    if "visitation_on" in dates and stay.visitation_on != dates["visitation_on"]:
        move_letter(stay, to=dates["visitation_on"], today=today)
    moved = []
    for name, day in dates.items():
        old = getattr(stay, name)
        if old != day:
            setattr(stay, name, day)
            before, after = (doc_date(one) if one else "–" for one in (old, day))
            moved.append(f"{Stay._meta.get_field(name).verbose_name} {before} → {after}")
    if not moved:
        return []
    stay.save(update_fields=list(dates))
    if stay.visitation_on:
        grant_from_letter(stay.person, visitation_on=stay.visitation_on, by=by)
    text = _("Datoer rettet for %(name)s: %(what)s") % {"name": stay.person.short_name, "what": "; ".join(moved)}
    record(stay.person.case, area="", kind="cases.dates_changed", text=text, on=today, by=by, people=[stay.person])
    return moved


@transaction.atomic
def leave(stay, *, on: date, reason: str, by, today: date) -> None:
    """The person leaves the municipality; the open duties of this round fall away on that day."""
    check_dates({"left_on": on}, birth_date=stay.person.birth_date, today=today)
    if stay.arrived_on and on < stay.arrived_on:
        raise ValidationError({"on": _("Datoen ligger før ankomsten.")})
    stay.left_on, stay.left_reason = on, reason
    stay.save(update_fields=["left_on", "left_reason"])
    text = _("%(name)s er fraflyttet: %(why)s") % {
        "name": stay.person.short_name,
        "why": stay.get_left_reason_display(),
    }
    record(stay.person.case, area="", kind="cases.left", text=text, on=on, by=by, people=[stay.person])


@transaction.atomic
def annul_leaving(stay, *, reason: str, by, today: date) -> None:
    stay.left_on, stay.left_reason = None, ""
    stay.save(update_fields=["left_on", "left_reason"])
    text = _("Fraflytning annulleret for %(name)s: %(why)s") % {"name": stay.person.short_name, "why": reason}
    record(stay.person.case, area="", kind="cases.leaving_annulled", text=text, on=today, by=by, people=[stay.person])


@transaction.atomic
def return_home(person, *, by, today: date, **dates) -> Stay:
    """The person is back: a new stay and a second round of everything."""
    last = person.stays.select_for_update().order_by("-round").first()
    if last and last.left_on is None:
        raise ValidationError(_("%(name)s er ikke registreret som fraflyttet.") % {"name": person.short_name})
    check_dates(dates, birth_date=person.birth_date, today=today)
    early = [name for name in ("arrived_on", "residence_from") if last and (dates.get(name) or today) < last.left_on]
    if early:
        raise ValidationError({name: _("Datoen ligger før fraflytningen.") for name in early})
    stay = Stay.objects.create(person=person, round=last.round + 1 if last else 1, **dates)
    if stay.visitation_on:
        grant_from_letter(person, visitation_on=stay.visitation_on, by=by)
    text = _("%(name)s er vendt tilbage") % {"name": person.short_name}
    record(person.case, area="", kind="cases.returned", text=text, on=stay.arrived_on or today, by=by, people=[person])
    return stay


@transaction.atomic
def record_permit(person, *, state: str, since: date, by, today: date, **fields) -> Permit:
    """One more line of the permit history. fields: basis, letter_on, granted_on, valid_until."""
    check_dates({"since": since}, birth_date=person.birth_date, today=today)
    if state == PermitState.GRANTED:
        fields.setdefault("granted_on", since)
    permit = Permit.objects.create(person=person, state=state, since=since, recorded_by=by, **fields)
    text = _("Opholdstilladelse for %(name)s: %(state)s") % {
        "name": person.short_name,
        "state": permit.get_state_display().lower(),
    }
    record(person.case, area="", kind=f"cases.permit_{state}", text=text, on=since, by=by, people=[person])
    return permit


@transaction.atomic
def put_on_case(case, *, user, why: str, by, today: date) -> Assignment:
    """A colleague works with the family from today. ValidationError: no role for cases, or on it already."""
    if not sees_cases(user):
        raise ValidationError({"user": _("%s har ingen rolle, der arbejder med familier.") % user.name})
    Case.objects.select_for_update().get(pk=case.pk)
    if case.assignments.filter(user=user, ends_on=None).exists():
        raise ValidationError({"user": _("%s arbejder allerede med familien.") % user.name})
    row = Assignment.objects.create(case=case, user=user, why=why.strip(), starts_on=today, given_by=by)
    user.read_anew()
    text = _("%(name)s arbejder nu med familien: %(why)s") % {"name": user.name, "why": row.why}
    record(case, area="", kind="cases.colleague_added", text=text[:400], on=today, by=by)
    return row


@transaction.atomic
def take_off_case(row: Assignment, *, by, today: date) -> None:
    """The task is over today; the access follows 14 days later."""
    if row.ends_on:
        raise ValidationError(_("Opgaven er allerede afsluttet."))
    row.ends_on, row.ended_by = today, by
    row.save(update_fields=["ends_on", "ended_by"])
    row.user.read_anew()
    text = _("%s arbejder ikke længere med familien") % row.user.name
    record(row.case, area="", kind="cases.colleague_removed", text=text, on=today, by=by)


@transaction.atomic
def close_case(case, *, on: date, reason: str, by, today: date) -> None:
    if on > today:
        raise ValidationError({"on": _("Datoen ligger frem i tiden.")})
    case.closed_on, case.closing_reason, case.closed_by = on, reason, by
    case.save(update_fields=["closed_on", "closing_reason", "closed_by"])
    text = _("Sagen er afsluttet: %(why)s") % {"why": case.get_closing_reason_display()}
    record(case, area="", kind="cases.closed", text=text, on=on, by=by)


@transaction.atomic
def reopen_case(case, *, reason: str, by, today: date) -> None:
    case.closed_on, case.closing_reason, case.closed_by = None, "", None
    case.save(update_fields=["closed_on", "closing_reason", "closed_by"])
    record(
        case, area="", kind="cases.reopened", text=_("Sagen er genåbnet: %(why)s") % {"why": reason}, on=today, by=by
    )


@transaction.atomic
def ask_for_date(person, *, about: str, whom: str, by, today: date, party=None) -> AskedDate:
    """Somebody has been asked for a missing date; that meets `reception.dates` for this date."""
    asked, _created = AskedDate.objects.update_or_create(
        person=person, about=about, defaults={"whom": whom, "party": party, "asked_on": today, "asked_by": by}
    )
    text = _("Spurgt om %(what)s for %(name)s hos %(whom)s") % {
        "what": AskedAbout(about).label,
        "name": person.short_name,
        "whom": party or whom,
    }
    record(person.case, area="reception", kind="cases.date_asked", text=text, on=today, by=by, people=[person])
    return asked


def missing_dates(person, stay, *, granted: bool, pending: bool, today: date) -> list[str]:
    """The dates whose absence keeps a clock from starting (keys of AskedAbout). A pending permit is not missing."""
    expected_past = stay.expected_on is not None and stay.expected_on < today
    missing = {
        AskedAbout.BIRTH: person.birth_date is None,
        AskedAbout.ARRIVED: stay.arrived_on is None and expected_past,
        AskedAbout.RESIDENCE: stay.residence_from is None and stay.arrived_on is not None,
        AskedAbout.VISITATION: stay.visitation_on is None and granted and not pending,
        AskedAbout.RESPONSIBILITY: stay.responsibility_from is None and stay.visitation_on is not None,
    }
    return [about.value for about, lacks in missing.items() if lacks]


@transaction.atomic
def write_note(
    case, *, kind: str, body: str, on: date, by, data_class=DataClass.ORDINARY, people=(), area="", corrects=None
) -> Entry:
    """kind: note | call | visit. A correction is a new line that points to the old one."""
    heading = {"note": _("Notat"), "call": _("Opkald"), "visit": _("Besøg")}[kind]
    return record(
        case,
        area=area,
        kind=f"note.{kind}",
        text=heading,
        body=body,
        on=on,
        by=by,
        data_class=data_class,
        people=people,
        corrects=corrects,
    )


def annul(row: Annullable, *, reason: str, today: date, by) -> None:
    """Mark an area's fact as wrong. The caller records the line and refreshes its rules."""
    row.annulled_on, row.annulled_by, row.annulled_reason = today, by, reason
    row.save(update_fields=["annulled_on", "annulled_by", "annulled_reason"])


def family_name_of(people: list[dict]) -> str:
    """The surname by which the case goes: that of the main person, else of the first."""
    main = next((p for p in people if p.get("role") == FamilyRole.MAIN), people[0])
    return main.get("surname") or main["given_names"]
