"""Every field has a class; one without stops the build, and the message says what to write."""

import io
import json

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.test.utils import isolate_apps

from keeping import inventory


def test_every_field_has_a_class_and_every_row_a_field():
    gaps = "\n".join(inventory.lines_for(label, names) for label, names in inventory.missing())
    assert gaps == "", f"write in keeping/data_inventory.toml:\n{gaps}"
    assert inventory.superfluous() == []
    assert inventory.is_incomplete() == []


@isolate_apps("cases")
def test_a_field_without_a_class_is_found_and_the_message_can_be_pasted():
    class Secret(models.Model):
        nickname = models.CharField(max_length=9)
        recorded_at = models.DateTimeField()

        class Meta:
            app_label = "cases"

        def __str__(self):
            return self.nickname

    assert inventory.missing([Secret]) == [("cases.Secret", ["nickname"])]
    assert inventory.lines_for("cases.Secret", ["nickname"]) == (
        '[models."cases.Secret"]\ntitle = "Secret"\nordinary = "nickname"'
    )


def test_a_new_field_of_a_known_model_is_found(monkeypatch):
    person = apps.get_model("cases", "Person")
    fields = inventory.fields_of(person)
    extra = models.CharField(max_length=9)
    extra.set_attributes_from_name("shoe_size")
    monkeypatch.setattr(inventory, "fields_of", lambda model: [*fields, extra] if model is person else [])
    assert inventory.missing([person]) == [("cases.Person", ["shoe_size"])]


def test_rows_without_a_field_are_found(monkeypatch):
    book = json.loads(json.dumps(inventory.book()))
    book["models"]["cases.Person"]["contact"] += " fax phone"
    book["models"]["cases.Ghost"] = {"ordinary": "sheet"}
    monkeypatch.setattr(inventory, "book", lambda: book)
    assert inventory.superfluous() == ["cases.Person.fax", "cases.Person.phone (twice)", "cases.Ghost"]
    (finding,) = inventory.is_incomplete()
    assert finding.id == "keeping.W002"


def test_each_model_has_its_purpose_basis_and_period():
    for row in inventory.rows():
        assert row.purpose, row
        assert row.basis, row
        assert row.period, row
        assert row.data_class in inventory.book()["classes"]


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_command_lists_every_field(form):
    out = io.StringIO()
    call_command("data_inventory", format=form, stdout=out)
    fields = [f for model in inventory.listed_models() for f in inventory.fields_of(model)]
    if form == "json":
        answer = json.loads(out.getvalue())
        assert len(answer["fields"]) == len(fields)
        assert answer["missing"] == answer["superfluous"] == []
    else:
        assert len(out.getvalue().splitlines()) == len(fields)
        assert "cases.Person.birth_date" in out.getvalue()
