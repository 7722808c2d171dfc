"""Which day the figures are for."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.forms import DanishDateField, IndgangForm

EARLIEST = date(2000, 1, 1)


class DayForm(IndgangForm):
    """GET. Without a day it is today's."""

    dato = DanishDateField(label=_("Dato"), required=False)

    def __init__(self, query, *, today: date, **kwargs):
        super().__init__(query if "dato" in query else None, initial={"dato": today}, **kwargs)
        self.today = self.fields["dato"].today = today
        self.fields["dato"].widget.attrs["class"] = "form-control"

    def clean_dato(self):
        day = self.cleaned_data["dato"] or self.today
        if day > self.today:
            raise ValidationError(_("Datoen ligger frem i tiden. Vælg i dag eller en dag, der er gået."))
        if day < EARLIEST:
            raise ValidationError(_("Vælg en dag efter den 1. januar 2000."))
        return day

    @property
    def day(self) -> date | None:
        """None: what was typed is no day that can be counted."""
        if not self.is_bound:
            return self.today
        return self.cleaned_data["dato"] if self.is_valid() else None
