"""Min plan as paper: gathers what is printed, and prints it through cases.paper."""

from dataclasses import dataclass, replace
from datetime import date

from django.conf import settings

from cases.formats import doc_date
from cases.location import cover, places_of
from cases.models import Person, Stay
from cases.paper import render_pdf
from cases.phones import pretty_phone
from cases.secrecy import kept_from
from reception import paper
from reception.models import Plan
from reception.services.plan import Line, current_plan, handover_of, lines_of, proposals


@dataclass(frozen=True, slots=True)
class Heading:
    """One fact in the head of the paper: its label in each language, its value as pieces."""

    label: list[paper.Piece]
    value: list[paper.Piece]


def plan_pdf(person: Person, *, language: str, today: date, plan: Plan | None = None) -> bytes:
    """The version (default the current one) as a tagged PDF. language: one of paper.LANGUAGES. Raises PaperError.

    While nothing is written, the paper is a draft of what the open deadlines propose.
    """
    languages = language.split("+")
    context = paper_context(person, plan or current_plan(person), languages, today)
    title = f"{paper.TITLE.da} / {paper.TITLE.uk}" if language == "da+uk" else getattr(paper.TITLE, languages[0])
    return render_pdf("reception/plan_pdf.html", context, title=f"{title}, {person.full_name}", lang=languages[0])


def file_name(case_number: str, version: int) -> str:
    """Case number and version, never a name or a CPR number: min-plan-2026-0147-v1.pdf."""
    return f"min-plan-{case_number}-v{version}.pdf"


def paper_context(person: Person, plan: Plan | None, languages: list[str], today: date) -> dict:
    """What is printed. The paper is for this person: nothing tells where those are who are protected against them."""
    secret, places = kept_from(person), frozenset()
    if secret:
        household = person.case_id if any(one.pk in secret for one in person.case.people.all()) else None
        places = places_of(secret, case_id=household) - places_of([person.pk])
    lines = lines_of(plan) if plan else proposals(person, today=today)
    lines = [covered(line, places) for line in lines if line.about_id not in secret]
    children = {line.about_id for line in lines if line.about_id}
    names = {child.pk: child.short_name for child in Person.objects.filter(pk__in=children)}
    handover = handover_of(plan)
    goal = paper.typed(cover(plan.goal, places)) if plan and plan.goal else []
    return {
        "municipality": settings.MUNICIPALITY,
        "person": person,
        "case": person.case,
        "version": plan.version if plan else 1,
        "day": doc_date(handover.on if handover else today),
        "handed_over": handover is not None,
        "languages": languages,
        "two": len(languages) == 2,
        "labels": {key: paper.fixed(words, languages) for key, words in paper.LABELS.items()},
        "heading": paper.fixed(paper.TITLE, languages),
        "facts": facts(person, languages),
        "goal": goal,
        "goal_marks": paper.marks(goal[0], languages) if goal else [],
        "groups": paper.groups(lines, names, languages),
        "caseworker": person.case.caseworker.name if person.case.caseworker else settings.MUNICIPALITY["unit"],
    }


def covered(line: Line, places: frozenset[str]) -> Line:
    """The activity without the places of those who are protected against the reader of the paper."""
    texts = {name: cover(getattr(line, name), places) for name in ("text", "responsible", "contact")}
    return replace(line, **texts)


def facts(person: Person, languages: list[str]) -> list[Heading]:
    """Birth date, arrival, language, caseworker and phone; what is unknown is left out."""
    stay = Stay.objects.filter(person=person).order_by("-round").first()
    worker = person.case.caseworker
    phone = (worker.phone if worker else "") or settings.MUNICIPALITY["phone"]
    values = {
        "born": plain(doc_date(person.birth_date) if person.birth_date else ""),
        "arrived": plain(doc_date(stay.arrived_on) if stay and stay.arrived_on else ""),
        "language": paper.spoken(person.languages, languages),
        "caseworker": plain(worker.name if worker else ""),
        "phone": plain(pretty_phone(phone) if phone.startswith("+") else phone),
    }
    return [Heading(paper.fixed(paper.LABELS[key], languages), value) for key, value in values.items() if value]


def plain(text: str) -> list[paper.Piece]:
    return [paper.Piece("da", text)] if text else []
