"""Users, roles, teams and absences through the pages: what an administrator may do, and what not."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.exceptions import ValidationError

from accounts import services
from accounts.models import Absence, AccessRecord, RoleRequest, Team, User
from accounts.roles import ROLES
from desk.services.users import what_it_may
from tests.accounts.proofs import a_user, log_in, with_app
from tests.factories import CaseFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def anne(client):
    anne = a_user(role="administrator", first_name="Anne", last_name="Winther")
    client.force_login(anne)
    return anne


@pytest.fixture
def mette():
    return a_user(first_name="Mette", last_name="Lindholm", team=TeamFactory(name="Nord"))


def text(answer) -> str:
    return answer.content.decode()


def logged(action: str) -> int:
    return AccessRecord.objects.filter(action=action).count()


def test_the_list_and_its_filters(client, anne, mette, clock):
    karen = UserFactory(role="volunteer_coordinator", first_name="Karen", last_name="Sloth")
    gone = UserFactory(first_name="Gitte", last_name="Gammel", is_active=False)
    with_app(mette)

    def names(query="") -> set[str]:
        return {row["name"] for row in client.get(f"/brugere/{query}").context["rows"]}

    assert names() == {"Anne Winther", "Mette Lindholm", "Karen Sloth"}
    assert names("?status=lukkede") == {gone.name}
    assert names("?rolle=volunteer_coordinator") == {karen.name}
    assert names(f"?team={mette.team_id}") == {mette.name}
    assert names("?andet-led=mangler") == {"Anne Winther", "Karen Sloth"}
    assert names("?andet-led=har") == {"Mette Lindholm"}
    assert names("?q=lindh mette") == {"Mette Lindholm"}
    assert names("?q=findes-ikke") == set()


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_asks_the_same_number_of_questions(number, client, anne, django_assert_max_num_queries):
    for _ in range(number):
        UserFactory(role="caseworker", team=TeamFactory())
    client.get("/brugere/")
    with django_assert_max_num_queries(11):
        assert len(client.get("/brugere/").context["rows"]) == number + 1


@pytest.mark.parametrize("role", [key for key in ROLES if key != "administrator"])
def test_the_pages_are_the_administrators_alone(role, client, mette):
    client.force_login(UserFactory(role=role))
    for url in ("/brugere/", f"/brugere/{mette.pk}/", f"/brugere/{mette.pk}/roller/", "/brugere/teams/"):
        assert client.get(url).status_code == 404
    assert client.post(f"/brugere/{mette.pk}/roller/", {"roles": ["administrator"]}).status_code == 404
    assert mette.grants.get().role == "caseworker"


def test_a_new_user_is_invited_and_gets_roles(client, anne, django_capture_on_commit_callbacks):
    data = {"username": "bgr", "first_name": "Bo", "last_name": "Grøn", "email": "bo@example.dk"}
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post("/brugere/ny/", data)
    bo = User.objects.get(username="bgr")
    assert answer["Location"] == f"/brugere/{bo.pk}/roller/"
    assert not bo.has_usable_password()
    assert mail.outbox[0].to == ["bo@example.dk"]
    assert "/log-ind/ny-adgangskode/" in mail.outbox[0].body
    client.post(answer["Location"], {"roles": ["caseworker"]})
    assert [(grant.role, grant.granted_by) for grant in bo.grants.all()] == [("caseworker", anne)]
    assert logged("user.created") == logged("role.granted") == logged("login.invitation") == 1


def test_names_and_addresses_are_taken_once(client, anne, mette):
    data = {"username": mette.username.upper(), "first_name": "M", "last_name": "L", "email": mette.email.upper()}
    answer = client.post("/brugere/ny/", data)
    assert answer.status_code == 422
    assert "Brugernavnet er taget." in text(answer)
    assert "En anden bruger har denne e-mail." in text(answer)


def test_the_roles_are_read_aloud(client, anne, mette):
    page = text(client.get(f"/brugere/{mette.pk}/roller/"))
    for role in ROLES.values():
        assert str(role.label) in page
        assert what_it_may(role), role.label


def test_incompatible_roles_are_refused_in_a_sentence(client, anne, mette):
    answer = client.post(f"/brugere/{mette.pk}/roller/", {"roles": ["caseworker", "auditor"]})
    assert answer.status_code == 422
    assert "Én bruger kan ikke have både Revisor og Sagsbehandler. Administrator og Revisor står altid alene." in text(
        answer
    )
    assert [grant.role for grant in mette.grants.all()] == ["caseworker"]


def test_nobody_changes_their_own_roles(client, anne):
    answer = client.post(f"/brugere/{anne.pk}/roller/", {"roles": ["auditor"]})
    assert answer.status_code == 422
    assert "Du kan ikke ændre dine egne roller." in text(answer)
    assert anne.grants.get().role == "administrator"
    client.post(f"/brugere/{anne.pk}/luk/")
    anne.refresh_from_db()
    assert anne.is_active


def test_a_role_that_leads_waits_for_a_manager(client, anne, mette):
    url = f"/brugere/{mette.pk}/roller/"
    lars = a_user(role="manager", first_name="Lars", last_name="Krogh")
    client.post(url, {"roles": ["caseworker", "manager"]})
    assert [grant.role for grant in mette.grants.all()] == ["caseworker"]
    assert "Afventer en leder" in text(client.get(f"/brugere/{mette.pk}/"))
    wish = RoleRequest.objects.get()
    assert client.post(f"/brugere/godkend/{wish.pk}/", {"answer": "yes"}).status_code == 404, "the administrator"
    boss = client.__class__()
    boss.force_login(lars)
    assert "Mette Lindholm" in text(boss.get("/brugere/godkend/"))
    boss.post(f"/brugere/godkend/{wish.pk}/", {"answer": "hvad?"})
    assert RoleRequest.objects.exists()
    boss.post(f"/brugere/godkend/{wish.pk}/", {"answer": "yes"})
    assert mette.grants.get(role="manager").granted_by == lars
    assert not RoleRequest.objects.exists()
    assert logged("role.asked") == 1
    client.post(f"/brugere/{anne.pk}/roller/", {"roles": ["administrator"]})


def test_a_manager_may_say_no_but_not_about_themselves(client, anne, mette):
    lars = a_user(role="manager")
    services.set_roles(mette, ["caseworker", "manager"], by=anne)
    services.set_roles(mette, ["caseworker"], by=anne)
    assert not RoleRequest.objects.exists(), "unticked again"
    own = services.ask_role(lars, "caseworker", by=anne)
    with pytest.raises(ValidationError):
        services.answer_role(own, agreed=True, by=lars)
    wish = services.ask_role(mette, "manager", by=anne)
    services.answer_role(wish, agreed=False, by=lars)
    assert logged("role.declined") == 1
    assert [grant.role for grant in mette.grants.all()] == ["caseworker"]


def test_before_the_first_manager_the_administrator_gives_the_role(anne, mette):
    assert services.set_roles(mette, ["manager"], by=anne) == set()
    assert [grant.role for grant in mette.grants.all()] == ["manager"]


def test_a_demotion_works_at_the_next_click(client, anne, mette):
    other = client.__class__()
    log_in(other, mette)
    assert other.get("/familier/").status_code == 200
    client.post(f"/brugere/{mette.pk}/roller/", {"roles": []})
    assert other.get("/familier/")["Location"].startswith("/log-ind/")
    log_in(other, mette)
    assert other.get("/familier/").status_code == 404


def test_closing_tells_of_open_cases_and_deletes_nothing(client, anne, mette, today):
    CaseFactory(caseworker=mette)
    CaseFactory(caseworker=mette)
    CaseFactory(caseworker=mette, closed_on=today, closing_reason="left")
    assert "2 åbne sager" in text(client.get(f"/brugere/{mette.pk}/"))
    client.post(f"/brugere/{mette.pk}/luk/")
    mette.refresh_from_db()
    assert not mette.is_active
    assert "Åbn bruger igen" in text(client.get(f"/brugere/{mette.pk}/"))
    client.post(f"/brugere/{mette.pk}/aabn/")
    mette.refresh_from_db()
    assert mette.is_active


def test_a_lost_telephone(client, anne, mette):
    with_app(mette)
    client.post(f"/brugere/{mette.pk}/andet-led/")
    assert not Authenticator.objects.filter(user=mette).exists()
    client.post(f"/brugere/{mette.pk}/link/")
    assert "Vælg en ny adgangskode" in mail.outbox[0].body
    assert logged("login.factor") == logged("login.link") == 1


def test_absences_with_a_deputy(client, anne, mette, today):
    jonas = UserFactory(role="caseworker", first_name="Jonas", last_name="Friis")
    url = f"/brugere/{mette.pk}/fravaer/"
    assert client.post(url, {"starts_on": "24.11.2026", "ends_on": "20.11.2026"}).status_code == 422
    client.post(url, {"starts_on": "24.11.2026", "ends_on": "30.11.2026", "deputy": jonas.pk})
    absence = Absence.objects.get()
    assert (absence.user, absence.deputy, absence.ends_on) == (mette, jonas, today + timedelta(days=6))
    assert User.objects.get(pk=jonas.pk).acting_for == {jonas.pk, mette.pk}
    assert "24.11.2026 – 30.11.2026 · Jonas Friis" in text(client.get(f"/brugere/{mette.pk}/"))
    client.post(f"/brugere/fravaer/{absence.pk}/fjern/")
    assert not Absence.objects.exists()


def test_a_team_with_manager_and_coordinator(client, anne, mette):
    lars, karen = UserFactory(role="manager"), UserFactory(role="volunteer_coordinator")
    client.post("/brugere/teams/ny/", {"name": "Syd", "manager": lars.pk, "coordinator": karen.pk})
    team = Team.objects.get(name="Syd")
    assert (team.manager, team.coordinator) == (lars, karen)
    again = client.post("/brugere/teams/ny/", {"name": "Syd"})
    assert again.status_code == 422
    assert "Syd" in text(client.get("/brugere/teams/"))


def test_the_trial_of_claims_gives_nothing(client, anne, mette, settings):
    settings.OIDC_ROLES = {"indgang-sag": "caseworker", "indgang-revision": "auditor"}

    def tried(groups: str) -> str:
        return text(client.post("/brugere/roller/", {"claims": '{"groups": ' + groups + "}"}))

    assert "ville give: <strong>Sagsbehandler</strong>" in tried('["indgang-sag", "alle"]')
    assert "Grupper uden rolle: alle" in tried('["indgang-sag", "alle"]')
    assert "Ingen af grupperne giver en rolle" in tried("[]")
    assert "kan ikke have samme bruger" in tried('["indgang-sag", "indgang-revision"]')
    assert client.post("/brugere/roller/", {"claims": "{"}).status_code == 422
    assert User.objects.count() == 2
