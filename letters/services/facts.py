"""What a letter says, from what is registered: one function per kind of letter. Nothing here prints or logs.

Health and violence never stand in a letter. The letter is for its reader: places of those who are protected against
the reader are not named in it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.choices import FamilyRole
from cases.location import cover
from cases.models import Person
from cases.phones import pretty_phone
from cases.secrecy import kept_from
from letters.paper import HEAD, ITEM, Clock, Line, Plain, Step
from reception.paper import Name
from reception.services.document import phone_of, places_kept_from
from reception.services.plan import proposals
from schooling.models import DaycareOffer, LanguageOffer, SchoolOffer
from volunteers.models import Match

MOST_DATES = 6
ADULT, CHILD = "adult", "child"
DECLINED = ("declined", "not_wanted")


class Missing(Exception):
    """A fact is not registered yet; str() says which, `page` where it is registered (name of a page of a person)."""

    def __init__(self, sentence: str, page: str = ""):
        super().__init__(sentence)
        self.page = page


@dataclass(frozen=True, slots=True)
class Order:
    """One letter to write. about: whom it is about; reader: who holds it; said: what the form was told."""

    about: Person
    reader: Person
    today: date
    said: dict = field(default_factory=dict)

    @property
    def worker(self):
        return self.reader.case.caseworker


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of letter. fields: what the form asks beside the language; write: the lines, or Missing."""

    key: str
    text: Promise
    lede: Promise
    heading: str
    whom: str
    write: Callable[[Order], list]
    fields: tuple[str, ...] = ()
    icon: str = "envelope"


def name_of(person: Person) -> Name:
    return Name(person.short_name, person.cyrillic_name)


def call_us(order: Order, key: str) -> list[Line]:
    """Nothing where neither the caseworker nor the unit has a number."""
    phone = phone_of(order.reader.case).replace(" ", "\u00a0")  # a number is not broken over two lines
    return [Line(key, values={"phone": phone})] if phone else []


# --- What each kind says ----------------------------------------------------------------------


def welcome(order: Order) -> list:
    """My caseworker, the unit's phone, the first dates, what to bring (strategy § 1: én indgang)."""
    lines = [Line("letter.reception.welcome_intro")]
    if order.worker:
        lines.append(Line("letter.reception.your_caseworker", values={"caseworker": order.worker.name}))
    lines += call_us(order, "letter.reception.unit_phone")
    dates = first_dates(order)
    if dates:
        lines += [Line("letter.reception.first_dates", HEAD), *dates]
    return [*lines, *to_bring(order)]


def first_dates(order: Order) -> list[Step]:
    """The next dates of the reader's plan to be: never health, nothing about who is kept from the reader."""
    secret = kept_from(order.reader)
    there = [line for line in proposals(order.reader, today=order.today) if line.on and line.on >= order.today]
    there = [line for line in there if line.area != "health" and line.about_id not in secret]
    names = {person.pk: name_of(person) for person in order.reader.case.people.all()}
    there.sort(key=lambda line: line.on)
    return [Step(line.on, line.text, names.get(line.about_id)) for line in there[:MOST_DATES]]


def to_bring(order: Order) -> list[Line]:
    children = order.reader.case.people.filter(role=FamilyRole.CHILD).exists()
    papers = ["passport", "permit", "diploma", *(["vaccination"] if children else [])]
    return [Line("letter.general.bring", HEAD), *(Line(f"letter.general.bring_{paper}", ITEM) for paper in papers)]


def invitation(order: Order) -> list:
    said = order.said
    lines = [
        Line("letter.reception.invitation_plan"),
        Line("letter.general.when", values={"day": said["day"], "time": Clock(said["time"])}),
        Line("letter.general.where", values={"place": said["place"]}),
    ]
    if said.get("interpreter"):
        lines.append(Line("letter.general.interpreter_booked"))
    lines += to_bring(order)
    return [*lines, *call_us(order, "letter.general.cannot_come")]


def school(order: Order) -> list:
    offer = latest(SchoolOffer, order, "school", _("Der er ikke registreret et tilbud om skole."), "school_offer")
    return place_offered(order, "letter.schooling.school_offer", offer.school.name, offer.starts_on)


def daycare(order: Order) -> list:
    offer = latest(
        DaycareOffer, order, "daycare", _("Der er ikke registreret et tilbud om dagtilbud."), "daycare_offer"
    )
    return place_offered(order, "letter.schooling.daycare_offer", offer.daycare.name, offer.starts_on)


def place_offered(order: Order, key: str, place: str, starts_on: date | None) -> list:
    if order.about.pk in kept_from(order.reader):
        raise Missing(_("%s er beskyttet mod modtageren. Vælg en anden modtager.") % order.about.short_name)
    lines = [Line(key, values={"name": name_of(order.about), "place": place})]
    time = order.said.get("time")
    if starts_on and time:
        lines.append(Line("letter.schooling.first_day", values={"day": starts_on, "time": Clock(time)}))
    elif starts_on:
        lines.append(Line("letter.schooling.first_day_on", values={"day": starts_on}))
    if order.said.get("answer_before"):
        lines.append(Line("letter.schooling.answer_before", values={"day": order.said["answer_before"]}))
    return [*lines, *call_us(order, "letter.reception.unit_phone")]


