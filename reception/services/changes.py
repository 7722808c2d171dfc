"""What has changed between two texts of a plan, as sentences."""

from collections.abc import Iterator
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from cases.formats import doc_date
from reception.services.content import Content, Line

ALIKE = 0.6  # from here on a line of the same area counts as the same line, written anew


def changes(old: Content, new: Content) -> list[str]:
    """The goal first, then the lines in the new order, then what is gone."""
    left = list(old.lines)
    pairs = [(line, _partner(line, left)) for line in new.lines]
    gone = [_("Fjernet: %s") % line.text for line in left]
    return [*_goals(old, new), *(said for line, before in pairs for said in _line(before, line)), *gone]


def _partner(line: Line, left: list[Line]) -> Line | None:
    """The old line that this one continues, taken out of `left`: by step or task, words, or nearly the words."""
    for same in (_same_step, _same_words, _alike):
        for before in left:
            if same(before, line):
                left.remove(before)
                return before
    return None


def _same_step(one: Line, other: Line) -> bool:
    shared = one.rule == other.rule and one.about_id == other.about_id
    return (bool(one.rule) and shared) or (one.task_id is not None and one.task_id == other.task_id)


def _same_words(one: Line, other: Line) -> bool:
    return (one.text, one.about_id, one.rule) == (other.text, other.about_id, other.rule)


def _alike(one: Line, other: Line) -> bool:
    here = (one.area, one.about_id, one.rule) == (other.area, other.about_id, other.rule)
    return here and SequenceMatcher(None, one.text, other.text).ratio() >= ALIKE


def _goals(old: Content, new: Content) -> Iterator[str]:
    if old.goal != new.goal:
        yield _moved(_("Målet"), old.goal, new.goal)
    if old.goal_danish != new.goal_danish:
        yield _moved(_("Målet på dansk"), old.goal_danish, new.goal_danish)


def _line(before: Line | None, line: Line) -> Iterator[str]:
    if before is None:
        day = _(", senest %s") % doc_date(line.on) if line.on else ""
        yield _("Ny aktivitet: %(what)s%(day)s") % {"what": line.text, "day": day}
        return
    if before.text != line.text:
        yield _("Tekst ændret fra »%(old)s« til »%(new)s«") % {"old": before.text, "new": line.text}
    if before.on != line.on:
        yield f"{_day(before, line)}: {line.text}"
    for label, old, new in (
        (_("Hvem gør det"), before.responsible, line.responsible),
        (_("Kontakt"), before.contact, line.contact),
    ):
        if old != new:
            yield f"{_moved(label, old, new)}: {line.text}"


def _day(before: Line, line: Line) -> str:
    if before.on and line.on:
        return _("Dato flyttet fra %(old)s til %(new)s") % {"old": doc_date(before.on), "new": doc_date(line.on)}
    return _("Dato sat til %s") % doc_date(line.on) if line.on else _("Dato %s fjernet") % doc_date(before.on)


def _moved(label: str, old: str, new: str) -> str:
    if not old:
        return _("%(what)s skrevet: »%(new)s«") % {"what": label, "new": new}
    if not new:
        return _("%(what)s fjernet: »%(old)s«") % {"what": label, "old": old}
    return _("%(what)s ændret fra »%(old)s« til »%(new)s«") % {"what": label, "old": old, "new": new}
