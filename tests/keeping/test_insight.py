"""The insight package: what is in it, who releases it, and that nothing changes it afterwards."""

import io
import json
from datetime import date

import page
import pypdf
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts import audit
from accounts.models import AccessRecord
from cases.paper import printer_is_missing
from cases.services import write_note
from employment.models import Job
from keeping.models import Insight
from keeping.services import gathering, package
from reception.services.files import keep_signed_copy
from reception.services.plan import Line, hand_over, save_plan
from tests.factories import TODAY, a_family
from tests.reception.sheets import sheet

OWN = [
    "Ownolena", "620690", "+4511122233", "OWNMAAL", "OWNPRAKTIK", "OWNFIRMA", "OWNTILBUD", "OWNFRIST", "OWNFRITAGET",
    "OWNVEJEN", "OWNSAMTYKKE", "OWNHUSSTAND", "OWNORDINARYNOTE", "OWNHEALTHNOTE", "OWNLOCATIONNOTE", "OWNWORKNOTE",
]  # fmt: skip
ASKED = date(2026, 11, 20)


@pytest.fixture
def paper(monkeypatch):
    """Quick: the printer has a test of its own below."""
    monkeypatch.setattr(package, "print_package", lambda person, content: b"%PDF-1.7 made up")


@pytest.fixture
def opened(mother, teenager, worker, paper):
    return package.open_insight(mother, asked_on=ASKED, by_custody_holder=False, by=worker, today=TODAY)


def text_of(insight) -> str:
    return json.dumps(package.package_of(insight), ensure_ascii=False)


def test_all_own_markers_and_none_of_anybody_else(opened, worker):
    prepared = package.prepare(opened, by=worker, today=TODAY)
    text = text_of(prepared)
    assert [mark for mark in OWN if mark not in text] == []
    assert "OTHER" not in text.upper()
    assert "VIOLENCE" not in text
    assert "Staf" not in text
    reasons = {row["reason"] for row in package.withheld_in(prepared)}
    assert {"Notat om vold og trusler", "Oplysning om en anden person"} <= reasons
    assert any(reason.startswith("Angår også") for reason in reasons)
    assert any(reason.startswith("Nævner") for reason in reasons)


def test_the_canary_is_alive(opened, worker, monkeypatch):
    """Negative control: without the rules the markers of others do stand in the package."""
    monkeypatch.setattr(gathering, "reason_for_row", lambda *args, **kwargs: "")
    monkeypatch.setattr(gathering, "reason_for_value", lambda *args, **kwargs: "")
    text = text_of(package.prepare(opened, by=worker, today=TODAY))
    for mark in ("Othersofiia", "Othervaert", "Otherbirte", "OTHERFAELLES", "OWNVIOLENCENOTE"):
        assert mark in text, mark


def test_somebody_elses_family_is_never_gathered(opened, worker, team):
    stranger = a_family({"given_names": "Fremmed", "surname": "Petrenko"}, caseworker=worker, team=team)
    lines = gathering.gather(opened.person, by_custody_holder=False, today=TODAY)
    assert "Petrenko" not in repr(lines)
    assert stranger.number not in repr(lines)


@pytest.mark.parametrize(("by_parent", "there"), [(True, False), (False, True)])
def test_health_of_a_child_of_15_is_its_own(teenager, worker, paper, by_parent, there):
    insight = package.open_insight(teenager, asked_on=ASKED, by_custody_holder=by_parent, by=worker, today=TODAY)
    text = text_of(package.prepare(insight, by=worker, today=TODAY))
    assert ("OTHERTILBUD" in text) == there
    assert ("OTHERHEALTHNOTE" in text) == there
    assert "OTHERSKOLE" in text
    assert "OWNMAAL" not in text


def test_places_are_withheld_from_whom_somebody_is_protected_against(opened, worker, monkeypatch):
    monkeypatch.setattr(gathering, "is_kept_from", lambda person: True)
    text = text_of(package.prepare(opened, by=worker, today=TODAY))
    assert "OWNVEJEN" not in text
    assert "OWNLOCATIONNOTE" not in text
    assert "OWNFIRMA" not in text
    assert "OWNMAAL" in text


def test_the_log_has_time_purpose_and_role_and_no_names(opened, worker, colleague, teenager):
    number = opened.person.case.number
    audit.log(colleague, "case.read", case_number=number, purpose="FORMAALET")
    audit.log(colleague, "person.read", case_number=number, person_id=teenager.pk, purpose="OTHERFORMAAL")
    log = package.package_of(package.prepare(opened, by=worker, today=TODAY))["log"]
    (row,) = [row for row in log if row["purpose"] == "FORMAALET"]
    assert row["role"] == "Sagsbehandler"
    assert "OTHERFORMAAL" not in str(log)
    assert colleague.first_name not in str(log)


