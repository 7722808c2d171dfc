"""Registering a protection, taking it up again, ending it by two, and keeping two people apart."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.forms import DanishDateField, IndgangForm
from cases.models import Case, Person
from cases.protection import ApartReason, ProtectionKind
from cases.secrecy import pairs_of


def a_year_after(day: date) -> date:
    """As a rule the registration lapses after a year; who has moved in February has it on the 28th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, person):
        return person.full_name


class ProtectForm(IndgangForm):
    kind = forms.ChoiceField(label=_("Hvilken beskyttelse?"), choices=ProtectionKind)
    starts_on = DanishDateField(label=_("Gælder fra"), past=True)
    review_on = DanishDateField(
        label=_("Tages op igen"), help_text=_("Den dag får sagsbehandleren en opgave. Intet ophører af sig selv.")
    )
    children_follow = forms.BooleanField(
        label=_("Børnene i husstanden følger med"),
        required=False,
        help_text=_("Ved særlig beskyttelse følger de altid med."),
    )
    against = PersonChoice(
        Person.objects.none(),
        label=_("Hemmeligt for en bestemt person"),
        required=False,
        empty_label=_("Ingen bestemt"),
        help_text=_("Steder, hvor den beskyttede færdes, står ikke i det, der skrives ud til denne person."),
    )
    note = forms.CharField(
        label=_("Grundlag"),
        max_length=200,
        required=False,
        help_text=_("Fx registreret i CPR, eller brev fra politiet"),
    )

    def __init__(self, *args, person: Person, today: date, user, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("starts_on", "review_on"):
            self.fields[name].today = today
        own, seen = Q(case=person.case), Case.objects.visible_to(user)
        known = {pk for row in pairs_of([person.pk]) for pk in (row.one_id, row.other_id)}
        people = Person.objects.filter(own | Q(pk__in=known, case__in=seen)).exclude(pk=person.pk)
        self.fields["against"].queryset = people.order_by("pk")


class GoOnForm(IndgangForm):
    review_on = DanishDateField(label=_("Tages op igen"))

    def __init__(self, *args, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["review_on"].today = today


class DecideForm(IndgangForm):
    agree = forms.TypedChoiceField(
        label=_("Hvad beslutter du?"),
        choices=[("ja", _("Ja, det ophører")), ("nej", _("Nej, det fortsætter"))],
        coerce=lambda value: value == "ja",
        widget=forms.RadioSelect,
    )


class ApartForm(IndgangForm):
    """The other one: of the same family, or by case number and given name among the cases this user sees."""

    member = PersonChoice(
        Person.objects.none(), label=_("Et medlem af familien"), required=False, empty_label=_("Ingen valgt")
    )
    number = forms.CharField(label=_("Eller i en anden sag: sagsnr."), max_length=12, required=False)
    name = forms.CharField(label=_("Fornavn i den anden sag"), max_length=80, required=False)
    reason = forms.ChoiceField(label=_("Hvorfor?"), choices=[("", _("Vælg")), *ApartReason.choices])

    def __init__(self, *args, person: Person, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["member"].queryset = person.case.people.exclude(pk=person.pk).order_by("pk")

    def clean(self):
        data = super().clean()
        other = data.get("member") or self._elsewhere(data.get("number") or "", data.get("name") or "")
        if other is None and not self.errors:
            raise ValidationError(_t("Vælg fra familien, eller skriv sagsnr. og fornavn fra en af dine sager."))
        self.other = other
        return data

    def _elsewhere(self, number: str, name: str) -> Person | None:
        """One person of a case that this user sees; nobody tells whether there is such a case otherwise."""
        if not number.strip() or not name.strip():
            return None
        cases = Case.objects.visible_to(self.user).filter(number=number.strip())
        found = list(Person.objects.filter(case__in=cases, given_names__istartswith=name.strip())[:2])
        return found[0] if len(found) == 1 else None


class AssignForm(IndgangForm):
    """One protected case that nobody answers for, and who shall."""

    number = forms.CharField(widget=forms.HiddenInput, max_length=12)
    to = forms.ModelChoiceField(User.objects.none(), label=_("Sagsbehandler"), empty_label=_("Vælg en kollega"))

    def __init__(self, *args, users, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = users
        self.fields["to"].label_from_instance = lambda user: user.name
