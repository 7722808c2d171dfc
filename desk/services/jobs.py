"""What takes long is made by a worker: one row per wish, one file, found again by its user alone.

The app that makes the file has a table kind → function and the task `make_file`; `run` claims the job, lets the
function work and puts file, log and end into one transaction. A task that is lost, doubled or late does no harm: each
run has a claim of its own, and only the one that still holds it may write.
"""

import logging
import secrets
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.access import Permission, can
from accounts.models import User
from cases.access import covers
from cases.models import Case
from desk.models import Job

FOLDER = "jobs"
KEPT = timedelta(days=7)
A_DAY = timedelta(days=1)  # a file with many families is fetched at once, and then forgotten
SILENT = timedelta(minutes=5)  # a worker that has said nothing for so long is taken for dead; a maker says more often
UNASKED = timedelta(minutes=10)  # a wish that no worker has taken up is asked for once more
MOST_TRIES = 3
AT_ONCE = 500  # families asked about in one query
BETWEEN = 0.5  # seconds between two rows written about how far it is

ALIVE_AT = Coalesce("seen_at", "created_at")  # since when nobody has done anything about it

log = logging.getLogger(__name__)


class Refused(Exception):
    """It can't be made; the message, a Danish sentence, is shown to the user, who may try again."""


class Superseded(Exception):
    """Another run has taken the job over; this one stops and writes nothing."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a maker hands back.

    name: of the file, with its ending. note: a sentence beside the link. log: keywords of `audit.log`, one for each row
    that says what has been put into the file. kept: how long file and job are kept, at most KEPT. cases: ids of the
    families that it names, where the wish didn't say which.
    """

    content: bytes
    name: str
    note: str = ""
    log: Sequence[Mapping] = ()
    kept: timedelta = KEPT
    cases: Collection[int] = ()


Progress = Callable[[int, int], None]  # (done, total)
Make = Callable[[Job, User, Progress], Made]


# --- Asking -----------------------------------------------------------------------------------


def start(
    user: User,
    kind: str,
    *,
    title: str,
    data: Mapping | None = None,
    order: str = "",
    purpose: str = "",
    permission: Permission | None = None,
    personal: bool = True,
    total: int = 0,
) -> Job:
    """A wish that waits for a worker; desk.tasks.ask_for asks for one when the transaction has ended.

    data: ids and days; under "cases" the families that the file names, all of which its user must still see to fetch
    it. personal: it is fetched after a fresh log-in only.
    """
    return Job.objects.create(
        user=user,
        kind=kind,
        title=title[:120],
        data=dict(data or {}),
        order=order,
        purpose=purpose[:200],
        permission=permission.value if permission else "",
        personal=personal,
        total=total,
    )


def of(user: User) -> QuerySet[Job]:
    """The user's own, the newest first; nobody else's."""
    return Job.objects.filter(user=user).order_by("-pk")


def may_retry(job: Job, *, now: datetime) -> bool:
    """Whether "Prøv igen" stands there: it failed, or no worker has been heard of."""
    return job.status == Job.Status.FAILED or is_silent(job, now=now) or is_unasked(job, now=now)


def again(job: Job, *, now: datetime) -> bool:
    """Wait for a worker once more; a run that may still be alive loses its claim. False: there is no need."""
    with transaction.atomic():
        locked = Job.objects.select_for_update().get(pk=job.pk)
        if not may_retry(locked, now=now):
            return False
        _write(locked, status=Job.Status.WAITING, claim="", tries=0, done=0, message="", seen_at=now)
    return True


# --- Working ----------------------------------------------------------------------------------


def run(job_id: int, makers: Mapping[str, Make], *, now: datetime) -> Job | None:
    """Make the file of this job; None when it is made, gone, or in the hands of another worker."""
    job = claim(job_id, now=now)
    if job is None:
        return None
    user, failure = User.objects.get(pk=job.user_id), ""
    try:
        if not may_have(job, user):
            raise Refused(_("Du har ikke længere adgang til det, filen handler om."))
        made = makers[job.kind](job, user, _Teller(job))
    except Superseded:
        return None
    except Refused as error:
        failure = str(error)
    except Exception:  # whatever a worker stumbles over, the user's page must say that it is over
        log.exception("job %s of kind %s", job.pk, job.kind)
        failure = _("Noget gik galt, mens filen blev lavet.")
    # Not inside the except: until it has ended, the error holds on to whatever the maker had open.
    if failure:
        _fail(job, failure, now=now)
    else:
        _finish(job, user, made, now=now)
    job.refresh_from_db()
    return job


@transaction.atomic
def claim(job_id: int, *, now: datetime) -> Job | None:
    """Take the job; None unless it waits, or its worker has fallen silent."""
    job = Job.objects.select_for_update().filter(pk=job_id).first()
    if job is None or not (job.status == Job.Status.WAITING or is_silent(job, now=now)):
        return None
    _write(
        job,
        status=Job.Status.RUNNING,
        claim=secrets.token_hex(16),
        tries=job.tries + 1,
        done=0,
        message="",
        seen_at=now,
    )
    return job


