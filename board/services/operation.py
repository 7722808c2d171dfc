"""Drift: whether what runs by itself does run, read from what each run leaves behind.

Nothing here asks a worker or a broker: a worker that is dead can't answer, and the rows it should have written show it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from accounts.models import User
from cases.formats import length, plural
from desk.models import Heartbeat, Job, Mail
from desk.services import jobs, mail
from desk.services.repair import OVERDUE_HOURS
from desk.services.sweep import STALE_AFTER, STUCK_AFTER

SHOWN_SWEEPS, SHOWN_NIGHTS = 10, 7
FAILED_DAYS = 7
CHECKED_WITHIN = timedelta(hours=26)
Run = Heartbeat.Run


class Health(StrEnum):
    FINE = "fine"
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that runs by itself. said: how it stands; todo: what somebody has to do about it, or ""."""

    key: str
    title: str
    health: Health
    said: str
    todo: str = ""


def parts(*, now: datetime) -> list[Part]:
    return [look(now) for look in LOOKS]


# --- Runs -------------------------------------------------------------------------------------


def last(run: Run, number: int = 1) -> list[Heartbeat]:
    """The newest first."""
    return list(Heartbeat.objects.filter(run=run).order_by("-finished_at", "-pk")[:number])


def ago(at: datetime, now: datetime) -> str:
    """ "for 4 minutter siden"."""
    return _("for %s siden") % length(now - at)


START_WORKER = _l(
    "Bed driften om at se, om worker og beat kører, og starte dem. Det forsømte indhentes af sig selv, og intet "
    "varsles to gange."
)


def _sweep(now: datetime) -> Part:
    title, beats = _("Gennemgang af frister"), last(Run.SWEEP)
    if not beats:
        return Part("sweep", title, Health.WRONG, _("Har aldrig kørt."), str(START_WORKER))
    said = _("Sidst %s. Kører hvert kvarter.") % ago(beats[0].finished_at, now)
    late = now - beats[0].finished_at > STALE_AFTER
    return Part("sweep", title, Health.WRONG if late else Health.FINE, said, str(START_WORKER) if late else "")


def _repair(now: datetime) -> Part:
    title, beats = _("Natlig genberegning"), last(Run.REPAIR)
    if not beats:
        return Part("repair", title, Health.WRONG, _("Har aldrig kørt."), str(START_WORKER))
    counts = beats[0].counts
    words = {
        "when": ago(beats[0].finished_at, now),
        "cases": plural(counts.get("cases", 0), _("sag"), _("sager")),
        "differed": counts.get("differed", 0),
    }
    said = _("Sidst %(when)s: %(cases)s sammenlignet, %(differed)d afveg og er rettet.") % words
    late = now - beats[0].finished_at > timedelta(hours=OVERDUE_HOURS)
    return Part("repair", title, Health.WRONG if late else Health.FINE, said, str(START_WORKER) if late else "")


def _log(now: datetime) -> Part:
    title, beats = _("Loggens kæde"), last(Run.CHECK)
    if not beats:
        return Part("log", title, Health.UNKNOWN, _("Er ikke kontrolleret endnu. Det sker hver nat."))
    counts, when = beats[0].counts, ago(beats[0].finished_at, now)
    if counts.get("finding"):
        said = _("Loggen er ikke urørt (kontrolleret %s).") % when
        todo = _(
            "Ring til revisor og driften, før nogen retter noget. `manage.py verify_audit` nævner den første række."
        )
        return Part("log", title, Health.WRONG, said, todo)
    said = _("Urørt: %(rows)s, kontrolleret %(when)s.") % {
        "rows": plural(counts.get("rows", 0), _("række"), _("rækker")),
        "when": when,
    }
    late = now - beats[0].finished_at > CHECKED_WITHIN
    return Part("log", title, Health.WRONG if late else Health.FINE, said, str(START_WORKER) if late else "")


# --- Mail -------------------------------------------------------------------------------------

# (key, words, older than)
AGES = (
    ("now", _l("Under 1 time"), timedelta()),
    ("hour", _l("1 til 2 timer"), timedelta(hours=1)),
    ("late", _l("2 timer til 1 døgn"), STUCK_AFTER),
    ("days", _l("Over 1 døgn"), timedelta(days=1)),
)


def queue() -> QuerySet[Mail]:
    """Letters that wait for the mail server."""
    return Mail.objects.filter(sent_at=None, given_up_at=None)


def queue_by_age(*, now: datetime) -> list[dict]:
    """[{key, text, count}] from the youngest to the oldest; one query."""
    edges = [now - older for _key, _text, older in AGES] + [datetime.min.replace(tzinfo=UTC)]
    spans = {
        key: Count("pk", filter=Q(made_at__lte=edges[at], made_at__gt=edges[at + 1]))
        for at, (key, _text, _older) in enumerate(AGES)
    }
    found = queue().aggregate(**spans)
    return [{"key": key, "text": str(text), "count": found[key]} for key, text, _older in AGES]


