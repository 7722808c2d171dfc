"""A form takes its own fields only: every other column of the model, sent along, leaves the record as it was."""

from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.db import models, transaction
from django.urls import reverse

from accounts.models import AccessRecord
from cases.models import Assignment, Case, Entry, Person
from deadlines.models import Step
from desk.forms.people import PersonForm
from employment.models import Job
from housing.models import Dwelling, Host
from schooling.models import LanguageOffer
from tests.factories import UserFactory
from tests.security.world import a_world
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db
OWN_APPS = {
    "accounts", "cases", "deadlines", "reception", "housing", "employment", "schooling", "health", "volunteers", "desk",
    "intake", "keeping",
}  # fmt: skip
PERSON = {
    "given_names": "Olena",
    "surname": "Kovalenko",
    "role": "main",
    "birth_date": "02.06.1990",
    "languages": "ukrainsk, dansk",
    "arrived_on": "13.11.2026",
    "residence_from": "13.11.2026",
    "visitation_on": "13.11.2026",
    "confirmed": "1",
}
HOME = {"street": "Rønneholt", "house_number": "4", "kind": "temporary", "places": "5"}
# page → (the model behind the form, what an honest user sends)
FORMS = {
    "desk:person": (Person, PERSON),
    "desk:add_member": (Person, PERSON | {"given_names": "Ihor", "role": "other"}),
    "desk:add_task": (Step, {"title": "Ring til skolen", "due_on": "30.11.2026"}),
    "desk:colleagues": (Assignment, {"user": "HELPER", "why": "Besøg i hjemmet"}),
    "desk:close_case": (Case, {"on": "24.11.2026", "reason": "left"}),
    "desk:write_note": (Entry, {"kind": "note", "text": "Ringede", "on": "24.11.2026", "data_class": "ordinary"}),
    "volunteers:edit_volunteer": (Volunteer, {"name": "Karin", "capacity": "2", "certificate": "required"}),
    "volunteers:add_volunteer": (Volunteer, {"name": "Birte", "capacity": "1", "certificate": "required"}),
    "housing:add_dwelling": (Dwelling, HOME),
    "housing:change_dwelling": (Dwelling, {"places": "6"}),
    "housing:add_host": (Host, {"name": "Jens Holm", "places": "2"}),
    "employment:add_job": (Job, {"employer": "Gartneriet", "on": "20.11.2026"}),
    "schooling:language_offer": (LanguageOffer, {"provider": "Sprogcenter Nord", "on": "23.11.2026"}),
}
# Names that steer the page itself and belong to no model.
STEERING = {"confirmed", "next", "do", "decision"}


@pytest.fixture
def world(client):
    world = a_world()
    client.force_login(world.users["caseworker"])
    return world


def address(name: str, world) -> str:
    own = world.own
    if name in own.ids:
        return reverse(name, args=[own.ids[name]])
    needs = {"desk:person", "employment:add_job", "schooling:language_offer"}
    alone = {"volunteers:add_volunteer", "housing:add_dwelling", "housing:add_host"}
    return reverse(name, args=[] if name in alone else [own.case.number, *([own.person.pk] if name in needs else [])])


def forged(model, sent: dict, form, world) -> dict:
    """A value for every column that the form does not have, under its name and its column's."""
    own = set(form.fields) if form else set(sent)
    found = {"id": "1", "pk": "1", "is_superuser": "on", "by": "1", "today": "1.1.2020", "version": "9"}
    for field in model._meta.concrete_fields:
        for name in {field.name, field.attname}:
            found[name] = value_of(field, world)
    return {name: value for name, value in found.items() if name not in own | set(sent) | STEERING}


def value_of(field, world) -> str:
    if isinstance(field, models.ForeignKey):
        other = {Case: world.foreign.case, Person: world.foreign.person}.get(field.related_model, world.foreign.worker)
        return str(other.pk)
    if isinstance(field, models.DateField):
        return "1.1.2020"
    if isinstance(field, models.BooleanField):
        return "on"
    if isinstance(field, models.IntegerField):
        return "7"
    return str(field.choices[-1][0]) if field.choices else "forfalsket"


def watched() -> list:
    """Every model of the product but the log and the drafts."""
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in OWN_APPS
        and model._meta.label not in {AccessRecord._meta.label, "desk.Draft"}
        and not model.__name__.startswith(("Access", "Seal"))
    ]


def known_ids() -> dict:
    return {model: set(model._base_manager.values_list("pk", flat=True)) for model in watched()}


def record(known: dict) -> list[tuple]:
    """Every row, without its own id and the clock's times. A row made by the form is "new": ids are never given twice."""
    return [
        (model._meta.label, repr(sorted(plain(model, row, known).items())))
        for model in watched()
        for row in model._base_manager.order_by("pk").values()
    ]


def plain(model, row: dict, known: dict) -> dict:
    targets = {field.attname: field.related_model for field in model._meta.concrete_fields if field.is_relation}
    kept = {name: value for name, value in row.items() if name != "id" and not is_time(value)}
    return {
        name: "new"
        if value is not None and name in targets and value not in known.get(targets[name], {value})
        else value
        for name, value in kept.items()
    }


def is_time(value) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None and value.astimezone(UTC).year >= 2026


def after(client, url: str, data: dict, known: dict) -> list[tuple]:
    """The record as it stands when the form was taken; then everything is taken back."""
    with transaction.atomic():
        answer = client.post(url, data)
        assert answer.status_code == 302, answer.context["form"].errors if answer.context else answer
        found = record(known)
        transaction.set_rollback(True)
    return found


def form_of(client, url: str):
    answer = client.get(url)
    return answer.context["form"] if answer.status_code == 200 and "form" in answer.context else None


def difference(client, world, name: str) -> set:
    model, sent = FORMS[name]
    helper = str(UserFactory(role="health_visitor").pk)
    sent = {key: helper if value == "HELPER" else value for key, value in sent.items()}
    url = address(name, world)
    more = forged(model, sent, form_of(client, url), world)
    assert len(more) >= 5
    known = known_ids()
    before, honest, greedy = record(known), after(client, url, sent, known), after(client, url, sent | more, known)
    assert honest != before
    return set(honest) ^ set(greedy)


@pytest.mark.parametrize("name", FORMS)
def test_what_the_form_does_not_have_is_not_taken(name, client, world):
    assert difference(client, world, name) == set()


def test_a_form_that_takes_more_is_noticed(client, world, monkeypatch):
    """The negative control: the person's form hands on what it was never asked."""
    honest = PersonForm.person_data
    monkeypatch.setattr(
        PersonForm, "person_data", lambda self: {**honest(self), "udl_nr": self.data.get("search_key") or None}
    )
    assert difference(client, world, "desk:person")
