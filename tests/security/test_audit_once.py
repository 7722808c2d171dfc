"""One answer that shows something, one row that says so; a refusal has its row too, and a redirect none."""

import pytest
from django.db.models import Q
from django.test import Client
from django.urls import reverse

from accounts import audit
from accounts.models import AccessRecord, User
from accounts.roles import ROLES
from cases.models import Case, Person
from config import middleware
from config.middleware import IMPERSONAL
from config.policy import PAGES
from housing.models import Dwelling
from tests.security.crawl import filled, patterns
from tests.security.world import World, a_world
from volunteers.models import Volunteer

pytestmark = [pytest.mark.django_db, pytest.mark.once]
# Pages that leave no row, and why there is nothing to tell. Each is looked at below for every role.
NOBODY_IS_SHOWN = {
    "account_login": "the form of the log-in; whoever is logged in is led on",
    "account_logout": "asks whether one means it",
    "account_reauthenticate": "asks for the user's own password",
    "mfa_reauthenticate": "asks for the user's own code",
    "mfa_reauthenticate_webauthn": "asks for the user's own passkey",
    "account_seen": "an empty answer every few minutes, which keeps a log-in awake",
}
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
    return {page: (status, rows) for page, (status, rows) in found.items() if rows != expected.get(status, rows)}


@pytest.mark.parametrize("role", [*ROLES, "without_role"])
def test_one_answer_one_row(world, role):
    found = rows_by_page(world, role)
    assert wrong(found) == {}
    assert sum(status == 200 for status, _rows in found.values()) > 5
    assert sum(status == 404 for status, _rows in found.values()) > 5


def names_in(world: World) -> set[str]:
    """Every family, member, place, helper, colleague and case of the world."""
    found = set(Person.objects.values_list("given_names", flat=True))
    found |= set(Case.objects.values_list("family_name", flat=True)) | set(
        Case.objects.values_list("number", flat=True)
    )
    found |= set(Dwelling.objects.values_list("street", flat=True)) | set(
        Volunteer.objects.values_list("name", flat=True)
    )
    return found | set(User.objects.values_list("last_name", flat=True))


@pytest.mark.parametrize("role", [*ROLES, "without_role"])
def test_what_leaves_no_row_shows_nobody(world, role):
    user, shown = world.users[role], {}
    others = {name for name in names_in(world) if name} - {user.last_name}
    assert len(others) > 15
    assert set(NOBODY_IS_SHOWN) == IMPERSONAL
    for name in sorted(IMPERSONAL):
        client = Client()
        client.force_login(user)
        before = AccessRecord.objects.count()
        answer = client.get(reverse(name), follow=False)
        assert answer.status_code in {200, 204, 302}, name
        assert AccessRecord.objects.count() == before, name
        shown[name] = sorted(other for other in others if other in answer.content.decode())
    assert {name: found for name, found in shown.items() if found} == {}


def test_a_page_that_shows_somebody_is_not_among_them(world, client):
    """The control: the same eye finds names on the list of families."""
    client.force_login(world.users["caseworker"])
    told = client.get(reverse("desk:cases")).content.decode()
    assert any(name in told for name in names_in(world))


def test_without_the_net_rows_are_missing(world, monkeypatch):
    """The control: pages that leave the row to the net under them would leave none."""
    monkeypatch.setattr(middleware, "SHOWN", set())
    assert len(wrong(rows_by_page(world, "caseworker"))) > 5
