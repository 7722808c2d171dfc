"""What families need, and the offers that fit: by words that meet, shown with the words."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cases.models import Case
from cases.services import record
from offers.choices import Kind, State
from offers.models import HelpOffer, Wish
from offers.services.handling import use
from volunteers.services.households import words

OPEN = (State.NEW.value, State.IN_PROGRESS.value)
MOST = 3
SHORTEST_PART = 4  # letters: "seng" is in "juniorseng", "to" in too much


def open_wishes(user) -> QuerySet:
    """Wishes nobody has met, of the families in the user's scope, the oldest first. Protected ones stand in no list."""
    cases = Case.objects.visible_to(user).filter(protected=False, closed_on=None)
    rows = Wish.objects.standing().filter(case__in=cases, met_on=None).select_related("case__locality")
    only = ("text", "on", "case__number", "case__family_name", "case__locality__name")
    return rows.only(*only).order_by("on", "pk")


def offers_to_match() -> list[HelpOffer]:
    """The offers that may meet a wish. One query."""
    return list(HelpOffer.objects.filter(doubt="", state__in=OPEN).exclude(kind=Kind.CONTACT_PERSON))


def words_of(offer: HelpOffer) -> frozenset[str]:
    return words(" ".join([offer.message, *(str(value) for value in offer.details.values())]))


def shared(wanted: Iterable[str], offered: Collection[str]) -> list[str]:
    """The words that meet: the same, or one within the other ("støvler" in "vinterstøvler")."""
    return sorted({mine for mine in wanted for theirs in offered if meets(mine, theirs)})


def meets(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) >= SHORTEST_PART and short in long)


def fitting(wish: Wish, offers: Iterable[HelpOffer]) -> list[tuple[HelpOffer, list[str]]]:
    """(offer, the words that meet), most words first, then the oldest offer."""
    wanted = words(wish.text)
    found = [(offer, shared(wanted, words_of(offer))) for offer in offers]
    hits = [(offer, hit) for offer, hit in found if hit]
    return sorted(hits, key=lambda pair: (-len(pair[1]), pair[0].received_at, pair[0].pk))[:MOST]


@transaction.atomic
def wish(case, *, text: str, on: date, by) -> Wish:
    """ValidationError: a protected family stands in no list, and a closed case waits for nothing."""
    if case.protected or case.closed_on:
        raise ValidationError(_("Ønsket kan ikke komme på listen. Skriv det som et notat i sagen."))
    row = Wish.objects.create(case=case, text=" ".join(text.split()), on=on, recorded_by=by)
    _tell(row, "wished", _("Familien ønsker: %s") % row.text, on, by)
    return row


@transaction.atomic
def meet(row: Wish, *, on: date, now: datetime, by, offer: HelpOffer | None = None) -> Wish:
    """The wish is met, by this offer or otherwise. ValidationError: somebody was quicker."""
    held = Wish.objects.select_for_update().get(pk=row.pk)
    if held.met_on or held.annulled_on:
        raise ValidationError(_("Ønsket er allerede opfyldt."))
    if offer:
        held.offer = use(offer, by=by, now=now)
    held.met_on = on
    held.save(update_fields=["met_on", "offer"])
    _tell(held, "wish_met", _("Familiens ønske er opfyldt: %s") % held.text, on, by)
    return held


def _tell(row: Wish, kind: str, text: str, on: date, by) -> None:
    record(row.case, area="volunteers", kind=f"offers.{kind}", text=text[:400], on=on, by=by)
