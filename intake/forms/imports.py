"""The forms of the import pages: the file, the columns, and what is chosen in the preview."""

from collections.abc import Iterable, Mapping, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from cases.forms import IndgangForm
from intake.models import ImportFamily
from intake.services.imports.assessing import SOURCE
from intake.services.imports.files import EXTENSIONS, FileRefused
from intake.services.imports.headings import FIELDS
from intake.services.imports.sheet_reader import MAX_BYTES

LEFT_OUT = "-"
NOBODY = _("Ingen endnu")


class UploadForm(IndgangForm):
    file = forms.FileField(
        label=_("Vælg listen, eller træk den hertil"),
        help_text=_("Et regneark (.xlsx) eller en tekstfil (.csv) på højst 10 MB og 5.000 rækker."),
        widget=forms.FileInput(attrs={"accept": ",".join(EXTENSIONS)}),
        error_messages={
            "required": _("Vælg den fil, listen ligger i."),
            "invalid": _("Vælg den fil, listen ligger i."),
            "missing": _("Vælg den fil, listen ligger i."),
            "empty": FileRefused("empty").sentence,
            "max_length": _("Filens navn er for langt. Giv den et kortere navn, og prøv igen."),
        },
        max_length=200,
    )
    source = forms.CharField(
        label=_("Hvem har sendt listen?"),
        initial=SOURCE,
        max_length=60,
        help_text=_("Kolonnernes navne huskes for hver afsender."),
        error_messages={
            "required": _("Skriv, hvem der har sendt listen."),
            "max_length": _("Skriv højst 60 tegn."),
        },
    )

    def clean_file(self):
        """Refuse what is too big before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(FileRefused("too_big").sentence, code="too_big")
        return file


class ColumnsForm(IndgangForm):
    """One choice per column of the file: which of our fields it holds, or none. The unknown ones stand first."""

    def __init__(self, *args, headings: Sequence[str], fields: Mapping[int, str], samples: Mapping[int, str], **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(LEFT_OUT, _("Læs ikke")), *FIELDS.items()]
        for index in sorted(range(len(headings)), key=lambda index: (index in fields, index)):
            if headings[index]:
                self.fields[f"column_{index}"] = forms.ChoiceField(
                    label=headings[index][:60],
                    choices=choices,
                    initial=fields.get(index, LEFT_OUT),
                    help_text=_("Fx %s") % samples[index] if samples.get(index) else "",
                    error_messages={"invalid_choice": _("Vælg en af oplysningerne på listen.")},
                )

    def chosen(self) -> dict[int, str]:
        return {
            int(name.removeprefix("column_")): "" if value == LEFT_OUT else value
            for name, value in self.cleaned_data.items()
        }


def caseworker_field(caseworkers: Iterable[User], *, label: str, me) -> forms.TypedChoiceField:
    others = [(user.pk, user.name) for user in caseworkers if user != me]
    mine = [(me.pk, _("Mig (%s)") % me.name)] if any(user == me for user in caseworkers) else []
    return forms.TypedChoiceField(
        label=label,
        choices=[("", NOBODY), *mine, *others],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"invalid_choice": _("Vælg en sagsbehandler på listen.")},
    )


class ForAllForm(IndgangForm):
    """One caseworker for every family of the list."""

    def __init__(self, *args, caseworkers: Iterable[User], me, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["caseworker"] = caseworker_field(caseworkers, label=_("Sagsbehandler for alle familier"), me=me)


class ChoicesForm(IndgangForm):
    """What is chosen on one page of the preview: a caseworker per new family, and fields to take over per row."""

    def __init__(
        self,
        *args,
        families: Iterable[ImportFamily],
        offered: Mapping[int, Sequence[str]],
        caseworkers: Sequence[User],
        joinable: Iterable[ImportFamily],
        me,
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        for family in joinable:
            self.fields[f"apart_{family.pk}"] = forms.BooleanField(
                label=_("Opret en ny sag i stedet"),
                required=False,
                initial=family.apart,
                widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
            )
        for family in families:
            label = _("Sagsbehandler for familie %s") % family.number
            field = caseworker_field(caseworkers, label=label, me=me)
            field.initial = family.caseworker_id
            self.fields[f"caseworker_{family.pk}"] = field
        for row_id, names in offered.items():
            self.fields[f"take_{row_id}"] = forms.MultipleChoiceField(
                choices=[(name, name) for name in names], required=False
            )

    def caseworkers(self) -> dict[int, int | None]:
        return self._chosen("caseworker_")

    def apart(self) -> dict[int, bool]:
        return self._chosen("apart_")

    def taken(self) -> dict[int, list[str]]:
        return self._chosen("take_")

    def _chosen(self, prefix: str) -> dict:
        return {
            int(name.removeprefix(prefix)): value
            for name, value in self.cleaned_data.items()
            if name.startswith(prefix)
        }
