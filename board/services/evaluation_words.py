"""The evaluation by the strategy's six areas, from its figures alone."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from board.services.compliance import Tally
from board.services.open_duties import NO_CAUSE, REASONS
from board.services.report_tables import KINDS, Cell, Head, Table, day, months_table, number, on_time, text
from board.services.report_words import (
    Document,
    lined,
    reached,
    reasons_table,
    rules_table,
    smalls,
    span,
    status,
)
from board.services.wording import month_year
from cases.formats import lower_first
from deadlines.models import Kind


def evaluation(figures: Mapping) -> Document:
    parts = [_part(area, figures) for area in figures["areas"]]
    rules = [row for area in figures["areas"] for row in area["rules"]]
    found = [
        overview_table(figures["areas"]),
        _by_area("rules", _("Til tiden pr. regel"), parts, "rules"),
        months_table(rules, figures["months"]),
        _by_area("causes", _("Årsager til forsinkelser"), parts, "causes"),
        _by_area("actions", _("Handlinger"), parts, "actions"),
        goals_table(figures["areas"]),
    ]
    return Document(
        title=_("Evaluering, %s") % months_in_words(figures),
        period=span(figures),
        before=_("Perioden før er %s.") % before_in_words(figures),
        status=status(figures),
        sentences=summary(figures["areas"]),
        tables={table.key: table for table in found},
        smalls=[],
        parts=parts,
    )


def months_in_words(figures: Mapping) -> str:
    first, last = date.fromisoformat(figures["first"]), date.fromisoformat(figures["last"])
    if (first.year, first.month) == (last.year, last.month):
        return month_year(first)
    shown = month_year(first)
    if first.year == last.year:
        shown = shown.rpartition(" ")[0]
    return _("%(first)s til %(last)s") % {"first": shown, "last": month_year(last)}


def before_in_words(figures: Mapping) -> str:
    first, last = (date.fromisoformat(each) for each in figures["before"])
    return months_in_words({"first": first.isoformat(), "last": last.isoformat()})


def _part(area: Mapping, figures: Mapping) -> dict:
    """One area as it stands in the document."""
    return {
        "title": area["title"],
        "paragraph": area["paragraph"],
        "name": _("§ %(number)d %(title)s") % {"number": area["paragraph"], "title": area["title"]},
        "goals": area["goals"],
        "sentence": sentence(area),
        "rules": rules_table(area["rules"], _("Perioden før")),
        "smalls": smalls(lined(area["rules"]), figures),
        "causes": reasons_table("causes", _("Årsager til forsinkelser"), area["causes"]),
        "actions": actions_table(area["actions"]),
    }


def of_kind(area: Mapping, kind: str, when: str = "now") -> Tally:
    return sum((Tally(**row[when]) for row in area["rules"] if row["kind"] == kind), Tally())


def sentence(area: Mapping) -> str:
    """Each kind of the area in a clause; laws, goals and local targets are never added up."""
    said = []
    for kind, label in KINDS.items():
        tally = of_kind(area, kind)
        if tally.counted:
            words = {"kind": label, "share": on_time(tally).text, "n": number(tally.counted).text}
            plain = tally.percent is None
            said.append(
                _("%(kind)s: %(share)s til tiden") % words
                if plain
                else _("%(kind)s: %(share)s til tiden (n = %(n)s)") % words
            )
    if not said:
        return _("Ingen frister i perioden.")
    return " ".join([". ".join(said) + ".", *cause_sentences(area["causes"])])


def cause_sentences(causes: Mapping[str, int]) -> list[str]:
    """The most frequent reason that is known, and for how many none is written."""
    known = {word: number for word, number in causes.items() if word != NO_CAUSE and number}
    said = []
    if known:
        most = max(sorted(known), key=known.get)
        words = {"cause": lower_first(str(REASONS[most])), "number": known[most]}
        said.append(_("Hyppigste årsag til forsinkelse: %(cause)s (%(number)d).") % words)
    if causes.get(NO_CAUSE):
        words = {"number": causes[NO_CAUSE], "whole": sum(causes.values())}
        said.append(_("Årsagen mangler for %(number)d af %(whole)d forsinkelser.") % words)
    return said


def summary(areas: Sequence[Mapping]) -> list[str]:
    """Where the goals are reached and where they are not, and what was late most often."""
    above, below = [], []
    for area in areas:
        found = [(kind, of_kind(area, kind)) for kind in KINDS]
        for names, wanted in ((above, True), (below, False)):
            kinds = [
                KINDS[kind].lower()
                for kind, tally in found
                if tally.percent is not None and (tally.percent >= goal_of(area, kind)) is wanted
            ]
            if kinds:
                names.append(f"{area['title']} ({', '.join(kinds)})")
    said = []
    if above:
        said.append(_("Målet er nået i: %s.") % "; ".join(above))
    if below:
        said.append(_("Målet er ikke nået i: %s.") % "; ".join(below))
    rows = [row for area in areas for row in area["rules"] if row["now"]["late"]]
    if rows:
        worst = max(rows, key=lambda row: (row["now"]["late"], row["name"]))
        now = Tally(**worst["now"])
        words = {"rule": worst["name"], "late": now.late, "n": now.counted}
        said.append(_("Mest sent: %(rule)s, hvor %(late)d af %(n)d kom efter fristen.") % words)
    return said or [_("Ingen frister i perioden.")]


def goal_of(area: Mapping, kind: str) -> int:
    return next(row["goal"] for row in area["rules"] if row["kind"] == kind)


# --- Tables -----------------------------------------------------------------------------------


def overview_table(areas: Sequence[Mapping]) -> Table:
    """The six areas on one sheet: on time by kind, against the goal and the period before."""
    heads = (
        Head(_("Område"), 34, number=False),
        Head(_("Art"), 14, number=False),
        Head(_("Mål"), 8, unit="%"),
        Head(_("Til tiden"), 11, unit="%"),
        Head(_("n"), 8),
        Head(_("Perioden før"), 12, unit="%"),
        Head(_("For sent"), 10),
    )
    rows = []
    for area in areas:
        for kind in (Kind.LAW, Kind.SERVICE_GOAL, Kind.LOCAL_TARGET):
            now, before = of_kind(area, kind), of_kind(area, kind, "before")
            if now.counted:
                goal = goal_of(area, kind)
                rows.append(
                    (
                        text(f"§ {area['paragraph']} {area['title']}"),
                        text(KINDS[kind]),
                        Cell(f"{goal} %", goal, reached(now, goal)),
                        on_time(now),
                        number(now.counted),
                        on_time(before)._replace(more=""),
                        number(now.late),
                    )
                )
    return Table("overview", _("De seks områder"), heads, rows)


def _by_area(key: str, title: str, parts: Sequence[Mapping], name: str) -> Table:
    """The areas' tables below each other, with the area in front."""
    heads = (Head(_("Område"), 34, number=False), *parts[0][name].heads)
    return Table(key, title, heads, [(text(part["name"]), *row) for part in parts for row in part[name].rows])


def actions_table(actions: Sequence[Mapping]) -> Table:
    heads = (
        Head(_("Handling"), 44, number=False),
        Head(_("Status"), 12, number=False),
        Head(_("Siden"), 12, number=False),
        Head(_("Ansvarlig"), 20, number=False),
        Head(_("Senest"), 12, number=False),
        Head(_("Note"), 44, number=False),
    )
    rows = [
        (
            text(each["title"]),
            text(each["status"])._replace(more=_("overskredet") if each["is_overdue"] else ""),
            day(each["since"]),
            text(each["owner"] or "–"),
            day(each["due_on"]),
            text(each["note"] or "–"),
        )
        for each in actions
    ]
    return Table("actions", _("Handlinger"), heads, rows)


def goals_table(areas: Sequence[Mapping]) -> Table:
    heads = (Head(_("Område"), 34, number=False), Head(_("Strategiens mål"), 90, number=False))
    rows = [(text(f"§ {area['paragraph']} {area['title']}"), text(goal)) for area in areas for goal in area["goals"]]
    return Table("goals", _("Strategiens mål"), heads, rows)
