"""How the plan's lines and the work list hold together.

A line of a rule shares the date of that rule's step. Any other dated line has an own task, which is made, changed and
withdrawn with the plan.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cases.formats import doc_date
from cases.models import Person
from deadlines.models import Step
from deadlines.services import change_task, own_task, withdraw_task
from reception.models import PlanArea
from reception.services.content import Line


def shared_dates(person: Person, lines: Iterable[Line]) -> dict[tuple[str, int | None], date]:
    """(rule, person or None for the household) -> the date of its latest step. One query."""
    rules = {line.rule for line in lines if line.rule}
    steps = Step.objects.filter(case=person.case_id, rule__in=rules, withdrawn_on=None, due_on__isnull=False)
    return {(step.rule, step.person_id): step.due_on for step in steps.order_by("round", "pk")} if rules else {}


def shared_date(line: Line, person: Person, dates: dict) -> date | None:
    return dates.get((line.rule, line.about_id or person.pk)) or dates.get((line.rule, None))


def with_dates_of_steps(person: Person, lines: list[Line]) -> list[Line]:
    """The lines with the dates that their steps have by now; a date that was left out stays out."""
    dates = shared_dates(person, lines)
    return [replace(line, on=shared_date(line, person, dates) or line.on) if line.on else line for line in lines]


def past(lines: Iterable[Line], day: date) -> list[str]:
    """The lines whose date lies before that day, as they are asked about."""
    return [f"{line.text} ({doc_date(line.on)})" for line in lines if line.on and line.on < day]


def settle(person: Person, lines: list[Line], known: set[int], *, by, today: date) -> list[Line]:
    """The lines as they are kept, each with its own task where it has one. known: the tasks of the text before."""
    dates = shared_dates(person, lines)
    tasks = {task.pk: task for task in Step.objects.filter(pk__in=known, case=person.case_id, rule="")}
    kept = [_settled(person, line, tasks, dates, by=by, today=today) for line in lines]
    used = {line.task_id for line in kept}
    for task in tasks.values():
        if task.pk not in used and not (task.done_on or task.withdrawn_on):
            withdraw_task(task, by=by, today=today)
    return kept


def _settled(person: Person, line: Line, tasks: dict[int, Step], dates: dict, *, by, today: date) -> Line:
    shared = shared_date(line, person, dates) if line.rule else None
    if shared and line.on:
        if line.on != shared:
            told = {"what": line.text[:60], "day": doc_date(shared)}
            raise ValidationError(
                _("»%(what)s« følger fristen %(day)s. Skriv den dato, eller lad feltet være tomt.") % told
            )
        return replace(line, task_id=None)
    if line.on is None:
        return replace(line, task_id=None)
    return replace(line, task_id=_task(person, line, tasks.get(line.task_id), by=by, today=today).pk)


def _task(person: Person, line: Line, task: Step | None, *, by, today: date) -> Step:
    if task is None or task.withdrawn_on:
        about = person.case.people.get(pk=line.about_id) if line.about_id else person
        return own_task(
            person.case, title=_title(line), due_on=line.on, by=by, today=today, person=about, area=line.area
        )
    if not task.done_on and (task.title, task.due_on) != (_title(line), line.on):
        change_task(task, title=_title(line), due_on=line.on, by=by, today=today)
    return task


def _title(line: Line) -> str:
    """Of health nothing is told outside the plan."""
    return _("Aktivitet i Min plan") if line.area == PlanArea.HEALTH else line.text[:160]
