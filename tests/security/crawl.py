"""The crawl: every pattern of the resolver × one identity × own, foreign, unknown × GET, POST, HEAD, PUT.

What should happen comes from config.policy alone; what does happen from the running middleware and views. Each
request is taken back, so the order does not matter.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from accounts.access import Permission, areas_of, can, tabs_of
from config.admission import Of, Who, admits
from config.policy import PAGES
from tests.files import prove
from tests.security.world import NO_ID, NO_NUMBER, Family, World

METHODS = ("GET", "POST", "HEAD", "PUT")
STATES = ("own", "foreign", "unknown")
# Rows that are not of the family named before them are looked up by the views alone, which these methods reach.
REACHING = ("GET", "POST")
ANONYMOUS = "anonymous"
# Registers of the municipality: there is no other team's row.
SHARED = {
    Of.DWELLING,
    Of.PHRASE,
    Of.VOLUNTEER,
    Of.ACTION,
    Of.ACTIVITY,
    Of.OFFER,
    Of.TEXT,
    Of.LINK,
    Of.USER,
    Of.UNIT,
    Of.ABSENCE,
    Of.ROLE_REQUEST,
    Of.LOG_REVIEW,
    Of.RULE_SET,
    Of.ACTIVATION,
}
# The world's note, step and area are the volunteers'; a health row is for the circle of health.
VOLUNTEERS = "volunteers"
# A page that asks which of its forms was sent gets the name of one, and nothing in it.
SENT = {"desk:step": {"decision": "assign"}}
FINE = {200, 204, 302, 409, 422}
SLUGS = {
    "board:term": "reception-min_plan",
    "board:remove_term": "reception-min_plan",
    "letters:letter": "velkomst",
    "offers:form": "kontaktperson",
}
VOLATILE = {"date", "set-cookie"}


@dataclass
class Report:
    checks: int = 0
    unexpected: list[str] = field(default_factory=list)
    unfilled: list[str] = field(default_factory=list)
    refusals: dict[tuple, list[str]] = field(default_factory=dict)


def patterns(resolver=None, prefix: str = "") -> Iterator[tuple[str, frozenset[str]]]:
    """(name with its namespace, names of the parameters) of every pattern of the resolver."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name or ''}", frozenset(entry.pattern.converters)


def filled(name: str, wanted: frozenset[str], family: Family) -> dict | None:
    """The arguments of the address for this family; None when there is no row for it."""
    known = {
        "number": family.case.number,
        "person_id": family.person.pk,
        "slug": SLUGS.get(name, "lokalsamfund"),
        "language": "da",
        "uidb36": "1",
        "key": "1-1",
    }
    if name in family.ids:
        known["entry_id" if "entry_id" in wanted else "pk"] = family.ids[name]
    return {key: known[key] for key in wanted} if wanted <= set(known) else None


def addresses(name: str, wanted: frozenset[str], world: World) -> dict[str, dict] | None:
    """Arguments by the state of the object; None when the pattern can't be filled."""
    own, foreign = filled(name, wanted, world.own), filled(name, wanted, world.foreign)
    if own is None or foreign is None:
        return None
    ids = wanted & {"pk", "person_id", "entry_id"}
    found = {"own": own}
    if PAGES[name].of not in SHARED and wanted - {"slug"}:
        found["foreign"] = foreign
    if wanted - {"slug"}:
        found["unknown"] = own | ({"number": NO_NUMBER} if "number" in wanted else dict.fromkeys(ids, NO_ID))
    if ids and "number" in wanted:
        found["unknown_row"] = own | dict.fromkeys(ids, NO_ID)
        found["crossed"] = foreign | {"number": own["number"]}
    return found


def expected(user, world: World, name: str, method: str, state: str) -> set[str]:
    """What the policy says about this user, this method and this object."""
    page = PAGES[name]
    if page.read is Who.ANYBODY:
        return {"fine", "log-in"} if method in page.methods else {"405"}
    if user is None:
        return {"log-in"}
    if page.of in {Of.OWN_KEY, Of.JOB} and user != world.own.worker:
        return {"404"}
    if method not in page.methods:
        return refused_method(user, world, page, state)
    if not admits(user, page.who(method)) or state != "own":
        return {"404"}
    return {"fine"} if reaches(user, world, page.of) else {"404"}


def reaches(user, world: World, of: Of) -> bool:
    """Beyond the permission: by area, by circle, or as the author."""
    if of is Of.OWN_NOTE:
        return user == world.own.worker
    if of is Of.HEALTH_ROW:
        return user == world.own.worker or can(user, Permission.SEE_HEALTH)
    if of is Of.REPORT:  # the world's is of the unit, which its manager alone sees with what is behind it
        return can(user, Permission.LEAD_TEAM)
    if of is Of.STEP:
        return VOLUNTEERS in areas_of(user) or can(user, Permission.LEAD_TEAM)
    return VOLUNTEERS in tabs_of(user) if of in {Of.AREA, Of.NOTE} else True


def refused_method(user, world: World, page, state: str) -> set[str]:
    """405 where the family can be seen, whatever row of it is named; else 404."""
    sees = any(admits(user, who) for who in (page.read, page.write) if who is not None)
    if page.of in {Of.STEP, Of.REPORT} and not reaches(user, world, page.of):
        return {"404"}
    return {"404"} if not sees or state in {"foreign", "unknown"} else {"405"}


def outcome(response) -> str:
    if response.status_code == 302 and response["Location"].startswith("/log-ind/"):
        return "log-in"
    return "fine" if response.status_code in FINE else str(response.status_code)


class Visitor:
    """Somebody who has just logged in, whose every request is taken back, in the database and in its cookies."""

    def __init__(self, user):
        self.client = Client(raise_request_exception=False)
        if user is not None:
            self.client.force_login(user)
            prove(self.client, user)
        self.cookies = {key: morsel.value for key, morsel in self.client.cookies.items()}

    def ask(self, method: str, url: str, data: dict | None = None):
        self.client.cookies.clear()
        self.client.cookies.load(self.cookies)
        with transaction.atomic():
            response = getattr(self.client, method.lower())(url, data if method == "POST" else None)
            transaction.set_rollback(True)
        return response


def fingerprint(response) -> tuple:
    """All that tells one refusal from another."""
    headers = sorted((name, value) for name, value in response.headers.items() if name.lower() not in VOLATILE)
    return response.status_code, tuple(headers), response.content


def crawl(world: World, identity: str, *, methods=METHODS, only: set[str] | None = None) -> Report:
    """Visit all pages, or those named in `only`, as one identity."""
    user = world.users.get(identity)
    visitor, report = Visitor(user), Report()
    for name, wanted in patterns():
        if only and name not in only:
            continue
        states = addresses(name, wanted, world) if name in PAGES else None
        if states is None:
            report.unfilled.append(name)
            continue
        for state, arguments in states.items():
            url = reverse(name, kwargs=arguments)
            for method in methods if state in STATES else [m for m in methods if m in REACHING]:
                response = visitor.ask(method, url, SENT.get(name))
                note(report, response, f"{identity} {method} {name} {state}", method)
                wants = expected(user, world, name, method, state)
                if outcome(response) not in wants:
                    report.unexpected.append(
                        f"{identity} {method} {name} {state}: {response.status_code}, should be {sorted(wants)}"
                    )
    return report


def note(report: Report, response, what: str, method: str) -> None:
    report.checks += 1
    if response.status_code == 404:
        key = (method == "HEAD", fingerprint(response))
        report.refusals.setdefault(key, []).append(what)
