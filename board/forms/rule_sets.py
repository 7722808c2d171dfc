"""Drafts of rule sets, their terms, and the municipality's own rules."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from board.models import Activation
from board.services.rule_sets import DATED, NO_BASIS
from cases.forms import DanishDateField, IndgangForm
from deadlines.local import OWNER_ROLES
from deadlines.models import Kind, LocalRule, RuleSet, Unit
from desk.areas import AREAS
from desk.forms.filters import ListFilter, some


def capitals(choices) -> list[tuple[str, str]]:
    """The same choices as they stand alone: "Husstanden"."""
    return [(value, f"{str(label)[:1].upper()}{str(label)[1:]}") for value, label in choices]


MOST = {Unit.DAYS: 1000, Unit.MONTHS: 60, Unit.WORKING_DAYS: 250}
LONGEST_WARNING, MOST_WARNINGS = 365, 5


class DraftForm(IndgangForm):
    valid_from = DanishDateField(
        label=_("Gælder fra"),
        help_text=_("Frister, hvis startdato er denne dag eller senere, følger det nye regelsæt."),
    )
    title = forms.CharField(
        label=_("Navn"), max_length=120, required=False, help_text=_("Fx »Ny aftale om sprogskole«.")
    )

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].today = today


class TermForm(IndgangForm):
    """One rule's term. dated: the date itself is the deadline, so there is no length."""

    amount = forms.IntegerField(
        label=_("Længde"), min_value=1, error_messages={"min_value": _("Skriv et helt tal på mindst 1.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    unit = forms.ChoiceField(label=_("Enhed"), choices=Unit.choices)
    kind = forms.ChoiceField(
        label=_("Art"),
        choices=Kind.choices,
        help_text=_("Lovfrister kan ikke forlænges. Lokale mål bliver aldrig »overskredet«, kun »passeret«."),
    )
    basis = forms.CharField(
        label=_("Hjemmel"), max_length=200, required=False, help_text=_("Lov, strategi eller beslutning.")
    )
    warning_days = forms.CharField(
        label=_("Varsel, dage før fristen"),
        max_length=60,
        required=False,
        help_text=_("Flere dage med komma, fx »14, 3«. Tomt: som arten siger."),
    )

    def __init__(self, *args, rule: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["amount"].error_messages["invalid"] = _("Skriv et helt tal, fx 14.")
        if rule in DATED:
            for name in ("amount", "unit"):
                del self.fields[name]

    def clean_warning_days(self) -> list[int]:
        words = [word for word in re.split(r"[\s,;]+", self.cleaned_data["warning_days"]) if word]
        if any(not (word.isascii() and word.isdecimal()) for word in words):
            raise ValidationError(_("Skriv kun hele tal med komma imellem, fx »14, 3«."))
        days = sorted({int(word) for word in words}, reverse=True)
        if len(days) > MOST_WARNINGS or any(not 0 < day <= LONGEST_WARNING for day in days):
            raise ValidationError(_("Skriv højst fem dage, hver mellem 1 og 365."))
        return days

    def clean(self):
        data = super().clean()
        most = MOST.get(data.get("unit"))
        if most and data.get("amount", 0) > most:
            unit = Unit(data["unit"]).label
            self.add_error("amount", _("Skriv højst %(most)d %(unit)s.") % {"most": most, "unit": unit})
        if data.get("kind") == Kind.LAW and not data.get("basis", "").strip() and "basis" in data:
            self.add_error("basis", NO_BASIS)
        return data

    def term(self) -> dict:
        """What board.services.rule_sets.save_term takes."""
        data = self.cleaned_data
        kept = {name: data[name] for name in ("kind", "basis", "warning_days")}
        return kept | {"amount": data.get("amount", 0), "unit": data.get("unit", Unit.DAYS)}


class LocalRuleForm(TermForm):
    """A duty of the municipality's own. Health is left out: its steps have no words of their own."""

    name = forms.CharField(
        label=_("Opgaven"),
        max_length=120,
        help_text=_("Som en opfordring: »Hold velkomstsamtale«. Alle, der ser sagens frister, læser den."),
    )
    area = forms.ChoiceField(
        label=_("Område"), choices=[(area.key, area.title) for area in AREAS if area.key != "health"]
    )
    for_whom = forms.ChoiceField(label=_("Gælder for"), choices=capitals(LocalRule.ForWhom.choices))
    starts = forms.ChoiceField(label=_("Fristen løber fra"), choices=capitals(LocalRule.Starts.choices))
    owner_role = forms.ChoiceField(
        label=_("Ansvarlig"),
        choices=capitals(OWNER_ROLES.items()),
        help_text=_("Har teamet ingen af dem, er det sagsbehandleren. I beskyttede sager altid sagsbehandleren."),
    )
    field_order = ("name", "area", "for_whom", "starts", "owner_role")  # and then the term

    def rule(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("name", "area", "for_whom", "starts", "owner_role")}


class AskForm(IndgangForm):
    choice = forms.ChoiceField(choices=Activation.Choice.choices, widget=forms.HiddenInput)


class PreviewFilter(ListFilter):
    """Which set, and whether the open deadlines are to follow it. A wrong word is the first one."""

    words = {"rule_set": "saet", "choice": "valg"}
    q = None

    rule_set = some(_("Udkast"), [])
    choice = some(_("Virkning"), Activation.Choice.choices)

    def __init__(self, query, **kwargs):
        super().__init__(query, **kwargs)
        drafts = RuleSet.objects.filter(state=RuleSet.State.DRAFT).order_by("number")
        self.drafts = {str(one.pk): one for one in drafts}
        self.fields["rule_set"].choices = [(pk, str(one)) for pk, one in self.drafts.items()]

    @property
    def draft(self) -> RuleSet | None:
        """The one asked for, or the only one."""
        return self.drafts.get(self.chosen.get("rule_set", "")) or next(iter(self.drafts.values()), None)

    @property
    def effect(self) -> str:
        return self.chosen.get("choice") or Activation.Choice.NEW
