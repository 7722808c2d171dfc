"""The preview of a rule set is what its activation does, step by step, and undoing takes all of it back.

The families are the demonstration's: some two dozen with acts, waivers, absences and missing dates, from a seed.
"""

from datetime import timedelta
from random import Random

import pytest

from board.models import Activation, PinnedStep
from board.services import activation as activations
from board.services import rule_sets
from board.services.rule_preview import moving_rules, preview
from deadlines import engine
from deadlines.models import Kind, LocalRule, RuleSet, Step, Unit
from desk.areas import RULES, all_rules
from desk.services.moves import Change
from desk.services.repair import bring_in_line, open_cases
from intake.services.demo import seed as demo
from tests.board.conftest import NOW, change
from tests.factories import TODAY, UserFactory

pytestmark = pytest.mark.django_db
NEW, OPEN = Activation.Choice.NEW, Activation.Choice.OPEN
DAYS = {"past": -30, "today": 0, "ahead": 20}


def families(seed: int):
    """Invented families as the engine has them today; some steps met, waived, done, withdrawn, passed and overdue."""
    for number, months in ((6, 0), (2, 2)):
        demo.seed(families=number, seed=seed, today=TODAY - timedelta(days=30 * months))
    bring_in_line(open_cases(), today=TODAY, pause=0)


def a_draft(rng: Random, by, valid_from) -> RuleSet:
    """Terms longer, shorter, of another kind or unit, removed and added, and two local rules."""
    draft = rule_sets.new_draft(valid_from=valid_from, title="", by=by)
    for rule in rng.sample(sorted(RULES), 14):
        if rng.random() < 0.25:
            rule_sets.remove_term(draft, rule, by=by)
            continue
        kind, unit = rng.choice(list(Kind)), rng.choice(list(Unit))
        rule_sets.save_term(
            draft,
            rule,
            amount=rng.randint(1, 40),
            unit=unit,
            kind=kind,
            basis="loven",
            warning_days=[3],
            by=by,
        )
    for for_whom, starts in (("household", "arrived_on"), (rng.choice(["child", "adult", "person"]), "residence_from")):
        local(draft, by, name=f"Lokal {for_whom}", for_whom=for_whom, starts=starts)
    return draft


def local(draft, by, **given) -> LocalRule:
    fields = {"name": "Hold velkomstsamtale", "area": "reception", "for_whom": "household", "starts": "arrived_on"}
    term = {"amount": 10, "unit": "days", "kind": "local_target", "basis": "", "warning_days": []}
    return rule_sets.add_local_rule(draft, owner_role="caseworker", by=by, **(fields | term | given))


def snapshot() -> dict[tuple, dict]:
    """Every column of every step of a rule, by what the step is about."""
    rows = Step.objects.exclude(rule="").values()
    return {(row["rule"], row["person_id"], row["case_id"], row["round"]): row for row in rows}


def dates(row: dict | None) -> tuple:
    """(deadline, kind) as somebody who only reads the table would say; nothing where there is no deadline."""
    if row is None or row["withdrawn_on"] or not row["kind"] or not (row["due_on"] or row["waits_for"]):
        return ()
    return row["due_on"], row["kind"]


def differences(before: dict, after: dict) -> dict[tuple, tuple]:
    """An oracle of its own: what the rows of the table say before and after."""
    pairs = {key: (dates(before.get(key)), dates(after.get(key))) for key in before | after}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}


def overdue() -> set[tuple]:
    """What the lists count as overdue: said by the database, where the preview says it in Python."""
    rows = Step.objects.overdue(TODAY).exclude(rule="").exclude(kind=Kind.LOCAL_TARGET)
    return set(rows.values_list("rule", "person_id", "case_id", "round"))


def of(moves, word: str) -> set[tuple]:
    """About what the preview says this word."""
    return {(move.rule, move.person_id, move.case_id, move.round) for move in moves if getattr(move, word)}


def told(moves) -> dict[tuple, tuple]:
    """The preview in the oracle's form: a set moves deadlines, it starts and stops no clock."""
    assert not any(move.waits for move in moves)
    return {
        (move.rule, move.person_id, move.case_id, move.round): (
            () if move.change == Change.NEW else (move.old, move.old_kind),
            () if move.change == Change.GONE else (move.new, move.new_kind),
        )
        for move in moves
    }


def activate(draft, choice, by, second):
    asked = activations.ask(draft, choice=choice, by=by, now=NOW)
    activations.activate(asked, by=second, today=TODAY, now=NOW, pause=0)
    return Activation.objects.get(pk=asked.pk)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_preview_is_what_the_activation_does_and_undoing_takes_it_back(lars, mette, seed):
    families(seed)
    before = snapshot()
    for turn, (when, choice) in enumerate((when, choice) for when in DAYS for choice in (NEW, OPEN)):
        valid_from = TODAY + timedelta(days=DAYS[when])
        draft = a_draft(Random(seed * 10 + turn), lars, valid_from)
        late, moves = overdue(), preview(draft, choice, today=TODAY)
        shown = told(moves)
        assert snapshot() == before, "a preview writes nothing"

        activation = activate(draft, choice, lars, mette)
        after = snapshot()
        assert shown == differences(before, after), (when, choice)
        assert of(moves, "overdue") == overdue() - late, (when, choice)
        assert of(moves, "relieved") == late - overdue(), (when, choice)
        assert engine.differing(open_cases(), all_rules(), today=TODAY) == set(), "nothing is left for the night"
        if choice == NEW:
            older = {key: row for key, row in before.items() if row["starts_on"] and row["starts_on"] < valid_from}
            assert older
            assert {key: after[key] for key in older} == older, "older families keep their set"

        activations.undo(activation, by=lars, today=TODAY, now=NOW, pause=0)
        assert snapshot() == before
        rule_sets.discard(RuleSet.objects.get(pk=draft.pk), by=lars)


