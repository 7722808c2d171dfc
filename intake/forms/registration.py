"""The one page on which a family is registered: members as rows, and what they share."""

import uuid

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.choices import FamilyRole
from cases.formats import age_on
from cases.forms import DanishDateField, DateInput, IndgangForm
from cases.models import Locality
from cases.phones import PhoneError, parse_phone
from cases.services import STAY_DATES
from deadlines.rules import ADULT_AGE

SHARED_DATES = ("visitation_on", "arrived_on", "residence_from", "responsibility_from", "expected_on", "staying_since")
ROLES = [("", ""), *FamilyRole.choices]


class MemberForm(IndgangForm):
    """One row. Only the given name is required; a row left empty is no person."""

    given_names = forms.CharField(
        label=_("Fornavn"), max_length=80, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    surname = forms.CharField(
        label=_("Efternavn"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-repeat": ""}),
    )
    birth_date = DanishDateField(
        label=_("Fødselsdato"),
        past=True,
        required=False,
        widget=DateInput(attrs={"data-date": "birth", "placeholder": _("dd.mm.åååå")}),
    )
    role = forms.ChoiceField(label=_("Rolle"), choices=ROLES, required=False)
    arrived_on = DanishDateField(label=_("Ankomst til kommunen"), required=False)
    expected_on = DanishDateField(label=_("Ventes"), required=False)
    residence_from = DanishDateField(label=_("Taget ophold"), required=False)
    visitation_on = DanishDateField(label=_("Visiteringsdato"), required=False)
    responsibility_from = DanishDateField(label=_("Overtaget ansvar"), required=False)
    staying_since = DanishDateField(label=_("Opholder sig her siden"), required=False)

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        for field in self.fields.values():
            if isinstance(field, DanishDateField):
                field.today = today

    def is_blank(self) -> bool:
        """No name and nothing else typed."""
        return not any(self.cleaned_data.get(name) for name in self.fields)

    def clean(self):
        cleaned = super().clean()
        typed = any(cleaned.get(name) for name in self.fields) or self.errors
        if typed and not cleaned.get("given_names") and not cleaned.get("surname"):
            self.add_error("given_names", _("Skriv et navn, eller fjern rækken."))
        return cleaned

    def member(self, shared: dict) -> dict:
        """Person fields and the dates: the person's own where typed, else what the family shares."""
        data = self.cleaned_data
        own = {name: data.get(name) for name in STAY_DATES}
        given, surname = data["given_names"], data["surname"]
        return {
            "given_names": given or surname,
            "surname": surname if given else "",
            "birth_date": data["birth_date"],
            "role": data["role"] or (FamilyRole.CHILD if self.is_child(own, shared) else FamilyRole.OTHER),
            "dates": {name: own[name] or shared.get(name) for name in STAY_DATES},
        }

    def is_child(self, own: dict, shared: dict) -> bool:
        """Under 18 on the arrival, else today; without a birth date nobody is taken for a child."""
        birth = self.cleaned_data["birth_date"]
        day = own["arrived_on"] or shared.get("arrived_on") or self.today
        return bool(birth and birth <= day and age_on(birth, day) < ADULT_AGE)


class BaseMembers(forms.BaseFormSet):
    def clean(self):
        if not any(self.errors) and not self.people():
            raise forms.ValidationError(_("Skriv mindst én person. Resten kan komme senere."))

    def people(self) -> list[MemberForm]:
        return [form for form in self.forms if form.is_valid() and not form.is_blank()]

    def members(self, shared: dict) -> list[dict]:
        """The first adult without a typed role is the main person, unless somebody was named so."""
        forms_of = self.people()
        found = [form.member(shared) for form in forms_of]
        if any(member["role"] == FamilyRole.MAIN for member in found):
            return found
        for form, member in zip(forms_of, found, strict=True):
            if not form.cleaned_data["role"] and member["role"] != FamilyRole.CHILD:
                member["role"] = FamilyRole.MAIN
                break
        return found


MemberFormSet = forms.formset_factory(MemberForm, formset=BaseMembers, extra=4, max_num=30, absolute_max=40)


class FamilyForm(IndgangForm):
    """What the family shares. Every date may be missing."""

    visitation_on = DanishDateField(label=_("Visiteringsdato (fra brevet)"), required=False)
    arrived_on = DanishDateField(label=_("Ankomst til kommunen"), required=False)
    residence_from = DanishDateField(
        label=_("Taget ophold"), required=False, widget=DateInput(attrs={"data-follows": "id_arrived_on"})
    )
    responsibility_from = DanishDateField(label=_("Overtaget ansvar"), required=False)
    expected_on = DanishDateField(label=_("Ventes, hvis familien ikke er kommet"), required=False)
    languages = forms.CharField(label=_("Sprog"), max_length=120, required=False, initial="ukrainsk")
    interpreter = forms.BooleanField(label=_("Tolk er nødvendig"), required=False)
    phone = forms.CharField(
        label=_("Telefon"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    locality = forms.ModelChoiceField(
        label=_("By"), queryset=Locality.objects.all(), required=False, empty_label=_("Ikke valgt")
    )
    caseworker = forms.ModelChoiceField(
        label=_("Sagsbehandler"), queryset=User.objects.none(), required=False, empty_label=_("Ingen endnu")
    )
    form_key = forms.CharField(widget=forms.HiddenInput, max_length=64, initial=lambda: uuid.uuid4().hex)
    seen = forms.CharField(widget=forms.HiddenInput, max_length=200, required=False)

    def __init__(self, *args, user, today, **kwargs):
        super().__init__(*args, **kwargs)
        for name in SHARED_DATES:
            if name in self.fields:
                self.fields[name].today = today
        colleagues = User.objects.filter(is_active=True, team=user.team, grants__role="caseworker").values("pk")
        chosen = User.objects.filter(Q(pk__in=colleagues) | Q(pk=user.pk))
        self.fields["caseworker"].queryset = chosen.order_by("first_name", "last_name")
        self.fields["caseworker"].label_from_instance = lambda one: (
            _("%s (mig)") % one.name if one.pk == user.pk else one.name
        )

    def clean_phone(self):
        phone = self.cleaned_data["phone"].strip()
        try:
            return parse_phone(phone) if phone else ""
        except PhoneError as error:
            raise forms.ValidationError(error.sentence) from error

    def shared(self) -> dict:
        """The dates every member gets who has none of their own. Tolerates a half-typed form."""
        return {name: self.cleaned_data.get(name) for name in SHARED_DATES}

    def left(self):
        return [
            self[name]
            for name in ("visitation_on", "arrived_on", "residence_from", "responsibility_from", "expected_on")
        ]

    def right(self):
        return [self[name] for name in ("languages", "phone", "locality", "caseworker", "interpreter")]
