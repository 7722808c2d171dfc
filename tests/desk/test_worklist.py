"""Mit overblik: the partition, the counts, and what a line says."""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from accounts.access import Permission, can
from deadlines.models import Group, Kind, Step
from deadlines.status import CLOSED, Status, status_of
from desk.services.worklist import SECTIONS, WORDS, count, in_order, own_list, team_list
from tests.desk.rows import Unit, day, one_of_each, step
from tests.factories import TODAY, UserFactory
from tests.files import fetch

pytestmark = pytest.mark.django_db
ROLES = ("caseworker", "coordinator", "manager")


@pytest.fixture
def unit():
    return Unit("Nord")


# --- The partition ----------------------------------------------------------------------------

GROUP_OF = {
    Status.OVERDUE: Group.OVERDUE,
    Status.DUE_TODAY: Group.TODAY,
    Status.WAITING: Group.WAITING,
    Status.AWAITING_DATE: Group.DATE_MISSING,
}
days = st.one_of(st.none(), st.integers(-12, 12))
decided = st.fixed_dictionaries(
    {
        "due": days,
        "follow": days,
        "waits": st.sampled_from(["", "residence_from"]),
        "kind": st.sampled_from(["", *Kind.values]),
        "waiting": st.booleans(),
        "until": days,
        "waived": st.booleans(),
        "waived_until": days,
        "waived_kind": st.sampled_from(Step.WaiverKind.values),
        "confirmed": st.booleans(),
        "met": days,
        "done": days,
        "withdrawn": days,
    }
)


def group_by_status(made: Step, today: date) -> str | None:
    status = status_of(made, today)
    if status in CLOSED or status is Status.UNDATED or made.kind == Kind.WATCH:
        return None
    if status is Status.OPEN:
        return Group.WEEK if made.effective_on <= today + timedelta(days=7) else Group.LATER
    return GROUP_OF[status]


def at(days_from_now: int | None) -> date | None:
    return None if days_from_now is None else day(days_from_now)


def a_step(case, party, user, drawn: dict) -> Step:
    waived = {}
    if drawn["waived"]:
        waived = {
            "waived_on": day(-20),
            "waived_until": at(drawn["waived_until"]),
            "waived_kind": drawn["waived_kind"],
            "waived_reason": "Begrundet",
        }
        waived |= {"confirmed_on": day(-19), "confirmed_by": user} if drawn["confirmed"] else {}
    return step(
        case,
        drawn["due"],
        kind=drawn["kind"],
        waits_for=drawn["waits"],
        follow_up_on=at(drawn["follow"]),
        follow_up_reason="Tolk mangler" if drawn["follow"] is not None else "",
        waiting_for=party if drawn["waiting"] else None,
        waiting_until=at(drawn["until"]),
        met_on=at(drawn["met"]),
        done_on=at(drawn["done"]),
        withdrawn_on=at(drawn["withdrawn"]),
        **waived,
    )


def test_every_listed_step_is_in_one_group_and_python_agrees_with_sql(unit):
    case, other = unit.case(), UserFactory()
    party = one_of_each(unit.case())["venter"].waiting_for

    @given(decided)
    def holds(drawn):
        made = a_step(case, party, other, drawn)
        expected = group_by_status(made, TODAY)
        found = list(own_list(unit.caseworker, TODAY).filter(pk=made.pk).values_list("group", "kind"))
        assert found == ([] if expected is None else [(expected, made.kind)])
        if found:
            words = [
                section.word
                for section in SECTIONS
                if own_list(unit.caseworker, TODAY).filter(section.rows, pk=made.pk).exists()
            ]
            assert words == [WORDS[found[0][0]]]
        made.delete()

    holds()


def test_the_sections_stand_in_order_and_the_oldest_first(unit):
    steps = one_of_each(unit.case())
    names = {made.pk: name for name, made in steps.items()}
    ordered = [names[made.pk] for made in in_order(own_list(unit.caseworker, TODAY))]
    assert ordered == ["overskredet", "lov", "passeret", "i-dag", "uge", "venter", "mangler", "senere"]


