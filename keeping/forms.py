"""Forms of insight, breach, consents and review."""

from datetime import datetime, time

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.forms import DanishDateField, IndgangForm
from desk.forms.filters import Choices, ListFilter, some
from keeping.models import Archive, Outcome


class OpenForm(IndgangForm):
    asked_on = DanishDateField(
        label=_("Hvornår blev der bedt om indsigt?"), help_text=_("Svaret skal gives senest en måned efter.")
    )
    by_custody_holder = forms.BooleanField(
        label=_("Forældremyndighedens indehaver har bedt om det"),
        required=False,
        help_text=_("Er barnet fyldt 15 år, følger helbredsoplysninger ikke med."),
    )


class ReasonForm(IndgangForm):
    reason = forms.CharField(label=_("Begrundelse"), max_length=200, help_text=_("Mindst 10 tegn. Gemmes med linjen."))


class HoldForm(IndgangForm):
    reason = forms.CharField(
        label=_("Hvorfor må sagen ikke røres?"),
        max_length=200,
        help_text=_("Fx en klage, en retssag eller en indsigtssag."),
    )


class ArchiveForm(IndgangForm):
    archive = forms.ChoiceField(label=_("Arkiv"), choices=[("", _("Vælg")), *Archive.choices])
    on = DanishDateField(label=_("Dato"))
    legal_basis = forms.CharField(
        label=_("Hjemmel"), max_length=200, required=False, help_text=_("Kun når sagen er fritaget for aflevering.")
    )


class OutcomeForm(IndgangForm):
    outcome = forms.ChoiceField(
        label=_("Afgørelse"),
        choices=[("", _("Vælg")), *((key, word) for key, word in Outcome.choices if key != Outcome.OPEN)],
        help_text=_("Intet slettes. Afgørelsen står, til en ny træffes."),
    )


class ConsentFilter(ListFilter):
    words = {"state": "status", "first": "fra", "last": "til"}

    state = some(_("Status"), [("", _("Alle")), ("standing", _("Gælder")), ("withdrawn", _("Trukket tilbage"))])
    first = DanishDateField(label=_("Givet fra"), required=False)
    last = DanishDateField(label=_("Givet til"), required=False)

    def __init__(self, query, *, today, **kwargs):
        super().__init__(query, **kwargs)
        self.fields["q"].label = _("Hvad eller med hvem")
        for name in ("first", "last"):
            self.fields[name].today = today


class ClockField(forms.TimeField):
    """Hours and minutes as Danes write them: 9.05 or 9:05."""

    input_formats = ("%H:%M", "%H.%M", "%H")
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "placeholder": "00.00"})


class BreachFilter(ListFilter):
    """Two times, and of whom or by whom."""

    words = {
        "first": "fra",
        "first_at": "fra-kl",
        "last": "til",
        "last_at": "til-kl",
        "case": "sag",
        "person": "person",
        "who": "bruger",
    }
    q = None

    first = DanishDateField(label=_("Fra dato"), required=False)
    first_at = ClockField(label=_("kl."), required=False)
    last = DanishDateField(label=_("Til dato"), required=False)
    last_at = ClockField(label=_("til kl."), required=False)
    case = forms.CharField(label=_("Sagsnr."), max_length=12, required=False)
    person = forms.IntegerField(label=_("Person-id"), min_value=1, max_value=2**63 - 1, required=False)
    who = some(_("Bruger"), [])

    def __init__(self, query, *, users: Choices, today, **kwargs):
        super().__init__(query, **kwargs)
        self.fields["who"].choices = [("", _("Alle")), *users]
        for name in ("first", "last"):
            self.fields[name].today = today
        self.fields["person"].widget = forms.TextInput(attrs={"inputmode": "numeric"})

    @property
    def span(self) -> dict:
        """What is chosen, with the two times as aware datetimes; a day without an hour is the whole day."""
        chosen = self.chosen
        if chosen.get("first"):
            chosen["since"] = moment(chosen["first"], self.cleaned_data.get("first_at") or time.min)
        if chosen.get("last"):
            at = self.cleaned_data.get("last_at")
            chosen["until"] = moment(chosen["last"], at.replace(second=59, microsecond=999_999) if at else time.max)
        return chosen


def moment(day, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))
