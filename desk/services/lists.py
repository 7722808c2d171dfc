"""The two long lists, Frister and Familier: who is found by which filter, in which order, page by page.

Filters and orders come from closed tables; what a URL says beyond them is ignored. A page is asked for with one row
too many instead of a total, and totals are counted no further than COUNT_TO.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat, Trim
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from cases.models import Case, Person
from cases.names import fold
from cases.phones import PhoneError, parse_phone
from cases.sight import sees
from deadlines.models import Kind, Step, StepQuerySet
from desk.services.figures import arrived, my_cases, with_figures
from desk.services.worklist import SECTIONS

PER_PAGE = 50
COUNT_TO = 1000
LAST_PAGE = 200
MINE, NOBODY = "mig", "ingen"


# --- Pages ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    rows: list
    number: int
    more: bool
    total: int | None

    @property
    def text(self) -> str:
        """ "Viser 1–50 af 214", "… af flere end 1.000"."""
        if not self.rows:
            return ""
        first = (self.number - 1) * PER_PAGE + 1
        words = {"first": first, "last": first + len(self.rows) - 1, "total": self.total}
        if self.total is None:
            return _("Viser %(first)d–%(last)d af flere end 1.000") % words
        return _("Viser %(first)d–%(last)d af %(total)d") % words


def page_of(rows: QuerySet, number: int) -> Page:
    """Page `number` (from 1). The total costs a query of its own, which a list of one page doesn't need."""
    number = min(max(number, 1), LAST_PAGE)
    start = (number - 1) * PER_PAGE
    found = list(rows[start : start + PER_PAGE + 1])
    more = len(found) > PER_PAGE and number < LAST_PAGE
    found = found[:PER_PAGE]
    if number == 1 and not more:
        return Page(found, number, more, len(found))
    total = rows.order_by()[: COUNT_TO + 1].count()
    return Page(found, number, more, total if total <= COUNT_TO else None)


def in_order(rows: QuerySet, sort: str, orders: Mapping[str, tuple], first: str) -> QuerySet:
    """By a key of `orders`, descending with a leading minus; empty values last both ways."""
    key = sort.removeprefix("-")
    if key not in orders:
        sort = key = first
    down = sort.startswith("-")
    terms = [F(name).desc(nulls_last=True) if down else F(name).asc(nulls_last=True) for name in orders[key]]
    return rows.order_by(*terms, "-pk" if down else "pk")


# --- Frister ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """One choice of the filter "Status"."""

    word: str
    label: Promise
    rows: Callable[[StepQuerySet, date], StepQuerySet]


def _section(rows: Q) -> Callable:
    return lambda steps, today: steps.listed(today).with_group(today).filter(rows)


def _waived(steps: StepQuerySet, today: date) -> StepQuerySet:
    holds = Q(waived_until=None) | Q(waived_until__gte=today), ~Q(kind=Kind.LAW) | Q(confirmed_on__isnull=False)
    return steps.filter(*holds, waived_on__isnull=False, met_on=None, done_on=None, withdrawn_on=None)


