"""Why a case is opened beyond the daily scope."""

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.forms import IndgangForm
from desk.forms.purposes import without_cpr

LEAST = 15  # characters: a reason that says something


class GlassReason(models.TextChoices):
    ACUTE = "acute", _("Borgeren står her eller ringer, og sagsbehandleren kan ikke nås")
    SAFETY = "safety", _("Fare for liv eller helbred")
    COVER = "cover", _("Jeg vikarierer uden at være sat på sagen")
    OTHER = "other", _("Andet")


class OversightReason(models.TextChoices):
    COMPLAINT = "complaint", _("Klage eller henvendelse om sagen")
    QUALITY = "quality", _("Stikprøve af kvaliteten")
    HAND_OVER = "hand_over", _("Sagen skal fordeles eller overdrages")
    CONCERN = "concern", _("Bekymring for familien eller sagens gang")


class OpeningForm(IndgangForm):
    """A reason from the list and in one's own words, both for the log."""

    reason = forms.ChoiceField(label=_("Hvorfor?"), error_messages={"required": _("Vælg, hvorfor sagen skal åbnes.")})
    text = forms.CharField(
        label=_("Med dine egne ord"),
        max_length=150,
        help_text=_("Mindst 15 tegn. Skrives i loggen. Skriv ikke navne og numre."),
        error_messages={"required": _("Skriv med dine egne ord, hvorfor sagen skal åbnes.")},
    )

    def __init__(self, *args, reasons, **kwargs):
        super().__init__(*args, **kwargs)
        self.reasons = dict(reasons.choices)
        self.fields["reason"].choices = [("", _("Vælg")), *reasons.choices]

    def clean_reason(self) -> str:
        return str(self.reasons[self.cleaned_data["reason"]])

    def clean_text(self) -> str:
        text = self.cleaned_data["text"].strip()
        if len(text) < LEAST:
            raise forms.ValidationError(_("Skriv mindst 15 tegn, så andre forstår begrundelsen."))
        return without_cpr(text)


class GlassForm(OpeningForm):
    number = forms.CharField(
        label=_("Sagsnr."), max_length=12, error_messages={"required": _("Skriv sagens nummer, f.eks. 2026-0147.")}
    )
    field_order = ["number", "reason", "text"]

    def clean_number(self) -> str:
        return self.cleaned_data["number"].strip()
