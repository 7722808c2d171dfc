"""Two service goals of the strategy's § 3: competences within 14 days, a referral within a month of residence.

They are for adults under the pension age with a permit.
"""

from collections.abc import Iterator
from datetime import date

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from cases.formats import day_month
from cases.models import BEFORE_ALL, Person, Stay
from deadlines.calendar import add
from deadlines.rules import Fact, Rule, adult_clock, in_round
from employment.models import CompetenceProfile, Job, Referral, ReferralKind

# Folkepensionsalder in months, for who is born on the day or later. Source: pensionsloven § 1 a, stk. 1.
PENSION_AGE = (
    (date(1967, 1, 1), 69 * 12),
    (date(1963, 1, 1), 68 * 12),
    (date(1955, 7, 1), 67 * 12),
    (date(1955, 1, 1), 66 * 12 + 6),
    (date(1954, 7, 1), 66 * 12),
    (date(1954, 1, 1), 65 * 12 + 6),
    (BEFORE_ALL, 65 * 12),
)


def pension_from(birth: date) -> date:
    """The day on which somebody born on `birth` reaches the pension age."""
    months = next(months for first, months in PENSION_AGE if birth >= first)
    return add(birth, months, "months")


def of_working_age(person: Person, day: date) -> bool:
    """Under the pension age; without a birth date nobody is taken for a pensioner."""
    return person.birth_date is None or day < pension_from(person.birth_date)


def clock(stay: Stay, today: date) -> tuple[bool, date | None]:
    """(runs, start): an adult under the pension age on the day of residence, on `today` while that is missing."""
    runs, start = adult_clock(stay.person, stay.residence_from, today, stay.granted_on)
    return runs and of_working_age(stay.person, start or today), start


def fact_of(stay: Stay, start: date | None, *, met_on: date | None, evidence: str) -> Fact:
    late = start is not None and start != stay.residence_from
    return Fact(
        stay.person.case_id,
        stay.person_id,
        stay.round,
        starts_on=start,
        met_on=met_on,
        evidence=evidence,
        waits_for="" if start else "residence_from",
        start_note=_t("den dag, hvor borgeren regnes som voksen") if late else "residence_from",
    )


def competences(cases, *, today: date) -> Iterator[Fact]:
    profile = in_round(CompetenceProfile.objects, on="opened_on")
    stays = (
        Stay.objects.of(cases)
        .with_grant()
        .annotate(
            cv_received_on=Subquery(profile.values("cv_received_on")[:1]),
            cv_done_on=Subquery(profile.values("cv_done_on")[:1]),
            clarified_on=Subquery(profile.values("clarified_on")[:1]),
        )
    )
    for stay in stays:
        runs, start = clock(stay, today)
        if runs:
            yield fact_of(stay, start, met_on=stay.clarified_on, evidence=profile_text(stay))


def profile_text(stay) -> str:
    """The latest fact of the profile: what is there, and what is still missing."""
    if stay.clarified_on:
        return _t("Kompetencer afklaret %s") % day_month(stay.clarified_on)
    if stay.cv_done_on:
        return _t("CV færdigt %s, afklaring mangler") % day_month(stay.cv_done_on)
    if stay.cv_received_on:
        return _t("CV modtaget %s, samtale mangler") % day_month(stay.cv_received_on)
    return ""


def referral(cases, *, today: date) -> Iterator[Fact]:
    """Met by the first referral of the stay, or by a job the person has while here."""
    first = in_round(Referral.objects, on="referred_on")
    job = work_of_round()
    stays = (
        Stay.objects.of(cases)
        .with_grant()
        .annotate(
            referred_on=Subquery(first.values("referred_on")[:1]),
            referral_kind=Subquery(first.values("kind")[:1]),
            referral_employer=Subquery(first.values("employer")[:1]),
            job_from=Subquery(job.values("starts_on")[:1]),
            job_employer=Subquery(job.values("employer")[:1]),
        )
    )
    for stay in stays:
        runs, start = clock(stay, today)
        if runs:
            met, evidence = put_to_work(stay)
            yield fact_of(stay, start, met_on=met, evidence=evidence)


def work_of_round():
    """Standing jobs that run in the round, for Subquery. A job that was over before residence is no work here."""
    begins = Coalesce(OuterRef("residence_from"), OuterRef("arrived_on"), OuterRef("window_start"))
    inside = Job.objects.standing().filter(person=OuterRef("person"), starts_on__lte=OuterRef("window_end"))
    return inside.filter(Q(ends_on=None) | Q(ends_on__gte=begins)).order_by("starts_on", "pk")


def put_to_work(stay) -> tuple[date | None, str]:
    """(met_on, evidence). A job from before this stay counts from the stay's own first day."""
    job_on = None
    if stay.job_from:
        first_day = stay.residence_from or stay.arrived_on
        before = stay.job_from <= stay.window_start
        job_on = first_day if before else stay.job_from
    if job_on and (stay.referred_on is None or job_on <= stay.referred_on):
        return job_on, _t("I job hos %(employer)s fra %(day)s") % {
            "employer": stay.job_employer,
            "day": day_month(stay.job_from),
        }
    if stay.referred_on:
        kind = ReferralKind(stay.referral_kind).label
        return stay.referred_on, _t("Henvist til %(kind)s hos %(employer)s %(day)s") % {
            "kind": kind.lower(),
            "employer": stay.referral_employer,
            "day": day_month(stay.referred_on),
        }
    return None, ""


COMPETENCES = Rule(
    "employment.competences",
    _("Afklar kompetencer"),
    _("Kompetencer"),
    competences,
    act=_("Registrér afklaring"),
    permit="granted",
)
REFERRAL = Rule(
    "employment.referral",
    _("Henvis til job eller aktivering"),
    _("Job"),
    referral,
    act=_("Registrér henvisning"),
    permit="granted",
)
RULES = (COMPETENCES, REFERRAL)
