"""Follow-up of the pairs: when something was last heard, pauses, and the volunteer's own link.

A pair that nobody has heard from for 14 days is shown as such, once per pair and not per volunteer; a pause (of the
pair, of the volunteer or of everybody) stops the count, and it begins anew after it.
"""

import hashlib
import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from cases.formats import day_month, doc_date, join_names, upper_first
from cases.models import Case
from cases.services import record
from deadlines.rules import class_of
from volunteers import rules
from volunteers.matching import Helper, Need, Stop, stop
from volunteers.models import Contact, Match, Pause
from volunteers.services.households import CERTIFICATE_AGE, with_children_under

QUIET_DAYS = 14
TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Rest:
    """A pause as the count sees it; ends_on None: without an end."""

    starts_on: date
    ends_on: date | None

    def runs(self, today: date) -> bool:
        return self.starts_on <= today and (self.ends_on is None or self.ends_on >= today)


def quiet_days(started_on: date, heard_on: date | None, rests: Iterable[Rest], *, today: date) -> int:
    """Days since something was expected to be heard: since the start, the last contact, or the end of a pause. Pure.

    0 during a pause.
    """
    since = max(started_on, heard_on or started_on)
    for rest in rests:
        if rest.runs(today):
            return 0
        if rest.ends_on and rest.ends_on < today:
            since = max(since, rest.ends_on)
    return max((today - since).days, 0)


def is_quiet(days: int) -> bool:
    return days >= QUIET_DAYS


def pairs(user) -> Sequence[Match]:
    """The contact persons of the families in the user's scope, but for protected ones. One query."""
    cases = Case.objects.visible_to(user).filter(protected=False, closed_on=None)
    return (
        Match.objects.standing()
        .filter(case__in=cases, volunteer__isnull=False, ended_on=None)
        .select_related("volunteer__organisation", "case__locality")
        .only(
            "started_on", "trial_until", "link_digest", "volunteer__name", "volunteer__organisation__name",
            "volunteer__active", "volunteer__certificate", "volunteer__certificate_assessed_on",
            "case__number", "case__family_name", "case__locality__name",
        )
        .order_by("started_on", "pk")
    )  # fmt: skip


def newest_contacts(matches: Collection[int]) -> dict[int, Contact]:
    """match → what was told last, whatever day it is about. One query."""
    rows = Contact.objects.standing().filter(match__in=matches).order_by("pk")
    return {row.match_id: row for row in rows}


def rests_of(matches: Sequence[Match]) -> dict[int, list[Rest]]:
    """match → the pauses of the pair, of its volunteer and of everybody. One query."""
    volunteers = {match.volunteer_id for match in matches}
    theirs = Q(match__in=[match.pk for match in matches]) | Q(volunteer__in=volunteers)
    rows = list(Pause.objects.filter(theirs | Q(match=None, volunteer=None)))
    return {
        match.pk: [
            Rest(row.starts_on, row.ends_on)
            for row in rows
            if row.match_id in {None, match.pk} and row.volunteer_id in {None, match.volunteer_id}
        ]
        for match in matches
    }


@transaction.atomic
def record_contact(
    match: Match, *, on: date, going: str, note: str = "", today: date, by=None, by_volunteer: bool = False
) -> Contact:
    """Something was heard. A line in the family's timeline; the note stays here."""
    if on > today:
        raise ValidationError({"on": _("Datoen ligger frem i tiden. Skriv den dag, I sidst var i kontakt.")})
    if on < match.started_on:
        raise ValidationError({"on": _("Datoen ligger før begyndelsen %s.") % doc_date(match.started_on)})
    row = Contact.objects.create(
        match=match, on=on, going=going, note=note.strip(), by_volunteer=by_volunteer, recorded_by=by
    )
    text = _("Kontakt med kontaktpersonen: %s") % row.get_going_display().lower()
    told = class_of("volunteers", rules.CONTACT_PERSON.key)
    record(match.case, area="volunteers", kind="volunteers.contact", text=text, on=on, by=by, data_class=told)
    return row


def pause(*, starts_on: date, ends_on: date | None, match: Match | None = None, volunteer=None) -> Pause:
    """One pair, one volunteer or everybody rests. ValidationError when it would end before it begins."""
    if ends_on and ends_on < starts_on:
        raise ValidationError({"ends_on": _("Pausen slutter, før den begynder.")})
    return Pause.objects.create(match=match, volunteer=volunteer, starts_on=starts_on, ends_on=ends_on)


def running_pause(*, today: date, match: Match | None = None, volunteer=None) -> Pause | None:
    """The pause of this pair, of this volunteer, or (neither) of everybody, that runs or is to come."""
    rows = Pause.objects.filter(match=match, volunteer=volunteer).filter(Q(ends_on=None) | Q(ends_on__gte=today))
    return rows.order_by("starts_on").first()


def end_pauses(*, today: date, match: Match | None = None, volunteer=None) -> int:
    """The pauses that run end yesterday, those that have not begun fall away. The number of them."""
    rows = Pause.objects.filter(match=match, volunteer=volunteer).filter(Q(ends_on=None) | Q(ends_on__gte=today))
    later = rows.filter(starts_on__gte=today).delete()[0]
    return later + rows.filter(starts_on__lt=today).update(ends_on=today - timedelta(days=1))


