"""The steps of the local community are the coordinator's: her list, her morning mail, a new round when a tie ends."""

from datetime import timedelta

import pytest

from deadlines import engine
from deadlines.models import Step
from desk.areas import all_rules
from desk.models import Mail
from desk.services.digest import tell_by_mail
from desk.services.worklist import own_list
from tests.desk.test_sweep import at
from tests.factories import TODAY, TeamFactory, UserFactory, a_family
from tests.volunteers.makers import VolunteerFactory
from volunteers import rules
from volunteers.services import ties

pytestmark = pytest.mark.django_db
LONG_AGO = TODAY - timedelta(days=40)


@pytest.fixture
def team():
    team = TeamFactory()
    team.coordinator = UserFactory(role="volunteer_coordinator", team=team, email="karen@example.dk")
    team.save()
    return team


@pytest.fixture
def mette(team):
    return UserFactory(role="caseworker", team=team, email="mette@example.dk")


@pytest.fixture
def case(team, mette):
    case = a_family({"given_names": "Olena"}, team=team, caseworker=mette, arrived_on=LONG_AGO)
    engine.refresh([case.pk], all_rules(), today=TODAY)
    Step.objects.exclude(rule__startswith="volunteers.").delete()
    return case


def own(user) -> set[str]:
    return {step.rule for step in own_list(user, TODAY)}


def test_they_stand_in_her_list_and_her_mail_and_not_in_the_caseworker_s(case, team, mette):
    assert own(team.coordinator) >= {"volunteers.contact_person", "volunteers.introduction"}
    assert not own(mette)
    assert tell_by_mail(today=TODAY, now=at(TODAY, 8))["digests"] == 1
    assert Mail.objects.get(key__startswith="digest").user == team.coordinator


def test_a_match_meets_the_step_and_its_end_opens_a_new_round(case, team):
    def rounds():
        steps = Step.objects.filter(rule=rules.CONTACT_PERSON.key).order_by("round")
        return [(step.round, bool(step.met_on)) for step in steps]

    assert rounds() == [(1, False)]
    ties.record_consent(case, on=LONG_AGO, today=TODAY, by=team.coordinator)
    match = ties.match_volunteer(case, volunteer=VolunteerFactory(), on=LONG_AGO, today=TODAY, by=team.coordinator)
    assert rounds() == [(1, True)]
    assert "volunteers.contact_person" not in own(team.coordinator)
    ties.end_match(match, on=TODAY, reason="family", today=TODAY, by=team.coordinator)
    assert rounds() == [(1, True), (2, False)]
    assert "volunteers.contact_person" in own(team.coordinator)
