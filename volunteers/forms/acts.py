"""What is asked about consents, contact persons, introductions and volunteers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import DanishDateField, IndgangForm
from deadlines.forms import ActForm
from volunteers.matching import Proposal
from volunteers.models import (
    Contact,
    EndReason,
    NoFitReason,
    Organisation,
    Volunteer,
)
from volunteers.services import proposals, ties

CONSENT = _("Familien har sagt ja til, at navn, sprog og mødested deles med en frivillig")


def suggesting(label, list_id: str, **options) -> forms.CharField:
    """A text field with suggestions; the page draws the list of that id."""
    widget = forms.TextInput({"list": list_id, "autocomplete": "off"})
    return forms.CharField(label=label, max_length=120, widget=widget, **options)


# A consent is withdrawn by an act of its own, which ends the tie.
REASONS = [choice for choice in EndReason.choices if choice[0] != EndReason.CONSENT]


class FollowUpForm(ActForm):
    """A step on the way or what comes after the act is never late itself, so no cause is asked."""

    def _late(self) -> str:
        return ""


class IntroductionForm(ActForm):
    list_id = "organisationer"
    organisation_name = suggesting(_("Frivillig organisation"), list_id)

    def suggestions(self):
        return Organisation.objects.values_list("name", flat=True)


class LeisureForm(ActForm):
    list_id = "aktiviteter"
    activity = suggesting(_("Forening eller aktivitet"), list_id)

    def suggestions(self):
        return ties.known_activities()


class ConsentForm(FollowUpForm):
    """The family's yes. Nothing is shared with anybody before it."""

    list_id = "organisationer"
    agreed = forms.BooleanField(label=CONSENT, error_messages={"required": _("Sæt kryds, når familien har sagt ja.")})
    organisation_name = suggesting(_("Deles også med organisationen"), list_id, required=False)
    language = forms.CharField(label=_("Spurgt på"), max_length=40, required=False, help_text=_("Fx ukrainsk"))
    wishes = forms.CharField(
        label=_("Familiens ønsker"), max_length=200, required=False, help_text=_("Deles med frivilligkoordinatoren")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].label = _("Hvornår svarede familien?")
        self.fields["agreed"].error_messages["required"] = _("Sæt kryds, når familien har sagt ja.")

    def suggestions(self):
        return Organisation.objects.values_list("name", flat=True)

    def act(self) -> dict:
        return {name: value for name, value in super().act().items() if name != "agreed"}


class WithdrawForm(FollowUpForm):
    """The day the family took its consent back."""


class EndMatchForm(FollowUpForm):
    reason = forms.ChoiceField(label=_("Hvorfor?"), choices=[("", _("Vælg en årsag")), *REASONS])


class ContactForm(IndgangForm):
    """What was heard of a pair, by the coordinator or by the volunteer."""

    on = DanishDateField(label=_("Hvornår var I sidst i kontakt?"))
    going = forms.ChoiceField(
        label=_("Hvordan går det?"), choices=Contact.Going.choices, widget=forms.RadioSelect,
    )  # fmt: skip
    note = forms.CharField(
        label=_("Kort fortalt"), max_length=200, required=False, help_text=_("Skriv ikke navne eller numre.")
    )

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].today = today


class PauseForm(IndgangForm):
    starts_on = DanishDateField(label=_("Fra"))
    ends_on = DanishDateField(label=_("Til og med"), required=False, help_text=_("Tom: uden slutdato"))

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("starts_on", "ends_on"):
            self.fields[name].today = today


class NoFitForm(IndgangForm):
    reason = forms.ChoiceField(
        label=_("Hvorfor passer ingen?"), choices=[("", _("Vælg en årsag")), *NoFitReason.choices],
    )  # fmt: skip


class VolunteerSelect(forms.Select):
    """Shows whom the family can't have as well, in words and not to be chosen."""

    def __init__(self, found):
        self.stopped = {proposal.helper.pk for proposal in found if proposal.obstacle}
        super().__init__()

    def create_option(self, name, value, label, selected, index, subindex=None, attrs=None):
        option = super().create_option(name, value, label, selected, index, subindex, attrs)
        if value in self.stopped:
            option["attrs"]["disabled"] = True
        return option


def volunteer_field(found: list[Proposal]) -> forms.ModelChoiceField:
    """Those who can be chosen first, each with what speaks for them or against."""
    field = forms.ModelChoiceField(
        Volunteer.objects.filter(active=True),
        label=_("Frivillig"),
        widget=VolunteerSelect(found),
        error_messages={
            "invalid_choice": _("Vælg en frivillig fra listen."),
            "required": _("Vælg, hvem der bliver kontaktperson."),
        },
    )
    named = [(each.helper.pk, f"{each.helper.name} · {each.obstacle or proposals.in_words(each)}") for each in found]
    field.choices = [("", _("Vælg en frivillig")), *named]
    return field


class ContactPersonForm(ActForm):
    """Choose a volunteer, or register that the family wants none. The consent is asked while there is none."""

    outcome = forms.ChoiceField(
        label=_("Hvad er aftalt?"),
        choices=[
            ("match", _("Familien får en kontaktperson")),
            ("not_wanted", _("Familien ønsker ikke en kontaktperson")),
        ],
        widget=forms.RadioSelect,
        initial="match",
    )
    asked = forms.BooleanField(label=CONSENT, required=False)
    language = forms.CharField(label=_("Spurgt på"), max_length=40, required=False, help_text=_("Fx ukrainsk"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.proposals = proposals.for_case(self.case, on=self.today)
        self.fields["volunteer"] = volunteer_field(self.proposals)
        self.consent = ties.standing_consent(self.case)
        if self.consent:
            del self.fields["asked"], self.fields["language"]
        self.order_fields(["on", "outcome", "asked", "language", "volunteer", "cause"])

    @property
    def stopped(self):
        """Those who can't be chosen, with the reason in words."""
        return [proposal for proposal in self.proposals if proposal.obstacle]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("outcome") == "not_wanted":
            self.errors.pop("volunteer", None)
        elif not self.consent and not cleaned.get("asked"):
            self.add_error("asked", _("Spørg familien først, og sæt kryds, når den har sagt ja."))
        return cleaned
