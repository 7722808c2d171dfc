"""Tal på en dato in words: each figure with what counts, how many it is about, and a sentence to copy."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from board.services import day_figures as figures
from board.services import day_people
from board.services.day_figures import Breakdown, Cell, Line
from board.services.day_people import HOST, Here
from board.services.suppression import Hidden, crossed, flat, nested
from cases.choices import PermitState, Sex
from cases.formats import MONTHS, join_names, long_date
from housing.models import PlacementKind

TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Day:
    """What all breakdowns of one day share. ages: the cells of the age table, to whose groups others refer."""

    day: date
    municipality: str
    people: list[Here]
    ages: dict[Hashable, Cell]

    @property
    def date(self) -> str:
        return long_date(self.day)

    @property
    def persons(self) -> Cell:
        return self.ages[TOTAL]

    @property
    def families(self) -> Cell:
        return figures.single(len({one.case_id for one in self.people}))


def breakdowns(day: date, *, municipality: str) -> list[Breakdown]:
    """Everything about the day, in the order of the page. Five queries."""
    people = day_people.people_on(day)
    cells = figures.shown(nested(figures.ages(people, day), TOTAL))
    of = Day(day, municipality, people, cells)
    arrived, left = figures.moves(day_people.arrivals(day), day), figures.moves(day_people.departures(day), day)
    return [
        reception(of),
        coming_and_going(of, arrived, left),
        by_age(of),
        children(of),
        permits(of),
        by_sex(of),
        by_town(of, day_people.town_names()),
        by_home(of),
        work(of),
        contact(of),
        min_plan(of),
    ]


# --- Sentences --------------------------------------------------------------------------------


def counted(cell: Cell, one: str, many: str) -> str:
    """ "84 personer", "1 person", "under 5 personer", "ingen personer"."""
    if cell.value == 0:
        return _("ingen %s") % many
    return f"{cell.text} {one if cell.value == 1 else many}"


def is_kept_back(cell: Cell) -> bool:
    """Hidden although it is not small: nothing can be said of it."""
    return cell.hidden is Hidden.BESIDE


def persons_of(cell: Cell) -> str:
    return counted(cell, _("person"), _("personer"))


def listed(lines: Iterable[Line]) -> str:
    """ "meddelt 60 og afslag under 5": every line that says a number; what is 0 or kept back is left out."""
    said = [line for line in lines if line.cells[0].value != 0 and not is_kept_back(line.cells[0])]
    return join_names([f"{line.label} {line.cells[0].text}" for line in said])


def spread(of: Day, what: str, lines: Sequence[Line]) -> str:
    """ "Den 24. november 2026 var 84 personer i modtagelse. Fordelt efter køn: Kvinde 50 og Mand 34."."""
    words = {"day": of.date, "who": persons_of(of.persons), "what": what, "list": listed(lines)}
    if not words["list"]:
        return ""
    rest = _(" De øvrige er ikke vist.") if any(is_kept_back(line.cells[0]) for line in lines) else ""
    return _("Den %(day)s var %(who)s i modtagelse. Fordelt efter %(what)s: %(list)s.") % words + rest


def with_share(cell: Cell, whole: Cell) -> str:
    """ "20 (62 %)", "ingen"."""
    if cell.value == 0:
        return _("ingen")
    share = Line("", "", (cell,), of=whole).share
    return f"{cell.text} ({share})" if share else cell.text


# --- The breakdowns ---------------------------------------------------------------------------


def simple(
    of: Day, counts: dict, label: Callable[[Hashable], str], *, key: str, title: str, definition: str, what: str,
    zeros: bool = False,
) -> Breakdown:  # fmt: skip
    """A list of persons that adds up to all. A line that would say 0 is left out, unless zeros; what is hidden stays,
    or its absence would tell.
    """
    cells = figures.shown(flat(counts, TOTAL))
    said = [name for name, number in counts.items() if number or zeros or not cells[name].is_shown]
    lines = tuple(Line(f"{key}-{name}", label(name), (cells[name],), of=cells[TOTAL]) for name in said)
    return Breakdown(
        key, title, definition, (_("Personer"),), (*lines, whole(cells[TOTAL])), spread(of, what, lines), True
    )


def whole(cell: Cell, label: str = "") -> Line:
    return Line(TOTAL, label or _("I alt"), (cell,), 0)


def reception(of: Day) -> Breakdown:
    young = of.ages[figures.CHILDREN]
    words = {
        "day": of.date,
        "who": of.municipality,
        "persons": persons_of(of.persons),
        "families": counted(of.families, _("familie"), _("familier")),
        "children": counted(young, _("barn"), _("børn")),
    }
    sentence = _("Den %(day)s havde %(who)s %(persons)s i %(families)s i modtagelse") % words
    if of.persons.value == 0:
        sentence = _("Den %(day)s havde %(who)s ingen personer i modtagelse") % words
    elif not is_kept_back(young):
        sentence += _(", heraf %(children)s under 18 år") % words
    definition = _(
        "Personer, der den dag var ankommet til kommunen, boede her eller havde taget ophold, og som ikke var "
        "fraflyttet. Sagen var åben den dag. Fraflytningsdagen tæller ikke med. En familie er en sag med mindst én "
        "person i modtagelse."
    )
    lines = (
        Line("persons", _("Personer"), (of.persons,), 0),
        Line("families", _("Familier"), (of.families,)),
        Line("under-18", _("Børn under 18 år"), (young,), of=of.persons),
    )
    return Breakdown("reception", _("I modtagelse"), definition, (_("Antal"),), lines, f"{sentence}.")


def coming_and_going(of: Day, arrived: dict, left: dict) -> Breakdown:
    month = f"{MONTHS[of.day.month - 1]} {of.day.year}"
    names = {
        "month": _("%(month)s til og med den %(day)d.") % {"month": month.capitalize(), "day": of.day.day},
        "year": _("%(year)d til og med den dag") % {"year": of.day.year},
        "twelve": _("De seneste 12 måneder"),
    }
    columns = [
        figures.within({period: way[period][of_whom] for period in names})
        for way in (arrived, left)
        for of_whom in (0, 1)
    ]
    lines = tuple(
        Line(f"move-{period}", label, tuple(column[period] for column in columns)) for period, label in names.items()
    )
    said = {"month": month, "year": of.day.year, "day": of.date}
    for line, period in zip(lines, names, strict=True):
        said |= {f"{period}_in": persons_of(line.cells[0]), f"{period}_out": persons_of(line.cells[2])}
    sentence = _(
        "I %(month)s er til og med den %(day)s ankommet %(month_in)s og fraflyttet %(month_out)s. I hele %(year)s er "
        "det %(year_in)s og %(year_out)s, og i de seneste 12 måneder %(twelve_in)s og %(twelve_out)s."
    )
    definition = _(
        "Personer, hvis ankomst til kommunen ligger i perioden, og personer, der er fraflyttet i den. En person tæller "
        "én gang pr. periode. Familier er sager med mindst én ankomst eller fraflytning; en familie, der kommer ad to "
        "gange, tæller én gang."
    )
    heads = (_("Ankommet, personer"), _("Ankommet, familier"), _("Fraflyttet, personer"), _("Fraflyttet, familier"))
    return Breakdown("moves", _("Ankommet og fraflyttet"), definition, heads, lines, sentence % said)


def permits(of: Day) -> Breakdown:
    labels = {**dict(PermitState.choices), figures.UNKNOWN: _("Ikke oplyst")}
    definition = _(
        "Den nyeste status på opholdstilladelsen, der gjaldt den dag. Bortfald og inddragelse tæller, når de er "
        "registreret; en dato, der er passeret, ændrer ikke i sig selv status."
    )
    title = _("Efter opholdstilladelse")
    return simple(
        of, figures.permits(of.people), lambda key: str(labels[key]),
        key="permit", title=title, definition=definition, what=_("opholdstilladelse"),
    )  # fmt: skip


def by_age(of: Day) -> Breakdown:
    old = _("50 år og derover") if figures.has_folded(of.people, of.day) else _("50 år til folkepensionsalderen")
    labels = {
        figures.CHILDREN: _("Børn under 18 år"), "c0": _("0–5 år"), "c6": _("6–12 år"), "c13": _("13–17 år"),
        "cx": _("Børn uden fødselsdato"), figures.WORKING: _("Voksne under folkepensionsalderen"),
        "w18": _("18–29 år"), "w30": _("30–49 år"), "w50": old, "wx": _("Voksne uden fødselsdato"),
        figures.PENSION: _("Folkepensionsalderen er nået"),
    }  # fmt: skip
    note = ""
    if figures.has_folded(of.people, of.day):
        labels[figures.WORKING] = _("Voksne")
        note = _("Under 5 personer har nået folkepensionsalderen. De er regnet med blandt de øvrige voksne.")
    lines = []
    for group, bands in figures.ages(of.people, of.day).items():
        lines.append(Line(f"age-{group}", labels[group], (of.ages[group],), 1, of.persons))
        for band, number in bands.items():
            if band != "p" and (number or not band.endswith("x") or not of.ages[band].is_shown):
                lines.append(Line(f"age-{band}", labels[band], (of.ages[band],), 2, of.persons))
    definition = _(
        "Alderen i hele år den dag. Uden fødselsdato afgør rollen i familien, om personen er barn eller voksen. "
        "Folkepensionsalderen følger fødselsdatoen."
    )
    parts = [line for line in lines if line.level == 2 or line.key == "age-pension"]
    all_lines = (*lines, whole(of.persons))
    sentence = spread(of, _("alder"), parts)
    return Breakdown("age", _("Efter alder"), definition, (_("Personer"),), all_lines, sentence, True, note)


def by_sex(of: Day) -> Breakdown:
    labels = {**{key: str(label) for key, label in Sex.choices}, figures.UNKNOWN: _("Ikke oplyst")}
    definition = _("Køn, som det står på personen. Det må gerne mangle og er da »Ikke oplyst«.")
    return simple(
        of, figures.sexes(of.people), lambda key: labels[key],
        key="sex", title=_("Efter køn"), definition=definition, what=_("køn"),
    )  # fmt: skip


def by_town(of: Day, names: dict[int, str]) -> Breakdown:
    counts = figures.towns(of.people, sorted(names, key=names.__getitem__))
    definition = _(
        "Byen for den bolig, familien havde den dag; uden boligplacering den by, der står på sagen. Familier med "
        "navne- og adressebeskyttelse tælles aldrig under en by, men under »Ikke oplyst«."
    )
    return simple(
        of, counts, lambda key: names.get(key, _("Ikke oplyst")),
        key="town", title=_("Efter by"), definition=definition, what=_("by"),
    )  # fmt: skip


def by_home(of: Day) -> Breakdown:
    labels = {
        PlacementKind.TEMPORARY: _("Midlertidig bolig"), PlacementKind.PERMANENT: _("Varig bolig"),
        HOST: _("Privat vært"), PlacementKind.LODGING: _("Indkvartering før opholdstilladelse"),
        figures.UNKNOWN: _("Ingen registreret bolig"),
    }  # fmt: skip
    definition = _(
        "Den seneste boligplacering, som familien har sagt ja til eller er flyttet ind i, og som den ikke er flyttet "
        "fra. En familie hos en privat vært står under »Privat vært«, uanset grundlaget."
    )
    return simple(
        of, figures.homes(of.people), lambda key: str(labels[key]),
        key="home", title=_("Efter bolig"), definition=definition, what=_("bolig"), zeros=True,
    )  # fmt: skip


def children(of: Day) -> Breakdown:
    young = of.ages[figures.CHILDREN]
    cells = figures.shown(nested(figures.places(of.people, of.day), TOTAL), withheld=not young.is_shown)
    daycare, school = cells[figures.DAYCARE], cells[figures.SCHOOL]
    rows = (
        (figures.DAYCARE, _("I dagtilbudsalderen"), 1, None),
        ("daycare_with", _("Med plads"), 2, daycare),
        ("daycare_without", _("Uden plads"), 2, daycare),
        (figures.SCHOOL, _("I skolealderen"), 1, None),
        ("school_with", _("Med plads"), 2, school),
        ("school_without", _("Uden plads"), 2, school),
        (figures.NEITHER, _("Under 26 uger eller uden fødselsdato"), 1, None),
    )
    lines = tuple(Line(key, label, (cells[key],), level, of_) for key, label, level, of_ in rows)
    definition = _(
        "Dagtilbudsalderen er fra 26 uger til 1. august i det år, barnet fylder 6; derefter skolealderen til barnet er "
        "18. Med plads: et tilbud i dette ophold, som familien har taget imod, eller hvor barnet er begyndt. Uden "
        "plads tæller også børn, hvis familie har sagt nej tak, eller hvor svaret mangler."
    )
    words = {"day": of.date} | {line.key: line.cells[0].text for line in lines}
    sentence = _(
        "Den %(day)s var der %(school)s børn i skolealderen, heraf %(school_with)s med og %(school_without)s uden "
        "plads, og %(daycare)s i dagtilbudsalderen, heraf %(daycare_with)s med og %(daycare_without)s uden plads."
    )
    if not young.value or any(is_kept_back(line.cells[0]) for line in lines):
        sentence = ""
    return Breakdown(
        "places", _("Børn med og uden plads"), definition, (_("Børn"),), (*lines, whole(young)), sentence % words, True
    )


def work(of: Day) -> Breakdown:
    adults = of.ages[figures.WORKING]
    cells = figures.shown(crossed(figures.jobs(of.people, of.day), TOTAL), withheld=not adults.is_shown)
    rows = {
        TOTAL: _("Alle voksne under folkepensionsalderen"),
        figures.AVAILABLE: _("Heraf rådige for arbejdsmarkedet"),
        figures.OTHERS: _("Heraf ikke rådige"),
    }
    note = ""
    if figures.has_folded(of.people, of.day):
        rows[TOTAL] = _("Alle voksne")
        note = _("Under 5 personer har nået folkepensionsalderen. De er regnet med blandt alle voksne.")
    lines = tuple(
        Line(
            f"work-{row}",
            label,
            (cells[row, figures.WITH], cells[row, figures.WITHOUT], cells[row, TOTAL]),
            0 if row == TOTAL else 1,
            cells[row, TOTAL],
        )
        for row, label in rows.items()
    )
    definition = _(
        "I job: et ordinært job, der var begyndt og ikke ophørt den dag. Andelen står med begge nævnere: af alle "
        "voksne under folkepensionsalderen, og af de rådige. Rådig er den, der har opholdstilladelse og ikke er "
        "fritaget for eller undtaget fra henvisning til job, fx ved sygdom, barsel eller uddannelse."
    )
    sentence = work_sentence(of, *lines[:2])
    columns = (_("I job"), _("Ikke i job"), _("Personer"))
    return Breakdown("work", _("Voksne i job"), definition, columns, lines, sentence, True, note)


def work_sentence(of: Day, everybody: Line, available: Line) -> str:
    if everybody.of is None or available.of is None or everybody.of.value == 0:
        return ""
    words = {"day": of.date, "job": everybody.cells[0].text, "all": counted(everybody.of, _("voksen"), _("voksne"))}
    parts = []
    if everybody.cells[0].is_shown:
        words["job"] = with_share(everybody.cells[0], everybody.of)
        parts.append(_("Den %(day)s var %(job)s af %(all)s under folkepensionsalderen i job") % words)
        if everybody.label == _("Alle voksne"):
            parts = [_("Den %(day)s var %(job)s af %(all)s i job") % words]
    if parts and available.cells[0].is_shown and available.of.value:
        words = {"job": with_share(available.cells[0], available.of), "all": available.of.text}
        parts.append(_("af de %(all)s, der er rådige for arbejdsmarkedet, var det %(job)s") % words)
    return "; ".join(parts) + "." if parts else ""


def contact(of: Day) -> Breakdown:
    cells = figures.shown(flat(figures.contacts(of.people), TOTAL))
    labels = {figures.WITH: _("Med kontaktperson"), figures.WITHOUT: _("Uden kontaktperson")}
    lines = tuple(Line(f"contact-{key}", label, (cells[key],), of=cells[TOTAL]) for key, label in labels.items())
    definition = _(
        "Familier, der den dag havde en frivillig kontaktperson. Uden tæller også familier, der ikke ønsker en."
    )
    sentence = ""
    if cells[TOTAL].value and not is_kept_back(cells[figures.WITH]):
        words = {
            "day": of.date,
            "n": with_share(cells[figures.WITH], cells[TOTAL]),
            "all": counted(cells[TOTAL], _("familie"), _("familier")),
        }
        sentence = _("Den %(day)s havde %(n)s af %(all)s en frivillig kontaktperson.") % words
    return Breakdown(
        "contact", _("Kontaktperson"), definition, (_("Familier"),), (*lines, whole(cells[TOTAL])), sentence, True
    )


def min_plan(of: Day) -> Breakdown:
    cells = figures.shown(flat(figures.plans(of.people, of.day), TOTAL))
    labels = {
        figures.IN_TIME: _("Udleveret til tiden"),
        figures.LATE: _("Udleveret for sent"),
        figures.MISSING: _("Ikke udleveret"),
    }
    lines = tuple(Line(f"plan-{key}", label, (cells[key],), of=cells[TOTAL]) for key, label in labels.items())
    definition = _(
        "Voksne og uledsagede mindreårige i modtagelse den dag, hvis frist for Min plan var passeret. Til tiden: "
        "gennemgået og udleveret senest på fristen (14 dage efter ankomst eller visitation). Fritagne og "
        "bortfaldne tæller ikke."
    )
    sentence = ""
    if cells[TOTAL].value and not is_kept_back(cells[figures.IN_TIME]):
        words = {
            "n": with_share(cells[figures.IN_TIME], cells[TOTAL]),
            "all": persons_of(cells[TOTAL]),
            "day": of.date,
        }
        sentence = _("Af de %(all)s, hvis frist var passeret den %(day)s, havde %(n)s fået Min plan til tiden.") % words
    return Breakdown(
        "plan", _("Min plan til tiden"), definition, (_("Personer"),), (*lines, whole(cells[TOTAL])), sentence, True
    )
