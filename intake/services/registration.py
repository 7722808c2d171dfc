"""Take one family in: one transaction from the form to every deadline with its reason."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from cases.choices import FamilyRole
from cases.formats import join_names, plural, weekday_date, weekday_date_year
from cases.models import Case, Person
from cases.names import fold, similar
from cases.services import add_person, family_name_of, open_case, record
from deadlines import engine
from deadlines.calendar import add, is_working_day, last_working_day
from deadlines.models import Kind, Step
from deadlines.rules import WAITS
from desk.areas import all_rules, rule_of
from desk.models import FormKey
from desk.services.doubts import ask_the_assigned, subject_of
from desk.services.reminders import remind_managers

TAKEOVER_WORKING_DAYS = 15  # integrationsloven: from visitation to taking over, since 1 April 2024


@dataclass(frozen=True, slots=True)
class Likeness:
    """A person who may be registered already."""

    name: str
    case_number: str
    case_title: str
    url: str
    registered_on: date


@transaction.atomic
def register_family(
    *, members: list[dict], by, today: date, caseworker=None, locality=None, form_key: str = ""
) -> tuple[Case, bool]:
    """(case, is_new). members: Person fields, plus `dates` (names of cases.services.STAY_DATES) and `cpr`.

    A second submit with the same form_key gets the first one's case. ValidationError: a date that can't be.
    """
    if form_key and (earlier := _taken(form_key, by)):
        return earlier, False
    case = open_case(family_name=family_name_of(members), today=today, by=by, caseworker=caseworker, locality=locality)
    for member in as_household(members, today=today):
        add_person(case, today=today, **member)
    count = plural(len(members), _("person"), _("personer"))
    record(case, area="", kind="cases.registered", text=_("Familien registreret med %s") % count, on=today, by=by)
    engine.refresh([case.pk], all_rules(), today=today)
    if form_key:
        FormKey.objects.filter(key=form_key).update(result_url=case.number)
        _tell_of_hidden(case, members, by=by, today=today)
    return case, True


def _tell_of_hidden(case: Case, members: list[dict], *, by, today: date) -> None:
    """Somebody alike in a case that the registering user does not see is for the manager and the assigned to settle."""
    others = Case.objects.exclude(pk=case.pk).exclude(pk__in=Case.objects.visible_to(by).values("pk"))
    if hidden := {person.case_id for person in _alike(members, others)}:
        remind_managers(subject_of(case), on=today)
        ask_the_assigned(hidden, by=by, today=today)


def made_with(form_key: str, by) -> Case | None:
    """The family that an earlier submit of this form has made: it is no double of itself."""
    earlier = FormKey.objects.filter(key=form_key, user=by).exclude(result_url="").values("result_url")
    return Case.objects.visible_to(by).filter(number__in=earlier).first()


def _taken(form_key: str, by) -> Case | None:
    """Claim the key: the unique row makes a simultaneous second submit wait for the first and find its case."""
    _claimed, is_new = FormKey.objects.get_or_create(key=form_key, defaults={"user": by})
    return None if is_new else made_with(form_key, by)


def as_household(members: list[dict], *, today: date) -> list[dict]:
    """The first adult is the main person; children without any adult are unaccompanied."""
    roles = [member.get("role") for member in members]
    alone = all(role == FamilyRole.CHILD for role in roles)
    return [{**member, "unaccompanied_minor": alone and member.get("role") == FamilyRole.CHILD} for member in members]


def likenesses(members: list[dict], user) -> list[Likeness]:
    """Registered people of visible cases who may be the same."""
    return [_likeness(person) for person in _alike(members, Case.objects.visible_to(user))][:5]


def _alike(members: list[dict], cases) -> list[Person]:
    """People of these cases with like names and no differing birth dates. One query, at most 200 looked at."""
    named = [m for m in members if m.get("given_names")]
    if not named:
        return []
    asked = Q(pk__in=[])
    for member in named:
        words = fold(f"{member['given_names']} {member.get('surname', '')}").split()
        if words:
            asked |= Q(search_key__contains=words[0])
        if surname := fold(member.get("surname") or ""):
            asked |= Q(search_key__contains=surname, birth_date=member.get("birth_date"))
    known = Person.objects.filter(asked, case__in=cases).select_related("case").order_by("-pk")[:200]
    return [person for person in known if any(_may_be(person, member) for member in named)]


def _may_be(person: Person, member: dict) -> bool:
    same_day = person.birth_date is None or member.get("birth_date") in (None, person.birth_date)
    name = f"{member['given_names']} {member.get('surname', '')}"
    return same_day and similar(person.full_name, name) and len(name.split()) > 1


def _likeness(person: Person) -> Likeness:
    case = person.case
    return Likeness(person.full_name, case.number, case.title, case.get_absolute_url(), case.registered_on)


class _Undo(Exception):
    pass


def preview(*, members: list[dict], by, today: date) -> list[Step]:
    """The steps that registering would create, by the very verb that saves; nothing is kept."""
    steps: list[Step] = []
    try:
        with transaction.atomic():
            case, _new = register_family(members=members, by=by, today=today)
            steps = list(case.steps.select_related("person", "rule_set").order_by("due_on", "pk"))
            raise _Undo
    except _Undo:
        return steps


def live(steps: list[Step], *, today: date) -> dict:
    """For components/live_deadlines_body.html: "Frister" by date and "Venter på en dato" by the missing date."""
    dated = [step for step in steps if step.due_on and step.kind != Kind.WATCH]
    waiting = [step for step in steps if step.due_on is None and step.waits_for]
    days = [_day(day, [s for s in dated if s.due_on == day], today) for day in sorted({s.due_on for s in dated})]
    missing = [
        {"title": str(WAITS.get(name, name)).capitalize(), "lines": _lines([s for s in waiting if s.waits_for == name])}
        for name in dict.fromkeys(step.waits_for for step in waiting)
    ]
    text = _("%(dated)d med dato, %(waiting)d venter på en dato") % {"dated": len(dated), "waiting": len(waiting)}
    return {
        "text": text if steps else _("Skriv mindst ét fornavn."),
        "days": days,
        "missing": missing,
        "foot": _foot(dated),
    }


def _day(day: date, steps: list[Step], today: date) -> dict:
    note = "" if is_working_day(day) else _("sidste hverdag er %s") % weekday_date(last_working_day(day))
    tag = _("i dag") if day == today else _("passeret") if day < today else ""
    return {"date": weekday_date(day), "tag": tag, "note": note, "lines": _lines(steps)}


def _lines(steps: list[Step]) -> list[dict]:
    """One line per duty, its people joined."""
    names: dict[str, list[str]] = {}
    for step in steps:
        rule = rule_of(step)
        who = names.setdefault(str(rule.noun) if rule else step.title, [])
        who.append(step.person.short_name if step.person else _("familien"))
    return [{"title": title, "who": join_names(who)} for title, who in names.items()]


def _foot(dated: list[Step]) -> str:
    sets = {step.rule_set for step in dated if step.rule_set}
    parts = [
        _("Regelsæt %(number)d, gælder fra %(day)s.") % {"number": s.number, "day": weekday_date_year(s.valid_from)}
        for s in sorted(sets, key=lambda s: s.number)
    ]
    return " ".join(parts)


def suggested_responsibility(visitation_on: date | None) -> date | None:
    """The last day for taking over: 15 working days after the visitation (integrationsloven, since 2024)."""
    return add(visitation_on, TAKEOVER_WORKING_DAYS, "working_days") if visitation_on else None
