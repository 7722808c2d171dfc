"""Contact persons: who may have whom, and the links of the volunteers."""

from tests.mutants.mutant import off

PAGES = "tests/volunteers/test_proposals.py"
PAIRS = "tests/volunteers/test_pairs.py"
ASKED = "tests/volunteers/test_inquiries.py"

COMMUNITY = (
    off(
        "matching: hard stops are asked again when a pair is tied",
        "volunteers/services/ties.py",
        "if why := proposals.obstacle(case, volunteer, on=on):",
        "if False:",
        f"{PAGES}::test_a_hard_stop_holds_against_a_made_up_form",
    ),
    off(
        "matching: nobody is tied without the family's yes",
        "volunteers/services/ties.py",
        'if standing_consent(case) is None:\n        raise ValidationError(_("Familien er ikke spurgt.',
        'if False:\n        raise ValidationError(_("Familien er ikke spurgt.',
        f"{PAGES}::test_without_a_yes_nobody_is_tied",
    ),
    off(
        "matching: a protected family's volunteer has sworn secrecy",
        "volunteers/matching.py",
        "return Stop.SECRECY if need.protected and not helper.has_sworn else None",
        "return None",
        f"{PAGES}::test_the_caseworker_of_a_protected_family_chooses_among_the_cleared_and_sworn",
    ),
    off(
        "pairs: a protected family's pair is in no list",
        "volunteers/services/pairs.py",
        "cases = Case.objects.visible_to(user).filter(protected=False, closed_on=None)\n    return (",
        "cases = Case.objects.visible_to(user)\n    return (",
        f"{PAIRS}::test_a_protected_pair_stands_in_no_list_not_even_its_caseworker_s",
    ),
    off(
        "pairs: the link dies with the pair",
        "volunteers/services/pairs.py",
        ".filter(ended_on=None, case__protected=False, case__closed_on=None)",
        ".filter(case__protected=False, case__closed_on=None)",
        f"{PAIRS}::test_a_dead_link_and_an_unknown_one_look_the_same",
    ),
    off(
        "asking first: the link works for a while",
        "volunteers/services/inquiries.py",
        "pk = signing.loads(token, salt=SALT, max_age=VALID)",
        "pk = signing.loads(token, salt=SALT)",
        f"{ASKED}::test_a_link_dies_with_the_question[late]",
    ),
    off(
        "asking first: what opens the link is not kept",
        "desk/services/mail.py",
        'mail.body = "" if mail.address else mail.body',
        "pass",
        f"{ASKED}::test_one_letter_per_question_that_names_no_family",
    ),
    off(
        "wishes: an offer meets one",
        "offers/services/wishes.py",
        "if held.met_on or held.annulled_on:",
        "if False:",
        "tests/offers/test_wishes.py::test_an_offer_meets_the_wish_once",
    ),
)
