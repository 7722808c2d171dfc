"""The composer of the timeline."""

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.access import Permission, areas_of, can
from cases.choices import DataClass
from cases.forms import DanishDateField, IndgangForm
from cases.sight import people_of

KINDS = [("note", _("Notat")), ("call", _("Opkald")), ("visit", _("Besøg"))]


# "Hvem må se det?" in the words of the page, what is offered to the colleagues of an area, and the likeliest first.
WORDS = {
    DataClass.ORDINARY: _("Alle i sagen"),
    DataClass.LOCATION: _("Alle i sagen, men skjult ved adressebeskyttelse (bolig, skole, mødested)"),
    DataClass.WORK: _("Alle i sagen (arbejde og kompetencer)"),
    DataClass.HEALTH: _("Sundhed: kun sundhedskredsen"),
    DataClass.VIOLENCE: _("Kun sagsbehandler og stedfortræder (vold, trusler)"),
}
CHOICES = {
    "": (DataClass.ORDINARY, DataClass.LOCATION, DataClass.HEALTH, DataClass.VIOLENCE),
    "housing": (DataClass.LOCATION, DataClass.ORDINARY, DataClass.VIOLENCE),
    "employment": (DataClass.WORK, DataClass.ORDINARY, DataClass.LOCATION, DataClass.VIOLENCE),
    "health": (DataClass.HEALTH, DataClass.ORDINARY, DataClass.VIOLENCE),
}
DEFAULTS = {area: classes[0] for area, classes in CHOICES.items()}


def area_of(user) -> str:
    """The area of the user's notes: the role's own; a caseworker's belong to the whole case."""
    return "" if can(user, Permission.SEE_CASE_FILES) else min(areas_of(user), default="")


class NoteForm(IndgangForm):
    """A note, a call or a visit. Who may read it goes by what it tells about."""

    kind = forms.ChoiceField(label=_("Hvad var det?"), choices=KINDS, widget=forms.RadioSelect, initial="note")
    text = forms.CharField(
        label=_("Notat"),
        max_length=10_000,
        error_messages={"required": _("Skriv, hvad der skete.")},
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": _("Skriv et notat")}),
    )
    on = DanishDateField(label=_("Hvornår"))
    people = forms.ModelMultipleChoiceField(
        label=_("Hvem handler det om?"), queryset=None, required=False, widget=forms.CheckboxSelectMultiple
    )
    data_class = forms.ChoiceField(label=_("Hvem må se det?"))

    def __init__(self, *args, case, user, today, people=None, **kwargs):
        """people: the members whom the user sees, where the page has read them."""
        self.today, self.area = today, area_of(user)
        kwargs["initial"] = {"on": today, "data_class": DEFAULTS.get(self.area), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.fields["data_class"].choices = [(key, WORDS[key]) for key in CHOICES.get(self.area, CHOICES[""])]
        people = people_of(case, user, today=today) if people is None else people
        self.fields["people"].queryset = case.people.filter(pk__in=[person.pk for person in people]).order_by("pk")
        self.fields["people"].label_from_instance = lambda person: person.short_name
        self.fields["people"].choices = [(person.pk, person.short_name) for person in people]
        self.fields["on"].today = today
        # a draft is a row on the server, saved while one types
        draft = {"hx-post": reverse("desk:save_draft", args=[case.number]), "hx-swap": "none"}
        self.fields["text"].widget.attrs |= {**draft, "hx-trigger": "input changed delay:2s"}

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on and on > self.today:
            raise ValidationError(_("Datoen ligger frem i tiden. Skriv den dag, det skete."))
        return on


class CorrectNoteForm(IndgangForm):
    text = forms.CharField(label=_("Den rettede tekst"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 6}))