def test_the_answer_is_a_task_due_in_a_month(opened):
    assert opened.step.due_on == date(2026, 12, 20)
    assert opened.step.rule == ""


def test_nobody_asks_for_an_adult(mother, worker):
    with pytest.raises(ValidationError):
        package.open_insight(mother, asked_on=ASKED, by_custody_holder=True, by=worker, today=TODAY)


def test_a_line_is_given_or_withheld_with_a_reason(opened, worker):
    lines = package.judged(opened, today=TODAY)
    violence = next(line for line in lines if "OWNVIOLENCENOTE" in repr(line))
    job = next(line for line in lines if "OWNFIRMA" in repr(line))
    with pytest.raises(ValidationError):
        package.choose(opened, key=violence.key, include=True, reason="kort", by=worker, today=TODAY)
    with pytest.raises(ValidationError):
        package.choose(opened, key="cases.entry:0", include=True, reason="En god grund", by=worker, today=TODAY)
    package.choose(opened, key=violence.key, include=True, reason="Har selv sagt det", by=worker, today=TODAY)
    package.choose(opened, key=job.key, include=False, reason="Hører til en anden sag", by=worker, today=TODAY)
    prepared = package.prepare(opened, by=worker, today=TODAY)
    assert "OWNVIOLENCENOTE" in text_of(prepared)
    assert "OWNFIRMA" not in text_of(prepared)
    with pytest.raises(ValidationError):
        package.choose(prepared, key=job.key, include=True, reason="For sent at vælge", by=worker, today=TODAY)


# --- Two people -------------------------------------------------------------------------------


def post(client, user, name, insight):
    client.force_login(user)
    return client.post(reverse(f"keeping:{name}", args=[insight.person.case.number, insight.pk]))


def get(client, user, name, insight):
    client.force_login(user)
    return client.get(reverse(f"keeping:{name}", args=[insight.person.case.number, insight.pk]))


@pytest.mark.parametrize("second", ["colleague", "manager"])
def test_prepared_by_one_and_released_by_another(client, opened, worker, second, request):
    assert get(client, worker, "insight_pdf", opened).status_code == 404
    post(client, worker, "insight_prepare", opened)
    assert get(client, worker, "insight_pdf", opened).status_code == 404
    post(client, worker, "insight_release", opened)
    opened.refresh_from_db()
    assert opened.released_at is None
    post(client, request.getfixturevalue(second), "insight_release", opened)
    opened.refresh_from_db()
    assert opened.released_by == request.getfixturevalue(second)
    opened.step.refresh_from_db()
    assert opened.step.done_on == TODAY
    for kind in ("pdf", "json", "xlsx"):
        assert get(client, worker, f"insight_{kind}", opened).status_code == 200
        assert get(client, request.getfixturevalue(second), f"insight_{kind}", opened).status_code == 404
    assert AccessRecord.objects.filter(action="insight.export", person_id=opened.person_id).count() == 3


def test_the_signed_sheet_goes_with_the_package_to_the_assigned(client, opened, worker, colleague):
    """Listed as a line with its checksum, given as a file by the reception's own door."""
    told = {"by": worker, "today": TODAY}
    row = keep_signed_copy(hand_over(opened.person, on=TODAY, **told), upload=sheet(), **told)
    file_url = reverse("reception:signed_copy", args=[opened.person.case.number, row.pk])
    html = get(client, worker, "insight", opened).content.decode()
    assert file_url in html
    assert row.checksum in html
    post(client, worker, "insight_prepare", opened)
    assert file_url in get(client, worker, "insight", opened).content.decode()
    assert file_url not in get(client, colleague, "insight", opened).content.decode()


def test_an_earlier_draft_of_the_plan_is_given_in_words(opened, worker):
    lines = [Line("employment", "Skriv CV", "Du")]
    save_plan(opened.person, version=1, revision=1, goal="Lære dansk", lines=lines, by=worker, today=TODAY)
    (line,) = (
        line
        for line in gathering.gather(opened.person, by_custody_holder=False, today=TODAY)
        if line.key.startswith("reception.planrevision")
    )
    told = next(value.text for value in line.values if value.key.endswith(":content"))
    assert "text: Skriv CV, responsible: Du" in told
    assert "{" not in told


