"""The verbs of health: the assessment and the offer. Every line is of class health; the step says nothing."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cases.choices import DataClass
from cases.formats import age_on, join_names
from cases.models import Person
from cases.services import record
from deadlines import engine
from deadlines.services import timeliness
from health.models import DECIDES_AT, Answer, Assessment, Decider, OfferKind
from health.rules import NEED_ASSESSED, RULES


class Outcome:
    """What the assessment led to, as the form asks it."""

    NO_NEED = "no_need"
    NEED = "need"
    OFFERED = "offered"


def who_decides(person: Person, day: date) -> str:
    """From 15 years on the child itself (the parents are informed), before that the custody holder."""
    if person.birth_date and person.birth_date <= day and age_on(person.birth_date, day) < DECIDES_AT:
        return Decider.CUSTODY
    return Decider.SELF


@transaction.atomic
def assess_need(
    person: Person,
    *,
    outcome: str,
    on: date,
    by,
    today: date,
    kinds=(),
    answer: str = Answer.PENDING,
    may_pass_on: bool = False,
) -> Assessment:
    """Assessed on that day: no need, a need (the offer follows), or a need with its offer.

    An offer completes the assessment that waits for one. An offer that was declined is still an offer.
    """
    if on > today:
        raise ValidationError({"on": _("Datoen ligger frem i tiden. Skriv den dag, det skete.")})
    person = Person.objects.select_for_update(of=("self",)).select_related("case").get(pk=person.pk)
    row = _waiting(person, on) if outcome == Outcome.OFFERED else None
    row = row or Assessment(person=person, assessed_on=on, need=outcome != Outcome.NO_NEED, recorded_by=by)
    row.decided_by = who_decides(person, on)
    row.may_pass_on = may_pass_on
    if outcome != Outcome.NO_NEED:
        row.kinds = list(kinds) or row.kinds
    if outcome == Outcome.OFFERED:
        row.offered_on, row.answer = on, answer
    row.save()
    row.refresh_from_db()
    _tell(row, person, outcome, on=on, by=by)
    engine.refresh([person.case_id], RULES, today=today)
    return row


def _tell(row: Assessment, person: Person, outcome: str, *, on: date, by) -> None:
    """The line of the timeline, in the class that the assigned alone read."""
    record(
        person.case,
        area="health",
        kind=f"health.{outcome}",
        text=_sentence(row, person, outcome, on)[:400],
        on=on,
        by=by,
        people=[person],
        data_class=DataClass.HEALTH,
    )


def _waiting(person: Person, on: date) -> Assessment | None:
    """The standing assessment that found a need and has no offer yet."""
    rows = person.health_assessments.standing().filter(need=True, offered_on=None, assessed_on__lte=on)
    return rows.order_by("-assessed_on", "-pk").first()


def _sentence(row: Assessment, person: Person, outcome: str, on: date) -> str:
    when = timeliness(person.case_id, person.pk, NEED_ASSESSED.key, on) if row.met_on else ""
    name, what = person.short_name, kind_names(row.kinds)
    if outcome == Outcome.NO_NEED:
        return _("Intet behov for sundhedstilbud til %(name)s%(when)s") % {"name": name, "when": when}
    if outcome == Outcome.NEED:
        return _("Behov for sundhedstilbud til %(name)s%(what)s") % {"name": name, "what": f": {what}" if what else ""}
    return _("Sundhedstilbud givet til %(name)s%(what)s%(when)s") % {
        "name": name,
        "what": f": {what}" if what else "",
        "when": when,
    }


def kind_names(kinds: list[str]) -> str:
    """ "tandpleje og sundhedsplejerske": the labels in lower case."""
    labels = [str(OfferKind(kind).label) for kind in kinds]
    return join_names([label[0].lower() + label[1:] for label in labels])
