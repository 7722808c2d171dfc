"""Users, roles, teams and absences, as the administrator writes them."""

import json

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from accounts.roles import ROLES
from cases.forms import DanishDateField, IndgangForm
from desk.forms.filters import Choices, ListFilter, some
from desk.services import users


class UserFilter(ListFilter):
    words = {"state": "status", "role": "rolle", "factor": "andet-led"}
    orders = tuple(users.ORDERS)

    state = some(_("Status"), list(users.STATES.items()))
    role = some(_("Rolle"), [])
    team = some(_("Team"), [])
    factor = some(_("Andet led"), list(users.FACTORS.items()))

    def __init__(self, query, *, teams: Choices, **kwargs):
        super().__init__(query, **kwargs)
        everything = [("", _("Alle"))]
        self.fields["role"].choices = [*everything, *((key, role.label) for key, role in ROLES.items())]
        self.fields["team"].choices = [*everything, *teams]


class UserForm(IndgangForm):
    first_name = forms.CharField(label=_("Fornavn"), max_length=150)
    last_name = forms.CharField(label=_("Efternavn"), max_length=150)
    email = forms.EmailField(label=_("E-mail"), help_text=_("Hertil sendes invitationen og besked om frister."))
    phone = forms.CharField(label=_("Telefon"), max_length=20, required=False)
    team = forms.ModelChoiceField(
        Team.objects.order_by("name"), label=_("Team"), required=False, empty_label=_("Intet")
    )

    field_order = ("username", "first_name", "last_name", "email", "phone", "team")

    def __init__(self, *args, user: User | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self):
        """One address, one user: a link by mail must not have two readers."""
        email = self.cleaned_data["email"]
        others = User.objects.filter(email__iexact=email).exclude(pk=self.user.pk if self.user else None)
        if others.exists():
            raise forms.ValidationError(_("En anden bruger har denne e-mail."))
        return email


class NewUserForm(UserForm):
    username = forms.CharField(label=_("Brugernavn"), max_length=150, help_text=_("Som i kommunen, fx »mlin«."))

    def clean_username(self):
        username = self.cleaned_data["username"].strip()
        if User.objects.filter(username__iexact=username).exists():
            raise forms.ValidationError(_("Brugernavnet er taget."))
        User._meta.get_field("username").run_validators(username)
        return username


def role_label(role) -> str:
    return format_html("{}<small>{}</small>", role.label, users.what_it_may(role))


class RolesForm(IndgangForm):
    roles = forms.MultipleChoiceField(label=_("Roller"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = [(key, role_label(role)) for key, role in ROLES.items()]


class SubjectForm(IndgangForm):
    subject = forms.CharField(
        label=_("Id i kommunens log-in"),
        max_length=191,
        required=False,
        help_text=_("Det faste id (»sub«), aldrig e-mailen. Tomt fjerner forbindelsen."),
    )


class TeamForm(IndgangForm):
    name = forms.CharField(label=_("Navn"), max_length=80)
    phone = forms.CharField(label=_("Telefon"), max_length=20, required=False)
    manager = forms.ModelChoiceField(None, label=_("Leder"), required=False, empty_label=_("Ingen"))
    coordinator = forms.ModelChoiceField(None, label=_("Frivilligkoordinator"), required=False, empty_label=_("Ingen"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["manager"].queryset = self.fields["coordinator"].queryset = users.active()


class AbsenceForm(IndgangForm):
    starts_on = DanishDateField(label=_("Fra og med"))
    ends_on = DanishDateField(label=_("Til og med"), required=False)
    deputy = forms.ModelChoiceField(
        None, label=_("Stedfortræder"), required=False, empty_label=_("Teamets leder"),
        help_text=_("Får fristerne og ser sagerne, så længe fraværet varer."),
    )  # fmt: skip

    def __init__(self, *args, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["deputy"].queryset = users.active().exclude(pk=user.pk)

    def clean(self):
        data = super().clean()
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("Til og med ligger før fra og med."))
        return data


class ClaimsForm(IndgangForm):
    claims = forms.CharField(
        label=_("Oplysninger fra kommunens log-in (JSON)"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("Indsæt indholdet af et id-token. Intet gemmes, og ingen får roller af det."),
    )

    def clean_claims(self):
        try:
            found = json.loads(self.cleaned_data["claims"])
        except ValueError as error:
            raise forms.ValidationError(_("Det er ikke gyldig JSON.")) from error
        if not isinstance(found, dict):
            raise forms.ValidationError(_("Skriv et JSON-objekt: { … }."))
        return found
