"""What is asked on the pages of the text bank."""

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cases.forms import IndgangForm
from phrases.models import SOURCE, Language, PhraseArea, PhraseKind, Translation

MISSING = "missing"


class PhraseFilter(forms.Form):
    """GET parameters of the list; what is not a choice is ignored."""

    q = forms.CharField(label=_("Søg"), max_length=60, required=False, widget=forms.TextInput(attrs={"type": "search"}))
    sprog = forms.ChoiceField(label=_("Sprog"), required=False)
    omraade = forms.ChoiceField(label=_("Område"), required=False, choices=[("", _("Alle")), *PhraseArea.choices])
    slags = forms.ChoiceField(label=_("Slags"), required=False, choices=[("", _("Alle")), *PhraseKind.choices])
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("Alle")), *Translation.Status.choices, (MISSING, _("Mangler"))],
    )

    def __init__(self, query, *, languages: list[Language]):
        super().__init__(query)
        self.fields["sprog"].choices = [(row.pk, row.name) for row in languages]

    @property
    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class TranslationForm(IndgangForm):
    text = forms.CharField(
        label=_("Tekst"), max_length=600, strip=True, widget=forms.Textarea({"rows": 4, "spellcheck": "true"})
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args, language: Language, placeholders: list[str], **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["text"]
        field.label = _now("Sætningen på %s") % language.name.lower()
        field.widget.attrs["lang"] = language.pk
        if placeholders:
            field.help_text = _now("Pladsholdere, der skal stå i teksten: %s") % ", ".join(placeholders)


class LanguageForm(IndgangForm):
    name = forms.CharField(label=_("Navn på dansk"), max_length=40, help_text=_("Fx Russisk"))
    own_name = forms.CharField(label=_("Navn på sproget selv"), max_length=40, help_text=_("Fx русский"))
    code = forms.CharField(
        label=_("Sprogkode"), max_length=12, help_text=_("To bogstaver efter ISO 639-1, fx ru, pl eller ro")
    )

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        return name[:1].upper() + name[1:]


def target_languages() -> list[Language]:
    """Every language in the bank's order, Danish last: the list is about translations."""
    return sorted(Language.objects.all(), key=lambda row: row.pk == SOURCE)
