"""The verbs of the local community: the only writers of its tables, and of the consents to share with a contact person.

Hard stops: no match without the family's yes, none beyond a volunteer's capacity, and none to a household with a
child under 15 until the volunteer's børneattest has been assessed. ValidationError carries a Danish sentence.
"""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from cases.formats import day_month, doc_date
from cases.models import Case, Consent, Person
from cases.services import record
from deadlines import engine
from deadlines.rules import class_of
from deadlines.services import timeliness
from volunteers import rules
from volunteers.models import (
    Activity,
    ContactWish,
    EndReason,
    Introduction,
    LeisureIntroduction,
    Match,
    NoFit,
    NoFitReason,
    Volunteer,
)
from volunteers.services import proposals
from volunteers.services.households import left_before
from volunteers.services.register import organisation

COUNTED_DAYS = 30
TRIAL_DAYS = 30
COMMON = 3  # families: what fewer have is theirs


def not_ahead(on: date, today: date) -> None:
    if on > today:
        raise ValidationError({"on": _("Datoen ligger frem i tiden. Skriv den dag, det skete.")})


def _tell(case, *, kind: str, text: str, on: date, by, today: date, rule=None) -> None:
    """The line in the timeline, with how the act stands to its deadline, and the refresh of the area's rules."""
    against = timeliness(case.pk, None, rule.key, on) if rule else ""
    text, told = f"{text}{against}"[:400], class_of("volunteers", rule.key if rule else "")
    record(case, area="volunteers", kind=f"volunteers.{kind}", text=text, on=on, by=by, data_class=told)
    engine.refresh([case.pk], rules.RULES, today=today)


@transaction.atomic
def introduce(case, *, on: date, today: date, by, organisation_name: str) -> Introduction:
    not_ahead(on, today)
    row = Introduction.objects.create(case=case, organisation=organisation(organisation_name), on=on, recorded_by=by)
    text = _("Familien introduceret til %s") % row.organisation
    _tell(case, kind="introduced", text=text, on=on, by=by, today=today, rule=rules.INTRODUCTION)
    return row


@transaction.atomic
def introduce_leisure(case, *, on: date, today: date, by, activity: str) -> LeisureIntroduction:
    not_ahead(on, today)
    row = LeisureIntroduction.objects.create(case=case, activity=" ".join(activity.split()), on=on, recorded_by=by)
    text = _("Familien introduceret til %s") % row.activity
    _tell(case, kind="leisure_introduced", text=text, on=on, by=by, today=today, rule=rules.LEISURE_INTRODUCTION)
    return row


def standing_consent(case) -> Consent | None:
    """The family's yes to sharing with a contact person: of this stay, and not withdrawn."""
    found = Consent.objects.filter(case=case, what=rules.CONTACT_CONSENT).order_by("-given_on", "-pk").first()
    if found is None or found.withdrawn_on:
        return None
    return found if found.given_on > left_before([case.pk]).get(case.pk, date.min) else None


def wish_of(case) -> ContactWish | None:
    return ContactWish.objects.standing().filter(case=case).order_by("-on", "-pk").first()


@transaction.atomic
def record_consent(
    case, *, on: date, today: date, by, language: str = "", wishes: str = "", organisation_name: str = ""
) -> Consent:
    """The family says yes to a contact person; asked before anything is shared. Saying yes twice changes nothing.

    organisation_name: the one that may know of the family too.
    """
    not_ahead(on, today)
    if wishes.strip():
        ContactWish.objects.create(case=case, text=wishes.strip(), on=on, recorded_by=by)
    if held := standing_consent(case):
        return held
    consent = Consent.objects.create(
        case=case,
        what=rules.CONTACT_CONSENT,
        shared_with=", ".join(filter(None, ("Frivillig kontaktperson", organisation_name.strip()[:90]))),
        language=language,
        given_on=on,
        recorded_by=by,
    )
    asked = _(" (spurgt på %s)") % language if language else ""
    text = _("Familien har sagt ja til en kontaktperson%s") % asked
    _tell(case, kind="consent_given", text=text, on=on, by=by, today=today)
    return consent


@transaction.atomic
def withdraw_consent(case, *, on: date, today: date, by) -> None:
    """The family takes its yes back: nothing more is shared, and a contact person's tie ends that day."""
    not_ahead(on, today)
    Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    consent = standing_consent(case)
    if consent is None:
        raise ValidationError(_("Der er ikke noget samtykke at trække tilbage."))
    consent.withdrawn_on = max(on, consent.given_on)
    consent.save(update_fields=["withdrawn_on"])
    match = current_match(case)
    if match and match.volunteer_id:
        _end(match, on=max(on, match.started_on), reason=EndReason.CONSENT)
    text = _("Familien har trukket sit samtykke til en kontaktperson tilbage")
    _tell(case, kind="consent_withdrawn", text=text, on=on, by=by, today=today)


def current_match(case) -> Match | None:
    """The contact person, or the family's "no thanks", that holds today."""
    rows = Match.objects.standing().filter(case=case, ended_on=None).select_related("volunteer__organisation")
    return rows.order_by("-round").first()


def known_activities() -> list[str]:
    """Activities to suggest: those of the register, and what several families share, which says nothing about one."""
    rows = LeisureIntroduction.objects.standing().filter(case__protected=False).values("activity")
    shared = rows.annotate(families=Count("case", distinct=True)).filter(families__gte=COMMON)
    offered = Activity.objects.filter(active=True).values_list("name", flat=True)
    return sorted({*shared.values_list("activity", flat=True), *offered})


