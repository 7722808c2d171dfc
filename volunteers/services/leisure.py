"""Associations, activities and events: the register, and who of a household tries one or is a member."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from cases.formats import day_month
from cases.models import Person
from cases.services import record
from deadlines.rules import class_of
from volunteers import rules
from volunteers.models import Activity, Ages, Participation
from volunteers.services.ties import not_ahead

BAND_AGES = {Ages.SMALL.value: (0, 5), Ages.SCHOOL.value: (6, 12), Ages.YOUTH.value: (13, 17)}


def found(
    *, today: date, town: int | None = None, ages: str = "", season: str = "", most: Decimal | None = None
) -> QuerySet:
    """The activities on offer that fit, events to come first. ages: one of Ages; most: kroner."""
    rows = Activity.objects.filter(Q(on=None) | Q(on__gte=today), active=True).select_related("locality")
    if town:
        rows = rows.filter(locality=town)
    if ages:
        low, high = BAND_AGES[ages]
        rows = rows.filter(Q(age_from=None) | Q(age_from__lte=high), Q(age_to=None) | Q(age_to__gte=low))
    if season:
        rows = rows.filter(season=season)
    if most is not None:
        rows = rows.filter(price__lte=most)
    return rows.order_by(F("on").asc(nulls_last=True), "name")


def past_and_closed(*, today: date) -> QuerySet:
    return Activity.objects.filter(Q(active=False) | Q(on__lt=today)).select_related("locality").order_by("name")


def members_of(case) -> list[Person]:
    """Who lives there now; names only."""
    rows = Person.objects.filter(case=case, stays__left_on=None).only("case", "given_names", "surname")
    return list(rows.order_by("pk").distinct())


@transaction.atomic
def take_part(case, *, person: Person, activity: Activity, step: str, on: date, today: date, by) -> Participation:
    """Somebody of the household tries the activity or becomes a member of it."""
    not_ahead(on, today)
    row = Participation.objects.create(person=person, activity=activity, step=step, on=on, recorded_by=by)
    record(
        case, area="volunteers", kind="volunteers.takes_part", text=sentence(row), on=on, by=by,
        data_class=class_of("volunteers", rules.LEISURE_INTRODUCTION.key), people=[person],
    )  # fmt: skip
    return row


def sentence(row: Participation) -> str:
    words = {"who": row.person.short_name, "what": row.activity}
    told = _("%(who)s prøver %(what)s") if row.step == Participation.Step.TRIAL else _("%(who)s er medlem: %(what)s")
    return told % words


def ages_of(activity: Activity) -> str:
    """ "6–12 år", "fra 13 år", "alle"."""
    low, high = activity.age_from, activity.age_to
    if low is None and high is None:
        return _("alle")
    if high is None:
        return _("fra %d år") % low
    return _("%(low)d–%(high)d år") % {"low": low or 0, "high": high}


def price_of(activity: Activity) -> str:
    """ "gratis", "450 kr.", "" where it is not known."""
    if activity.price is None:
        return ""
    kroner = f"{activity.price:.2f}".replace(".", ",").removesuffix(",00")
    return _("%s kr.") % kroner if activity.price else _("gratis")


def season_of(activity: Activity) -> str:
    return day_month(activity.on) if activity.on else activity.get_season_display()
