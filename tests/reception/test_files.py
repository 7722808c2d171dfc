"""The signed copy: known by its content, without the place where it was photographed, and inert in the browser."""

import io
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from PIL import Image

from accounts.models import AccessRecord
from reception.models import PlanFile
from reception.services import files
from reception.services import plan as plans
from tests.factories import UserFactory, a_family
from tests.reception.conftest import ARRIVED
from tests.reception.sheets import SCAN, photo, photo_with_place, sheet


@pytest.fixture
def handover(rule_set, worker, today):
    case = a_family({"given_names": "Olena"}, caseworker=worker, arrived_on=ARRIVED, visitation_on=ARRIVED)
    olena = case.people.get()
    plans.save_plan(olena, version=0, revision=0, goal="Lære dansk", lines=[], by=worker, today=today)
    return plans.hand_over(olena, on=today, by=worker, today=today)


@pytest.fixture
def web(client, worker):
    client.force_login(worker)
    return client


def url(name, handover, pk=None):
    person = handover.plan.person
    return reverse(f"reception:{name}", args=[person.case.number, pk or person.pk])


def test_a_photo_loses_where_it_was_taken():
    before = photo_with_place()
    assert b"Kamera CNRY" in before
    clean = files.cleaned(sheet(before))
    assert b"Kamera CNRY" not in clean.content
    with Image.open(io.BytesIO(clean.content)) as picture:
        assert not picture.getexif()
        assert picture.size == (60, 80)


def test_a_big_photo_is_made_small_and_a_png_becomes_a_jpeg():
    clean = files.cleaned(sheet(photo("PNG", (4000, 2000)), "ark.png"))
    with Image.open(io.BytesIO(clean.content)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (3000, 1500))
    assert clean.ending == ".jpg"


def bomb() -> bytes:
    """A PNG of 60,000 x 60,000 dots in a few bytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4)

    head = (60_000).to_bytes(4) * 2 + bytes([8, 2, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"<script>alert(1)</script>", "ark.jpg", "kan ikke læses som et billede"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "ark.svg", "Vælg et foto"),
        (photo("GIF"), "ark.jpg", "kan ikke læses som et billede"),
        (photo(), "ark.html", "Vælg et foto"),
        (photo(), "ark.pdf", "ikke en hel PDF"),
        (photo()[:200], "ark.jpg", "kan ikke læses som et billede"),
        (bomb(), "ark.png", "for mange punkter|kan ikke læses som et billede"),
        (b"<html>" + SCAN, "ark.pdf", "ikke en hel PDF"),
        (SCAN[:-8], "ark.pdf", "ikke en hel PDF"),
        (SCAN.replace(b"/Type", b"/OpenAction<</S/JavaScript>>/Type"), "ark.pdf", "scripts eller andre filer"),
        (SCAN.replace(b"/Type", b"/OpenAction<</S/J#61vaScript>>/Type"), "ark.pdf", "scripts eller andre filer"),
        (SCAN.replace(b"/Root", b"/Encrypt 3 0 R/Root"), "ark.pdf", "låst med adgangskode"),
        (b"", "ark.jpg", "kan ikke læses som et billede"),
    ],
)
def test_what_is_not_a_sheet_is_refused(content, name, said):
    with pytest.raises(ValidationError, match=said):
        files.cleaned(sheet(content, name))


def test_a_file_of_more_than_ten_megabytes_is_refused():
    with pytest.raises(ValidationError, match="mere end 10 MB"):
        files.cleaned(sheet(SCAN + b" " * files.MOST_BYTES, "ark.pdf"))


def test_the_name_on_disk_is_random_and_outside_what_is_served(handover, worker, today):
    upload = sheet(SCAN, "../../Olena Kovalenko.pdf")
    row = files.keep_signed_copy(handover, upload=upload, by=worker, today=today)
    path = Path(row.file.path)
    assert path.is_relative_to(settings.MEDIA_ROOT)
    assert "olena" not in path.name.lower()
    assert len(path.stem) == 32
    assert path.stat().st_mode & 0o077 == 0
    assert files.read(row) == SCAN


def test_it_is_uploaded_and_given_inert_and_each_time_is_logged(web, handover):
    answer = web.post(url("add_copy", handover), {"upload": sheet(photo_with_place())})
    assert answer.status_code == 302
    row = PlanFile.objects.get(kind="signed")
    html = web.get(url("min_plan", handover)).content.decode()
    assert "Underskrevet eksemplar, gemt" in html
    answer = web.get(url("signed_copy", handover, row.pk))
    number = handover.plan.person.case.number
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"] == f'attachment; filename="min-plan-{number}-v1-underskrevet.jpg"'
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert AccessRecord.objects.filter(action="plan.copy_read").count() == 1


def test_a_wrong_file_is_refused_in_danish_on_the_page(web, handover):
    answer = web.post(url("add_copy", handover), {"upload": sheet(b"MZ", "ark.exe")})
    assert answer.status_code == 422
    assert "Vælg et foto (JPG eller PNG) eller en PDF." in answer.content.decode()
    assert not PlanFile.objects.exists()


def test_a_copy_of_the_wrong_sheet_is_annulled_and_gone(web, handover, worker, today):
    row = files.keep_signed_copy(handover, upload=sheet(), by=worker, today=today)
    assert web.post(url("annul_copy", handover, row.pk), {"reason": "Forkert ark"}).status_code == 302
    assert web.get(url("signed_copy", handover, row.pk)).status_code == 404


def test_for_others_it_does_not_exist(client, handover, worker, today):
    row = files.keep_signed_copy(handover, upload=sheet(), by=worker, today=today)
    client.force_login(UserFactory(role="caseworker"))
    assert client.get(url("signed_copy", handover, row.pk)).status_code == 404
    assert client.get(url("add_copy", handover)).status_code == 404


def test_a_file_changed_on_disk_is_not_given_but_told(web, handover, worker, today):
    row = files.keep_signed_copy(handover, upload=sheet(SCAN, "ark.pdf"), by=worker, today=today)
    Path(row.file.path).write_bytes(SCAN + b"x")
    assert "kontrolsummen passer ikke" in files.faults(handover)[0]
    answer = web.get(url("signed_copy", handover, row.pk), follow=True)
    assert "kontrolsummen passer ikke" in answer.content.decode()


def test_the_paper_is_printed_once_and_then_given_as_it_was_kept(web, handover, monkeypatch, clock):
    printed = iter([b"%PDF-1.7 first", b"%PDF-1.7 second"])
    monkeypatch.setattr("reception.services.document.plan_pdf", lambda *args, **kwargs: next(printed))
    address = url("plan_pdf", handover)
    assert web.get(address).content == web.get(address).content == b"%PDF-1.7 first"
    assert web.get(f"{address}?sprog=da").content == b"%PDF-1.7 second"
    assert files.faults(handover) == []


def test_a_past_date_is_printed_only_after_a_question(web, handover, worker, today, monkeypatch):
    monkeypatch.setattr("reception.services.document.plan_pdf", lambda *args, **kwargs: b"%PDF-1.7")
    past = plans.Line("housing", "Find bolig", on=today - timedelta(days=3))
    plans.save_plan(handover.plan.person, version=1, revision=1, goal="Bolig", lines=[past], by=worker, today=today)
    address = url("plan_pdf", handover)
    html = web.get(f"{address}?sprog=da").content.decode()
    assert "Find bolig (21.11.2026)" in html
    assert web.get(f"{address}?sprog=da&alligevel=1")["Content-Type"] == "application/pdf"
