"""What is asked about an action of the catalogue, and the filters of its list."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from board.models.actions import Action, Status
from board.services.actions import OVERDUE, UNFINISHED
from cases.forms import DanishDateField, IndgangForm
from desk.areas import AREAS
from desk.forms.filters import ListFilter, some

AREA_CHOICES = [(area.key, area.title) for area in AREAS]


class ActionFilter(ListFilter):
    words = {"area": "omraade", "status": "status"}

    area = some(_("Område"), [("", _("Alle")), *AREA_CHOICES])
    status = some(
        _("Status"),
        [("", _("Alle")), (OVERDUE, _("Overskredne")), (UNFINISHED, _("Ikke færdige")), *Status.choices],
    )


class Colleague(forms.ModelChoiceField):
    def label_from_instance(self, obj) -> str:
        return obj.name


class ActionForm(IndgangForm):
    """action: the one that is changed; None for a new one."""

    title = forms.CharField(
        label=_("Handling"), max_length=200, help_text=_("Hvad kommunen gør. Skriv ikke navne på borgere.")
    )
    area = forms.ChoiceField(label=_("Område"), choices=[("", _("Vælg")), *AREA_CHOICES])
    owner = Colleague(User.objects.none(), label=_("Ansvarlig"), required=False, empty_label=_("Ingen endnu"))
    due_on = DanishDateField(label=_("Senest"), required=False)
    status = forms.ChoiceField(label=_("Status"), choices=Status.choices, initial=Status.PLANNED)
    done_on = DanishDateField(label=_("Færdig den"), required=False, help_text=_("Kun når status er »Færdig«."))
    note = forms.CharField(
        label=_("Note"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Hvor langt er det, og hvad mangler? Skriv ikke navne på borgere."),
    )  # fmt: skip

    def __init__(self, *args, action: Action | None, today, **kwargs):
        kept = {name: getattr(action, name) for name in self.base_fields} if action else {}
        super().__init__(*args, initial=kept, **kwargs)
        holds = Q(is_active=True, grants__isnull=False) | Q(pk=action.owner_id if action else None)
        self.fields["owner"].queryset = (
            User.objects.filter(holds).distinct().order_by("first_name", "last_name", "username")
        )
        for name in ("due_on", "done_on"):
            self.fields[name].today = today
