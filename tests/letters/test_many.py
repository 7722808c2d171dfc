"""Letters for many families: in the background, once, only for who still sees them; and the file is forgotten."""

import io
from datetime import timedelta

import pypdf
import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessRecord
from cases.models import Case
from cases.paper import PaperError, printer_is_missing
from cases.protection import Protection
from desk.models import Job
from desk.services import jobs
from desk.tasks import look_after_jobs
from letters import tasks
from letters.services import batch, printing
from tests.factories import TeamFactory, UserFactory, a_family
from tests.pdf_ua import faults

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(bool(printer_is_missing()), reason="pango is missing on this machine"),
]


@pytest.fixture
def mette():
    return UserFactory(role="caseworker", team=TeamFactory())


@pytest.fixture
def families(mette, today):
    made = [a_family({"given_names": name}, caseworker=mette, team=mette.team) for name in ("Olena", "Ivan", "Daria")]
    return sorted(made, key=lambda case: case.number)


@pytest.fixture
def browser(mette):
    client = Client()
    client.force_login(mette)
    return client


def ordered(browser, families, letter: str = "velkomst", django_capture=None) -> Job:
    data = {"letter": letter, "cases": [case.pk for case in families]}
    with django_capture(execute=True):
        answer = browser.post(reverse("letters:many"), data)
    assert answer.status_code == 302, answer.context["form"].errors
    return Job.objects.get()


def work(job: Job, *, later=timedelta()) -> Job | None:
    return jobs.run(job.pk, tasks.MAKERS, now=timezone.now() + later)


def prints() -> int:
    return AccessRecord.objects.filter(action="letter.print").count()


def sheets(content: bytes) -> list[str]:
    return [sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(content)).pages]


@pytest.mark.parametrize("letter", batch.MANY)
def test_one_file_with_a_sheet_for_each(browser, families, letter, django_capture_on_commit_callbacks):
    job = ordered(browser, families, letter, django_capture_on_commit_callbacks)
    assert (job.status, job.done, job.total) == ("done", 4, 4)
    page = browser.get(reverse("desk:job", args=[job.pk]))
    assert "Filen er klar." in page.text
    content = b"".join(browser.get(reverse("desk:job_file", args=[job.pk])))
    assert faults(content) == []
    pages = sheets(content)
    assert len(pages) == 3
    for case, text in zip(families, pages, strict=True):
        assert case.number in text
    assert prints() == 3
    assert AccessRecord.objects.filter(action="file.export").count() == 1


def test_killed_half_way_and_run_again_it_is_the_same_file(mette, families, today, monkeypatch):
    job = batch.start(mette, letter="velkomst", cases=[case.pk for case in families])
    composed, seen = printing.composed, []

    def dies(kind, order, **how):
        seen.append(order)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return composed(kind, order, **how)

    with monkeypatch.context() as broken:
        broken.setattr("letters.services.printing.composed", dies)
        with pytest.raises(KeyboardInterrupt):
            work(job)
    job.refresh_from_db()
    assert (job.status, job.file, prints()) == ("running", "", 0)
    for _twice in range(2):
        work(job, later=jobs.SILENT + timedelta(seconds=1))
    job.refresh_from_db()
    assert job.status == "done"
    assert len(sheets(jobs.file_of(job, mette))) == 3
    assert prints() == 3, "each once"


def test_who_has_lost_a_family_gets_neither_its_letter_nor_the_file(mette, families, today):
    job = batch.start(mette, letter="velkomst", cases=[case.pk for case in families])
    work(job)
    Case.objects.filter(pk=families[0].pk).update(caseworker=None, team=TeamFactory())
    job.refresh_from_db()
    mette = type(mette).objects.get(pk=mette.pk)
    assert jobs.file_of(job, mette) is None
    later = batch.start(mette, letter="velkomst", cases=[case.pk for case in families])
    work(later)
    later.refresh_from_db()
    with default_storage.open(later.file) as held:
        assert len(sheets(held.read())) == 2


def test_a_familys_places_that_are_covered_are_in_no_list(mette, families, today):
    person = families[0].people.first()
    day = {"starts_on": today, "review_on": today + timedelta(days=9), "registered_on": today}
    Protection.objects.create(person=person, registered_by=mette, **day)
    Case.objects.filter(pk=families[0].pk).update(protected=True, caseworker=UserFactory(role="caseworker"))
    assert families[0].pk not in {case.pk for case in batch.families(mette)}


