"""The people of Fristregler: a manager who drafts, a caseworker as the second person; and an office with its manager."""

from datetime import UTC, date, datetime

import pytest

from accounts.models import Team
from board.services import rule_sets
from tests.desk.test_sweep import Office
from tests.factories import TODAY, UserFactory

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture
def team(db):
    return Team.objects.create(name="Nord")


@pytest.fixture
def lars(team):
    """The manager who drafts."""
    lars = UserFactory(username="lars", first_name="Lars", role="manager", team=team)
    team.manager = lars
    team.save()
    return lars


@pytest.fixture
def mette(team):
    return UserFactory(username="mette", role="caseworker", team=team)


@pytest.fixture
def draft(lars):
    """A copy of the newest set, from today."""
    return rule_sets.new_draft(valid_from=TODAY, title="", by=lars)


def change(draft, by, rule, **new):
    """One term of the draft with other values."""
    term = draft.terms.filter(rule=rule).first()
    fields = {"amount": 14, "unit": "days", "kind": "local_target", "basis": "", "warning_days": []}
    if term:
        fields = {name: getattr(term, name) for name in fields}
    return rule_sets.save_term(draft, rule, by=by, **(fields | new))


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.fixture
def storage(settings, tmp_path):
    """A place for files of this test's own."""
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def office(db) -> Office:
    return Office()


@pytest.fixture
def web(client, office):
    """The browser of the office's manager."""
    client.force_login(office.manager)
    return client
