"""The households without a contact person, as their pages show them.

The coordinator sees names, languages, age bands, locality and wishes; never a birth date, a number or a note. A
protected family goes by its number, without names, place or wishes, and gets no proposals here: its caseworker chooses.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import F, OuterRef, Subquery
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from cases.access import covers, is_nameless
from cases.formats import join_names, relative, weekday_date
from cases.location import conceal
from cases.models import Consent
from deadlines.models import Step
from deadlines.status import look_of
from volunteers import matching, rules
from volunteers.matching import Helper, Need
from volunteers.models import ContactWish, NoFit
from volunteers.services import proposals
from volunteers.services.households import band_name, left_before, members, needs, spoken

SHOWN = (
    "rule", "kind", "starts_on", "due_on", "effective_on", "met_on", "done_on", "withdrawn_on", "waived_on",
    "waived_until", "waived_kind", "confirmed_on", "waiting_for", "waiting_until", "waits_for", "evidence",
    "case__number", "case__family_name", "case__locality__name", "case__locality__postal_code", "case__protected",
    "case__caseworker",
)  # fmt: skip
# As many families as one looks through in an evening.
EVENING = 50


def steps(user, *, today: date):
    """The open steps of contact person that this user may see, the oldest first; nothing else of the case is read."""
    wish = ContactWish.objects.standing().filter(case=OuterRef("case")).order_by("-on", "-pk")
    consent = Consent.objects.filter(case=OuterRef("case"), what=rules.CONTACT_CONSENT).order_by("-given_on", "-pk")
    no_fit = NoFit.objects.standing().filter(case=OuterRef("case"), on__gte=OuterRef("starts_on"))
    return (
        Step.objects.visible_to(user)
        .filter(rule=rules.CONTACT_PERSON.key, case__closed_on=None)
        .open(today)
        .select_related("case__locality")
        .only(*SHOWN)
        .annotate(
            wish=Subquery(wish.values("text")[:1]),
            said_yes_on=Subquery(consent.values("given_on")[:1]),
            took_back_on=Subquery(consent.values("withdrawn_on")[:1]),
            no_fit=Subquery(no_fit.order_by("-on", "-pk").values("reason")[:1]),
        )
        .order_by(F("starts_on").asc(nulls_last=True), "pk")
    )


def asked(step: Step, left: Mapping[int, date]) -> bool:
    """Whether the family has said yes in this stay and stands by it. left: `left_before`."""
    return bool(step.said_yes_on and not step.took_back_on and step.said_yes_on > left.get(step.case_id, date.min))


def lines(rows: Sequence[Step], user, *, today: date) -> list[dict]:
    """What the list shows of these steps: who they are, and the best proposal. Six queries."""
    people = members([step.case_id for step in rows], today=today)
    open_to_all = [step for step in rows if not covers(user, step.case)]
    wanted = _needs(open_to_all, people, today)
    found, left = proposals.helpers(on=today), left_before([step.case_id for step in rows])
    for step in rows:
        if covers(user, step.case):
            conceal([step])
            step.case.locality, step.wish = None, ""
        if is_nameless(user, step.case):
            step.case.family_name = step.case.number
            people[step.case_id] = [{**person, "given_names": _("Person")} for person in people[step.case_id]]
    return [
        line(step, people[step.case_id], today) | hint(step, wanted.get(step.case_id), found, left, today)
        for step in rows
    ]


def _needs(rows: Sequence[Step], people: dict[int, list[dict]], today: date) -> dict[int, Need]:
    since = {step.case_id: step.starts_on for step in rows}
    found = needs([step.case for step in rows], on=today, since=since, people=people)
    return {need.case_id: need for need in found}


def line(step: Step, people: list[dict], today: date) -> dict:
    due = step.effective_on
    languages = frozenset().union(*(spoken(person["languages"]) for person in people))
    return {
        "number": step.case.number,
        "title": step.case.title,
        "people": [f"{person['given_names'].split(' ')[0]} ({band_name(person['band'])})" for person in people],
        "languages": join_names(sorted(languages)),
        "locality": step.case.locality.name if step.case.locality else "",
        "wish": step.wish or "",
        "evidence": step.evidence,
        "status": look_of(step, today),
        "relative": relative(due, today) if due else _("Ikke ankommet endnu"),
        "date": weekday_date(due) if due else "",
        "iso": due.isoformat() if due else "",
    }


def hint(step: Step, need: Need | None, found: Sequence[Helper], left: Mapping[int, date], today: date) -> dict:
    """The next act on the line, with the best proposal. Without a need the family's places are not the user's."""
    if need is None:
        return {"act": "", "url": "", "best": "", "why": "", "note": _("Beskyttet. Sagsbehandleren vælger.")}
    back = "?" + urlencode({"next": reverse("volunteers:contacts")})
    if not asked(step, left):
        url = reverse("volunteers:consent", args=[step.case.number]) + back
        return {"act": _("Spørg familien"), "url": url, "best": "", "why": "", "note": ""}
    url = reverse("volunteers:family", args=[step.case.number])
    helper = matching.first(need, found, on=today)
    if helper is None:
        return {"act": _("Se hvorfor"), "url": url, "best": "", "why": "", "note": _("Ingen kan vælges")}
    first = matching.proposal(need, helper, on=today)
    note = told_of(step, need, found)
    return {
        "act": _("Se forslag"), "url": url, "best": first.helper.name, "why": proposals.in_words(first), "note": note
    }  # fmt: skip


def told_of(step: Step, need: Need, found: Sequence[Helper]) -> str:
    """What is new about the family's proposals: who has said yes, who is asked, or why none would do."""
    names = {helper.pk: helper.name for helper in found}
    agreed = [names[pk] for pk, answer in need.answers.items() if answer and pk in names]
    waits = [names[pk] for pk, answer in need.answers.items() if answer is None and pk in names]
    if agreed:
        return _("%s har sagt ja") % join_names(sorted(agreed))
    if waits:
        return _("%s er spurgt") % join_names(sorted(waits))
    return NoFit(reason=step.no_fit).get_reason_display() if step.no_fit else ""


