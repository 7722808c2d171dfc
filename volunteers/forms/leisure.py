"""What is asked about associations, activities and who takes part."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import DanishDateField, IndgangForm
from cases.models import Locality
from volunteers.forms.acts import FollowUpForm
from volunteers.models import Activity, Ages, Participation
from volunteers.services import leisure

ANY = [("", _("Alle"))]


class ActivityFilter(forms.Form):
    """GET parameters; what is not of the choices is left out."""

    by = forms.ModelChoiceField(Locality.objects.all(), label=_("By"), required=False, empty_label=_("Alle"))
    alder = forms.ChoiceField(label=_("Alder"), choices=ANY + Ages.choices, required=False)
    tid = forms.ChoiceField(label=_("Hvornår"), choices=ANY + Activity.Season.choices, required=False)
    pris = forms.DecimalField(label=_("Højst kr."), min_value=0, max_digits=7, required=False)

    @property
    def chosen(self) -> dict:
        """The arguments of services.leisure.found."""
        self.is_valid()
        data = self.cleaned_data
        said = {"town": data.get("by") and data["by"].pk, "ages": data.get("alder"), "season": data.get("tid")}
        return {name: value for name, value in said.items() if value} | (
            {"most": data["pris"]} if data.get("pris") is not None else {}
        )


def number(label, **options) -> forms.IntegerField:
    wrong = dict.fromkeys(("invalid", "min_value", "max_value"), _("Skriv et tal fra 0 til 120."))
    return forms.IntegerField(label=label, min_value=0, max_value=120, required=False, error_messages=wrong, **options)


class ActivityForm(IndgangForm):
    name = forms.CharField(label=_("Navn"), max_length=120, help_text=_("Fx håndbold for børn"))
    organiser = forms.CharField(label=_("Forening eller arrangør"), max_length=120, required=False)
    locality = forms.ModelChoiceField(
        Locality.objects.all(), label=_("By"), required=False, empty_label=_("Ikke valgt")
    )
    contact = forms.CharField(
        label=_("Kontakt"), max_length=200, required=False, help_text=_("Telefon, mail eller hjemmeside")
    )
    age_from = number(_("Fra alder"))
    age_to = number(_("Til alder"))
    season = forms.ChoiceField(label=_("Hvornår på året"), choices=Activity.Season.choices)
    on = DanishDateField(label=_("Dag"), required=False, help_text=_("Kun for en enkelt dag"))
    price = forms.DecimalField(
        label=_("Pris i kroner"), min_value=0, max_digits=7, decimal_places=2, required=False, localize=True,
        help_text=_("For en sæson. 0 er gratis; tom, når den ikke kendes."),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits"),
            _("Skriv prisen som et tal, fx 450."),
        ),
    )  # fmt: skip
    active = forms.BooleanField(label=_("Tilbydes nu"), required=False, initial=True)
    fields_kept = ("name", "organiser", "locality", "contact", "age_from", "age_to", "season", "on", "price", "active")

    def __init__(self, *args, activity: Activity, today, **kwargs):
        self.activity = activity
        kept = {name: getattr(activity, name) for name in self.fields_kept} if activity.pk else {}
        super().__init__(*args, initial=kept, **kwargs)
        self.fields["on"].today = today

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        if Activity.objects.filter(name__iexact=name).exclude(pk=self.activity.pk).exists():
            raise forms.ValidationError(_("Der findes allerede en aktivitet med det navn. Ret den i stedet."))
        return name

    def clean(self):
        cleaned = super().clean()
        low, high = cleaned.get("age_from"), cleaned.get("age_to")
        if low is not None and high is not None and high < low:
            self.add_error("age_to", _("»Til alder« er lavere end »Fra alder«."))
        once = cleaned.get("season") == Activity.Season.ONCE
        if once and not cleaned.get("on") and "on" not in self.errors:
            self.add_error("on", _("Skriv dagen, eller vælg en anden tid på året."))
        if not once:
            cleaned["on"] = None
        return cleaned

    def save(self) -> Activity:
        for name in self.fields_kept:
            setattr(self.activity, name, self.cleaned_data[name])
        self.activity.save()
        return self.activity


class ParticipationForm(FollowUpForm):
    """Who of the household, in what, and whether it is a try."""

    person = forms.TypedChoiceField(label=_("Hvem?"), coerce=int)
    activity = forms.ModelChoiceField(
        Activity.objects.filter(active=True), label=_("Hvad?"), empty_label=_("Vælg en aktivitet"),
        error_messages={"invalid_choice": _("Vælg en aktivitet fra listen.")},
    )  # fmt: skip
    step = forms.ChoiceField(label=_("Prøvetime eller medlem?"), choices=Participation.Step.choices, initial="trial")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.members = {person.pk: person for person in leisure.members_of(self.case)}
        named = [(pk, person.short_name) for pk, person in self.members.items()]
        self.fields["person"].choices = [("", _("Vælg")), *named]
        self.order_fields(["person", "activity", "step", "on"])

    def act(self) -> dict:
        said = super().act()
        return said | {"person": self.members[said["person"]]}
