"""Reports: asked for, made by a worker, and kept as they were made.

The figures are read once (report_figures) and never again: page, PDF and sheet are said from them. A report of closed
months is the final one, of which there is one for each unit; while a month is open, each making is a new edition.
"""

import secrets
import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import PurePath

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.access import Permission
from accounts.models import Team, User
from board.models import FigureMonth, Report
from board.services import definitions, evaluation_words, report_figures, report_words
from board.services.report_tables import Table
from board.services.report_words import Document
from board.services.scope import NO_TEAM, Scope, scope_of
from board.services.snapshots import month_of, months
from cases.formats import doc_moment
from cases.paper import PaperError, render_pdf
from desk.models import Job
from desk.services import jobs
from desk.services.export import Column, Sheet, bound

KIND = "board.report"
FOLDER = "reports"
PDF, XLSX = "pdf", "xlsx"
FORMATS = (PDF, XLSX)
LONGEST = 36  # months of an evaluation
WITHOUT_HISTORY = 12  # months offered while none is taken
TEMPLATES = {
    Report.Kind.MONTHLY: "board/monthly_pdf.html",
    Report.Kind.EVALUATION: "board/evaluation_pdf.html",
}
FIGURES: Mapping[str, Callable] = {
    Report.Kind.MONTHLY: lambda scope, first, last, *rest: report_figures.monthly(scope, first, *rest),
    Report.Kind.EVALUATION: report_figures.evaluation,
}
PARTS = {Report.Kind.MONTHLY: report_figures.MONTHLY_PARTS, Report.Kind.EVALUATION: report_figures.EVALUATION_PARTS}
WORDS = {Report.Kind.MONTHLY: report_words.monthly, Report.Kind.EVALUATION: evaluation_words.evaluation}


# --- Whose ------------------------------------------------------------------------------------


def unit_of(scope: Scope) -> str:
    """The word under which a scope's reports are kept: the team's id, "0" without a team."""
    return str(max(scope.teams))


def unit_name(scope: Scope) -> str:
    team = Team.objects.filter(pk__in=scope.teams - {NO_TEAM}).first()
    return team.name if team else _("Sager uden enhed")


def seen_by(user: User) -> QuerySet[Report]:
    """The kept reports of exactly the figures that the user sees on the board; the permission is asked at the door."""
    return Report.objects.filter(unit=unit_of(scope_of(user)))


# --- Asking -----------------------------------------------------------------------------------


def months_offered(today: date) -> list[date]:
    """The months of which there are figures, the newest first."""
    first = FigureMonth.objects.order_by("month").values_list("month", flat=True).first()
    found = list(months(first, today))[::-1] if first else []
    return found[:LONGEST] or report_figures.Period(_back(today, WITHOUT_HISTORY), today).months[::-1]


def _back(today: date, number: int) -> date:
    return report_figures.last_months(today, number).first


def final_one(user: User, kind: str, first: date, last: date) -> Report | None:
    """The report that stands for ever; None while its months are open, or when nobody has asked yet."""
    end = report_figures.last_day(month_of(last))
    return seen_by(user).filter(kind=kind, first=month_of(first), last=end, is_final=True).first()


def asked_already(user: User, kind: str, first: date, last: date) -> Job | None:
    """The user's own wish for the same that no worker has ended yet; the report has both files, whichever was asked."""
    waiting = jobs.of(user).filter(kind=KIND, status__in=[Job.Status.WAITING, Job.Status.RUNNING])
    wanted = {"report": kind, "first": first.isoformat(), "last": last.isoformat()}
    return next((job for job in waiting if wanted.items() <= job.data.items()), None)


def ask(user: User, kind: str, first: date, last: date, *, form: str = PDF) -> Job:
    """A worker's wish for this report; form: the file that the job's page hands out."""
    data = {
        "report": kind,
        "first": first.isoformat(),
        "last": last.isoformat(),
        "form": form,
    }
    title = titled(kind, first, last)
    total = PARTS[kind] + len(FORMATS)
    return jobs.start(user, KIND, title=title, data=data, permission=Permission.LEAD_TEAM, personal=False, total=total)


def wish_of(job: Job) -> uuid.UUID:
    """The same for every run of a job, and of no other."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{job.pk} {job.created_at.isoformat()}")


def titled(kind: str, first: date, last: date) -> str:
    said = {"first": first.isoformat(), "last": last.isoformat()}
    words = evaluation_words.months_in_words(said)
    return f"{Report.Kind(kind).label}, {words}"


# --- Making -----------------------------------------------------------------------------------


def make(job: Job, user: User, progress: jobs.Progress, *, now: datetime) -> jobs.Made:
    """The worker's part: a report that the wish has not left yet, and of its files the one that was asked for."""
    try:
        report = wished(wish_of(job)) or _made(job, user, progress, now)
    except PaperError as error:
        raise jobs.Refused(str(error)) from error
    form = job.data["form"]
    log = [{"action": "report.made", "detail": f"{report.kind} {report.first}–{report.last}, {report.pk}"}]
    note = _("Rapporten er gemt under Rapporter, både som PDF og Excel.")
    return jobs.Made(content_of(report, form), file_name(report, form), note=note, log=log)


def wished(wish: uuid.UUID) -> Report | None:
    """What an earlier run of the same wish has left."""
    return Report.objects.filter(wish=wish).first()


