"""Mit overblik: the partition, the counts, what stands beside the list, and what the page costs."""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from accounts.access import Permission, can
from cases.formats import weekday_date
from cases.services import record
from deadlines.models import Group, Kind, Step
from deadlines.status import CLOSED, Status, status_of
from desk.services import beside
from desk.services.family import add_member
from desk.services.worklist import SECTIONS, WORDS, Counts, count, in_order, own_list, sentence, team_list
from tests.desk.rows import Unit, day, one_of_each, reads, step
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


# --- The sentence -----------------------------------------------------------------------------

TUESDAY = "Tirsdag den 24. november, uge 48."


@pytest.mark.parametrize(
    ("counts", "next_on", "said"),
    [
        ({"overskredet": 3, "i-dag": 2}, TODAY, "Tre frister er overskredet, og to udløber i dag."),
        ({"overskredet": 1}, None, "En frist er overskredet."),
        ({"overskredet": 14, "i-dag": 1}, TODAY, "14 frister er overskredet, og en udløber i dag."),
        ({"uge": 2}, date(2026, 11, 27), "Ingen frister er overskredet. Den næste er på fredag."),
        ({"uge": 2}, date(2026, 11, 25), "Ingen frister er overskredet. Den næste er i morgen."),
        ({"senere": 2}, date(2026, 12, 3), "Ingen frister er overskredet. Den næste er tor. 3. dec."),
        ({"i-dag": 2}, TODAY, "Ingen frister er overskredet, og to udløber i dag."),
        ({"passeret": 1, "venter": 1}, None, "Ingen frister er overskredet. Et lokalt mål er passeret."),
        ({"passeret": 2}, None, "Ingen frister er overskredet. To lokale mål er passeret."),
        ({}, None, "Ingen åbne frister."),
    ],
)
def test_one_sentence_says_how_it_stands(counts, next_on, said):
    assert sentence(Counts(counts, 0, next_on), TODAY).rstrip(".") == f"{TUESDAY} {said}".rstrip(".")


# --- Around midnight and the clock changes ----------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "today"),
    [
        ("2026-11-23T23:30:00Z", date(2026, 11, 24)),  # 00.30 in Copenhagen
        ("2026-11-24T22:30:00Z", date(2026, 11, 24)),  # 23.30
        ("2026-07-01T22:30:00Z", date(2026, 7, 2)),  # 00.30, summer time
        ("2026-03-29T00:30:00Z", date(2026, 3, 29)),  # the night the clock goes forward
        ("2026-10-25T00:30:00Z", date(2026, 10, 25)),  # the first of the two 02.30
        ("2026-10-25T23:30:00Z", date(2026, 10, 26)),
    ],
)
def test_today_is_the_day_in_copenhagen(unit, client, clock, moment, today):
    clock.move_to(moment)
    case = unit.case()
    for distance in (-1, 0, 1):
        step(case, None, waits_for="residence_from").delete()
        made = step(case, 0)
        Step.objects.filter(pk=made.pk).update(due_on=today + timedelta(days=distance))
    client.force_login(unit.caseworker)
    answer = client.get("/")
    counted = {str(pill["label"]): pill["count"] for pill in answer.context["pills"]}
    assert (counted["Overskredet"], counted["I dag"], counted["De næste 7 dage"]) == (1, 1, 1)
    assert weekday_date(today).split(" ", 1)[1].split(".")[0] in answer.context["lede"]


# --- Suggestions, orientation, news -----------------------------------------------------------


def child(unit, born: date, *, came: date = date(2026, 1, 10)):
    case = unit.case(arrived_on=came)
    fields = {"given_names": "Maksym", "surname": "Kovalenko", "role": "child", "birth_date": born}
    return add_member(
        case, today=came, by=unit.caseworker, dates={"arrived_on": came, "residence_from": came}, **fields
    )


@pytest.mark.parametrize(
    ("born", "title"),
    [
        (date(2008, 12, 20), "Maksym fylder 18 år søn. 20. dec."),
        (date(2008, 11, 24), "Maksym fylder 18 år i dag"),
        (date(2008, 11, 1), "Maksym fyldte 18 år søn. 1. nov."),
        (date(2011, 12, 1), "Maksym fylder 15 år tir. 1. dec."),
        (date(2009, 1, 10), None),
        (date(2007, 12, 1), None),  # was 18 before he came
    ],
)
def test_who_grows_up_is_suggested(unit, born, title):
    child(unit, born)
    found = beside.suggestions(unit.caseworker, TODAY, team=False)
    assert [line.title for line in found] == ([title] if title else [])
    assert beside.suggestions(unit.coordinator, TODAY, team=False) == []


