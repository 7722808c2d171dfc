"""Letters for many families in the background. A job carries ids; run twice, or after a crash, it makes one file.

Whoever has lost the right to a family meanwhile gets no letter of it, and no file that holds one.
"""

import secrets
from datetime import date, datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from cases.access import covers, mark
from cases.models import Case, Person
from cases.paper import PaperError
from desk.models import Job
from letters.services import printing
from letters.services.facts import KINDS, Missing, Order
from reception.services.plan import planners

KIND = "letters"
MOST = 30  # sixty letters take the printer a dozen seconds of its thirty
KEPT = timedelta(days=1)  # a file with many families is fetched at once, and then forgotten
LOST = timedelta(minutes=20)
MANY = {"velkomst": _("Velkomstark"), "sagsbehandler": _("Ny sagsbehandler"), printing.SHEET: _("Familieark")}


def families(user) -> list[Case]:
    """Open cases that the user has or stands in for, the newest first; those whose places are covered are left out."""
    rows = Case.objects.visible_to(user).open().filter(caseworker__in=user.acting_for)
    return [case for case in rows.order_by("-registered_on", "-pk")[: MOST + 1] if not covers(user, case)]


def start(user, *, letter: str, cases: list[int], day: date | None = None) -> Job:
    """A job that a worker takes up; the caller asks for it when the transaction has ended."""
    data = {"letter": letter, "cases": cases, "day": day.isoformat() if day else ""}
    return Job.objects.create(kind=KIND, user=user, total=len(cases) + 1, data=data)


def run(job_id: int, *, today: date, now: datetime) -> Job | None:
    """Print what the job names; None when it is done already or does not exist."""
    job = Job.objects.filter(pk=job_id, kind=KIND).exclude(status=Job.Status.DONE).select_related("user").first()
    if job is None:
        return None
    _tell(job, status=Job.Status.RUNNING, done=0, message="")
    user = User.objects.get(pk=job.user_id)
    pages, left_out = [], []
    for case in _cases(job, user):
        found = _pages(job, case, user, today)
        pages += found
        left_out += [] if found else [case.number]
        _tell(job, done=job.done + 1)
    try:
        content = _printed(job, pages)
    except PaperError as error:
        _tell(job, status=Job.Status.FAILED, message=str(error)[:240], finished_at=now)
        return job
    _finish(job, user, content, left_out, now=now)
    return job


def _cases(job: Job, user) -> list[Case]:
    wanted = Case.objects.visible_to(user).filter(pk__in=job.data["cases"]).select_related("caseworker")
    found = [case for case in wanted.order_by("number") if not covers(user, case)]
    for case in found:
        mark(user, case)
    return found


def _pages(job: Job, case: Case, user, today: date) -> list[dict]:
    if job.data["letter"] == printing.SHEET:
        return [printing.sheet(case, user, today=today)]
    kind, found = KINDS[job.data["letter"]], []
    said = {"day": date.fromisoformat(job.data["day"])} if job.data["day"] else {}
    for person in adults(case, today):
        try:
            found.append(printing.composed(kind, Order(person, person, today, said)))
        except Missing:
            continue
    return found


def adults(case: Case, today: date) -> list[Person]:
    """Those who get letters: the grown-ups who are here, and whoever came alone."""
    here = set(case.people.filter(stays__left_on=None).values_list("pk", flat=True))
    found = [person for person in planners(case, today) if person.pk in here]
    for person in found:
        person.case = case
    return found


def _printed(job: Job, pages: list[dict]) -> bytes:
    if not pages:
        raise PaperError(_("Der er ingen breve at trykke: familierne mangler oplysninger, eller du ser dem ikke mere."))
    return printing.sheets_pdf(pages) if job.data["letter"] == printing.SHEET else printing.letters_pdf(pages)


@transaction.atomic
def _finish(job: Job, user, content: bytes, left_out: list[str], *, now: datetime) -> None:
    """The file, the log and the end of the job stand together or not at all. The first of two runs wins."""
    locked = Job.objects.select_for_update().get(pk=job.pk)
    if locked.status == Job.Status.DONE:
        return
    for case in _cases(job, user):
        if case.number not in left_out:
            audit.log(user, "letter.print", case_number=case.number, detail=f"{job.data['letter']} job {job.pk}")
    name = default_storage.save(f"letters/{secrets.token_hex(16)}.pdf", ContentFile(content))
    said = _("Uden brev: %s") % ", ".join(left_out[:20]) if left_out else ""
    _tell(job, status=Job.Status.DONE, done=job.total, file=name, message=said[:240], finished_at=now)


def _tell(job: Job, **changes) -> None:
    for name, value in changes.items():
        setattr(job, name, value)
    job.save(update_fields=list(changes))


def file_of(job: Job, user) -> bytes | None:
    """The file; None when it is gone, or when the user no longer sees every family in it."""
    if job.status != Job.Status.DONE or len(_cases(job, user)) != len(job.data["cases"]):
        return None
    if not job.file or not default_storage.exists(job.file):
        return None
    with default_storage.open(job.file) as held:
        return held.read()


def lost(now: datetime) -> list[int]:
    """Jobs that no worker has ended: the broker may have lost them, or the worker died."""
    waits = Job.objects.filter(kind=KIND, status__in=[Job.Status.WAITING, Job.Status.RUNNING])
    return list(waits.filter(created_at__lt=now - LOST, created_at__gte=now - KEPT).values_list("pk", flat=True))


def forget_old(now: datetime) -> int:
    """Take away the files of yesterday. Returns how many."""
    old = Job.objects.filter(kind=KIND, created_at__lt=now - KEPT).exclude(file="")
    for job in old:
        default_storage.delete(job.file)
        _tell(job, file="")
    return len(old)
