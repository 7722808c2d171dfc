"""One line of the form per look of the sample: a verdict, and what is to be asked or has been found out."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import IndgangForm
from desk.models import ReviewedLook

Verdict = ReviewedLook.Verdict


class ReviewForm(IndgangForm):
    """Fields verdict_<id> and note_<id>; what is not answered yet stays open."""

    def __init__(self, *args, looks: Sequence[ReviewedLook], **kwargs):
        initial = {}
        self.looks = looks
        for look in looks:
            initial |= {f"verdict_{look.pk}": look.verdict, f"note_{look.pk}": look.note}
        super().__init__(*args, initial=initial, **kwargs)
        for look in looks:
            self.fields[f"verdict_{look.pk}"] = forms.ChoiceField(
                label=_("Vurdering"),
                choices=[("", _("Vælg")), *Verdict.choices],
                required=False,
                widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
            )
            self.fields[f"note_{look.pk}"] = forms.CharField(
                label=_("Bemærkning"),
                max_length=300,
                required=False,
                widget=forms.TextInput(attrs={"class": "form-control form-control-sm"}),
            )

    def clean(self):
        data = super().clean()
        for look in self.looks:
            verdict, note = data.get(f"verdict_{look.pk}", ""), data.get(f"note_{look.pk}", "")
            if verdict in {Verdict.ASK, Verdict.BREACH} and not note.strip():
                self.add_error(f"note_{look.pk}", _("Skriv, hvad der skal spørges om, eller hvad der er fundet."))
        return data

    def verdicts(self) -> dict[int, tuple[str, str]]:
        data = self.cleaned_data
        return {look.pk: (data[f"verdict_{look.pk}"], data[f"note_{look.pk}"].strip()) for look in self.looks}
