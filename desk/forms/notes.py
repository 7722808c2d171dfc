"""The composer of the timeline."""

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.choices import DataClass
from cases.forms import DanishDateField, IndgangForm

KINDS = [("note", _("Notat")), ("call", _("Opkald")), ("visit", _("Besøg"))]


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
    data_class = forms.ChoiceField(
        label=_("Hvem må se det?"),
        choices=[
            (DataClass.ORDINARY, _("Alle, der arbejder med sagen")),
            (DataClass.HEALTH, _("Helbred: den ansvarlige sagsbehandler og sundhedsplejen")),
            (DataClass.VIOLENCE, _("Vold og trusler: kun den ansvarlige sagsbehandler")),
        ],
    )

    def __init__(self, *args, case, today, people=None, **kwargs):
        self.today = today
        kwargs["initial"] = {"on": today, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = case.people.order_by("pk")
        self.fields["people"].label_from_instance = lambda person: person.short_name
        if people is not None:  # the page has read them: don't ask again
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
