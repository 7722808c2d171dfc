"""Two people say yes at the same moment, or one says yes while the manager takes it back. Only on PostgreSQL."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from board.models import Activation, PinnedStep
from board.services import activation as activations
from board.services import rule_sets
from deadlines.models import RuleSet
from desk.services.repair import bring_in_line
from tests.board.conftest import NOW, change
from tests.factories import TODAY, UserFactory, a_family

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time"),
]


def at_once(*acts) -> list[str]:
    """Start them side by side; how each ended."""
    start, ends = threading.Barrier(len(acts)), []

    def run(act):
        try:
            start.wait(timeout=10)
            act()
            ends.append("done")
        except ValidationError:
            ends.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return sorted(ends)


@pytest.fixture
def asked(lars):
    case = a_family(arrived_on=TODAY, caseworker=UserFactory(role="caseworker"))
    bring_in_line([case.pk], today=TODAY, pause=0)
    draft = rule_sets.new_draft(valid_from=TODAY, title="", by=lars)
    change(draft, lars, "reception.min_plan", amount=7)
    return activations.ask(draft, choice="open", by=lars, now=NOW)


def yes(asked, by):
    return lambda: activations.activate(asked, by=by, today=TODAY, now=NOW, pause=0)


def test_of_two_yeses_one_counts(asked):
    assert connection.vendor == "postgresql"
    ends = at_once(*(yes(asked, UserFactory(role="caseworker")) for _each in range(2)))
    assert ends == ["done", "refused"]
    assert Activation.objects.filter(at__isnull=False).count() == 1
    assert PinnedStep.objects.count() == len(set(PinnedStep.objects.values_list("step", flat=True))) > 0


def test_a_yes_and_a_correction_at_once_leave_one_of_them(asked, lars):
    """Whoever comes first: the set is in force as it was shown, or it is a draft again and corrected."""

    def correct():
        activations.take_back(asked.rule_set, by=lars)
        change(asked.rule_set, lars, "reception.min_plan", amount=2)

    assert at_once(yes(asked, UserFactory(role="caseworker")), correct) == ["done", "refused"]
    held = RuleSet.objects.get(pk=asked.rule_set_id)
    assert (held.state, held.terms.get(rule="reception.min_plan").amount) in [("active", 7), ("draft", 2)]


def test_two_managers_draft_at_once_and_one_draft_stands(asked, lars):
    activations.take_back(asked.rule_set, by=lars)
    rule_sets.discard(asked.rule_set, by=lars)
    acts = [lambda: rule_sets.new_draft(valid_from=TODAY, title="", by=lars) for _each in range(2)]
    assert at_once(*acts) == ["done", "refused"]
    assert RuleSet.objects.filter(state="draft").count() == 1
