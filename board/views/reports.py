"""Rapporter: the monthly report and the evaluation, asked for here, made by a worker and kept."""

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import Permission, needs
from board.forms.reports import FORMS, EvaluationForm, MonthlyForm
from board.models import Report
from board.services import definitions, reports
from board.services.compliance import last_months
from board.services.scope import scope_of
from board.services.snapshots import month_of
from desk import tasks
from desk.models import Job
from desk.services import jobs
from desk.services.export import CONTENT_TYPES
from desk.services.lists import page_of
from desk.views.jobs import row_of as row_of_job
from desk.views.lists import page_number, pager


@needs(Permission.LEAD_TEAM)
def reports_page(request):
    today = timezone.localdate()
    months = reports.months_offered(today)
    wanted, initial = wished(request.GET, months, today)
    forms = {kind: form(months=months, initial=initial[kind], prefix=kind) for kind, form in FORMS.items()}
    return listed(request, forms, narrowed=wanted)


def wished(query, months: list[date], today: date) -> tuple[bool, dict[str, dict]]:
    """What Fristoverholdelse had chosen: its months, and whether it was narrowed to a team or a town."""
    year = last_months(today, 12)
    first, last = (day_in(query.get(name, "")) for name in ("fra", "til"))
    last = within(last or month_of(today), months)
    first = within(first or year.first, months)
    month = last if query.get("til") else within(months[1] if len(months) > 1 else months[0], months)
    form = query.get("som", reports.PDF)
    form = form if form in reports.FORMATS else reports.PDF
    return any(query.get(name) for name in ("team", "by")), {
        MonthlyForm.kind: {"first": f"{month:%Y-%m}", "form": form},
        EvaluationForm.kind: {"first": f"{first:%Y-%m}", "last": f"{last:%Y-%m}", "form": form},
    }


def day_in(word: str) -> date | None:
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None


def within(day: date, months: list[date]) -> date:
    """The month of the day, or the nearest that is offered; months: the newest first."""
    return min(max(month_of(day), months[-1]), months[0])


def listed(request, forms, *, narrowed: bool = False, status: int = 200) -> HttpResponse:
    scope = scope_of(request.user)
    page = page_of(reports.seen_by(request.user).select_related("made_by"), page_number(request))
    now = timezone.now()
    under_way = jobs.of(request.user).filter(kind=reports.KIND).exclude(status=Job.Status.DONE)
    context = {
        "unit": reports.unit_name(scope),
        "narrowed": narrowed,
        "monthly": forms[MonthlyForm.kind],
        "evaluation": forms[EvaluationForm.kind],
        "failed": next((form for form in forms.values() if form.errors), None),
        "jobs": [row_of_job(job, now) for job in under_way[:5]],
        "rows": [row_of(report) for report in page.rows],
        "pager": pager(request, page),
    }
    return render(request, "board/reports.html", context, status=status)


def row_of(report: Report) -> dict:
    return {
        "url": reverse("board:report", args=[report.pk]),
        "kind": report.get_kind_display(),
        "title": reports.titled(report.kind, report.first, report.last),
        "unit": report.unit_name,
        "is_final": report.is_final,
        "made": reports.moment(report),
        "by": name_of(report),
        "pdf_url": reverse("board:report_pdf", args=[report.pk]),
        "xlsx_url": reverse("board:report_xlsx", args=[report.pk]),
    }


def name_of(report: Report) -> str:
    return report.made_by.name if report.made_by else "–"


@require_POST
@needs(Permission.LEAD_TEAM)
def make_report(request):
    """A report that stands is shown; one that is under way already is waited for; else a worker is asked."""
    kind = FORMS.get(request.POST.get("kind", ""), MonthlyForm)
    months = reports.months_offered(timezone.localdate())
    form = kind(request.POST, months=months, prefix=kind.kind)
    if not form.is_valid():
        _narrowed, initial = wished({}, months, timezone.localdate())
        others = {name: other(months=months, initial=initial[name], prefix=name) for name, other in FORMS.items()}
        return listed(request, others | {kind.kind: form}, status=422)
    if final := reports.final_one(request.user, *form.wanted):
        messages.info(request, _("Rapporten findes: månederne er lukket, så den er den samme som før."))
        return redirect("board:report", final.pk)
    job = reports.asked_already(request.user, *form.wanted) or reports.ask(
        request.user, *form.wanted, form=form.cleaned_data["form"] or reports.PDF
    )
    tasks.ask_for(job)
    return redirect("desk:job", job.pk)


def own_report(request, pk) -> Report:
    return get_object_or_404(reports.seen_by(request.user).select_related("made_by"), pk=pk)


@needs(Permission.LEAD_TEAM)
def report(request, pk):
    found = own_report(request, pk)
    said = reports.document(found)
    made = _("Lavet %(at)s af %(who)s.") % {"at": reports.moment(found), "who": name_of(found)}
    context = {
        "report": found,
        "document": said,
        "lede": f"{found.unit_name}, {said.period}. {said.status} {made}",
        "crumbs": [{"url": reverse("board:reports"), "text": _("Rapporter")}, {"url": "", "text": said.title}],
        "actions": actions_of(pk),
        "says": definitions.OF_REPORTS,
    }
    return render(request, f"board/report_{found.kind}.html", context)


def actions_of(pk: int) -> list[dict]:
    file = {"file": True, "primary": False}
    pdf, xlsx = (reverse(f"board:report_{form}", args=[pk]) for form in reports.FORMATS)
    return [
        file | {"url": pdf, "text": _("PDF"), "icon": "file-earmark-pdf", "primary": True},
        file | {"url": xlsx, "text": _("Excel"), "icon": "file-earmark-spreadsheet"},
        {"print": True, "text": _("Udskriv"), "icon": "printer"},
    ]


@needs(Permission.LEAD_TEAM)
def report_pdf(request, pk):
    return file_answer(request, pk, reports.PDF)


@needs(Permission.LEAD_TEAM)
def report_xlsx(request, pk):
    return file_answer(request, pk, reports.XLSX)


def file_answer(request, pk, form: str) -> HttpResponse:
    found = own_report(request, pk)
    content = reports.file_of(found, request.user, form)
    headers = {
        "Content-Disposition": f'attachment; filename="{reports.file_name(found, form)}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=CONTENT_TYPES[form], headers=headers)
