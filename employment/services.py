"""The verbs of employment: the only writers of profiles, referrals and jobs.

ValidationError carries a Danish sentence that says what to do.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cases.choices import DataClass
from cases.formats import day_month
from cases.models import Case, Person, Stay
from cases.services import record
from deadlines import engine
from deadlines.services import timeliness
from employment.models import CompetenceProfile, Job, Referral, ReferralKind, Result
from employment.rules import COMPETENCES, REFERRAL, RULES

KNOWLEDGE = ("education", "occupations", "languages", "licences", "cv_received_on", "cv_done_on")


def _line(person: Person, *, verb: str, text: str, on: date, by) -> None:
    record(
        person.case,
        area="employment",
        kind=f"employment.{verb}",
        text=text[:400],
        on=on,
        by=by,
        data_class=DataClass.WORK,
        people=[person],
    )


def _lock(person: Person) -> None:
    Case.objects.select_for_update(no_key=True).get(pk=person.case_id)


def _not_ahead(today: date, **days: date | None) -> None:
    ahead = [name for name, day in days.items() if day and day > today]
    if ahead:
        raise ValidationError({name: _("Datoen ligger frem i tiden. Skriv den dag, det skete.") for name in ahead})


def _must_be_new(same) -> None:
    """The same form sent twice writes one row."""
    if same.standing().exists():
        raise ValidationError(_("Det er allerede registreret."))


def current_profile(person: Person) -> CompetenceProfile | None:
    """The standing profile of the person's present stay; None in a new round."""
    stays = list(Stay.objects.filter(person=person).order_by("-round")[:2])
    profiles = person.competence_profiles.standing()
    if len(stays) > 1 and stays[1].left_on:
        profiles = profiles.filter(opened_on__gt=stays[1].left_on)
    return profiles.order_by("opened_on", "pk").first()


def last_profile(person: Person) -> CompetenceProfile | None:
    """The newest profile, annulled and of earlier stays included: what is known is not typed again."""
    return person.competence_profiles.order_by("-pk").first()


@transaction.atomic
def save_profile(person: Person, *, today: date, by, **knowledge) -> CompetenceProfile:
    """Write down what is known so far. knowledge: names of KNOWLEDGE."""
    _lock(person)
    profile = _write_profile(person, today=today, by=by, knowledge=knowledge)
    text = _("Kompetenceprofil opdateret for %s") % person.short_name
    _line(person, verb="profile_saved", text=text, on=today, by=by)
    engine.refresh([person.case_id], RULES, today=today)
    return profile


@transaction.atomic
def clarify(person: Person, *, on: date, today: date, by, **knowledge) -> CompetenceProfile:
    """The person's competences are clarified: the profile is marked done on that day."""
    _not_ahead(today, on=on)
    _lock(person)
    profile = _write_profile(person, today=on, by=by, knowledge=knowledge, latest=today)
    profile.clarified_on = on
    profile.save(update_fields=["clarified_on"])
    text = _("Kompetencer afklaret for %s") % person.short_name
    _line(
        person, verb="clarified", text=text + timeliness(person.case_id, person.pk, COMPETENCES.key, on), on=on, by=by
    )
    engine.refresh([person.case_id], RULES, today=today)
    return profile


def _write_profile(person, *, today: date, by, knowledge: dict, latest: date | None = None) -> CompetenceProfile:
    cv = {name: knowledge.get(name) for name in ("cv_received_on", "cv_done_on")}
    _not_ahead(latest or today, **cv)
    profile = current_profile(person) or CompetenceProfile(person=person, opened_on=today, recorded_by=by)
    for name, value in knowledge.items():
        setattr(profile, name, value)
    profile.save()
    return profile


@transaction.atomic
def refer(
    person: Person,
    *,
    kind: str,
    employer: str,
    on: date,
    position: str = "",
    starts_on: date | None = None,
    today: date,
    by,
) -> Referral:
    """Refer to one named job or activation. The start may lie ahead."""
    _not_ahead(today, on=on)
    _lock(person)
    _must_be_new(person.referrals.filter(kind=kind, employer=employer, referred_on=on))
    row = Referral.objects.create(
        person=person,
        kind=kind,
        employer=employer,
        position=position,
        referred_on=on,
        starts_on=starts_on,
        recorded_by=by,
    )
    text = f"{sentence(row)}{timeliness(person.case_id, person.pk, REFERRAL.key, on)}"
    if starts_on:
        text += _(". Begynder %s") % day_month(starts_on)
    _line(person, verb="referred", text=text, on=on, by=by)
    engine.refresh([person.case_id], RULES, today=today)
    return row


@transaction.atomic
def add_job(
    person: Person, *, employer: str, on: date, position: str = "", hours_per_week: int | None = None, today: date, by
) -> Job:
    """The person works since `on`. That meets the duty to refer too."""
    _not_ahead(today, on=on)
    _lock(person)
    _must_be_new(person.jobs.filter(employer=employer, starts_on=on))
    row = Job.objects.create(
        person=person, employer=employer, position=position, hours_per_week=hours_per_week, starts_on=on, recorded_by=by
    )
    text = f"{job_sentence(row)}{timeliness(person.case_id, person.pk, REFERRAL.key, on)}"
    _line(person, verb="job_added", text=text, on=on, by=by)
    engine.refresh([person.case_id], RULES, today=today)
    return row


@transaction.atomic
def record_result(referral: Referral, *, result: str, on: date, today: date, by) -> Referral:
    """What became of a referral. Who was hired gets the job written too."""
    _not_ahead(today, on=on)
    person = referral.person
    _lock(person)
    if on < referral.referred_on:
        raise ValidationError(
            {"on": _("Resultatet kan ikke ligge før henvisningen %s.") % day_month(referral.referred_on)}
        )
    hired_before = referral.result == Result.HIRED
    referral.result, referral.result_on = result, None if result == Result.NONE else on
    referral.save(update_fields=["result", "result_on"])
    text = f"{sentence(referral)}: {referral.get_result_display().lower()}"
    _line(person, verb="result", text=text, on=on, by=by)
    if result == Result.HIRED and not hired_before:
        add_job(person, employer=referral.employer, position=referral.position, on=on, today=today, by=by)
    return referral


@transaction.atomic
def end_job(job: Job, *, on: date, today: date, by) -> Job:
    """The job is over; a duty that it met stays met if the job ran during the stay."""
    _not_ahead(today, on=on)
    _lock(job.person)
    if on < job.starts_on:
        raise ValidationError({"on": _("Jobbet kan ikke ophøre før det begyndte %s.") % day_month(job.starts_on)})
    job.ends_on = on
    job.save(update_fields=["ends_on"])
    text = _("%(name)s er ophørt hos %(employer)s") % {"name": job.person.short_name, "employer": job.employer}
    _line(job.person, verb="job_ended", text=text, on=on, by=by)
    engine.refresh([job.person.case_id], RULES, today=today)
    return job


def sentence(row: Referral) -> str:
    """ "Dmytro henvist til virksomhedspraktik hos Lynge Tømmerhandel"."""
    return _("%(name)s henvist til %(kind)s hos %(employer)s") % {
        "name": row.person.short_name,
        "kind": ReferralKind(row.kind).label.lower(),
        "employer": row.employer,
    }


def job_sentence(row: Job) -> str:
    return _("%(name)s er i job hos %(employer)s") % {"name": row.person.short_name, "employer": row.employer}