def test_yes_makes_the_duties_of_an_adult_run(unit, client):
    person = child(unit, date(2008, 12, 20))
    client.force_login(unit.caseworker)
    html = client.get("/overblik/mere/").content.decode()
    url = reverse("desk:treat_as_adult", args=[person.case.number, person.pk])
    assert url in html
    assert client.get(url).status_code == 405
    assert client.post(url).status_code == 302
    person.refresh_from_db()
    assert person.treated_as_adult_from == date(2008 + 18, 12, 20)
    assert beside.suggestions(unit.caseworker, TODAY, team=False) == []
    assert client.post(url).status_code == 404


def test_yes_is_refused_to_those_who_may_not_write(unit, client):
    person = child(unit, date(2008, 12, 20))
    url = reverse("desk:treat_as_adult", args=[person.case.number, person.pk])
    for user in (unit.coordinator, Unit("Syd").caseworker):
        client.force_login(user)
        assert client.post(url).status_code == 404


def test_what_awaits_a_second_person_is_shown_to_the_others(unit):
    made = step(
        unit.case(),
        3,
        kind=Kind.LAW,
        waived_on=day(-1),
        waived_kind="not_applicable",
        waived_reason="Undtaget efter loven",
        waived_by=unit.caseworker,
    )
    assert beside.suggestions(unit.caseworker, TODAY, team=False) == []
    assert [line.url for line in beside.suggestions(unit.manager, TODAY, team=False)] == [
        reverse("desk:step", args=[made.pk])
    ]


def test_watches_are_one_line_per_date_and_check_lists_one_per_family_from_day_30(unit, client):
    old, new = unit.case("Gammel", arrived_on=day(-30)), unit.case("Ny", arrived_on=day(-29))
    for case in (old, new):
        step(case, None, kind="", rule="reception.gp", title="Tilmeld læge")
        step(case, None, kind="", rule="reception.tax_card", title="Få skattekort")
        step(case, 40, kind=Kind.WATCH, rule="reception.permit_expiry", title="Opholdstilladelsen udløber")
    step(new, 50, kind=Kind.WATCH, rule="reception.permit_expiry", title="Opholdstilladelsen udløber")
    client.force_login(unit.caseworker)
    answer = client.get("/overblik/mere/")
    assert [(line["title"], line["meta"]) for line in answer.context["orientation"]] == [
        ("Opholdstilladelsen udløber", "2 personer"),
        ("Opholdstilladelsen udløber", "Familien Ny"),
        ("Familien Gammel", "Tjekliste: 2 punkter mangler"),
    ]
    assert client.get("/").context["pills"][0]["count"] == 0
    grouped = client.get(answer.context["orientation"][0]["url"])
    assert len(grouped.context["rows"]) == 2


def test_news_are_what_others_wrote_since_yesterday_and_the_reader_may_see(unit):
    case = unit.case()
    for who, data_class in (
        (unit.caseworker, "ordinary"),
        (unit.coordinator, "ordinary"),
        (unit.manager, "violence"),
        (None, "health"),
    ):
        record(case, area="volunteers", kind="note.note", text=f"Fra {who}", on=TODAY, by=who, data_class=data_class)
    assert {line["title"] for line in beside.news(unit.caseworker, TODAY)} == {
        f"Fra {unit.coordinator}",
        f"Fra {unit.manager}",
        "Fra None",
    }
    assert {line["title"] for line in beside.news(unit.coordinator, TODAY)} == {f"Fra {unit.caseworker}"}
    assert beside.news(unit.caseworker, day(2)) == []


def test_the_most_urgent_families_come_first_with_their_figures(unit):
    calm, late = unit.case("Rolig", arrived_on=day(-11)), unit.case("Sen", arrived_on=day(-70))
    step(calm, 3), step(late, -1), step(late, -1, rule="volunteers.introduction", household=True)
    unit.case("Fremmed", caseworker=unit.manager)
    found = beside.families(unit.caseworker, TODAY)
    assert [(item["title"], item["meta"], item["end"]) for item in found.items] == [
        ("Sen", "Ankom tir. 15. sep. · 1 person", "2 overskredne"),
        ("Rolig", "Dag 11 · 1 person", "Om 3 dage"),
    ]
    assert found.total == 2
    assert next(item["end"] for item in beside.families(unit.coordinator, TODAY).items) == "1 overskredet"


