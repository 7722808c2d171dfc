"""The register of volunteers and their organisations."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from volunteers.models import ASSESSED, Organisation, Volunteer


def organisation(name: str) -> Organisation:
    """The organisation of that name, made when it is new. Case doesn't matter."""
    name = " ".join(name.split())
    if not name:
        raise ValidationError(_("Skriv navnet på organisationen."))
    return Organisation.objects.filter(name__iexact=name).first() or Organisation.objects.get_or_create(name=name)[0]


@transaction.atomic
def save_volunteer(volunteer: Volunteer, *, organisation_name: str = "", today: date) -> Volunteer:
    """Add or change a volunteer. An assessed børneattest carries the day it was assessed, today when none is given."""
    volunteer.organisation = organisation(organisation_name) if organisation_name.strip() else None
    assessed = volunteer.certificate in ASSESSED
    volunteer.certificate_assessed_on = (volunteer.certificate_assessed_on or today) if assessed else None
    for name in ("certificate_assessed_on", "secrecy_signed_on"):
        day = getattr(volunteer, name)
        if day and day > today:
            raise ValidationError({name: _("Datoen ligger frem i tiden.")})
    volunteer.save()
    return volunteer
