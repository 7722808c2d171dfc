"""A reason for seeing a CPR number, and the filters of the log."""

import re

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.forms import DanishDateField, IndgangForm
from desk.forms.filters import Choices, ListFilter, some
from desk.services.access_log import KINDS

CPR_LIKE = re.compile(r"\d{6}[- ]?\d{4}")


class Reason(models.TextChoices):
    AUTHORITY = "authority", _("Henvendelse til eller fra en anden myndighed")
    IDENTITY = "identity", _("Kontrol af, hvem det er")
    ENROLMENT = "enrolment", _("Indskrivning eller tilmelding")
    CORRECTION = "correction", _("Kontrol af, om nummeret er skrevet rigtigt")
    OTHER = "other", _("Andet")


class RevealForm(IndgangForm):
    reason = forms.ChoiceField(label=_("Hvad skal nummeret bruges til?"), choices=[("", _("Vælg")), *Reason.choices])
    text = forms.CharField(
        label=_("Begrundelse"),
        max_length=150,
        required=False,
        help_text=_("Skrives i loggen. Skriv ikke navne og numre."),
    )

    def clean_text(self):
        text = self.cleaned_data["text"].strip()
        if CPR_LIKE.search(text):
            raise forms.ValidationError(_("Skriv ikke CPR-numre i begrundelsen."))
        return text

    def clean(self):
        data = super().clean()
        if data.get("reason") == Reason.OTHER and "text" in data and not data["text"]:
            self.add_error("text", _("Skriv kort, hvad nummeret skal bruges til."))
        return data


class PlaceReason(models.TextChoices):
    MEETING = "meeting", _("Besøg eller møde med familien")
    OFFER = "offer", _("Tilbud eller henvisning")
    AUTHORITY = "authority", _("Henvendelse til eller fra en anden myndighed")
    OTHER = "other", _("Andet")


class PlaceRevealForm(RevealForm):
    """A reason for seeing where a protected family lives, learns and works."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("Hvad skal oplysningerne bruges til?")
        self.fields["reason"].choices = [("", _("Vælg")), *PlaceReason.choices]

    def clean(self):
        data = super().clean()
        if data.get("reason") == PlaceReason.OTHER and self.has_error("text"):
            self.errors.pop("text")
            self.add_error("text", _("Skriv kort, hvad oplysningerne skal bruges til."))
        return data


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
