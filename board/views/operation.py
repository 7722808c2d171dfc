"""Drift: what runs by itself, how it stands, and what never arrived. For managers and the administrator."""

from datetime import datetime
from functools import wraps

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import Permission, can
from board.services import operation as service
from board.services.operation import Health, Part, Run
from cases.formats import doc_moment, length
from desk.models import Heartbeat, Job, Mail
from desk.services import mail

SHOWN = 50
MAY = (Permission.LEAD_TEAM, Permission.MANAGE_USERS)
TAGS = {
    Health.FINE: {"word": _l("I orden"), "tone": "done", "icon": "check-lg"},
    Health.WRONG: {"word": _l("Kræver handling"), "tone": "overdue", "icon": "exclamation-triangle"},
    Health.UNKNOWN: {"word": _l("Ved ikke"), "tone": "wait", "icon": "question-lg"},
}
# What the mail server said, in words; other errors by their own name.
ERRORS = {
    "SMTPAuthenticationError": _l("Mailserveren afviste Indgangs log-in"),
    "SMTPRecipientsRefused": _l("Mailserveren kender ikke adressen"),
    "SMTPSenderRefused": _l("Mailserveren afviste afsenderen"),
    "SMTPServerDisconnected": _l("Forbindelsen blev afbrudt"),
    "ConnectionRefusedError": _l("Mailserveren svarede ikke"),
    "TimeoutError": _l("Mailserveren svarede ikke"),
    "gaierror": _l("Mailserverens navn er ukendt"),
}


def for_operators(view):
    """A view for whoever leads or administers; for others it does not exist (404)."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not any(can(request.user, permission) for permission in MAY):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@for_operators
def operation(request):
    now = timezone.now()
    parts = service.parts(now=now)
    lost = list(mail.given_up().select_related("user")[:SHOWN])
    context = {
        "lede": lede(parts),
        "parts": [part_row(part) for part in parts],
        "sweeps": [sweep_row(beat) for beat in service.last(Run.SWEEP, service.SHOWN_SWEEPS)],
        "repairs": [repair_row(beat) for beat in service.last(Run.REPAIR, service.SHOWN_NIGHTS)],
        "ages": service.queue_by_age(now=now),
        "lost": [mail_row(each, now) for each in lost],
        "jobs": [job_row(job, now) for job in service.failed_jobs(now=now)[:SHOWN]],
        "as_of": moment(now),
    }
    return render(request, "board/operation.html", context)


def lede(parts: list[Part]) -> str:
    wrong = sum(part.health is Health.WRONG for part in parts)
    if not wrong:
        return _("Det, der kører af sig selv, kører.")
    return ngettext("%d ting kræver handling.", "%d ting kræver handling.", wrong) % wrong


def part_row(part: Part) -> dict:
    return {"title": part.title, "said": part.said, "todo": part.todo, "tag": TAGS[part.health]}


def moment(at: datetime) -> str:
    return doc_moment(at)


def took(beat: Heartbeat) -> str:
    time = beat.finished_at - beat.started_at
    return _("under 1 sekund") if time.total_seconds() < 1 else length(time)


def sweep_row(beat: Heartbeat) -> dict:
    counts = beat.counts
    return {
        "at": moment(beat.finished_at),
        "took": took(beat),
        "noticed": sum(counts.get("notices", {}).values()),
        "told": counts.get("told", 0),
        "delivered": counts.get("delivered", 0) + counts.get("managers", 0),
        "corrected": counts.get("corrected", 0),
    }


def repair_row(beat: Heartbeat) -> dict:
    counts = beat.counts
    return {
        "at": moment(beat.finished_at),
        "took": took(beat),
        "cases": counts.get("cases", 0),
        "differed": counts.get("differed", 0),
        "written": counts.get("created", 0) + counts.get("updated", 0),
    }


def mail_row(letter: Mail, now: datetime) -> dict:
    return {
        "pk": letter.pk,
        "to": letter.user.name if letter.user else _("En adresse uden for kommunen"),
        "subject": letter.subject,
        "made": moment(letter.made_at),
        "error": str(ERRORS.get(letter.last_error, letter.last_error)),
        "outdated": mail.is_outdated(letter, timezone.localdate(now)),
    }


def job_row(job: Job, now: datetime) -> dict:
    failed = job.status == Job.Status.FAILED
    return {
        "title": job.title or job.kind,
        "who": job.user.name,
        "asked": moment(job.created_at),
        "said": job.message if failed else _("Står stille; bestilt %s.") % service.ago(job.created_at, now),
    }


@require_POST
@for_operators
def mend_mail(request):
    """Letters that never arrived: `do` says what to do, `mail` to which; without it, to all."""
    now, what = timezone.now(), request.POST.get("do")
    chosen = [int(pk) for pk in request.POST.getlist("mail") if pk.isascii() and pk.isdecimal() and len(pk) < 19]
    ids = chosen if "mail" in request.POST else list(mail.given_up().values_list("pk", flat=True))
    if what in {"again", "away"}:
        done = service.answer_mail(what, ids, by=request.user, now=now, today=timezone.localdate(now))
        said = (
            ngettext("%d mail er lagt i kø igen.", "%d mails er lagt i kø igen.", done)
            if what == "again"
            else ngettext("%d mail er lagt væk.", "%d mails er lagt væk.", done)
        )
        messages.success(request, said % done)
    return redirect("board:operation")
