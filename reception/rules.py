"""Reception: Min plan, contract, missing dates, the check-lists and the permit's end (design §4, strategy § 1)."""

from collections.abc import Callable, Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.choices import AskedAbout, CprKind, PermitState
from cases.formats import doc_date
from cases.household import begins
from cases.models import AskedDate, CprNumber, Permit, Person, Stay
from cases.services import missing_dates
from deadlines.models import Step
from deadlines.rules import Fact, Rule, adult_clock, days_before, in_round
from deadlines.setting import ENDING, GRANTING
from reception.models import Contract, Plan, PlanHandover

WATCHED_DAYS = 90
PENDING = {PermitState.NOT_APPLIED, PermitState.APPLIED, PermitState.COMPLAINT}


def fact(stay: Stay, **values) -> Fact:
    return Fact(case_id=stay.person.case_id, person_id=stay.person_id, round=stay.round, **values)


def registered_on(stay: Stay) -> date:
    """The day the round was registered: that of the person; for a return the day it begins."""
    registered = stay.person.registered_on
    return registered if stay.round == 1 else max(registered, begins(stay) or stay.window_start)


# --- Min plan ---


def min_plan_facts(cases, *, today: date) -> Iterable[Fact]:
    """Adults and unaccompanied minors. Starts on the later of arrival and visitation; unknown visitation: arrival."""
    handed = in_round(PlanHandover.objects.all(), person="plan__person")
    draft = Plan.objects.filter(person=OuterRef("person")).order_by("-version")
    stays = Stay.objects.of(cases).annotate(
        handed_on=Subquery(handed.values("on")[:1]),
        handed_version=Subquery(handed.values("plan__version")[:1]),
        draft_version=Subquery(draft.values("version")[:1]),
    )
    for stay in stays:
        start, note = plan_start(stay)
        runs, start = plan_clock(stay.person, start, today)
        if runs:
            yield fact(
                stay,
                starts_on=start,
                met_on=stay.handed_on,
                evidence=plan_evidence(stay),
                waits_for="" if start else "arrived_on",
                start_note=note,
            )


def plan_start(stay: Stay) -> tuple[date | None, str]:
    """(day, name of the date): the later of arrived and visitation; nothing starts before the arrival."""
    if stay.arrived_on is None:
        return None, ""
    if stay.visitation_on and stay.visitation_on > stay.arrived_on:
        return stay.visitation_on, "visitation_on"
    return stay.arrived_on, "arrived_on"


def plan_clock(person: Person, start: date | None, today: date) -> tuple[bool, date | None]:
    """An unaccompanied minor has a plan of its own from the start, like an adult."""
    return (True, start) if person.unaccompanied_minor else adult_clock(person, start, today)


def plan_evidence(stay: Stay) -> str:
    if stay.handed_on:
        return _("Udleveret %(day)s, version %(version)s") % {
            "day": doc_date(stay.handed_on),
            "version": stay.handed_version,
        }
    return _("Version %s er påbegyndt") % stay.draft_version if stay.draft_version else ""


# --- Contract ---


def contract_facts(cases, *, today: date) -> Iterable[Fact]:
    """Adults, from the responsibility on. Met when both have signed, or when it is set without agreement."""
    concluded = in_round(Contract.objects.all(), on="concluded_on")
    half = in_round(Contract.objects.filter(concluded_on=None), on="first_on")
    stays = Stay.objects.of(cases).annotate(
        concluded_on=Subquery(concluded.values("concluded_on")[:1]),
        set_on=Subquery(concluded.values("set_on")[:1]),
        half_on=Subquery(half.values("first_on")[:1]),
        citizen_on=Subquery(half.values("citizen_signed_on")[:1]),
    )
    for stay in stays:
        runs, start = adult_clock(stay.person, stay.responsibility_from, today)
        if runs:
            yield fact(
                stay,
                starts_on=start,
                met_on=stay.concluded_on,
                evidence=contract_evidence(stay),
                waits_for="" if start else "responsibility_from",
                start_note="responsibility_from" if start else "",
            )


