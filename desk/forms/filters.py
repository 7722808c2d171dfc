"""The filters of the lists: GET parameters from closed lists. What a URL says beyond them is ignored."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import DanishDateField
from deadlines.models import Kind
from desk.areas import AREAS
from desk.services.lists import CASE_ORDERS, CASE_STATES, MINE, NOBODY, STANDINGS, STEP_ORDERS

Choices = list[tuple[str, str]]
LONGEST_TEXT = 60


class ListFilter(forms.Form):
    """Field names are English, the words in the URL Danish (`words`)."""

    words: dict[str, str] = {}
    orders: tuple[str, ...] = ()

    q = forms.CharField(
        label=_("Søg"), max_length=LONGEST_TEXT, required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    sort = forms.ChoiceField(required=False, widget=forms.HiddenInput)

    def __init__(self, query, **kwargs):
        super().__init__(query.copy(), **kwargs)
        self.fields["sort"].choices = [("", ""), *((f"{sign}{key}", key) for key in self.orders for sign in ("", "-"))]

    def add_prefix(self, field_name: str) -> str:
        return self.words.get(field_name, field_name)

    @property
    def chosen(self) -> dict:
        """The valid choices. Wrong ones are taken out of the form, so that it shows what the list shows."""
        if not self.is_valid():
            for name in list(self.errors):
                self.data.pop(self.add_prefix(name), None)
                del self.errors[name]
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def narrowed(self) -> bool:
        return any(name != "sort" for name in self.chosen)


def some(label, choices: Choices, **kwargs) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False, **kwargs)


class PlainFilter(ListFilter):
    """Of a list without filters."""

    q = None


class StepFilter(ListFilter):
    words = {
        "rule": "regel",
        "area": "omraade",
        "locality": "by",
        "owner": "sagsbehandler",
        "kind": "art",
        "first": "fra",
        "last": "til",
    }
    orders = tuple(STEP_ORDERS)

    status = some(_("Status"), [(standing.word, standing.label) for standing in STANDINGS])
    owner = some(_("Sagsbehandler"), [])
    rule = some(_("Regel"), [])
    area = some(_("Område"), [])
    kind = some(_("Art"), [("", _("Alle")), *((kind.value, kind.label) for kind in Kind)])
    locality = some(_("By"), [])
    first = DanishDateField(label=_("Fra"), required=False)
    last = DanishDateField(label=_("Til"), required=False)

    def __init__(
        self, query, *, owners: Choices, localities: Choices, rules: Choices, areas: frozenset[str], today, **kwargs
    ):
        super().__init__(query, **kwargs)
        everything = [("", _("Alle"))]
        self.fields["owner"].choices = [*everything, (MINE, _("Mig")), *owners, (NOBODY, _("Ingen"))]
        self.fields["rule"].choices = [*everything, *rules]
        self.fields["area"].choices = [*everything, *((area.key, area.title) for area in AREAS if area.key in areas)]
        self.fields["locality"].choices = [*everything, *localities]
        for name in ("first", "last"):
            self.fields[name].today = today


class CaseFilter(ListFilter):
    words = {"state": "status", "owner": "sagsbehandler", "locality": "by"}
    orders = tuple(CASE_ORDERS)

    state = some(_("Status"), [(word, label) for word, (label, _rows) in CASE_STATES.items()])
    owner = some(_("Sagsbehandler"), [])
    locality = some(_("By"), [])

    def __init__(self, query, *, owners: Choices, localities: Choices, **kwargs):
        super().__init__(query, **kwargs)
        self.fields["q"].widget = forms.HiddenInput()
        everything = [("", _("Alle"))]
        self.fields["owner"].choices = [*everything, (MINE, _("Mig")), *owners, (NOBODY, _("Uden sagsbehandler"))]
        self.fields["locality"].choices = [*everything, *localities]

    @property
    def text(self) -> str:
        """What is searched for, for the search field above the filters."""
        return self.chosen.get("q", "")

    @property
    def others(self) -> list[tuple[str, str]]:
        """The other choices, which a new search keeps."""
        return [(self.add_prefix(name), value) for name, value in self.chosen.items() if name != "q"]
