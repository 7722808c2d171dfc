"""The policy knows every page, and only pages that are."""

from accounts.roles import Permission
from config.admission import Of, Row, Who
from config.gate import BY_ID
from config.policy import PAGES
from tests.security.crawl import patterns

# What stands before the log-in; everything else is behind it.
OPEN = {
    "volunteers:tell",
    "volunteers:reply",
    "account_login",
    "account_logout",
    "mfa_authenticate",
    "openid_connect_login",
    "openid_connect_callback",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "offers:front",
    "offers:front_in",
    "offers:form",
    "offers:receipt",
}


def test_every_page_has_a_row_and_every_row_a_page():
    names = [name for name, _wanted in patterns()]
    assert sorted(set(names) - set(PAGES)) == [], "pages without a row in config/policy.py"
    assert sorted(set(PAGES) - set(names)) == [], "rows of config/policy.py without a page"
    assert len(names) == len(set(names)), "two pages of the same name"


def test_a_row_says_who_how_and_of_what():
    for name, row in PAGES.items():
        assert row.methods, name
        for who in (row.read, row.write):
            assert who is None or isinstance(who, Permission | Who), name
    assert {name for name, row in PAGES.items() if row.read is Who.ANYBODY} == OPEN


def test_the_object_of_a_row_is_what_its_address_names():
    """A page with a case number is about a case; one about nothing has no parameter."""
    by_id = set(BY_ID)
    for name, wanted in patterns():
        of = PAGES[name].of
        assert (of is Of.NOTHING) == (not wanted), name
        assert (of in by_id) == (wanted & {"pk", "number"} == {"pk"}), name
        assert (of is Of.TEXT) == ("language" in wanted), name
        assert (of is Of.LINK) == ("key" in wanted), name
        assert (of is Of.PERSON) == ("person_id" in wanted), name
        assert (of in {Of.NOTE, Of.OWN_NOTE}) == ("entry_id" in wanted), name
        assert (of in {Of.ROW, Of.HEALTH_ROW}) == ({"number", "pk"} <= wanted), name


def test_a_row_reads_aloud():
    assert Row(Permission.SEE_FAMILIES, None, Of.CASE).methods == ["GET", "HEAD"]
    assert Row(None, Permission.WRITE_CASES, Of.CASE).methods == ["POST"]
    assert Row(Permission.SEE_FAMILIES, None, Of.CASE).who("PUT") is None
