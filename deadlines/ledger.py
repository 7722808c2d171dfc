"""The ledger of what has been told: marked set-based, each thing once. Raw SQL lives in this module only.

A step is marked when a level is reached "on or before today and not yet in the ledger", never by equality of days, so
a skipped week loses nothing. One row per level passed; `told` is true for the highest alone. The questions are the
querysets of `deadlines.models`; here they are compiled and wrapped in `INSERT … SELECT … ON CONFLICT DO NOTHING`,
which runs unchanged on SQLite and PostgreSQL. Every function must be called inside one transaction (the sweep's).
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Concat, StrIndex, Substr
from django.utils.translation import gettext as _

from cases.choices import DataClass
from cases.models import Case as CaseRow
from cases.models import Entry, Stay
from deadlines.models import Kind, Level, Notice, Step, Term
from deadlines.telling import DEFAULT_WARNINGS, OWN, RANK, TOLD

NEVER = date.min
NOTICE_COLUMNS = "step_id, subject, level, date, days, episode, told, dropped, run, created_at"
DATED = (Level.WARN, Level.DUE, Level.PASSED, Level.ESCALATED)


@dataclass(frozen=True, slots=True)
class Run:
    """One sweep: its mark on the rows it writes, and the last row before them."""

    mark: int
    after: int
    today: date
    now: datetime

    def notices(self):
        """The rows this run has written."""
        return Notice.objects.filter(pk__gt=self.after, run=self.mark)


def begin(*, today: date, now: datetime) -> Run:
    after = Notice.objects.aggregate(last=Max("pk"))["last"] or 0
    return Run(secrets.randbits(62), after, today, now)


@dataclass(frozen=True, slots=True)
class Rung:
    """A level of a ladder: reached by dates up to `reached`, and the highest one for dates after `beyond`."""

    level: str
    days: int
    reached: date
    beyond: date


def ladder(kind: str, warnings: Iterable[int], today: date) -> list[Rung]:
    """The levels of one kind in their order, each with the span of deadlines for which it is the highest."""
    levels = []
    for row in TOLD:
        if row.kind == kind:
            offsets = [-days for days in set(warnings)] if row.days is None else [row.days]
            levels += [(RANK[row.level], days, row.level.value) for days in offsets]
    levels.sort()
    reached = [today - timedelta(days=days) for _rank, days, _level in levels]
    spans = zip(levels, reached, [*reached, NEVER][1:], strict=True)
    return [Rung(level, days, until, after) for (_rank, days, level), until, after in spans]


def custom_terms() -> list[Term]:
    """Terms whose warning days differ from those of their kind."""
    usual = {kind: sorted(days) for kind, days in DEFAULT_WARNINGS.items()}
    terms = Term.objects.order_by("pk")
    return [term for term in terms if term.warning_days and sorted(term.warning_days) != usual.get(term.kind)]


@dataclass(frozen=True, slots=True)
class Climb:
    """Which steps climb a ladder. The key is one an index of open steps begins with; where says the rest."""

    key: dict[str, str]
    where: Q
    rungs: list[Rung]


def climbs(today: date) -> list[Climb]:
    """Own tasks, every term with warnings of its own, and the kinds for the rest."""
    terms = custom_terms()
    custom = [Q(rule_set=term.rule_set_id, rule=term.rule) for term in terms]
    rest = ~Q(rule="") & ~reduce(or_, custom, Q(pk=None))
    found = [Climb({"rule": ""}, Q(), ladder(OWN, (), today))]
    for where, term in zip(custom, terms, strict=True):
        found.append(Climb({"rule": term.rule}, where, ladder(term.kind, term.warning_days, today)))
    found += [Climb({"kind": kind}, rest, ladder(kind, DEFAULT_WARNINGS.get(kind, ()), today)) for kind in Kind]
    return found


def live(today: date):
    """Steps that can be told about: open, counted, in an open case."""
    closed = CaseRow.objects.filter(closed_on__isnull=False)
    return Step.objects.open(today).counted().exclude(case__in=closed.values("pk"))


def free(today: date) -> Q:
    """Not waiting for anybody; the waiting day itself is free."""
    return Q(waiting_for=None) | Q(waiting_until__lte=today)


def heard(today: date) -> Q:
    """Told about although somebody may be waited for: a law that is past."""
    return free(today) | Q(kind=Kind.LAW, due_on__lt=today)


def mark_dated(run: Run) -> None:
    """Warned, due, passed, escalated: the highest level reached, and below it the silent ones."""
    last = run.after
    for climb, place in _unmarked(climbs(run.today)):
        rung = climb.rungs[place]
        steps = _at(rung, live(run.today).filter(climb.where, heard(run.today), **climb.key)).filter(
            pk__in=_fresh(climb.key, rung)
        )
        if _insert(run, steps, rung.level, "effective_on", days=rung.days, told=Value(True)):
            _mark_below(run, rung, climb.rungs[:place], last)
            last = run.notices().aggregate(last=Max("pk"))["last"]


def _unmarked(all_climbs: list[Climb]) -> list[tuple[Climb, int]]:
    """The rungs (climb, place) on which some open step is not in the ledger: one question, mostly answered by none."""
    rungs = [
        (climb, place) for climb in all_climbs for place, rung in enumerate(climb.rungs) if rung.beyond < rung.reached
    ]
    questions, given = [], []
    for number, (climb, place) in enumerate(rungs):
        ((column, value),) = climb.key.items()
        rung = climb.rungs[place]
        questions.append(
            f"""
            SELECT {number} WHERE EXISTS (
                SELECT 1 FROM deadlines_step s
                WHERE s.{column} = %s AND s.effective_on <= %s AND s.effective_on > %s
                AND s.met_on IS NULL AND s.done_on IS NULL AND s.withdrawn_on IS NULL
                AND NOT EXISTS (
                    SELECT 1 FROM deadlines_notice n WHERE n.step_id = s.id AND n.level = %s AND n.days = %s
                    AND n.date = s.effective_on AND n.episode = s.episode
                )
            )
            """
        )
        given += [value, day(rung.reached), day(rung.beyond), rung.level, rung.days]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(questions), given)
        return [rungs[number] for (number,) in cursor.fetchall()]


def _at(rung: Rung, steps):
    """Those of the steps for which this is the highest level."""
    return steps.filter(effective_on__lte=rung.reached, effective_on__gt=rung.beyond)


def _fresh(key: dict[str, str], rung: Rung):
    """Ids of open steps at this level that are not in the ledger: answered from two indexes, without the tables."""
    unmet = Step.objects.filter(met_on=None, done_on=None, withdrawn_on=None, **key)
    return _at(rung, unmet).exclude(Exists(_seen(rung.level, "effective_on", rung.days))).values("pk")


def _seen(level: str, about: str, days: int):
    """The step's row of that level in the ledger."""
    return Notice.objects.filter(
        step=OuterRef("pk"), level=level, date=OuterRef(about), days=days, episode=OuterRef("episode")
    )


