"""Protection, insight, sessions, files, forms and the settings."""

from tests.mutants.mutant import off

LOG_IN = "tests/accounts/test_log_in.py"
SESSIONS = "tests/accounts/test_sessions.py"
PROTECTION = "tests/cases/test_protection.py"
LOCATION = "tests/security/test_location.py"
CHANNELS = "tests/security/test_protected_channels.py"

MATTERS = (
    off(
        "protection: ends by two",
        "desk/services/protection.py",
        "if row.lapse_proposed_by_id == by.pk:",
        "if False:",
        f"{PROTECTION}::test_one_person_cannot_end_it_alone",
    ),
    off(
        "protection: the second needs the right",
        "desk/services/protection.py",
        "if not can(by, Permission.CONFIRM_EXEMPTION):",
        "if False:",
        f"{PROTECTION}::test_a_second_without_the_right_is_no_second",
    ),
    off(
        "insight: released by another",
        "keeping/services/package.py",
        "if by.pk == insight.prepared_by_id or insight.choices.filter(made_by=by).exists():",
        "if False:",
        "tests/keeping/test_insight.py::test_who_chose_about_a_line_releases_nothing",
        "tests/keeping/test_insight.py::test_prepared_by_one_and_released_by_another",
    ),
    off(
        "insight: a released package is frozen",
        "keeping/services/package.py",
        "if found.released_at:",
        "if False:",
        "tests/keeping/test_insight.py::test_a_released_package_is_frozen",
    ),
    off(
        "sessions: ended when the rights change",
        "accounts/services.py",
        'User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)',
        "pass",
        SESSIONS,
    ),
    off(
        "log-in: guessing is limited",
        "config/settings.py",
        '"login_failed": "30/m/ip,5/5m/key"',
        '"login_failed": "30000/m/ip"',
        f"{LOG_IN}::test_guessing_is_limited_and_locks_nobody_else_out",
    ),
    off(
        "log-in: a code holds for its own half minute",
        "config/settings.py",
        "MFA_TOTP_TOLERANCE = 0",
        "MFA_TOTP_TOLERANCE = 9",
        f"{LOG_IN}::test_the_code_before_and_the_code_after_open_nothing",
    ),
    off(
        "settings: no DEBUG outside the demonstration",
        "config/settings.py",
        'DEBUG = DEMO and env.bool("DEBUG", default=False)',
        'DEBUG = env.bool("DEBUG", default=False)',
        "tests/test_config.py",
    ),
    off(
        "demo: for this machine alone",
        "desk/management/commands/supervise.py",
        'if settings.DEMO and not is_loopback(host) and os.environ.get("BIND_ANYWHERE") != "1":',
        "if False:",
        "tests/test_supervise.py",
    ),
    off(
        "policy: every page has a row",
        "config/policy.py",
        '    "desk:log_xlsx": Row(P.READ_LOG, None),\n',
        "",
        "tests/security/test_policy_complete.py",
    ),
    off(
        "protection: what colleagues held goes back",
        "desk/services/protection.py",
        "    draw_in(person.case, today=today)\n    _remind",
        "    _remind",
        f"{PROTECTION}::test_what_colleagues_held_goes_back_to_the_caseworker",
    ),
    off(
        "protection: places are covered",
        "cases/location.py",
        "        if not tells_place(row):\n            continue\n",
        "        continue\n",
        f"{LOCATION}::test_a_sentence_written_before_the_protection_is_covered_after",
    ),
    off(
        "protection: no mail about it",
        "desk/services/digest.py",
        "steps = own_list(user, today).filter(case__protected=False)",
        "steps = own_list(user, today)",
        f"{CHANNELS}::test_no_mail_is_about_a_protected_case",
        CHANNELS,
    ),
    off(
        "exports: no formula",
        "desk/services/export.py",
        'return f"\'{clean}" if RISKY.search(clean) and not HARMLESS_NUMBER.match(clean) else clean',
        "return clean",
        "tests/desk/test_export.py",
    ),
    off(
        "import: the reader's time ends",
        "intake/services/imports/files.py",
        "resource.RLIMIT_CPU: SECONDS,",
        "resource.RLIMIT_CPU: 10_000,",
        "tests/intake/test_import_files.py::test_a_reader_that_never_ends_is_stopped",
        "tests/intake/test_import_files.py",
    ),
    off(
        "import: the reader gets none of our environment",
        "intake/services/imports/files.py",
        'env={}, cwd="/"',
        'cwd="/"',
        "tests/intake/test_import_files.py::test_the_reader_gets_nothing_of_our_environment",
    ),
    off(
        "form key: twice is once",
        "intake/services/registration.py",
        'earlier = FormKey.objects.filter(key=form_key, user=by).exclude(result_url="").values("result_url")',
        'earlier = FormKey.objects.filter(key=form_key, user=by, result_url="").values("result_url")',
        "tests/intake/test_register_once.py",
    ),
    off(
        "inventory: every field has a class",
        "keeping/data_inventory.toml",
        'technical = "key made_at result_url"',
        'technical = "key made_at"',
        "tests/keeping/test_inventory.py",
    ),
    off(
        "import: a list that unpacks to too much",
        "intake/services/imports/sheet_reader.py",
        "if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:",
        "if False:",
        "tests/intake/test_import_files.py::test_a_zip_of_ten_thousand_small_files",
    ),
    off(
        "paper: our own files only",
        "cases/printer.py",
        'name = url.removeprefix(SCHEME) if url.startswith(SCHEME) else ""\n        if name not in self.files:',
        'name = url.removeprefix(SCHEME) if url.startswith(SCHEME) else ""\n        if not name:\n'
        '            return URLFetcherResponse(url, Path(url.removeprefix("file://")).read_bytes(), {})\n'
        "        if name not in self.files:",
        "tests/cases/test_paper.py::test_even_raw_markup_fetches_nothing_and_reads_no_file",
    ),
    off(
        "notes: a colleague's health note gets no more readers",
        "desk/services/circles.py",
        "if by_colleague and entry.data_class in NARROW:",
        "if False:",
        "tests/desk/test_circles.py::test_a_colleagues_health_note_never_gets_more_readers",
    ),
    off(
        "notes: moved by the assigned alone",
        "desk/views/circles.py",
        "if case.caseworker_id not in request.user.acting_for:",
        "if False:",
        "tests/desk/test_circles.py::test_only_the_assigned_comes_in",
    ),
    off(
        "coordinator: of the people of a consent the names alone",
        "keeping/services/consents.py",
        'Person.objects.only("given_names", "surname")',
        "Person.objects.all()",
        "tests/security/test_coordinator_sql.py::test_her_pages_ask_for_no_column_that_she_may_not_see",
    ),
    off(
        "homes: families in sight only",
        "housing/views.py",
        "return set(Case.objects.visible_to(user).filter(pk__in=ids)",
        "return set(Case.objects.filter(pk__in=ids)",
        "tests/housing/test_pages.py::test_the_list_names_only_families_one_may_see",
    ),
    off(
        "doubles: registered people in sight only",
        "intake/services/registration.py",
        "for person in _alike(members, Case.objects.visible_to(user))][:5]",
        "for person in _alike(members, Case.objects.all())][:5]",
        "tests/security/test_protected_channels.py",
        "tests/desk/test_doubts.py",
    ),
    off(
        "log: a manager's own use is not in the summary",
        "desk/services/log_summary.py",
        ".exclude(pk=user.pk)",
        "",
        "tests/desk/test_log_summary.py",
    ),
)
