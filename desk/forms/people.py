"""A person's own data, the dates of a stay, the permit."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import ROLES, Permission
from cases import choices
from cases.cpr import CprError, parse_cpr
from cases.forms import DanishDateField, IndgangForm
from cases.models import Person
from cases.phones import PhoneError, parse_phone

PERSON_FIELDS = (
    "given_names",
    "surname",
    "cyrillic_name",
    "role",
    "sex",
    "birth_date",
    "birth_date_estimated",
    "citizenship",
    "languages",
    "interpreter",
    "interpreter_wish",
    "phone",
    "email",
    "custody_holder",
    "unaccompanied_minor",
)
DATE_FIELDS = ("expected_on", "staying_since", "visitation_on", "arrived_on", "residence_from", "responsibility_from")


def optional(label, length: int, **attrs):
    return forms.CharField(label=label, max_length=length, required=False, widget=forms.TextInput(attrs=attrs))


class PersonForm(IndgangForm):
    """Everything about one person that is not an act; the dates start clocks in all areas."""

    given_names = forms.CharField(label=_("Fornavn"), max_length=80)
    surname = optional(_("Efternavn"), 80)
    cyrillic_name = optional(_("Navn på kyrillisk"), 160)
    role = forms.ChoiceField(label=_("Rolle i familien"), choices=choices.FamilyRole)
    birth_date = DanishDateField(label=_("Fødselsdato"), past=True, required=False)
    birth_date_estimated = forms.BooleanField(label=_("Fødselsdatoen er anslået"), required=False)
    sex = forms.ChoiceField(label=_("Køn"), choices=[("", _("Ikke oplyst")), *choices.Sex.choices], required=False)
    citizenship = optional(_("Statsborgerskab"), 60)
    udl_nr = optional(_("Udl.nr."), 20)
    cpr = optional(_("CPR-nr."), 14, autocomplete="off")
    languages = optional(_("Sprog"), 120)
    interpreter = forms.BooleanField(label=_("Tolk er nødvendig"), required=False)
    interpreter_wish = optional(_("Ønske til tolk"), 120)
    phone = optional(_("Telefon"), 30, inputmode="tel")
    email = forms.EmailField(
        label=_("E-mail"), required=False, error_messages={"invalid": _("Skriv en e-mailadresse, fx navn@example.dk.")}
    )
    custody_holder = optional(_("Forældremyndighed"), 120)
    unaccompanied_minor = forms.BooleanField(label=_("Uledsaget mindreårig"), required=False)
    visitation_on = DanishDateField(label=_("Visiteringsdato (brevet)"), required=False)
    expected_on = DanishDateField(label=_("Ventes"), required=False)
    arrived_on = DanishDateField(label=_("Ankomst til kommunen"), required=False)
    residence_from = DanishDateField(label=_("Taget ophold"), required=False)
    responsibility_from = DanishDateField(label=_("Overtaget ansvar"), required=False)
    staying_since = DanishDateField(label=_("Opholder sig her siden (før visitering)"), required=False)

    groups = (
        (
            _("Person"),
            (
                "given_names",
                "surname",
                "role",
                "birth_date",
                "birth_date_estimated",
                "sex",
                "cyrillic_name",
                "citizenship",
            ),
        ),
        (
            _("Datoer"),
            ("visitation_on", "arrived_on", "residence_from", "responsibility_from", "expected_on", "staying_since"),
        ),
        (_("Sprog og kontakt"), ("languages", "interpreter", "interpreter_wish", "phone", "email")),
        (_("Numre og forhold"), ("udl_nr", "cpr", "custody_holder", "unaccompanied_minor")),
    )

    def __init__(self, *args, today, person: Person | None = None, **kwargs):
        self.today, self.person = today, person
        super().__init__(*args, **kwargs)
        for name in ("birth_date", *DATE_FIELDS):
            self.fields[name].today = today
        if person is not None:
            self.fields["cpr"].help_text = _("Skriv kun her, når nummeret er nyt. Det viste nummer er skjult.")

    def grouped(self):
        """(title, bound fields) in the order of the page."""
        return [(title, [self[name] for name in names]) for title, names in self.groups]

    def clean_phone(self):
        phone = self.cleaned_data["phone"].strip()
        try:
            return parse_phone(phone) if phone else ""
        except PhoneError as error:
            raise ValidationError(error.sentence) from error

    def clean_cpr(self):
        text = self.cleaned_data["cpr"].strip()
        try:
            return parse_cpr(text, today=self.today).digits if text else ""
        except CprError as error:
            raise ValidationError(error.sentence) from error

    def clean_udl_nr(self):
        number = self.cleaned_data["udl_nr"].strip() or None
        taken = Person.objects.filter(udl_nr=number).exclude(pk=self.person.pk if self.person else None)
        if number and taken.exists():
            raise ValidationError(_("Udl.nr. kan ikke bruges her. Kontrollér det, eller spørg din leder."))
        return number

    def person_data(self) -> dict:
        return {name: self.cleaned_data[name] for name in (*PERSON_FIELDS, "udl_nr")}

    def dates(self) -> dict:
        return {name: self.cleaned_data[name] for name in DATE_FIELDS}


def initial_of(person: Person, stay) -> dict:
    own = {name: getattr(person, name) for name in (*PERSON_FIELDS, "udl_nr")}
    return {**own, **{name: getattr(stay, name) for name in DATE_FIELDS}} if stay else own


class PermitForm(IndgangForm):
    state = forms.ChoiceField(label=_("Status"), choices=choices.PermitState)
    since = DanishDateField(label=_("Gælder fra"))
    valid_until = DanishDateField(label=_("Gyldig til"), required=False)
    basis = forms.ChoiceField(label=_("Grundlag"), choices=choices.PermitBasis)


class LeaveForm(IndgangForm):
    on = DanishDateField(label=_("Fraflyttet"))
    reason = forms.ChoiceField(label=_("Årsag"), choices=choices.Left)


class ReturnForm(IndgangForm):
    visitation_on = DanishDateField(label=_("Ny visiteringsdato"), required=False)
    arrived_on = DanishDateField(label=_("Ankommet igen"))
    residence_from = DanishDateField(label=_("Taget ophold"), required=False)


class AskForm(IndgangForm):
    about = forms.ChoiceField(label=_("Hvilken dato?"), choices=choices.AskedAbout)
    whom = forms.CharField(label=_("Hvem er spurgt?"), max_length=120)


class CloseForm(IndgangForm):
    on = DanishDateField(label=_("Afsluttet"))
    reason = forms.ChoiceField(label=_("Årsag"), choices=choices.Closing)


class ReasonForm(IndgangForm):
    reason = forms.CharField(label=_("Begrundelse"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class HandOverForm(IndgangForm):
    to = forms.ModelChoiceField(
        label=_("Ny sagsbehandler"), queryset=User.objects.none(), empty_label=_("Vælg en kollega")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        may = [key for key, role in ROLES.items() if Permission.WRITE_CASES in role.permissions]
        users = User.objects.filter(is_active=True, grants__role__in=may).distinct().order_by("first_name", "last_name")
        self.fields["to"].queryset = users
        self.fields["to"].label_from_instance = lambda user: user.name
