"""Which report, and of which months."""

from collections.abc import Sequence
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from board.models import Report
from board.services.reports import FORMATS, LONGEST
from board.services.snapshots import open_from
from board.services.wording import month_year
from cases.forms import IndgangForm


def choices(months: Sequence[date]) -> list[tuple[str, str]]:
    """ "2026-11" → "November 2026", with a word where the month is open."""
    border, found = open_from(), []
    for month in months:
        name = month_year(month).capitalize()
        is_open = border is None or month >= border
        found.append((f"{month:%Y-%m}", _("%s (foreløbig)") % name if is_open else name))
    return found


def month_field(label) -> forms.TypedChoiceField:
    said = {"invalid_choice": _("Vælg en måned på listen."), "required": _("Vælg en måned.")}
    return forms.TypedChoiceField(
        label=label, coerce=lambda word: date.fromisoformat(f"{word}-01"), error_messages=said
    )


class ReportForm(IndgangForm):
    """kind: of Report.Kind, from the button that sends. form: the file that the worker hands out first."""

    kind = ""
    form = forms.ChoiceField(choices=[(form, form) for form in FORMATS], required=False, widget=forms.HiddenInput)

    def __init__(self, *args, months: Sequence[date], **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("first", "last"):
            if name in self.fields:
                self.fields[name].choices = choices(months)

    @property
    def wanted(self) -> tuple[str, date, date]:
        """(kind, first month, last month), once it is valid."""
        first = self.cleaned_data["first"]
        return self.kind, first, self.cleaned_data.get("last") or first


class MonthlyForm(ReportForm):
    kind = Report.Kind.MONTHLY.value
    first = month_field(_("Måned"))


class EvaluationForm(ReportForm):
    kind = Report.Kind.EVALUATION.value
    first = month_field(_("Fra og med"))
    last = month_field(_("Til og med"))

    def clean(self):
        data = super().clean()
        first, last = data.get("first"), data.get("last")
        if first and last and first > last:
            raise ValidationError(_("Den første måned ligger efter den sidste. Byt om på dem."))
        if first and last and (last.year - first.year) * 12 + last.month - first.month >= LONGEST:
            raise ValidationError(_("Vælg højst 36 måneder ad gangen."))
        return data


FORMS = {form.kind: form for form in (MonthlyForm, EvaluationForm)}
