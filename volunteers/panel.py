"""What ties the family to the place where it lives: consent, contact person, introductions. And the coordinator's list.

The coordinator sees names, languages, age bands, locality and wishes; never a birth date, a number or a note.
"""

from collections import defaultdict
from datetime import date

from django.db.models import Case as Choose
from django.db.models import Exists, F, OuterRef, Subquery, Value, When
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.access import Permission, can
from cases.access import covers, is_nameless
from cases.formats import join_names, long_date, relative, weekday_date, years_before
from cases.location import conceal
from cases.models import Consent, Person, Stay
from deadlines.models import Step
from deadlines.status import look_of
from volunteers import rules, services
from volunteers.models import ContactWish, Introduction, LeisureIntroduction, Match

# What the coordinator sees instead of a birth date: from which age on.
BANDS = (60, 30, 18, 13, 6, 0)
SHOWN = (
    "rule", "kind", "starts_on", "due_on", "effective_on", "met_on", "done_on", "withdrawn_on", "waived_on",
    "waived_until", "waived_kind", "confirmed_on", "waiting_for", "waiting_until", "waits_for", "evidence",
    "case__number", "case__family_name", "case__locality__name", "case__protected", "case__caseworker",
)  # fmt: skip


def panel(case, user) -> dict:
    """{"acts", "rows", "wish", "may_write"} for the family's tab. Six queries."""
    may_write = can(user, Permission.MATCH_VOLUNTEERS)
    back = "?" + urlencode({"next": f"{case.get_absolute_url()}lokalsamfund/"})
    rows = sorted([*consents(case), *matches(case), *introductions(case)], key=lambda row: row["on"])
    wish = services.wish_of(case)
    if not may_write:
        rows = [{**row, "links": []} for row in rows]
    for row in rows:
        row["links"] = [{"text": text, "url": link(case, name, pk) + back} for text, name, pk in row["links"]]
    acts = [{"text": text, "url": link(case, name) + back} for text, name in acts_of(rows)] if may_write else []
    return {"acts": acts, "rows": rows, "wish": wish.text if wish else "", "may_write": may_write}


def link(case, name: str, pk: int | None = None) -> str:
    return reverse(f"volunteers:{name}", args=[case.number] if pk is None else [case.number, pk])


def acts_of(rows: list[dict]) -> list[tuple[str, str]]:
    """(label, URL name) of what can be registered now."""
    kinds = {row["kind"] for row in rows}
    found = [] if kinds & {"consent", "tied"} else [(_("Registrér familiens ja"), "consent")]
    if "tied" not in kinds:
        found.append((_("Vælg kontaktperson"), "contact_person"))
    return [
        *found,
        (_("Registrér introduktion til en organisation"), "introduction"),
        (_("Registrér introduktion til fritid"), "leisure_introduction"),
    ]


def consents(case) -> list[dict]:
    found = []
    for consent in Consent.objects.filter(case=case, what=rules.CONTACT_CONSENT).order_by("given_on"):
        note = _("Spurgt på %s") % consent.language if consent.language else ""
        kind, links = "consent", [(_("Træk samtykket tilbage"), "withdraw_consent", None)]
        if consent.withdrawn_on:
            kind, links = "withdrawn", []
            note = _("Trukket tilbage %s") % long_date(consent.withdrawn_on)
        found.append(
            {
                "kind": kind,
                "on": consent.given_on,
                "text": _("Familien har sagt ja til en kontaktperson"),
                "note": note,
                "links": links,
            }
        )
    return found


def matches(case) -> list[dict]:
    found = []
    for match in Match.objects.standing().filter(case=case).select_related("volunteer__organisation"):
        text = rules.tie_sentence(match.volunteer.name if match.volunteer else "")
        note = str(match.volunteer.organisation or "") if match.volunteer else ""
        links = [(_("Annullér"), "annul_match", match.pk)]
        if match.ended_on:
            note = _("Til %(day)s: %(why)s") % {"day": long_date(match.ended_on), "why": match.get_end_reason_display()}
        else:
            links.insert(0, (_("Afslut"), "end_match", match.pk))
        kind = "ended" if match.ended_on else "tied"
        found.append({"kind": kind, "on": match.started_on, "text": text, "note": note, "links": links})
    return found


