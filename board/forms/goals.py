"""The goals of the house."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import IndgangForm


def whole(label, most: int, **options) -> forms.IntegerField:
    """A whole number typed as text, without the arrows that change it by accident."""
    words = {
        "invalid": _("Skriv et helt tal, fx 95."),
        "min_value": _("Skriv et tal fra 1 til %d.") % most,
        "max_value": _("Skriv et tal fra 1 til %d.") % most,
    }
    shown = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.IntegerField(label=label, min_value=1, max_value=most, widget=shown, error_messages=words, **options)


class GoalsForm(IndgangForm):
    """Whole percent by kind, and how many deadlines a week can carry."""

    law = whole(_("Lovfrister, mål i procent"), 100)
    service_goal = whole(_("Servicemål, mål i procent"), 100)
    local_target = whole(_("Lokale mål, mål i procent"), 100)
    per_week = whole(
        _("Kapacitet, frister pr. uge"),
        5000,
        required=False,
        help_text=_("Så mange frister kan en enhed nå på en uge. Tomt: tempoet de sidste 12 uger bruges."),
    )
