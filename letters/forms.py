"""What is asked before a letter is printed: the language, and what is not registered anywhere else."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.forms import REQUIRED, DanishDateField, IndgangForm
from letters.services.facts import Kind
from reception.services.document import language_for, languages_of_paper

TIME = re.compile(r"([01]?\d|2[0-3])[.:]?([0-5]\d)\Z")


def time_field(*, required: bool) -> forms.CharField:
    attrs = {"inputmode": "numeric", "placeholder": "10.15"}
    return forms.CharField(label=_("Klokken"), max_length=8, required=required, widget=forms.TextInput(attrs=attrs))


FIELDS = {
    "day": lambda kind: DanishDateField(label=_("Dag") if kind == "samtale" else _("Fra hvilken dag")),
    "time": lambda kind: time_field(required=kind == "samtale"),
    "place": lambda kind: forms.CharField(label=_("Sted"), max_length=120),
    "interpreter": lambda kind: forms.BooleanField(label=_("Der er bestilt tolk"), required=False),
    "answer_before": lambda kind: DanishDateField(label=_("Svar senest"), required=False),
}


class LetterForm(IndgangForm):
    def __init__(self, *args, kind: Kind, reader, readers, today, typed=None, **kwargs):
        """typed: what the user had typed last, and not printed yet."""
        usual = {"language": language_for(reader), "day": today if kind.key == "sagsbehandler" else None}
        usual |= {"reader": reader.pk, "interpreter": reader.interpreter}
        super().__init__(*args, initial=usual | (typed or {}), **kwargs)
        for name in kind.fields:
            self.fields[name] = FIELDS[name](kind.key)
        if len(readers) > 1:
            choices = [(person.pk, person.full_name) for person in readers]
            self.fields["reader"] = forms.TypedChoiceField(label=_("Til hvem"), choices=choices, coerce=int)
        self.fields["language"] = forms.ChoiceField(label=_("Sprog"), choices=list(languages_of_paper().items()))
        self.fields["anyway"] = forms.BooleanField(label=_("Tryk også datoer, der er passeret"), required=False)
        for field in self.fields.values():
            if isinstance(field, DanishDateField):
                field.today = today
            else:
                field.error_messages["required"] = REQUIRED % field.label

    def clean_time(self):
        """10.15, however it was typed."""
        text = self.cleaned_data["time"].strip()
        if not text:
            return ""
        found = TIME.match(text)
        if found is None:
            raise ValidationError(_("Skriv klokkeslættet som 10.15."))
        return f"{int(found[1])}.{found[2]}"


class ManyForm(IndgangForm):
    """One letter for many families."""

    letter = forms.ChoiceField(label=_("Brev"), widget=forms.RadioSelect)
    day = DanishDateField(label=_("Ny sagsbehandler fra"), required=False)
    cases = forms.TypedMultipleChoiceField(label=_("Familier"), coerce=int, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, letters, families, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["day"].today = self.today = today
        self.fields["letter"].choices = list(letters.items())
        self.fields["cases"].error_messages["required"] = _("Vælg mindst én familie.")
        self.fields["cases"].choices = [(case.pk, f"{case.title} · {case.number}") for case in families]

    def clean_day(self):
        """Many letters are not looked at one by one, so no date that has passed gets into them."""
        day = self.cleaned_data["day"]
        if day and day < self.today:
            raise ValidationError(_("Datoen er passeret. Skriv en dag, der kommer."))
        return day
