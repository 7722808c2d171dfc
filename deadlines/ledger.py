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
from cases.models import Entry, Stay
from deadlines.models import Kind, Level, Notice, Step, Term
from deadlines.telling import ANY, DEFAULT_WARNINGS, OWN, RANK, TOLD

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
    """A level of a ladder. Reached by dates up to `reached`; the highest one for dates after `beyond`."""

    ladder: str
    place: int
    level: str
    days: int
    reached: date
    beyond: date


def ladder(name: str, kind: str, warnings: Iterable[int], today: date) -> list[Rung]:
    """The levels of one kind in their order, each with the span of deadlines for which it is the highest."""
    levels = []
    for row in TOLD:
        if row.kind == kind:
            offsets = [-days for days in set(warnings)] if row.days is None else [row.days]
            levels += [(RANK[row.level], days, row.level) for days in offsets]
    levels.sort()
    reached = [today - timedelta(days=days) for _rank, days, _level in levels]
    beyond = [*reached[1:], NEVER]
    return [
        Rung(name, place, level.value, days, reached[place], beyond[place])
        for place, (_rank, days, level) in enumerate(levels)
    ]


def custom_terms() -> list[Term]:
    """Terms whose warning days differ from those of their kind."""
    usual = {kind: sorted(days) for kind, days in DEFAULT_WARNINGS.items()}
    return [
        term
        for term in Term.objects.order_by("pk")
        if term.warning_days and sorted(term.warning_days) != usual.get(term.kind)
    ]


def ladders(terms: Iterable[Term], today: date) -> list[Rung]:
    kinds = dict.fromkeys(row.kind for row in TOLD if row.kind != ANY)
    rungs = [rung for kind in kinds for rung in ladder(str(kind), kind, DEFAULT_WARNINGS.get(kind, ()), today)]
    for term in terms:
        rungs += ladder(f"term {term.pk}", term.kind, term.warning_days, today)
    return rungs


def live(today: date):
    """Steps that can be told about: open, counted, in an open case."""
    return Step.objects.open(today).counted().filter(case__closed_on=None)


def free(today: date) -> Q:
    """Not waiting for anybody; the waiting day itself is free."""
    return Q(waiting_for=None) | Q(waiting_until__lte=today)


def mark_dated(run: Run) -> None:
    """Warned, due, passed, escalated. A law that is past is told even while waiting."""
    terms = custom_terms()
    rungs = ladders(terms, run.today)
    usual = max(rung.reached for rung in rungs if not rung.ladder.startswith("term"))
    steps = live(run.today).filter(effective_on__lte=max(rung.reached for rung in rungs))
    steps = steps.filter(Q(effective_on__lte=usual) | Q(rule__in=[term.rule for term in terms]))
    steps = steps.filter(free(run.today) | Q(kind=Kind.LAW, due_on__lt=run.today))
    named = [When(rule="", then=Value(OWN))]
    named += [When(rule_set=term.rule_set_id, rule=term.rule, then=Value(f"term {term.pk}")) for term in terms]
    steps = steps.annotate(ladder=Case(*named, default=F("kind"), output_field=CharField()))
    question, given = compiled(steps.order_by().values_list("pk", "ladder", "effective_on", "episode"))
    rows, values = rung_rows(rungs)
    execute(
        f"""
        WITH live (step_id, ladder, date, episode) AS ({question}),
        rung (ladder, place, level, days, reached, beyond) AS (VALUES {rows}),
        fresh AS (
            SELECT live.step_id, live.ladder, live.date, live.episode, rung.place
            FROM live JOIN rung ON rung.ladder = live.ladder AND live.date <= rung.reached AND live.date > rung.beyond
            WHERE NOT EXISTS (
                SELECT 1 FROM deadlines_notice n WHERE n.step_id = live.step_id AND n.level = rung.level
                AND n.date = live.date AND n.days = rung.days AND n.episode = live.episode
            )
        )
        INSERT INTO deadlines_notice ({NOTICE_COLUMNS})
        SELECT fresh.step_id, '', rung.level, fresh.date, rung.days, fresh.episode,
            rung.place = fresh.place, FALSE, %s, %s
        FROM fresh JOIN rung ON rung.ladder = fresh.ladder AND rung.place <= fresh.place
        WHERE TRUE ORDER BY fresh.step_id, rung.place
        ON CONFLICT DO NOTHING
        """,
        [*given, *values, run.mark, stamp(run.now)],
    )


