"""Files and jobs go by themselves, and nothing goes too early."""

import os
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from desk.models import Job
from desk.services import jobs
from tests.desk.wishes import files, wish, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_storage")]


def test_after_a_week_file_and_job_are_gone(mette):
    job = work(wish(mette))
    now = timezone.now()
    assert jobs.forget_old(now=now + jobs.KEPT - timedelta(minutes=1)) == 0
    assert len(files()) == 1
    assert jobs.forget_old(now=now + jobs.KEPT + timedelta(minutes=1)) == 1
    assert (files(), Job.objects.count()) == ([], 0)
    browser = Client()
    browser.force_login(mette)
    assert browser.get(reverse("desk:job", args=[job.pk])).status_code == 404


def test_a_wish_that_failed_and_is_made_days_later_is_kept_as_long_as_any_other(mette):
    def fails(job, user, progress):
        raise jobs.Refused("Printeren svarer ikke.")

    def for_a_day(job, user, progress):
        return jobs.Made(b"x", "breve.pdf", kept=jobs.A_DAY)

    job = work(wish(mette), fails)
    Job.objects.update(created_at=timezone.now() - timedelta(days=6))
    assert jobs.again(job, now=timezone.now())
    assert work(job, for_a_day).status == "done"
    assert jobs.forget_old(now=timezone.now() + timedelta(hours=23)) == 0
    assert jobs.forget_old(now=timezone.now() + timedelta(hours=25)) == 1


def test_of_two_that_clear_up_at_once_the_second_goes_on(mette, monkeypatch):
    default_storage.save(f"{jobs.FOLDER}/stray.csv", ContentFile(b"x"))

    def gone(name):
        raise FileNotFoundError(name)

    monkeypatch.setattr(default_storage, "get_modified_time", gone)
    assert jobs.forget_old(now=timezone.now()) == 0


def test_a_file_that_no_job_knows_goes_too(mette):
    kept = work(wish(mette)).file
    with default_storage.open(f"{jobs.FOLDER}/stray.csv", "wb") as file:
        file.write(b"x")
    written = timezone.now().timestamp()
    os.utime(default_storage.path(f"{jobs.FOLDER}/stray.csv"), (written, written))
    jobs.forget_old(now=timezone.now())
    assert len(files()) == 2, "it may be on its way into a row"
    jobs.forget_old(now=timezone.now() + timedelta(hours=2))
    assert [f"{jobs.FOLDER}/{name}" for name in files()] == [kept]
