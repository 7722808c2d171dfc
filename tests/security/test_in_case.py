"""Behind the door: what is read within a case is what is visible of it, for every role, class and opening."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.utils import timezone

from accounts.models import Opening, User
from cases.access import get_case
from cases.choices import DataClass
from cases.models import Entry
from deadlines.models import Step
from tests.factories import TODAY
from tests.security.world import a_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """Lines of every class in both families, by their worker and by the health visitor."""
    world = a_world()
    for family in (world.own, world.foreign):
        for author in (family.worker, world.users["health_visitor"]):
            for data_class in DataClass:
                Entry.objects.create(
                    case=family.case, area="health", kind="note.note", data_class=data_class, on=TODAY, author=author
                )
    return world


def test_in_case_is_visible_to_of_that_case(world):
    seen = 0
    for role, user in world.users.items():
        for opened in ("", "glass", "oversight"):
            reader = with_opening(user, world.foreign.case.number, opened)
            for family in (world.own, world.foreign):
                try:
                    case = get_case(reader, family.case.number, covered=True)
                except Http404:
                    continue
                for model in (Entry, Step):
                    within = set(model.objects.in_case(case, reader).values_list("pk", flat=True))
                    visible = set(model.objects.visible_to(reader).filter(case=case).values_list("pk", flat=True))
                    assert within == visible, (role, opened, model)
                    seen += bool(visible)
    assert seen > 20


def with_opening(user: User, number: str, kind: str) -> User:
    Opening.objects.filter(user=user).delete()
    if kind:
        ends = timezone.now() + timedelta(minutes=30)
        Opening.objects.create(user=user, case_number=number, kind=kind, closes_at=ends)
    return User.objects.get(pk=user.pk)
