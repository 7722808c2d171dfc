"""The pages of health: who registers, who reads, and that a step tells nothing."""

from datetime import date

import pytest
from django.urls import reverse

from deadlines import engine
from deadlines.models import Step
from health import services
from health.models import Assessment
from health.panel import panel
from health.rules import RULES
from health.services import Outcome
from tests.factories import TeamFactory, UserFactory, a_family

DATES = {"arrived_on": date(2026, 8, 20), "visitation_on": date(2026, 8, 10), "responsibility_from": date(2026, 8, 31)}


@pytest.fixture
def case(rule_set, worker, today):
    found = a_family({"given_names": "Olena"}, caseworker=worker, **DATES)
    engine.refresh([found.pk], RULES, today=today)
    return found


@pytest.fixture
def olena(case):
    return case.people.get()


def act(case, person):
    return reverse("health:need_assessed", args=[case.number, person.pk])


def test_the_act_stores_the_facts(client, case, olena, worker):
    client.force_login(worker)
    assert client.get(act(case, olena)).status_code == 200
    client.post(act(case, olena), {"on": "20/11 2026", "outcome": "offered", "kinds": ["dental"], "answer": "accepted"})
    row = Assessment.objects.get()
    assert (row.need, row.kinds, row.offered_on, row.answer) == (True, ["dental"], date(2026, 11, 20), "accepted")
    assert Step.objects.get(person=olena).met_on == date(2026, 11, 20)


def test_an_offer_names_what_was_offered(client, case, olena, worker):
    client.force_login(worker)
    answer = client.post(act(case, olena), {"on": "20/11 2026", "outcome": "offered"})
    assert answer.status_code == 422
    assert "Vælg, hvad der blev tilbudt." in answer.content.decode()


def test_a_colleague_may_write_but_reads_nothing(client, case, olena, worker, colleague, today):
    services.assess_need(
        olena, outcome=Outcome.NEED, on=date(2026, 11, 2), kinds=["counselling"], by=worker, today=today
    )
    client.force_login(colleague)
    for address in (act(case, olena), reverse("desk:area", args=[case.number, "sundhed"]), case.get_absolute_url()):
        html = client.get(address).content.decode()
        assert "amtaleforløb:" not in html
        assert "Behov for sundhedstilbud til" not in html
    assert panel(case, colleague) == {"allowed": False, "rows": []}
    assert (
        "Du har ikke adgang til helbredsoplysninger"
        in client.get(reverse("desk:area", args=[case.number, "sundhed"])).content.decode()
    )
    row = Assessment.objects.get()
    assert client.get(reverse("health:annul_assessment", args=[case.number, row.pk])).status_code == 404


def test_the_assigned_caseworker_reads_and_annuls(client, case, olena, worker, today):
    row = services.assess_need(
        olena, outcome=Outcome.OFFERED, on=today, kinds=["dental"], answer="declined", by=worker, today=today
    )
    client.force_login(worker)
    html = client.get(reverse("desk:area", args=[case.number, "sundhed"])).content.decode()
    assert "Vurderet 24.11.2026: behov for tandpleje. Tilbudt 24.11.2026, takkede nej" in html
    annul = reverse("health:annul_assessment", args=[case.number, row.pk])
    assert client.post(annul, {"reason": "Forkert person"}).status_code == 302
    assert Step.objects.get(person=olena).met_on is None
    assert set(case.entries.filter(area="health").values_list("data_class", flat=True)) == {"health"}


@pytest.mark.parametrize("who", ["stranger", "volunteer_coordinator"])
def test_for_others_it_does_not_exist(client, case, olena, worker, who):
    stranger = UserFactory(role="caseworker", team=TeamFactory())
    coordinator = UserFactory(role="volunteer_coordinator", team=worker.team)
    client.force_login(stranger if who == "stranger" else coordinator)
    assert client.get(act(case, olena)).status_code == 404
