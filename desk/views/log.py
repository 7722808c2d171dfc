"""Who has looked: the whole log for the auditor, a case's for its manager, and an extract for the citizen."""

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from accounts import audit
from accounts.access import Permission, needs
from accounts.models import AccessRecord, User
from accounts.stepup import needs_fresh_login
from cases.access import get_case
from cases.formats import join_names
from desk.forms.log import LogFilter
from desk.services import access_log, catalogue, export
from desk.services.lists import page_of
from desk.services.log_summary import of_unit
from desk.views.files import file_page, listing_of
from desk.views.lists import page_number, pager

CITIZEN_COLUMNS = (
    export.Column(_l("Tidspunkt"), 22),
    export.Column(_l("Hvad"), 44),
    export.Column(_l("Formål"), 44),
)


@needs(Permission.READ_LOG)
def log(request):
    form = LogFilter(request.GET, users=everybody(), today=timezone.localdate())
    with transaction.atomic():
        page = page_of(access_log.found(form.chosen), page_number(request))
        audit.log(request.user, "log.read", case_number=form.chosen.get("case", ""), detail=str(len(page.rows)))
    query = request.GET.urlencode()
    excel = reverse("desk:log_xlsx")
    context = {
        "heading": _("Log"),
        "lede": _("Hvem har set, søgt, hentet og ændret. Loggen kan ikke rettes."),
        "crumbs": [],
        "actions": [],
        "form": form,
        "action": reverse("desk:log"),
        "reset_url": reverse("desk:log") if form.narrowed else "",
        "rows": access_log.lines(page.rows, people={}, neutral=False),
        "whole": True,
        "pager": pager(request, page),
        "download_url": f"{excel}?{query}" if query else excel,
    }
    return render(request, "desk/log.html", context)


@needs(Permission.READ_LOG)
@needs_fresh_login
def log_xlsx(request):
    """The rows of the list, all pages; the file itself stands in the log."""
    form = LogFilter(request.GET, users=everybody(), today=timezone.localdate())
    return file_page(
        request, listing_of(request.user, catalogue.LOG, form, back="desk:log", today=timezone.localdate())
    )


def everybody() -> list[tuple[str, str]]:
    return [(str(user.pk), user.name) for user in User.objects.order_by("first_name", "last_name", "username")]


SPANS = ((7, _l("7 dage")), (28, _l("4 uger")), (91, _l("3 måneder")))


@needs(Permission.LEAD_TEAM)
def log_summary(request):
    """How the own unit uses the record, in counts."""
    today, chosen = timezone.localdate(), request.GET.get("dage", "")
    days = next((days for days, _text in SPANS if str(days) == chosen), SPANS[0][0])
    with transaction.atomic():
        rows = of_unit(request.user, today=today, days=days)
        audit.log(request.user, "log.read", detail=f"{len(rows)}")
    own = reverse("desk:log_summary")
    context = {
        "spans": [{"url": f"{own}?dage={span}", "text": text, "current": span == days} for span, text in SPANS],
        "rows": [row for row in rows if not row["idle"]],
        "idle": join_names([row["name"] for row in rows if row["idle"]]),
        "unit": request.user.team.name if request.user.team else "",
    }
    return render(request, "desk/log_summary.html", context)


def own_unit_case(user, number: str):
    """A case of the unit this user leads; Http404 for all others."""
    case = get_case(user, number)
    if case.team_id is None or case.team_id != user.team_id:
        raise Http404
    return case


@needs(Permission.LEAD_TEAM)
def case_log(request, number):
    """Hvem har set sagen?"""
    case = own_unit_case(request.user, number)
    seen_by = AccessRecord.objects.filter(case_number=case.number).order_by().values("user_id").distinct()
    users = [(str(user.pk), user.name) for user in User.objects.filter(pk__in=seen_by).order_by("first_name", "pk")]
    form = LogFilter(request.GET, users=users, today=timezone.localdate(), of_case=True)
    with transaction.atomic():
        page = page_of(access_log.found(form.chosen, case_number=case.number), page_number(request))
        audit.log(request.user, "log.read", case_number=case.number, detail=str(len(page.rows)))
    names = {person.pk: person.short_name for person in case.people.all()}
    own = reverse("desk:case_log", args=[case.number])
    extract = {"url": reverse("desk:case_log_extract", args=[case.number]), "icon": "file-earmark-spreadsheet"}
    context = {
        "heading": _("Hvem har set sagen?"),
        "lede": f"{case.title} · {case.number}",
        "crumbs": [
            {"url": reverse("desk:cases"), "text": _("Familier")},
            {"url": case.get_absolute_url(), "text": case.title},
            {"url": "", "text": _("Hvem har set sagen?")},
        ],
        "actions": [extract | {"text": _("Udtræk til borgeren")}],
        "form": form,
        "action": own,
        "reset_url": own if form.narrowed else "",
        "rows": access_log.lines(page.rows, people=names, neutral=True),
        "whole": False,
        "pager": pager(request, page),
        "download_url": "",
    }
    return render(request, "desk/log.html", context)


@needs(Permission.LEAD_TEAM)
def case_log_extract(request, number):
    """For the family: when and why somebody used their data, without the names of staff."""
    case = own_unit_case(request.user, number)
    at = timezone.localtime()
    with transaction.atomic():
        rows = [access_log.citizen_cells(row) for row in access_log.for_citizen(case.number)[: export.MOST_ROWS]]
        audit.log(request.user, "log.export", case_number=case.number, detail=str(len(rows)))
    facts = [
        (_("Udtræk"), _("Hvornår er jeres oplysninger blevet brugt, og til hvad")),
        (_("Sagsnr."), case.number),
        (_("Trukket"), access_log.moment(at)),
        (_("Rækker"), str(len(rows))),
    ]
    body = export.workbook(_("Brug af oplysninger"), CITIZEN_COLUMNS, rows, facts)
    response = HttpResponse(body, content_type=export.CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="log-{case.number}-{at.date().isoformat()}.xlsx"'
    return response