# --- Counts, rows, file -----------------------------------------------------------------------


def rows_on_page(html: str) -> list[str]:
    return re.findall(r'<li class="due[^"]*">.*?href="(/frister/\d+/)"', html, re.DOTALL)


def rows_in_file(client, user, query: str) -> list[tuple]:
    answer = fetch(client, user, "desk:steps_xlsx", query)
    book = load_workbook(BytesIO(answer.content))
    return [tuple(cell.value for cell in row) for row in book.worksheets[0].iter_rows(min_row=2)]


@pytest.mark.parametrize("role", ROLES)
def test_the_count_is_the_rows_and_the_file(unit, client, role):
    user = getattr(unit, role)
    one_of_each(unit.case())
    one_of_each(unit.case("Melnyk", caseworker=unit.manager))
    one_of_each(Unit("Syd").case("Fremmed"))
    client.force_login(user)
    counts = count(own_list(user, TODAY))
    assert counts.total == {"caseworker": 8, "coordinator": 2, "manager": 8}[role]
    if role == "manager":  # who leads has the whole unit on the first page
        counts = count(team_list(user, TODAY))
    answer = client.get("/")
    assert answer.context["pills"][0]["count"] == counts.total
    assert len(rows_on_page(answer.content.decode())) == counts.total
    exports = can(user, Permission.SEE_CASE_FILES)
    assert not exports or len(rows_in_file(client, user, "?sagsbehandler=mig")) == counts.total
    for section in SECTIONS:
        number = counts.by_word.get(section.word, 0)
        assert len(rows_on_page(client.get(f"/?vis={section.word}").content.decode())) == number
        assert not exports or len(rows_in_file(client, user, f"?sagsbehandler=mig&status={section.word}")) == number


def test_overdue_and_passed_are_counted_apart(unit, client):
    one_of_each(unit.case())
    client.force_login(unit.caseworker)
    answer = client.get("/")
    counted = {str(pill["label"]): pill["count"] for pill in answer.context["pills"]}
    assert (counted["Overskredet"], counted["Passeret"]) == (2, 1)
    first = answer.context["groups"][0]
    assert (first["count"], first["count_note"]) == (2, "1 lovfrist · 1 passeret")
    assert [row["kind_label"] for row in first["rows"]] == ["Servicemål", "Lovfrist", "Lokalt mål"]


def test_the_coordinator_sees_the_volunteers_steps_only(unit, client):
    one_of_each(unit.case())
    client.force_login(unit.coordinator)
    for url in ("/", "/?hvem=team", "/frister/", "/frister/?status=alle"):
        html = client.get(url).content.decode()
        assert "Introducér familien" in html
        assert "Tilbyd sprogskole" not in html


def test_another_teams_families_are_nowhere(unit, client):
    one_of_each(Unit("Syd").case("Hemmelig"))
    client.force_login(unit.caseworker)
    for url in ("/", "/?hvem=team", "/frister/?status=alle", "/familier/?status=alle", "/familier/?q=Hemmelig"):
        answer = client.get(url)
        assert answer.status_code == 200
        assert "familien Hemmelig" not in answer.content.decode().replace("Familien", "familien")
    assert rows_in_file(client, unit.caseworker, "?status=alle") == []


def test_the_team_is_one_switch_away_and_names_the_owner(unit, client):
    step(unit.case(caseworker=unit.manager), -1)
    client.force_login(unit.caseworker)
    assert rows_on_page(client.get("/").content.decode()) == []
    html = client.get("/?hvem=team").content.decode()
    assert len(rows_on_page(html)) == 1
    assert unit.manager.name in html


def test_a_deputy_has_the_list_of_whoever_is_away(unit):
    step(unit.case(), -1)
    deputy = UserFactory(role="caseworker", team=unit.team)
    unit.caseworker.absences.create(deputy=deputy, starts_on=day(-1), ends_on=day(3))
    assert own_list(deputy, TODAY).count() == 1


# --- What a line says -------------------------------------------------------------------------


