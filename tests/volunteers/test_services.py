"""The hard stops of matching, in words, and what the verbs write."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from cases import services as record
from cases.models import Consent, Entry
from deadlines import engine
from tests.factories import TODAY, UserFactory, a_family
from tests.volunteers.makers import OrganisationFactory, VolunteerFactory
from volunteers import rules
from volunteers.models import Certificate, Match, Organisation, Volunteer
from volunteers.services import register, ties
from volunteers.services.households import with_children_under

pytestmark = pytest.mark.django_db
ARRIVED = date(2026, 11, 13)


@pytest.fixture
def by():
    return UserFactory()


def family(*births, ask=True):
    """A mother and children born on these days; None is a Barn without birth date."""
    children = [{"given_names": f"Barn {n}", "role": "child", "birth_date": birth} for n, birth in enumerate(births)]
    case = a_family({"given_names": "Olena"}, *children, arrived_on=ARRIVED)
    engine.refresh([case.pk], rules.RULES, today=TODAY)
    if ask:
        ties.record_consent(case, on=TODAY, today=TODAY, by=None)
    return case


def match(case, volunteer, on=TODAY):
    return ties.match_volunteer(case, volunteer=volunteer, on=on, today=TODAY, by=None)


def cleared(on=date(2026, 11, 1), **fields):
    return VolunteerFactory(certificate=Certificate.CLEARED, certificate_assessed_on=on, **fields)


def line(case):
    return Entry.objects.filter(case=case).latest("pk")


# --- Hard stops -------------------------------------------------------------------------------


def test_nobody_is_matched_before_the_family_was_asked():
    with pytest.raises(ValidationError, match="Familien er ikke spurgt"):
        match(family(ask=False), VolunteerFactory())


@pytest.mark.parametrize("certificate", ["not_required", "required", "awaiting_consent"])
def test_a_child_under_fifteen_needs_an_assessed_certificate(certificate):
    with pytest.raises(ValidationError, match="ingen vurderet børneattest, og der er børn under 15 år"):
        match(family(date(2015, 1, 4)), VolunteerFactory(certificate=certificate))


def test_a_certificate_that_bars_stays_a_stop():
    volunteer = VolunteerFactory(certificate=Certificate.REJECTED, certificate_assessed_on=ARRIVED)
    with pytest.raises(ValidationError, match="kan ikke knyttes til en familie med børn"):
        match(family(date(2015, 1, 4)), volunteer)


def test_a_certificate_assessed_after_the_start_is_too_late():
    with pytest.raises(ValidationError, match="børneattest"):
        match(family(date(2015, 1, 4)), cleared(on=TODAY), on=date(2026, 11, 23))


def test_an_assessed_certificate_lets_the_match_through():
    assert match(family(date(2015, 1, 4)), cleared()).round == 1


@pytest.mark.parametrize(("birth", "stopped"), [(date(2011, 11, 25), True), (date(2011, 11, 24), False), (None, True)])
def test_fifteen_on_the_day_is_old_enough_and_an_unknown_age_is_not(birth, stopped):
    case = family(birth)
    assert (case.pk in with_children_under([case.pk], age=15, on=TODAY)) is stopped


def test_a_child_that_has_left_is_no_hindrance():
    case = family(date(2015, 1, 4))
    stay = case.people.get(role="child").stays.get()
    record.leave(stay, on=date(2026, 11, 20), reason="moved", by=None, today=TODAY)
    assert match(case, VolunteerFactory())


def test_a_full_volunteer_is_refused_and_free_again_when_a_match_ends():
    volunteer, first = VolunteerFactory(capacity=1), family()
    held = match(first, volunteer)
    with pytest.raises(ValidationError, match="har allerede 1 familie"):
        match(family(), volunteer)
    ties.end_match(held, on=TODAY, reason="family", today=TODAY, by=None)
    assert match(family(), volunteer)


def test_annulled_matches_take_no_room():
    volunteer = VolunteerFactory(capacity=1)
    record.annul(match(family(), volunteer), reason="Forkert familie", today=TODAY, by=None)
    assert Volunteer.objects.with_load().get().load == 0
    assert match(family(), volunteer)


def test_a_retired_volunteer_is_refused():
    with pytest.raises(ValidationError, match="er ikke aktiv"):
        match(family(), VolunteerFactory(active=False))


def test_a_family_with_a_contact_person_gets_no_second_one():
    case = family()
    match(case, VolunteerFactory(name="Karin Frandsen"))
    with pytest.raises(ValidationError, match="Det står allerede: Kontaktperson: Karin Frandsen"):
        match(case, VolunteerFactory())
    with pytest.raises(ValidationError, match="Det står allerede"):
        ties.decline_match(case, on=TODAY, today=TODAY, by=None)


def test_two_matches_of_one_round_cannot_be_stored():
    case = family()
    Match.objects.create(case=case, volunteer=VolunteerFactory(), round=1, started_on=TODAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Match.objects.create(case=case, volunteer=VolunteerFactory(), round=1, started_on=TODAY)


@pytest.mark.parametrize(
    "act",
    [
        lambda case, **day: ties.introduce(case, organisation_name="Nabohjælpen", **day),
        lambda case, **day: ties.introduce_leisure(case, activity="Skak", **day),
        ties.record_consent,
        ties.decline_match,
        lambda case, **day: ties.match_volunteer(case, volunteer=VolunteerFactory(), **day),
    ],
)
def test_no_act_lies_ahead(act):
    with pytest.raises(ValidationError, match="frem i tiden"):
        act(family(), on=date(2026, 11, 25), today=TODAY, by=None)


# --- Consent ----------------------------------------------------------------------------------


def test_the_consent_says_what_with_whom_and_in_which_language(by):
    case = family(ask=False)
    ties.record_consent(case, on=TODAY, today=TODAY, by=by, language="ukrainsk", wishes="Hjælp til lektier")
    consent = Consent.objects.get()
    assert (consent.given_on, consent.language, consent.recorded_by) == (TODAY, "ukrainsk", by)
    assert line(case).text == "Familien har sagt ja til en kontaktperson (spurgt på ukrainsk)"
    assert ties.wish_of(case).text == "Hjælp til lektier"


def test_saying_yes_twice_makes_one_consent(by):
    case = family()
    ties.record_consent(case, on=TODAY, today=TODAY, by=by)
    assert Consent.objects.count() == 1


def test_a_withdrawn_consent_ends_the_match_and_stops_the_next(by):
    case = family()
    held = match(case, VolunteerFactory(), on=date(2026, 11, 20))
    ties.withdraw_consent(case, on=TODAY, today=TODAY, by=by)
    held.refresh_from_db()
    assert (held.ended_on, held.end_reason) == (TODAY, "consent")
    with pytest.raises(ValidationError, match="ikke spurgt"):
        match(case, VolunteerFactory())
    with pytest.raises(ValidationError, match="ikke noget samtykke"):
        ties.withdraw_consent(case, on=TODAY, today=TODAY, by=by)


# --- Lines and lists --------------------------------------------------------------------------


def test_the_lines_say_how_the_act_stood_to_its_deadline(by):
    case = family()
    match(case, VolunteerFactory(name="Karin Frandsen"))
    assert line(case).text == "Kontaktperson tilknyttet: Karin Frandsen, 19 dage før fristen"
    ties.introduce(case, on=TODAY, today=TODAY, by=by, organisation_name="Nabohjælpen")
    assert line(case).text == "Familien introduceret til Nabohjælpen, 4 dage efter fristen"


def test_ending_needs_a_day_after_the_start_and_happens_once(by):
    held = match(family(), VolunteerFactory(name="Karin Frandsen"), on=date(2026, 11, 20))
    with pytest.raises(ValidationError, match="før begyndelsen"):
        ties.end_match(held, on=date(2026, 11, 19), reason="family", today=TODAY, by=by)
    ties.end_match(held, on=TODAY, reason="family", today=TODAY, by=by)
    assert line(held.case).text == "Kontaktperson stoppet: Karin Frandsen. Familiens ønske"
    with pytest.raises(ValidationError, match="allerede afsluttet"):
        ties.end_match(held, on=TODAY, reason="family", today=TODAY, by=by)


def test_an_organisation_is_made_once():
    OrganisationFactory(name="Nabohjælpen")
    assert register.organisation(" nabohjælpen").name == "Nabohjælpen"
    assert Organisation.objects.count() == 1
    with pytest.raises(ValidationError, match="organisationen"):
        register.organisation(" ")


def test_an_assessed_certificate_carries_its_day_and_others_none():
    volunteer = register.save_volunteer(Volunteer(name="Bo Holm", certificate=Certificate.CLEARED), today=TODAY)
    assert volunteer.certificate_assessed_on == TODAY
    volunteer.certificate = Certificate.REQUIRED
    assert (
        register.save_volunteer(volunteer, organisation_name="Ny gruppe", today=TODAY).certificate_assessed_on is None
    )
    assert volunteer.organisation.name == "Ny gruppe"
    volunteer.secrecy_signed_on = date(2026, 11, 25)
    with pytest.raises(ValidationError, match="frem i tiden"):
        register.save_volunteer(volunteer, today=TODAY)


def test_the_sentence_of_a_match():
    assert (
        ties.match_sentence(match(family(), VolunteerFactory(name="Bo Holm"))) == "Kontaktperson: Bo Holm fra 24. nov."
    )
