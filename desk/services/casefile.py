"""What the family's page shows, read in a constant number of queries whatever the size of the family."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import Permission, can, reads_file, tabs_of, works_on
from accounts.models import User
from cases import sight
from cases.formats import day_month, join_names, relative, weekday_date
from cases.location import conceal
from cases.models import Case, Person, Stay
from deadlines.access import HEALTH, hush, tells, title_of
from deadlines.models import Kind, Step
from deadlines.rules import WAITS
from deadlines.status import CLOSED, Status, finished_on, is_before_use, look_of, status_of
from desk.areas import AREAS, rule_of
from desk.services.lines import act_path, page_path, person_path, step_path

COLUMNS = (
    (gettext_lazy("Min plan"), ("reception.min_plan",)),
    (gettext_lazy("Kontrakt"), ("reception.contract",)),
    (gettext_lazy("Kompetencer"), ("employment.competences",)),
    (gettext_lazy("Job"), ("employment.referral",)),
    (gettext_lazy("Sprogskole"), ("schooling.language_offer", "schooling.language_referral")),
    (gettext_lazy("Skole, dagtilbud"), ("schooling.school_offer", "schooling.daycare_offer")),
    (gettext_lazy("Helbred"), ("health.need_assessed",)),
)
# The worst first: what a cell shows when it holds two steps.
ORDER = (
    "overdue",
    "passed",
    "due_today",
    "soon",
    "open",
    "waiting",
    "awaiting_date",
    "met_late",
    "met",
    "waived",
    "not_applicable",
    "undated",
    "withdrawn",
)
NEXT_LINES = 5
SILENT = {"reception.dates"}  # met, it tells nothing about the family
DAY_NUMBER_UNTIL = 60


@dataclass
class CaseFile:
    case: Case
    today: date
    people: list[Person]
    steps: list[Step]
    user: User
    looks: dict[int, str] = field(default_factory=dict)

    def __post_init__(self):
        self.looks = {step.pk: look_of(step, self.today) for step in self.steps}

    @property
    def tabs(self) -> frozenset[str]:
        return tabs_of(self.user, self.case.number)

    @cached_property
    def latest(self) -> list[Step]:
        """The steps of rules, each in its latest round."""
        found: dict[tuple, Step] = {}
        for step in self.steps:
            key = (step.rule, step.person_id)
            if step.rule and (key not in found or found[key].round < step.round):
                found[key] = step
        return list(found.values())

    @cached_property
    def counted(self) -> list[Step]:
        """Without what fell due before the system was in use; a closed case raises no alarm."""
        if self.case.closed_on:
            return []
        return [step for step in self.steps if not is_before_use(step, settings.IN_USE_FROM)]

    @cached_property
    def open_steps(self) -> list[Step]:
        """Dated or waiting for a date, soonest first; check-lists and watches stand apart."""
        closed = CLOSED | {Status.UNDATED}
        found = [s for s in self.counted if status_of(s, self.today) not in closed and s.kind != Kind.WATCH]
        return sorted(
            found, key=lambda step: (ORDER.index(self.looks[step.pk]) > 4, step.effective_on or date.max, step.pk)
        )

    @property
    def arrived_on(self) -> date | None:
        days = [p.stay.arrived_on for p in self.people if p.stay and p.stay.arrived_on]
        return min(days, default=None)

    @property
    def day_number(self) -> int | None:
        """Days since the first arrival, shown until day 60."""
        days = (self.today - self.arrived_on).days if self.arrived_on else None
        return days if days is not None and 0 <= days <= DAY_NUMBER_UNTIL else None


BY_ROLE = {"main": 0, "spouse": 1, "grandparent": 3, "other": 3, "child": 4}


def members(case: Case, user, *, today: date, also: Iterable[int] = ()) -> list[Person]:
    """The people whom the user sees, as far as the user sees them, with their latest stay: two queries."""
    found = sight.people_of(case, user, today=today, also=also)
    stays = Stay.objects.filter(person__in=[person.pk for person in found]).order_by("round")
    if not reads_file(user, case.number):
        stays = stays.only("person_id", "round", "arrived_on", "left_on")
    latest = {stay.person_id: stay for stay in stays}
    for person in found:
        person.stay = latest.get(person.pk)
    return sorted(found, key=lambda p: (BY_ROLE.get(p.role, 2), p.birth_date or oldest_first(p), p.pk))


def oldest_first(person: Person) -> date:
    return date.max if person.age is None else date(2000 - min(person.age, 1900), 1, 1)


def read_case_file(case: Case, user, *, today: date) -> CaseFile:
    """The steps this user may see, and the people with their latest stay: three queries."""
    steps = Step.objects.in_case(case, user).select_related("waiting_for").order_by("pk")
    found = list(steps)
    concerned = sorted({step.person_id for step in found if step.person_id})
    people = members(case, user, today=today, also=concerned)
    known = {pk: sight.stranger(pk, number) for number, pk in enumerate(concerned, 1)} | {p.pk: p for p in people}
    for step in found:
        step.case = case
        if step.person_id:
            step.person = known[step.person_id]
        step.title = title_of(user, step)
        if not tells(user, step):
            hush(step)
    if case.covered:
        conceal(found)
    return CaseFile(case, today, people, found, user)


def row(file: CaseFile, step: Step, number: str) -> dict:
    """One line of *Det næste*, for the tag deadline_rows."""
    due = step.effective_on
    who = step.person.short_name if step.person else _("Familien")
    return {
        "url": step_path(step.pk),
        "status": file.looks[step.pk],
        "title": f"{step.title}",
        "hint": "" if step.area == HEALTH else hint(step, file.today),
        "who": who,
        "who_url": "",
        "sub": "",
        "relative": relative(due, file.today) if due else _("Venter på en dato"),
        "date": weekday_date(due) if due else "",
        "iso": due.isoformat() if due else "",
        "kind": step.kind,
        "kind_label": step.get_kind_display() if step.kind else "",
        **action(file, step, number),
    }


def action(file: CaseFile, step: Step, number: str) -> dict:
    """The row's one button: what this user may do, else the step's page."""
    on_dates = step.waits_for and step.due_on is None
    may = can(file.user, Permission.WRITE_CASES) or (not on_dates and works_on(file.user, step.area, step.rule))
    if not may:
        return {"action_url": step_path(step.pk), "action_label": _("Se frist")}
    return {"action_url": step_action_url(step, number), "action_label": action_label(step)}


def step_action_url(step: Step, number: str) -> str:
    """Where the row's one button leads: the missing date, the act's page, or the step itself."""
    rule = rule_of(step)
    if step.waits_for == "permit" and step.person_id:
        return person_path(number, step.person_id, "desk:permit")
    if step.person_id and (step.waits_for or (rule and not rule.tick and not rule.act)) and not step.met_on:
        return person_path(number, step.person_id) + f"#id_{step.waits_for or 'visitation_on'}"
    return act_path(step.rule, number, step.person_id)[0] or step_path(step.pk)


def action_label(step: Step) -> str:
    if step.waits_for and step.due_on is None:
        return _("Skriv datoen")
    rule = rule_of(step)
    if rule and not rule.tick and not rule.act:
        return _("Skriv datoen")
    return str(rule.act) if rule and rule.act else _("Registrér udført")


def hint(step: Step, today: date) -> str:
    """The latest fact on the row: whom one waits for, the follow-up, the evidence, or the missing date."""
    if step.waiting_for_id and status_of(step, today) is Status.WAITING:
        until = _(" til %s") % weekday_date(step.waiting_until) if step.waiting_until else ""
        return _("Venter på %(who)s%(until)s") % {"who": step.waiting_for, "until": until}
    if step.waits_for and step.starts_on is None:
        return _("Mangler: %s") % WAITS.get(step.waits_for, step.waits_for)
    if step.waived_on and not step.confirmed_on and step.kind == Kind.LAW:
        return _("»Ikke omfattet« afventer godkendelse")
    if step.follow_up_on:
        told = _("Opfølgning %s") % weekday_date(step.follow_up_on)
        return f"{told}: {step.follow_up_reason}" if step.follow_up_reason else told
    return step.evidence


def next_lines(file: CaseFile, most: int = NEXT_LINES) -> list[dict]:
    """The most urgent, people with the same duty and day merged in one line."""
    merged: dict[tuple, list[Step]] = defaultdict(list)
    for step in file.open_steps:
        merged[step.rule or step.pk, step.effective_on, file.looks[step.pk]].append(step)
    lines = []
    for steps in list(merged.values())[:most]:
        line = row(file, steps[0], file.case.number)
        names = [step.person.short_name for step in steps if step.person]
        if names:
            line["title"] = f"{line['title']}: {join_names(names)}"
        lines.append(line)
    return lines


def matrix(file: CaseFile) -> dict:
    """Person × dated rules, and the household's rules in the family's row; for components/deadline_matrix.html."""
    by_person = defaultdict(lambda: defaultdict(list))
    household, writes = [], can(file.user, Permission.WRITE_CASES)
    for step in file.latest:
        if step.person_id:
            by_person[step.person_id][step.rule].append(step)
        elif file.looks[step.pk] not in {"undated", "withdrawn"}:
            household.append(step)
    columns = shown_columns(file)
    rows = [
        {
            "label": person.short_name,
            "url": person_path(file.case.number, person.pk) if writes else "",
            "sub": person_line(person),
            "cells": [cell(file, [s for key in keys for s in by_person[person.pk][key]]) for _title, keys in columns],
        }
        for person in file.people
    ]
    shown = {c["status"] for r in rows for c in r["cells"] if c} | {file.looks[step.pk] for step in household}
    return {
        "caption": _("Frister for hvert medlem af familien"),
        "columns": [str(title) for title, _keys in columns],
        "household": [household_cell(file, step) for step in household],
        "rows": rows,
        "legend": [status for status in ORDER if status in shown],
    }


def shown_columns(file: CaseFile) -> list[tuple]:
    """All seven for those who read the case file; for the others what they have a deadline in."""
    if reads_file(file.user, file.case.number):
        return list(COLUMNS)
    known = {step.rule for step in file.steps}
    return [(title, keys) for title, keys in COLUMNS if known.intersection(keys)]


def household_cell(file: CaseFile, step: Step) -> dict:
    found = cell(file, [step])
    return {**found, "text": f"{short_title(step)} {found['text']}".strip()}


def short_title(step: Step) -> str:
    rule = rule_of(step)
    return str(rule.noun) if rule else step.title


def person_line(person: Person) -> str:
    """ "36 år, hovedperson" """
    age = _("%d år") % person.age if person.age is not None else ""
    role = person.get_role_display().lower()
    gone = _("fraflyttet") if person.stay and person.stay.left_on else ""
    return ", ".join(filter(None, [age, role, gone]))


def cell(file: CaseFile, steps: list[Step]) -> dict | None:
    """The worst of the cell's steps, as shape, word and date; None where no duty runs."""
    if not steps:
        return None
    step = min(steps, key=lambda s: (ORDER.index(file.looks[s.pk]), s.effective_on or date.max))
    return {
        "status": file.looks[step.pk],
        "text": cell_text(step, file.looks[step.pk]),
        "url": step_path(step.pk),
        "label": step.title,
        "grey": is_before_use(step, settings.IN_USE_FROM),
    }


