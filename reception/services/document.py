"""Min plan as paper: gathers what is printed, and prints it through cases.paper."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from cases.formats import doc_date
from cases.location import cover, places_of
from cases.models import Person, Stay
from cases.paper import render_pdf
from cases.phones import pretty_phone
from cases.secrecy import kept_from
from phrases.models import SOURCE, Language
from phrases.paper import Bank, Draft, Piece
from reception import paper
from reception.models import Plan
from reception.paper import Variant
from reception.services.plan import Line, current_plan, handover_of, lines_of, proposals

MOST_SPOKEN = "uk"
LABELS = (
    *(
        f"label.general.{name}"
        for name in (
            "area",
            "activity",
            "before",
            "who",
            "case",
            "version",
            "draft",
            "handed_over",
            "signature",
            "guardian",
        )
    ),
    *(f"heading.general.{name}" for name in ("plan", "goal", "dates", "what")),
)


@dataclass(frozen=True, slots=True)
class Heading:
    """One fact in the head of the paper: its label in each language, its value as pieces."""

    label: list[Piece]
    value: list[Piece]


def languages_of_paper() -> dict[str, str]:
    """Code -> name of each way to print: Danish beside each other language of the text bank, and each alone."""
    held = {row.pk: row.name.lower() for row in Language.objects.all()}
    others = {code: name for code, name in held.items() if code != SOURCE}
    both = {f"{SOURCE}+{code}": _("Dansk og %s") % name for code, name in others.items()}
    return both | {code: _("Kun %s") % name for code, name in held.items()}


def language_for(person: Person) -> str:
    """Danish beside the first language of the text bank that the person speaks; Ukrainian when none is known."""
    spoken = person.languages.lower()
    known = [row.pk for row in Language.objects.all() if row.pk != SOURCE and row.name.lower() in spoken]
    return f"{SOURCE}+{(known or [MOST_SPOKEN])[0]}"


def plan_pdf(
    person: Person,
    *,
    language: str,
    today: date,
    plan: Plan | None = None,
    editions: Iterable[str] = (),
) -> bytes:
    """The version (default the current one) as a tagged PDF. language: of languages_of_paper(). Raises PaperError.

    editions: of paper.LARGE and paper.WITHOUT_HEALTH. While nothing is written, the paper is a draft of what the
    open deadlines propose.
    """
    variant = Variant.of(language, editions)
    context = paper_context(person, plan or current_plan(person), variant, today)
    title = " / ".join(piece.text for piece in context["labels"]["plan"])
    return render_pdf(
        "reception/plan_pdf.html", context, title=f"{title}, {person.full_name}", lang=variant.languages[0]
    )


def file_name(case_number: str, version: int) -> str:
    """Case number and version, never a name or a CPR number: min-plan-2026-0147-v1.pdf."""
    return f"min-plan-{case_number}-v{version}.pdf"


def drafts_in(person: Person, plan: Plan | None, *, language: str, today: date) -> list[Draft]:
    """The sentences on this paper that nobody has approved yet, to be listed beside the plan."""
    return paper_context(person, plan, Variant.of(language), today)["bank"].drafts()


def paper_context(person: Person, plan: Plan | None, variant: Variant, today: date) -> dict:
    """What is printed. The paper is for this person: nothing tells where those are who are protected against them."""
    bank = Bank.read(list(variant.languages))
    secret, places = kept_from(person), places_kept_from(person)
    lines = lines_of(plan) if plan else proposals(person, today=today)
    lines = [covered(line, places) for line in lines if line.about_id not in secret]
    if variant.without_health:
        lines = [line for line in lines if line.area != "health"]
    handover = handover_of(plan)
    day = handover.on if handover else today
    stay = Stay.objects.filter(person=person).order_by("-round").first()
    arrived_on = stay.arrived_on if stay else None
    worker = person.case.caseworker
    return {
        "municipality": settings.MUNICIPALITY,
        "person": person,
        "case": person.case,
        "version": plan.version if plan else 1,
        "day": doc_date(day),
        "handed_over": handover is not None,
        "variant": variant,
        "bank": bank,
        "two": len(variant.languages) == 2,
        "labels": {key.rpartition(".")[2]: bank.pieces(key) for key in LABELS},
        "columns": bank.columns("label.general.activity"),
        "pages": pages(bank),
        "change": bank.pieces("instruction.general.change"),
        "no_health": bank.pieces("instruction.general.without_health") if variant.without_health else [],
        "nothing": [] if lines else bank.pieces("instruction.general.nothing"),
        "facts": facts(person, bank, arrived_on),
        "goals": goals(plan, bank, places),
        "dates": paper.milestones(bank, lines, arrived_on=arrived_on, today=day),
        "groups": paper.groups(bank, lines, names_in(lines, person)),
        "caseworker": worker.name if worker else settings.MUNICIPALITY["unit"],
    }


def places_kept_from(reader: Person) -> frozenset[str]:
    """The places that no paper for this reader names: of those who are protected against them."""
    secret = kept_from(reader)
    if not secret:
        return frozenset()
    household = reader.case_id if any(one.pk in secret for one in reader.case.people.all()) else None
    return places_of(secret, case_id=household) - places_of([reader.pk])


def phone_of(case) -> str:
    """The caseworker's number, else the unit's; empty where neither has one."""
    phone = (case.caseworker.phone if case.caseworker else "") or settings.MUNICIPALITY["phone"]
    return pretty_phone(phone) if phone.startswith("+") else phone


def covered(line: Line, places: frozenset[str]) -> Line:
    """The activity without the places of those who are protected against the reader of the paper."""
    texts = {name: cover(getattr(line, name), places) for name in ("text", "responsible", "contact")}
    return replace(line, **texts)


def names_in(lines: list[Line], person: Person) -> dict[int | None, paper.Name]:
    """By the id of whom a line is about; None is the person whose plan it is."""
    about = Person.objects.filter(pk__in={line.about_id for line in lines if line.about_id})
    found = {one.pk: paper.Name(one.short_name, one.cyrillic_name) for one in about}
    return {**found, None: paper.Name(person.short_name, person.cyrillic_name)}


def pages(bank: Bank) -> list[dict[str, str]]:
    """The words around the page number: "Side 1 af 2", in each language."""
    return [
        {"page": bank.text("label.general.page", lang), "of": bank.text("label.general.of_pages", lang)}
        for lang in bank.languages
    ]


@dataclass(frozen=True, slots=True)
class Goal:
    """The goal as it was said: its heading in that language, and the mark where the reader's language is another."""

    heading: list[Piece]
    text: Piece
    marks: list[Piece]


