"""The verb of the contract: signed by both, by one of them first, or set without agreement."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from cases.models import Person
from deadlines.services import timeliness
from reception.models import Contract
from reception.rules import CONTRACT
from reception.services.plan import locked, not_ahead, write_line


class Outcome:
    """How the contract came about, as the form asks it."""

    BOTH = "both"
    CITIZEN = "citizen"
    MUNICIPALITY = "municipality"
    SET = "set"


@transaction.atomic
def record_contract(
    person: Person,
    *,
    outcome: str,
    on: date,
    by,
    today: date,
    reason: str = "",
    declaration: bool = False,
    agreed: str = "",
) -> Contract:
    """Signed by both on that day, by one of them first, or set without agreement (INL § 19).

    A second signature completes the contract that waits for it. After a concluded one comes the next version.
    """
    person = locked(person)
    not_ahead(on, today)
    waiting = person.contracts.standing().filter(concluded_on=None).order_by("-pk").first()
    contract = waiting or Contract(person=person, version=next_version(person), recorded_by=by)
    if outcome == Outcome.SET:
        if not reason.strip():
            raise ValidationError({"reason": _("Skriv, hvorfor kontrakten er fastsat uden enighed.")})
        contract.set_on, contract.set_reason = on, reason.strip()
    if outcome in (Outcome.BOTH, Outcome.CITIZEN):
        contract.citizen_signed_on = contract.citizen_signed_on or on
    if outcome in (Outcome.BOTH, Outcome.MUNICIPALITY):
        contract.municipality_signed_on = contract.municipality_signed_on or on
    contract.declaration_on = contract.declaration_on or (on if declaration else None)
    contract.agreed = agreed.strip() or contract.agreed
    contract.save()
    contract.refresh_from_db()
    write_line(person, kind="contract", text=_contract_text(contract, person, on), on=on, by=by, today=today)
    return contract


def next_version(person: Person) -> int:
    """Annulled ones keep their number."""
    return (person.contracts.aggregate(last=Max("version"))["last"] or 0) + 1


def _contract_text(contract: Contract, person: Person, on: date) -> str:
    when = timeliness(person.case_id, person.pk, CONTRACT.key, on) if contract.concluded_on else ""
    if contract.set_on:
        return _("Kontrakt fastsat uden enighed for %(name)s%(when)s. %(why)s") % {
            "name": person.short_name,
            "when": when,
            "why": contract.set_reason,
        }
    if contract.concluded_on:
        return _("Kontrakt underskrevet af %(name)s og kommunen%(when)s") % {"name": person.short_name, "when": when}
    if contract.citizen_signed_on:
        return _("Kontrakt underskrevet af %s, kommunens underskrift mangler") % person.short_name
    return _("Kontrakt underskrevet af kommunen, underskrift fra %s mangler") % person.short_name