def test_the_job_is_the_users_own(browser, families, mette):
    job = batch.start(mette, letter="velkomst", cases=[families[0].pk])
    other = Client()
    other.force_login(UserFactory(role="caseworker", team=mette.team))
    for name in ("job", "job_file"):
        assert other.get(reverse(f"desk:{name}", args=[job.pk])).status_code == 404
    assert other.post(reverse("desk:job_again", args=[job.pk])).status_code == 404


def test_while_it_waits_the_page_asks_again_and_says_how_far(browser, families, mette):
    job = batch.start(mette, letter="velkomst", cases=[case.pk for case in families])
    Job.objects.filter(pk=job.pk).update(status="running", done=2, seen_at=timezone.now())
    html = browser.get(reverse("desk:job", args=[job.pk])).text
    assert "2 af 4." in html
    assert 'hx-trigger="every 2s"' in html
    assert '<progress max="100" value="50"' in html
    fragment = browser.get(reverse("desk:job", args=[job.pk]), headers={"HX-Request": "true"}).text
    assert "<html" not in fragment


def test_a_printer_that_fails_is_said_and_may_be_asked_again(
    mette, families, today, monkeypatch, browser, django_capture_on_commit_callbacks
):
    def broken(*args, **kwargs):
        raise PaperError("PDF'en tog for lang tid at lave.")

    monkeypatch.setattr("letters.services.printing.render_pdf", broken)
    job = batch.start(mette, letter="velkomst", cases=[families[0].pk])
    work(job)
    html = browser.get(reverse("desk:job", args=[job.pk])).text
    assert "tog for lang tid" in html
    assert reverse("desk:job_again", args=[job.pk]) in html
    monkeypatch.undo()
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("desk:job_again", args=[job.pk]))
    assert Job.objects.get().status == "done"


def test_nothing_chosen_is_said(browser, families):
    answer = browser.post(reverse("letters:many"), {"letter": "velkomst"})
    assert answer.status_code == 422
    assert "Vælg mindst én familie." in answer.text


def test_no_day_that_has_passed_gets_into_many_letters(browser, families):
    data = {"letter": "sagsbehandler", "cases": [families[0].pk], "day": "1.11.2026"}
    answer = browser.post(reverse("letters:many"), data)
    assert answer.status_code == 422
    assert "Datoen er passeret." in answer.text
    assert not Job.objects.exists()


def test_foreign_families_can_not_be_ordered(browser, families):
    foreign = a_family(caseworker=UserFactory(role="caseworker"))
    assert browser.post(reverse("letters:many"), {"letter": "velkomst", "cases": [foreign.pk]}).status_code == 422


def test_after_a_day_the_file_is_gone(mette, families, today, browser):
    job = batch.start(mette, letter="velkomst", cases=[families[0].pk])
    work(job)
    job.refresh_from_db()
    assert jobs.forget_old(now=timezone.now()) == 0
    assert jobs.forget_old(now=timezone.now() + timedelta(days=1, minutes=1)) == 1
    assert not default_storage.exists(job.file)
    assert browser.get(reverse("desk:job_file", args=[job.pk])).status_code == 404


def test_a_job_that_was_lost_is_taken_up_again(mette, families, django_capture_on_commit_callbacks):
    job = batch.start(mette, letter="velkomst", cases=[families[0].pk])
    for age, status in ((jobs.SILENT - timedelta(seconds=9), "running"), (jobs.SILENT + timedelta(seconds=1), "done")):
        Job.objects.filter(pk=job.pk).update(seen_at=timezone.now() - age, status="running")
        with django_capture_on_commit_callbacks(execute=True):
            look_after_jobs()
        assert Job.objects.get().status == status


def test_two_runs_at_the_same_moment_print_once(mette, families, today, monkeypatch):
    """The second ends while the first still prints: one file, one line in the log for each family."""
    job = batch.start(mette, letter="velkomst", cases=[case.pk for case in families])
    render, inner = printing.render_pdf, []

    def meanwhile(*args, **kwargs):
        if not inner:
            inner.append(True)
            work(job)
        return render(*args, **kwargs)

    monkeypatch.setattr("letters.services.printing.render_pdf", meanwhile)
    work(job)
    assert prints() == 3
    assert Job.objects.get().status == "done"
