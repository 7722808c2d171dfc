"""The form of an act: when it happened, its facts, and why it came late."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.forms import DanishDateField, IndgangForm
from deadlines.models import Cause
from deadlines.services import current_step, late_by


class ActForm(IndgangForm):
    """Base of every "Registrér udført". The date of the act decides, not that of the typing.

    `cause` is asked only when the act was late: the form comes back once with the question.
    """

    on = DanishDateField(label=_("Hvornår skete det?"))
    cause = forms.ChoiceField(label=_("Hvorfor?"), choices=[("", _("Vælg en årsag")), *Cause.choices], required=False)

    def __init__(self, *args, case, rule, today, person=None, **kwargs):
        self.case, self.person, self.rule, self.today = case, person, rule, today
        self.step = current_step(case.pk, rule.key, person.pk if person else None)
        kwargs["initial"] = {"on": today, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.fields["on"].today = today
        self.order_fields(["on", *(name for name in self.fields if name not in {"on", "cause"}), "cause"])
        self._ask_for_cause()

    def _ask_for_cause(self) -> None:
        late = self._late() if self.is_bound else ""
        cause = self.fields["cause"]
        if late:
            cause.required = True
            cause.error_messages["required"] = _("Det skete %s efter fristen. Hvorfor?") % late
        else:
            cause.widget = forms.HiddenInput()

    def _late(self) -> str:
        try:
            on = self.fields["on"].clean(self["on"].value())
        except ValidationError:
            return ""
        known = self.step is None or self.step.met_on or self.step.cause
        return late_by(self.step, on) if on and not known else ""

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on and on > self.today:
            raise ValidationError(_("Datoen ligger frem i tiden. Skriv den dag, det skete."))
        return on

    def act(self) -> dict:
        """What the verb gets: every cleaned field but the cause."""
        return {name: value for name, value in self.cleaned_data.items() if name != "cause"}


class AnnulForm(IndgangForm):
    reason = forms.CharField(label=_("Hvorfor er registreringen forkert?"), max_length=200)
