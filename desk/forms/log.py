"""A reason for seeing a CPR number, and the filters of the log."""

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.forms import DanishDateField
from desk.forms.filters import Choices, ListFilter, some
from desk.forms.purposes import PurposeForm
from desk.services.access_log import KINDS


class Reason(models.TextChoices):
    AUTHORITY = "authority", _("Henvendelse til eller fra en anden myndighed")
    IDENTITY = "identity", _("Kontrol af, hvem det er")
    ENROLMENT = "enrolment", _("Indskrivning eller tilmelding")
    CORRECTION = "correction", _("Kontrol af, om nummeret er skrevet rigtigt")
    OTHER = "other", _("Andet")


class RevealForm(PurposeForm):
    reasons, question = Reason, _("Hvad skal nummeret bruges til?")
    unsaid = _("Skriv kort, hvad nummeret skal bruges til.")


class PlaceReason(models.TextChoices):
    MEETING = "meeting", _("Besøg eller møde med familien")
    OFFER = "offer", _("Tilbud eller henvisning")
    AUTHORITY = "authority", _("Henvendelse til eller fra en anden myndighed")
    OTHER = "other", _("Andet")


class PlaceRevealForm(PurposeForm):
    """A reason for seeing where a protected family lives, learns and works."""

    reasons, question = PlaceReason, _("Hvad skal oplysningerne bruges til?")
    unsaid = _("Skriv kort, hvad oplysningerne skal bruges til.")


class LogFilter(ListFilter):
    words = {"case": "sag", "who": "bruger", "kind": "handling", "first": "fra", "last": "til"}
    q = None

    case = forms.CharField(label=_("Sagsnr."), max_length=12, required=False)
    who = some(_("Bruger"), [])
    kind = some(_("Handling"), [("", _("Alle")), *KINDS.items()])
    first = DanishDateField(label=_("Fra"), required=False)
    last = DanishDateField(label=_("Til"), required=False)

    def __init__(self, query, *, users: Choices, today, of_case: bool = False, **kwargs):
        super().__init__(query, **kwargs)
        self.fields["who"].choices = [("", _("Alle")), *users]
        for name in ("first", "last"):
            self.fields[name].today = today
        if of_case:
            del self.fields["case"]
