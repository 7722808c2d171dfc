"""Employment's own tab on the family's page: what each adult can, was referred to, and works with."""

from collections import defaultdict

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.access import Permission, can
from cases.formats import day_month, doc_date
from deadlines.rules import is_adult
from employment.models import CompetenceProfile, Job, Referral, Result
from employment.rules import of_working_age, profile_text

FIELDS = ("education", "occupations", "languages", "licences")
TONES = {Result.HIRED: "done", Result.COMPLETED: "done", Result.STARTED: "info", Result.NONE: "wait"}


def panel(case, user) -> dict:
    """{"people"}: four queries. The page is the door: the clock is asked here."""
    today = timezone.localdate()
    links = Links(case) if can(user, Permission.WORK_WITH_JOBS) else None
    profiles = by_person(CompetenceProfile, case, "opened_on")
    referrals = by_person(Referral, case, "-referred_on")
    jobs = by_person(Job, case, "-starts_on")
    people = []
    for person in case.people.order_by("pk"):
        works = is_adult(person, today) and of_working_age(person, today)
        if not works and not (profiles[person.pk] or referrals[person.pk] or jobs[person.pk]):
            continue
        rows = [referral_row(row, links) for row in referrals[person.pk]] + [
            job_row(row, links) for row in jobs[person.pk]
        ]
        profile = profiles[person.pk][-1] if profiles[person.pk] else None
        people.append(
            {
                "name": person.full_name,
                "profile": profile_of(profile, links),
                "rows": sorted(rows, key=lambda row: row["on"], reverse=True),
                "acts": links.acts(person, clarified=bool(profile and profile.clarified_on)) if links else [],
            }
        )
    return {"people": people}


class Links:
    """Addresses of the acts, each with the way back to this tab."""

    def __init__(self, case):
        self.number = case.number
        self.back = urlencode({"next": f"{case.get_absolute_url()}selvforsoergelse/"})

    def to(self, name: str, pk: int) -> str:
        return f"{reverse(f'employment:{name}', args=[self.number, pk])}?{self.back}"

    def acts(self, person, *, clarified: bool) -> list[dict]:
        found = [
            {"url": self.to("referral", person.pk), "text": _("Registrér henvisning"), "icon": "signpost"},
            {"url": self.to("add_job", person.pk), "text": _("Registrér job"), "icon": "briefcase"},
            {"url": self.to("profile", person.pk), "text": _("Ret kompetenceprofil"), "icon": "pencil"},
        ]
        if clarified:
            return found
        return [
            {"url": self.to("competences", person.pk), "text": _("Registrér afklaring"), "icon": "person-check"},
            *found,
        ]


def by_person(model, case, order: str) -> dict[int, list]:
    found = defaultdict(list)
    for row in model.objects.standing().filter(person__case=case).select_related("person").order_by(order, "pk"):
        found[row.person_id].append(row)
    return found


def profile_of(row: CompetenceProfile | None, links: Links | None) -> dict | None:
    if row is None:
        return None
    names = {name: str(CompetenceProfile._meta.get_field(name).verbose_name) for name in FIELDS}
    facts = [
        {"label": word[0].upper() + word[1:], "value": getattr(row, name)}
        for name, word in names.items()
        if getattr(row, name)
    ]
    return {
        "text": profile_text(row) or _("Påbegyndt %s") % day_month(row.opened_on),
        "done": row.clarified_on is not None,
        "facts": facts,
        "annul_url": links.to("annul_profile", row.pk) if links else "",
    }


def referral_row(row: Referral, links: Links | None) -> dict:
    note = [row.position, _("begynder %s") % doc_date(row.starts_on) if row.starts_on else ""]
    return {
        "on": row.referred_on,
        "what": row.get_kind_display(),
        "where": row.employer,
        "note": ", ".join(filter(None, note)),
        "state": row.get_result_display(),
        "tone": TONES.get(row.result, ""),
        "change_url": links.to("result", row.pk) if links else "",
        "change_text": _("Registrér resultat"),
        "annul_url": links.to("annul_referral", row.pk) if links else "",
    }


def job_row(row: Job, links: Links | None) -> dict:
    hours = _("%d timer om ugen") % row.hours_per_week if row.hours_per_week else ""
    return {
        "on": row.starts_on,
        "what": _("I job"),
        "where": row.employer,
        "note": ", ".join(filter(None, [row.position, hours])),
        "state": _("Ophørt %s") % doc_date(row.ends_on) if row.ends_on else _("I arbejde"),
        "tone": "" if row.ends_on else "done",
        "change_url": links.to("end_job", row.pk) if links and not row.ends_on else "",
        "change_text": _("Registrér ophør"),
        "annul_url": links.to("annul_job", row.pk) if links else "",
    }