def test_a_missing_date_leads_to_its_field(unit, client):
    case = unit.case()
    step(case, None, waits_for="residence_from", starts_on=None)
    step(case, None, waits_for="visitation_on", starts_on=None, household=True, rule="housing.temporary_offer")
    step(case, None, waits_for="permit", starts_on=None)
    client.force_login(unit.caseworker)
    groups = client.get("/").context["groups"]
    assert [(str(group["title"]), group["count"]) for group in groups] == [
        ("Mangler en dato", 3),
        ("Mangler opholdstilladelse", 1),
        ("Mangler taget ophold", 1),
        ("Mangler visiteringsdato", 1),
    ]
    person = case.people.get()
    page = reverse("desk:person", args=[case.number, person.pk])
    permit = reverse("desk:permit", args=[case.number, person.pk])
    assert [group["rows"][0]["action_url"] for group in groups[1:]] == [
        permit,
        f"{page}#id_residence_from",
        f"{page}#id_visitation_on",
    ]


def test_the_line_says_who_waits_for_what_and_what_was_decided(unit, client):
    case = unit.case()
    party = one_of_each(case)["venter"].waiting_for
    Step.objects.all().delete()
    step(case, -1, evidence="CV modtaget", waiting_for=party, waiting_until=day(8))
    step(case, -1, follow_up_on=day(3), follow_up_reason="tolken var syg")
    step(case, -1, kind=Kind.LAW, waived_on=day(-2), waived_kind="not_applicable", waived_reason="Undtaget efter loven")
    client.force_login(unit.caseworker)
    hints = [row["hint"] for group in client.get("/").context["groups"] for row in group["rows"]]
    assert hints == [
        "»Ikke omfattet« afventer godkendelse",
        "Forlænget til fre. 27. nov.: tolken var syg",
        f"CV modtaget · Venter på {party.name} til ons. 2. dec.",
    ]


def test_a_health_step_stays_neutral_whatever_was_written_about_it(unit, client):
    case = unit.case()
    step(
        case,
        -1,
        rule="health.need_assessed",
        title="Vurdér behov for sundhedstilbud",
        evidence="Astma",
        follow_up_on=day(1),
        follow_up_reason="indlagt på hospital",
    )
    client.force_login(unit.caseworker)
    for url in ("/", "/frister/"):
        html = client.get(url).content.decode()
        assert "Vurdér behov for sundhedstilbud" in html
        assert "Astma" not in html
        assert "hospital" not in html


def test_the_button_leads_to_the_act_and_back(unit, client):
    case = unit.case()
    step(case, 0)
    client.force_login(unit.caseworker)
    row = client.get("/?vis=i-dag").context["groups"][0]["rows"][0]
    act = reverse("schooling:language_offer", args=[case.number, case.people.get().pk])
    assert (row["action_url"], row["action_label"]) == (f"{act}?next=%2F%3Fvis%3Di-dag", "Registrér tilbud")
    assert client.get(row["action_url"]).status_code == 200


def test_nothing_is_out_of_sight_when_there_are_too_many_rows(unit, client):
    case = unit.case()
    for number in range(52):
        step(case, -number - 1)
    step(case, 0), step(case, 30)
    client.force_login(unit.caseworker)
    groups = client.get("/").context["groups"]
    assert [(str(group["title"]), group["count"], len(group["rows"])) for group in groups] == [
        ("Overskredet", 52, 50),
        ("I dag", 1, 0),
        ("Senere", 1, 0),
    ]
    assert groups[0]["more_url"] == "/frister/?status=overskredet&sagsbehandler=mig"


def test_later_is_folded_and_holds_twenty(unit, client):
    case = unit.case()
    for number in range(23):
        step(case, 30 + number)
    client.force_login(unit.caseworker)
    html = client.get("/").content.decode()
    assert len(rows_on_page(html)) == 20
    assert '<details class="fold">' in html
    assert "/frister/?status=senere&amp;sagsbehandler=mig" in html


def test_the_team_list_holds_the_own_list(unit):
    one_of_each(unit.case())
    for role in ROLES:
        user = getattr(unit, role)
        assert set(own_list(user, TODAY).values_list("pk")) <= set(team_list(user, TODAY).values_list("pk"))
