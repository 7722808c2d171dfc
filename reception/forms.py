"""The forms of the reception: the plan with its activities, the hand-over, the signature and the contract."""

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from cases.forms import DanishDateField, IndgangForm
from deadlines.forms import ActForm
from reception.models import PlanArea, Signature
from reception.services.contract import Outcome
from reception.services.plan import Line

MAX_LINES = 60


class PlanForm(IndgangForm):
    """The goal, and which version and revision the page was opened with."""

    goal = forms.CharField(
        label=_("Mål"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Med borgerens egne ord, på det sprog borgeren siger det."),
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class ActivityForm(IndgangForm):
    """One line of the plan. A line without a text is no line."""

    area = forms.ChoiceField(label=_("Område"), choices=[("", _("Område")), *PlanArea.choices], required=False)
    text = forms.CharField(label=_("Aktivitet"), max_length=300, required=False, widget=forms.Textarea({"rows": 2}))
    responsible = forms.CharField(
        label=_("Hvem gør det"), max_length=80, required=False, widget=forms.TextInput({"list": "responsible"})
    )
    on = DanishDateField(label=_("Senest"), required=False)
    contact = forms.CharField(label=_("Kontakt"), max_length=120, required=False)
    about = forms.IntegerField(required=False, widget=forms.HiddenInput)
    rule = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("text") and not cleaned.get("area"):
            self.add_error("area", _("Vælg et område til »%s«.") % cleaned["text"][:40])
        return cleaned

    def line(self) -> Line | None:
        data = self.cleaned_data
        if not data.get("text"):
            return None
        return Line(
            area=data["area"],
            text=data["text"],
            responsible=data["responsible"],
            contact=data["contact"],
            on=data["on"],
            about_id=data["about"],
            rule=data["rule"],
        )


ActivityFormSet = formset_factory(ActivityForm, extra=2, max_num=MAX_LINES, absolute_max=MAX_LINES + 20)


class HandOverForm(ActForm):
    """Gone through with the citizen and handed over, on that day."""

    language = forms.CharField(
        label=_("Sprog eller tolk"), max_length=80, required=False, help_text=_("Fx ukrainsk med tolk.")
    )
    signature = forms.ChoiceField(
        label=_("Underskrift"),
        choices=Signature.choices,
        initial=Signature.NOT_ASKED,
        widget=forms.RadioSelect,
        help_text=_("Fristen er overholdt, når planen er gennemgået og udleveret. Underskriften kan komme senere."),
    )


class SignatureForm(IndgangForm):
    signature = forms.ChoiceField(
        label=_("Underskrift"),
        choices=[c for c in Signature.choices if c[0] != Signature.NOT_ASKED],
        initial=Signature.SIGNED,
        widget=forms.RadioSelect,
    )
    on = DanishDateField(label=_("Hvornår?"))


class ContractForm(ActForm):
    """How the contract came about: signed, half signed, or set without agreement."""

    outcome = forms.ChoiceField(
        label=_("Hvad skete der?"),
        choices=[
            (Outcome.BOTH, _("Begge har underskrevet")),
            (Outcome.CITIZEN, _("Borgeren har underskrevet, kommunen mangler")),
            (Outcome.MUNICIPALITY, _("Kommunen har underskrevet, borgeren mangler")),
            (Outcome.SET, _("Kontrakten er fastsat uden enighed")),
        ],
        initial=Outcome.BOTH,
        widget=forms.RadioSelect,
    )
    declaration = forms.BooleanField(
        label=_("Opholds- og selvforsørgelseserklæringen er underskrevet samtidig"), required=False
    )
    reason = forms.CharField(
        label=_("Begrundelse"),
        max_length=200,
        required=False,
        help_text=_("Kun når kontrakten er fastsat uden enighed."),
    )
