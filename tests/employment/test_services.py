"""The verbs of employment: what they write, what they refuse."""

import pytest
from django.core.exceptions import ValidationError

from cases import services as cases
from cases.models import Entry
from employment import services
from employment.models import Job, ReferralKind, Result
from tests.employment.conftest import ago, ahead, resident
from tests.factories import TODAY

pytestmark = pytest.mark.django_db


def refer(person, mette, **given):
    fields = {"kind": ReferralKind.JOB, "employer": "Uggeløse Gartneri", "on": TODAY, **given}
    return services.refer(person, today=TODAY, by=mette, **fields)


def text(kind) -> str:
    entry = Entry.objects.filter(kind=f"employment.{kind}").latest("pk")
    assert (entry.area, entry.data_class) == ("employment", "work")
    return entry.text


def test_lines_tell_what_happened_and_how_it_stood(mette):
    person = resident(mette)
    refer(person, mette, starts_on=ahead(6))
    services.clarify(person, on=ago(1), today=TODAY, by=mette)
    assert text("referred") == "Halyna henvist til job hos Uggeløse Gartneri, 20 dage før fristen. Begynder 30. nov."
    assert text("clarified") == "Kompetencer afklaret for Halyna, 5 dage før fristen"
    assert list(Entry.objects.get(kind="employment.referred").people.all()) == [person]


def test_who_was_hired_gets_the_job_written_once(mette):
    person = resident(mette)
    row = refer(person, mette, position="Gartner")
    for _at in range(2):
        services.record_result(row, result=Result.HIRED, on=TODAY, today=TODAY, by=mette)
    job = Job.objects.get()
    assert (job.employer, job.position, job.starts_on) == ("Uggeløse Gartneri", "Gartner", TODAY)
    assert text("job_added").startswith("Halyna er i job hos Uggeløse Gartneri")


def test_a_result_can_be_taken_back(mette):
    row = refer(resident(mette), mette)
    services.record_result(row, result=Result.STOPPED, on=TODAY, today=TODAY, by=mette)
    services.record_result(row, result=Result.NONE, on=TODAY, today=TODAY, by=mette)
    row.refresh_from_db()
    assert (row.result, row.result_on) == (Result.NONE, None)


def test_nothing_lies_ahead_nor_backwards(mette):
    person = resident(mette)
    row = refer(person, mette)
    job = services.add_job(person, employer="Bageri", on=TODAY, today=TODAY, by=mette)
    wrong = [
        lambda: refer(person, mette, on=ahead(1)),
        lambda: services.clarify(person, on=ahead(1), today=TODAY, by=mette),
        lambda: services.save_profile(person, today=TODAY, by=mette, cv_done_on=ahead(1)),
        lambda: services.record_result(row, result=Result.STARTED, on=ago(1), today=TODAY, by=mette),
        lambda: services.end_job(job, on=ago(1), today=TODAY, by=mette),
    ]
    for act in wrong:
        with pytest.raises(ValidationError):
            act()


def test_what_is_known_is_not_typed_again_after_an_annulment(mette):
    person = resident(mette)
    row = services.clarify(person, on=TODAY, today=TODAY, by=mette, education="Sygeplejerske")
    cases.annul(row, reason="Forkert dag", today=TODAY, by=mette)
    assert services.current_profile(person) is None
    assert services.last_profile(person).education == "Sygeplejerske"


def test_the_same_form_sent_twice_writes_one_row(mette):
    person = resident(mette)
    refer(person, mette)
    services.add_job(person, employer="Bageri", on=TODAY, today=TODAY, by=mette)
    with pytest.raises(ValidationError, match="allerede registreret"):
        refer(person, mette)
    with pytest.raises(ValidationError, match="allerede registreret"):
        services.add_job(person, employer="Bageri", on=TODAY, today=TODAY, by=mette)
