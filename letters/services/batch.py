"""Letters for many families, made by a worker (desk.services.jobs).

Whoever has lost the right to a family meanwhile gets no letter of it, and no file that holds one.
"""

from datetime import date

from django.utils.translation import gettext as _

from accounts.access import Permission
from cases.access import covers, mark
from cases.models import Case, Person
from cases.paper import PaperError
from desk.models import Job
from desk.services import jobs
from letters.services import printing
from letters.services.facts import KINDS, Missing, Order
from reception.services.plan import planners

KIND = "letters.many"
MOST = 30  # sixty letters take the printer a dozen seconds of its thirty
MANY = {"velkomst": _("Velkomstark"), "sagsbehandler": _("Ny sagsbehandler"), printing.SHEET: _("Familieark")}


def families(user) -> list[Case]:
    """Open cases that the user has or stands in for, the newest first; those whose places are covered are left out."""
    rows = Case.objects.visible_to(user).open().filter(caseworker__in=user.acting_for)
    return [case for case in rows.order_by("-registered_on", "-pk")[: MOST + 1] if not covers(user, case)]


def start(user, *, letter: str, cases: list[int], day: date | None = None) -> Job:
    """A job that a worker takes up; the caller asks for it when the transaction has ended."""
    data = {"letter": letter, "cases": cases, "day": day.isoformat() if day else ""}
    return jobs.start(
        user,
        KIND,
        title=_("Breve: %s") % MANY[letter],
        data=data,
        permission=Permission.WRITE_CASES,
        personal=False,  # printed all day, as the letters of one family are
        total=len(cases) + 1,
    )


def make(job: Job, user, progress: jobs.Progress, *, today: date) -> jobs.Made:
    """Print what the job names. Raises jobs.Refused where there is nothing to print, or the printer fails."""
    total, pages, printed, left_out = len(job.data["cases"]) + 1, [], [], []
    for done, case in enumerate(_cases(job, user), 1):
        found = _pages(job, case, user, today)
        pages += found
        (printed if found else left_out).append(case.number)
        progress(done, total)
    try:
        content = _printed(job, pages)
    except PaperError as error:
        raise jobs.Refused(str(error)) from error
    letter = job.data["letter"]
    log = [{"action": "letter.print", "case_number": number, "detail": f"{letter} job {job.pk}"} for number in printed]
    note = _("Uden brev: %s") % ", ".join(left_out[:20]) if left_out else ""
    return jobs.Made(content, f"{letter}-{job.pk}.pdf", note, log, kept=jobs.A_DAY)


def _cases(job: Job, user) -> list[Case]:
    wanted = Case.objects.visible_to(user).filter(pk__in=job.data["cases"]).select_related("caseworker")
    found = [case for case in wanted.order_by("number") if not covers(user, case)]
    for case in found:
        mark(user, case)
    return found


def _pages(job: Job, case: Case, user, today: date) -> list[dict]:
    if job.data["letter"] == printing.SHEET:
        return [printing.sheet(case, user, today=today)]
    kind, found = KINDS[job.data["letter"]], []
    said = {"day": date.fromisoformat(job.data["day"])} if job.data["day"] else {}
    for person in adults(case, today):
        try:
            found.append(printing.composed(kind, Order(person, person, today, said)))
        except Missing:
            continue
    return found


def adults(case: Case, today: date) -> list[Person]:
    """Those who get letters: the grown-ups who are here, and whoever came alone."""
    here = set(case.people.filter(stays__left_on=None).values_list("pk", flat=True))
    found = [person for person in planners(case, today) if person.pk in here]
    for person in found:
        person.case = case
    return found


def _printed(job: Job, pages: list[dict]) -> bytes:
    if not pages:
        raise PaperError(_("Der er ingen breve at trykke: familierne mangler oplysninger, eller du ser dem ikke mere."))
    return printing.sheets_pdf(pages) if job.data["letter"] == printing.SHEET else printing.letters_pdf(pages)
