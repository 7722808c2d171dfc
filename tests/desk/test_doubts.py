"""A CPR number that is somebody else's: one sentence for the user, and word to those who may know whose it is."""

import pytest
from django.urls import reverse

from cases.services import set_cpr
from deadlines.models import Notice, Step
from tests.desk.rows import Unit
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db
DIGITS = "6206901234"
SENTENCE = "CPR-nummeret kan ikke bruges her. Kontrollér det, eller spørg din leder."


@pytest.fixture
def north():
    return Unit("Nord")


def holder(case, today):
    person = PersonFactory(case=case, birth_date=None)
    set_cpr(person, DIGITS, today=today)
    return person


def send(client, case, person=None):
    name, args = ("desk:person", [case.number, person.pk]) if person else ("desk:add_member", [case.number])
    data = {"given_names": "Solomiia", "surname": "Vovk", "role": "other", "cpr": DIGITS, "confirmed": "1"}
    return client.post(reverse(name, args=args), data)


def told() -> tuple[int, int]:
    """(doubts for the manager, tasks for the assigned)."""
    tasks = Step.objects.filter(rule="", title__startswith="Ny registrering ligner")
    return Notice.objects.filter(subject__startswith="to_clarify:").count(), tasks.count()


@pytest.mark.parametrize("page", ["person", "new member"])
def test_out_of_sight_the_sentence_is_neutral_and_others_are_told(client, north, today, page):
    hidden = Unit("Syd").case("Hontar")
    holder(hidden, today)
    case = north.case("Bilous")
    client.force_login(north.caseworker)
    answer = send(client, case, case.people.first() if page == "person" else None)
    assert answer.status_code == 422
    assert SENTENCE in answer.text
    assert hidden.number not in answer.text
    assert told() == (1, 1)


def test_in_sight_the_sentence_is_the_same_and_nobody_is_bothered(client, north, today):
    holder(north.case("Hontar"), today)
    client.force_login(north.caseworker)
    answer = send(client, north.case("Bilous"))
    assert SENTENCE in answer.text
    assert told() == (0, 0)


def test_a_number_that_is_none_bothers_nobody(client, north):
    client.force_login(north.caseworker)
    case = north.case("Bilous")
    assert (
        client.post(reverse("desk:add_member", args=[case.number]), {"given_names": "A", "cpr": "123"}).status_code
        == 422
    )
    assert told() == (0, 0)
