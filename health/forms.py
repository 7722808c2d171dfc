"""The form of the assessment. It shows nothing of what was recorded before."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.formats import age_on
from deadlines.forms import ActForm
from health.models import DECIDES_AT, Answer, OfferKind
from health.services import Outcome

ADULT = 18


class AssessmentForm(ActForm):
    outcome = forms.ChoiceField(
        label=_("Hvad blev vurderet?"),
        choices=[
            (Outcome.NO_NEED, _("Der er ikke behov for et sundhedstilbud")),
            (Outcome.OFFERED, _("Der er behov, og der er givet et tilbud")),
            (Outcome.NEED, _("Der er behov, tilbuddet følger")),
        ],
        widget=forms.RadioSelect,
    )
    kinds = forms.MultipleChoiceField(
        label=_("Hvilket tilbud?"),
        choices=OfferKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Skriv aldrig diagnoser i sagen."),
    )
    answer = forms.ChoiceField(
        label=_("Svar på tilbuddet"),
        choices=Answer.choices,
        initial=Answer.PENDING,
        required=False,
        widget=forms.RadioSelect,
    )
    may_pass_on = forms.BooleanField(
        label=_("Der er samtykke til at give oplysninger videre til lægen"), required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].help_text = who_decides_text(self.person, self.today)

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("outcome") == Outcome.OFFERED and not cleaned.get("kinds"):
            self.add_error("kinds", _("Vælg, hvad der blev tilbudt."))
        cleaned["answer"] = cleaned.get("answer") or Answer.PENDING
        return cleaned


def who_decides_text(person, today) -> str:
    """From 15 years on the child itself decides, and the parents are informed."""
    if person is None or person.birth_date is None or person.birth_date > today:
        return ""
    age = age_on(person.birth_date, today)
    if age < DECIDES_AT:
        return _("Forældremyndighedens indehaver svarer for barnet.")
    return _("%s bestemmer selv. Forældrene skal orienteres.") % person.short_name if age < ADULT else ""