def rung_rows(rungs: list[Rung]) -> tuple[str, list]:
    """The ladders as rows of a VALUES list, and its parameters."""
    row = "(%s, %s, %s, %s, %s, %s)"
    values: list = []
    for rung in rungs:
        values += [rung.ladder, rung.place, rung.level, rung.days, day(rung.reached), day(rung.beyond)]
    return ", ".join([row] * len(rungs)), values


def mark_resumed(run: Run) -> None:
    """The waiting day is reached, or a waiver has ended: once, on that day."""
    steps = live(run.today).exclude(kind=Kind.WATCH).filter(waiting_for__isnull=False, waiting_until__lte=run.today)
    _mark_once(run, steps, Level.RESUMED, "waiting_until")
    held = ~Q(kind=Kind.LAW) | Q(confirmed_on__isnull=False)
    steps = live(run.today).exclude(kind=Kind.WATCH).filter(held, waived_on__isnull=False, waived_until__lt=run.today)
    _mark_once(run, steps, Level.RESUMED, "waived_until")


def mark_date_missing(run: Run) -> None:
    """A clock that has waited for a week; not for a permit, nor for an arrival still expected: nobody can act."""
    ahead = Stay.objects.filter(expected_on__gte=run.today, arrived_on=None)
    steps = live(run.today).filter(free(run.today), kind__in=[Kind.LAW, Kind.SERVICE_GOAL, Kind.LOCAL_TARGET])
    steps = steps.filter(effective_on=None).exclude(waits_for="").exclude(waits_for="permit")
    steps = steps.annotate(since=Coalesce("person__registered_on", "case__registered_on"))
    steps = steps.filter(since__lte=run.today - timedelta(days=waits_days()))
    steps = steps.exclude(Exists(ahead.filter(person=OuterRef("person"))))
    steps = steps.exclude(Exists(ahead.filter(person__case=OuterRef("case"))), person=None)
    _mark_once(run, steps, Level.DATE_MISSING, "since", days=waits_days())


def waits_days() -> int:
    """After how many days a missing date is told."""
    return next(row.days for row in TOLD if row.level == Level.DATE_MISSING)


def mark_started(run: Run, announced: Iterable[tuple[str, int]]) -> None:
    """announced: (rule, from which round) of the duties whose beginning is told."""
    wanted = [Q(rule=rule, round__gte=number) for rule, number in announced]
    for which in wanted:
        steps = live(run.today).filter(which, free(run.today), starts_on__lte=run.today)
        _mark_once(run, steps, Level.STARTED, "starts_on")


def _mark_once(run: Run, steps, level: str, about: str, days: int = 0) -> None:
    """One row per step and date; silent when this run has already marked something higher on the step."""
    seen = Notice.objects.filter(
        step=OuterRef("pk"), level=level, date=OuterRef(about), days=days, episode=OuterRef("episode")
    )
    higher = Notice.objects.filter(step=OuterRef("pk"), pk__gt=run.after, run=run.mark, told=True)
    steps = steps.exclude(Exists(seen)).annotate(silent=Exists(higher)).order_by("pk")
    question, given = compiled(steps.values_list("pk", about, "episode", "silent"))
    execute(
        f"""
        WITH fresh (step_id, date, episode, silent) AS ({question})
        INSERT INTO deadlines_notice ({NOTICE_COLUMNS})
        SELECT step_id, '', %s, date, %s, episode, NOT silent, FALSE, %s, %s FROM fresh WHERE TRUE
        ON CONFLICT DO NOTHING
        """,
        [*given, str(level), days, run.mark, stamp(run.now)],
    )


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
    """Each new line concerns the person of its step."""
    question, given = compiled(
        lines.exclude(step__person=None).order_by().values_list("step__person", "step__case", "true_day", "line")
    )
    execute(
        f"""
        WITH line (person_id, case_id, day, text) AS ({question})
        INSERT INTO cases_entry_people (entry_id, person_id)
        SELECT e.id, line.person_id FROM line
        JOIN cases_entry e ON e.case_id = line.case_id AND e."on" = line.day AND e.text = line.text
        WHERE e.id > %s AND e.kind = %s
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