def cell_text(step: Step, look: str) -> str:
    """The day, or a word; what has fallen away is told by its shape and the legend."""
    if done := finished_on(step):
        return day_month(done)
    if look == "withdrawn":
        return ""
    words = {
        "waived": _("fritaget"),
        "not_applicable": _("ikke omfattet"),
        "awaiting_date": _("venter på dato"),
    }
    return words.get(look) or (day_month(step.effective_on) if step.effective_on else "")


def area_cards(file: CaseFile, user) -> list[dict]:
    """Six cards from the steps that are read anyway; for components/area_card.html."""
    return [area_card(file, area) for area in AREAS if area.key in file.tabs]


def area_card(file: CaseFile, area) -> dict:
    steps = [s for s in file.latest if s.area == area.key and file.looks[s.pk] != "withdrawn"]
    closed = [s for s in steps if status_of(s, file.today) in CLOSED]
    met = sorted((s for s in closed if s.met_on), key=lambda step: (step.met_on, step.pk))
    counted, done = {s.pk for s in file.counted}, {s.pk for s in closed}
    open_now = (s for s in steps if s.pk in counted and s.pk not in done and s.kind != Kind.WATCH)
    missing = sorted(open_now, key=lambda s: ORDER.index(file.looks[s.pk]))
    facts = list(
        dict.fromkeys(
            s.evidence.rstrip(".") for s in met if s.evidence and s.kind != Kind.WATCH and s.rule not in SILENT
        )
    )
    worst = file.looks[missing[0].pk] if missing else ""
    return {
        "title": str(area.title),
        "icon": area.icon,
        "url": page_path("desk:area", file.case.number, area.slug),
        "progress": _("%(done)d af %(all)d") % {"done": len(closed), "all": len(steps)} if steps else "",
        "text": sentences(facts[-2:]),
        "missing": missing_sentence(missing),
        "missing_status": worst,
    }


