"""The forms of housing: a placement, what became of it, a dwelling, a host."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.forms import DanishDateField, IndgangForm
from cases.models import Locality
from cases.phones import PhoneError, parse_phone
from deadlines.forms import ActForm
from housing.models import Answer, Dwelling, DwellingKind, Host, PlacementKind
from housing.occupancy import Holding, holdings, usable
from housing.rules import LODGING, TEMPORARY_OFFER

OFFERED = [
    (PlacementKind.TEMPORARY, PlacementKind.TEMPORARY.label),
    (PlacementKind.PERMANENT, PlacementKind.PERMANENT.label),
]


def key_of(home: Dwelling | Host) -> str:
    """A home in one select: "d12" is a dwelling, "h3" a host."""
    return f"{'d' if isinstance(home, Dwelling) else 'h'}{home.pk}"


class PlacementForm(ActForm):
    """*Registrér boligplacering*: where, on what ground, from when to when, and what the family says."""

    place = forms.ChoiceField(label=_("Bolig eller vært"))
    kind = forms.ChoiceField(label=_("Grundlag"), choices=PlacementKind.choices)
    answer = forms.ChoiceField(label=_("Familiens svar"), choices=Answer.choices, initial=Answer.NONE)
    moves_in_on = DanishDateField(label=_("Indflytning"), required=False)
    ends_on = DanishDateField(
        label=_("Ophører"),
        required=False,
        help_text=_("Skriv en dato, hvis opholdet er midlertidigt. Så spørger Indgang i tide om den næste bolig."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].label = _("Hvornår blev boligen tilbudt?")
        self.homes, self.fields["place"].choices = self._places()
        for name in ("moves_in_on", "ends_on"):
            self.fields[name].today = self.today
        if self.rule is LODGING:
            self.fields["on"].label = _("Hvornår blev familien indkvarteret?")
            del self.fields["kind"]
        elif self.rule is TEMPORARY_OFFER:
            self.fields["kind"].choices = OFFERED

    def _places(self) -> tuple[dict, list]:
        dwellings = list(usable(self.today).select_related("locality"))
        hosts = list(Host.objects.filter(stopped_on=None).select_related("locality"))
        found = holdings([*dwellings, *hosts], today=self.today, without_case=self.case.pk)
        free = [h for h in found if isinstance(h.home, Dwelling) and h.free(self.today)]
        taken = [h for h in found if isinstance(h.home, Dwelling) and not h.free(self.today)]
        private = [h for h in found if isinstance(h.home, Host)]
        groups = [(_("Ledige boliger"), free), (_("Optagne boliger"), taken), (_("Private værter"), private)]
        choices = [(title, [(key_of(h.home), self._label(h)) for h in rows]) for title, rows in groups if rows]
        return {key_of(h.home): h.home for h in found}, [("", _("Vælg en bolig eller en vært")), *choices]

    def _label(self, holding: Holding) -> str:
        home = holding.home
        return " · ".join(filter(None, [str(home), str(home.locality or ""), holding.state(self.today)]))

    def act(self) -> dict:
        data = super().act()
        home = self.homes[data.pop("place")]
        return {"kind": PlacementKind.LODGING, **data, "home": home}


class ChangeForm(IndgangForm):
    """What became of a placement."""

    answer = forms.ChoiceField(label=_("Familiens svar"), choices=Answer.choices)
    moves_in_on = DanishDateField(label=_("Indflytning"), required=False)
    ends_on = DanishDateField(label=_("Ophører"), required=False)
    moved_out_on = DanishDateField(
        label=_("Fraflyttet"),
        required=False,
        help_text=_("Den dag, familien flyttede ud. Boligen er ledig fra den dag."),
    )


class DwellingForm(IndgangForm):
    street = forms.CharField(label=_("Vejnavn"), max_length=80)
    house_number = forms.CharField(label=_("Husnr."), max_length=10)
    floor = forms.CharField(label=_("Etage"), max_length=10, required=False, help_text=_("fx st. eller 2."))
    door = forms.CharField(label=_("Dør"), max_length=10, required=False, help_text=_("fx th. eller 4"))
    postal_code = forms.RegexField(
        r"^\d{4}$",
        label=_("Postnr."),
        required=False,
        error_messages={"invalid": _("Skriv postnummeret med fire cifre, fx 3450.")},
    )
    city = forms.CharField(label=_("Postdistrikt"), max_length=60, required=False)
    locality = forms.ModelChoiceField(
        Locality.objects.all(), label=_("By"), required=False, empty_label=_("Vælg en by")
    )
    kind = forms.ChoiceField(label=_("Slags"), choices=DwellingKind.choices)
    places = forms.IntegerField(label=_("Pladser"), min_value=1, max_value=200)
    shared = forms.BooleanField(label=_("Flere familier kan bo her samtidig"), required=False)


class OutOfUseForm(IndgangForm):
    """Correct the places, or take the dwelling out of use."""

    places = forms.IntegerField(label=_("Pladser"), min_value=1, max_value=200)
    shared = forms.BooleanField(label=_("Flere familier kan bo her samtidig"), required=False)
    out_of_use_from = DanishDateField(
        label=_("Ude af brug fra"), required=False, help_text=_("Lad feltet stå tomt, når boligen kan bruges.")
    )
    out_of_use_reason = forms.CharField(label=_("Hvorfor er boligen ude af brug?"), max_length=120, required=False)


class HostForm(IndgangForm):
    name = forms.CharField(label=_("Navn"), max_length=120)
    phone = forms.CharField(label=_("Telefon"), max_length=30, required=False)
    locality = forms.ModelChoiceField(
        Locality.objects.all(), label=_("By"), required=False, empty_label=_("Vælg en by")
    )
    places = forms.IntegerField(label=_("Pladser"), min_value=1, max_value=30)

    def clean_phone(self):
        text = self.cleaned_data["phone"]
        if not text:
            return ""
        try:
            return parse_phone(text)
        except PhoneError as error:
            raise ValidationError(error.sentence) from error
