"""The pages of Fristregler: who may what, what a form says, the preview as table and file, and the way into force."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import AccessRecord, Team
from board.models import Activation
from board.services import activation as activations
from board.services import rule_sets
from board.services.rule_preview import preview
from deadlines.models import LocalRule, RuleSet, Step
from desk.services.repair import bring_in_line, open_cases
from tests.board.conftest import NOW, change
from tests.desk.rows import reads
from tests.factories import TODAY, UserFactory, a_family
from tests.files import fetch

pytestmark = pytest.mark.django_db
FILE = "board:rule_preview_xlsx"
TERM = {"amount": "7", "unit": "days", "kind": "service_goal", "basis": "strategien § 1", "warning_days": "5, 2"}
LOCAL = {
    "name": "Hold velkomstsamtale",
    "area": "reception",
    "for_whom": "household",
    "starts": "arrived_on",
    "owner_role": "manager",
    "amount": "10",
    "unit": "days",
    "kind": "local_target",
    "basis": "",
    "warning_days": "",
}


@pytest.fixture
def family(mette, team):
    """Olena's family of the team: arrived ten days ago."""
    case = a_family(arrived_on=TODAY - timedelta(days=10), caseworker=mette, team=team)
    bring_in_line([case.pk], today=TODAY, pause=0)
    return case


@pytest.fixture
def foreign():
    """The same in another team."""
    team = Team.objects.create(name="Syd")
    case = a_family(
        arrived_on=TODAY - timedelta(days=10), caseworker=UserFactory(role="caseworker", team=team), team=team
    )
    bring_in_line([case.pk], today=TODAY, pause=0)
    return case


@pytest.fixture
def shorter(draft, lars):
    """Min plan within 7 days instead of 14."""
    change(draft, lars, "reception.min_plan", amount=7)
    return draft


def page(client, user, what, *args, **query):
    client.force_login(user)
    return client.get(reverse(f"board:{what}", args=args), query)


def send(client, user, what, *args, **data):
    client.force_login(user)
    return client.post(reverse(f"board:{what}", args=args), data)


def said(response) -> list[str]:
    return [str(message) for message in response.wsgi_request._messages]


def test_the_sets_stand_as_cards_and_the_page_asks_the_same_for_many(client, lars, mette):
    shown = page(client, mette, "rule_sets").content.decode()
    assert "Regelsæt 2, gælder fra 1. april 2024" in shown
    assert "2 regler ændret fra regelsæt 1" in shown
    assert shown.index("i brug") < shown.index("afløst")
    assert "Nyt udkast" not in shown
    counts = []
    for number in (3, 4, 5):
        draft = rule_sets.new_draft(valid_from=TODAY + timedelta(days=number), title="", by=lars)
        asked = activations.ask(draft, choice="new", by=lars, now=NOW)
        activations.switch(asked, by=mette, today=TODAY, now=NOW)
        client.force_login(lars)
        counts.append(reads(client, reverse("board:rule_sets")))
    assert counts[0] == counts[-1]


def test_a_set_in_force_shows_its_rules_and_nothing_to_press(client, lars):
    shown = page(client, lars, "rule_set", RuleSet.objects.get(number=2).pk).content.decode()
    for told in ("Lav og udlevér Min plan", "14 dage", "Servicemål", "3 dage før", "strategien § 1", "Taget ophold"):
        assert told in shown
    assert "Fjern fristen" not in shown
    assert "/ret/" not in shown


