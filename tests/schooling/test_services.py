"""The verbs of schooling: what they write, say and refuse."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from cases.models import Entry
from deadlines import engine
from schooling import rules, services
from schooling.models import School
from tests.factories import TODAY, UserFactory, a_family

pytestmark = pytest.mark.django_db
RESIDENCE = date(2026, 11, 13)


@pytest.fixture
def by():
    return UserFactory()


@pytest.fixture
def adult():
    case = a_family(
        {"given_names": "Halyna"}, visitation_on=RESIDENCE, residence_from=RESIDENCE, responsibility_from=RESIDENCE
    )
    engine.refresh([case.pk], rules.RULES, today=TODAY)
    return case.people.get()


@pytest.fixture
def pupil():
    case = a_family(
        {"given_names": "Sofiia", "role": "child", "birth_date": date(2017, 3, 1)}, residence_from=RESIDENCE
    )
    engine.refresh([case.pk], rules.RULES, today=TODAY)
    return case.people.get()


def line(person):
    return Entry.objects.filter(case=person.case).latest("pk")


def test_the_line_says_how_the_act_stood_to_its_deadline(adult, by):
    services.offer_language(adult, on=date(2026, 11, 23), today=TODAY, by=by, provider="Sprogskolen Nord")
    entry = line(adult)
    assert entry.text == "Sprogskole tilbudt Halyna, 20 dage før fristen"
    assert (entry.on, entry.area, entry.author) == (date(2026, 11, 23), "schooling", by)
    assert list(entry.people.all()) == [adult]


def test_the_evidence_of_a_school_offer(pupil, by):
    offer = services.offer_school(pupil, on=TODAY, today=TODAY, by=by, school="Kratbjergskolen", grade="3. klasse")
    assert pupil.steps.get().evidence == "Tilbudt plads på Kratbjergskolen, 3. klasse, svar mangler"
    services.answer_offer(offer, on=TODAY, answer="accepted", starts_on=date(2026, 12, 1), today=TODAY, by=by)
    assert pupil.steps.get().evidence == "Tilbudt plads på Kratbjergskolen, 3. klasse, taget imod"
    assert line(pupil).text == "Sofiia: tilbudt plads på Kratbjergskolen, 3. klasse, taget imod, begynder 1. dec."


def test_a_refusal_by_the_family_is_still_met(pupil, by):
    offer = services.offer_school(pupil, on=TODAY, today=TODAY, by=by, school="Kratbjergskolen", answer="declined")
    assert pupil.steps.get().met_on == TODAY
    assert services.standing_sentence(offer).endswith("afslået af familien")


def test_a_school_is_made_once_however_it_is_typed(pupil, by):
    for name in ("Kratbjergskolen", " kratbjergskolen "):
        services.offer_school(pupil, on=TODAY, today=TODAY, by=by, school=name)
    assert [school.name for school in School.objects.all()] == ["Kratbjergskolen"]


def test_a_referral_may_carry_the_offer(adult, by):
    services.refer_language(adult, on=TODAY, today=TODAY, by=by, provider="Sprogskolen Nord", offered_too=True)
    assert set(adult.steps.values_list("met_on", flat=True)) == {TODAY}
    assert adult.steps.get(rule=rules.LANGUAGE_REFERRAL.key).evidence == "Henvist til Sprogskolen Nord, start mangler"


def test_a_started_course(adult, by):
    referral = services.refer_language(adult, on=date(2026, 11, 20), today=TODAY, by=by, provider="Sprogskolen Nord")
    with pytest.raises(ValidationError, match="før henvisningen"):
        services.start_language(referral, on=date(2026, 11, 19), today=TODAY, by=by)
    services.start_language(referral, on=TODAY, today=TODAY, by=by, level="du3", module=1)
    assert line(adult).text == "Halyna er begyndt på danskuddannelse 3 hos Sprogskolen Nord"
    assert "begyndt" in adult.steps.get(rule=rules.LANGUAGE_REFERRAL.key).evidence


@pytest.mark.parametrize(
    ("on", "sentence"),
    [(date(2026, 11, 25), "frem i tiden"), (date(1989, 1, 1), "før fødselsdatoen")],
)
def test_impossible_days_are_refused(adult, by, on, sentence):
    with pytest.raises(ValidationError, match=sentence):
        services.offer_language(adult, on=on, today=TODAY, by=by, provider="Sprogskolen Nord")
    assert adult.steps.filter(met_on=None).count() == 2


def test_a_day_care_offer_names_the_place(pupil, by):
    with pytest.raises(ValidationError, match="hvilket dagtilbud"):
        services.offer_daycare(pupil, on=TODAY, today=TODAY, by=by)


def test_a_blank_place_is_refused(adult, by):
    with pytest.raises(ValidationError, match="navnet"):
        services.offer_language(adult, on=TODAY, today=TODAY, by=by, provider="  ")


def test_an_annulled_offer_takes_no_answer(pupil, by):
    offer = services.offer_school(pupil, on=TODAY, today=TODAY, by=by, school="Kratbjergskolen")
    offer.annulled_on = TODAY
    with pytest.raises(ValidationError, match="annulleret"):
        services.answer_offer(offer, on=TODAY, answer="accepted", today=TODAY, by=by)
