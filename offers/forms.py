"""The one form of an offer, in the reader's language, and the reason for declining one.

The public page and the coordinator's telephone use the same form; TrappedForm adds what only machines stumble over.
"""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.forms import IndgangForm
from cases.phones import PhoneError, parse_phone
from offers import texts

TRAP = "website"  # a name that machines like to fill in
ANSWER = 200


def tidy(line: str) -> str:
    """One line as a keyboard writes it: every space is a plain one, and what nobody sees is left out."""
    spaced = "".join(" " if unicodedata.category(sign) == "Zs" or sign == "\t" else sign for sign in line)
    return "".join(sign for sign in spaced if sign.isprintable())


class LineField(forms.CharField):
    """One line: a line break in it is refused, since it might be on its way into the head of a mail."""

    def to_python(self, value):
        text = str(value or "").strip(" ")
        if any(unicodedata.category(sign) in {"Cc", "Zl", "Zp"} for sign in text if sign != "\t"):
            raise ValidationError(self.error_messages["line"], code="line")
        return super().to_python(tidy(text))


class MailField(LineField, forms.EmailField):
    """An e-mail address on one line."""


class TextField(forms.CharField):
    """Several lines; what no keyboard writes is left out."""

    widget = forms.Textarea(attrs={"rows": 5})

    def to_python(self, value):
        return super().to_python("\n".join(tidy(line) for line in str(value or "").splitlines()))


def said(errors: dict[str, str], **own: str) -> dict[str, str]:
    """The messages of one field; every field is told about its length and about line breaks."""
    return {"max_length": errors["long"], "line": errors["line"], "invalid_choice": errors["choice"], **own}


class OfferForm(IndgangForm):
    """Name, a way to answer, town, message, and at most three questions of the kind."""

    def __init__(self, *args, kind: str, language: str, **kwargs):
        super().__init__(*args, **kwargs)
        words, errors = texts.words(language), texts.errors(language)
        self.errors_said = errors
        self.asked = texts.questions(kind, language)
        told = said(errors)
        self.fields["name"] = LineField(
            label=words["name"], max_length=120, error_messages=told | {"required": errors["name"]},
            widget=forms.TextInput({"autocomplete": "name"}),
        )  # fmt: skip
        self.fields["email"] = MailField(
            label=words["email"], help_text=words["reach"], max_length=254, required=False,
            error_messages=told | {"invalid": errors["email"]},
            widget=forms.EmailInput({"autocomplete": "email"}),
        )  # fmt: skip
        self.fields["phone"] = LineField(
            label=words["phone"], max_length=30, required=False, error_messages=told,
            widget=forms.TextInput({"autocomplete": "tel", "inputmode": "tel"}),
        )  # fmt: skip
        self.fields["town"] = LineField(
            label=words["town"], max_length=60, required=False, error_messages=told,
            widget=forms.TextInput({"autocomplete": "address-level2"}),
        )  # fmt: skip
        for question in self.asked:
            self.fields[question["name"]] = answer_field(question, told)
        self.fields["message"] = TextField(
            label=words["message"], max_length=2000, help_text=words["message_hint"],
            error_messages=told | {"required": errors["message"]},
        )  # fmt: skip
        self.fields["consent"] = forms.BooleanField(
            label=words["consent"], error_messages={"required": errors["consent"]}
        )

    def clean_phone(self):
        text = self.cleaned_data["phone"]
        try:
            return parse_phone(text) if text else ""
        except PhoneError:
            raise ValidationError(self.errors_said["phone"]) from None

    def clean(self):
        """One way to answer is enough; which field was meant is not known, so the first is named."""
        cleaned = super().clean()
        if not (cleaned.get("email") or cleaned.get("phone") or self.errors.keys() & {"email", "phone"}):
            self.add_error("email", self.errors_said["reach"])
        return cleaned

    @property
    def offer(self) -> dict:
        """What is stored of a valid form."""
        given = self.cleaned_data
        details = {one["name"]: given[one["name"]] for one in self.asked if given[one["name"]]}
        return {name: given[name] for name in ("name", "email", "phone", "town", "message")} | {"details": details}


def answer_field(question: dict, told: dict[str, str]) -> forms.Field:
    """A line, or one of the answers that the table lists."""
    shared = {"label": question["label"], "help_text": question["hint"], "required": False, "error_messages": told}
    if question["choices"]:
        return forms.ChoiceField(
            choices=[tuple(one) for one in question["choices"]], widget=forms.RadioSelect, **shared
        )
    return LineField(max_length=ANSWER, **shared)


class TrappedForm(OfferForm):
    """The public form. What is in the two last fields never makes the form wrong; services.receiving judges it."""

    def __init__(self, *args, stamp: str, language: str, **kwargs):
        super().__init__(*args, language=language, **kwargs)
        attrs = {"tabindex": "-1", "autocomplete": "off"}
        self.fields[TRAP] = forms.CharField(
            label=texts.words(language)["trap"], required=False, widget=forms.TextInput(attrs)
        )
        self.fields["stamp"] = forms.CharField(required=False, widget=forms.HiddenInput, initial=stamp)

    def _clean_fields(self):
        """The two are read as they were sent: a machine must not learn from an error that it was caught."""
        kept = {name: self.fields.pop(name) for name in (TRAP, "stamp")}
        super()._clean_fields()
        self.fields |= kept


class PhoneOfferForm(OfferForm):
    """Typed by the coordinator while the citizen is on the phone."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, language="da", **kwargs)
        named = {
            "name": _("Navn"),
            "message": _("Hvad tilbydes?"),
            "consent": _("Personen siger ja til, at vi gemmer oplysningerne i højst 6 måneder"),
        }
        for name, label in named.items():
            self.fields[name].label = label
        for name, sentence in {
            "name": _("Skriv personens navn."),
            "message": _("Skriv et par ord om, hvad der tilbydes."),
            "consent": _("Spørg personen, og sæt kryds. Uden et ja må tilbuddet ikke gemmes."),
        }.items():
            self.fields[name].error_messages["required"] = sentence
        self.fields["message"].help_text = ""


class DeclineForm(IndgangForm):
    note = forms.CharField(
        label=_("Hvorfor?"),
        max_length=400,
        help_text=_("Det, du skriver her, kan personen få indsigt i."),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": _("Skriv det kortere: højst 400 tegn.")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["note"].error_messages["required"] = _("Skriv kort, hvorfor tilbuddet ikke kan bruges.")


class WishForm(IndgangForm):
    """What a family needs."""

    text = forms.CharField(
        label=_("Hvad ønsker familien?"), max_length=200, help_text=_("Fx en seng, vinterstøvler str. 32, en cykel")
    )
