"""Dine påmindelser: when the morning mail comes, and about what."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import IndgangForm
from desk.services.notice_wishes import KINDS, TIMES, WEEKDAYS, Wish

CLOCKS = [(f"{at:%H:%M}", f"{_('kl.')} {at.hour}.{at:%M}") for at in TIMES]
BY_CLOCK = {f"{at:%H:%M}": at for at in TIMES}


class NoticeForm(IndgangForm):
    """leads: the weekly letter of who leads is asked about, too."""

    morning = forms.BooleanField(label=_("Send mig en morgenmail, når noget skal gøres"), required=False)
    at = forms.ChoiceField(label=_("Klokkeslæt"), choices=CLOCKS, help_text=_("Mailen kommer inden for et kvarter."))
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Dage"), choices=WEEKDAYS, coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Der sendes ingen morgenmail på helligdage."),
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=_("Hvad skal mailen komme for?"), choices=list(KINDS.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    weekly_day = forms.TypedChoiceField(
        label=_("Ugemail til dig som leder"), choices=WEEKDAYS, coerce=int,
        help_text=_("Er dagen en helligdag, kommer den næste arbejdsdag i ugen."),
    )  # fmt: skip

    def __init__(self, *args, leads: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not leads:
            del self.fields["weekly_day"]

    def clean(self):
        data = super().clean()
        if data.get("morning") and "weekdays" in data and not data["weekdays"]:
            self.add_error("weekdays", _("Vælg mindst én dag, eller slå morgenmailen fra."))
        return data

    @property
    def wish(self) -> dict:
        """As desk.services.notice_wishes.save takes it; once the form is valid."""
        said = self.cleaned_data
        return {
            "morning": said["morning"],
            "at": BY_CLOCK[said["at"]],
            "weekdays": said["weekdays"],
            "muted": set(KINDS) - set(said["kinds"]),
            "weekly_day": said.get("weekly_day", 1),
        }


def initial_of(wish: Wish) -> dict:
    return {
        "morning": wish.morning,
        "at": f"{wish.at:%H:%M}",
        "weekdays": sorted(wish.weekdays),
        "kinds": [kind for kind in KINDS if kind not in wish.muted],
        "weekly_day": wish.weekly_day,
    }