def test_the_generated_families_try_every_kind_of_change(lars):
    families(1)
    seen, finished = set(), 0
    for seed in (1, 2):
        draft = a_draft(Random(seed), lars, TODAY - timedelta(days=30))
        for choice in (NEW, OPEN):
            moves = preview(draft, choice, today=TODAY)
            seen |= {move.change for move in moves}
            seen |= {"overdue" for move in moves if move.overdue} | {"relieved" for move in moves if move.relieved}
            finished += sum(move.finished for move in moves)
        rule_sets.discard(draft, by=lars)
    draft = rule_sets.new_draft(valid_from=TODAY, title="", by=lars)
    for term in draft.terms.all():
        change(draft, lars, term.rule, amount=40, unit="months")
    seen |= {"relieved" for move in preview(draft, OPEN, today=TODAY) if move.relieved}
    assert seen == {*Change, "overdue", "relieved"}
    assert finished, "met steps of a set that begins in the past are among them"


def test_met_steps_keep_their_date_when_open_ones_follow(lars, mette):
    """Pinned is what is open: what is done stays judged by its own set."""
    families(1)
    draft = rule_sets.new_draft(valid_from=TODAY + timedelta(days=1), title="", by=lars)
    for rule in ("reception.min_plan", "employment.competences", "schooling.language_offer"):
        change(draft, lars, rule, amount=2, unit="days")
    done = Step.objects.exclude(met_on=None, done_on=None).exclude(rule="")
    held = {step.pk: (step.due_on, step.rule_set_id) for step in done}
    activation = activate(draft, OPEN, lars, mette)
    assert held
    assert {step.pk: (step.due_on, step.rule_set_id) for step in Step.objects.filter(pk__in=held)} == held
    assert not activation.pinned.filter(step__in=held).exists()
    assert activation.pinned.exists()


def test_only_rules_with_another_length_or_kind_are_computed(draft, lars):
    assert {rule.key for rule in moving_rules(draft)} == {"housing.temporary_offer", "housing.takeover"}, (
        "set 1 differs"
    )
    change(draft, lars, "reception.min_plan", basis="ny hjemmel", warning_days=[9])
    assert "reception.min_plan" not in {rule.key for rule in moving_rules(draft)}
    change(draft, lars, "reception.min_plan", amount=15)
    assert "reception.min_plan" in {rule.key for rule in moving_rules(draft)}


def test_a_crash_between_two_chunks_is_finished_by_the_nights_repair(lars, mette, monkeypatch):
    families(1)
    draft = a_draft(Random(1), lars, TODAY - timedelta(days=30))
    shown = preview(draft, OPEN, today=TODAY)
    before = snapshot()
    asked = activations.ask(draft, choice=OPEN, by=lars, now=NOW)
    monkeypatch.setattr("desk.services.repair.CHUNK", 2)
    refresh, calls = engine.refresh, []

    def failing(ids, rules, *, today):
        calls.append(ids)
        if len(calls) == 3:
            raise OSError("the power fails")
        return refresh(ids, rules, today=today)

    monkeypatch.setattr(engine, "refresh", failing)
    with pytest.raises(OSError, match="the power fails"):
        activations.activate(asked, by=mette, today=TODAY, now=NOW, pause=0)
    assert RuleSet.objects.get(pk=draft.pk).state == RuleSet.State.ACTIVE
    assert 0 < len(differences(before, snapshot())) < len(shown)
    monkeypatch.setattr(engine, "refresh", refresh)
    bring_in_line(open_cases(), today=TODAY, pause=0)
    assert differences(before, snapshot()) == told(shown)


def test_what_colleagues_did_in_between_stays_when_it_is_undone(lars, mette):
    families(2)
    draft = a_draft(Random(2), lars, TODAY - timedelta(days=30))
    activation = activate(draft, OPEN, lars, mette)
    pinned = PinnedStep.objects.filter(activation=activation, step__rule__startswith="local.").first()
    assert pinned is None, "a new local rule has no steps to pin"
    fresh = Step.objects.filter(rule__startswith="local.", withdrawn_on=None)
    kept, dropped = fresh[0], fresh[1]
    kept.assignee = UserFactory(role="caseworker")
    kept.save()
    activations.undo(activation, by=lars, today=TODAY, now=NOW, pause=0)
    kept.refresh_from_db()
    assert (kept.withdrawn_on, kept.assignee is None) == (TODAY, False)
    assert not Step.objects.filter(pk=dropped.pk).exists()
    again = activate(RuleSet.objects.get(pk=draft.pk), OPEN, lars, mette)
    kept.refresh_from_db()
    assert kept.withdrawn_on is None, "it stands again with the set"
    assert again.pk != activation.pk
