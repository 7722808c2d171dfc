"""Reports made as the worker makes them, and what of them stands on paper and in sheets."""

import io
from datetime import date, datetime

import pypdf
from django.utils import timezone
from openpyxl import load_workbook

from board.models import Report
from board.services import reports
from desk.models import Job
from desk.services import jobs

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)


def wish(user, kind=Report.Kind.MONTHLY, first=OCTOBER, last=None, **options) -> Job:
    return reports.ask(user, kind, first, last or first, **options)


def work(job: Job, now: datetime | None = None) -> Job | None:
    now = now or timezone.now()
    makers = {reports.KIND: lambda job, user, progress: reports.make(job, user, progress, now=now)}
    return jobs.run(job.pk, makers, now=now)


def made(user, kind=Report.Kind.MONTHLY, first=OCTOBER, last=None, **options) -> Report:
    job = wish(user, kind, first, last, **options)
    done = work(job)
    assert done.status == Job.Status.DONE, done.message
    return Report.objects.get(wish=reports.wish_of(job))


def squeezed(text: str) -> str:
    return " ".join(text.replace("\xa0", " ").split())


def said(content: bytes) -> str:
    """The words of a PDF, each break of a line as a space."""
    return squeezed(" ".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(content)).pages))


def pages(content: bytes) -> int:
    return len(pypdf.PdfReader(io.BytesIO(content)).pages)


def sheets(content: bytes) -> dict[str, list[list]]:
    """Title → rows without the head."""
    book = load_workbook(io.BytesIO(content))
    return {sheet.title: [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)] for sheet in book}
