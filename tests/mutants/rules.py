"""Rule sets: two people, read-only for ever, a preview that writes nothing."""

from tests.mutants.mutant import off

SETS = "tests/board/test_rule_sets.py"
PAGES = "tests/board/test_rule_pages.py"
MOVES = "tests/desk/test_moves.py"

RULES = (
    off(
        "rules: put in force by a second person",
        "board/services/activation.py",
        "if not may_activate(waiting, by):",
        "if False:",
        f"{SETS}::test_neither_who_drafted_nor_who_asked_activates",
    ),
    off(
        "rules: what is in force is read-only",
        "board/services/rule_sets.py",
        "if found.state != RuleSet.State.DRAFT:",
        "if False:",
        f"{SETS}::test_a_set_in_force_is_read_only_for_ever",
    ),
    off(
        "rules: what waits for a yes is not corrected",
        "board/services/rule_sets.py",
        "if Activation.objects.filter(rule_set=found, at=None).exists():",
        "if False:",
        f"{SETS}::test_a_draft_that_waits_for_a_yes_is_not_corrected",
    ),
    off(
        "rules: undone within a day",
        "board/services/activation.py",
        "if not may_undo(activation, today=today, now=now):",
        "if False:",
        f"{SETS}::test_an_activation_is_undone_for_a_day_or_until_its_day_has_come",
    ),
    off(
        "rules: a local rule waits for its set",
        "deadlines/engine.py",
        "if rule.local and not state.kind:",
        "if False:",
        f"{SETS}::test_a_local_rule_makes_no_step_before_its_set_is_in_force",
    ),
    off(
        "rules: the preview shows the own cases",
        "board/services/rule_preview.py",
        "Case.objects.visible_to(user)",
        "Case.objects.all()",
        f"{PAGES}::test_the_preview_counts_all_and_shows_what_the_user_has",
    ),
    off(
        "dates: a preview is taken back",
        "desk/services/family.py",
        "            raise _Undo\n",
        "            pass\n",
        f"{MOVES}::test_saving_does_what_the_page_has_shown",
    ),
    off(
        "dates: what was not shown is not saved",
        "desk/views/people.py",
        'request.POST.get("confirmed") == seal_of(moves)',
        '"confirmed" in request.POST',
        f"{MOVES}::test_other_changes_than_those_shown_are_shown_first",
    ),
)
