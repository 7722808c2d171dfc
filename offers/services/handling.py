"""What the coordinator does with an offer, and how it goes away again. ValidationError carries a Danish sentence."""

import re
from collections import Counter
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Locality, Party
from cases.phones import pretty_phone
from deadlines.calendar import add
from housing.models import Host
from housing.services import add_host
from offers import texts
from offers.choices import Kind, State
from offers.models import DayCount, HelpOffer
from offers.services.receiving import kept_until
from volunteers.models import Volunteer
from volunteers.services.register import save_volunteer

ANSWER_DAYS = 3  # working days, as offers/texts.toml promises
AFTER, SENDER_KEPT = timedelta(days=30), timedelta(days=1)
BATCH = 500


# --- The list -----------------------------------------------------------------------------------


def tab_counts() -> dict[str, int]:
    """Offers by state, and `quarantine` for those that stand in none of the lists. One query."""
    asked = {state.value: Count("pk", filter=Q(state=state, doubt="")) for state in State}
    return HelpOffer.objects.aggregate(**asked, quarantine=Count("pk", filter=~Q(doubt="")))


def listed(tab: str, kind: str = ""):
    """The rows of one tab, the newest first; quarantined ones in their own tab only."""
    rows = HelpOffer.objects.exclude(doubt="") if tab == "quarantine" else HelpOffer.objects.filter(doubt="", state=tab)
    return rows.filter(kind=kind) if kind else rows


def answers(offer: HelpOffer, word: str = "label") -> list[tuple[str, str]]:
    """(question in Danish, answer) of what only this kind asks. word: `short` for the word of the lists."""
    asked = [one for one in texts.questions(offer.kind, "da") if offer.details.get(one["name"])]
    return [(one[word], answer_to(one, offer)) for one in asked]


def answer_by(offer: HelpOffer) -> date:
    """The day that the receipt promises."""
    return add(timezone.localdate(offer.received_at), ANSWER_DAYS, "working_days")


def answer_to(question: dict, offer: HelpOffer) -> str:
    """The answer in words, also where one was chosen from a list."""
    given = str(offer.details[question["name"]])
    return dict(question["choices"]).get(given, given)


# --- Verbs --------------------------------------------------------------------------------------


def locked(offer: HelpOffer) -> HelpOffer:
    """The row as it stands, until the transaction ends; quarantine comes before everything else."""
    row = HelpOffer.objects.select_for_update().get(pk=offer.pk)
    if row.doubt:
        raise ValidationError(_("Tilbuddet står i karantæne. Tryk »Ikke spam« først."))
    return row


def still_open(row: HelpOffer) -> HelpOffer:
    if row.is_closed:
        raise ValidationError(_("Tilbuddet er allerede afsluttet."))
    return row


def settle(row: HelpOffer, state: str, *, by, now: datetime, note: str = "") -> HelpOffer:
    """Into that state; what is done with goes away after thirty days, never later than it would have."""
    today = timezone.localdate(now)
    row.state, row.handled_by, row.handled_at, row.note = state, by, now, note
    latest = kept_until(timezone.localdate(row.received_at))
    row.delete_on = min(latest, today + AFTER) if row.is_closed else latest
    row.save()
    return row


@transaction.atomic
def take(offer: HelpOffer, *, by, now: datetime) -> HelpOffer:
    """Somebody works on it, also on one that was closed by mistake."""
    row = locked(offer)
    if row.state == State.IN_PROGRESS:
        raise ValidationError(_("%s har allerede tilbuddet i gang.") % (row.handled_by or _("En kollega")))
    return settle(row, State.IN_PROGRESS, by=by, now=now, note=row.note)


@transaction.atomic
def use(offer: HelpOffer, *, by, now: datetime) -> HelpOffer:
    row = still_open(locked(offer))
    return settle(row, State.USED, by=by, now=now)


@transaction.atomic
def decline(offer: HelpOffer, *, note: str, by, now: datetime) -> HelpOffer:
    row = still_open(locked(offer))
    return settle(row, State.DECLINED, by=by, now=now, note=note)