def test_families_without_caseworker_are_pointed_out(unit, client):
    for _number in range(2):
        case = unit.case()
        case.caseworker = None
        case.save()
    client.force_login(unit.caseworker)
    assert "2 familier er uden sagsbehandler." in client.get("/overblik/mere/").content.decode()
    client.force_login(unit.manager)
    assert "2 nye sager: fordel" in client.get("/").content.decode()
    assert "uden sagsbehandler." not in client.get("/overblik/mere/").content.decode()
    client.force_login(unit.coordinator)
    assert "uden sagsbehandler." not in client.get("/overblik/mere/").content.decode()


# --- The page ---------------------------------------------------------------------------------


def test_an_empty_list_says_what_to_do(unit, client):
    client.force_login(unit.caseworker)
    html = client.get("/").content.decode()
    assert "Du har ingen åbne frister." in html
    assert "Registrér en familie, eller se teamets frister." in html


def test_who_sees_no_cases_gets_a_page_that_says_so(client):
    client.force_login(UserFactory(role="administrator"))
    answer = client.get("/")
    assert (answer.status_code, "Du har ingen sager" in answer.content.decode()) == (200, True)
    assert client.get("/frister/").status_code == 404
    assert client.get("/overblik/mere/").status_code == 404
    assert client.get("/familier/excel/").status_code == 404


def test_who_sees_figures_alone_is_led_to_them(client):
    client.force_login(UserFactory(role="finance"))
    main = client.get("/").content.decode().partition("<main")[2]
    assert "Tal uden familier" in main
    assert f'href="{reverse("board:day_figures")}"' in main


def test_the_log_in_is_asked_first(client):
    for name in ("overview", "overview_more", "steps", "steps_xlsx", "cases", "cases_xlsx"):
        assert client.get(reverse(f"desk:{name}")).url.startswith("/log-ind/")


@pytest.mark.parametrize("query", ["vis=%00", "vis=a&hvem=b", "vis[]=1", "hvem=%FF", "vis=overskredet&vis=x"])
def test_what_a_url_says_beyond_the_choices_is_ignored(unit, client, query):
    client.force_login(unit.caseworker)
    assert client.get(f"/?{query}").status_code == 200


def test_the_page_works_as_a_fragment_and_keeps_its_state_in_the_url(unit, client):
    one_of_each(unit.case())
    client.force_login(unit.caseworker)
    html = client.get("/?hvem=team&vis=venter").content.decode()
    assert 'href="/?hvem=team&amp;vis=i-dag"' in html
    assert 'hx-push-url="true"' in html
    assert html.count('id="liste"') == 1


def test_what_stands_beside_the_list_comes_as_a_fragment_or_as_a_page(unit, client):
    everything(unit)
    client.force_login(unit.caseworker)
    assert 'hx-get="/overblik/mere/?hvem=team"' in client.get("/?hvem=team").content.decode()
    fragment = client.get("/overblik/mere/", headers={"HX-Request": "true"}).content.decode()
    page = client.get("/overblik/mere/").content.decode()
    for text in ("Mine familier", "Nyt siden i går", "Til orientering", "Maksym fylder 18 år"):
        assert text in fragment
        assert text in page
    assert "<html" not in fragment
    assert 'hx-swap-oob="innerHTML"' in fragment


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    ("url", "most"),
    [
        ("/", 6),
        ("/?hvem=team", 7),
        ("/?vis=overskredet", 6),
        ("/overblik/mere/", 11),
        ("/overblik/mere/?hvem=team", 11),
    ],
)
def test_the_page_costs_the_same_for_one_family_and_for_three(unit, client, role, url, most):
    everything(unit)
    client.force_login(getattr(unit, role))
    client.get(url)
    first = reads(client, url)
    everything(unit), everything(unit)
    # the unit's list is the first page of whoever leads, with a line of its own (tests/board/test_first_line.py)
    leads = role == "manager" and "mere" not in url
    assert reads(client, url) == first <= (max(most, 8) if leads else most)


def everything(unit):
    case = unit.case(arrived_on=day(-40))
    one_of_each(case)
    child(unit, date(2008, 12, 20))
    step(
        case,
        3,
        kind=Kind.LAW,
        waived_on=day(-1),
        waived_kind="not_applicable",
        waived_reason="Undtaget",
        waived_by=unit.coordinator,
    )
    step(case, None, waits_for="visitation_on", starts_on=None, household=True, rule="housing.temporary_offer")
    record(case, area="volunteers", kind="note.note", text="Nyt", on=TODAY, by=None)


def test_the_team_list_holds_the_own_list(unit):
    one_of_each(unit.case())
    for role in ROLES:
        user = getattr(unit, role)
        assert set(own_list(user, TODAY).values_list("pk")) <= set(team_list(user, TODAY).values_list("pk"))
