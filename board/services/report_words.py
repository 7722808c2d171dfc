"""The monthly report in words, tables and drawings, from its figures alone: page, paper and sheet say the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import ceil

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from board.services import charts
from board.services.compliance import Tally, sum_of
from board.services.open_duties import BAND_LABELS, REASONS
from board.services.report_summary import named_month, summary
from board.services.report_tables import (
    KINDS,
    Cell,
    Head,
    Table,
    median,
    months_table,
    number,
    on_time,
    percent,
    points,
    text,
    with_new,
)
from board.services.wording import decimal, month_name, short_month, small_label, weeks_label
from cases.formats import doc_date, long_date, week
from deadlines.models import Kind

SHORT = {Kind.LAW.value: _l("lov"), Kind.SERVICE_GOAL.value: _l("mål"), Kind.LOCAL_TARGET.value: _l("lokalt")}
LINE = 2  # months with a percentage that make a line
# What of the duties has room on the one page, in mm: a row of four charts, a row of the table, and its head.
ROOM, FOUR, CHART_ROW, TABLE_ROW, TABLE_HEAD = 92, 4, 21.8, 4.5, 11
LONGEST_NAME = 36  # of a duty, on one line of the paper


@dataclass(frozen=True, slots=True)
class Document:
    """What stands in a report. smalls: small charts of the month; the evaluation has them by area, in its parts."""

    title: str
    period: str
    status: str
    sentences: list[str]
    tables: dict[str, Table]
    smalls: list[dict]
    weeks: dict | None = None
    parts: Sequence[Mapping] = ()
    before: str = ""

    @property
    def on_paper(self) -> dict:
        """What of the duties has room on the one page, and whether that is less than all."""
        quiet = self.tables["quiet"]
        charts, rows = fitted(len(self.smalls), len(quiet.rows))
        cut = charts < len(self.smalls) or rows < len(quiet.rows)
        short = [(text(Truncator(row[0].text).chars(LONGEST_NAME)), *row[1:]) for row in quiet.rows[:rows]]
        return {"smalls": self.smalls[:charts], "quiet": replace(quiet, rows=short), "cut": cut}


def span(figures: Mapping) -> str:
    return f"{doc_date(date.fromisoformat(figures['first']))} – {doc_date(date.fromisoformat(figures['last']))}"


def status(figures: Mapping) -> str:
    """Whether the figures stand, or when they will."""
    if figures["closed"]:
        return _("Lukket: tallene til tiden ændrer sig ikke.")
    return _("Foreløbig: tallene lukkes %s.") % long_date(date.fromisoformat(figures["closes_on"]))


def monthly(figures: Mapping) -> Document:
    rules = figures["rules"]
    found = [
        kinds_table(figures),
        rules_table(rules, _("Måneden før")),
        quiet_table(rules),
        months_table(rules, figures["months"]),
        bands_table(figures),
        reasons_table("reasons", _("Hvorfor overskredet"), figures["overdue"]["over"]["by_reason"]),
        reasons_table("causes", _("Hvorfor for sent i måneden"), figures["causes"]),
        moves_table(figures),
        here_table(figures),
        weeks_table(figures),
        slips_table(figures),
    ]
    return Document(
        title=_("Månedsrapport, %s") % named_month(figures),
        period=span(figures),
        status=status(figures),
        sentences=summary(figures),
        tables={table.key: table for table in found},
        smalls=smalls(lined(rules), figures),
        weeks=weeks_chart(figures),
    )


# --- Tables -----------------------------------------------------------------------------------


def kinds_table(figures: Mapping) -> Table:
    heads = (
        Head(_("Art"), 14, number=False),
        Head(_("Mål"), 8, unit="%"),
        Head(_("Til tiden"), 11, unit="%"),
        Head(_("n"), 8),
        Head(_("Måneden før"), 11, unit="%"),
        Head(_("Ændring, point"), 10),
        Head(_("Personer"), 11, unit="%"),
        Head(_("Familier"), 11, unit="%"),
        Head(_("For sent"), 10),
        Head(_("Inkl. ny dato"), 12, unit="%"),
        Head(_("Åbne ved udgangen"), 12),
    )
    return Table("kinds", _("Til tiden pr. art"), heads, [_kind_row(row) for row in figures["kinds"]])


def _kind_row(row: Mapping) -> tuple[Cell, ...]:
    now, before = Tally(**row["now"]), Tally(**row["before"])
    return (
        text(KINDS[row["kind"]]),
        Cell(f"{row['goal']} %", row["goal"], reached(now, row["goal"])),
        on_time(now),
        number(now.counted),
        on_time(before)._replace(more=""),
        points(now, before),
        _with_n(Tally(**row["persons"])),
        _with_n(Tally(**row["families"])),
        number(now.late),
        with_new(now),
        number(row["stock"]),
    )


def _with_n(tally: Tally) -> Cell:
    n = _("n = %s") % number(tally.counted).text if tally.percent is not None else ""
    return on_time(tally)._replace(more=n)


def reached(tally: Tally, goal: int) -> str:
    """Whether the goal is reached, in a word; nothing where a percentage says nothing."""
    if tally.percent is None:
        return ""
    return _("nået") if tally.percent >= goal else _("ikke nået")


def rules_table(rules: Sequence[Mapping], before: str) -> Table:
    """Each duty with its term and goal: on time, before, late, and how long it took."""
    heads = (
        Head(_("Regel"), 26, number=False),
        Head(_("Art"), 14, number=False),
        Head(_("Krav"), 20, number=False),
        Head(_("Mål"), 8, unit="%"),
        Head(_("Til tiden"), 11, unit="%"),
        Head(_("n"), 8),
        Head(before, 14, unit="%"),
        Head(_("For sent"), 10),
        Head(_("Median, dage"), 10),
        Head(_("9 af 10, dage"), 10),
        Head(_("Udført"), 10),
    )
    return Table("rules", _("Til tiden pr. regel"), heads, [_rule_row(row) for row in rules])


def _rule_row(row: Mapping) -> tuple[Cell, ...]:
    now, before = Tally(**row["now"]), Tally(**row["before"])
    return (
        text(row["name"]),
        text(KINDS[row["kind"]]),
        text(row["term"] or "–"),
        percent(row["goal"]),
        on_time(now),
        number(now.counted),
        on_time(before)._replace(more=""),
        number(now.late),
        *median(row["times"]),
        number(row["times"]["number"]),
    )


def lined(rules: Sequence[Mapping]) -> list[Mapping]:
    """Duties of which enough fall due in a month for a line of percentages."""
    return [row for row in rules if sum(Tally(**given).percent is not None for given in row["months"]) >= LINE]


def quiet_table(rules: Sequence[Mapping]) -> Table:
    """The other duties: the month in counts, and the twelve months together."""
    heads = (
        Head(_("Regel"), 26, number=False),
        Head(_("Art"), 14, number=False),
        Head(_("Krav"), 20, number=False),
        Head(_("Måneden"), 11, unit="%"),
        Head(_("n"), 8),
        Head(_("12 måneder"), 12, unit="%"),
        Head(_("n, 12 måneder"), 12),
        Head(_("For sent, 12 måneder"), 12),
    )
    shown, rows = lined(rules), []
    for row in (row for row in rules if row not in shown):
        year = sum_of(Tally(**given) for given in row["months"])
        cells = [row["name"], KINDS[row["kind"]], row["term"] or "–"]
        now = Tally(**row["now"])
        month = (on_time(now), number(now.counted))
        rows.append(
            (
                *map(text, cells),
                *month,
                on_time(year)._replace(more=""),
                number(year.counted),
                number(year.late),
            )
        )
    return Table("quiet", _("Regler med få frister"), heads, rows)


def fitted(charts: int, quiet: int) -> tuple[int, int]:
    """How many charts and rows of the quiet table have room on the one page; the rest stands on page and sheet."""
    shown = min(charts, FOUR * (int(ROOM / CHART_ROW) - bool(quiet)))
    left = ROOM - CHART_ROW * ceil(shown / FOUR) - TABLE_HEAD
    return shown, max(min(quiet, int(left / TABLE_ROW)), 0)


def bands_table(figures: Mapping) -> Table:
    over, passed = figures["overdue"]["over"], figures["overdue"]["passed"]
    rows = [
        (
            text(str(label)),
            number(over["by_band"].get(word, 0)),
        )
        for word, label in BAND_LABELS.items()
    ]
    rows += [
        (text(_("I alt")), number(over["number"])),
        (text(_("Passerede lokale mål")), number(passed["number"])),
    ]
    heads = (Head(_("Dage over"), 24, number=False), Head(_("Frister"), 10))
    return Table("bands", _("Overskredet nu"), heads, rows)


def reasons_table(key: str, title: str, numbers: Mapping[str, int]) -> Table:
    """The most frequent first."""
    order = sorted(numbers.items(), key=lambda each: (-each[1], each[0]))
    heads = (Head(_("Årsag"), 32, number=False), Head(_("Frister"), 10))
    return Table(key, title, heads, [(text(str(REASONS[word])), number(counted)) for word, counted in order])


def moves_table(figures: Mapping) -> Table:
    """The month beside the one before."""
    ways = (
        ("came", "persons", _("Ankomne personer")),
        ("came", "families", _("Ankomne familier")),
        ("left", "persons", _("Fraflyttede personer")),
        ("left", "families", _("Fraflyttede familier")),
    )
    made, moves = date.fromisoformat(figures["made_on"]), figures["moves"]
    months = [month_name(date.fromisoformat(row["month"]), made).capitalize() for row in moves]
    rows = [(text(label), *(number(row[way][what]) for row in moves)) for way, what, label in ways]
    heads = [Head(_("Hvem"), 24, number=False), *(Head(month, 14) for month in months)]
    return Table("moves", _("Ankomst og fraflytning"), heads, rows)


def here_table(figures: Mapping) -> Table:
    words = (("persons", _("Personer")), ("children", _("heraf børn")), ("families", _("Familier")))
    rows = [(text(label), number(figures["here"][name])) for name, label in words]
    return Table("here", _("I modtagelse nu"), (Head(_("Hvem"), 18, number=False), Head(_("Antal"), 10)), rows)


def weeks_table(figures: Mapping) -> Table:
    found = figures["forecast"]
    heads = (
        Head(_("Uge"), 8, number=False),
        Head(_("Kendte frister"), 12),
        Head(_("Forventede frister"), 12),
        Head(_("Ventede ankomster"), 12),
        Head(_("Kapacitet"), 10),
    )
    rows = [
        (
            Cell(*(2 * [str(week(date.fromisoformat(row["monday"])))])),
            Cell(str(row["known"]), row["known"]),
            Cell(str(row["expected"]), row["expected"]),
            Cell(decimal(row["arrivals"]), row["arrivals"]),
            Cell(str(found["capacity"]), found["capacity"]) if found["capacity"] else text("–"),
        )
        for row in found["weeks"]
    ]
    return Table("weeks", _("Kommende uger"), heads, rows, note=capacity_note(found))


def capacity_note(found: Mapping) -> str:
    if not found["capacity"]:
        return ""
    words = {"n": found["capacity"]}
    if found["is_set"]:
        return _("Kapacitet: %(n)d frister pr. uge.") % words
    return _("Kapacitet: %(n)d frister pr. uge, tempoet de sidste 12 uger.") % words


def slips_table(figures: Mapping) -> Table:
    heads = (Head(_("Regel"), 26, number=False), Head(_("Frister"), 10))
    found = sorted(figures["forecast"]["by_rule"].items(), key=lambda each: (-each[1], each[0]))
    rows = [(text(name), number(slips)) for name, slips in found]
    return Table("slips", _("Ventes forsinket, 14 dage"), heads, rows)


# --- Drawings ---------------------------------------------------------------------------------


def smalls(rules: Sequence[Mapping], figures: Mapping) -> list[dict]:
    """A small chart for each duty that has anything to show, with the period's share, n and median."""
    made = date.fromisoformat(figures["made_on"])
    months = [date.fromisoformat(month) for month in figures["months"]]
    found = []
    for row in rules:
        values = [Tally(**given).percent for given in row["months"]]
        now = Tally(**row["now"])
        found.append(
            {
                "title": row["name"],
                "kind": KINDS[row["kind"]],
                "share": on_time(now),
                "chart": charts.small(values, row["goal"]),
                "label": small_label(row["name"], values, months, row["goal"], made),
                "caption": " · ".join(_caption(row, now)),
                "first": short_month(months[0]),
                "last": short_month(months[-1]),
            }
        )
    return found


def _caption(row: Mapping, now: Tally) -> list[str]:
    middle, _nine = median(row["times"])
    parts = [_("n = %d") % now.counted] if now.percent is not None else []
    if middle.value != "–":
        parts.append(_("median %s") % middle.text)
    return [*parts, ", ".join(part for part in (str(SHORT[row["kind"]]), row["term"]) if part)]


def weeks_chart(figures: Mapping) -> dict:
    """The drawing and what it says."""
    found = figures["forecast"]
    rows = [(str(week(date.fromisoformat(row["monday"]))), row["known"], row["expected"]) for row in found["weeks"]]
    return {"chart": charts.weeks(rows, found["capacity"]), "label": weeks_label(rows)}