@transaction.atomic
def release(offer: HelpOffer) -> HelpOffer:
    """Out of quarantine and among the new ones; it is kept as long as any other."""
    row = HelpOffer.objects.select_for_update().get(pk=offer.pk)
    if not row.doubt:
        raise ValidationError(_("Tilbuddet står ikke i karantæne."))
    row.doubt, row.delete_on = "", kept_until(timezone.localdate(row.received_at))
    row.save(update_fields=["doubt", "delete_on"])
    return row


@transaction.atomic
def make_volunteer(offer: HelpOffer, *, by, now: datetime) -> Volunteer:
    """Everything that was typed, in the register of volunteers; the offer is used. Asked twice, it is the same one."""
    row = locked(offer)
    if row.volunteer:
        return row.volunteer
    still_open(row)
    volunteer = Volunteer(
        name=row.name,
        phone=row.phone,
        email=row.email,
        languages=str(row.details.get("languages", ""))[:120],
        locality=town_of(row),
        interests=interests_of(row),
    )
    association = str(row.details.get("association", ""))[:120] if row.kind == Kind.LEISURE else ""
    save_volunteer(volunteer, organisation_name=association, today=timezone.localdate(now))
    row.volunteer, row.became = volunteer, _("Frivillig: %s") % volunteer.name
    settle(row, State.USED, by=by, now=now)
    return volunteer


@transaction.atomic
def make_host(offer: HelpOffer, *, by, now: datetime) -> Host:
    """Name, phone, town and beds, among the private hosts; the offer is used. Asked twice, it is the same one."""
    row = locked(offer)
    if row.host:
        return row.host
    still_open(row)
    if not row.phone:
        raise ValidationError(_("En vært skal have en telefon. Skriv til giveren, og tag tilbuddet på telefon."))
    beds = re.search(r"\d{1,2}", str(row.details.get("beds", "")))
    row.host = add_host(
        by=by, name=row.name, phone=row.phone, locality=town_of(row), places=int(beds.group()) if beds else 1
    )
    row.became = _("Vært: %s") % row.host.name
    settle(row, State.USED, by=by, now=now)
    return row.host


@transaction.atomic
def make_firm(offer: HelpOffer, *, by, now: datetime) -> Party:
    """The firm and whom to call, among those one works with; the offer is used. A known firm stays as it is."""
    row = locked(offer)
    if row.firm:
        return row.firm
    still_open(row)
    name = " ".join(str(row.details.get("firm") or row.name).split())[:120]
    reach = " · ".join(filter(None, (row.name, pretty_phone(row.phone) if row.phone else "", row.email)))[:200]
    known = Party.objects.filter(name__iexact=name).first()
    row.firm = known or Party.objects.create(name=name, contact=reach)
    row.became = _("Virksomhed: %s") % row.firm.name
    settle(row, State.USED, by=by, now=now)
    return row.firm


def town_of(row: HelpOffer) -> Locality | None:
    return Locality.objects.filter(name__iexact=row.town).first() if row.town else None


def remove(offer: HelpOffer) -> str:
    """Delete it before its time, as the consent promises. Returns its kind. A volunteer it became stays."""
    kind = offer.kind
    offer.delete()
    return kind


def interests_of(row: HelpOffer) -> str:
    """What the volunteer wrote that has no field of its own there, as much of it as there is room for."""
    own = {"languages", "association"}
    told = {one["name"]: one for one in texts.questions(row.kind, "da")}
    parts = [str(value) for name, value in row.details.items() if name in told and name not in own]
    parts += [] if not row.town or town_of(row) else [row.town]
    text = " · ".join([*parts, " ".join(row.message.split())]).strip(" ·")
    return text if len(text) <= 200 else f"{text[:199]}…"


# --- Going away ---------------------------------------------------------------------------------


def forget(*, now: datetime, today: date) -> dict[str, int]:
    """Delete what has stood its time, in batches, and forget the senders of yesterday. Returns counts by kind."""
    gone: Counter = Counter()
    while rows := list(HelpOffer.objects.filter(delete_on__lte=today).values_list("pk", "kind")[:BATCH]):
        HelpOffer.objects.filter(pk__in=[pk for pk, _kind in rows], delete_on__lte=today).delete()
        gone.update(kind for _pk, kind in rows)
    HelpOffer.objects.exclude(sender="").filter(received_at__lt=now - SENDER_KEPT).update(sender="")
    DayCount.objects.filter(day__lt=today - SENDER_KEPT).delete()
    return dict(gone)