def test_only_who_leads_drafts_and_the_others_read(client, lars, mette):
    assert page(client, mette, "new_rule_set").status_code == 404
    answer = send(client, lars, "new_rule_set", valid_from="1.1.2027", title="Ny aftale")
    draft = RuleSet.objects.get(number=3)
    assert answer.url == reverse("board:rule_set", args=[draft.pk])
    for user, buttons in ((lars, True), (mette, False)):
        shown = page(client, user, "rule_set", draft.pk).content.decode()
        assert ("Ny lokal regel" in shown, "Fjern fristen" in shown) == (buttons, buttons)
        assert "Forhåndsvisning" in shown
    for name in ("term", "remove_term"):
        assert send(client, mette, name, draft.pk, "reception-min_plan", **TERM).status_code == 404
    for name in ("change_rule_set", "discard_rule_set", "add_local_rule", "ask_activation", "take_back_activation"):
        assert send(client, mette, name, draft.pk).status_code == 404
    assert send(client, lars, "new_rule_set", valid_from="1.2.2027").status_code == 422


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"amount": "abc"}, "Skriv et helt tal, fx 14."),
        ({"amount": "0"}, "Skriv et helt tal på mindst 1."),
        ({"amount": ""}, "Udfyld feltet »Længde«."),
        ({"amount": "61", "unit": "months"}, "Skriv højst 60 måneder."),
        ({"kind": "law", "basis": ""}, "Skriv hjemlen"),
        ({"warning_days": "14; x"}, "Skriv kun hele tal med komma imellem"),
        ({"warning_days": "0"}, "hver mellem 1 og 365"),
        ({"warning_days": "1,2,3,4,5,6"}, "Skriv højst fem dage"),
    ],
)
def test_a_wrong_term_is_told_and_nothing_typed_is_lost(client, lars, draft, wrong, told):
    data = TERM | {"basis": "Byrådets beslutning"} | wrong
    answer = send(client, lars, "term", draft.pk, "reception-min_plan", **data)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert told in shown
    assert all(f'value="{data[name]}"' in shown for name in ("amount", "warning_days", "basis") if data[name])
    assert draft.terms.get(rule="reception.min_plan").amount == 14


def test_a_term_and_a_local_rule_are_typed_and_read_back(client, lars, draft):
    assert send(client, lars, "term", draft.pk, "reception-min_plan", **TERM).status_code == 302
    term = draft.terms.get(rule="reception.min_plan")
    assert (term.amount, term.warning_days) == (7, [5, 2])
    assert 'value="5, 2"' in page(client, lars, "term", draft.pk, "reception-min_plan").content.decode()
    assert send(client, lars, "add_local_rule", draft.pk, **LOCAL).status_code == 302
    form = page(client, lars, "term", draft.pk, "local-hold-velkomstsamtale").content.decode()
    assert 'value="Hold velkomstsamtale"' in form
    changed = LOCAL | {"name": "Ring til familien"}
    assert send(client, lars, "term", draft.pk, "local-hold-velkomstsamtale", **changed).status_code == 302
    assert LocalRule.objects.get().name == "Ring til familien"
    assert "health" not in form, "no words about health in a list"
    assert send(client, lars, "remove_term", draft.pk, "local-hold-velkomstsamtale").status_code == 302
    assert not LocalRule.objects.exists()
    assert page(client, lars, "term", draft.pk, "local-findes_ikke").status_code == 404
    assert page(client, lars, "term", draft.pk, "reception-findes_ikke").status_code == 404


def test_an_old_set_refuses_the_forms_too(client, lars):
    old = RuleSet.objects.get(number=2)
    answer = send(client, lars, "term", old.pk, "reception-min_plan", **TERM)
    assert (answer.status_code, "er i brug og kan aldrig ændres" in answer.content.decode()) == (422, True)
    answer = send(client, lars, "remove_term", old.pk, "reception-min_plan")
    assert said(answer) == ["Regelsæt 2 er i brug og kan aldrig ændres. Lav et nyt udkast i stedet."]
    assert send(client, lars, "discard_rule_set", old.pk).status_code == 422
    assert old.terms.get(rule="reception.min_plan").amount == 14


def test_the_preview_counts_all_and_shows_what_the_user_has(client, lars, mette, family, foreign, shorter):
    nothing = page(client, lars, "rule_preview").content.decode()
    assert "Ingen åbne frister ændres" in nothing
    shown = page(client, mette, "rule_preview", valg="open").content.decode()
    assert "2 åbne frister ændres" in shown
    assert "2 får tidligere dato. 2 bliver overskredet." in shown
    assert "1 ændring er i sager, du ikke har." in shown
    assert (family.number in shown, foreign.number in shown) == (True, False)
    assert "<del>lør. 28. nov. 2026</del>" in shown
    assert "<ins>lør. 21. nov. 2026</ins>" in shown
    assert "7 dage tidligere" in shown
    assert "Olena" in shown
    assert "Olena" not in page(client, lars, "rule_preview", valg="open").content.decode(), "a manager sees no names"
    assert set(Step.objects.filter(rule="reception.min_plan").values_list("due_on", flat=True)) == {
        TODAY + timedelta(days=4)
    }


