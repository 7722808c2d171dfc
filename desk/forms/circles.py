"""Hvem må se notaterne? One choice per note."""

from django import forms

from cases.forms import IndgangForm
from desk.forms.notes import WORDS
from desk.services.circles import choices_for


class CirclesForm(IndgangForm):
    def __init__(self, *args, entries, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.entries = entries
        for entry in entries:
            self.fields[f"note_{entry.pk}"] = forms.ChoiceField(
                choices=[(key, WORDS[key]) for key in choices_for(entry, user)],
                initial=entry.data_class,
                label=entry.text,
                required=False,
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def wanted(self) -> dict[int, str]:
        """Note id → the class chosen; what was not sent along stays."""
        chosen = {entry.pk: self.cleaned_data[f"note_{entry.pk}"] for entry in self.entries}
        return {pk: circle for pk, circle in chosen.items() if circle}