def contract_evidence(stay: Stay) -> str:
    if stay.set_on:
        return _("Fastsat uden enighed %s") % doc_date(stay.set_on)
    if stay.concluded_on:
        return _("Underskrevet af begge %s") % doc_date(stay.concluded_on)
    if stay.citizen_on:
        return _("Borgeren har underskrevet, kommunen mangler")
    return _("Kommunen har underskrevet, borgeren mangler") if stay.half_on else ""


# --- Missing dates ---


def dates_facts(cases, *, today: date) -> Iterable[Fact]:
    """Nobody's clock stands still unseen: every date that keeps one from starting is known or has been asked for.

    A date carries no day on which it became known, so the step itself remembers it: the first refresh that finds
    nothing missing (it runs in the transaction that wrote the date) gives the day, and later ones keep it. Whoever
    was complete at registration is met on that day. A gap that opens later (an expected arrival has passed) starts
    the clock when it opens.
    """
    for stay in Stay.objects.of(cases).annotate(**_asked(), **_permit_state(), **_remembered()):
        gaps = open_gaps(stay, today)
        start = registered_on(stay)
        if gaps:
            opened = min(gap_opened(stay, about) or start for about in gaps)
            words = ", ".join(str(AskedAbout(about).label) for about in gaps)
            yield fact(
                stay, starts_on=max(start, opened), evidence=_("Mangler %s") % words, start_note=_("registrering")
            )
        else:
            met = stay.was_met_on or (today if stay.was_there else start)
            yield fact(
                stay,
                starts_on=stay.was_started_on or start,
                met_on=met,
                start_note=_("registrering"),
                evidence=_("Datoerne er kendt eller efterspurgt"),
            )


def _asked() -> dict:
    """asked_<date>: somebody was asked for it in this round."""
    asked = AskedDate.objects.filter(person=OuterRef("person"), asked_on__gt=OuterRef("window_start"))
    return {f"asked_{about}": Exists(asked.filter(about=about)) for about in AskedAbout.values}


def _permit_state() -> dict:
    """The state of the newest standing permit, and since when it stands."""
    newest = Permit.objects.filter(person=OuterRef("person"), annulled_on=None).order_by("-since", "-pk")
    return {"permit_state": Subquery(newest.values("state")[:1]), "permit_since": Subquery(newest.values("since")[:1])}


def _remembered() -> dict:
    step = Step.objects.filter(rule="reception.dates", person=OuterRef("person"), round=OuterRef("round"))
    return {
        "was_there": Exists(step),
        "was_met_on": Subquery(step.values("met_on")[:1]),
        "was_started_on": Subquery(step.values("starts_on")[:1]),
    }


def open_gaps(stay: Stay, today: date) -> list[str]:
    """Keys of AskedAbout that are missing and that nobody has been asked for."""
    missing = missing_dates(
        stay.person, stay, granted=stay.permit_state in GRANTING, pending=stay.permit_state in PENDING, today=today
    )
    return [about for about in missing if not getattr(stay, f"asked_{about}")]


def gap_opened(stay: Stay, about: str) -> date | None:
    """The day from which the date was lacking; None where it was from the registration."""
    return {
        AskedAbout.ARRIVED: stay.expected_on,
        AskedAbout.RESIDENCE: stay.arrived_on,
        AskedAbout.VISITATION: stay.permit_since,
        AskedAbout.RESPONSIBILITY: stay.visitation_on,
    }.get(about)


# --- The permit's end ---