ON_TIME = (Q(met_on__isnull=False) | Q(done_on__isnull=False)) & (
    Q(due_on=None) | Q(met_on__lte=F("due_on")) | Q(met_on=None, done_on__lte=F("due_on"))
)
LATE = Q(met_on__gt=F("due_on")) | Q(met_on=None, done_on__gt=F("due_on"))
UNCONFIRMED = Q(waived_on__isnull=False, waived_kind=Step.WaiverKind.NOT_APPLICABLE, confirmed_on=None, kind=Kind.LAW)
OPEN = Standing("", gettext_lazy("Alle åbne"), lambda steps, today: steps.listed(today).with_group(today))
STANDINGS = (
    OPEN,
    *(Standing(section.word, section.title, _section(section.rows)) for section in SECTIONS),
    Standing(
        "godkendelse", gettext_lazy("Afventer godkendelse"), lambda steps, today: steps.open(today).filter(UNCONFIRMED)
    ),
    Standing("udfoert", gettext_lazy("Udført til tiden"), lambda steps, today: steps.filter(ON_TIME)),
    Standing("for-sent", gettext_lazy("Udført for sent"), lambda steps, today: steps.filter(LATE)),
    Standing("fritaget", gettext_lazy("Fritaget eller ikke omfattet"), _waived),
    Standing(
        "bortfaldet",
        gettext_lazy("Bortfaldet"),
        lambda steps, today: steps.filter(withdrawn_on__isnull=False, met_on=None, done_on=None),
    ),
    Standing(
        "orientering",
        gettext_lazy("Til orientering"),
        lambda steps, today: steps.open(today).filter(kind=Kind.WATCH, case__closed_on=None),
    ),
    Standing(
        "tjekliste",
        gettext_lazy("Tjeklister uden frist"),
        lambda steps, today: steps.open(today).filter(due_on=None, waits_for="", case__closed_on=None),
    ),
    Standing("alle", gettext_lazy("Alle, også afsluttede"), lambda steps, today: steps),
)
STANDING = {standing.word: standing for standing in STANDINGS}
STEP_ORDERS = {
    "frist": ("effective_on",),
    "opgave": ("title", "effective_on"),
    "person": ("person__given_names", "person__surname", "effective_on"),
    "familie": ("case__family_name", "case__number", "effective_on"),
    "omraade": ("area", "effective_on"),
    "sagsbehandler": ("owner__first_name", "owner__last_name", "effective_on"),
    "art": ("kind", "effective_on"),
}
STEP_ORDER = "frist"


def steps_found(user, today: date, chosen: Mapping) -> StepQuerySet:
    """The steps that `chosen` (desk.forms.filters.StepFilter) leaves of those the user may see."""
    steps = Step.objects.visible_to(user)
    steps = STANDING.get(chosen.get("status") or "", OPEN).rows(steps, today)
    exact = {"rule": "rule", "area": "area", "locality": "case__locality", "kind": "kind"}
    steps = steps.filter(**{field: chosen[name] for name, field in exact.items() if chosen.get(name)})
    if chosen.get("locality"):  # nobody finds out by filtering where a protected family lives
        steps = steps.filter(Q(case__protected=False) | Q(case__caseworker__in=user.acting_for))
    if chosen.get("first"):
        steps = steps.filter(effective_on__gte=chosen["first"])
    if chosen.get("last"):
        steps = steps.filter(effective_on__lte=chosen["last"])
    steps = owned(steps, user, chosen.get("owner") or "")
    return steps.filter(step_text(chosen["q"], user)) if chosen.get("q") else steps


def owned(steps: StepQuerySet, user, owner: str) -> StepQuerySet:
    if owner == MINE:
        return steps.owned_by(user)
    if owner == NOBODY:
        return steps.filter(owner=None)
    return steps.filter(owner=owner) if owner else steps


def step_text(text: str, user) -> Q:
    """Task, family, case number, or a person by tolerant name: only by what the user sees of it."""
    family = Q(case__family_name__icontains=text) | Q(case__number__startswith=text)
    if not sees(user, "given_names"):
        return family | (Q(title__icontains=text) & ~Q(rule=""))
    return family | Q(title__icontains=text) | name_like(text, "person__")


def step_orders(user) -> Mapping[str, tuple]:
    """An order by what is not seen would tell it."""
    hidden = set() if sees(user, "given_names") else {"person"}
    return {key: terms for key, terms in STEP_ORDERS.items() if key not in hidden}


# --- Familier ---------------------------------------------------------------------------------

