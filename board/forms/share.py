"""Which cases go to whom; and the plan that was shown, carried unchanged to the click that carries it out."""

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from board.services.share import Plan
from cases.forms import IndgangForm

ALL, CHOSEN = "alle", "valgte"
NUMBER_LENGTH = 12
GOOD_FOR = 12 * 60 * 60  # seconds; a working day later the figures say something else


class NumbersField(forms.Field):
    """Ticked case numbers: whatever is sent, as strings no longer than a number; the service looks for them."""

    widget = forms.SelectMultiple

    def to_python(self, value):
        return [text.strip()[:NUMBER_LENGTH] for text in value or () if text.strip()]


class ShareForm(IndgangForm):
    """fra: whose cases, as in the address; which: the button pressed; receivers: of desk.services.loads.colleagues."""

    fra = forms.CharField(widget=forms.HiddenInput, max_length=NUMBER_LENGTH)
    which = forms.ChoiceField(label=_("Hvilke sager"), choices=[(ALL, _("Alle")), (CHOSEN, _("Dem med kryds"))])
    case = NumbersField(label=_("Sager"), required=False)
    to = forms.MultipleChoiceField(label=_("Til"))

    def __init__(self, *args, receivers: list[User], **kwargs):
        super().__init__(*args, **kwargs)
        self.receivers = {str(user.pk): user for user in receivers}
        field = self.fields["to"]
        field.choices = [(key, user.name) for key, user in self.receivers.items()]
        field.error_messages["required"] = _("Vælg mindst én kollega, der skal have sagerne.")
        field.error_messages["invalid_choice"] = _("Vælg blandt kollegerne på listen.")

    def clean(self):
        data = super().clean()
        if data.get("which") == CHOSEN and not data.get("case"):
            self.add_error("case", _("Sæt kryds ved mindst én sag, eller tryk på »alle«."))
        return data

    @property
    def chosen(self) -> list[User]:
        return [self.receivers[key] for key in self.cleaned_data["to"]]


def salt(user: User) -> str:
    return f"board.share:{user.pk}"


def sealed(plan: Plan, user: User) -> str:
    """The plan as text that only this user can send back, and not changed."""
    return signing.dumps([plan.source, plan.pairs], salt=salt(user), compress=True)


class ConfirmForm(IndgangForm):
    plan = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_plan(self) -> Plan:
        try:
            source, pairs = signing.loads(self.cleaned_data["plan"], salt=salt(self.user), max_age=GOOD_FOR)
        except signing.BadSignature as error:
            raise ValidationError(_("Tallene er for gamle. Se resultatet igen, før du flytter sagerne.")) from error
        return Plan(source, tuple((case, before, to) for case, before, to in pairs))
