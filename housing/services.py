"""The verbs of housing: the only writers of dwellings, hosts and placements.

ValidationError carries a Danish sentence that says what to do. A placement locks its case and then its dwelling, so
that two households can't be given the same home at once.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts import audit
from cases.choices import DataClass
from cases.formats import day_month, doc_date
from cases.models import Case, Stay
from cases.services import record
from deadlines import engine
from deadlines.services import timeliness
from housing.models import Answer, Dwelling, Host, Placement, PlacementKind, Span
from housing.occupancy import clashes, has_room, holdings, most_taken, taken_text, with_room
from housing.rules import LODGING, NEXT_HOME, RULES, TEMPORARY_OFFER

SUGGESTIONS = 3


@transaction.atomic
def offer_home(
    case,
    *,
    home: Dwelling | Host,
    kind: str,
    on: date,
    answer: str = Answer.NONE,
    moves_in_on: date | None = None,
    ends_on: date | None = None,
    residents: int | None = None,
    today: date,
    by,
) -> Placement:
    """Offer the household a dwelling or a host. on: the day of the offer; moving in and the end may lie ahead."""
    Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    placement = Placement(
        case=case,
        number=(case.placements.aggregate(last=Max("number"))["last"] or 0) + 1,
        dwelling=home if isinstance(home, Dwelling) else None,
        host=home if isinstance(home, Host) else None,
        kind=kind,
        residents=residents or members(case),
        offered_on=on,
        answer=answer,
        moves_in_on=moves_in_on,
        ends_on=ends_on,
        recorded_by=by,
    )
    check_new(placement)
    check(placement, today=today)
    placement.save()
    text = f"{sentence(placement)}{standing(placement)}{details(placement)}"
    record(case, area="housing", kind="housing.offered", text=text[:400], on=on, by=by, data_class=DataClass.LOCATION)
    engine.refresh([case.pk], RULES, today=today)
    return placement


@transaction.atomic
def change_placement(
    placement: Placement,
    *,
    answer: str,
    moves_in_on: date | None,
    ends_on: date | None,
    moved_out_on: date | None,
    today: date,
    by,
) -> list[str]:
    """The family's answer, moving in, a new end or moving out. Returns what changed, in Danish."""
    Case.objects.select_for_update(no_key=True).get(pk=placement.case_id)
    placement = (
        Placement.objects.select_for_update(of=("self",))
        .select_related("case", "dwelling", "host")
        .get(pk=placement.pk)
    )
    if placement.annulled_on:
        raise ValidationError(_("Boligplaceringen er annulleret og kan ikke ændres."))
    new = {"answer": answer, "moves_in_on": moves_in_on, "ends_on": ends_on, "moved_out_on": moved_out_on}
    changed = [name for name, value in new.items() if getattr(placement, name) != value]
    if not changed:
        return []
    for name in changed:
        setattr(placement, name, new[name])
    check(placement, today=today)
    placement.save(update_fields=changed)
    words = [_change(placement, name) for name in changed]
    text = _("Boligplacering ændret, %(home)s: %(what)s") % {"home": placement.home, "what": "; ".join(words)}
    record(
        placement.case,
        area="housing",
        kind="housing.changed",
        text=text[:400],
        on=today,
        by=by,
        data_class=DataClass.LOCATION,
    )
    engine.refresh([placement.case_id], RULES, today=today)
    return words


@transaction.atomic
def add_dwelling(*, by, **fields) -> Dwelling:
    """A dwelling with its places. ValidationError when the address is there already."""
    address = {name: fields.get(name, "") for name in ("street", "house_number", "floor", "door", "postal_code")}
    if Dwelling.objects.filter(**address).exists():
        raise ValidationError(_("Boligen findes allerede. Vælg den på listen i stedet."))
    dwelling = Dwelling.objects.create(**fields)
    audit.log(by, "housing.dwelling_added", detail=f"bolig {dwelling.pk}")
    return dwelling


@transaction.atomic
def change_dwelling(dwelling: Dwelling, *, by, **fields) -> Dwelling:
    """Correct the places or take the dwelling out of use from a day. Who lives there is not moved by it."""
    if fields.get("out_of_use_from") and not fields.get("out_of_use_reason"):
        raise ValidationError({"out_of_use_reason": _("Skriv, hvorfor boligen er ude af brug.")})
    for name, value in fields.items():
        setattr(dwelling, name, value)
    dwelling.save(update_fields=list(fields))
    audit.log(by, "housing.dwelling_changed", detail=f"bolig {dwelling.pk}")
    return dwelling


@transaction.atomic
def add_host(*, by, **fields) -> Host:
    """A private host. phone: E.164."""
    host = Host.objects.create(**fields)
    audit.log(by, "housing.host_added", detail=f"vært {host.pk}")
    return host


def check_new(placement: Placement) -> None:
    """The same form sent twice writes one placement."""
    same = placement.case.placements.standing().filter(
        dwelling=placement.dwelling, host=placement.host, kind=placement.kind, offered_on=placement.offered_on
    )
    if same.exists():
        raise ValidationError(_("Boligplaceringen er allerede registreret. Ret den, hvis noget er ændret."))


