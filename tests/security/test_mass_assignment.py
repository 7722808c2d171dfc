"""A form takes its own fields only: every other column of what it touches, sent along, leaves the record as it was.

Every form that any role may send about its own family, found on the pages themselves.
"""

import pytest
from django.db import transaction

from accounts.roles import ROLES
from desk.forms.people import PersonForm
from tests.security.filling import REFUSED, Act, acts, is_taken, send
from tests.security.recording import forged, known_ids, record
from tests.security.world import a_world

pytestmark = [pytest.mark.django_db, pytest.mark.once]
# Names that steer the page itself and belong to no model.
STEERING = {"confirmed", "next", "do", "decision", "csrfmiddlewaretoken"}
# How many forms each role has been seen to send: a lower figure means that the walk no longer reaches them.
FORMS = {
    "caseworker": 65, "volunteer_coordinator": 10, "housing_officer": 8, "employment_consultant": 15,
    "health_visitor": 3, "manager": 7, "administrator": 11, "auditor": 1, "finance": 0,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    """Who has just proved who they are; the step-up has tests of its own."""
    monkeypatch.setattr("accounts.stepup.is_fresh", lambda request, **within: True)


def after(client, filling, data: dict | None, known: dict) -> tuple[bool, dict, dict]:
    """(taken, what was sent, the record then); everything is taken back. data: sent as it is, else the form is filled."""
    with transaction.atomic():
        answer, sent = send(client, filling) if data is None else (client.post(filling.form.action, data), data)
        found = record(known) if is_taken(answer) else {}
        transaction.set_rollback(True)
    return is_taken(answer), sent, found


def changed(before: dict, later: dict) -> dict:
    """Model → rows that came or went."""
    return {model: rows ^ before[model] for model, rows in later.items() if rows != before[model]}


def greedy(roles, only=()) -> tuple[set[Act], dict[Act, dict], set[str]]:
    """(forms taken, what a greedy sender changed beyond the honest one, pages whose form was refused)."""
    world = a_world()
    known = known_ids()
    before, taken, more, refused = record(known), set(), {}, set()
    for act, client, filling in acts(world, roles, lambda name: "Ringede i dag", only):
        if act in taken:
            continue
        is_sent, sent, honest = after(client, filling, None, known)
        if not is_sent:
            refused.add(act.name)
            continue
        taken.add(act)
        own = {one.name for one in filling.form.inputs} | set(sent) | STEERING
        added = forged(list(changed(before, honest)), own, world)
        rewind(sent)
        is_sent, _sent, later = after(client, filling, sent | added, known)
        if not is_sent or later != honest:
            more[act] = changed(honest, later) if is_sent else {"refused": added}
    return taken, more, refused - {act.name for act in taken}


def rewind(sent: dict) -> None:
    for value in sent.values():
        if hasattr(value, "seek"):
            value.seek(0)


@pytest.mark.parametrize("role", ROLES)
def test_what_a_form_does_not_have_is_not_taken(role):
    taken, more, refused = greedy([role])
    assert more == {}
    assert len(taken) >= FORMS[role]
    assert refused <= set(REFUSED)


def test_a_form_that_takes_more_is_noticed(monkeypatch):
    """The negative control: the person's form hands on what it was never asked."""
    honest = PersonForm.person_data
    monkeypatch.setattr(
        PersonForm, "person_data", lambda self: {**honest(self), "udl_nr": self.data.get("search_key") or None}
    )
    _taken, more, _refused = greedy(["caseworker"], only={"desk:person"})
    assert {act.name for act in more} == {"desk:person"}
