"""The log, the openings, CPR numbers and the search."""

from tests.mutants.mutant import off

CHAIN = "tests/accounts/test_audit_chain.py"
GLASS = "tests/desk/test_openings.py"
SEARCH = "tests/desk/test_search.py"

LOG = (
    off(
        "log: no row, no answer",
        "config/middleware.py",
        "response.status_code in SHOWN and not audit.is_shown()",
        "False",
        "tests/accounts/test_audit_log.py::test_each_answer_with_personal_data_leaves_one_row",
        "tests/accounts/test_audit_log.py",
    ),
    off(
        "log: refusals stand in it",
        "config/middleware.py",
        "if response.status_code == 404 or (",
        "if (",
        "tests/accounts/test_audit_log.py::test_a_refusal_is_logged_alike_for_what_exists_and_what_does_not",
    ),
    off(
        "log: a line break forges nothing",
        "accounts/audit.py",
        'return "".join(character if character.isprintable() else " " for character in str(text))',
        "return str(text)",
        f"{CHAIN}::test_a_line_can_not_be_forged_by_a_line_break",
    ),
    off(
        "log: the chain holds the row's content",
        "accounts/audit.py",
        "row.hash != link(row, row.sequence, last) or row.mark != mark_of(row):",
        "row.hash != link(row, row.sequence, last):",
        f"{CHAIN}::test_a_hundred_of_a_hundred_tamperings_are_found",
    ),
    off(
        "log: the chain holds the row before",
        "accounts/audit.py",
        "if row.previous != last or row.hash != link(row, row.sequence, last) or",
        "if",
        f"{CHAIN}::test_a_hundred_of_a_hundred_tamperings_are_found",
        CHAIN,
    ),
    off(
        "log: the database refuses changes",
        "accounts/triggers.py",
        'f"WHEN NOT (OLD.hash IS NULL AND NEW.hash IS NOT NULL AND {same}) {refuse}",',
        'f"WHEN FALSE {refuse}",',
        f"{CHAIN}::test_the_database_refuses",
    ),
    off(
        "log: numbers are masked in what is written to disk",
        "config/logs.py",
        "return masked(super().format(record))",
        "return super().format(record)",
        "tests/security/test_errors.py::test_an_error_in_any_view_tells_nothing",
    ),
    off(
        "log: nobody signs for the own looks",
        "desk/services/log_review.py",
        "if review.looks.filter(record__user_id=by.pk).exists():",
        "if False:",
        "tests/desk/test_log_review.py::test_nobody_signs_for_the_own_looks",
    ),
    off(
        "log: a late review reaches the managers",
        "desk/services/log_review.py",
        "remind_managers(subject_of(review), on=due_on + timedelta(days=1))",
        "remind_managers(subject_of(review), on=date.max)",
        "tests/desk/test_log_review.py::test_the_readers_hear_of_it_twice_and_the_managers_when_it_is_late",
    ),
    off(
        "openings: an hour",
        "desk/services/openings.py",
        "LENGTH = timedelta(minutes=60)",
        "LENGTH = timedelta(days=60)",
        f"{GLASS}::test_a_case_out_of_scope_is_open_for_an_hour_and_not_longer",
    ),
    off(
        "openings: ended by the clock",
        "accounts/models.py",
        "return self.filter(closed_at=None, closes_at__gt=at)",
        "return self.filter(closed_at=None)",
        f"{GLASS}::test_a_case_out_of_scope_is_open_for_an_hour_and_not_longer",
    ),
    off(
        "openings: the manager hears of it",
        "desk/services/openings.py",
        "    _tell_manager(opening, case, now=now)\n",
        "",
        f"{GLASS}::test_the_manager_of_the_case_is_told_at_once_without_names",
    ),
    off(
        "CPR: whole only with the permission",
        "desk/services/search.py",
        "if not can(user, Permission.REVEAL_CPR):",
        "if False:",
        f"{SEARCH}::test_others_look_up_no_numbers",
    ),
    off(
        "CPR: thirty look-ups an hour",
        "desk/services/search.py",
        "if done >= LOOK_UPS:",
        "if False:",
        f"{SEARCH}::test_the_thirty_first_look_up_of_the_hour_is_refused_and_told",
    ),
    off(
        "CPR: found within sight only",
        "desk/services/search.py",
        'CprNumber.objects.filter(in_scope(user, "person__case__"), index=index)',
        "CprNumber.objects.filter(index=index)",
        f"{SEARCH}::test_out_of_sight_answers_like_nowhere",
    ),
    off(
        "search: people within sight only",
        "desk/services/search.py",
        'Person.objects.filter(person_like(text, user)).filter(in_scope(user, "case__"))',
        "Person.objects.filter(person_like(text, user))",
        f"{SEARCH}::test_only_what_the_user_may_see_is_found",
    ),
    off(
        "search: the text is kept nowhere",
        "desk/services/search.py",
        'audit.log(user, "case.search", detail=str(found.hits))',
        'audit.log(user, "case.search", detail=text)',
        f"{SEARCH}::test_the_log_holds_the_hits_and_not_the_text",
    ),
)