def goals(plan: Plan | None, bank: Bank, places: frozenset[str]) -> list[Goal]:
    """The goal in the citizen's own words, and beside it in Danish as the interpreter gave it.

    One chosen from the bank stands in each language of the paper. Without Danish words the others are marked.
    """
    own, danish = (cover(plan.goal, places), cover(plan.goal_danish, places)) if plan else ("", "")
    said = own or danish
    if not said:
        return []
    headings = bank.columns("heading.general.goal")
    if not danish and (found := bank.recognize(own, "goal")):
        return [Goal([head], piece, []) for head, piece in zip(headings, bank.columns(found[0]), strict=True)]
    if own and danish and SOURCE in bank.languages:
        words = Piece(paper.language_of(own), own, translated=False)
        marks = [mark for mark in paper.not_translated(bank, words) if mark.lang != SOURCE]
        both = [(Piece(SOURCE, danish), []), (words, marks)]
        return [Goal([head], piece, said) for head, (piece, said) in zip(headings, both, strict=False)]
    piece = Piece(paper.language_of(said), said, translated=False)
    return [Goal(bank.pieces("heading.general.goal"), piece, paper.not_translated(bank, piece))]


def facts(person: Person, bank: Bank, arrived_on: date | None) -> list[Heading]:
    """Birth date, arrival, language, caseworker and phone; what is unknown is left out."""
    worker = person.case.caseworker
    values = {
        "born": paper.plain(doc_date(person.birth_date) if person.birth_date else ""),
        "arrived": paper.plain(doc_date(arrived_on) if arrived_on else ""),
        "language": spoken(person.languages, bank),
        "caseworker": paper.plain(worker.name if worker else ""),
        "phone": paper.plain(phone_of(person.case)),
    }
    return [Heading(bank.pieces(f"label.general.{key}"), value) for key, value in values.items() if value]


def spoken(text: str, bank: Bank) -> list[Piece]:
    """The person's languages in each language of the paper, where the bank knows them all."""
    typed = [word.strip() for word in text.split(",") if word.strip()]
    keys = [bank.recognize(word[:1].upper() + word[1:].lower(), "speech") for word in typed]
    if not all(keys):
        return paper.plain(text)
    found: dict[str, Piece] = {}
    for lang in bank.languages:
        words = ", ".join(bank.text(key, lang) for key, _values in keys)
        found.setdefault(words, Piece(lang, words))
    return list(found.values())