def test_only_the_assigned_prepares(client, opened, colleague):
    assert post(client, colleague, "insight_prepare", opened).status_code == 404
    with pytest.raises(ValidationError):
        package.prepare(opened, by=colleague, today=TODAY)


def test_who_chose_about_a_line_releases_nothing(opened, worker, colleague):
    job = next(x for x in package.judged(opened, today=TODAY) if "OWNFIRMA" in repr(x))
    package.choose(opened, key=job.key, include=False, reason="Hører til en anden sag", by=colleague, today=TODAY)
    package.prepare(opened, by=worker, today=TODAY)
    with pytest.raises(ValidationError):
        package.release(opened, by=colleague, today=TODAY)


def test_the_database_refuses_one_who_does_both(opened, worker):
    prepared = package.prepare(opened, by=worker, today=TODAY)
    rows = Insight.objects.filter(pk=prepared.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(released_by=worker, released_at=prepared.prepared_at)


def test_a_released_package_is_frozen(client, opened, worker, manager):
    package.prepare(opened, by=worker, today=TODAY)
    package.release(opened, by=manager, today=TODAY)
    before = get(client, worker, "insight_json", opened).content
    opened.person.given_names = "Nytnavn"
    opened.person.save()
    assert get(client, worker, "insight_json", opened).content == before
    with pytest.raises(ValidationError):
        package.take_back(opened, by=worker)
    Insight.objects.filter(pk=opened.pk).update(content=json.dumps({"package": {}, "withheld": []}))
    assert get(client, worker, "insight_json", opened).status_code == 404


def test_a_package_that_was_touched_is_not_released(opened, worker, manager):
    package.prepare(opened, by=worker, today=TODAY)
    Insight.objects.filter(pk=opened.pk).update(paper="aGVq")
    with pytest.raises(ValidationError):
        package.release(opened, by=manager, today=TODAY)


# --- Pages and files --------------------------------------------------------------------------


def test_the_page_shows_health_and_violence_to_the_assigned_alone(client, opened, worker, manager):
    draft = get(client, worker, "insight", opened).content.decode()
    assert "OWNHEALTHNOTE" in draft
    assert "Notat om vold" in draft
    assert "620690" not in draft
    assert "OWNMAAL" not in get(client, manager, "insight", opened).content.decode()
    package.prepare(opened, by=worker, today=TODAY)
    seen = get(client, manager, "insight", opened).content.decode()
    assert "OWNMAAL" in seen
    assert "OWNTILBUD" not in seen
    assert "OWNHEALTHNOTE" not in seen
    assert "vold" not in seen
    assert "620690" not in seen


def test_the_page_asks_as_much_for_one_row_as_for_three(client, opened, worker):
    def asked():
        with CaptureQueriesContext(connection) as found:
            get(client, worker, "insight", opened)
        return len(found)

    asked()
    one = asked()
    for number in range(3):
        Job.objects.create(person=opened.person, employer=f"Firma {number}", starts_on=TODAY)
        write_note(
            opened.person.case, kind="note", body="Et notat", on=TODAY, by=worker, data_class="ordinary",
            people=[opened.person], area="",
        )  # fmt: skip
    assert asked() == one


def test_the_sheet_runs_no_formula(client, mother, worker, manager, paper):
    mother.languages = "=cmd|' /C calc'!A0"
    mother.save()
    insight = package.open_insight(mother, asked_on=ASKED, by_custody_holder=False, by=worker, today=TODAY)
    package.prepare(insight, by=worker, today=TODAY)
    package.release(insight, by=manager, today=TODAY)
    sheet = load_workbook(io.BytesIO(get(client, worker, "insight_xlsx", insight).content)).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert any(str(cell.value).startswith("'=cmd") for cell in cells)
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []


@pytest.mark.skipif(bool(printer_is_missing()), reason="pango is missing on this machine")
def test_the_paper_is_tagged_and_holds_the_same(mother, teenager, worker):
    insight = package.open_insight(mother, asked_on=ASKED, by_custody_holder=False, by=worker, today=TODAY)
    content = package.pdf_of(package.prepare(insight, by=worker, today=TODAY))
    reader = pypdf.PdfReader(io.BytesIO(content))
    text = " ".join(" ".join(sheet.extract_text() for sheet in reader.pages).split())
    assert [mark for mark in OWN if mark not in text] == []
    assert "OTHER" not in text.upper()
    report = page.validate_pdf_bytes(content, profile=page.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, report