def sentences(texts: list[str]) -> str:
    """One full stop after each, none doubled after "nov."."""
    return " ".join(f"{text.rstrip('.')}." for text in texts)


def missing_sentence(missing: list[Step]) -> str:
    nouns = list(dict.fromkeys(short_title(step) for step in missing))
    if not nouns:
        return ""
    shown = nouns[:3] + ([_("%d mere") % (len(nouns) - 3)] if len(nouns) > 3 else [])
    return _("%s mangler.") % join_names(shown)


def check_table(file: CaseFile, area: str) -> dict:
    """The undated duties of an area, duty × person, so that several can be ticked in one go. Empty rows: none."""
    items = [step for step in file.latest if is_check_item(file, step, area)]
    people = [person for person in file.people if any(step.person_id == person.pk for step in items)]
    titles = dict.fromkeys(step.title for step in items)
    found = {(step.title, step.person_id): step for step in items}
    rows = [{"title": title, "cells": [check_cell(file, found.get((title, p.pk))) for p in people]} for title in titles]
    return {"people": [person.short_name for person in people], "rows": rows, "open": any(map(is_open_row, rows))}


def is_check_item(file: CaseFile, step: Step, area: str) -> bool:
    rule = rule_of(step)
    tickable = rule is None or rule.tick
    return (
        tickable
        and step.area == area
        and step.person_id is not None
        and file.looks[step.pk] != "withdrawn"
        and not step.due_on
    )


def is_open_row(row: dict) -> bool:
    return any(cell and cell["open"] for cell in row["cells"])


def check_cell(file: CaseFile, step: Step | None) -> dict | None:
    """One box: open ones can be ticked, done ones show their day and lead to the step."""
    if step is None:
        return None
    done = finished_on(step)
    return {
        "pk": step.pk,
        "open": file.looks[step.pk] == "undated",
        "status": file.looks[step.pk],
        "text": day_month(done) if done else "",
        "note": step.done_text,
        "url": step_path(step.pk),
        "label": f"{step.title}, {step.person.short_name}",
    }
