"""What ties the family to the place where it lives: consent, contact person, introductions."""

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.access import Permission, can
from cases.formats import long_date
from cases.models import Consent
from volunteers import rules
from volunteers.models import Introduction, LeisureIntroduction, Match, Participation
from volunteers.services import leisure, ties


def panel(case, user) -> dict:
    """{"acts", "rows", "wish", "may_write"} for the family's tab. Seven queries."""
    may_write = can(user, Permission.MATCH_VOLUNTEERS)
    back = "?" + urlencode({"next": f"{case.get_absolute_url()}lokalsamfund/"})
    rows = sorted(
        [*consents(case), *matches(case), *introductions(case), *participations(case)], key=lambda row: row["on"]
    )
    wish = ties.wish_of(case)
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
        (_("Registrér prøvetime eller medlemskab"), "participation"),
    ]


def consents(case) -> list[dict]:
    found = []
    for consent in Consent.objects.filter(case=case, what=rules.CONTACT_CONSENT).order_by("given_on"):
        told = [_("Spurgt på %s") % consent.language] if consent.language else []
        note = " · ".join([_("Deles med: %s") % consent.shared_with, *told])
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


def participations(case) -> list[dict]:
    rows = Participation.objects.standing().filter(person__case=case).select_related("person", "activity")
    return [
        {
            "kind": "takes_part", "on": row.on, "text": leisure.sentence(row), "note": row.activity.organiser,
            "links": [(_("Annullér"), "annul_participation", row.pk)],
        }
        for row in rows.only(
            "on", "step", "activity__name", "activity__organiser", "person__given_names", "person__surname"
        )
    ]  # fmt: skip
