"""The canary in its other feathers: birth dates, numbers and addresses; and in letters, logs and papers."""

import io
import logging
import re
from datetime import UTC, date, datetime, timedelta

import pypdf
import pytest
from django.core import mail
from django.test import Client
from django.urls import get_resolver, reverse

from accounts.models import AccessRecord, User
from accounts.roles import ROLES
from cases.fields import blind_index
from cases.models import Case, CprNumber, Person
from cases.paper import printer_is_missing
from config.policy import PAGES
from deadlines.models import Notice
from desk.models import Digest, Mail
from desk.services.digest import tell_by_mail
from desk.services.sweep import sweep
from keeping.models import Insight
from keeping.services import package
from tests.factories import TODAY, UserFactory
from tests.files import PURPOSE, gives_files, prove
from tests.security.canary import MARKER, answers, channel_of, text_of
from tests.security.crawl import ANONYMOUS, Visitor, filled, patterns
from tests.security.test_canary import families as families  # the fixture

pytestmark = [pytest.mark.django_db, pytest.mark.once]
# Each family's own, in every form in which it may be written; the CPR number's first six digits are its day + 60.
BORN = {"own": date(1971, 3, 7), "foreign": date(1972, 4, 8), "protected": date(1973, 5, 9)}
PHONES = {"own": "+4520304051", "foreign": "+4520304052", "protected": "+4520304053"}
# Read aloud: who meets what in the own or assigned families. What is not here, nobody meets.
MEETS = {
    "caseworker": {"birth date", "masked number", "phone", "mail"},
    "volunteer_coordinator": {"phone"},  # the family has said yes to a contact person
    "housing_officer": {"phone"},
    "employment_consultant": {"phone"},
    "health_visitor": {"phone"},
}


def forms(name: str) -> dict[str, re.Pattern]:
    born, phone = BORN[name], PHONES[name]
    digits = f"{born.day + 60:02d}{born:%m%y}"
    dates = (f"{born:%d.%m.%Y}", f"{born.day}.{born.month}.{born.year}", born.isoformat(), f"{born:%d%m%y}")
    spoken = r"\s?".join(phone[3:])
    return {
        "birth date": re.compile("|".join(re.escape(each) for each in dates) + rf"|{born.day}\. \w+ {born.year}"),
        "masked number": re.compile(rf"{digits}-?[•*]"),
        "whole number": re.compile(rf"{digits}-?\d{{4}}"),
        "phone": re.compile(spoken),
        "mail": re.compile(rf"canary-{name}@example\.dk"),
    }


FORMS = {name: forms(name) for name in BORN}


def put_on(name: str, family) -> None:
    """Everybody of the family has the same birth date, phone and address, and each a CPR number."""
    people = Person.objects.filter(case=family.case)
    people.update(birth_date=BORN[name], phone=PHONES[name], email=f"canary-{name}@example.dk")
    CprNumber.objects.filter(person__in=people).delete()
    for number, person in enumerate(people, 1):
        digits = f"{BORN[name].day + 60:02d}{BORN[name]:%m%y}{number:04d}"
        CprNumber.objects.create(person=person, number=digits, index=blind_index(digits), registered_on=TODAY)


@pytest.fixture
def feathered(request):
    world, found = request.getfixturevalue("families")
    for name, family in found.items():
        put_on(name, family)
    return world, found


def met(world, identity: str, marked: dict) -> dict[tuple[str, str], set[str]]:
    """(whose, what) → pages, over every page that may be read and the files they give."""
    visitor, found = Visitor(world.users.get(identity)), {}
    for name, wanted in patterns():
        if name not in PAGES or PAGES[name].read is None:
            continue
        for family in (marked if wanted - {"slug"} else {"own": world.own}).values():
            arguments = filled(name, wanted, family)
            for response in answers(visitor, name, arguments) if arguments is not None else ():
                page = f"{name} ({channel_of(response, 'html')})"
                for key in told_in(text_of(response)):
                    found.setdefault(key, set()).add(page)
    return found


def told_in(text: str) -> set[tuple[str, str]]:
    return {(whose, what) for whose, kinds in FORMS.items() for what, pattern in kinds.items() if pattern.search(text)}


@pytest.mark.parametrize("identity", [*ROLES, ANONYMOUS])
def test_numbers_dates_and_addresses_stay_with_those_who_need_them(feathered, identity):
    world, found = feathered
    seen = met(world, identity, found)
    allowed = {("own", what) for what in MEETS.get(identity, set())}
    assert {key: sorted(pages) for key, pages in seen.items() if key not in allowed} == {}
    assert seen.keys() >= allowed, "the canary is not shown where it may be"


# --- Letters, logs, papers --------------------------------------------------------------------


def test_letters_carry_no_name_and_no_text(feathered, caplog):
    """Two weeks of sweeps, digests, escalations and bundles: nothing of any family in what is mailed or logged."""
    caplog.set_level(logging.DEBUG)
    for days in range(0, 60, 3):
        today = TODAY + timedelta(days=days)
        now = datetime(today.year, today.month, today.day, 9, tzinfo=UTC)
        sweep(today=today, now=now)
        tell_by_mail(today=today, now=now)
    letters = [f"{letter.subject}\n{letter.body}" for letter in Mail.objects.all()]
    assert len(letters) > 5
    assert Digest.objects.exists()
    told = "\n".join([*letters, caplog.text, *(str(message.body) for message in mail.outbox)])
    told += "\n".join(Notice.objects.exclude(subject="").values_list("subject", flat=True))
    assert MARKER.findall(told) == []
    assert [what for kinds in FORMS.values() for what, pattern in kinds.items() if pattern.search(told)] == []