def _mail(now: datetime) -> Part:
    title = _("Mail")
    waits = queue().aggregate(number=Count("pk"), oldest=Min("made_at"))
    lost = mail.given_up().count()
    sent = Mail.objects.filter(sent_at__gt=now - timedelta(days=1)).count()
    said = _("%s sendt det seneste døgn.") % plural(sent, _("mail"), _("mails"))
    if waits["number"]:
        words = {"number": plural(waits["number"], _("mail"), _("mails")), "age": length(now - waits["oldest"])}
        said += " " + _("%(number)s venter, den ældste i %(age)s.") % words
    if lost:
        said += " " + _("%s nåede aldrig frem.") % plural(lost, _("mail"), _("mails"))
        return Part("mail", title, Health.WRONG, said, _("Se dem nedenfor: send dem igen, eller læg dem væk."))
    if waits["number"] and now - waits["oldest"] > STUCK_AFTER:
        todo = _("Mailserveren tager ikke imod. Bed driften om at se på den; mails prøves igen hver time i tre døgn.")
        return Part("mail", title, Health.WRONG, said, todo)
    return Part("mail", title, Health.FINE, said)


# --- Background jobs --------------------------------------------------------------------------


def failed_jobs(*, now: datetime) -> QuerySet[Job]:
    """What went wrong in the last week, and what no worker has been heard of for too long. The newest first."""
    silent = Q(status=Job.Status.RUNNING, seen_at__lt=now - jobs.SILENT)
    unasked = Q(status=Job.Status.WAITING, created_at__lt=now - jobs.UNASKED)
    recent = Q(status=Job.Status.FAILED, created_at__gt=now - timedelta(days=FAILED_DAYS))
    return Job.objects.filter(silent | unasked | recent).select_related("user").order_by("-pk")


def _jobs(now: datetime) -> Part:
    title = _("Filer i baggrunden")
    waits = Job.objects.filter(status__in=[Job.Status.WAITING, Job.Status.RUNNING]).count()
    wrong = failed_jobs(now=now).count()
    said = _("%s venter eller er i gang.") % plural(waits, _("fil"), _("filer")) if waits else _("Ingen venter.")
    if wrong:
        said += " " + _("%s gik galt eller står stille.") % plural(wrong, _("fil"), _("filer"))
        todo = _(
            "Den, der bestilte filen, kan trykke »Prøv igen« under Mine filer. Går det galt igen, så se workerens log."
        )
        return Part("jobs", title, Health.WRONG, said, todo)
    return Part("jobs", title, Health.FINE, said)


# --- Backup -----------------------------------------------------------------------------------


class NoMarker(Exception):
    """BACKUP_MARKER is not set, or its file can't be written."""


def note_backup() -> Path:
    """Write the marker's time. NoMarker with a sentence where that can't be done."""
    if not settings.BACKUP_MARKER:
        raise NoMarker("Sæt BACKUP_MARKER til en fil, som Indgang kan skrive og læse.")
    path = Path(settings.BACKUP_MARKER)
    try:
        path.touch()
    except OSError as error:
        raise NoMarker(f"{path} kan ikke skrives: {error.strerror}.") from error
    return path


def last_backup() -> datetime | None:
    """The marker's time; None where there is none to read."""
    try:
        return datetime.fromtimestamp(Path(settings.BACKUP_MARKER).stat().st_mtime, tz=UTC)
    except OSError:
        return None


def _backup(now: datetime) -> Part:
    title = _("Backup")
    if not settings.BACKUP_MARKER:
        said = _("Ikke sat op: Indgang ved ikke, om der tages backup.")
        return Part("backup", title, Health.UNKNOWN, said, _("Bed driften om at følge afsnittet »Backup« i README."))
    todo = _("Bed driften om at se, om backup kører, og tage en nu. README har kommandoerne.")
    at = last_backup()
    if at is None:
        return Part("backup", title, Health.WRONG, _("Der er endnu ikke noteret nogen backup."), todo)
    late = now - at > timedelta(hours=settings.BACKUP_HOURS)
    said = _("Sidst %s.") % ago(at, now)
    return Part("backup", title, Health.WRONG if late else Health.FINE, said, todo if late else "")


LOOKS: tuple[Callable[[datetime], Part], ...] = (_sweep, _repair, _mail, _jobs, _backup, _log)

# --- Verbs ------------------------------------------------------------------------------------


def answer_mail(what: str, ids: list[int], *, by: User, now: datetime, today) -> int:
    """again: into the queue once more; away: known to be lost. Returns how many letters it was done to."""
    if what == "again":
        return mail.send_again(ids, by=by, today=today, now=now)
    return mail.put_away(ids, by=by, now=now)
