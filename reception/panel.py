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
from reception.services.plan import planners


def panel(case, user) -> dict:
    """A constant number of queries, however many people the family has. The door asks the clock here."""
    people = planners(case, timezone.localdate())
    may_write = can(user, Permission.WRITE_CASES)
    return {
        "may_write": may_write,
        "plans": plan_rows(case, people),
        "contracts": contract_rows(case, may_write),
        "asked": asked_rows(case),
    }


def plan_rows(case, people) -> list[dict]:
    versions = defaultdict(list)
    for plan in Plan.objects.filter(person__in=people).order_by("-version"):
        versions[plan.person_id].append(plan)
    handed = {row.plan_id: row for row in PlanHandover.objects.standing().filter(plan__person__in=people)}
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
    signature = {
        Signature.SIGNED: _("underskrevet"),
        Signature.DECLINED: _("borgeren underskriver ikke"),
        Signature.NOT_ASKED: _("ikke underskrevet endnu"),
    }[Signature(handover.signature)]
    return _("Version %(version)s udleveret %(day)s, %(signature)s") % {
        "version": plan.version,
        "day": doc_date(handover.on),
        "signature": signature,
    }


def contract_rows(case, may_write: bool) -> list[dict]:
    rows = Contract.objects.standing().filter(person__case=case).select_related("person").order_by("person", "pk")
    return [
        {
            "name": row.person.full_name,
            "text": contract_text(row),
            "annul_url": reverse("reception:annul_contract", args=[case.number, row.pk]) if may_write else "",
        }
        for row in rows
    ]


def contract_text(row: Contract) -> str:
    """The rule's own words, on the row."""
    row.half_on, row.citizen_on = (row.first_on, row.citizen_signed_on) if row.concluded_on is None else (None, None)
    text = contract_evidence(row)
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
