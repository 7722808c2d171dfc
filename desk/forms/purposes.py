"""What something is used for: one of a list, and words of one's own. For the log."""

import re

from django import forms
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.forms import REQUIRED, IndgangForm
from desk.services.export import FORMATS, XLSX

CPR_LIKE = re.compile(r"\d{6}[- ]?\d{4}")


def without_cpr(text: str) -> str:
    """The text as it goes into the log. ValidationError: it holds what looks like a CPR number."""
    text = text.strip()
    if CPR_LIKE.search(text):
        raise forms.ValidationError(_("Skriv ikke CPR-numre i begrundelsen."))
    return text


class PurposeForm(IndgangForm):
    """reasons: the list, whose last one is `other`; it needs words, else `unsaid` is answered."""

    reasons: type[models.TextChoices]
    question: str | Promise = ""
    unsaid: str | Promise = ""

    reason = forms.ChoiceField()
    text = forms.CharField(
        label=_("Begrundelse"),
        max_length=150,
        required=False,
        help_text=_("Skrives i loggen. Skriv ikke navne og numre."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["reason"]
        field.label, field.choices = self.question, [("", _("Vælg")), *self.reasons.choices]
        field.error_messages["required"] = REQUIRED % self.question

    def clean_text(self):
        return without_cpr(self.cleaned_data["text"])

    def clean(self):
        data = super().clean()
        if data.get("reason") == "other" and "text" in data and not data["text"]:
            self.add_error("text", self.unsaid)
        return data

    @property
    def purpose(self) -> str:
        """The choice in words; once the form is valid."""
        return str(self.reasons(self.cleaned_data["reason"]).label)


class FileReason(models.TextChoices):
    MEETING = "meeting", _("Mødeforberedelse")
    FOLLOW_UP = "follow_up", _("Opfølgning i teamet")
    HAND_OVER = "hand_over", _("Overlevering af sager")
    AUDIT = "audit", _("Tilsyn eller revision")
    OTHER = "other", _("Andet")


class FormatForm(IndgangForm):
    """As what a list leaves the house. first: what it is where nothing is said."""

    format = forms.ChoiceField(label=_("Filtype"), choices=list(FORMATS.items()), widget=forms.RadioSelect)

    def __init__(self, data=None, *args, first: str = XLSX, **kwargs):
        said = data if data is None or data.get("format") else {**data.dict(), "format": first}
        super().__init__(said, *args, **kwargs)
        self.fields["format"].initial = first


class FileForm(PurposeForm, FormatForm):
    """Why and as what a list leaves the house."""

    reasons, question = FileReason, _("Hvad skal filen bruges til?")
    unsaid = _("Skriv kort, hvad filen skal bruges til.")

    @property
    def purpose(self) -> str:
        """The choice and the words, as they stand in the log and in the file."""
        text = self.cleaned_data["text"]
        return f"{super().purpose}: {text}" if text else super().purpose
