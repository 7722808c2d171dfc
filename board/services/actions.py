"""The verbs of the action catalogue: the only writers of actions and of their history; and what the reports ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Case as When_
from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.translation import gettext as _

from accounts import audit
from board.models.actions import OPEN, Action, ActionChange, Status
from board.services.catalogue import STRATEGY
from desk.areas import AREAS, BY_KEY

OVERDUE, UNFINISHED = "overskredne", "aabne"


def check(*, area: str, status: str, done_on: date | None, today: date) -> date | None:
    """The day of being done, which only a done action has. ValidationError: unknown area, or no day, or one ahead."""
    if area not in BY_KEY:
        raise ValidationError({"area": _("Vælg et af de seks områder.")})
    if status != Status.DONE:
        return None
    if done_on is None:
        raise ValidationError({"done_on": _("Skriv den dag, handlingen blev færdig.")})
    if done_on > today:
        raise ValidationError({"done_on": _("Datoen ligger frem i tiden. Skriv den dag, handlingen blev færdig.")})
    return done_on


@transaction.atomic
def add(
    *, title: str, area: str, status: str = Status.PLANNED, done_on: date | None = None, today: date, by, **fields
) -> Action:
    """fields: owner, due_on, note, source, catalogue."""
    done_on = check(area=area, status=status, done_on=done_on, today=today)
    action = Action.objects.create(title=title.strip(), area=area, status=status, done_on=done_on, **fields)
    ActionChange.objects.create(action=action, status=status, on=done_on or today, by=by)
    audit.log(by, "action.added", detail=f"handling {action.pk}")
    return action


@transaction.atomic
def change(action: Action, *, area: str, status: str, done_on: date | None, today: date, by, **fields) -> Action:
    """fields: title, owner, due_on, note. A new status, or another day of being done, is a line of the history."""
    action = Action.objects.select_for_update().get(pk=action.pk)
    before = (action.status, action.done_on)
    action.area, action.status = area, status
    action.done_on = check(area=area, status=status, done_on=done_on, today=today)
    for name, value in fields.items():
        setattr(action, name, value)
    action.save(update_fields=["area", "status", "done_on", *fields])
    if (action.status, action.done_on) != before:
        ActionChange.objects.create(action=action, status=status, on=action.done_on or today, by=by)
    audit.log(by, "action.changed", detail=f"handling {action.pk}")
    return action


@transaction.atomic
def load_catalogue(*, today: date, by) -> int:
    """The strategy's own actions that are not there yet; returns how many. Again changes nothing."""
    known = set(Action.objects.exclude(catalogue="").values_list("catalogue", flat=True))
    missing = {key: found for key, found in STRATEGY.items() if key not in known}
    for key, (area, paragraph, title) in list(missing.items()):
        source = _("Strategien § %d") % paragraph
        try:
            with transaction.atomic():
                add(title=str(title), area=area, source=source, catalogue=key, today=today, by=by)
        except IntegrityError:  # a second click was faster
            del missing[key]
    return len(missing)


# --- Reading ----------------------------------------------------------------------------------


def in_order(rows: QuerySet[Action], today: date) -> QuerySet[Action]:
    """By area; within it the overdue first, then the open ones by their day, and what is over last."""
    places = [When(area=area.key, then=Value(number)) for number, area in enumerate(AREAS)]
    over = Q(status__in=OPEN, due_on__lt=today)
    ranks = [When(over, then=Value(0)), When(status__in=OPEN, then=Value(1))]
    return rows.annotate(
        place=When_(*places, default=Value(len(AREAS)), output_field=IntegerField()),
        rank=When_(*ranks, default=Value(2), output_field=IntegerField()),
    ).order_by("place", "rank", F("due_on").asc(nulls_last=True), "title", "pk")


def found(chosen: Mapping, today: date) -> QuerySet[Action]:
    """chosen: area, status (of Status, or OVERDUE, UNFINISHED), q. With the owners."""
    rows = Action.objects.select_related("owner")
    if chosen.get("area"):
        rows = rows.filter(area=chosen["area"])
    if chosen.get("q"):
        rows = rows.filter(Q(title__icontains=chosen["q"]) | Q(note__icontains=chosen["q"]))
    wanted = chosen.get("status")
    if wanted == OVERDUE:
        rows = rows.filter(status__in=OPEN, due_on__lt=today)
    elif wanted == UNFINISHED:
        rows = rows.filter(status__in=OPEN)
    elif wanted:
        rows = rows.filter(status=wanted)
    return in_order(rows, today)


@dataclass(frozen=True, slots=True)
class ActionThen:
    """An action as it stood at the end of a period. since: the day of that status."""

    action: Action
    status: Status
    since: date
    was_overdue: bool


def actions_in(first: date, last: date) -> list[ActionThen]:
    """The actions of a period, for the evaluation: begun by its last day, and not over before its first. One query.

    The status is the latest that was written of those that held by the last day; a day typed later may lie before an
    older one. In the order of the list.
    """
    history = ActionChange.objects.filter(action=OuterRef("pk"), on__lte=last).order_by("-pk")
    rows = in_order(Action.objects.select_related("owner"), last).annotate(
        then=Subquery(history.values("status")[:1]), since=Subquery(history.values("on")[:1])
    )
    begun = rows.filter(then__isnull=False).exclude(then__in=[Status.DONE, Status.DROPPED], since__lt=first)
    return [
        ActionThen(row, Status(row.then), row.since, row.then in OPEN and row.due_on is not None and row.due_on < last)
        for row in begun
    ]