def permit_expiry_facts(cases, *, today: date) -> Iterable[Fact]:
    """One watch per person whose standing permit has an end; the latest stay carries it, an extension moves it."""
    states = [*GRANTING, *ENDING]
    standing = Permit.objects.filter(person=OuterRef("person"), annulled_on=None, state__in=states).order_by(
        "-since", "-pk"
    )
    later = Stay.objects.filter(person=OuterRef("person"), round__gt=OuterRef("round"))
    stays = Stay.objects.of(cases).annotate(
        state=Subquery(standing.values("state")[:1]),
        valid_until=Subquery(standing.values("valid_until")[:1]),
        returned=Exists(later),
    )
    for stay in stays.filter(valid_until__isnull=False, returned=False, state__in=list(GRANTING)):
        start = days_before(stay.valid_until, WATCHED_DAYS)
        left = stay.left_on if stay.left_on and stay.left_on >= start else None
        yield fact(
            stay,
            starts_on=start,
            due_on=stay.valid_until,
            met_on=left,
            start_note="permit",
            evidence=_("Fraflyttet") if left else _("Gyldig til %s") % doc_date(stay.valid_until),
        )


# --- The check-lists: no date, ticked with what and where ---

Who = Callable[[Person, date, date], tuple[bool, date]]


def everybody(person: Person, start: date, today: date) -> tuple[bool, date]:
    return True, start


def unaccompanied(person: Person, start: date, today: date) -> tuple[bool, date]:
    return person.unaccompanied_minor, start


def checklist(who: Who) -> Callable[..., Iterable[Fact]]:
    """Facts of a check-list item for these people, from the registration on."""

    def facts(cases, *, today: date) -> Iterable[Fact]:
        for stay in Stay.objects.of(cases):
            runs, start = who(stay.person, registered_on(stay), today)
            if runs:
                yield fact(stay, starts_on=start)

    return facts


def cpr_facts(cases, *, today: date) -> Iterable[Fact]:
    """A number that is written on the person is not asked for again; a replacement number does not count."""
    number = CprNumber.objects.filter(person=OuterRef("person"), replaced_on=None, kind=CprKind.ORDINARY)
    for stay in Stay.objects.of(cases).annotate(known_on=Subquery(number.values("registered_on")[:1])):
        evidence = _("CPR-nr. er registreret") if stay.known_on else ""
        yield fact(stay, starts_on=registered_on(stay), met_on=stay.known_on, evidence=evidence)


def item(name: str, title: str, noun: str, facts: Callable[..., Iterable[Fact]]) -> Rule:
    return Rule(key=f"reception.{name}", title=title, noun=noun, facts=facts, tick=True)


_l = gettext_lazy
MIN_PLAN = Rule(
    key="reception.min_plan",
    title=_l("Lav og udlevér Min plan"),
    noun=_l("Min plan"),
    facts=min_plan_facts,
    act=_l("Gå til Min plan"),
)
CONTRACT = Rule(
    key="reception.contract",
    title=_l("Indgå kontrakt"),
    noun=_l("Kontrakt"),
    facts=contract_facts,
    act=_l("Registrér kontrakt"),
    permit="granted",
)
DATES = Rule(key="reception.dates", title=_l("Find de manglende datoer"), noun=_l("Datoer"), facts=dates_facts)
PERMIT_EXPIRY = Rule(
    key="reception.permit_expiry",
    title=_l("Opholdstilladelsen udløber"),
    noun=_l("Opholdstilladelse"),
    facts=permit_expiry_facts,
)
CHECKLIST = (
    item("cpr", _l("Få CPR-nr."), _l("CPR-nr."), cpr_facts),
    item("population_register", _l("Tilmeld folkeregistret"), _l("Folkeregister"), checklist(everybody)),
    item("gp", _l("Tilmeld praktiserende læge"), _l("Praktiserende læge"), checklist(everybody)),
    item("tax_card", _l("Få skattekort"), _l("Skattekort"), checklist(adult_clock)),
    item("bank_account", _l("Opret bankkonto"), _l("Bankkonto"), checklist(adult_clock)),
    item("support_rules", _l("Informér om regler for forsørgelse"), _l("Forsørgelse"), checklist(adult_clock)),
    item("practical_guidance", _l("Vejled om praktiske forhold"), _l("Praktisk vejledning"), checklist(adult_clock)),
    item("custody", _l("Afklar forældremyndighed"), _l("Forældremyndighed"), checklist(unaccompanied)),
)
RULES = (MIN_PLAN, CONTRACT, DATES, *CHECKLIST, PERMIT_EXPIRY)