def introductions(case) -> list[dict]:
    organisations = Introduction.objects.standing().filter(case=case).values_list("pk", "on", "organisation__name")
    leisure = LeisureIntroduction.objects.standing().filter(case=case).values_list("pk", "on", "activity")
    return [
        {
            "kind": name, "on": on, "text": _("Introduceret til %s") % what, "note": "",
            "links": [(_("Annullér"), f"annul_{name}", pk)],
        }
        for name, rows in (("introduction", organisations), ("leisure", leisure))
        for pk, on, what in rows
    ]  # fmt: skip


# --- Families without a contact person --------------------------------------------------------


def waiting(user, *, today: date):
    """The open steps of contact person that this user may see, the oldest first; nothing else of the case is read."""
    wish = ContactWish.objects.standing().filter(case=OuterRef("case")).order_by("-on", "-pk")
    consent = Consent.objects.filter(case=OuterRef("case"), what=rules.CONTACT_CONSENT).order_by("-given_on", "-pk")
    return (
        Step.objects.visible_to(user)
        .filter(rule=rules.CONTACT_PERSON.key, case__closed_on=None)
        .open(today)
        .select_related("case__locality")
        .only(*SHOWN)
        .annotate(
            wish=Subquery(wish.values("text")[:1]),
            said_yes_on=Subquery(consent.values("given_on")[:1]),
            took_back_on=Subquery(consent.values("withdrawn_on")[:1]),
        )
        .order_by(F("starts_on").asc(nulls_last=True), "pk")
    )


def lines(steps, user, *, today: date) -> list[dict]:
    """What the coordinator's list shows of these steps: one query for their people.

    A protected family goes by its number, without names, place or wishes.
    """
    people = members([step.case_id for step in steps], today=today)
    for step in steps:
        if covers(user, step.case):
            conceal([step])
            step.case.locality, step.wish = None, ""
        if is_nameless(user, step.case):
            step.case.family_name = step.case.number
            people[step.case_id] = [{**person, "given_names": _("Person")} for person in people[step.case_id]]
    return [line(step, people[step.case_id], today) for step in steps]


def line(step: Step, people: list[dict], today: date) -> dict:
    asked = bool(step.said_yes_on and not step.took_back_on)
    spoken = {word.strip().lower() for person in people for word in person["languages"].split(",") if word.strip()}
    act = "contact_person" if asked else "consent"
    due = step.effective_on
    return {
        "title": step.case.title,
        "url": reverse(f"volunteers:{act}", args=[step.case.number])
        + "?"
        + urlencode({"next": reverse("volunteers:contacts")}),
        "act": _("Vælg kontaktperson") if asked else _("Spørg familien"),
        "people": [f"{person['given_names'].split(' ')[0]} ({band_name(person['band'])})" for person in people],
        "languages": join_names(sorted(spoken)),
        "locality": step.case.locality.name if step.case.locality else "",
        "wish": step.wish or "",
        "evidence": step.evidence,
        "status": look_of(step, today),
        "relative": relative(due, today) if due else _("Ikke ankommet endnu"),
        "date": weekday_date(due) if due else "",
        "iso": due.isoformat() if due else "",
    }


def members(case_ids: list[int], *, today: date) -> dict[int, list[dict]]:
    """Given names, languages and age bands of those who live there now. The birth date stays in the database."""
    bands = [When(birth_date__lte=years_before(today, age), then=Value(age)) for age in BANDS]
    here = Stay.objects.filter(person=OuterRef("pk"), left_on=None)
    rows = (
        Person.objects.filter(Exists(here), case__in=case_ids)
        .annotate(band=Choose(*bands, default=Value(None)))
        .order_by(F("birth_date").asc(nulls_last=True), "pk")
        .values("case_id", "given_names", "languages", "band")
    )
    found = defaultdict(list)
    for row in rows:
        found[row["case_id"]].append(row)
    return found


def band_name(band: int | None) -> str:
    if band is None:
        return _("alder ukendt")
    if band == BANDS[0]:
        return _("%d+ år") % band
    above = BANDS[BANDS.index(band) - 1]
    return _("%(low)d–%(high)d år") % {"low": band, "high": above - 1}
