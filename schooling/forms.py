"""What is asked when an offer, a referral, an answer or a start is registered."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.forms import DanishDateField
from deadlines.forms import ActForm
from deadlines.services import current_step
from schooling import rules
from schooling.models import Answer, Daycare, DaycareAnswer, LanguageLevel, LanguageProvider, School, SchoolKind

MODULES = 6


class SuggestInput(forms.TextInput):
    """A text field with suggestions: the page draws the list of that id (schooling/_suggestions.html)."""

    def __init__(self, list_id: str):
        super().__init__({"list": list_id, "autocomplete": "off"})


def named(label: str, list_id: str, **options) -> forms.CharField:
    return forms.CharField(label=label, max_length=120, widget=SuggestInput(list_id), **options)


class PlaceActForm(ActForm):
    """An act that names a place. `places`: the model whose rows are suggested."""

    places = School
    list_id = "steder"

    def suggestions(self):
        return self.places.objects.values_list("name", flat=True)


class FollowUpForm(ActForm):
    """What comes after the act (an answer, a start) is never late itself, so no cause is asked."""

    def _late(self) -> str:
        return ""


def begins() -> DanishDateField:
    return DanishDateField(label=_("Begynder"), required=False)


def answer(choices) -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Familiens svar"), choices=choices, required=False)


class DaycareOfferForm(PlaceActForm):
    places = Daycare
    daycare = named(_("Dagtilbud"), "steder")
    answer = answer(DaycareAnswer.choices)
    starts_on = begins()

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("answer") == DaycareAnswer.NOT_WANTED:
            self.errors.pop("daycare", None)
        return cleaned


class SchoolOfferForm(PlaceActForm):
    school = named(_("Skole"), "steder")
    kind = forms.ChoiceField(label=_("Slags tilbud"), choices=SchoolKind.choices)
    grade = forms.CharField(label=_("Klassetrin"), max_length=30, required=False, help_text=_("Fx 3 eller 3. klasse"))
    answer = answer(Answer.choices)
    starts_on = begins()

    def clean_grade(self):
        """ "3" and "3." mean "3. klasse"; other words stay as they are."""
        grade = self.cleaned_data["grade"].strip()
        number = grade.rstrip(".")
        return _("%s. klasse") % number if number.isdecimal() else grade


class LanguageOfferForm(PlaceActForm):
    places = LanguageProvider
    provider = named(_("Sprogskole"), "steder")
    answer = answer(Answer.choices)


class LanguageReferralForm(PlaceActForm):
    """offered_too is asked only while the offer has not been registered."""

    places = LanguageProvider
    provider = named(_("Sprogskole"), "steder")
    offered_too = forms.BooleanField(label=_("Sprogskole blev tilbudt samme dag"), required=False, initial=True)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offer = current_step(self.case.pk, rules.LANGUAGE_OFFER.key, self.person.pk)
        if offer is None or offer.met_on:
            del self.fields["offered_too"]


class AnswerForm(FollowUpForm):
    """The family's answer. A language offer has no first day: that stands on the referral."""

    answer = forms.ChoiceField(label=_("Familiens svar"), choices=Answer.choices[1:], widget=forms.RadioSelect)
    starts_on = begins()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].label = _("Hvornår svarede familien?")
        if self.rule == rules.LANGUAGE_OFFER:
            del self.fields["starts_on"]


class LanguageStartForm(FollowUpForm):
    level = forms.ChoiceField(label=_("Danskuddannelse"), choices=LanguageLevel.choices, required=False)
    module = forms.IntegerField(
        label=_("Modul"), min_value=1, max_value=MODULES, required=False,
        error_messages={
            "invalid": _("Skriv modulet som et tal fra 1 til 6."),
            "min_value": _("Skriv modulet som et tal fra 1 til 6."),
            "max_value": _("Skriv modulet som et tal fra 1 til 6."),
        },
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].label = _("Hvornår begyndte undervisningen?")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("module") and not cleaned.get("level"):
            raise ValidationError({"level": _("Vælg danskuddannelsen, når modulet er kendt.")})
        return cleaned