def test_the_preview_asks_the_same_for_three_families(client, mette, team, family, shorter):
    client.force_login(mette)
    url = f"{reverse('board:rule_preview')}?valg=open"
    one = reads(client, url)
    for _each in range(2):
        case = a_family(arrived_on=TODAY - timedelta(days=9), caseworker=mette, team=team)
        bring_in_line([case.pk], today=TODAY, pause=0)
    assert "3 åbne frister ændres" in client.get(url).content.decode()
    assert reads(client, url) == one


def test_the_file_holds_the_rows_of_the_page_and_no_protected_family(
    client, lars, mette, team, family, foreign, shorter
):
    hidden = a_family(arrived_on=TODAY - timedelta(days=8), caseworker=mette, team=team)
    type(hidden).objects.filter(pk=hidden.pk).update(protected=True)
    bring_in_line([hidden.pk], today=TODAY, pause=0)
    answer = fetch(client, mette, FILE, "?valg=open")
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [row[0] for row in rows] == [family.number]
    assert [value.date().isoformat() for value in rows[0][3:5]] == ["2026-11-28", "2026-11-21"]
    assert rows[0][5:7] == ["7 dage tidligere", "Overskredet"]
    assert AccessRecord.objects.filter(action="list.export", detail="regelsaet-3: 1").count() == 1


def test_asking_and_a_second_persons_yes(client, lars, mette, family, shorter):
    answer = send(client, lars, "ask_activation", shorter.pk, choice="open")
    assert answer.url == f"{reverse('board:rule_preview')}?saet={shorter.pk}&valg=open"
    asked = Activation.objects.get()
    own = page(client, lars, "rule_preview").content.decode()
    assert ("Ja, sæt regelsættet i brug" in own, "En anden end den, der har lavet udkastet" in own) == (False, True)
    assert said(send(client, lars, "activate", asked.pk))[-1].startswith("En anden end den, der har lavet udkastet")
    other = page(client, mette, "rule_preview", valg="new").content.decode()
    assert ("Ja, sæt regelsættet i brug" in other, "Du ser den anden virkning" in other) == (False, True)
    assert "Ja, sæt regelsættet i brug" in page(client, mette, "rule_preview").content.decode()
    answer = send(client, mette, "activate", asked.pk)
    assert said(answer)[-1] == "Regelsæt 3 er i brug. 1 sag er regnet om."
    assert Step.objects.get(rule="reception.min_plan").due_on == TODAY - timedelta(days=3)
    told = page(client, lars, "rule_sets").content.decode()
    assert "Fortryd" in told
    assert "Fortryd<span" not in page(client, mette, "rule_sets").content.decode()
    assert send(client, mette, "undo_activation", asked.pk).status_code == 404
    assert send(client, lars, "undo_activation", asked.pk).status_code == 302
    assert Step.objects.get(rule="reception.min_plan").due_on == TODAY + timedelta(days=4)


def test_without_a_draft_there_is_nothing_to_preview(client, mette):
    answer = page(client, mette, "rule_preview")
    assert (answer.status_code, answer.url) == (302, reverse("board:rule_sets"))


def test_a_yes_acts_on_the_newest_state_of_what_was_asked(client, lars, mette, shorter):
    """Taken back, corrected and asked again in between: the old button answers nothing."""
    send(client, lars, "ask_activation", shorter.pk, choice="new")
    old = Activation.objects.get()
    send(client, lars, "take_back_activation", shorter.pk)
    change(shorter, lars, "reception.min_plan", amount=2)
    send(client, lars, "ask_activation", shorter.pk, choice="open")
    assert Activation.objects.get().pk != old.pk
    assert send(client, mette, "activate", old.pk).status_code == 404
    assert preview(shorter, "open", today=TODAY) == []
    assert open_cases() == []
