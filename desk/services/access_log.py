"""The log as its readers see it: who, when, what and why; and what a citizen may be given of it."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from accounts.audit import CHANGES, GROUPS
from accounts.models import AccessRecord, User

CHANGE = "change"
KINDS = {
    "read": _l("Vist"),
    CHANGE: _l("Registreret eller ændret"),
    "search": _l("Søgt"),
    "export": _l("Hentet som fil"),
    "print": _l("Udskrevet"),
    "reveal": _l("CPR-nr. vist"),
    "denied": _l("Afvist"),
    "login": _l("Log ind og log ud"),
}
WORDS = {
    "case.read": _l("Familiens side er vist"),
    "case.area_read": _l("Et område af sagen er vist"),
    "person.read": _l("Oplysninger om en person er vist"),
    "step.read": _l("En frist er vist"),
    "page.read": _l("En side er vist"),
    "import.read": _l("En indlæst liste er vist"),
    "housing.board_read": _l("Boligoversigten er vist"),
    "log.read": _l("Loggen er vist"),
    "consent.read": _l("Oversigten over samtykker er vist"),
    "keeping.read": _l("Oversigten over opbevaring er vist"),
    "insight.read": _l("En indsigtspakke er vist"),
    "insight.prepared": _l("En indsigtspakke er klargjort"),
    "insight.released": _l("En indsigtspakke er frigivet"),
    "insight.export": _l("En indsigtspakke er hentet"),
    "log.judged": _l("Linjer af loggen er vurderet"),
    "log.signed": _l("En gennemgang af loggen er underskrevet"),
    "log.export": _l("Udtræk af loggen er hentet"),
    "cpr.search": _l("Der er søgt på et CPR-nr."),
    "case.search": _l("Der er søgt efter familier"),
    "step.search": _l("Der er søgt efter frister"),
    "list.export": _l("En liste er hentet"),
    "file.export": _l("En fil fra baggrunden er hentet"),
    "mail.again": _l("En mail, der ikke nåede frem, er sendt igen"),
    "mail.put_away": _l("En mail, der ikke nåede frem, er lagt væk"),
    "report.made": _l("En rapport er lavet"),
    "report.export": _l("En rapport er hentet"),
    "list.asked": _l("Der er bedt om en leders ja til en fil"),
    "list.approved": _l("En leder har godkendt en fil"),
    "list.declined": _l("En leder har sagt nej til en fil"),
    "plan.print": _l("Min Plan er udskrevet"),
    "plan.lock": _l("Min Plan er låst ved udlevering"),
    "plan.file": _l("En fil til Min Plan er gemt"),
    "plan.copy_read": _l("Et underskrevet eksemplar er hentet"),
    "plan.shown": _l("Min Plan er vist for borgeren"),
    "letter.print": _l("Et brev er udskrevet"),
    "letter.shown": _l("Et brev er vist for borgeren"),
    "letter.export": _l("En fil med breve er hentet"),
    "offer.read": _l("Et tilbud om hjælp er vist"),
    "offers.read": _l("Listen over tilbud om hjælp er vist"),
    "offer.added": _l("Et tilbud om hjælp er skrevet ned"),
    "offer.taken": _l("Et tilbud om hjælp er taget i gang"),
    "offer.used": _l("Et tilbud om hjælp er brugt"),
    "offer.declined": _l("Et tilbud om hjælp er afslået"),
    "offer.released": _l("Et tilbud om hjælp er taget ud af karantæne"),
    "offer.volunteer": _l("Et tilbud om hjælp er gjort til frivillig"),
    "offer.deleted": _l("Gamle tilbud om hjælp er slettet"),
    "phrase.change": _l("En sætning i tekstbanken er rettet"),
    "phrase.approve": _l("En sætning i tekstbanken er godkendt"),
    "phrase.language": _l("Et sprog er tilføjet i tekstbanken"),
    "rules.drafted": _l("Et udkast til fristregler er lavet"),
    "rules.changed": _l("Et udkast til fristregler er rettet"),
    "rules.discarded": _l("Et udkast til fristregler er slettet"),
    "rules.asked": _l("Der er bedt om et ja til fristregler"),
    "rules.taken_back": _l("Ønsket om et ja til fristregler er trukket tilbage"),
    "rules.activated": _l("Fristregler er sat i brug"),
    "rules.undone": _l("En aktivering af fristregler er fortrudt"),
    "note.moved": _l("Det er ændret, hvem der må se et notat"),
    "cpr.reveal": _l("CPR-nr. er vist"),
    "denied": _l("Adgang er afvist"),
    "glass.opened": _l("Sagen er åbnet med nødadgang"),
    "glass.refused": _l("Nødadgang er afvist"),
    "glass.closed": _l("Nødadgangen er lukket"),
    "oversight.opened": _l("Ledelsestilsyn er begyndt"),
    "oversight.closed": _l("Ledelsestilsyn er sluttet"),
    "login.in": _l("Logget ind"),
    "login.failed": _l("Mislykket log ind"),
    "logout": _l("Logget ud"),
    "login.password": _l("Adgangskoden er skiftet"),
    "login.factor": _l("Andet led er ændret"),
    "login.link": _l("Et link er bestilt til en bruger"),
    "login.linked": _l("Kommunens log-in er forbundet med en bruger"),
    "login.invitation": _l("En invitation er sendt"),
    "login.reset": _l("Et link til ny adgangskode er sendt"),
    "user.created": _l("En bruger er oprettet"),
    "user.changed": _l("En brugers oplysninger er rettet"),
    "user.deactivated": _l("En bruger er lukket"),
    "user.reactivated": _l("En bruger er åbnet igen"),
    "team.saved": _l("Et team er gemt"),
    "absence.added": _l("Fravær er tilføjet"),
    "absence.removed": _l("Fravær er fjernet"),
    "absence.ended": _l("Fravær er afsluttet"),
    "cases.handed_over": _l("Sagen er overdraget"),
    "cases.hand_over_undone": _l("En overdragelse er fortrudt"),
    "role.granted": _l("En rolle er givet"),
    "role.asked": _l("Der er bedt om en leders ja til en rolle"),
    "role.declined": _l("En leder har sagt nej til en rolle"),
    "role.revoked": _l("En rolle er taget tilbage"),
}
# That there are health details at all is known to few: others read the neutral sentence.
HEALTH = "health.read"


def found(chosen: Mapping, *, case_number: str = "") -> QuerySet[AccessRecord]:
    """The rows that a filter leaves, the newest first. case_number: of this case alone."""
    rows = AccessRecord.objects.order_by("-pk")
    number = case_number or chosen.get("case") or ""
    if number:
        rows = rows.filter(case_number=number)
    if chosen.get("who"):
        rows = rows.filter(user_id=chosen["who"])
    kind = chosen.get("kind")
    if kind:
        rows = rows.filter(CHANGES if kind == CHANGE else GROUPS[kind])
    if chosen.get("first"):
        rows = rows.filter(at__gte=midnight(chosen["first"]))
    if chosen.get("last"):
        rows = rows.filter(at__lt=midnight(chosen["last"] + timedelta(days=1)))
    return rows


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def what(action: str, *, neutral: bool = True) -> str:
    """The act in words; `neutral` hides which area."""
    if action == HEALTH:
        return str(WORDS["case.area_read"]) if neutral else _("Helbredsoplysninger er vist")
    if action in WORDS:
        return str(WORDS[action])
    return str(next((word for kind, word in KINDS.items() if action.endswith(f".{kind}")), KINDS[CHANGE]))


def moment(at: datetime) -> str:
    """24.11.2026 kl. 9.05.12, local time."""
    local = timezone.localtime(at)
    return f"{local:%d.%m.%Y} kl. {local.hour}.{local:%M.%S}"


def lines(rows: Iterable[AccessRecord], *, people: Mapping[int, str], neutral: bool) -> list[dict]:
    """Rows for the table, with the users' names in one query. people: names by id, where the reader may know them."""
    rows = list(rows)
    users = {user.pk: user.name for user in User.objects.filter(pk__in={row.user_id for row in rows})}
    return [
        {
            "at": moment(row.at),
            "iso": row.at.isoformat(),
            "who": users.get(row.user_id, "") if row.user_id else _("Systemet"),
            "what": what(row.action, neutral=neutral),
            "case": row.case_number,
            "person": people.get(row.person_id, "") if row.person_id else "",
            "purpose": row.purpose,
            "detail": "" if neutral else f"{row.action} {row.detail}".strip(),
        }
        for row in rows
    ]


def for_citizen(case_number: str) -> QuerySet[AccessRecord]:
    """What was done with the family's data; refusals showed nothing, so they are left out."""
    return found({}, case_number=case_number).exclude(GROUPS["denied"])


def citizen_cells(row: AccessRecord) -> tuple[str, str, str]:
    """When, what, why; not who, which area, or which member of the family."""
    return moment(row.at), what(row.action), row.purpose or _("Sagsbehandling")
