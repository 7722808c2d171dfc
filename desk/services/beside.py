"""What stands beside the work list: suggestions, what is only for orientation, news, and the most urgent families.

Each function asks one query, whatever the number of rows; none of it is counted among the deadlines.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import Permission, can
from cases import models as record
from cases.access import by_number, covers, shown_name
from cases.formats import family_title, plural, weekday_date
from cases.location import conceal
from cases.sight import sees
from deadlines.models import Kind, Step
from deadlines.rules import ADULT_AGE
from desk.areas import BY_KEY
from desk.services.figures import SOONEST, arrival_text, here_since, my_cases, state, with_figures

INFORMED_AGE = 15
AHEAD, BEHIND = timedelta(days=30), timedelta(days=30)
GROWN_UP_FOR_YEARS = 3
QUIET_UNTIL = timedelta(days=30)
SUGGESTIONS, LINES, FAMILIES, NEWS = 10, 8, 5, 6


def years_later(day: date, years: int) -> date:
    """The birthday; who is born on 29 February has it on 1 March in other years."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


# --- Suggestions ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Suggestion:
    """title and meta for the page; post_url where a "ja" does something, url where a page is opened."""

    title: str
    meta: str
    url: str
    post_url: str = ""
    button: str = ""
    icon: str = "lightbulb"


def suggestions(user, today: date, *, team: bool) -> list[Suggestion]:
    found = birthdays(user, today, team=team) if can(user, Permission.WRITE_CASES) else []
    if can(user, Permission.CONFIRM_EXEMPTION):
        found += to_confirm(user, today)
    return found


def birthdays(user, today: date, *, team: bool) -> list[Suggestion]:
    """Who turns 18 within a month or did so after arriving, and who turns 15; by birth dates, never by a number."""
    cases = record.Case.objects.visible_to(user).open()
    cases = cases if team else cases.filter(caseworker__in=user.acting_for)
    grown = Q(treated_as_adult_from=None) & born(
        today - timedelta(days=365 * GROWN_UP_FOR_YEARS), today + AHEAD, ADULT_AGE
    )
    fifteen = born(today - BEHIND, today + AHEAD, INFORMED_AGE)
    here = record.Stay.objects.filter(person=OuterRef("pk"), left_on=None).order_by("-round")
    began = Coalesce("residence_from", "arrived_on", "visitation_on")
    people = (
        record.Person.objects.filter(grown | fifteen, case__in=cases, stays__left_on=None, stays__isnull=False)
        .annotate(began=Subquery(here.annotate(began=began).values("began")[:1]))
        .select_related("case")
        .distinct()
        .order_by("birth_date", "pk")
    )
    return [line for person in people[: 5 * SUGGESTIONS] if (line := birthday(person, today))][:SUGGESTIONS]


def born(first: date, last: date, years: int) -> Q:
    """Whose birthday of that age lies between the days; a day more at both ends for 29 February."""
    day = timedelta(days=1)
    return Q(birth_date__gte=years_later(first, -years) - day, birth_date__lte=years_later(last, -years) + day)


def birthday(person: record.Person, today: date) -> Suggestion | None:
    """The line about one person; None when the duties of an adult run already, or the day lies too far away."""
    family, url = person.case.title, reverse("desk:person", args=[person.case.number, person.pk])
    fifteen, eighteen = years_later(person.birth_date, INFORMED_AGE), years_later(person.birth_date, ADULT_AGE)
    if today - BEHIND <= fifteen <= today + AHEAD:
        title = turns(person, INFORMED_AGE, fifteen, today)
        meta = _("%s. Fra 15 år bestemmer barnet selv om tilbud om sundhed; forældrene orienteres.") % family
        return Suggestion(title, meta, url, icon="info-circle")
    if person.began is None or person.began >= eighteen or eighteen > today + AHEAD:
        return None
    title = turns(person, ADULT_AGE, eighteen, today)
    meta = (
        _("%s. Skal fristerne for voksne gælde fra den dag?")
        if eighteen > today
        else _("%s. Skal fristerne for voksne gælde fra i dag?")
    )
    post = reverse("desk:treat_as_adult", args=[person.case.number, person.pk])
    return Suggestion(title, meta % family, url, post, _("Ja, opret frister"))


def turns(person: record.Person, age: int, day: date, today: date) -> str:
    words = {"name": person.short_name, "age": age, "day": weekday_date(day)}
    if day > today:
        return _("%(name)s fylder %(age)d år %(day)s") % words
    return (
        _("%(name)s fylder %(age)d år i dag") % words
        if day == today
        else _("%(name)s fyldte %(age)d år %(day)s") % words
    )


def adult_from(person: record.Person, today: date) -> date:
    """The day that "ja" sets: the birthday that lies ahead, else today; nothing is made late by the answer."""
    return max(years_later(person.birth_date, ADULT_AGE), today)


def to_confirm(user, today: date) -> list[Suggestion]:
    """Laws marked *Ikke omfattet* by a colleague: open until a second person has agreed."""
    waiting = Q(kind=Kind.LAW, waived_on__isnull=False, waived_kind=Step.WaiverKind.NOT_APPLICABLE, confirmed_on=None)
    steps = Step.objects.visible_to(user).open(today).filter(waiting, case__closed_on=None).exclude(waived_by=user)
    named = sees(user, "given_names")
    people = ["person"] if named else []
    found = steps.select_related("case", *people, "waived_by").order_by("waived_on", "pk")[:SUGGESTIONS]
    return [confirmation(step, named=named) for step in found]


