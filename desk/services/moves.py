"""What a change does to deadlines, step by step: the same for a corrected date and for a new rule set. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext as _

from cases.formats import join_names, plural, upper_first
from deadlines.models import Group, Kind, Step
from deadlines.status import Status, finished_on, status_of


class Change(StrEnum):
    LATER = "later"
    EARLIER = "earlier"
    GONE = "gone"
    NEW = "new"
    KIND = "kind"  # the same day, but another kind


@dataclass(frozen=True, slots=True)
class Move:
    """One step whose deadline changes. old and new: None means that there is none.

    overdue: becomes overdue. passed: a local target that only becomes *passeret*. relieved: was overdue and no longer
    is, though it may have passed. finished: it is done, only its date changes.
    waits: there is no date any more because the clock waits for one.
    """

    case_id: int
    person_id: int | None
    name: str
    rule: str
    title: str
    round: int
    change: Change
    old: date | None
    new: date | None
    old_kind: str = ""
    new_kind: str = ""
    overdue: bool = False
    passed: bool = False
    relieved: bool = False
    finished: bool = False
    waits: bool = False

    @property
    def words(self) -> str:
        """ "3 dage senere", "1 dag tidligere", "bortfalder", "ny frist", "fra lovfrist til servicemål"."""
        if self.change in {Change.LATER, Change.EARLIER} and self.old and self.new:
            days = plural(abs((self.new - self.old).days), _("dag"), _("dage"))
            return f"{days} {_('senere') if self.change is Change.LATER else _('tidligere')}"
        if self.change is Change.KIND:
            kinds = [str(Kind(kind).label).lower() for kind in (self.old_kind, self.new_kind)]
            return _("fra %(old)s til %(new)s") % {"old": kinds[0], "new": kinds[1]}
        gone = _("afventer en dato") if self.waits else _("bortfalder")
        return gone if self.change is Change.GONE else _("ny frist")

    @property
    def consequence(self) -> str:
        """What becomes of it beyond the date; empty for most."""
        if self.overdue:
            return _("Overskredet")
        if self.passed:
            return _("Passeret")
        if self.finished:
            return _("Udført")
        return _("Ikke længere overskredet") if self.relieved else ""

    @property
    def tone(self) -> str:
        """Of the tag that says so."""
        return "overdue" if self.overdue else "soon" if self.passed else ""


def key_of(step: Step) -> tuple:
    """What a step is about, whether or not it has an id."""
    return step.rule, step.person_id, None if step.person_id else step.case_id, step.round


def compare(before: Iterable[Step], after: Iterable[Step], *, today: date) -> list[Move]:
    """The steps of a rule whose deadline differs, by case, name and title. Both sides have `person` at hand."""
    old, new = ({key_of(step): step for step in side if step.rule} for side in (before, after))
    found = [move_of(old.get(key), new.get(key), today) for key in old | new]
    return sorted((move for move in found if move), key=lambda move: (move.case_id, move.name, move.title, move.round))


def has_deadline(step: Step | None) -> bool:
    """Not fallen away, with a term, and with a date or waiting for one."""
    return step is not None and step.withdrawn_on is None and bool(step.kind and (step.due_on or step.waits_for))


def change_of(old: Step | None, new: Step | None) -> Change | None:
    held, holds = has_deadline(old), has_deadline(new)
    if held != holds:
        return Change.NEW if holds else Change.GONE
    if not held:
        return None
    if old.due_on != new.due_on:
        if old.due_on is None or new.due_on is None:  # the clock begins, or stops to wait for a date
            return Change.GONE if new.due_on is None else Change.NEW
        return Change.LATER if new.due_on > old.due_on else Change.EARLIER
    return Change.KIND if old.kind != new.kind else None


def lateness(step: Step | None, today: date) -> Group | None:
    """OVERDUE, or PASSED for a local target, which is never *overskredet*; None in time."""
    if step is None or not has_deadline(step) or status_of(step, today) is not Status.OVERDUE:
        return None
    return Group.PASSED if step.kind == Kind.LOCAL_TARGET else Group.OVERDUE


def move_of(old: Step | None, new: Step | None, today: date) -> Move | None:
    change = change_of(old, new)
    if change is None:
        return None
    step = new or old
    was, becomes = lateness(old, today), lateness(new, today)
    return Move(
        case_id=step.case_id,
        person_id=step.person_id,
        name=step.person.short_name if step.person_id else "",
        rule=step.rule,
        title=step.title,
        round=step.round,
        change=change,
        old=old.due_on if has_deadline(old) else None,
        new=new.due_on if has_deadline(new) else None,
        old_kind=old.kind if old else "",
        new_kind=new.kind if new else "",
        overdue=becomes is Group.OVERDUE and was is not Group.OVERDUE,
        passed=becomes is Group.PASSED and was is None,
        relieved=was is Group.OVERDUE and becomes is not Group.OVERDUE,
        finished=finished_on(step) is not None,
        waits=change is Change.GONE and has_deadline(new),
    )


def in_words(moves: Iterable[Move]) -> str:
    """ "31 får senere dato, 8 tidligere og 3 bortfalder. 2 bliver overskredet." for all of these moves."""
    moves = list(moves)
    counts = Counter(move.change for move in moves)
    words = {
        Change.LATER: _("%d får senere dato"),
        Change.EARLIER: _("%d får tidligere dato"),
        Change.GONE: _("%d bortfalder"),
        Change.NEW: _("%d kommer til"),
        Change.KIND: _("%d skifter art"),
    }
    said = join_names([text % counts[change] for change, text in words.items() if counts[change]])
    sentences = [f"{upper_first(said)}." if said else ""]
    for text, count in (
        (_("%d bliver overskredet."), sum(move.overdue for move in moves)),
        (_("%d passerer målet."), sum(move.passed for move in moves)),
        (_("%d er ikke længere overskredet."), sum(move.relieved for move in moves)),
    ):
        sentences += [text % count] if count else []
    return " ".join(sentence for sentence in sentences if sentence)
