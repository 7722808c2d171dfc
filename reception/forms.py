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
        label=_("Mål med egne ord"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Med borgerens egne ord, på det sprog borgeren siger det."),
    )
    goal_danish = forms.CharField(
        label=_("Mål på dansk"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Som tolken gengiver det. Tomt, hvis målet er sagt på dansk."),
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class ActivityForm(IndgangForm):
    """One line of the plan. A line without a text is no line."""

    area = forms.ChoiceField(label=_("Område"), choices=[("", _("Område")), *PlanArea.choices], required=False)
    text = forms.CharField(label=_("Aktivitet"), max_length=300, required=False, widget=forms.Textarea({"rows": 1}))
    responsible = forms.CharField(
        label=_("Hvem gør det"), max_length=80, required=False, widget=forms.TextInput({"list": "responsible"})
    )
    on = DanishDateField(label=_("Senest"), required=False)
    contact = forms.CharField(label=_("Kontakt"), max_length=120, required=False)
    about = forms.TypedChoiceField(
        label=_("Hvem handler det om"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("Et af børnene er ikke med i familien længere. Vælg igen.")},
    )
    rule = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)
    task = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, people: list[tuple], **kwargs):
        super().__init__(*args, **kwargs)
        about = self.fields["about"]
        about.choices = people
        if len(people) == 1:
            about.widget = forms.HiddenInput()

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
            task_id=data["task"],
        )


ActivityFormSet = formset_factory(ActivityForm, extra=2, max_num=MAX_LINES, absolute_max=MAX_LINES + 20)


class WithGuardian:
    """For an unaccompanied minor the guardian signs too; other forms are without these fields."""

    def ask_guardian(self, person) -> None:
        if not person.unaccompanied_minor:
            del self.fields["guardian"], self.fields["guardian_signs"]
        elif not self.initial.get("guardian"):
            self.initial["guardian"] = person.custody_holder


def guardian_field() -> forms.CharField:
    return forms.CharField(label=_("Værge eller repræsentant"), max_length=120, required=False)


def guardian_signs_field() -> forms.BooleanField:
    return forms.BooleanField(label=_("Værgen har også underskrevet"), required=False)


class HandOverForm(WithGuardian, ActForm):
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
    guardian = guardian_field()
    guardian_signs = guardian_signs_field()
    past_seen = forms.BooleanField(
        label=_("Ja, udlevér planen med de datoer"), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, person=person, **kwargs)
        self.ask_guardian(person)

    def ask_about(self, past: list[str]) -> bool:
        """Whether a date in the past stands in the way: it is printed only when one has said so."""
        if not past or self.cleaned_data.get("past_seen"):
            return False
        self.fields["past_seen"].widget = forms.CheckboxInput()
        self.add_error("past_seen", _("Disse datoer ligger før udleveringen: %s. Er det rigtigt?") % "; ".join(past))
        return True

    def act(self) -> dict:
        return {name: value for name, value in super().act().items() if name != "past_seen"}


class SignatureForm(WithGuardian, IndgangForm):
    signature = forms.ChoiceField(
        label=_("Underskrift"),
        choices=[c for c in Signature.choices if c[0] != Signature.NOT_ASKED],
        initial=Signature.SIGNED,
        widget=forms.RadioSelect,
    )
    on = DanishDateField(label=_("Hvornår?"))
    guardian = guardian_field()
    guardian_signs = guardian_signs_field()

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.ask_guardian(person)


class SignedCopyForm(IndgangForm):
    """The signed sheet as photo or scan. What it really is, is decided by reception.services.files."""

    upload = forms.FileField(
        label=_("Foto eller skanning"),
        widget=forms.ClearableFileInput({"accept": "image/jpeg,image/png,application/pdf"}),
        help_text=_("JPG, PNG eller PDF, højst 10 MB. Oplysninger om sted og kamera fjernes fra fotoet."),
    )


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
    agreed = forms.CharField(
        label=_("Det er aftalt"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Beskæftigelses- eller uddannelsesmål. Kontrakten kan henvise til Min plan."),
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
