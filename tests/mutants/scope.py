"""Whose cases, which areas, classes and fields."""

from tests.mutants.mutant import off

ROLES = "tests/security/test_roles.py"
RIGHTS = "tests/security/test_rights.py"
GLASS = "tests/desk/test_openings.py"
IN_CASE = "tests/security/test_in_case.py"
PROTECTION = "tests/cases/test_protection.py"
SHARE = "tests/board/test_share.py"
MOVED = "tests/board/test_moved_cases.py"
CRAWL = "tests/security/test_crawl.py::test_the_pages_do_what_the_policy_says"

SCOPE = (
    off(
        "scope: the team's cases only",
        "cases/models.py",
        'others = {"team": user.team_id, "team__isnull": True}',
        'others = {"pk__isnull": False}',
        f"{RIGHTS}::test_a_case_that_moves_to_another_team_is_gone_at_the_next_click",
    ),
    off(
        "scope: a protected case is for the assigned",
        "cases/models.py",
        'Q(**{f"{path}protected": False}) & any_of(others, path)',
        "any_of(others, path)",
        f"{PROTECTION}::test_a_protected_case_exists_for_the_assigned_alone",
    ),
    off(
        "scope: roles without cases have none",
        "cases/models.py",
        "if not (can(user, Permission.SEE_CASES) and sees_cases(user)):",
        "if not user.is_authenticated:",
        f"{RIGHTS}::test_some_roles_see_no_cases_not_even_their_own",
    ),
    off(
        "scope: a task opens the case for a fortnight",
        "cases/models.py",
        "Q(steps__met_on=None) | Q(steps__met_on__gte=since)",
        "Q(steps__isnull=False)",
        f"{ROLES}::test_a_task_opens_the_case_as_long_as_it_runs_and_a_fortnight_after",
    ),
    off(
        "scope: steps of visible cases only",
        "deadlines/models.py",
        'return self.filter(in_scope(user, "case__")).filter(steps_read(user, opened))',
        "return self.filter(steps_read(user, opened))",
        f"{CRAWL}[caseworker]",
    ),
    off(
        "areas: steps of the own areas only",
        "deadlines/models.py",
        'return mine | opened | begins_with("rule", parts_of(user))',
        "return Q()",
        f"{ROLES}::test_the_consultant_works_with_the_language_school_and_not_with_the_schools",
    ),
    off(
        "classes: health and violence for the assigned",
        "cases/reading.py",
        "read |= Q(data_class__in=closed) & mine",
        "read |= Q(data_class__in=closed)",
        f"{ROLES}::test_a_colleague_of_the_team_reads_neither_health_nor_violence",
    ),
    off(
        "classes: the health visitor reads no violence",
        "cases/reading.py",
        "own = Q(data_class=choices.DataClass.VIOLENCE, author=user.pk)",
        "own = Q(data_class=choices.DataClass.VIOLENCE)",
        f"{ROLES}::test_the_health_visitor_reads_health_and_no_violence_of_others",
    ),
    off(
        "classes: an opening shows violence to managers only",
        "cases/reading.py",
        "opened &= ~Q(data_class=choices.DataClass.VIOLENCE)",
        "opened &= Q(pk__isnull=False)",
        f"{GLASS}::test_it_is_read_as_the_caseworker_reads_it_but_for_violence",
    ),
    off(
        "classes: within a case they hold too",
        "cases/models.py",
        "mine, opened = case.caseworker_id in user.acting_for, case.number in user.openings",
        "mine, opened = True, case.number in user.openings",
        IN_CASE,
    ),
    off(
        "fields: what is not seen is not fetched",
        "cases/sight.py",
        "return [name for name in names if name in KEYS or sees(user, name, number)]",
        "return names",
        f"{ROLES}::test_no_birth_date_and_no_hidden_field_reaches_the_object",
    ),
    off(
        "fields: a phone needs the family's yes",
        "cases/sight.py",
        "withdrawn_on=None)\n    number",
        ")\n    number",
        f"{ROLES}::test_the_coordinator_gets_a_phone_where_the_family_has_said_yes",
    ),
    off(
        "fields: the consultant meets no children",
        "cases/sight.py",
        "return [person for person in found if is_grown_up(person.role, person.age) or person.pk in set(also)]",
        "return found",
        "tests/security/test_canary.py",
        ROLES,
    ),
    off(
        "rights are read per request",
        "accounts/models.py",
        "return frozenset(self._rights) if self.is_active else frozenset()",
        'return frozenset({"caseworker"}) if self.is_active else frozenset()',
        f"{RIGHTS}::test_a_demoted_user_is_out_at_the_next_click",
    ),
    off(
        "scope: who leads moves only what is in the daily scope",
        "board/services/moves.py",
        "part = Case.objects.filter(in_daily_scope(user), pk__in=ids[first : first + handing.BATCH])",
        "part = Case.objects.filter(pk__in=ids[first : first + handing.BATCH])",
        f"{MOVED}::test_what_changed_meanwhile_stays_and_is_named_and_the_rest_moves",
    ),
    off(
        "scope: a case opened for a while is not given away",
        "board/services/moves.py",
        "part = Case.objects.filter(in_daily_scope(user), pk__in=ids[first : first + handing.BATCH])",
        "part = Case.objects.visible_to(user).filter(pk__in=ids[first : first + handing.BATCH])",
        f"{MOVED}::test_a_case_that_is_only_opened_for_a_while_is_read_and_not_given_away",
    ),
    off(
        "scope: protected cases are not moved in a heap",
        "board/services/moves.py",
        "if case.protected:",
        "if False:",
        f"{MOVED}::test_a_protected_case_that_the_manager_sees_as_a_deputy_goes_one_by_one",
    ),
    off(
        "scope: moved cases go to caseworkers of the team",
        "board/services/moves.py",
        'or ("" if to in receivers else LeftOut.RECEIVER)',
        'or ""',
        f"{MOVED}::test_nobody_gets_cases_who_can_not_have_them",
    ),
    off(
        "scope: a move is the team's own",
        "board/services/moves.py",
        'where = {"team": user.team_id} if user.team_id else {"team": None, "by": user}',
        "where = {}",
        f"{SHARE}::test_another_teams_colleagues_and_moves_do_not_exist",
    ),
)