def history(volunteer, user) -> list[dict]:
    """The families this volunteer is or was contact person for, as far as the user may know them. One query."""
    cases = Case.objects.visible_to(user).filter(protected=False)
    rows = Match.objects.standing().filter(volunteer=volunteer, case__in=cases).select_related("case")
    only = ("started_on", "ended_on", "end_reason", "case__number", "case__family_name")
    return [
        {
            "family": match.case.title,
            "span": f"{doc_date(match.started_on)} – {doc_date(match.ended_on) if match.ended_on else ''}".strip(),
            "why": match.get_end_reason_display() if match.ended_on else "",
        }
        for match in rows.only(*only).order_by("-started_on", "-pk")
    ]


# --- The volunteer's own link -----------------------------------------------------------------


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def new_link(match: Match) -> str:
    """A fresh token for the volunteer; the one before it works no longer. Only its hash is kept."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    match.link_digest = digest_of(token)
    match.save(update_fields=["link_digest"])
    return token


def match_of(token: str) -> Match | None:
    """The pair whose link this is, while it lasts and the family is not protected."""
    running = (
        Match.objects.standing()
        .filter(ended_on=None, case__protected=False, case__closed_on=None)
        .exclude(link_digest="")
    )
    return running.select_related("case").filter(link_digest=digest_of(token)).first()


# --- The page ---------------------------------------------------------------------------------


# How a pair stands, what needs somebody first: (key, the tone of its tag).
TONES = {"papers": "overdue", "call": "overdue", "quiet": "soon", "": "", "rest": "wait"}


def lines(matches: Sequence[Match], *, today: date) -> list[dict]:
    """What the list of pairs shows, what needs somebody first. Three queries."""
    heard, rests = newest_contacts([match.pk for match in matches]), rests_of(matches)
    young = with_children_under([match.case_id for match in matches], age=CERTIFICATE_AGE, on=today)
    rows = [line(match, heard.get(match.pk), rests[match.pk], match.case_id in young, today) for match in matches]
    return sorted(rows, key=lambda row: list(TONES).index(row["keys"][0]))


def line(match: Match, contact: Contact | None, rests: Sequence[Rest], young: bool, today: date) -> dict:
    states = standing(match, contact, rests, young, today)
    trial = match.trial_until if match.trial_until and match.trial_until >= today else None
    return {
        "match": match,
        "family": match.case.title,
        "town": match.case.locality.name if match.case.locality else "",
        "since": day_month(match.started_on),
        "heard": day_month(contact.on) if contact else "",
        "note": contact.note if contact else "",
        "keys": [key for key, _words in states],
        "states": [{"text": words, "tone": TONES[key]} for key, words in states],
        "trial": _("prøvetid til %s") % day_month(trial) if trial else "",
    }


def standing(
    match: Match, contact: Contact | None, rests: Sequence[Rest], young: bool, today: date
) -> list[tuple[str, str]]:
    """(key of TONES, in words): papers that no longer hold and a call asked for, or else one that says how it goes."""
    found = [("papers", why)] if (why := no_longer(match, young, today)) else []
    if contact and contact.going == Contact.Going.HELP:
        found.append(("call", contact.get_going_display()))
    return found or [how_it_goes(match, contact, rests, today)]


def how_it_goes(match: Match, contact: Contact | None, rests: Sequence[Rest], today: date) -> tuple[str, str]:
    """A pause, silence, or what was heard last."""
    if resting := [rest.ends_on for rest in rests if rest.runs(today)]:
        return "rest", _("Pause") if None in resting else _("Pause til %s") % day_month(max(resting))
    days = quiet_days(match.started_on, contact.on if contact else None, rests, today=today)
    if is_quiet(days):
        return "quiet", _("Ikke hørt fra i %d dage") % days
    return "", contact.get_going_display() if contact else _("Lige begyndt")


def no_longer(match: Match, young: bool, today: date) -> str:
    """Why the volunteer could not be tied to the family today: stopped, or the børneattest does not hold."""
    volunteer = match.volunteer
    helper = Helper(
        volunteer.pk,
        volunteer.name,
        active=volunteer.active,
        certificate=volunteer.certificate,
        assessed_on=volunteer.certificate_assessed_on,
    )
    found = stop(Need(match.case_id, young=young), helper, on=today)
    if found is Stop.INACTIVE:
        return _("Ikke længere aktiv")
    if found is Stop.REJECTED:
        return upper_first(str(found.label))
    return _("Børneattest mangler") if found else ""


def counts(rows: Sequence[dict]) -> str:
    """ "2 er ikke hørt fra i 14 dage og 1 vil ringes op"."""
    said = (
        ("papers", _("%d kan ikke fortsætte uden videre")),
        ("call", _("%d vil ringes op")),
        ("quiet", _("%d er ikke hørt fra i 14 dage")),
    )
    times = {key: sum(key in row["keys"] for row in rows) for key, _words in said}
    return join_names([words % times[key] for key, words in said if times[key]])