def language(order: Order) -> list:
    offer = latest(
        LanguageOffer, order, "provider", _("Der er ikke registreret et tilbud om sprogskole."), "language_offer"
    )
    return [
        Line("letter.schooling.language_offer", values={"place": offer.provider.name}),
        Line("letter.schooling.language_contact"),
        *call_us(order, "letter.reception.unit_phone"),
    ]


def latest(model, order: Order, place: str, sentence: str, page: str):
    """The newest offer that stands and was not refused. Missing when there is none."""
    rows = model.objects.standing().filter(person=order.about, **{f"{place}__isnull": False})
    offer = rows.exclude(answer__in=DECLINED).select_related(place).order_by("-offered_on", "-pk").first()
    if offer is None:
        raise Missing(sentence, f"schooling:{page}")
    return offer


def new_caseworker(order: Order) -> list:
    if order.worker is None:
        raise Missing(_("Familien har ingen sagsbehandler endnu."))
    start = {"day": order.said.get("day") or order.today, "caseworker": order.worker.name}
    return [
        Line("letter.reception.new_caseworker_from", values=start),
        *call_us(order, "letter.reception.unit_phone"),
    ]


def contact_person(order: Order) -> list:
    """The card of the family's contact person, or, when the last one has stopped, that a new one can be found."""
    rows = Match.objects.standing().filter(case=order.reader.case, volunteer__isnull=False)
    match = rows.select_related("volunteer").order_by("-round").first()
    if match is None:
        raise Missing(_("Familien har ingen kontaktperson endnu."))
    volunteer, name = match.volunteer, {"name": match.volunteer.name}
    if match.ended_on:
        lines = [Line("letter.volunteers.contact_ended", values=name), Line("letter.volunteers.contact_new")]
        return [*lines, *call_us(order, "letter.reception.unit_phone")]
    lines = [Line("letter.volunteers.contact_is", values=name)]
    if volunteer.phone:
        phone = pretty_phone(volunteer.phone).replace(" ", "\u00a0")
        lines.append(Line("letter.volunteers.contact_phone", values={"phone": phone}))
    lines.append(Line("letter.volunteers.contact_what"))
    if volunteer.secrecy_signed_on:
        lines.append(Line("letter.volunteers.contact_secret"))
    return [*lines, Line("letter.volunteers.contact_change"), *call_us(order, "letter.reception.unit_phone")]


KINDS = {
    kind.key: kind
    for kind in (
        Kind(
            "velkomst", gettext_lazy("Velkomstark"),
            gettext_lazy("Sagsbehandler, telefon, de første datoer, og hvad der skal med."),
            "letter.reception.welcome", ADULT, welcome, icon="hand-thumbs-up",
        ),
        Kind(
            "samtale", gettext_lazy("Invitation til samtale"), gettext_lazy("Tid, sted og tolk."),
            "letter.reception.invitation", ADULT, invitation, ("day", "time", "place", "interpreter"), "calendar-week",
        ),
        Kind(
            "skole", gettext_lazy("Tilbud om skole"), gettext_lazy("Skolen, første dag, og hvornår I skal svare."),
            "letter.schooling.offer", CHILD, school, ("time", "answer_before"), "envelope",
        ),
        Kind(
            "dagtilbud", gettext_lazy("Tilbud om dagtilbud"), gettext_lazy("Stedet, første dag, og svarfristen."),
            "letter.schooling.offer", CHILD, daycare, ("time", "answer_before"), "envelope",
        ),
        Kind(
            "sprogskole", gettext_lazy("Tilbud om sprogskole"), gettext_lazy("Sprogskolen, og hvem der ringer."),
            "letter.schooling.language", ADULT, language, icon="translate",
        ),
        Kind(
            "sagsbehandler", gettext_lazy("Ny sagsbehandler"), gettext_lazy("Hvem det er, fra hvilken dag."),
            "letter.reception.new_caseworker", ADULT, new_caseworker, ("day",), "person-check",
        ),
        Kind(
            "kontaktperson", gettext_lazy("Kontaktpersonens kort"),
            gettext_lazy("Hvem det er, telefon, og hvad en kontaktperson gør."),
            "letter.volunteers.contact", ADULT, contact_person, icon="person-heart",
        ),
    )
}  # fmt: skip


def written(kind: Kind, order: Order) -> list:
    """The whole letter: to whom, greeting, what it says, and from whom. Raises Missing."""
    lines = covered(order, kind.write(order))
    sender = order.worker.name if order.worker else settings.MUNICIPALITY["unit"]
    return [
        Line("letter.general.to", values={"name": Name(order.reader.full_name, order.reader.cyrillic_name)}),
        Line("letter.general.hello"),
        *lines,
        Line("letter.general.regards"),
        Plain(", ".join(dict.fromkeys((sender, settings.MUNICIPALITY["unit"])))),
    ]


def covered(order: Order, lines: list) -> list:
    """Without the places of those who are protected against the reader."""
    places = places_kept_from(order.reader)
    return [
        Line(line.key, line.kind, {k: cover(v, places) if isinstance(v, str) else v for k, v in line.values.items()})
        if isinstance(line, Line)
        else Step(line.on, cover(line.text, places), line.name)
        for line in lines
    ]
