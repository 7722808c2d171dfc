"""The duties of play and learning: day care, school, language school.

Sources: the strategy § 1 (1.11, 1.12) and § 4; pasningsgaranti from 26 weeks; compulsory schooling from 1 August of
the calendar year in which the child turns six; integrationsloven § 21 for the referral.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import F, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import Stay
from deadlines.rules import Fact, Rule, adult_clock, in_round, is_adult
from schooling.models import DaycareOffer, LanguageOffer, LanguageReferral, SchoolKind, SchoolOffer

GUARANTEE = timedelta(weeks=26)
SCHOOL_AGE = 6
AHEAD = timedelta(days=180)

ANSWERS = {
    "": gettext_lazy("svar mangler"),
    "accepted": gettext_lazy("taget imod"),
    "declined": gettext_lazy("afslået af familien"),
}


def school_day(birth: date) -> date:
    """The day the child comes of school age: 1 August of the year in which it turns six."""
    return date(birth.year + SCHOOL_AGE, 8, 1)


def daycare_sentence(*, daycare: str | None, answer: str) -> str:
    if answer == "not_wanted":
        return _("Familien ønsker ikke dagtilbud")
    return _("Tilbudt plads i %(place)s, %(answer)s") % {"place": daycare, "answer": ANSWERS[answer]}


def school_sentence(*, school: str, kind: str, grade: str, answer: str) -> str:
    """ "Tilbudt plads på Kratbjergskolen, 3. klasse, svar mangler"."""
    kinds = {SchoolKind.RECEPTION_CLASS: _("modtagelsesklasse"), SchoolKind.YOUTH_EDUCATION: _("ungdomsuddannelse")}
    parts = [_("Tilbudt plads på %s") % school, kinds.get(kind, ""), grade, str(ANSWERS[answer])]
    return ", ".join(part for part in parts if part)


def language_sentence(*, provider: str, answer: str) -> str:
    return _("Tilbudt sprogskole hos %(place)s, %(answer)s") % {"place": provider, "answer": ANSWERS[answer]}


def referral_sentence(*, provider: str, started_on: str | None) -> str:
    started = _("begyndt") if started_on else _("start mangler")
    return _("Henvist til %(place)s, %(started)s") % {"place": provider, "started": started}


def _first(rows, *, on: str, **fields: str) -> Subquery:
    """The first standing row of the stay's round as a dict: `on` (ISO day) and the named fields."""
    data = JSONObject(on=F(on), **{name: F(path) for name, path in fields.items()})
    return Subquery(in_round(rows, on=on).values(data=data)[:1])


def _met(found: dict | None, sentence) -> dict:
    """The columns of a Fact that the first row settles."""
    if not found:
        return {}
    told = {name: value for name, value in found.items() if name != "on"}
    return {"met_on": date.fromisoformat(found["on"]), "evidence": sentence(**told)}


def daycare_facts(cases, *, today: date) -> Iterable[Fact]:
    """Children who are under school age when their clock starts; school age ends the duty."""
    first = _first(DaycareOffer.objects, on="offered_on", daycare="daycare__name", answer="answer")
    for stay in Stay.objects.of(cases).annotate(found=first):
        person, birth = stay.person, stay.person.birth_date
        if birth is None:
            continue
        start, guaranteed = stay.residence_from, birth + GUARANTEE
        start = max(start, guaranteed) if start else None
        if (start or person.registered_on) >= school_day(birth):
            continue
        note = _("den dag, barnet fylder 26 uger,") if start == guaranteed else "residence_from"
        yield Fact(
            person.case_id,
            person.pk,
            stay.round,
            start,
            waits_for="" if start else "residence_from",
            start_note=note,
            ends_on=school_day(birth),
            **_met(stay.found, daycare_sentence),
        )


def school_facts(cases, *, today: date) -> Iterable[Fact]:
    """Children to 17; a child's step appears 180 days before the school year in which its duty begins."""
    first = _first(
        SchoolOffer.objects, on="offered_on", school="school__name", kind="kind", grade="grade", answer="answer"
    )
    for stay in Stay.objects.of(cases).annotate(found=first):
        person = stay.person
        start, waits_for, note = school_clock(person, stay.residence_from)
        if not of_school_age(person, start, today):
            continue
        yield Fact(
            person.case_id,
            person.pk,
            stay.round,
            start,
            waits_for=waits_for,
            start_note=note,
            **_met(stay.found, school_sentence),
        )


def school_clock(person, residence: date | None) -> tuple[date | None, str, str]:
    """(starts_on, waits_for, start_note): the later of residence and the day of school age."""
    if person.birth_date is None:
        return None, "birth_date", ""
    if residence is None:
        return None, "residence_from", ""
    begins = school_day(person.birth_date)
    return (begins, "", _("skolestart")) if begins > residence else (residence, "", "residence_from")


def of_school_age(person, start: date | None, today: date) -> bool:
    """Under 18 on the starting day and at most 180 days from school age; without a birth date a Barn is."""
    if is_adult(person, start or today):
        return False
    return person.birth_date is None or school_day(person.birth_date) <= today + AHEAD


def language_offer_facts(cases, *, today: date) -> Iterable[Fact]:
    first = _first(LanguageOffer.objects, on="offered_on", provider="provider__name", answer="answer")
    return _adults(
        Stay.objects.of(cases).with_grant().annotate(found=first), "residence_from", language_sentence, today
    )


def language_referral_facts(cases, *, today: date) -> Iterable[Fact]:
    first = _first(LanguageReferral.objects, on="referred_on", provider="provider__name", started_on="started_on")
    return _adults(
        Stay.objects.of(cases).with_grant().annotate(found=first), "responsibility_from", referral_sentence, today
    )


def _adults(stays, trigger: str, sentence, today: date) -> Iterable[Fact]:
    for stay in stays:
        runs, start = adult_clock(stay.person, getattr(stay, trigger), today, stay.granted_on)
        if runs:
            yield Fact(
                stay.person.case_id,
                stay.person_id,
                stay.round,
                start,
                waits_for="" if start else trigger,
                start_note=trigger,
                **_met(stay.found, sentence),
            )


DAYCARE_OFFER = Rule(
    key="schooling.daycare_offer",
    title=gettext_lazy("Tilbyd dagtilbud"),
    noun=gettext_lazy("Dagtilbud"),
    facts=daycare_facts,
    act=gettext_lazy("Registrér tilbud"),
    permit="any",
)
SCHOOL_OFFER = Rule(
    key="schooling.school_offer",
    title=gettext_lazy("Tilbyd skole"),
    noun=gettext_lazy("Skole"),
    facts=school_facts,
    act=gettext_lazy("Registrér tilbud"),
    permit="any",
)
LANGUAGE_OFFER = Rule(
    key="schooling.language_offer",
    title=gettext_lazy("Tilbyd sprogskole"),
    noun=gettext_lazy("Sprogskole"),
    facts=language_offer_facts,
    act=gettext_lazy("Registrér tilbud"),
    permit="granted",
)
LANGUAGE_REFERRAL = Rule(
    key="schooling.language_referral",
    title=gettext_lazy("Henvis til sprogskole"),
    noun=gettext_lazy("Henvisning til sprogskole"),
    facts=language_referral_facts,
    act=gettext_lazy("Registrér henvisning"),
    permit="granted",
)
RULES = (DAYCARE_OFFER, SCHOOL_OFFER, LANGUAGE_OFFER, LANGUAGE_REFERRAL)
