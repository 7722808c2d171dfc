"""A volunteer is asked first, by mail with a link for yes and no. Neither names a family.

The link is signed, so nothing that opens it is stored; it works for 14 days, until it is answered.
"""

from datetime import datetime, timedelta

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from volunteers.models import Inquiry, Match, Volunteer
from volunteers.services import proposals
from volunteers.services.households import ASKED_DAYS
from volunteers.services.ties import standing_consent

SALT = "volunteers.inquiry"
VALID = timedelta(days=ASKED_DAYS)


@transaction.atomic
def ask(case, *, volunteer: Volunteer, now: datetime, today, by) -> Inquiry:
    """Ask this volunteer; the letter follows within minutes. ValidationError names what is in the way."""
    if not volunteer.email:
        raise ValidationError(_("%s har ingen e-mail. Ring i stedet.") % volunteer)
    if case.protected:
        raise ValidationError(_("Familien er beskyttet. Ring til den frivillige i stedet."))
    if standing_consent(case) is None:
        raise ValidationError(_("Familien er ikke spurgt. Registrér først, at familien har sagt ja."))
    if why := proposals.obstacle(case, volunteer, on=today):
        raise ValidationError(f"{volunteer} {why}.")
    Inquiry.objects.filter(case=case, volunteer=volunteer, answered_at=None, asked_at__lt=now - VALID).delete()
    inquiry, is_new = Inquiry.objects.get_or_create(
        case=case, volunteer=volunteer, answered_at=None, defaults={"asked_at": now, "asked_by": by}
    )
    if not is_new:
        raise ValidationError(_("%s er allerede spurgt.") % volunteer)
    return inquiry


def token_of(inquiry: Inquiry) -> str:
    return signing.dumps(inquiry.pk, salt=SALT)


def inquiry_of(token: str) -> Inquiry | None:
    """The question behind the link while it waits for an answer and the family still waits."""
    try:
        pk = signing.loads(token, salt=SALT, max_age=VALID)
    except signing.BadSignature:
        return None
    waits = Inquiry.objects.filter(pk=pk, answered_at=None, case__closed_on=None, case__protected=False)
    tied = Match.objects.standing().filter(case__inquiries=pk, ended_on=None)
    inquiry = None if tied.exists() else waits.select_related("case").first()
    return inquiry if inquiry and standing_consent(inquiry.case) else None


@transaction.atomic
def answer(token: str, *, agreed: bool, now: datetime) -> bool:
    """Whether the answer was taken; a second one is not."""
    inquiry = inquiry_of(token)
    if inquiry is None:
        return False
    return bool(Inquiry.objects.filter(pk=inquiry.pk, answered_at=None).update(answered_at=now, agreed=agreed))