def _open_round(case, *, today: date) -> int:
    """The number of the duty that is open now. ValidationError when the family has a contact person or wants none."""
    facts = list(rules.contact_facts(Case.objects.filter(pk=case.pk), today=today))
    if facts and facts[-1].met_on:
        raise ValidationError(_("Det står allerede: %s. Afslut det først.") % facts[-1].evidence)
    return facts[-1].round if facts else 1


def _close_left_behind(case) -> None:
    """A tie from an earlier stay ended when the household left."""
    left = Person.objects.filter(case=case).order_by("-stays__left_on").values_list("stays__left_on", flat=True)
    days = [day for day in left if day]
    for match in Match.objects.standing().filter(case=case, ended_on=None):
        _end(match, on=max(match.started_on, max(days, default=match.started_on)), reason=EndReason.LEFT)


@transaction.atomic
def match_volunteer(case, *, volunteer: Volunteer, on: date, today: date, by) -> Match:
    """Tie a volunteer to the household. ValidationError names the hard stop."""
    not_ahead(on, today)
    Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    Volunteer.objects.select_for_update().get(pk=volunteer.pk)
    number = _open_round(case, today=today)
    if standing_consent(case) is None:
        raise ValidationError(_("Familien er ikke spurgt. Registrér først, at familien har sagt ja."))
    _close_left_behind(case)
    if why := proposals.obstacle(case, volunteer, on=on):
        raise ValidationError({"volunteer": f"{volunteer.name} {why}."})
    trial = on + timedelta(days=TRIAL_DAYS)
    match = Match.objects.create(
        case=case, volunteer=volunteer, round=number, started_on=on, trial_until=trial, recorded_by=by
    )
    text = _("Kontaktperson tilknyttet: %s") % volunteer
    _tell(case, kind="matched", text=text, on=on, by=by, today=today, rule=rules.CONTACT_PERSON)
    return match


@transaction.atomic
def settle_contact(
    case, *, on: date, today: date, by, outcome: str, volunteer=None, asked: bool = False, language: str = ""
) -> Match:
    """The act of the page: outcome "match" or "not_wanted". asked: the family said yes in the same breath."""
    if outcome == "not_wanted":
        return decline_match(case, on=on, today=today, by=by)
    if asked:
        record_consent(case, on=on, today=today, by=by, language=language)
    return match_volunteer(case, volunteer=volunteer, on=on, today=today, by=by)


@transaction.atomic
def decline_match(case, *, on: date, today: date, by) -> Match:
    """The family wants no contact person; that meets the duty until it changes its mind."""
    not_ahead(on, today)
    Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    number = _open_round(case, today=today)
    _close_left_behind(case)
    match = Match.objects.create(case=case, round=number, started_on=on, recorded_by=by)
    text = _("Familien ønsker ikke en kontaktperson")
    _tell(case, kind="match_declined", text=text, on=on, by=by, today=today, rule=rules.CONTACT_PERSON)
    return match


@transaction.atomic
def record_no_fit(case, *, reason: str, on: date, today: date, by) -> NoFit:
    """None of the proposed volunteers will do. The duty stays open; the reason is counted."""
    not_ahead(on, today)
    row = NoFit.objects.create(case=case, reason=reason, on=on, recorded_by=by)
    text = _("Ingen af de foreslåede frivillige passer: %s") % row.get_reason_display().lower()
    _tell(case, kind="no_fit", text=text, on=on, by=by, today=today)
    return row


def no_fits(*, today: date) -> dict[str, int]:
    """How often none would do in the last 30 days, by reason in words."""
    rows = NoFit.objects.standing().filter(on__gt=today - timedelta(days=COUNTED_DAYS)).values_list("reason")
    counts = dict(rows.annotate(times=Count("pk")).order_by("-times", "reason"))
    return {str(NoFitReason(reason).label): times for reason, times in counts.items()}


def _end(match: Match, *, on: date, reason: str) -> None:
    match.ended_on, match.end_reason = on, reason
    match.save(update_fields=["ended_on", "end_reason"])


@transaction.atomic
def end_match(match: Match, *, on: date, reason: str, today: date, by) -> None:
    """The tie (or the family's "no thanks") ends: its round stays met, and a new one opens from that day."""
    not_ahead(on, today)
    if match.annulled_on or match.ended_on:
        raise ValidationError(_("Det er allerede afsluttet."))
    if on < match.started_on:
        raise ValidationError({"on": _("Datoen ligger før begyndelsen %s.") % doc_date(match.started_on)})
    _end(match, on=on, reason=reason)
    why = match.get_end_reason_display()
    told = _("Kontaktperson stoppet: %(who)s. %(why)s") if match.volunteer else "%(why)s"
    text = told % {"who": match.volunteer, "why": why}
    _tell(match.case, kind="match_ended", text=text, on=on, by=by, today=today)


def match_sentence(match: Match) -> str:
    """ "Kontaktperson: Karen Sloth fra 12. nov."."""
    sentence = rules.tie_sentence(match.volunteer.name if match.volunteer else "")
    return _("%(what)s fra %(day)s") % {"what": sentence, "day": day_month(match.started_on)}
