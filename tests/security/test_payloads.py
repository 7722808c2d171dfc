"""Markup typed or read in as text stays text: in every page that shows it, and in every form that gives it back."""

import itertools

import pytest
from django import forms
from django.urls import reverse

from config.policy import PAGES
from intake.services.imports import committing, receiving
from tests.factories import TODAY
from tests.security.crawl import addresses, patterns
from tests.security.payloads import XSS, active, poison
from tests.security.world import a_world

pytestmark = pytest.mark.django_db
# A form gives back what was typed into it by one way only, so a few payloads each are the sample; all at night.
SAMPLE = 2
CONTEXTS = ("<p>{}</p>", '<input value="{}">', "<input value='{}'>", "<p title={}>", '<a href="{}">x</a>')


@pytest.fixture(autouse=True)
def _no_paper(monkeypatch):
    monkeypatch.setattr("reception.services.document.plan_pdf", lambda *args, **kwargs: b"%PDF-1.7")


def own_pages(world) -> list[tuple[str, str]]:
    """(name, address) of everything this world's family has a row for."""
    found = [(name, addresses(name, wanted, world)) for name, wanted in patterns() if name in PAGES]
    return [(name, reverse(name, kwargs=states["own"])) for name, states in found if states]


@pytest.mark.parametrize("payload", XSS)
def test_the_eye_sees_each_payload_that_takes(payload):
    """The negative control: unescaped, in one place or the other, each is noticed."""
    assert any(active(context.format(payload)) for context in CONTEXTS)


@pytest.mark.parametrize("role", ["caseworker", "volunteer_coordinator", "manager"])
def test_pages_show_payloads_as_text(client, role):
    world = a_world()
    addressed = own_pages(world)
    assert poison() > 60
    client.force_login(world.users[role])
    shown = 0
    for name, url in addressed:
        answer = client.get(url)
        if answer.status_code == 200 and "html" in answer["Content-Type"]:
            html = answer.content.decode()
            assert active(html) == [], f"{name} {url}"
            shown += html.count("pwned") + html.count("evil.example")
    assert shown > 20, "the payloads were not on the pages"


def texts(form: forms.BaseForm) -> list[str]:
    return [form.add_prefix(name) for name, field in form.fields.items() if type(field) is not forms.ChoiceField]


def forms_in(answer) -> list[forms.BaseForm]:
    found = [value for layer in answer.context or [] for values in layer for value in values.values()]
    return [value for value in found if isinstance(value, forms.BaseForm)]


def given_back(client, world, payloads) -> int:
    """Fill every text of every form with the payload; what comes back is text. Returns the number of forms sent."""
    sent, turn = 0, itertools.cycle(payloads)
    for name, url in own_pages(world):
        page = client.get(url)
        fields = [field for form in forms_in(page) for field in texts(form)] if page.status_code == 200 else []
        for _each in range(SAMPLE if fields else 0):
            payload = next(turn)
            answer = client.post(url, dict.fromkeys(fields, payload))
            if "html" in answer.get("Content-Type", ""):
                assert active(answer.content.decode()) == [], f"{name} {payload}"
                sent += 1
    return sent


def test_forms_give_payloads_back_as_text(client):
    world = a_world()
    client.force_login(world.users["caseworker"])
    assert given_back(client, world, XSS) > 60


@pytest.mark.nightly
@pytest.mark.parametrize("payload", XSS)
def test_every_form_gives_every_payload_back_as_text(client, payload):
    world = a_world()
    client.force_login(world.users["caseworker"])
    given_back(client, world, [payload])


def a_list_of(payloads) -> bytes:
    """A visitation list whose names and remarks are payloads."""
    head = "Familienr.;Udl.nr.;Rolle;Efternavn;Fornavn;Fødselsdato;Visiteringsdato;Ankomst;Bopæl taget;Bemærkninger"
    rows = [head]
    for number, payload in enumerate(payloads):
        text = '"' + payload.replace('"', '""') + '"'
        rows.append(f"F-{number};70.900.{number:03};HP;{text};{text};01-10-1984;10-11-2026;17-11-2026;;{text}")
    return "\n".join(rows).encode()


def test_a_list_with_payloads_is_read_as_text(client):
    world = a_world()
    by = world.users["caseworker"]
    client.force_login(by)
    batch = receiving.receive(
        a_list_of(XSS), filename="<img src=x onerror=pwned(1)>.csv", source=XSS[0], by=by, today=TODAY
    )
    for address in (reverse("intake:imports"), reverse("intake:import", args=[batch.pk])):
        assert active(client.get(address).content.decode()) == []
    committing.commit(batch, by=by, today=TODAY)
    for address in (
        reverse("intake:import", args=[batch.pk]),
        "/frister/",
        "/familier/",
    ):
        html = client.get(address).content.decode()
        assert active(html) == []
    assert "pwned" in html
