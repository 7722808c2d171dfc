"""Every page × every role and nobody × own, foreign and unknown × four methods: what the policy says, and no more."""

import logging

import pytest
from django.template.base import Template

from accounts.roles import ROLES
from tests.security.crawl import ANONYMOUS, Visitor, crawl, fingerprint, patterns
from tests.security.world import a_world

pytestmark = [pytest.mark.django_db, pytest.mark.once]
IDENTITIES = [*ROLES, "without_role", ANONYMOUS]


@pytest.fixture(autouse=True)
def _quick(monkeypatch, caplog, settings):
    """No paper, whose printer has tests of its own; no log line per refusal; no copies of contexts for the client."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    caplog.set_level(logging.CRITICAL, logger="django.request")
    monkeypatch.setattr(Template, "_render", lambda self, context: self.nodelist.render(context))
    monkeypatch.setattr("reception.services.document.plan_pdf", lambda *args, **kwargs: b"%PDF-1.7")
    monkeypatch.setattr("keeping.services.package.print_package", lambda *args, **kwargs: b"%PDF-1.7")


@pytest.mark.parametrize("identity", IDENTITIES)
def test_the_pages_do_what_the_policy_says(identity):
    world = a_world()
    report = crawl(world, identity)
    assert report.unfilled == [], "patterns for which tests/security/world.py has no row"
    assert report.unexpected == []
    assert report.checks >= 4 * len(list(patterns()))
    if identity != ANONYMOUS:
        refusals_are_one(report, world.users[identity])


def refusals_are_one(report, user):
    """Foreign, unknown, forbidden and an address that leads nowhere: the same bytes and the same headers."""
    visitor = Visitor(user)
    for is_head in (False, True):
        method = "HEAD" if is_head else "GET"
        nowhere = fingerprint(visitor.ask(method, "/findes-ikke/"))
        odd = [what for (head, found), what in report.refusals.items() if head == is_head and found != nowhere]
        assert odd == []
    assert sum(map(len, report.refusals.values())) > 100
