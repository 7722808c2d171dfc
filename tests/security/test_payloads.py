"""Markup typed or read in as text stays text: in every page that shows it, and in every form that gives it back."""

import itertools

import pytest
from django import forms
from django.db import transaction
from django.urls import reverse
from django.utils.safestring import mark_safe

from accounts.roles import ROLES
from config.policy import PAGES
from intake.services.imports import committing, receiving
from tests.factories import TODAY
from tests.security.crawl import addresses, patterns
from tests.security.filling import acts, is_taken, send
from tests.security.payloads import XSS, active, poison
from tests.security.world import a_world

pytestmark = [pytest.mark.django_db, pytest.mark.once]
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
    layers = answer.context if isinstance(answer.context, list) else [answer.context or []]  # one template, one context
    found = [value for layer in layers for values in layer for value in values.values()]
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


def typed_everywhere(payloads, only=()) -> tuple[set, list]:
    """(forms taken with payloads in all their texts, what was active in the answers and on the pages after them)."""
    world, turn = a_world(), itertools.cycle(payloads)
    after = ["/", "/frister/", "/familier/", world.own.case.get_absolute_url()]
    taken, found = set(), []
    for act, client, filling in acts(world, ROLES, lambda name: next(turn), only):
        if act in taken:
            continue
        with transaction.atomic():
            answer, _data = send(client, filling)
            pages = [answer]
            if is_taken(answer):
                taken.add(act)
                pages += [client.get(path) for path in [answer.get("Location", "/").partition("#")[0], *after]]
            found += [(act, active(page.text)) for page in pages if "html" in page.get("Content-Type", "")]
            transaction.set_rollback(True)
    return taken, [(act, seen) for act, seen in found if seen]


@pytest.fixture
def _fresh(monkeypatch):
    """Who has just proved who they are; the step-up has tests of its own."""
    monkeypatch.setattr("accounts.stepup.is_fresh", lambda request, **within: True)


@pytest.mark.usefixtures("_fresh")
def test_what_any_role_types_into_any_form_is_text_on_the_pages_after_it():
    taken, found = typed_everywhere(XSS)
    assert found == []
    assert len(taken) > 115


@pytest.mark.nightly
@pytest.mark.usefixtures("_fresh")
@pytest.mark.parametrize("payload", XSS)
def test_every_payload_typed_into_every_form_is_text(payload):
    assert typed_everywhere([payload])[1] == []


@pytest.mark.usefixtures("_fresh")
def test_text_that_is_not_escaped_is_noticed_behind_a_form(monkeypatch):
    """The negative control: what is typed leaves the database as if it were safe."""
    monkeypatch.setattr("desk.services.timeline.meta", lambda entry, shown: mark_safe(shown.body))
    assert typed_everywhere(["<img src=x onerror=pwned(1)>"], only={"desk:case"})[1]


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