def _mark_below(run: Run, top: Rung, below: list[Rung], last: int) -> None:
    """The levels passed on the way to the rows written after `last`, untold."""
    for rung in below:
        execute(
            f"""
            INSERT INTO deadlines_notice ({NOTICE_COLUMNS})
            SELECT step_id, '', %s, date, %s, episode, FALSE, FALSE, run, created_at
            FROM deadlines_notice WHERE id > %s AND run = %s AND level = %s AND days = %s
            ORDER BY step_id
            ON CONFLICT DO NOTHING
            """,
            [rung.level, rung.days, last, run.mark, top.level, top.days],
        )


def mark_resumed(run: Run) -> None:
    """The waiting day is reached, or a waiver has ended: once, on that day, and not while others are waited for."""
    steps = live(run.today).filter(heard(run.today)).exclude(kind=Kind.WATCH)
    waited = steps.filter(
        pk__in=Step.objects.filter(waiting_until__lte=run.today).values("pk"), waiting_for__isnull=False
    )
    _mark(run, waited, Level.RESUMED, "waiting_until")
    held = ~Q(kind=Kind.LAW) | Q(confirmed_on__isnull=False)
    waived = steps.filter(
        held, pk__in=Step.objects.filter(waived_until__lt=run.today).values("pk"), waived_on__isnull=False
    )
    _mark(run, waived, Level.RESUMED, "waived_until")


def mark_date_missing(run: Run) -> None:
    """A clock that has waited for a week; not for a permit, nor for an arrival still expected: nobody can act."""
    ahead = Stay.objects.filter(expected_on__gte=run.today, arrived_on=None)
    steps = live(run.today).filter(free(run.today), kind__in=[Kind.LAW, Kind.SERVICE_GOAL, Kind.LOCAL_TARGET])
    undated = Step.objects.filter(met_on=None, done_on=None, withdrawn_on=None, effective_on=None)
    steps = steps.filter(pk__in=undated.values("pk")).exclude(waits_for="").exclude(waits_for="permit")
    steps = steps.annotate(since=Coalesce("person__registered_on", "case__registered_on"))
    steps = steps.filter(since__lte=run.today - timedelta(days=waits_days()))
    steps = steps.exclude(Exists(ahead.filter(person=OuterRef("person"))))
    steps = steps.exclude(Exists(ahead.filter(person__case=OuterRef("case"))), person=None)
    _mark(run, steps, Level.DATE_MISSING, "since", days=waits_days())


def waits_days() -> int:
    """After how many days a missing date is told."""
    return next(row.days for row in TOLD if row.level == Level.DATE_MISSING)


