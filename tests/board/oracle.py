"""The board's figures once more, in plain Python over plain rows, from the words of "Sådan tæller vi".

Nothing of the board is imported here.
"""

from collections import Counter, defaultdict
from datetime import date, timedelta

from cases.models import Stay
from deadlines.models import Step

COLUMNS = (
    "pk",
    "case",
    "person",
    "rule",
    "kind",
    "starts_on",
    "due_on",
    "met_on",
    "done_on",
    "withdrawn_on",
    "waived_on",
    "waived_until",
    "confirmed_on",
    "follow_up_on",
    "waiting_for",
    "waiting_until",
    "cause",
    "owner",
    "case__team",
    "case__locality",
    "case__protected",
    "case__closed_on",
)


class Row:
    def __init__(self, values: dict, today: date):
        self.__dict__.update(values)
        self.today = today
        self.acted = self.met_on or self.done_on

    @property
    def new_date(self) -> date:
        """When somebody must act: for a law its date, else the latest of the dates that were set."""
        days = [self.due_on]
        if self.kind != "law":
            days += [day for day in (self.follow_up_on, self.waived_until) if day]
        return max(days)

    @property
    def is_excused(self) -> bool:
        holds = self.kind != "law" or self.confirmed_on
        return bool(self.waived_on and holds and (self.waived_until is None or self.waived_until >= self.today))

    @property
    def waits(self) -> bool:
        return bool(self.waiting_for and (self.waiting_until is None or self.waiting_until > self.today))

    @property
    def outcome(self) -> str:
        if self.acted:
            return "late" if self.acted > self.due_on else "on_time"
        if self.withdrawn_on:
            return "late" if self.withdrawn_on > self.due_on else "fallen"
        if self.is_excused:
            return "excused"
        return "late" if self.due_on < self.today else "running"

    @property
    def is_extended(self) -> bool:
        if self.outcome != "late" or (self.withdrawn_on and not self.acted):
            return False
        return (self.acted or self.today) <= self.new_date

    @property
    def is_open(self) -> bool:
        return not (self.acted or self.withdrawn_on or self.is_excused or self.case__closed_on)

    @property
    def group(self) -> str:
        """Of the work list, for an open one."""
        if self.kind == "law" and self.due_on < self.today:
            return "overdue"
        if self.waits:
            return "waiting"
        if self.new_date < self.today:
            return "passed" if self.kind == "local_target" else "overdue"
        return "ahead"

    @property
    def reason(self) -> str:
        return self.cause or ("venter" if self.waiting_for else "" if self.owner else "uden") or "ingen"


def rows(today: date, *, teams: set | None, town: int | None = None) -> list[Row]:
    """Of the figures: duties with a date, laws, goals and local targets, no protected family."""
    found = [Row(values, today) for values in Step.objects.values(*COLUMNS)]
    return [
        row
        for row in found
        if row.rule
        and row.due_on
        and row.kind != "watch"
        and not row.case__protected
        and (teams is None or row.case__team in teams)
        and (town is None or row.case__locality == town)
    ]


def months(found: list[Row], first: date, last: date) -> dict:
    """(month, kind, rule, household) → [on time, late, extended, waiting, known late]."""
    tallies = defaultdict(lambda: [0, 0, 0, 0, 0])
    for row in found:
        if not first <= row.due_on <= last or row.outcome not in {"on_time", "late"}:
            continue
        tally = tallies[row.due_on.replace(day=1), row.kind, row.rule, row.person is None]
        if row.outcome == "on_time":
            tally[0] += 1
            continue
        tally[1] += 1
        tally[2] += row.is_extended
        tally[3] += not row.acted and not row.withdrawn_on and row.waits
        tally[4] += row.cause == "known_late"
    return dict(tallies)


def late_now(found: list[Row], group: str) -> list[Row]:
    return [row for row in found if row.is_open and row.group == group]


def band(row: Row) -> str:
    days = (row.today - row.new_date).days
    return "1-3" if days <= 3 else "4-7" if days <= 7 else "8-14" if days <= 14 else "over-14"


def to_do(found: list[Row]) -> list[Row]:
    last = found[0].today + timedelta(days=14)
    return [row for row in found if row.is_open and row.group != "waiting" and row.new_date <= last]


def took(found: list[Row], first: date, last: date) -> dict[str, list[int]]:
    days = defaultdict(list)
    for row in found:
        if row.acted and row.starts_on and first <= row.acted <= last:
            days[row.rule].append(max((row.acted - row.starts_on).days, 0))
    return days


def people_here(today: date, teams: set | None) -> tuple[int, int, int]:
    """(families, persons, children) who have arrived and not left."""
    stays = Stay.objects.select_related("person__case")
    here = [
        stay
        for stay in stays
        if stay.arrived_on
        and stay.arrived_on <= today
        and not (stay.left_on and stay.left_on <= today)
        and not stay.person.case.closed_on
        and not stay.person.case.protected
        and (teams is None or stay.person.case.team_id in teams)
    ]
    young = [stay for stay in here if _is_child(stay.person, today)]
    return len({stay.person.case_id for stay in here}), len(here), len(young)


def _is_child(person, today: date) -> bool:
    if person.birth_date is None:
        return person.role == "child"
    eighteenth = person.birth_date.replace(year=person.birth_date.year + 18)
    return today < eighteenth


def moved(name: str, first: date, last: date, teams: set | None) -> tuple[Counter, dict]:
    """Persons and families per month who came (arrived_on) or left (left_on)."""
    persons, families = Counter(), defaultdict(set)
    for stay in Stay.objects.select_related("person__case"):
        day, case = getattr(stay, name), stay.person.case
        if day and first <= day <= last and not case.protected and (teams is None or case.team_id in teams):
            persons[day.replace(day=1)] += 1
            families[day.replace(day=1)].add(case.pk)
    return persons, {month: len(found) for month, found in families.items()}
