"""The forms of employment: competences, a referral or the job one has, what became of it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import DanishDateField, IndgangForm
from deadlines.forms import ActForm
from employment.models import ReferralKind, Result

IN_WORK = "in_work"
REFERRED_TO = [*ReferralKind.choices, (IN_WORK, _("Borgeren har allerede job"))]


def knowledge() -> dict[str, forms.Field]:
    """The fields of what a person can: the same when it is gathered and when it is clarified."""
    lines = forms.Textarea({"rows": 2})
    return {
        "education": forms.CharField(
            label=_("Uddannelse"),
            max_length=400,
            required=False,
            widget=lines,
            help_text=_("fx sygeplejerske, 2009, Odesa"),
        ),
        "occupations": forms.CharField(label=_("Arbejdserfaring"), max_length=400, required=False, widget=lines),
        "languages": forms.CharField(
            label=_("Sprog"), max_length=200, required=False, help_text=_("fx ukrainsk, engelsk (godt), lidt tysk")
        ),
        "licences": forms.CharField(label=_("Kørekort og certifikater"), max_length=200, required=False),
        "cv_received_on": DanishDateField(label=_("CV modtaget"), required=False),
        "cv_done_on": DanishDateField(label=_("CV færdigt"), required=False),
    }


class ClarifyForm(ActForm):
    """*Registrér afklaring*: the profile is marked clarified on that day."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].label = _("Hvornår blev kompetencerne afklaret?")
        self.fields.update(knowledge())
        self.order_fields(["on", *(name for name in self.fields if name not in {"on", "cause"}), "cause"])


class ProfileForm(IndgangForm):
    """What is known so far, while the clarification is still to come."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.update(knowledge())


class ReferralForm(ActForm):
    """*Registrér henvisning*: to a named job or activation; whoever works already has the job written."""

    kind = forms.ChoiceField(label=_("Henvist til"), choices=REFERRED_TO)
    employer = forms.CharField(label=_("Virksomhed eller sted"), max_length=120)
    position = forms.CharField(label=_("Stilling eller opgave"), max_length=120, required=False)
    starts_on = DanishDateField(
        label=_("Begynder"),
        required=False,
        help_text=_("Første dag på stedet, hvis den er aftalt. Den må gerne ligge frem i tiden."),
    )
    hours_per_week = forms.IntegerField(
        label=_("Timer om ugen"), required=False, min_value=1, max_value=60, help_text=_("Kun når borgeren har job.")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].help_text = _("Har borgeren allerede job, så skriv den dag, jobbet begyndte.")
        self.fields["starts_on"].today = self.today

    def act(self) -> dict:
        """A referral; with `kind` IN_WORK a job, which starts on the day of the act."""
        data = super().act()
        hours = data.pop("hours_per_week")
        if data["kind"] == IN_WORK:
            data.pop("starts_on")
            data["hours_per_week"] = hours
        return data


class ResultForm(IndgangForm):
    on = DanishDateField(label=_("Hvornår skete det?"))
    result = forms.ChoiceField(label=_("Resultat"), choices=Result.choices)


class JobForm(IndgangForm):
    employer = forms.CharField(label=_("Arbejdsgiver"), max_length=120)
    position = forms.CharField(label=_("Stilling"), max_length=120, required=False)
    on = DanishDateField(label=_("Begyndt"))
    hours_per_week = forms.IntegerField(label=_("Timer om ugen"), required=False, min_value=1, max_value=60)


class EndJobForm(IndgangForm):
    on = DanishDateField(label=_("Hvornår ophørte jobbet?"))