class _Teller:
    """The maker's `progress`: a row now and then, and the end of a run whose claim is gone."""

    def __init__(self, job: Job):
        self.job, self.told = job, 0.0

    def __call__(self, done: int, total: int) -> None:
        at = time.monotonic()
        if at - self.told < BETWEEN and done < total:
            return
        self.told = at
        held = Job.objects.filter(pk=self.job.pk, claim=self.job.claim)
        if not held.update(done=done, total=total, seen_at=timezone.now()):
            raise Superseded


def _finish(job: Job, user: User, made: Made, *, now: datetime) -> None:
    """File, log and end stand together or not at all."""
    name = default_storage.save(
        f"{FOLDER}/{secrets.token_hex(16)}{PurePath(made.name).suffix}", ContentFile(made.content)
    )
    try:
        with transaction.atomic():
            locked = Job.objects.select_for_update().filter(pk=job.pk, claim=job.claim).first()
            if locked is not None:
                for row in made.log:
                    audit.log(user, **row)
                total = locked.total or 1
                ended = {"status": Job.Status.DONE, "done": total, "total": total, "finished_at": now, "claim": ""}
                ended["kept_until"] = now + min(made.kept, KEPT)
                if made.cases:
                    ended["data"] = locked.data | {"cases": sorted(made.cases)}
                _write(locked, file=name, name=made.name[:120], message=made.note[:240], order="", **ended)
    except BaseException:
        default_storage.delete(name)
        raise
    if locked is None:
        default_storage.delete(name)


def _fail(job: Job, message: str, *, now: datetime) -> None:
    ended = {"status": Job.Status.FAILED, "message": message[:240], "claim": "", "finished_at": now}
    Job.objects.filter(pk=job.pk, claim=job.claim).update(**ended)


def _write(job: Job, **changes) -> None:
    for name, value in changes.items():
        setattr(job, name, value)
    job.save(update_fields=list(changes))


# --- Fetching ---------------------------------------------------------------------------------


def may_have(job: Job, user: User) -> bool:
    """Whether the user works here and still has the right under which the file was asked for."""
    return user.is_active and (not job.permission or can(user, Permission(job.permission)))


def sees_all(job: Job, user: User) -> bool:
    """Whether the user still sees every family that the file is said to name, places and all."""
    wanted = sorted(set(job.data.get("cases", [])))
    visible = Case.objects.visible_to(user)
    if "list" in job.data:  # a protected family leaves the house in no list
        visible = visible.filter(protected=False)
    parts = (wanted[first : first + AT_ONCE] for first in range(0, len(wanted), AT_ONCE))
    return all(sum(not covers(user, case) for case in visible.filter(pk__in=part)) == len(part) for part in parts)


def file_of(job: Job, user: User) -> bytes | None:
    """The file, with a line in the log; None when it is not made, gone, or no longer the user's to have."""
    if job.user_id != user.pk or job.status != Job.Status.DONE or not may_have(job, user) or not sees_all(job, user):
        return None
    if not job.file or not default_storage.exists(job.file):
        return None
    with default_storage.open(job.file) as held:
        content = held.read()
    audit.log(user, "file.export", purpose=job.purpose, detail=f"{job.kind} job {job.pk}")
    return content


# --- Keeping in order -------------------------------------------------------------------------


def is_silent(job: Job, *, now: datetime) -> bool:
    """Whether the worker that took it has not been heard of for too long."""
    return job.status == Job.Status.RUNNING and (job.seen_at is None or now - job.seen_at > SILENT)


def is_unasked(job: Job, *, now: datetime) -> bool:
    """Whether it waits for longer than a worker that is there would leave it."""
    return job.status == Job.Status.WAITING and now - (job.seen_at or job.created_at) > UNASKED


def give_up_or_ask(*, now: datetime) -> list[Job]:
    """What no worker has ended: to be asked for once more, or, after a few tries, failed. Returns the former."""
    silent = Q(status=Job.Status.RUNNING) & (Q(seen_at=None) | Q(seen_at__lt=now - SILENT))
    unasked = Q(status=Job.Status.WAITING, alive_at__lt=now - UNASKED)
    lost = Job.objects.alias(alive_at=ALIVE_AT).filter(silent | unasked).order_by("pk")
    lost.filter(silent, tries__gte=MOST_TRIES).update(
        status=Job.Status.FAILED, claim="", finished_at=now, message=_("Arbejdet blev afbrudt flere gange.")
    )
    return list(lost)


def forget_old(*, now: datetime) -> int:
    """Take away files and jobs whose time is over, and files that no job knows. Returns how many jobs went."""
    undone = Q(kept_until=None, alive_at__lt=now - KEPT)
    old = list(Job.objects.alias(alive_at=ALIVE_AT).filter(undone | Q(kept_until__lt=now)))
    for job in old:
        if job.file:
            default_storage.delete(job.file)
        job.delete()
    _forget_strays(now)
    return len(old)


def _forget_strays(now: datetime) -> None:
    """A worker that died between file and row leaves a file behind."""
    if not default_storage.exists(FOLDER):
        return
    names = [f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]]
    known = set(Job.objects.filter(file__in=names).values_list("file", flat=True))
    for name in names:
        if name in known:
            continue
        with suppress(FileNotFoundError):  # another worker was faster
            if now - default_storage.get_modified_time(name) > timedelta(hours=1):
                default_storage.delete(name)