def mark_started(run: Run, announced: Iterable[tuple[str, int]]) -> None:
    """announced: (rule, from which round) of the duties whose beginning is told."""
    for rule, number in announced:
        unmet = Step.objects.filter(met_on=None, done_on=None, withdrawn_on=None, rule=rule)
        steps = live(run.today).filter(
            free(run.today), pk__in=unmet.values("pk"), round__gte=number, starts_on__lte=run.today
        )
        _mark(run, steps, Level.STARTED, "starts_on")


def _mark(run: Run, steps, level: str, about: str, days: int = 0) -> int:
    """One row per step, date and offset; silent when this run has marked something higher. Returns the rows."""
    higher = Notice.objects.filter(step=OuterRef("pk"), pk__gt=run.after, run=run.mark, told=True)
    return _insert(run, steps.exclude(Exists(_seen(level, about, days))), level, about, days=days, told=~Exists(higher))


def _insert(run: Run, steps, level: str, about: str, *, days: int, told) -> int:
    row = ["pk", Value(""), Value(str(level)), about, Value(days), "episode", told, Value(False)]
    values = steps.order_by("pk").values_list(*row, Value(run.mark), Value(stamp(run.now)))
    return insert("deadlines_notice", NOTICE_COLUMNS, values)


def mark(run: Run, *, announced: Iterable[tuple[str, int]] = ()) -> dict[str, int]:
    """Write what has been reached and is not yet in the ledger; the number of rows per level."""
    mark_dated(run)
    mark_resumed(run)
    mark_date_missing(run)
    mark_started(run, announced)
    return dict(run.notices().order_by().values_list("level").annotate(rows=Count("pk")))


PASSED_KIND, CORRECTED_KIND = "deadlines.passed", "deadlines.corrected"


def passed_lines(run: Run):
    """The timeline's lines for the deadlines this run has marked as passed: case, person, day, sentence, area."""
    told = Case(
        When(step__kind=Kind.LOCAL_TARGET, then=Value(_("Mål passeret: "))),
        default=Value(_("Frist overskredet: ")),
        output_field=CharField(),
    )
    name = F("step__person__given_names")
    first = Case(
        When(step__person=None, then=Value("")),
        When(step__person__given_names__contains=" ", then=Substr(name, 1, StrIndex(name, Value(" ")) - 1)),
        default=name,
        output_field=CharField(),
    )
    who = Case(
        When(step__person=None, then=Value("")),
        default=Concat(Value(" ("), first, Value(")")),
        output_field=CharField(),
    )
    return (
        run.notices()
        .filter(level=Level.PASSED)
        .annotate(
            line=Concat(told, F("step__title"), who, output_field=CharField()),
            true_day=ExpressionWrapper(F("date") + timedelta(days=1), output_field=DateField()),
        )
    )


def write_passed(run: Run) -> int:
    """One line in the timeline per deadline passed, on its true day, neutral in data class. Returns the lines."""
    lines, last = passed_lines(run), Entry.objects.aggregate(last=Max("pk"))["last"] or 0
    now = Value(run.now, output_field=DateTimeField())
    written = insert(
        "cases_entry",
        'case_id, area, kind, data_class, "on", text, body, recorded_at',
        lines.order_by("pk").values_list(
            "step__case",
            "step__area",
            Value(PASSED_KIND),
            Value(DataClass.ORDINARY.value),
            "true_day",
            "line",
            Value(""),
            now,
        ),
    )
    if written:
        _link_people(lines, last)
    return written


def _link_people(lines, last: int) -> None:
    """Each new line concerns the person of its step. (+ 0: found by its case, not by a walk over all new lines.)"""
    question, given = compiled(
        lines.exclude(step__person=None).order_by().values_list("step__person", "step__case", "true_day", "line")
    )
    execute(
        f"""
        WITH line (person_id, case_id, day, text) AS ({question})
        INSERT INTO cases_entry_people (entry_id, person_id)
        SELECT e.id, line.person_id FROM line
        JOIN cases_entry e ON e.case_id = line.case_id AND e."on" = line.day AND e.text = line.text
        WHERE e.id + 0 > %s AND e.kind = %s
        ON CONFLICT DO NOTHING
        """,
        [*given, last, PASSED_KIND],
    )


def insert(table: str, columns: str, question) -> int:
    """Insert the values of a queryset, in the order of the columns; conflicts are ignored. Returns the rows written."""
    body, given = compiled(question)
    return execute(
        f"INSERT INTO {table} ({columns}) SELECT * FROM ({body}) fresh WHERE TRUE ON CONFLICT DO NOTHING", given
    )


def compiled(question) -> tuple[str, tuple]:
    """The SQL of a queryset and its parameters, as the default database speaks it."""
    return question.query.sql_with_params()


def execute(statement: str, given) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return max(cursor.rowcount, 0)


def day(value: date):
    return connection.ops.adapt_datefield_value(value)


def stamp(value: datetime):
    return connection.ops.adapt_datetimefield_value(value)
