"""What a person may decide about a step, one small form each."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.access import permissions_for
from accounts.models import RoleGrant, User
from accounts.roles import ROLES
from cases.forms import DanishDateField, IndgangForm
from cases.models import Party
from deadlines.models import Cause

REASON = {"label": _("Begrundelse"), "max_length": 200, "widget": forms.Textarea(attrs={"rows": 2})}


class FollowUpForm(IndgangForm):
    on = DanishDateField(label=_("Ny dato"))
    reason = forms.CharField(**REASON)


class ExemptForm(IndgangForm):
    until = DanishDateField(label=_("Fritag til og med"))
    reason = forms.CharField(**REASON)


class NotApplicableForm(IndgangForm):
    reason = forms.CharField(**{**REASON, "label": _("Begrundelse og hjemmel")})


class WaitForm(IndgangForm):
    party = forms.CharField(
        label=_("Hvem ventes der på?"),
        max_length=120,
        widget=forms.TextInput(attrs={"list": "parties", "autocomplete": "off"}),
    )
    until = DanishDateField(label=_("Til"))

    def parties(self):
        """Names already used, offered while typing."""
        return Party.objects.values_list("name", flat=True)[:200]


class AssignForm(IndgangForm):
    assignee = forms.ModelChoiceField(
        label=_("Kollega"), queryset=User.objects.none(), required=False, empty_label=_("Den, der ellers har ansvaret")
    )

    def __init__(self, *args, case, area, rule, **kwargs):
        super().__init__(*args, **kwargs)
        may = permissions_for(area, rule)
        able = [key for key, role in ROLES.items() if role.permissions & may]
        grants = RoleGrant.objects.filter(role__in=able).values("user")
        members = User.objects.filter(is_active=True, team=case.team, pk__in=grants).order_by("first_name", "last_name")
        self.fields["assignee"].queryset = members
        self.fields["assignee"].label_from_instance = lambda user: user.name


class CauseForm(IndgangForm):
    cause = forms.ChoiceField(label=_("Årsag"), choices=[("", _("Vælg en årsag")), *Cause.choices])


class ReopenForm(IndgangForm):
    reason = forms.CharField(**REASON)


class ConfirmForm(IndgangForm):
    pass


class TickForm(IndgangForm):
    on = DanishDateField(label=_("Hvornår skete det?"))
    text = forms.CharField(label=_("Hvad og hvor"), max_length=200, required=False)
    cause = forms.ChoiceField(
        label=_("Det skete efter fristen. Hvorfor?"), choices=[("", _("Vælg en årsag")), *Cause.choices], required=False
    )

    def __init__(self, *args, step, **kwargs):
        self.step = step
        super().__init__(*args, **kwargs)
        cause = self.fields["cause"]
        if self._is_late():
            cause.required = True
            cause.error_messages["required"] = _("Vælg, hvorfor det skete efter fristen.")
        else:
            cause.widget = forms.HiddenInput()

    def _is_late(self) -> bool:
        if not self.is_bound or self.step.due_on is None or not self.step.rule or self.step.cause:
            return False
        try:
            on = self.fields["on"].clean(self["on"].value())
        except forms.ValidationError:
            return False
        return on > self.step.due_on


class TickManyForm(IndgangForm):
    """One day and one note for all boxes that were ticked."""

    on = DanishDateField(label=_("Hvornår skete det?"))
    text = forms.CharField(label=_("Hvad og hvor"), max_length=200, required=False)


class TaskForm(IndgangForm):
    title = forms.CharField(label=_("Opgave"), max_length=160)
    due_on = DanishDateField(label=_("Frist"))
