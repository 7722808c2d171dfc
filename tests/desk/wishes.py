"""Jobs of a kind of their own, for the tests of what a worker makes."""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from desk.models import Job
from desk.services import jobs

KIND = "desk.test"


def wish(user, **given) -> Job:
    return jobs.start(user, KIND, title="Frister (CSV)", **given)


def made(job, user, progress) -> jobs.Made:
    progress(1, 2)
    progress(2, 2)
    return jobs.Made(b"a;b", "frister.csv", note="To rækker.", log=[{"action": "list.export", "detail": "frister: 2"}])


def work(job: Job, make=made, *, later=timedelta()) -> Job | None:
    return jobs.run(job.pk, {KIND: make}, now=timezone.now() + later)


def files() -> list[str]:
    return default_storage.listdir(jobs.FOLDER)[1] if default_storage.exists(jobs.FOLDER) else []
