"""The way down: which steps are behind a number of the board. What the board counts and what it lists is one thing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from board.services.columns import BY_WORD, in_column, in_role
from board.services.compliance import Period, due_in, kept_ids
from board.services.flow import acted_in
from board.services.forecast import expected_slips, pace_of
from board.services.open_duties import AHEAD, in_band, late_now, listed_now, open_duties, reason, to_do
from board.services.outcomes import IS_LATE, REACHED_LATE, Outcome, judged, open_and_waiting, within_new_date
from board.services.scope import Scope
from board.services.snapshots import open_from
from deadlines.models import Group, StepQuerySet

PERSONS, FAMILIES = "personer", "familier"
NOBODY = "ingen"


@dataclass(frozen=True, slots=True)
class Figure:
    """One kind of number: its word in the URL, what it counts, and its rows.

    kept: closed months are listed as they were counted when they closed, by these outcomes.
    """

    label: str | Promise
    rows: Callable[[Scope, Period, date], StepQuerySet]
    kept: tuple[str, ...] = ()


def _outcome(*outcomes: Outcome) -> Callable:
    return lambda scope, period, today: due_in(scope, period, today).filter(outcome__in=outcomes)


def _late(which: Callable[[date], Q]) -> Callable:
    return lambda scope, period, today: due_in(scope, period, today).filter(IS_LATE & which(today))


def _in_group(group: Group) -> Callable:
    return lambda scope, period, today: late_now(scope, today).filter(group=group)


def _slipping(scope: Scope, period: Period, today: date) -> StepQuerySet:
    duties = open_duties(scope, today, today + AHEAD)
    found = expected_slips(duties, scope, today, pace_of(scope, today))
    return listed_now(scope, today).filter(pk__in=[slip.pk for slip in found])


FIGURES = {
    "talt": Figure(_("Talt med"), _outcome(Outcome.ON_TIME, Outcome.LATE), ("on_time", "late")),
    "til-tiden": Figure(_("Til tiden"), _outcome(Outcome.ON_TIME), ("on_time",)),
    "for-sent": Figure(_("For sent"), _outcome(Outcome.LATE), ("late",)),
    "talt-nu": Figure(_("Talt med, som sagerne står i dag"), _outcome(Outcome.ON_TIME, Outcome.LATE)),
    "sene-nu": Figure(_("For sent, som sagerne står i dag"), _outcome(Outcome.LATE)),
    "ny-dato": Figure(_("For sent, men inden for en ny dato"), _late(within_new_date)),
    "venter": Figure(_("For sent, og venter på andre"), _late(open_and_waiting)),
    "naaet-sent": Figure(_("For sent, fordi sagen nåede os efter fristen"), _late(lambda today: REACHED_LATE)),
    "fritaget": Figure(_("Fritaget eller ikke omfattet"), _outcome(Outcome.EXCUSED)),
    "bortfaldet": Figure(_("Bortfaldet inden fristen"), _outcome(Outcome.FALLEN)),
    "overskredet": Figure(_("Overskredet nu"), _in_group(Group.OVERDUE)),
    "passeret": Figure(_("Passeret nu (lokale mål)"), _in_group(Group.PASSED)),
    "naeste": Figure(_("Åbne, næste 14 dage"), lambda scope, period, today: to_do(scope, today)),
    "glider": Figure(_("Ventes at blive forsinket"), _slipping),
    "gjort": Figure(_("Gjort i perioden"), acted_in),
}


def rows(scope: Scope, period: Period, today: date, chosen: Mapping) -> StepQuerySet:
    """The steps behind one number. chosen: of board.forms.cells.CellFilter, `figure` is a key of FIGURES."""
    figure = FIGURES[chosen["figure"]]
    border = open_from() if figure.kept else None
    if border is None or period.first >= border:
        return _narrowed(figure.rows(scope, period, today), today, chosen)
    closed = Period(period.first, min(period.last, border - timedelta(days=1)))
    wanted = _of_figures(chosen)
    ids = [pk for outcome in figure.kept for pk in kept_ids(scope, closed, outcome, **wanted)]
    live = Period(border, period.last)
    found = Q(pk__in=ids)
    if live.first <= live.last:
        found |= Q(pk__in=_narrowed(figure.rows(scope, live, today), today, chosen).order_by().values("pk"))
    steps = judged(today).filter(scope.of_cases("case__")).filter(found)
    return steps.filter(in_role(chosen["role"])) if chosen.get("role") else steps


def kept_number(scope: Scope, period: Period, chosen: Mapping) -> int | None:
    """How many were counted when the months closed; None where nothing of the number is closed."""
    figure, border = FIGURES[chosen["figure"]], open_from()
    if not figure.kept or border is None or period.first >= border or period.last >= border or chosen.get("role"):
        return None
    return sum(len(kept_ids(scope, period, outcome, **_of_figures(chosen))) for outcome in figure.kept)


def _of_figures(chosen: Mapping) -> dict:
    """The choices that a kept row knows, by its columns."""
    wanted = {name: chosen[name] for name in ("kind", "rule") if chosen.get(name)}
    if chosen.get("column"):
        wanted["rule__in"] = BY_WORD[chosen["column"]].rules
    return wanted | ({"household": chosen["who"] == FAMILIES} if chosen.get("who") else {})


def _narrowed(steps: StepQuerySet, today: date, chosen: Mapping) -> StepQuerySet:
    given = {name: chosen[name] for name in ("kind", "rule") if chosen.get(name)}
    steps = steps.filter(**given)
    if chosen.get("who"):
        steps = steps.filter(person__isnull=chosen["who"] == FAMILIES)
    if chosen.get("role"):
        steps = steps.filter(in_role(chosen["role"]))
    if chosen.get("owner"):
        steps = steps.filter(owner=None if chosen["owner"] == NOBODY else chosen["owner"])
    if chosen.get("column"):
        steps = steps.filter(in_column(BY_WORD[chosen["column"]]))
    if chosen.get("band"):
        steps = steps.filter(in_band(chosen["band"], today))
    return steps.annotate(reason=reason()).filter(reason=chosen["reason"]) if chosen.get("reason") else steps