def confirmation(step: Step, *, named: bool) -> Suggestion:
    who = step.person.full_name if named and step.person else step.case.title
    by = step.waived_by.name if step.waived_by else _("systemet")
    title = _("Godkend eller afvis »Ikke omfattet«: %s") % step.title
    return Suggestion(title, f"{who} · {by}", reverse("desk:step", args=[step.pk]), icon="check2-square")


# --- For orientation --------------------------------------------------------------------------


def orientation(user, today: date, *, team: bool) -> list[dict]:
    """Watch steps as one line per rule and date, check-lists as one line per family from day 30."""
    steps = Step.objects.visible_to(user).open(today).filter(case__closed_on=None)
    steps = steps if team else steps.owned_by(user)
    watch = Q(kind=Kind.WATCH, due_on__isnull=False, starts_on__lte=today)
    check = Q(due_on=None, waits_for="") & Q(settled=True)
    grouped = (
        steps.annotate(settled=here_since(today - QUIET_UNTIL))
        .filter(watch | check)
        .annotate(
            quiet=Case(When(due_on=None, then=Value(True)), default=Value(False), output_field=BooleanField()),
            about=Case(When(due_on=None, then=F("case__number")), default=F("rule"), output_field=CharField()),
        )
        .order_by()
        .values("quiet", "about", "due_on")
        .annotate(
            n=Count("pk"),
            first=Min("pk"),
            number=Min("case__number"),
            family=Min(shown_name(user, "case__")),
            title=Min("title"),
        )
        .order_by("quiet", F("due_on").asc(nulls_last=True), "family", "about")
    )
    found = list(grouped[: 2 * LINES + 1])
    lines = [check_line(group) if group["quiet"] else watch_line(group, today) for group in found[: 2 * LINES]]
    if len(found) > 2 * LINES:
        lines.append({"title": _("Se alle"), "url": reverse("desk:steps") + "?status=tjekliste", "icon": "three-dots"})
    return lines


def watch_line(group: dict, today: date) -> dict:
    day = group["due_on"]
    when = weekday_date(day) if day.year == today.year else f"{weekday_date(day)} {day.year}"
    if group["n"] == 1:
        return {
            "title": group["title"],
            "url": reverse("desk:step", args=[group["first"]]),
            "meta": family_title(group["family"]),
            "icon": "eye",
            "end": when,
        }
    query = f"?status=orientering&regel={group['about']}&fra={day.isoformat()}&til={day.isoformat()}"
    people = _("%d personer") % group["n"]
    return {"title": group["title"], "url": reverse("desk:steps") + query, "meta": people, "icon": "eye", "end": when}


def check_line(group: dict) -> dict:
    missing = plural(group["n"], _("punkt mangler"), _("punkter mangler"))
    return {
        "title": family_title(group["family"]),
        "url": reverse("desk:case", args=[group["number"]]),
        "meta": _("Tjekliste: %s") % missing,
        "icon": "card-checklist",
    }


# --- The right column -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Families:
    """items for components/links.html; total of the user's own, and open cases without a caseworker."""

    items: list[dict]
    total: int
    unassigned: int


def families(user, today: date) -> Families:
    """The five most urgent own families, with two totals in the same query."""
    mine = Q(pk__in=my_cases(user).values("pk"))
    cases = record.Case.objects.visible_to(user).open().filter(mine | Q(caseworker=None))
    flags = cases.annotate(mine=flag(mine), lone=flag(Q(caseworker=None)))
    counted = flags.annotate(all_mine=Window(Sum("mine")), all_lone=Window(Sum("lone")))
    found = list(with_figures(counted, user, today).order_by("-mine", *SOONEST)[:FAMILIES])
    if not found:
        return Families([], 0, 0)
    by_number(user, found)
    items = [family_item(case, today) for case in found if case.mine]
    return Families(items, found[0].all_mine, found[0].all_lone)


def flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0), output_field=IntegerField())


def family_item(case: record.Case, today: date) -> dict:
    text, status = state(case, today)
    return {
        "title": case.family_name,
        "url": reverse("desk:case", args=[case.number]),
        "meta": f"{arrival_text(case, today)} · {plural(case.members, _('person'), _('personer'))}",
        "end": text,
        "end_status": status,
    }


def news(user, today: date) -> list[dict]:
    """Lines that others or the system wrote since yesterday morning in the user's own families."""
    since = timezone.make_aware(datetime.combine(today - timedelta(days=1), time.min))
    entries = record.Entry.objects.visible_to(user).filter(
        case__in=my_cases(user), recorded_at__gte=since, corrects=None
    )
    others = entries.exclude(author=user).select_related("case", "author").defer("body").order_by("-recorded_at", "-pk")
    found = list(others[:NEWS])
    conceal(entry for entry in found if covers(user, entry.case))
    by_number(user, [entry.case for entry in found])
    return [news_item(entry, today) for entry in found]


def news_item(entry: record.Entry, today: date) -> dict:
    at = timezone.localtime(entry.recorded_at)
    day = _("I dag") if at.date() == today else _("I går")
    who = entry.author.name if entry.author else _("systemet")
    return {
        "title": entry.text,
        "url": f"{entry.case.get_absolute_url()}#linje-{entry.pk}",
        "meta": f"{day} kl. {at.hour}.{at.minute:02d} · {entry.case.title} · {who}",
        "icon": BY_KEY[entry.area].icon if entry.area in BY_KEY else "chat-left-text",
    }
