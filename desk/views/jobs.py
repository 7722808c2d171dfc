"""Mine filer: what a worker makes for this user, how far it is, and the file itself."""

from pathlib import PurePath
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseStopPolling

from accounts.stepup import is_fresh
from cases.formats import doc_moment, thousands
from desk import tasks
from desk.models import Job
from desk.services import jobs
from desk.services.export import CONTENT_TYPES

SHOWN = 50
TONES = {Job.Status.DONE: "done", Job.Status.FAILED: "overdue", Job.Status.RUNNING: "info", Job.Status.WAITING: "wait"}
ICONS = {
    Job.Status.DONE: "check-lg",
    Job.Status.FAILED: "x-lg",
    Job.Status.RUNNING: "arrow-repeat",
    Job.Status.WAITING: "hourglass-split",
}


def files(request):
    """The user's own, the newest first; they go by themselves after a week."""
    now = timezone.now()
    rows = [row_of(job, now) for job in jobs.of(request.user)[:SHOWN]]
    return render(request, "desk/jobs.html", {"rows": rows})


def row_of(job: Job, now) -> dict:
    """A job as the pages show it."""
    share = 100 * job.done // job.total if job.total else None
    return {
        "url": reverse("desk:job", args=[job.pk]),
        "title": job.title or _("Fil"),
        "asked": doc_moment(job.created_at),
        "until": doc_moment(job.kept_until or job.created_at + jobs.KEPT),
        "word": job.get_status_display(),
        "tone": TONES[job.status],
        "icon": ICONS[job.status],
        "waits": job.waits,
        "done": thousands(job.done),
        "total": thousands(job.total),
        "share": share,
        "message": job.message,
        "file_url": reverse("desk:job_file", args=[job.pk]) if job.file else "",
        "again_url": reverse("desk:job_again", args=[job.pk]) if jobs.may_retry(job, now=now) else "",
    }


def own_job(request, pk) -> Job:
    return get_object_or_404(jobs.of(request.user), pk=pk)


def job(request, pk):
    """How far it is. The page asks again by itself; without scripts one reloads it."""
    found = own_job(request, pk)
    context = {"job": row_of(found, timezone.now()), "own_url": request.path}
    if not request.htmx:
        crumbs = [{"url": reverse("desk:files"), "text": _("Mine filer")}, {"url": "", "text": context["job"]["title"]}]
        return render(request, "desk/job.html", context | {"crumbs": crumbs})
    answer = render(request, "desk/_job.html", context | {"polled": True})
    return answer if found.waits else HttpResponseStopPolling(answer.content)


@require_POST
def again(request, pk):
    """A job that failed, or that no worker has been heard of, is asked for once more."""
    found = own_job(request, pk)
    if jobs.again(found, now=timezone.now()):
        tasks.ask_for(found)
    return redirect("desk:job", pk)


def file(request, pk):
    """The file, to its user alone; what names families after a fresh log-in, which leads back to the job's page."""
    found = own_job(request, pk)
    if found.personal and not is_fresh(request):
        back = urlencode({"next": reverse("desk:job", args=[pk])})
        return redirect(f"{reverse('account_reauthenticate')}?{back}")
    content = jobs.file_of(found, request.user)
    if content is None and found.file and not jobs.sees_all(found, request.user):
        messages.error(request, _("Nogle af familierne i filen er ikke længere dine at se. Bestil filen igen."))
        return redirect("desk:job", pk)
    if content is None:
        raise Http404
    kind = CONTENT_TYPES.get(PurePath(found.name).suffix.removeprefix("."), "application/octet-stream")
    headers = {"Content-Disposition": f'attachment; filename="{found.name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=kind, headers=headers)
