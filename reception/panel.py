"""The reception's own tab: whose plan stands where, the contracts, and which dates somebody was asked for."""

from collections import defaultdict

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import Permission, can
from cases.formats import doc_date
from cases.models import AskedDate
from reception.models import Contract, Plan, PlanHandover, Signature
from reception.rules import contract_evidence
from reception.services.plan import in_no_plan, planners


def panel(case, user) -> dict:
    """A constant number of queries, however many people the family has. The door asks the clock here."""
    people = planners(case, timezone.localdate())
    may_write = can(user, Permission.WRITE_CASES)
    return {
        "may_write": may_write,
        "plans": plan_rows(case, people),
        "left_out": [
            _("%s er ikke med i nogen plan.") % child.short_name for child in in_no_plan(case, timezone.localdate())
        ]
        if people
        else [],
        "contracts": contract_rows(case, people, may_write),
        "asked": asked_rows(case),
    }


def plan_rows(case, people) -> list[dict]:
    versions = defaultdict(list)
    for plan in Plan.objects.filter(person__in=people).order_by("-version"):
        versions[plan.person_id].append(plan)
    found = PlanHandover.objects.standing().filter(plan__person__in=people).select_related("plan__person")
    handed = {row.plan_id: row for row in found}
    rows = []
    for person in people:
        plan = versions[person.pk][0] if versions[person.pk] else None
        rows.append(
            {
                "name": person.full_name,
                "url": reverse("reception:min_plan", args=[case.number, person.pk]),
                "text": plan_state(plan, handed.get(plan.pk) if plan else None),
            }
        )
    return rows


def plan_state(plan: Plan | None, handover: PlanHandover | None) -> str:
    if plan is None:
        return _("Ikke begyndt")
    if handover is None:
        return _("Kladde, version %s") % plan.version
    waits = handover.plan.person.unaccompanied_minor and not handover.guardian_signed_on
    signature = {
        Signature.SIGNED: _("underskrevet, værgen mangler") if waits else _("underskrevet"),
        Signature.DECLINED: _("borgeren underskriver ikke"),
        Signature.NOT_ASKED: _("ikke underskrevet endnu"),
    }[Signature(handover.signature)]
    return _("Version %(version)s udleveret %(day)s, %(signature)s") % {
        "version": plan.version,
        "day": doc_date(handover.on),
        "signature": signature,
    }


def contract_rows(case, people, may_write: bool) -> list[dict]:
    """One line per member with a plan of the own, with the newest version; annulling is for who may write."""
    newest = {}
    for row in Contract.objects.standing().filter(person__case=case).select_related("person").order_by("version", "pk"):
        newest[row.person] = row
    found = {person: newest.get(person) for person in people} | newest
    return [
        {
            "name": person.full_name,
            "url": reverse("reception:contracts", args=[case.number, person.pk]),
            "text": contract_text(row) if row else _("Ikke indgået"),
            "annul_url": reverse("reception:annul_contract", args=[case.number, row.pk]) if row and may_write else "",
        }
        for person, row in found.items()
    ]


def contract_text(row: Contract) -> str:
    """The rule's own words, on the row."""
    row.half_on, row.citizen_on = (row.first_on, row.citizen_signed_on) if row.concluded_on is None else (None, None)
    text = contract_evidence(row)
    text = _("%(what)s, version %(version)s") % {"what": text, "version": row.version} if row.version > 1 else text
    return f"{text}, {_('erklæring underskrevet')}" if row.declaration_on else text


def asked_rows(case) -> list[dict]:
    asked = AskedDate.objects.filter(person__case=case).select_related("person", "party").order_by("-asked_on", "pk")
    return [
        {
            "name": row.person.full_name,
            "text": _("%(what)s, spurgt hos %(whom)s %(day)s")
            % {
                "what": row.get_about_display().capitalize(),
                "whom": row.party or row.whom,
                "day": doc_date(row.asked_on),
            },
        }
        for row in asked
    ]
