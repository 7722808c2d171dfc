"""What is unusual about a look at a case: a few rules, each with its sentence and its number.

A sign is a reason to ask, not a finding: caseworkers stand in for each other every day.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import AccessRecord, User
from cases.models import Assignment, Case, Entry
from cases.names import fold
from deadlines.calendar import is_working_day
from deadlines.models import Step


@dataclass(slots=True)
class Looks:
    """The looks of some days, with what the rules need to know about them: a constant number of queries."""

    records: list[AccessRecord]
    ties: set[tuple[int, str]]  # (user, case number): has the case, is put on it, or has written or owned something
    surnames: dict[int, str]
    families: dict[str, str]


def read_looks(records: Iterable[AccessRecord]) -> Looks:
    records = list(records)
    users, numbers = {record.user_id for record in records}, {record.case_number for record in records} - {""}
    cases, ties = Case.objects.filter(number__in=numbers), ties_between(users, numbers)
    surnames = {user.pk: fold(user.last_name) for user in User.objects.filter(pk__in=users)}
    families = {number: fold(name) for number, name in cases.values_list("number", "family_name")}
    return Looks(records, ties, surnames, families)


def ties_between(users: Iterable[int], numbers: Iterable[str]) -> set[tuple[int, str]]:
    """(user, case number) where the user has or had something to do with the family. Four queries."""
    cases, of_case = Case.objects.filter(number__in=numbers), {"case__number__in": numbers}
    return {
        *cases.filter(caseworker__in=users).values_list("caseworker", "number"),
        *Assignment.objects.filter(user__in=users, **of_case).values_list("user", "case__number"),
        *Entry.objects.filter(author__in=users, **of_case).values_list("author", "case__number"),
        *Step.objects.filter(owner__in=users, **of_case).values_list("owner", "case__number"),
    }


def local_day(record: AccessRecord) -> date:
    return timezone.localtime(record.at).date()


def is_foreign(record: AccessRecord, looks: Looks) -> bool:
    return record.case_number != "" and (record.user_id, record.case_number) not in looks.ties


def opened_by_glass(looks: Looks) -> set[int]:
    return {record.pk for record in looks.records if record.action == "glass.opened"}


def many_strangers(looks: Looks) -> set[int]:
    """The looks at families one has nothing to do with, when there are more of them than settings.LOG_MANY_CASES."""
    by_day = defaultdict(lambda: defaultdict(set))
    for record in looks.records:
        if is_foreign(record, looks):
            by_day[record.user_id, local_day(record)][record.case_number].add(record.pk)
    many = (cases for cases in by_day.values() if len(cases) > settings.LOG_MANY_CASES)
    return {pk for cases in many for records in cases.values() for pk in records}


def strangers(looks: Looks) -> set[int]:
    return {record.pk for record in looks.records if is_foreign(record, looks)}


def same_name(looks: Looks) -> set[int]:
    """The own family's case, perhaps, or a relative's."""

    def is_same(record: AccessRecord) -> bool:
        name = looks.surnames.get(record.user_id, "")
        return name != "" and name == looks.families.get(record.case_number)

    return {record.pk for record in looks.records if is_same(record)}


def outside_hours(looks: Looks) -> set[int]:
    """Before and after settings.LOG_HOURS, and on days off."""
    opens, closes = settings.LOG_HOURS

    def is_late(record: AccessRecord) -> bool:
        local = timezone.localtime(record.at)
        return not opens <= local.hour < closes or not is_working_day(local.date())

    return {record.pk for record in looks.records if record.case_number and is_late(record)}


def many_searches(looks: Looks) -> set[int]:
    """More than settings.LOG_MANY_SEARCHES on one day."""
    by_day = defaultdict(set)
    for record in looks.records:
        if record.action.endswith(".search"):
            by_day[record.user_id, local_day(record)].add(record.pk)
    return {pk for records in by_day.values() if len(records) > settings.LOG_MANY_SEARCHES for pk in records}


@dataclass(frozen=True, slots=True)
class Sign:
    """What the reviewer reads, and the rule: the ids of the looks that it is about."""

    word: Promise
    rule: Callable[[Looks], set[int]]


# The strongest first: what is left out of a full sample is the weakest.
SIGNS = {
    "glass": Sign(_("Nødadgang"), opened_by_glass),
    "many": Sign(_("Mange fremmede sager på én dag"), many_strangers),
    "name": Sign(_("Samme efternavn som familien"), same_name),
    "searches": Sign(_("Mange søgninger på én dag"), many_searches),
    "hours": Sign(_("Uden for arbejdstid"), outside_hours),
    "stranger": Sign(_("Aldrig arbejdet med familien"), strangers),
}


def signs_of(looks: Looks) -> dict[int, list[str]]:
    """Record id → keys of SIGNS, the strongest first; only records that have any."""
    found: dict[int, list[str]] = defaultdict(list)
    for key, sign in SIGNS.items():
        for pk in sign.rule(looks):
            found[pk].append(key)
    return dict(found)
