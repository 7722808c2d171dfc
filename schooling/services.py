"""The verbs of play and learning: the only writers of its tables.

Each writes the fact, one line of the timeline and refreshes the area's own rules. Wrong input raises ValidationError
with a Danish sentence that says what to do.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cases.choices import DataClass
from cases.formats import day_month, doc_date
from cases.services import record
from deadlines import engine
from deadlines.services import timeliness
from schooling import rules
from schooling.models import (
    Daycare,
    DaycareOffer,
    LanguageOffer,
    LanguageProvider,
    LanguageReferral,
    School,
    SchoolKind,
    SchoolOffer,
)

NOT_WANTED = "not_wanted"


def place(model, name: str):
    """The school, day care centre or language school of that name, made when it is new. Case doesn't matter."""
    name = " ".join(name.split())
    if not name:
        raise ValidationError(_("Skriv navnet på stedet."))
    return model.objects.filter(name__iexact=name).first() or model.objects.get_or_create(name=name)[0]


def _check(person, on: date, today: date, *, field: str = "on") -> None:
    if on > today:
        raise ValidationError({field: _("Datoen ligger frem i tiden. Skriv den dag, det skete.")})
    if person.birth_date and on < person.birth_date:
        raise ValidationError({field: _("Datoen %s ligger før fødselsdatoen.") % doc_date(on)})


def _tell(person, *, kind: str, text: str, on: date, by, today: date, rule=None) -> None:
    """The line in the timeline, with how the act stands to its deadline, and the refresh of the area's rules."""
    against = timeliness(person.case_id, person.pk, rule.key, on) if rule else ""
    sentence = f"{text}{against}"[:400]
    where = DataClass.LOCATION  # which school or centre somebody goes to is where they can be found
    record(
        person.case, area="schooling", kind=f"schooling.{kind}", text=sentence, on=on, by=by, people=[person],
        data_class=where,
    )  # fmt: skip
    engine.refresh([person.case_id], rules.RULES, today=today)


@transaction.atomic
def offer_daycare(
    person, *, on: date, today: date, by, daycare: str = "", answer: str = "", starts_on=None
) -> DaycareOffer:
    """A place was offered, or (answer "not_wanted", no centre) the family said that it wants none."""
    _check(person, on, today)
    wanted = answer != NOT_WANTED
    if wanted and not daycare.strip():
        raise ValidationError({"daycare": _("Skriv, hvilket dagtilbud der blev tilbudt.")})
    offer = DaycareOffer.objects.create(
        person=person,
        daycare=place(Daycare, daycare) if wanted else None,
        offered_on=on,
        answer=answer,
        starts_on=starts_on if wanted else None,
        recorded_by=by,
    )
    said = _("Dagtilbud tilbudt %(who)s: %(place)s") if wanted else _("Familien ønsker ikke dagtilbud til %(who)s")
    text = said % {"who": person.short_name, "place": offer.daycare}
    _tell(person, kind="daycare_offered", text=text, on=on, by=by, today=today, rule=rules.DAYCARE_OFFER)
    return offer


@transaction.atomic
def offer_school(
    person,
    *,
    on: date,
    today: date,
    by,
    school: str,
    kind: str = SchoolKind.SCHOOL,
    grade: str = "",
    answer: str = "",
    starts_on=None,
) -> SchoolOffer:
    """School, ungdomsskole or a youth education was offered; the family's answer may come later."""
    _check(person, on, today)
    offer = SchoolOffer.objects.create(
        person=person,
        school=place(School, school),
        kind=kind,
        grade=grade,
        offered_on=on,
        answer=answer,
        starts_on=starts_on,
        recorded_by=by,
    )
    where = ", ".join(part for part in (offer.school.name, grade) if part)
    text = _("Skole tilbudt %(who)s: %(where)s") % {"who": person.short_name, "where": where}
    _tell(person, kind="school_offered", text=text, on=on, by=by, today=today, rule=rules.SCHOOL_OFFER)
    return offer


@transaction.atomic
def offer_language(person, *, on: date, today: date, by, provider: str, answer: str = "") -> LanguageOffer:
    _check(person, on, today)
    offer = LanguageOffer.objects.create(
        person=person, provider=place(LanguageProvider, provider), offered_on=on, answer=answer, recorded_by=by
    )
    text = _("Sprogskole tilbudt %s") % person.short_name
    _tell(person, kind="language_offered", text=text, on=on, by=by, today=today, rule=rules.LANGUAGE_OFFER)
    return offer


@transaction.atomic
def refer_language(person, *, on: date, today: date, by, provider: str, offered_too: bool = False) -> LanguageReferral:
    """The referral to Danish lessons (integrationsloven § 21). offered_too: the offer was made in the same breath."""
    _check(person, on, today)
    if offered_too:
        offer_language(person, on=on, today=today, by=by, provider=provider)
    referral = LanguageReferral.objects.create(
        person=person, provider=place(LanguageProvider, provider), referred_on=on, recorded_by=by
    )
    text = _("%(who)s henvist til sprogskole: %(place)s") % {"who": person.short_name, "place": referral.provider}
    _tell(person, kind="language_referred", text=text, on=on, by=by, today=today, rule=rules.LANGUAGE_REFERRAL)
    return referral


@transaction.atomic
def answer_offer(offer, *, on: date, answer: str, today: date, by, starts_on=None) -> None:
    """The family's answer to a day care, school or language offer, and when it begins."""
    _check(offer.person, on, today)
    if offer.annulled_on:
        raise ValidationError(_("Registreringen er annulleret."))
    offer.answer, written = answer, ["answer"]
    if hasattr(offer, "starts_on"):
        offer.starts_on = starts_on if answer == "accepted" else None
        written.append("starts_on")
    offer.save(update_fields=written)
    text = _("%(who)s: %(what)s") % {"who": offer.person.short_name, "what": _lower(standing_sentence(offer))}
    if getattr(offer, "starts_on", None):
        text += _(", begynder %s") % day_month(offer.starts_on)
    kind = "language_answered" if isinstance(offer, LanguageOffer) else "offer_answered"
    _tell(offer.person, kind=kind, text=text, on=on, by=by, today=today)


@transaction.atomic
def start_language(referral, *, on: date, today: date, by, level: str = "", module: int | None = None) -> None:
    """The course has begun; level and module as the language school placed the student."""
    _check(referral.person, on, today)
    if on < referral.referred_on:
        raise ValidationError(
            {"on": _("Kurset kan ikke begynde før henvisningen %s.") % doc_date(referral.referred_on)}
        )
    referral.started_on, referral.level, referral.module = on, level, module
    referral.save(update_fields=["started_on", "level", "module"])
    course = referral.get_level_display().lower() if level else _("dansk")
    text = _("%(who)s er begyndt på %(course)s hos %(place)s") % {
        "who": referral.person.short_name,
        "course": course,
        "place": referral.provider,
    }
    _tell(referral.person, kind="language_started", text=text, on=on, by=by, today=today)


def standing_sentence(row) -> str:
    """What one standing row says, as in the step's evidence."""
    if isinstance(row, DaycareOffer):
        return rules.daycare_sentence(daycare=row.daycare.name if row.daycare else None, answer=row.answer)
    if isinstance(row, SchoolOffer):
        return rules.school_sentence(school=row.school.name, kind=row.kind, grade=row.grade, answer=row.answer)
    if isinstance(row, LanguageOffer):
        return rules.language_sentence(provider=row.provider.name, answer=row.answer)
    return rules.referral_sentence(provider=row.provider.name, started_on=row.started_on)


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
