"""One answer that shows something, one row that says so; a refusal has its row too, and a redirect none."""

import pytest
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from accounts import audit
from accounts.models import AccessRecord
from accounts.roles import ROLES
from cases.models import Person
from config import middleware
from config.middleware import IMPERSONAL
from config.policy import PAGES
from tests.security.crawl import filled, patterns
from tests.security.world import World, a_world

pytestmark = pytest.mark.django_db
LOOKS = Q(action="denied") | ~audit.CHANGES & ~audit.GROUPS["denied"] & ~audit.GROUPS["login"]


@pytest.fixture
def world(monkeypatch):
    for path in ("reception.services.document.plan_pdf", "keeping.services.package.print_package"):
        monkeypatch.setattr(path, lambda *args, **kwargs: b"%PDF-1.7")
    return a_world()


def rows_by_page(world: World, role: str) -> dict[str, tuple[int, int]]:
    """page → (status, rows about a look or a refusal), for the own family and, as "…!", for a foreign one."""
    client, found = Client(raise_request_exception=False), {}
    client.force_login(world.users[role])
    for name, wanted in patterns():
        if name in IMPERSONAL or name not in PAGES or PAGES[name].read is None:
            continue
        for mark, family in (("", world.own), ("!", world.foreign)) if wanted - {"slug"} else (("", world.own),):
            arguments = filled(name, wanted, family)
            if arguments is None:
                continue
            before = AccessRecord.objects.count()
            status = client.get(reverse(name, kwargs=arguments)).status_code
            fresh = AccessRecord.objects.order_by("pk")[before:]
            found[name + mark] = (
                status,
                AccessRecord.objects.filter(pk__in=[row.pk for row in fresh]).filter(LOOKS).count(),
            )
    return found


def wrong(found: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    expected = {200: 1, 422: 1, 404: 1, 302: 0}
    return {page: (status, rows) for page, (status, rows) in found.items() if rows != expected.get(status, -1)}


@pytest.mark.parametrize("role", [*ROLES, "without_role"])
def test_one_answer_one_row(world, role):
    found = rows_by_page(world, role)
    assert wrong(found) == {}
    assert sum(status == 200 for status, _rows in found.values()) > 2
    assert sum(status == 404 for status, _rows in found.values()) > 5


def test_pages_that_leave_no_row_name_nobody(world):
    """Why each is impersonal: it is about logging in, and knows the user alone."""
    client = Client()
    client.force_login(world.users["caseworker"])
    names = {word for family in (world.own, world.foreign) for word in (family.case.family_name, family.case.number)}
    names |= {person.given_names for person in Person.objects.all()}
    answers = {name: client.get(reverse(name)) for name in sorted(IMPERSONAL)}
    assert {answer.status_code for answer in answers.values()} <= {200, 204, 302}
    for name, answer in answers.items():
        assert not [word for word in names if word in answer.content.decode()], name


def test_without_the_net_rows_are_missing(world, monkeypatch):
    """The control: pages that leave the row to the net under them would leave none."""
    monkeypatch.setattr(middleware, "SHOWN", set())
    assert len(wrong(rows_by_page(world, "caseworker"))) > 5
