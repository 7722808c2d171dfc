"""The work list: one queryset behind page, counts, file and mail, and the sentence that sums it up.

Whoever needs "what this user must do" takes `own_list`: the counts on the pills, the rows below them, the xlsx and the
morning mail are then the same rows. Who leads and has no area of the own opens with the team's: `first_list`, which is
also what `manage.py deadlines --user` gives.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Count, F, Min, Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import Permission, areas_of, can
from cases.formats import WEEKDAYS, full_date, number_word, week, weekday_date
from deadlines.models import Group, Kind, Step, StepQuerySet, is_overdue

ROWS = 50
LATER_ROWS = 20


def own_list(user, today: date) -> StepQuerySet:
    """The user's own open steps with their `group`; those of colleagues for whom the user is deputy are among them."""
    return Step.objects.visible_to(user).owned_by(user).listed(today).with_group(today)


def own_overdue(user, today: date) -> StepQuerySet:
    """Those of `own_list` under *Overskredet*: what the menu counts on every page."""
    steps = Step.objects.visible_to(user).owned_by(user).listed(today)
    return steps.filter(is_overdue(today)).exclude(kind=Kind.LOCAL_TARGET)


def team_list(user, today: date) -> StepQuerySet:
    """The same for everything the user may see, for a substitute or a manager."""
    return Step.objects.visible_to(user).listed(today).with_group(today)


def opens_with_team(user) -> bool:
    return can(user, Permission.LEAD_TEAM) and not areas_of(user)


def the_list(user, today: date, *, team: bool) -> StepQuerySet:
    return (team_list if team else own_list)(user, today)


def first_list(user, today: date) -> StepQuerySet:
    """What Mit overblik opens with."""
    return the_list(user, today, team=opens_with_team(user))


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the list: its word in the URL, its title, its shape, and the heading under which it stands."""

    word: str
    title: Promise
    status: str
    group: Group
    heading: Group

    @property
    def rows(self) -> Q:
        return Q(group=self.group)


SECTIONS = (
    Section(
        "overskredet",
        gettext_lazy("Overskredet"),
        "overdue",
        Group.OVERDUE,
        Group.OVERDUE,
    ),
    Section("passeret", gettext_lazy("Passeret"), "passed", Group.PASSED, Group.OVERDUE),
    Section("i-dag", gettext_lazy("I dag"), "due_today", Group.TODAY, Group.TODAY),
    Section("uge", gettext_lazy("De næste 7 dage"), "soon", Group.WEEK, Group.WEEK),
    Section("venter", gettext_lazy("Venter på andre"), "waiting", Group.WAITING, Group.WAITING),
    Section("mangler", gettext_lazy("Mangler en dato"), "awaiting_date", Group.DATE_MISSING, Group.DATE_MISSING),
    Section("senere", gettext_lazy("Senere"), "open", Group.LATER, Group.LATER),
)
BY_WORD = {section.word: section for section in SECTIONS}
WORDS = {section.group: section.word for section in SECTIONS}


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows per section word, laws among the overdue and today's, the soonest day that lies ahead or is today."""

    by_word: dict[str, int] = field(default_factory=dict)
    laws_overdue: int = 0
    next_on: date | None = None
    laws_today: int = 0

    @property
    def total(self) -> int:
        return sum(self.by_word.values())

    @property
    def overdue(self) -> int:
        """*Overskredet*: law, goal and own task; a local target is only *passeret*."""
        return self.by_word.get("overskredet", 0)

    @property
    def passed(self) -> int:
        return self.by_word.get("passeret", 0)

    @property
    def due_today(self) -> int:
        return self.by_word.get("i-dag", 0)


def tallies(steps: StepQuerySet):
    """(group, kind, number, soonest day) of a list: all its counts in one query."""
    return steps.order_by().values_list("group", "kind").annotate(n=Count("pk"), soonest=Min("effective_on"))


def count(steps: StepQuerySet) -> Counts:
    return add_up(tallies(steps))


def add_up(tallied: Iterable[tuple]) -> Counts:
    by_word: dict[str, int] = {}
    laws, ahead = Counter(), []
    for group, kind, number, soonest in tallied:
        by_word[WORDS[group]] = by_word.get(WORDS[group], 0) + number
        if kind == Kind.LAW:
            laws[group] += number
        if group in {Group.TODAY, Group.WEEK, Group.LATER}:
            ahead.append(soonest)
    return Counts(by_word, laws[Group.OVERDUE], min(ahead, default=None), laws[Group.TODAY])


def in_order(steps: StepQuerySet) -> StepQuerySet:
    """Section by section, the oldest day first; what waits for a date by the date it waits for."""
    return steps.order_by("group", F("effective_on").asc(nulls_last=True), "waits_for", "pk")


class Window(NamedTuple):
    """Which rows a page shows: those of one section, or of all with or without *Senere*, and how many at most."""

    word: str
    later: bool
    limit: int


def window(counts: Counts, section: Section | None) -> Window:
    """One section, or the first fifty and the first twenty of *Senere*."""
    later = counts.by_word.get("senere", 0)
    urgent = counts.total - later
    if section or urgent > ROWS:
        return Window(section.word if section else "", False, ROWS)
    return Window("", True, urgent + min(later, LATER_ROWS))


def shown(steps: StepQuerySet, cut: Window) -> StepQuerySet:
    if cut.word:
        steps = steps.filter(BY_WORD[cut.word].rows)
    elif not cut.later:
        steps = steps.exclude(group=Group.LATER)
    return in_order(steps)[: cut.limit]


# --- The sentence of state --------------------------------------------------------------------


def sentence(counts: Counts, today: date) -> str:
    """ "Tirsdag den 24. november, uge 48. Tre frister er overskredet, og to udløber i dag." """
    day = full_date(today)
    parts = [_("%(day)s, uge %(week)d.") % {"day": day[0].upper() + day[1:], "week": week(today)}, _state(counts)]
    if counts.passed:
        one, many = _("Et lokalt mål er passeret."), _("%s lokale mål er passeret.")
        parts.append(one if counts.passed == 1 else many % number_word(counts.passed).capitalize())
    if counts.total and not counts.overdue and not counts.due_today and counts.next_on:
        parts.append(_("Den næste er %s.") % coming(counts.next_on, today).rstrip("."))
    return " ".join(parts)


def _state(counts: Counts) -> str:
    if not counts.total:
        return _("Ingen åbne frister.")
    late = _frister(counts.overdue).capitalize() + _(" er overskredet")
    if not counts.due_today:
        return f"{late}."
    return _("%(late)s, og %(number)s udløber i dag.") % {"late": late, "number": number_word(counts.due_today)}


def _frister(number: int) -> str:
    if number == 1:
        return _("en frist")
    return _("%s frister") % number_word(number)


def coming(day: date, today: date) -> str:
    """ "i morgen", "på fredag" within six days, else "tor. 3. dec."."""
    if day == today + timedelta(days=1):
        return _("i morgen")
    if day <= today + timedelta(days=6):
        return _("på %s") % WEEKDAYS[day.weekday()]
    return weekday_date(day)