CASE_STATES = {
    "": (gettext_lazy("Aktive"), lambda cases: cases.open()),
    "ventes": (gettext_lazy("Ventes"), lambda cases: cases.open().exclude(arrived())),
    "her": (gettext_lazy("Er kommet"), lambda cases: cases.open().filter(arrived())),
    "afsluttet": (gettext_lazy("Afsluttede"), lambda cases: cases.filter(closed_on__isnull=False)),
    "alle": (gettext_lazy("Alle"), lambda cases: cases),
}
CASE_ORDERS = {
    "familie": ("family_name",),
    "sagsnr": ("number",),
    "personer": ("members", "family_name"),
    "ankomst": ("arrived_on", "expected_on"),
    "sagsbehandler": ("caseworker__first_name", "caseworker__last_name", "family_name"),
    "by": ("locality__name", "family_name"),
    "naeste": ("next_on", "family_name"),
    "overskredne": ("overdue", "passed", "family_name"),
}
CASE_ORDER = "familie"


def cases_found(user, today: date, chosen: Mapping) -> QuerySet:
    """The families that `chosen` (desk.forms.filters.CaseFilter) leaves, with their figures."""
    cases = CASE_STATES.get(chosen.get("state") or "", CASE_STATES[""])[1](Case.objects.visible_to(user))
    if chosen.get("locality"):
        cases = cases.filter(Q(protected=False) | Q(caseworker__in=user.acting_for), locality=chosen["locality"])
    owner = chosen.get("owner") or ""
    if owner == MINE:
        cases = cases.filter(pk__in=my_cases(user).values("pk"))
    elif owner == NOBODY:
        cases = cases.filter(caseworker=None)
    elif owner:
        cases = cases.filter(caseworker=owner)
    matched = Value("", output_field=CharField())
    if chosen.get("q"):
        cases, matched = searched(cases, chosen["q"], user)
    return with_figures(cases, user, today).annotate(matched=matched).select_related("caseworker", "locality")


def searched(cases: QuerySet, text: str, user) -> tuple[QuerySet, Subquery]:
    """By name, phone, Udl.nr. or number, as far as the user sees them; and the first member who matched."""
    people = Person.objects.filter(person_like(text, user), case=OuterRef("pk"))
    numbers = Q(number__startswith=text) | Q(external_number__iexact=text) | Q(esdh_number__iexact=text)
    full_name = Trim(Concat("given_names", Value(" "), "surname"))
    first = people.order_by("pk").annotate(full=full_name).values("full")[:1]
    return cases.filter(Q(family_name__icontains=text) | numbers | Exists(people)), Subquery(
        first, output_field=CharField()
    )


def name_like(text: str, prefix: str = "") -> Q:
    """Every word somewhere in the folded names; nothing matches a text without letters."""
    words = fold(text).split()
    if not words or not any(character.isalpha() for character in text):
        return Q(pk__in=[])
    found = Q()
    for word in words:
        found &= Q(**{f"{prefix}search_key__contains": word})
    return found


def person_like(text: str, user) -> Q:
    found = name_like(text) if sees(user, "given_names") else Q(pk__in=[])
    if sees(user, "udl_nr"):
        found |= Q(udl_nr__iexact=text)
    if sees(user, "phone") and (number := phone_in(text)) is not None:
        found |= Q(phone__contains=number)
    return found


def phone_in(text: str) -> str | None:
    """E.164 of a whole number, the digits of a part of one, None for what is no phone number."""
    digits = "".join(character for character in text if character.isdecimal())
    if len(digits) < 4 or any(character.isalpha() for character in text):
        return None
    try:
        return parse_phone(text)
    except PhoneError:
        return digits


# --- Choices of the filters -------------------------------------------------------------------


def colleagues(user) -> list[tuple[str, str]]:
    """The user's team, for "Sagsbehandler"."""
    found = (
        User.objects.filter(is_active=True, team=user.team_id).exclude(pk=user.pk)
        if user.team_id
        else User.objects.none()
    )
    return [(str(each.pk), each.name) for each in found.order_by("first_name", "last_name", "username")]