def page(step: Step, *, today: date) -> dict:
    """One family with its proposals, and those who can't be chosen. Seven queries."""
    people = members([step.case_id], today=today)
    need = _needs([step], people, today)[step.case_id]
    found = proposals.helpers(on=today)
    row = line(step, people[step.case_id], today)
    return {
        "row": row,
        "facts": facts(row),
        "asked": asked(step, left_before([step.case_id])),
        "proposals": proposals.cards(need, proposals.best(need, found, on=today)),
        "stopped": proposals.stopped(need, found, on=today),
    }


def facts(row: dict) -> list[dict]:
    """For components/facts.html."""
    said = (
        (_("Frist"), row["relative"], row["date"]),
        (_("Sprog"), row["languages"], ""),
        (_("By"), row["locality"], ""),
        (_("Ønsker"), row["wish"], ""),
    )
    return [{"label": label, "value": value or "–", "note": note} for label, value, note in said]


def evening(user, *, today: date, kept: Mapping[str, str] | None = None) -> dict:
    """A whole assignment for the families that have said yes: a line for each, and those for whom nobody is left.

    kept: number → the volunteer chosen, of the lines that were ticked before; None at first, when all are.
    """
    waits = [step for step in steps(user, today=today) if not covers(user, step.case)]
    left = left_before([step.case_id for step in waits])
    rows = [step for step in waits if asked(step, left)][:EVENING]
    people = members([step.case_id for step in rows], today=today)
    wanted = _needs(rows, people, today)
    found = proposals.helpers(on=today)
    chosen = matching.assignment(list(wanted.values()), found, on=today)
    by_pk = {helper.pk: helper for helper in found}
    made, without = [], []
    for step in rows:
        shown, need = line(step, people[step.case_id], today), wanted[step.case_id]
        if need.case_id in chosen:
            ticked = {
                "ticked": kept is None or shown["number"] in kept,
                "chosen": (kept or {}).get(shown["number"], ""),
            }
            made.append(shown | ticked | _pair(need, by_pk[chosen[need.case_id]], found, today))
        else:
            without.append(shown)
    return {"rows": made, "left": without}


def _pair(need: Need, helper: Helper, found: Sequence[Helper], today: date) -> dict:
    """The proposal of the line, and whom one can choose instead."""
    others = [each for each in matching.ranked(need, found, on=today) if each.pk != helper.pk]
    return {
        "proposal": matching.proposal(need, helper, on=today),
        "others": [matching.proposal(need, each, on=today) for each in others[: matching.MOST_PROPOSALS]],
    }
