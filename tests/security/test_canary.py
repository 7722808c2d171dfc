"""A marker in every free text of three families: each role meets the classes of its work in its own, and no others."""

import logging
from datetime import timedelta

import pytest

from accounts.roles import ROLES
from cases.choices import DataClass
from cases.models import Protection
from cases.services import mark_protected, write_note
from desk.services import protection
from tests.factories import TODAY, UserFactory
from tests.security.canary import mark, sightings
from tests.security.crawl import ANONYMOUS
from tests.security.world import a_full_family, a_world

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MEETS = {"identity", "contact", "ordinary", "location", "staff"}
# Read aloud: the classes that a role may meet in its own or assigned families. What is not here, nobody meets.
TABLE = {
    "caseworker": MEETS | {"work", "health", "violence", "technical"},
    "volunteer_coordinator": {"identity", "ordinary", "location", "staff"},
    "housing_officer": MEETS,
    "employment_consultant": MEETS | {"work"},
    "health_visitor": MEETS | {"health"},
    "manager": {"identity", "staff"},
    "finance": set(),
    "administrator": set(),
    "auditor": set(),
    ANONYMOUS: set(),
}
AT_LEAST = {"caseworker": {"identity", "ordinary", "location", "work", "health", "violence"}, "manager": {"identity"}}


@pytest.fixture
def families(monkeypatch, caplog, settings):
    """(world, its own, a foreign and a protected family of the same team), all marked."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    caplog.set_level(logging.CRITICAL, logger="django.request")
    monkeypatch.setattr("reception.services.document.plan_pdf", lambda *args, **kwargs: b"%PDF-1.7")
    monkeypatch.setattr("keeping.services.package.print_package", lambda *args, **kwargs: b"%PDF-1.7")
    world = a_world()
    hidden = a_full_family(UserFactory(role="caseworker", team=world.own.worker.team), "Shevchuk")
    protection.protect(
        hidden.person,
        kind="both",
        starts_on=TODAY,
        review_on=TODAY + timedelta(days=365),
        by=hidden.worker,
        today=TODAY,
    )
    found = {"own": world.own, "foreign": world.foreign, "protected": hidden}
    for name, family in found.items():
        for data_class, area in ((DataClass.HEALTH, "health"), (DataClass.VIOLENCE, "reception")):
            write_note(
                family.case,
                kind="note",
                body="x",
                on=TODAY,
                by=family.worker,
                data_class=data_class,
                people=[],
                area=area,
            )
        assert mark(name, family) >= {"identity", "ordinary", "location", "work", "health", "violence"}
    return world, found


@pytest.mark.parametrize("identity", [*ROLES, ANONYMOUS])
def test_nothing_outside_the_table(families, identity):
    world, found = families
    seen = sightings(world, identity, found)
    outside = {
        (channel, whose, data_class): sorted(pages)
        for (channel, whose, data_class), pages in seen.items()
        if whose != "own" or data_class not in TABLE[identity]
    }
    assert outside == {}
    assert {data_class for _channel, _whose, data_class in seen} >= AT_LEAST.get(identity, set())


def test_without_its_protection_the_canary_sings(families):
    """The control: the same family, found by a colleague as soon as the row is gone."""
    world, found = families
    pages = {"desk:case", "desk:cases"}
    assert not any(whose == "protected" for _c, whose, _d in sightings(world, "caseworker", found, pages))
    Protection.objects.all().delete()
    mark_protected(found["protected"].case.pk)
    assert any(whose == "protected" for _c, whose, _d in sightings(world, "caseworker", found, pages))
