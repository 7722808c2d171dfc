"""The filters of the board, and the choices that name one number of it. All of it stands in the URL."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from board.services.cells import FAMILIES, FIGURES, PERSONS
from board.services.columns import COLUMNS, ROLES
from board.services.compliance import Period, last_months, quarter
from board.services.open_duties import BANDS, REASONS
from board.services.outcomes import KINDS
from board.services.scope import Scope
from cases.forms import DanishDateField
from desk.forms.filters import Choices, ListFilter, some

QUARTER, YEAR, OWN = "kvartal", "12", "eget"
PERIODS = ((QUARTER, _("Kvartal")), (YEAR, _("12 måneder")), (OWN, _("Eget valg")))
LONGEST = 1100  # days of an own period: three years


class BoardFilter(ListFilter):
    """Period, team and town. `period` and `problems` may be asked after `chosen`."""

    words = {"first": "fra", "last": "til", "span": "periode", "locality": "by"}
    q = None

    span = some("", [("", ""), *PERIODS], widget=forms.HiddenInput)
    first = DanishDateField(label=_("Fra"), required=False)
    last = DanishDateField(label=_("Til"), required=False)
    team = some(_("Team"), [])
    locality = some(_("By"), [])

    def __init__(self, query, *, teams: Choices, localities: Choices, today: date, **kwargs):
        super().__init__(query, **kwargs)
        self.today = today
        self.fields["team"].choices = [("", _("Alle")), *teams]
        self.fields["locality"].choices = [("", _("Alle byer")), *localities]
        for name in ("first", "last"):
            self.fields[name].today = today
        self.is_valid()
        if not self.is_own:
            for name in ("first", "last"):
                self.fields[name].widget = forms.HiddenInput()
        self.problems = [str(error) for name in ("first", "last") for error in self.errors.get(name, ())]
        own = self._own_period()
        if own.first > own.last:
            self.problems.append(_("Fra-datoen ligger efter til-datoen. Byt om på dem."))
        elif (own.last - own.first).days > LONGEST:
            self.problems.append(_("Vælg højst tre år ad gangen."))

    def _own_period(self) -> Period:
        """The days that were chosen; without a first one the twelve months up to the last, which is today at most."""
        last = min(self.cleaned_data.get("last") or self.today, self.today)
        return Period(self.cleaned_data.get("first") or last_months(last, 12).first, last)

    @property
    def is_own(self) -> bool:
        return self.cleaned_data.get("span") == OWN or any(
            self.data.get(self.words[name]) for name in ("first", "last")
        )

    @property
    def period(self) -> Period:
        """The dates chosen, the quarter, or the last twelve months; what can't be is answered by the twelve months."""
        year = last_months(self.today, 12)
        if self.problems:
            return year
        if self.is_own:
            return self._own_period()
        return quarter(self.today) if self.chosen.get("span") == QUARTER else year

    def narrow(self, scope: Scope) -> Scope:
        team, locality = self.chosen.get("team"), self.chosen.get("locality")
        return scope.narrowed(team=int(team) if team else None, locality=int(locality) if locality else None)

    @property
    def kept(self) -> dict[str, str]:
        """Team and town, for the links to the rows."""
        return {self.add_prefix(name): self.chosen[name] for name in ("team", "locality") if self.chosen.get(name)}


def hidden(label, choices) -> forms.ChoiceField:
    return some(label, [("", ""), *choices], widget=forms.HiddenInput)


class CellFilter(BoardFilter):
    """One number of the board: which figure, and of what."""

    words = BoardFilter.words | {
        "figure": "figur",
        "kind": "art",
        "rule": "regel",
        "who": "hvem",
        "role": "rolle",
        "owner": "ejer",
        "column": "kolonne",
        "band": "alder",
        "reason": "aarsag",
    }

    figure = hidden(_("Tal"), ((word, figure.label) for word, figure in FIGURES.items()))
    kind = hidden(_("Art"), ((kind.value, kind.label) for kind in KINDS))
    rule = forms.RegexField(
        r"\A[a-z_]+\.[a-z0-9_-]{1,50}\Z", label=_("Regel"), required=False, widget=forms.HiddenInput
    )
    who = hidden(_("Hvem"), ((PERSONS, _("Personer")), (FAMILIES, _("Familier"))))
    role = hidden(_("Svarer for fristen"), ROLES)
    owner = forms.RegexField(r"\A([0-9]{1,9}|ingen)\Z", label=_("Ansvarlig"), required=False, widget=forms.HiddenInput)
    column = hidden(_("Kolonne"), ((column.word, column.title) for column in COLUMNS))
    band = hidden(_("Dage over"), ((word, word) for word, *_days in BANDS))
    reason = hidden(_("Årsag"), REASONS.items())

    @property
    def chosen(self) -> dict:
        found = super().chosen
        return found if found.get("figure") else {**found, "figure": "overskredet"}
