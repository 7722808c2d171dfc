"""The gate, the log-in, the step-up and the headers."""

from tests.mutants.mutant import off

LOG_IN = "tests/accounts/test_log_in.py"
SESSIONS = "tests/accounts/test_sessions.py"
GLASS = "tests/desk/test_openings.py"
LOCATION = "tests/security/test_location.py"
CRAWL = "tests/security/test_crawl.py::test_the_pages_do_what_the_policy_says"

DOORS = (
    off(
        "gate: unknown pages do not answer",
        "config/gate.py",
        "if page is None:\n            raise Http404",
        "if page is None:\n            return None",
        "tests/security/test_negative_controls.py::test_the_gate_does_not_let_an_unknown_page_through",
    ),
    off(
        "gate: a refused method says 404 to strangers",
        "config/gate.py",
        "must_see(page, request.user, kwargs)\n        return HttpResponseNotAllowed",
        "return HttpResponseNotAllowed",
        f"{CRAWL}[caseworker]",
    ),
    off(
        "gate: an opened case is read only",
        "config/gate.py",
        "if number in request.user.openings and not works_in(request.user, number):",
        "if False:",
        f"{GLASS}::test_nothing_can_be_written_in_it",
    ),
    off(
        "door: a person of that case only",
        "cases/access.py",
        "person, day = case.people.filter(pk=person_id).first(),",
        "person, day = Person.objects.filter(pk=person_id).first(),",
        f"{CRAWL}[caseworker]",
    ),
    off(
        "door: no child for whoever meets adults",
        "cases/access.py",
        "if day and not is_grown_up(person.role, age):",
        "if False:",
        "tests/security/test_roles.py::test_the_consultant_opens_no_page_about_a_child",
    ),
    off(
        "door: places ask for a reason",
        "cases/access.py",
        "if case.covered and not covered:",
        "if False:",
        f"{LOCATION}::test_a_page_about_places_asks_first",
    ),
    off(
        "door: a reason for places holds half an hour",
        "cases/access.py",
        'REVEAL, SIGHT = "place.reveal", timedelta(minutes=30)',
        'REVEAL, SIGHT = "place.reveal", timedelta(days=30)',
        "tests/security/test_location.py::test_a_reason_opens_for_half_an_hour_and_stands_in_the_log",
    ),
    off(
        "log-in: pages need one",
        "config/settings.py",
        '"django.contrib.auth.middleware.LoginRequiredMiddleware",',
        "",
        f"{CRAWL}[anonymous]",
    ),
    off(
        "log-in: thirty idle minutes",
        "config/sessions.py",
        "if now - seen >= settings.IDLE_SECONDS:",
        "if False:",
        f"{SESSIONS}::test_thirty_idle_minutes_lock_every_page",
    ),
    off(
        "log-in: ten hours",
        "config/sessions.py",
        "if now - session.get(BEGAN, now) >= settings.LONGEST_SESSION_SECONDS:",
        "if False:",
        f"{SESSIONS}::test_after_ten_hours_one_logs_in_anew",
    ),
    off(
        "log-in: a second factor first",
        "config/sessions.py",
        'return HttpResponseRedirect(reverse("mfa_index"))',
        "return None",
        f"{LOG_IN}::test_whoever_has_no_second_factor_sets_one_up_before_anything_else",
    ),
    off(
        "log-in: an older session shows it too",
        "config/sessions.py",
        "if has_second_factor(request.user):  # set up in another browser: it is asked for here too",
        "if False:",
        f"{LOG_IN}::test_a_session_from_before_the_second_factor_must_show_it_too",
    ),
    off(
        "step-up: a number is looked up by who one is",
        "desk/views/reveal.py",
        'if digits and request.method == "POST" and fresh and form.is_valid():',
        'if digits and request.method == "POST" and form.is_valid():',
        "tests/accounts/test_reveal.py::test_a_page_that_has_grown_old_keeps_what_was_typed",
    ),
    off(
        "step-up: fresh for five minutes",
        "accounts/stepup.py",
        "if not request.user.is_authenticated or last_proof(request, strong=False) <= recent:",
        "if not request.user.is_authenticated:",
        "tests/accounts/test_stepup.py::test_after_five_minutes_again",
    ),
    off(
        "step-up: the strongest means decide",
        "accounts/stepup.py",
        "return last_proof(request, strong=True) > recent or not has_second_factor(request.user)",
        "return True",
        "tests/accounts/test_stepup.py",
    ),
    off(
        "step-up: before break-glass",
        "desk/views/openings.py",
        "@needs(Permission.BREAK_GLASS)\n@needs_fresh_login\n",
        "@needs(Permission.BREAK_GLASS)\n",
        "tests/accounts/test_stepup.py",
    ),
    off(
        "headers: no caches",
        "config/middleware.py",
        'response.headers.setdefault("Cache-Control", "no-store")',
        "pass",
        "tests/security/test_headers.py",
    ),
    off(
        "headers: frames",
        "config/settings.py",
        'X_FRAME_OPTIONS = "DENY"',
        'X_FRAME_OPTIONS = "SAMEORIGIN"',
        "tests/security/test_headers.py",
    ),
    off(
        "headers: scripts by nonce",
        "config/settings.py",
        '"script-src": [SELF, NONCE],',
        '"script-src": [SELF, NONCE, "\'unsafe-inline\'"],',
        "tests/security/test_headers.py",
    ),
    off(
        "settings: keys are asked for",
        "config/settings.py",
        "if not (SECRET_KEY and FIELD_KEYS and CPR_INDEX_KEY and AUDIT_KEY):",
        "if False:",
        "tests/test_config.py::test_without_keys_there_is_one_clear_sentence",
    ),
    off(
        "log-in: SAML answers were asked for",
        "config/sign_on.py",
        '"reject_idp_initiated_sso": True',
        '"reject_idp_initiated_sso": False',
        "tests/accounts/test_saml.py::test_what_the_provider_has_not_signed_for_us_opens_nothing",
    ),
    off(
        "log-in: SAML knows nobody by a name id",
        "accounts/sso.py",
        "if extra.get(subject) else []",
        "",
        "tests/accounts/test_saml.py::test_without_a_usable_role_or_a_subject_nobody_comes_in",
    ),
)
