"""Drafts, what is read-only for ever, local rules, and the second person."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AccessRecord
from board.models import Activation
from board.services import activation as activations
from board.services import rule_cards, rule_sets
from board.services.rule_texts import TEXTS
from deadlines import engine
from deadlines.local import local_rules
from deadlines.models import Delivery, LocalRule, RuleSet, Step, Term
from deadlines.services import assign, default_owner, give_cause, move_ownership, tick
from desk.areas import RULES, all_rules
from desk.services.sweep import sweep
from tests.board.conftest import NOW, change
from tests.factories import TODAY, UserFactory, a_family

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)
TERM = {"amount": 10, "unit": "days", "kind": "local_target", "basis": "", "warning_days": []}
ABOUT = {"name": "Hold velkomstsamtale", "area": "reception", "for_whom": "household", "starts": "arrived_on"}


def welcome(draft, by, **given) -> LocalRule:
    fields = ABOUT | TERM | {"owner_role": "caseworker"} | given
    return rule_sets.add_local_rule(draft, by=by, **fields)


def in_force(draft, by, second, choice="new"):
    asked = activations.ask(draft, choice=choice, by=by, now=NOW)
    activations.activate(asked, by=second, today=TODAY, now=NOW, pause=0)
    return Activation.objects.get(pk=asked.pk)


# --- Drafts -----------------------------------------------------------------------------------


def test_a_draft_copies_the_newest_set_and_changes_nothing(lars):
    before = list(
        Term.objects.filter(rule_set__number=2).order_by("rule").values_list("rule", "amount", "unit", "kind")
    )
    draft = rule_sets.new_draft(valid_from=TOMORROW, title=" Ny aftale ", by=lars)
    assert (draft.number, draft.title, draft.state, draft.created_by) == (3, "Ny aftale", "draft", lars)
    assert list(draft.terms.order_by("rule").values_list("rule", "amount", "unit", "kind")) == before
    assert AccessRecord.objects.filter(action="rules.drafted", user_id=lars.pk).exists()


def test_one_draft_at_a_time_and_none_before_the_newest_set(draft, lars):
    with pytest.raises(ValidationError, match="Der er allerede et udkast: regelsæt 3"):
        rule_sets.new_draft(valid_from=TOMORROW, title="", by=lars)
    newest = RuleSet.objects.get(number=2).valid_from
    with pytest.raises(ValidationError, match=r"Regelsæt 2 gælder fra 1\. april 2024"):
        rule_sets.change_draft(draft, valid_from=newest - timedelta(days=1), title="", by=lars)
    rule_sets.change_draft(draft, valid_from=newest, title="Rettelse", by=lars)
    draft.refresh_from_db()
    assert (draft.valid_from, draft.title) == (newest, "Rettelse")


def test_a_term_is_changed_given_and_taken_away(draft, lars):
    change(draft, lars, "reception.min_plan", amount=7, warning_days=[2, 5, 2])
    term = draft.terms.get(rule="reception.min_plan")
    assert (term.amount, term.warning_days) == (7, [5, 2])
    change(draft, lars, "reception.gp", amount=30)
    assert draft.terms.get(rule="reception.gp").kind == "local_target"
    rule_sets.remove_term(draft, "reception.min_plan", by=lars)
    assert not draft.terms.filter(rule="reception.min_plan").exists()
    assert RuleSet.objects.get(number=2).terms.get(rule="reception.min_plan").amount == 14


@pytest.mark.parametrize(
    ("rule", "new", "told"),
    [
        ("reception.min_plan", {"amount": 0}, "Skriv et tal på mindst 1"),
        ("reception.contract", {"basis": " "}, "Skriv hjemlen"),
        ("reception.unknown", {}, "Reglen findes ikke længere"),
        ("local.unknown", {}, "Reglen findes ikke længere"),
    ],
)
def test_a_term_that_says_nothing_is_refused(draft, lars, rule, new, told):
    with pytest.raises(ValidationError, match=told):
        change(draft, lars, rule, **new)


def test_a_deadline_that_is_a_date_has_no_length(draft, lars):
    change(draft, lars, "housing.next_home", amount=9, kind="service_goal")
    assert draft.terms.get(rule="housing.next_home").amount == 0


def test_a_discarded_draft_leaves_nothing_and_frees_its_number(draft, lars):
    welcome(draft, lars)
    rule_sets.discard(draft, by=lars)
    assert list(RuleSet.objects.values_list("number", flat=True)) == [1, 2]
    assert not LocalRule.objects.exists()
    assert rule_sets.new_draft(valid_from=TODAY, title="", by=lars).number == 3


def verbs(one, by) -> dict:
    """Every verb that writes on a set, by name."""
    return {
        "change_draft": lambda: rule_sets.change_draft(one, valid_from=TOMORROW, title="", by=by),
        "discard": lambda: rule_sets.discard(one, by=by),
        "save_term": lambda: rule_sets.save_term(one, "reception.min_plan", by=by, **TERM),
        "remove_term": lambda: rule_sets.remove_term(one, "reception.min_plan", by=by),
        "add_local_rule": lambda: welcome(one, by),
        "change_local_rule": lambda: rule_sets.change_local_rule(
            one, "hold-velkomstsamtale", by=by, owner_role="caseworker", **ABOUT, **TERM
        ),
        "ask": lambda: activations.ask(one, choice="new", by=by, now=NOW),
    }


VERBS = ("change_draft", "discard", "save_term", "remove_term", "add_local_rule", "change_local_rule", "ask")


def rows() -> list:
    return [list(model.objects.order_by("pk").values()) for model in (RuleSet, Term, LocalRule, Activation)]


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("number", [1, 2])
def test_a_set_in_force_is_read_only_for_ever(lars, number, verb):
    before = rows()
    with pytest.raises(ValidationError, match="er i brug og kan aldrig ændres"):
        verbs(RuleSet.objects.get(number=number), lars)[verb]()
    assert rows() == before


@pytest.mark.parametrize("verb", VERBS)
def test_a_draft_that_waits_for_a_yes_is_not_corrected(draft, lars, verb):
    welcome(draft, lars)
    activations.ask(draft, choice="new", by=lars, now=NOW)
    before = rows()
    with pytest.raises(ValidationError, match="venter på en kollegas ja"):
        verbs(draft, lars)[verb]()
    assert rows() == before
    activations.take_back(draft, by=lars)
    change(draft, lars, "reception.min_plan", amount=3)


def test_every_verb_is_among_those_that_refuse():
    own = {
        name: value for name, value in vars(rule_sets).items() if getattr(value, "__module__", "") == rule_sets.__name__
    }
    public = {name for name, value in own.items() if hasattr(value, "__wrapped__")}
    assert public - {"new_draft"} == set(VERBS) - {"ask"}


# --- The second person ------------------------------------------------------------------------


def test_neither_who_drafted_nor_who_asked_activates(draft, lars, mette):
    other = UserFactory(role="manager")
    asked = activations.ask(draft, choice="new", by=other, now=NOW)
    stranger = UserFactory(role="volunteer_coordinator")
    for user in (lars, other, stranger):
        with pytest.raises(ValidationError, match="En anden end den, der har lavet udkastet"):
            activations.activate(asked, by=user, today=TODAY, now=NOW, pause=0)
    assert not RuleSet.objects.filter(number=3, state="active").exists()
    activations.activate(asked, by=mette, today=TODAY, now=NOW, pause=0)
    draft.refresh_from_db()
    assert (draft.state, draft.activated_by, draft.activated_on) == ("active", mette, TODAY)


def test_a_yes_counts_once_and_only_while_it_is_asked_for(draft, lars, mette):
    asked = activations.ask(draft, choice="new", by=lars, now=NOW)
    activations.take_back(draft, by=lars)
    with pytest.raises(ValidationError, match="venter ikke længere"):
        activations.activate(asked, by=mette, today=TODAY, now=NOW, pause=0)
    again = activations.ask(draft, choice="new", by=lars, now=NOW)
    activations.activate(again, by=mette, today=TODAY, now=NOW, pause=0)
    with pytest.raises(ValidationError, match="venter ikke længere"):
        activations.activate(again, by=mette, today=TODAY, now=NOW, pause=0)


def test_an_activation_is_undone_for_a_day_or_until_its_day_has_come(lars, mette):
    today = in_force(rule_sets.new_draft(valid_from=TODAY, title="", by=lars), lars, mette)
    late = {"today": TOMORROW, "now": NOW + timedelta(hours=25)}
    assert activations.may_undo(today, today=TODAY, now=NOW + timedelta(hours=23))
    assert not activations.may_undo(today, **late)
    with pytest.raises(ValidationError, match="kan ikke fortrydes længere"):
        activations.undo(today, by=lars, pause=0, **late)
    ahead = in_force(rule_sets.new_draft(valid_from=TODAY + timedelta(days=9), title="", by=lars), lars, mette)
    assert activations.may_undo(ahead, **late)
    assert not activations.may_undo(today, today=TODAY, now=NOW), "a newer one stands"
    activations.undo(ahead, by=lars, pause=0, **late)
    ahead.refresh_from_db()
    assert (ahead.undone_by, ahead.rule_set.state, ahead.rule_set.activated_by) == (lars, "draft", None)
    with pytest.raises(ValidationError, match="kan ikke fortrydes"):
        activations.undo(ahead, by=lars, today=TODAY, now=NOW, pause=0)


def test_an_undone_set_may_be_deleted_and_its_record_stays(draft, lars, mette):
    activation = in_force(draft, lars, mette)
    activations.undo(activation, by=lars, today=TODAY, now=NOW, pause=0)
    rule_sets.discard(RuleSet.objects.get(pk=draft.pk), by=lars)
    activation.refresh_from_db()
    assert (activation.rule_set, activation.number) == (None, 3)
    assert rule_sets.new_draft(valid_from=TODAY, title="", by=lars).number == 4, "a used number is not used again"


def test_an_older_draft_is_not_put_over_a_newer_set(draft, lars, mette):
    """Only undoing leaves two drafts."""
    activation = in_force(draft, lars, mette)
    newer = rule_sets.new_draft(valid_from=TODAY, title="", by=lars)
    activations.undo(activation, by=lars, today=TODAY, now=NOW, pause=0)
    in_force(newer, lars, mette)
    with pytest.raises(ValidationError, match="Regelsæt 4 gælder fra"):
        activations.ask(draft, choice="new", by=lars, now=NOW)


def test_a_set_without_any_deadline_may_be_put_in_force_and_taken_back(draft, lars, mette):
    case = a_family(arrived_on=TODAY, caseworker=mette)
    refresh(case)
    before = list(case.steps.order_by("pk").values())
    for rule in draft.terms.values_list("rule", flat=True):
        rule_sets.remove_term(draft, rule, by=lars)
    activation = in_force(draft, lars, mette)
    assert not case.steps.exclude(due_on=None).exists()
    activations.undo(activation, by=lars, today=TODAY, now=NOW, pause=0)
    assert list(case.steps.order_by("pk").values()) == before


# --- Local rules ------------------------------------------------------------------------------


def refresh(case, today=TODAY):
    engine.refresh([case.pk], all_rules(), today=today)


def local_step(case) -> Step | None:
    return Step.objects.filter(case=case, rule__startswith="local.").first()


def test_a_local_rule_makes_no_step_before_its_set_is_in_force(draft, lars, mette):
    case = a_family(arrived_on=TODAY, caseworker=mette)
    row = welcome(draft, lars)
    assert (row.slug, row.active) == ("hold-velkomstsamtale", False)
    refresh(case)
    assert local_step(case) is None
    row.active = True  # even a row that says so makes none without a term in force
    row.save()
    refresh(case)
    assert local_step(case) is None
    row.active = False
    row.save()
    in_force(draft, lars, mette)
    step = local_step(case)
    assert (step.title, step.due_on, step.kind) == ("Hold velkomstsamtale", TODAY + timedelta(days=10), "local_target")
    assert step.owner == mette


def test_a_local_rule_is_for_those_who_begin_while_its_set_holds(draft, lars, mette):
    older, newer = (a_family(arrived_on=TODAY - timedelta(days=days)) for days in (1, 0))
    missing = a_family(arrived_on=None, expected_on=TOMORROW)
    welcome(draft, lars)
    in_force(draft, lars, mette, choice="open")
    assert local_step(older) is None
    assert local_step(newer).starts_on == TODAY
    assert local_step(missing).waits_for == "arrived_on"


def test_a_local_rule_is_ended_by_a_later_set(draft, lars, mette):
    kept, done = (a_family(arrived_on=TODAY) for _each in range(2))
    welcome(draft, lars)
    in_force(draft, lars, mette)
    tick(local_step(done), on=TODAY, text="Talt med familien", by=mette, today=TODAY)
    ending = rule_sets.new_draft(valid_from=TOMORROW, title="", by=lars)
    rule_sets.remove_term(ending, "local.hold-velkomstsamtale", by=lars)
    assert LocalRule.objects.get().active, "the older set still knows it"
    in_force(ending, lars, mette)
    after = a_family(arrived_on=TOMORROW, today=TOMORROW)
    refresh(after, TOMORROW)
    refresh(kept, TOMORROW)
    assert local_step(after) is None
    assert local_step(kept).withdrawn_on is None, "who began before goes on"
    last = rule_sets.new_draft(valid_from=TOMORROW, title="", by=lars)
    in_force(last, lars, mette, choice="open")
    assert (local_step(kept).withdrawn_on, local_step(done).withdrawn_on) == (TODAY, None)


def test_a_local_rule_that_has_been_in_force_is_not_turned_into_another(draft, lars, mette):
    welcome(draft, lars)
    rule_sets.change_local_rule(
        draft, "hold-velkomstsamtale", by=lars, owner_role="manager", **(ABOUT | TERM | {"name": "Ring til familien"})
    )
    assert LocalRule.objects.get().name == "Ring til familien"
    in_force(draft, lars, mette)
    again = rule_sets.new_draft(valid_from=TODAY, title="", by=lars)
    with pytest.raises(ValidationError, match="har været i brug"):
        rule_sets.change_local_rule(again, "hold-velkomstsamtale", by=lars, owner_role="manager", **ABOUT, **TERM)
    rule_sets.discard(again, by=lars)
    assert [rule.key for rule in local_rules()] == ["local.hold-velkomstsamtale"]


def test_two_local_rules_of_one_name_are_two(draft, lars):
    slugs = [welcome(draft, lars).slug for _each in range(2)] + [welcome(draft, lars, name="Åbn æske på Øen").slug]
    assert slugs == ["hold-velkomstsamtale", "hold-velkomstsamtale-2", "aabn-aeske-paa-oeen"]
    assert welcome(draft, lars, name="Привіт").slug == "regel"


@pytest.mark.parametrize("role", ["caseworker", "volunteer_coordinator", "manager"])
def test_a_local_rule_falls_to_its_role_and_follows_a_hand_over(draft, lars, mette, team, role):
    karen = team.coordinator = UserFactory(role="volunteer_coordinator")
    team.save()
    case = a_family(arrived_on=TODAY, caseworker=mette, team=team)
    welcome(draft, lars, owner_role=role, area="volunteers")
    in_force(draft, lars, mette)
    owner = {"caseworker": mette, "volunteer_coordinator": karen, "manager": lars}[role]
    assert local_step(case).owner == owner
    ida = UserFactory(role="caseworker", team=team)
    case.caseworker = ida
    case.save()
    move_ownership([case.pk], caseworker=ida)
    wanted = ida if role == "caseworker" else owner
    assert local_step(case).owner == wanted
    step = assign(local_step(case), assignee=mette, by=lars, today=TODAY)
    assert assign(step, assignee=None, by=lars, today=TODAY).owner == wanted == default_owner(step)
    refresh(case)
    assert local_step(case).owner == wanted, "the engine says the same"
    type(case).objects.filter(pk=case.pk).update(protected=True)
    refresh(case)
    assert local_step(case).owner == ida, "in a protected case the caseworker"


def test_a_cause_that_somebody_gave_outlives_the_undoing(draft, lars, mette):
    long_ago = TODAY - timedelta(days=30)
    rule_sets.change_draft(draft, valid_from=long_ago, title="", by=lars)
    given, known_late = (a_family(arrived_on=long_ago, today=day, caseworker=mette) for day in (long_ago, TODAY))
    welcome(draft, lars)
    activation = in_force(draft, lars, mette)
    assert local_step(known_late).cause == "known_late"
    give_cause(local_step(given), cause="interpreter", by=mette, today=TODAY)
    activations.undo(activation, by=lars, today=TODAY, now=NOW, pause=0)
    assert local_step(known_late) is None, "the engine said it, nobody has done anything"
    assert (local_step(given).withdrawn_on, local_step(given).cause) == (TODAY, "interpreter")
    in_force(draft, lars, mette)
    assert (local_step(given).withdrawn_on, local_step(given).cause) == (None, "interpreter")


def test_what_was_told_before_an_undoing_is_not_told_again_after_it(draft, lars, mette):
    case = a_family(arrived_on=TODAY, caseworker=mette)
    welcome(draft, lars, warning_days=[10])
    for _turn in range(2):
        activation = in_force(draft, lars, mette)
        sweep(today=TODAY, now=NOW)
        told = Delivery.objects.filter(notice__step__rule__startswith="local.").values_list("user", "notice__level")
        assert list(told) == [(mette.pk, "warn")]
        activations.undo(activation, by=lars, today=TODAY, now=NOW, pause=0)
        assert local_step(case).withdrawn_on == TODAY
    with pytest.raises(ValidationError, match="frister henviser til det"):
        rule_sets.discard(RuleSet.objects.get(pk=draft.pk), by=lars)


# --- Cards ------------------------------------------------------------------------------------


def test_every_rule_in_code_is_told_in_words():
    assert set(TEXTS) == set(RULES)


def test_a_card_says_what_differs_from_the_set_before(draft, lars):
    change(draft, lars, "reception.min_plan", amount=7)
    change(draft, lars, "reception.contract", basis="integrationsloven § 19, stk. 1")
    rule_sets.remove_term(draft, "volunteers.contact_person", by=lars)
    welcome(draft, lars)
    groups = rule_cards.cards(draft, RuleSet.objects.get(number=2))
    changed = {card.name: card for group in groups for card in group["cards"] if card.changed}
    told = {name: (card.length, card.was, card.new) for name, card in changed.items()}
    assert told == {
        "Lav og udlevér Min plan": ("7 dage", "14 dage, servicemål", False),
        "Indgå kontrakt": ("1 måned", "", False),
        "Find en kontaktperson til familien": ("Ingen frist (tjekliste)", "30 dage, lokalt mål", False),
        "Hold velkomstsamtale": ("10 dage", "", True),
    }
    assert changed["Indgå kontrakt"].warnings == "14 og 3 dage før"
    sets = list(RuleSet.objects.all())
    assert rule_cards.changed_rules(sets) == {one.pk: {1: 17, 2: 2, 3: 4}[one.number] for one in sets}
