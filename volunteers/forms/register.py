"""What is asked about a volunteer."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.forms import DanishDateField, IndgangForm
from cases.models import Locality
from cases.phones import PhoneError, parse_phone, pretty_phone
from volunteers.forms.acts import suggesting
from volunteers.models import ASSESSED, Ages, Certificate, FreeTime, Organisation, Volunteer


class VolunteerForm(IndgangForm):
    """A volunteer's own data. The børneattest is a status and a day; the document is never stored."""

    list_id = "organisationer"
    name = forms.CharField(label=_("Navn"), max_length=120)
    organisation_name = suggesting(_("Organisation"), list_id, required=False)
    phone = forms.CharField(label=_("Telefon"), max_length=30, required=False)
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=254,
        error_messages={"invalid": _("Skriv en e-mailadresse, fx navn@eksempel.dk.")},
    )
    languages = forms.CharField(label=_("Sprog"), max_length=120, required=False, help_text=_("Fx ukrainsk, engelsk"))
    locality = forms.ModelChoiceField(
        Locality.objects.all(), label=_("By"), required=False, empty_label=_("Ikke valgt")
    )
    interests = forms.CharField(
        label=_("Interesser"), max_length=200, required=False, help_text=_("Fx fodbold, madlavning, strik")
    )
    child_ages = forms.MultipleChoiceField(
        label=_("Børn i alderen"),
        choices=Ages.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Egne børn, eller børn, som den frivillige gerne er sammen med"),
    )
    free_times = forms.MultipleChoiceField(
        label=_("Har tid"), choices=FreeTime.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    capacity = forms.IntegerField(
        label=_("Hvor mange familier kan den frivillige have?"), min_value=0, max_value=10, initial=1,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _("Skriv et tal fra 0 til 10.")),
    )  # fmt: skip
    secrecy_signed_on = DanishDateField(label=_("Tavshedserklæring underskrevet"), required=False)
    certificate = forms.ChoiceField(label=_("Børneattest"), choices=Certificate.choices, initial=Certificate.REQUIRED)
    certificate_assessed_on = DanishDateField(
        label=_("Børneattest vurderet"), required=False, help_text=_("Attesten selv slettes, når den er vurderet.")
    )
    active = forms.BooleanField(label=_("Aktiv som frivillig"), required=False, initial=True)

    def suggestions(self):
        return Organisation.objects.values_list("name", flat=True)

    def clean_phone(self):
        text = self.cleaned_data["phone"].strip()
        try:
            return parse_phone(text) if text else ""
        except PhoneError as error:
            raise ValidationError(error.sentence) from error

    def clean(self):
        cleaned = super().clean()
        assessed, day = cleaned.get("certificate") in ASSESSED, cleaned.get("certificate_assessed_on")
        if assessed and not day and "certificate_assessed_on" not in self.errors:
            self.add_error("certificate_assessed_on", _("Skriv dagen, da børneattesten blev vurderet."))
        return cleaned

    def apply(self, volunteer: Volunteer) -> Volunteer:
        """Put the cleaned fields on the volunteer; nothing is saved."""
        for name, value in self.cleaned_data.items():
            if name != "organisation_name":
                setattr(volunteer, name, value)
        return volunteer


def volunteer_initial(volunteer: Volunteer) -> dict:
    names = (
        "name", "email", "languages", "locality", "interests", "child_ages", "free_times", "capacity",
        "secrecy_signed_on", "certificate", "certificate_assessed_on", "active",
    )  # fmt: skip
    organisation = volunteer.organisation.name if volunteer.organisation else ""
    phone = pretty_phone(volunteer.phone) if volunteer.phone else ""
    return {**{name: getattr(volunteer, name) for name in names}, "organisation_name": organisation, "phone": phone}