def _made(job: Job, user: User, progress: jobs.Progress, now: datetime) -> Report:
    kind, at = job.data["report"], timezone.localtime(now)
    first, last = (date.fromisoformat(job.data[name]) for name in ("first", "last"))
    found = final_one(user, kind, first, last)
    if found is not None:
        return found
    scope, steps = scope_of(user), _Steps(progress, PARTS[kind] + len(FORMATS))
    figures = FIGURES[kind](scope, first, last, at.date(), steps.one)
    report = Report(
        kind=kind,
        first=date.fromisoformat(figures["first"]),
        last=date.fromisoformat(figures["last"]),
        unit=unit_of(scope),
        unit_name=unit_name(scope)[:120],
        is_final=figures["closed"],
        figures=figures,
        wish=wish_of(job),
        made_by=user,
        made_at=now,
    )
    return _keep(report, steps)


class _Steps:
    """Parts done, told to the job's page; a run that has lost its claim stops here."""

    def __init__(self, progress: jobs.Progress, total: int):
        self.progress, self.total, self.done = progress, total, 0

    def one(self) -> None:
        self.done += 1
        self.progress(min(self.done, self.total), self.total)


def _keep(report: Report, steps: _Steps) -> Report:
    """Both files and the row, or none of them; the first of two that are the same stays."""
    names = {}
    try:
        for form in FORMATS:
            names[form] = default_storage.save(
                f"{FOLDER}/{secrets.token_hex(16)}.{form}", ContentFile(rendered(report, form))
            )
            steps.one()
        report.pdf, report.xlsx = names[PDF], names[XLSX]
        with transaction.atomic():
            report.save()
    except IntegrityError:
        _drop(names.values())
        return Report.objects.filter(wish=report.wish).first() or Report.objects.get(
            kind=report.kind, first=report.first, last=report.last, unit=report.unit, is_final=True
        )
    except BaseException:
        _drop(names.values())
        raise
    return report


def _drop(names) -> None:
    for name in names:
        default_storage.delete(name)


# --- Saying -----------------------------------------------------------------------------------


def document(report: Report) -> Document:
    return WORDS[report.kind](report.figures)


def rendered(report: Report, form: str) -> bytes:
    """The file from the kept figures. Raises PaperError."""
    return paper(report) if form == PDF else sheets(report)


def paper(report: Report) -> bytes:
    said = document(report)
    context = {
        "municipality": settings.MUNICIPALITY,
        "report": report,
        "document": said,
        "made": moment(report),
        "definitions": definitions.OF_REPORTS,
    }
    return render_pdf(TEMPLATES[report.kind], context, title=f"{said.title}, {report.unit_name}", lang="da")


def moment(report: Report) -> str:
    return doc_moment(report.made_at)


def sheets(report: Report) -> bytes:
    """One sheet per figure, the definitions, and last what the file is."""
    said = document(report)
    found = [
        Sheet(
            _("Overblik"),
            [Column(_("Overblik"), 110)],
            [(sentence,) for sentence in said.sentences],
        ),
        *(_sheet(table) for table in said.tables.values()),
        Sheet(
            _("Definitioner"),
            [Column(_("Ord"), 24), Column(_("Betydning"), 110)],
            [(str(term), str(said)) for term, said in definitions.OF_REPORTS],
        ),
    ]
    facts = [
        (_("Rapport"), said.title),
        (_("Omfang"), report.unit_name),
        (_("Periode"), said.period),
        (_("Status"), said.status),
        (_("Lavet"), moment(report)),
        (_("Af"), report.made_by.name if report.made_by else ""),
        (_("Udgave"), str(report.wish)),
    ]
    return bound(found, facts)


def _sheet(table: Table) -> Sheet:
    """The values of a table; what stands smaller below them has a column of its own behind theirs."""
    noted = {index for row in table.rows for index, cell in enumerate(row) if cell.more}
    columns: list[Column] = []
    for index, head in enumerate(table.heads):
        columns.append(Column(f"{head.title}, {head.unit}" if head.unit else head.title, head.width))
        if index in noted:
            columns.append(Column(_("%s: bemærkning") % head.title, 20))
    rows = [
        [value for index, cell in enumerate(row) for value in (cell.value, cell.more)[: 1 + (index in noted)]]
        for row in table.rows
    ]
    return Sheet(table.title, columns, rows)


# --- Fetching ---------------------------------------------------------------------------------


def content_of(report: Report, form: str) -> bytes:
    """The kept file; said anew from the kept figures where the storage has lost it."""
    name = getattr(report, form)
    if not default_storage.exists(name):
        return rendered(report, form)
    with default_storage.open(name) as held:
        return held.read()


def file_of(report: Report, user: User, form: str) -> bytes:
    """The file for who may see the report, with a line in the log."""
    content = content_of(report, form)
    audit.log(user, "report.export", detail=f"{report.kind} {report.pk}: {PurePath(getattr(report, form)).suffix}")
    return content


def file_name(report: Report, form: str) -> str:
    """ "maanedsrapport-2026-10.pdf", with the day it was made while its months were open."""
    word = {Report.Kind.MONTHLY: "maanedsrapport", Report.Kind.EVALUATION: "evaluering"}[report.kind]
    first, last = f"{report.first:%Y-%m}", f"{report.last:%Y-%m}"
    span = first if first == last else f"{first}-{last}"
    made = "" if report.is_final else f"-{timezone.localtime(report.made_at):%d%m-%H%M}"
    return f"{word}-{span}{made}.{form}"