def test_what_is_asked_for_leaves_no_text_in_the_logs(feathered, client, caplog):
    """The whole crawl of a caseworker: neither the records of any logger nor the rows of the log hold a marker."""
    caplog.set_level(logging.INFO)
    world, _found = feathered
    client.force_login(world.own.worker)
    prove(client, world.own.worker)
    for name, wanted in patterns():
        arguments = filled(name, wanted, world.own) if name in PAGES and PAGES[name].read is not None else None
        if arguments is not None and name != "account_logout":
            client.get(reverse(name, kwargs=arguments))
            if gives_files(name):
                assert client.post(reverse(name, kwargs=arguments), PURPOSE).status_code in {200, 404}
    rows = AccessRecord.objects.order_by().values_list("purpose", "detail", "action")
    told = caplog.text + "\n".join(" ".join(row) for row in rows)
    assert len(rows) > 50
    assert MARKER.findall(told) == []
    assert [what for kinds in FORMS.values() for what, pattern in kinds.items() if pattern.search(told)] == []


def test_links_by_mail_name_their_reader_alone(feathered, client, django_capture_on_commit_callbacks):
    """An invitation, an invitation again and a forgotten password: no family, no colleague, and one link each."""
    world, _found = feathered
    client.force_login(world.users["administrator"])
    new = {"username": "bo", "first_name": "Bo", "last_name": "Dahl", "email": "bo@example.dk", "phone": "", "team": ""}
    reader = world.users["caseworker"]
    reader.set_password("en lang adgangskode")
    reader.save()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("desk:add_user"), new).status_code == 302
        assert client.post(reverse("desk:send_link", args=[reader.pk])).status_code == 302
        assert Client().post(reverse("account_reset_password"), {"email": reader.email}).status_code == 302
    assert sorted(letter.to for letter in mail.outbox) == [["bo@example.dk"], [reader.email], [reader.email]]
    others = {user.last_name for user in User.objects.exclude(pk=reader.pk)} - {"Dahl"}
    people = set(Person.objects.values_list("surname", flat=True)) | set(Case.objects.values_list("number", flat=True))
    for letter in mail.outbox:
        told = f"{letter.subject}\n{letter.body}\n{letter.extra_headers}"
        assert MARKER.findall(told) == []
        assert [what for kinds in FORMS.values() for what, pattern in kinds.items() if pattern.search(told)] == []
        assert [name for name in (others | people) - {""} if re.search(rf"\b{re.escape(name)}\b", told)] == []
        assert len(re.findall(r"https?://", told)) == 1
        assert letter.alternatives == letter.attachments == []


def paper(client, url: str) -> str:
    """The text of a real PDF, as a reader's program finds it."""
    answer = client.get(url)
    assert answer["Content-Type"] == "application/pdf", url
    return text_in(b"".join(answer) if answer.streaming else answer.content)


def text_in(pdf: bytes) -> str:
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    return "\n".join(page.extract_text() for page in reader.pages)


def test_papers_hold_their_own_family_alone(feathered, client, monkeypatch):
    monkeypatch.undo()  # the printer is the real one here
    world, _found = feathered
    client.force_login(world.own.worker)
    plan = reverse("reception:plan_pdf", kwargs=filled("reception:plan_pdf", {"number", "person_id"}, world.own))
    text = paper(client, plan)
    seen = {(whose, data_class) for whose, data_class in MARKER.findall(text)}
    assert seen
    assert {whose for whose, _class in seen} == {"own"}
    assert not {"violence", "health"} & {data_class for _whose, data_class in seen}
    assert not any(FORMS[name]["whole number"].search(text) for name in FORMS)


@pytest.mark.skipif(bool(printer_is_missing()), reason="pango is missing on this machine")
def test_an_insight_package_on_paper_is_about_its_own_person(feathered, client, monkeypatch):
    """Prepared, released and fetched as it is in the house: text, title and everything else the PDF holds."""
    monkeypatch.undo()  # the printer is the real one here
    world, _found = feathered
    by, other = world.own.worker, UserFactory(role="manager", team=world.own.worker.team)
    asked = world.own.ids["keeping:insight"]
    insight = package.prepare(Insight.objects.get(pk=asked), by=by, today=TODAY)
    package.release(insight, by=other, today=TODAY)
    client.force_login(by)
    url = reverse("keeping:insight_pdf", args=[world.own.case.number, asked])
    text = paper(client, url)
    seen = {(whose, data_class) for whose, data_class in MARKER.findall(text)}
    assert {whose for whose, _class in seen} == {"own"}
    assert len(seen) > 2
    assert "violence" not in {data_class for _whose, data_class in seen}
    about = pypdf.PdfReader(io.BytesIO(client.get(url).getvalue()))
    held = repr(about.metadata) + "".join(str(one) for one in about.attachments)
    assert not any(whose != "own" for whose, _class in MARKER.findall(held))
    for name in ("foreign", "protected"):
        assert [what for what, pattern in FORMS[name].items() if pattern.search(text + held)] == []


def test_there_is_no_calendar_feed():
    """No channel that the canary has not visited: nothing answers with a calendar."""
    assert not [name for name, _wanted in patterns(get_resolver()) if "ics" in name or "kalender" in name]
