"""The key of the form: sent twice, by a double click or an impatient reload, it makes one family."""

import pytest
from django.urls import reverse

from cases.models import Case
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def sent(client, key: str, name: str = "Solomiia"):
    data = {
        "personer-TOTAL_FORMS": "1", "personer-INITIAL_FORMS": "0", "personer-0-given_names": name,
        "personer-0-surname": "Vovk", "personer-0-role": "main", "form_key": key,
    }  # fmt: skip
    return client.post(reverse("intake:register"), data)


def test_the_second_submit_finds_the_family_of_the_first(client):
    client.force_login(UserFactory(role="caseworker"))
    first, second = sent(client, "k1"), sent(client, "k1")
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1


def test_another_form_makes_another_family(client):
    client.force_login(UserFactory(role="caseworker"))
    sent(client, "k1")
    assert sent(client, "k2", name="Ostap").status_code == 302
    assert Case.objects.count() == 2


def test_a_key_of_somebody_else_tells_nothing(client):
    client.force_login(UserFactory(role="caseworker"))
    first = sent(client, "k1")
    client.force_login(UserFactory(role="caseworker"))
    assert sent(client, "k1", name="Ostap")["Location"] != first["Location"]
