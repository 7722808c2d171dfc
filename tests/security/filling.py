"""Fill in any form of the product as somebody would who only sees the page, until it is taken.

Works on the HTML alone: every POST form of the page's own part, with its hidden fields and its buttons. What a field
is refused for is mended in rounds: another date, another choice, plain text, or nothing.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import resolve, reverse

from config.policy import PAGES
from tests.factories import TODAY
from tests.reception.sheets import sheet
from tests.security.crawl import addresses, patterns
from tests.security.world import World

ROUNDS = 7
SHELL = ("/log-ud/", "/soeg/", "/bekraeft/")
OWN_ACCOUNT = ("account_", "mfa_", "openid_")  # the library's forms about oneself
DAYS = (0, -4, 7, -400, 30, 800)
PLAIN = {
    "phone": "20 48 11 93",
    "email": "navn@example.dk",
    "postal_code": "3450",
    "house_number": "2",
    "username": "navn1",
}
SENTENCE = "Ringede i dag efter aftale"


@dataclass
class Input:
    name: str
    kind: str  # text | textarea | date | number | email | hidden | checkbox | radio | select | file | button
    value: str = ""
    chosen: bool = False
    options: list[str] = field(default_factory=list)
    wrong: bool = False


@dataclass
class PageForm:
    action: str
    inputs: list[Input] = field(default_factory=list)

    def named(self, name: str) -> list[Input]:
        return [found for found in self.inputs if found.name == name]

    @property
    def texts(self) -> set[str]:
        return {found.name for found in self.inputs if found.kind in {"text", "textarea"}}


class _Reader(HTMLParser):
    def __init__(self, path: str):
        super().__init__()
        self.path, self.forms, self.open, self.select, self.area = path, [], None, None, None

    def handle_starttag(self, tag, attrs):
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.open = (
                PageForm(given.get("action") or self.path) if given.get("method", "").lower() == "post" else None
            )
            if self.open is not None:
                self.forms.append(self.open)
        elif self.open is None:
            return
        elif tag == "option" and self.select is not None:
            self.select.options.append(given.get("value", ""))
            if "selected" in given:
                self.select.value = given.get("value", "")
        elif tag in {"input", "select", "textarea", "button"} and given.get("name") and "disabled" not in given:
            self._take(tag, given)

    def _take(self, tag: str, given: dict) -> None:
        kind = {"select": "select", "textarea": "textarea", "button": "button"}.get(tag) or given.get("type", "text")
        if kind == "text":
            kind = "date" if "data-date" in given else "number" if given.get("inputmode") == "numeric" else "text"
        found = Input(given["name"], kind, given.get("value", ""), "checked" in given, wrong="is-invalid" in str(given))
        found.wrong = found.wrong or given.get("aria-invalid") == "true"
        self.open.inputs.append(found)
        self.select = found if tag == "select" else self.select
        self.area = found if tag == "textarea" else None

    def handle_data(self, data):
        if self.area is not None:
            self.area.value += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.area = None
        elif tag == "select":
            self.select = None
        elif tag == "form":
            self.open = None


def forms_of(html: str, path: str) -> list[PageForm]:
    """The POST forms of a page, without those of the frame around it."""
    reader = _Reader(path)
    reader.feed(html)
    return [form for form in reader.forms if not form.action.startswith(SHELL)]


@dataclass
class Filling:
    """What is sent for a form. text: what is typed into free text."""

    form: PageForm
    text: Callable[[str], str]
    button: Input | None = None
    tries: dict[str, int] = field(default_factory=dict)

    def data(self) -> dict:
        found: dict = {}
        for name in dict.fromkeys(one.name for one in self.form.inputs if one.kind != "button"):
            value = self.value_of(name, self.form.named(name))
            if value not in (None, ""):
                found[name] = value
        if self.button is not None:
            found[self.button.name] = self.button.value
        return found

    def value_of(self, name: str, inputs: list[Input]):
        first, turn = inputs[0], self.tries.get(name, 0)
        if first.kind == "hidden":
            return first.value
        if first.kind == "file":
            return sheet() if turn == 0 else SimpleUploadedFile("liste.csv", b"Familienr.;Efternavn\n1;Holm\n")
        if first.kind in {"select", "radio"}:
            return self._choice(inputs, turn)
        if first.kind == "checkbox":
            return (first.value or "on") if turn % 2 == 0 else None
        if first.kind == "date":
            return (first.value if turn == 0 and first.value else None) or day_of(turn)
        return self._typed(name, first, turn)

    def _choice(self, inputs: list[Input], turn: int) -> str | None:
        held = [one.value for one in inputs if one.chosen] if inputs[0].kind == "radio" else [inputs[0].value]
        every = [one.value for one in inputs] if inputs[0].kind == "radio" else inputs[0].options
        order = [value for value in [*held, *every] if value]
        order = list(dict.fromkeys(order))
        return order[turn % len(order)] if order else None

    def _typed(self, name: str, first: Input, turn: int) -> str | None:
        if first.kind == "number":
            return first.value or str(2 + turn)
        if first.kind == "password":
            return None
        if first.kind != "email" and turn == 0:
            return self.text(name)
        plain = next((value for word, value in PLAIN.items() if word in name), first.value.strip() or SENTENCE)
        return plain if turn % 2 == 1 or first.kind == "email" else None

    def mend(self, wrong: set[str]) -> None:
        """Change what was refused."""
        for name in wrong:
            self.tries[name] = self.tries.get(name, 0) + 1


def day_of(turn: int) -> str:
    return f"{TODAY + timedelta(days=DAYS[turn % len(DAYS)]):%d.%m.%Y}"


def fillings(html: str, path: str, text: Callable[[str], str]) -> Iterator[Filling]:
    """One per form and per button of it that has a name."""
    for form in forms_of(html, path):
        buttons = [one for one in form.inputs if one.kind == "button"]
        for button in buttons or [None]:
            yield Filling(form, text, button)


def send(client, filling: Filling):
    """(answer, data): taken when the answer is a redirect or empty. At most ROUNDS tries."""
    for _round in range(ROUNDS):
        data = filling.data()
        answer = client.post(filling.form.action, data)
        if answer.status_code not in {200, 422} or "html" not in answer["Content-Type"]:
            break
        again = [form for form in forms_of(answer.content.decode(), filling.form.action) if complains(form, filling)]
        wrong = {one.name for form in again for one in form.inputs if one.wrong}
        filling.mend(wrong or (set() if answer.status_code == 200 else still_open(again)))
    return answer, data


def is_taken(answer) -> bool:
    """A redirect, nothing, or a file; a page means that something is asked or refused."""
    is_file = answer.status_code == 200 and "html" not in answer["Content-Type"]
    return is_file or (answer.status_code in {204, 302} and not answer.get("Location", "").startswith("/log-ind/"))


def complains(form: PageForm, filling: Filling) -> bool:
    """The same form, given back; a page that asks once more adds fields, which are then sent along."""
    known = {one.name for one in filling.form.inputs}
    if not known & {one.name for one in form.inputs}:
        return False
    asked = {"confirmed"}  # what is agreed to is what the page shows now, so its answer is that of the last page
    filling.form.inputs = [one for one in filling.form.inputs if one.name not in asked]
    filling.form.inputs += [one for one in form.inputs if one.name not in known - asked]
    return True


def still_open(forms: list[PageForm]) -> set[str]:
    """Where no field is blamed: whatever may be chosen differently."""
    return {one.name for form in forms for one in form.inputs if one.kind in {"select", "radio", "date"}}


# What the world gives no cause for: sent, refused with a sentence, and rightly so.
REFUSED = {
    "board:new_rule_set": "there is a draft already",
    "intake:imports": "the file is no visitation list",
    "intake:import_columns": "a list without columns",
    "keeping:insights": "a request is under way already",
    "keeping:archive": "the period of keeping has not ended",
    "keeping:decide": "the period of keeping has not ended",
    "volunteers:contact_person": "the family has one",
    "volunteers:link": "it asks nothing, and shows the link on the page itself",
    "desk:come_back": "nobody has left",
    "desk:keep_apart": "the two are kept apart already",
    "desk:glass": "a number that does not exist",
    "desk:role_trial": "no JSON",
    "phrases:add_language": "no code of a language",
}


# --- All forms of the world -------------------------------------------------------------------


@dataclass(frozen=True)
class Act:
    """A form that somebody may send: who, and what its address is called."""

    role: str
    name: str


def acts(
    world: World, roles: Iterable[str], text: Callable[[str], str], only: Collection[str] = ()
) -> Iterator[tuple[Act, Client, Filling]]:
    """Every form on every page of the role about its own family, or on the pages named in `only`."""
    for role in roles:
        client = Client()
        client.force_login(world.users[role])
        for path in pages(world, only):
            page = client.get(path)
            if page.status_code == 200 and "html" in page["Content-Type"]:
                for filling in fillings(page.content.decode(), path, text):
                    yield Act(role, resolve(filling.form.action.split("?")[0]).view_name), client, filling


def pages(world: World, only: Collection[str]) -> Iterator[str]:
    for name, wanted in patterns():
        given = addresses(name, wanted, world) if name in PAGES and PAGES[name].read is not None else None
        if given is not None and not name.startswith(OWN_ACCOUNT) and (not only or name in only):
            yield reverse(name, kwargs=given["own"])