def members(case) -> int:
    """How many of the household are here or on their way; at least one."""
    return Stay.objects.filter(person__case=case, left_on=None).values("person").distinct().count() or 1


def check(placement: Placement, *, today: date) -> None:
    """Dates in order, the dwelling in use, and room for the household."""
    errors = {}
    for name in ("offered_on", "moved_out_on"):
        if (day := getattr(placement, name)) and day > today:
            errors["on" if name == "offered_on" else name] = _("Datoen ligger frem i tiden. Skriv den dag, det skete.")
    if placement.ends_on and placement.ends_on <= placement.begins:
        errors["ends_on"] = _("Placeringen skal ophøre efter %s.") % doc_date(placement.begins)
    if placement.moved_out_on and placement.moved_out_on < placement.begins:
        errors["moved_out_on"] = _("Fraflytning kan ikke ligge før indflytning %s.") % doc_date(placement.begins)
    if errors:
        raise ValidationError(errors)
    if placement.dwelling_id and placement.answer != Answer.DECLINED:
        check_room(placement, today=today)


def check_room(placement: Placement, *, today: date) -> None:
    """Lock the dwelling and see that nobody else has it. Whoever comes second waits here and then sees the first."""
    dwelling = Dwelling.objects.select_for_update().get(pk=placement.dwelling_id)
    if dwelling.out_of_use_from and dwelling.out_of_use_from <= placement.begins:
        raise ValidationError(
            stop(
                _("%(home)s er ude af brug fra %(day)s")
                % {"home": dwelling.name, "day": day_month(dwelling.out_of_use_from)}
            )
        )
    wanted = Span(placement.begins, placement.end)
    if wanted.end and wanted.end <= wanted.start:
        return
    (holding,) = holdings([dwelling], today=today, without_case=placement.case_id)
    if has_room(holding, wanted, placement.residents):
        return
    if holding.shared:
        free = max(dwelling.places - most_taken(holding, wanted), 0)
        why = _("%(home)s har %(free)d ledige pladser, og familien er %(size)d") % {
            "home": dwelling.name,
            "free": free,
            "size": placement.residents,
        }
    else:
        why = f"{dwelling.name} {_('er')} {taken_text(clashes(holding, wanted))}"
    raise ValidationError(f"{stop(why)} {suggestion(placement, wanted, today=today)}")


def suggestion(placement: Placement, wanted: Span, *, today: date) -> str:
    """The homes that are free for the whole period, so that the refusal says the way on."""
    free = with_room(wanted, placement.residents, today=today, without_case=placement.case_id)[:SUGGESTIONS]
    if not free:
        return _("Ingen anden bolig med plads til familien er ledig i perioden.")
    names = [_("%(home)s (%(places)d pladser)") % {"home": home.name, "places": home.places} for home in free]
    return _("Ledig i perioden: %s.") % "; ".join(names)


def sentence(placement: Placement) -> str:
    """ "Midlertidig boligplacering tilbudt: Rønneholt 4, st. th."."""
    lead = {
        PlacementKind.LODGING: _("Indkvartering tilbudt"),
        PlacementKind.TEMPORARY: _("Midlertidig boligplacering tilbudt"),
        PlacementKind.PERMANENT: _("Varig bolig tilbudt"),
    }[placement.kind]
    if placement.kind == PlacementKind.LODGING and placement.answer == Answer.ACCEPTED:
        lead = _("Indkvarteret")
    return f"{lead}: {placement.home}"


def standing(placement: Placement) -> str:
    """How the act stands to the deadline it meets: ", 2 dage før fristen". A refused lodging meets none."""
    declined = placement.answer == Answer.DECLINED
    rules = [LODGING if placement.kind == PlacementKind.LODGING else TEMPORARY_OFFER, NEXT_HOME]
    meets = [rule.key for rule in rules if not declined or rule is TEMPORARY_OFFER]
    found = (timeliness(placement.case_id, None, key, placement.offered_on) for key in meets)
    return next(filter(None, found), "")


def details(placement: Placement) -> str:
    words = []
    if placement.moves_in_on:
        words.append(_("Indflytning %s") % day_month(placement.moves_in_on))
    if placement.ends_on:
        words.append(
            _("ophører %s") % day_month(placement.ends_on) if words else _("Ophører %s") % day_month(placement.ends_on)
        )
    sentences = [", ".join(words)] if words else []
    if placement.answer != Answer.NONE:
        sentences.append(placement.get_answer_display())
    return "".join(f". {sentence}" for sentence in sentences).replace("..", ".")


def stop(text: str) -> str:
    """A sentence with its full stop; one that ends in an abbreviation has it already."""
    return text if text.endswith(".") else f"{text}."


def _change(placement: Placement, name: str) -> str:
    value = getattr(placement, name)
    if name == "answer":
        return placement.get_answer_display().lower()
    return f"{Placement._meta.get_field(name).verbose_name} {doc_date(value) if value else '–'}"
