"""One request for insight: what is given and withheld, line by line; prepared by one, released by another."""

import json
import re

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.access import Permission, needs
from cases.access import get_case, get_person
from cases.paper import PaperError
from deadlines.views import blame
from desk.services import export
from desk.services.access_log import moment
from keeping.forms import OpenForm, ReasonForm
from keeping.models import Insight
from keeping.services import package
from keeping.views.pages import crumbs, form_page
from reception.models import PlanFile

CPR_LIKE = re.compile(r"(?<![\d+])\d{6}[- ]?\d{4}(?!\d)")
CLOSED = {"health", "violence"}
COLUMNS = (
    export.Column(_l("Område"), 24),
    export.Column(_l("Hvad"), 30),
    export.Column(_l("Dato"), 22),
    export.Column(_l("Felt"), 26),
    export.Column(_l("Indhold"), 70),
)


def get_insight(request, number: str, pk: int, *, assigned: bool = False) -> Insight:
    """A request about a member of a case in scope; with `assigned` only for who has the case. Http404 otherwise."""
    case = get_case(request.user, number)
    rows = Insight.objects.filter(pk=pk, person__case=case)
    found = rows.select_related("person", "step", "prepared_by", "released_by").first()
    if found is None or (assigned and not package.may_prepare(request.user, case)):
        raise Http404
    found.person.case = case
    return found


@needs(Permission.RELEASE_INSIGHT)
def insights(request, number, person_id):
    """The requests of one person, and a new one."""
    case, today = get_case(request.user, number), timezone.localdate()
    person = get_person(case, person_id)
    form = OpenForm(request.POST or None, initial={"asked_on": today})
    if request.method == "POST" and form.is_valid():
        try:
            opened = package.open_insight(person, by=request.user, today=today, **form.cleaned_data)
        except ValidationError as error:
            blame(form, error)
        else:
            messages.success(request, _("Indsigtssagen er oprettet, og fristen står i listen."))
            return redirect(address(opened, number))
    rows = Insight.objects.filter(person=person).select_related("step", "prepared_by", "released_by")
    context = {
        "person": person,
        "rows": [
            {"url": address(row, number), "text": package.asked_and_due(row), "state": state(row)} for row in rows
        ],
    }
    heading = _("Indsigt for %s") % person.short_name
    return form_page(
        request, case, form, heading, _("Opret indsigtssag"), template="keeping/insights.html",
        lede=_("Alt, der står om personen, samlet i én pakke. To kolleger frigiver den."), more=context,
    )  # fmt: skip


def address(row: Insight, number: str) -> str:
    return reverse("keeping:insight", args=[number, row.pk])


def state(row: Insight) -> str:
    if row.released_at:
        return _("Frigivet %(at)s af %(who)s") % {"at": moment(row.released_at), "who": row.released_by.name}
    if row.prepared_at:
        return _("Klargjort af %s, afventer en kollegas frigivelse") % row.prepared_by.name
    return _("Gennemgås af sagsbehandleren")


@needs(Permission.RELEASE_INSIGHT)
def insight(request, number, pk):
    found = get_insight(request, number, pk)
    case, today = found.person.case, timezone.localdate()
    own = package.may_prepare(request.user, case)
    with transaction.atomic():
        audit.log(request.user, "insight.read", case_number=case.number, person_id=found.person_id)
        sections, withheld = what_is_seen(found, own=own, today=today)
    person_url = reverse("keeping:insights", args=[number, found.person_id])
    heading = _("Indsigtspakke for %s") % found.person.short_name
    context = {
        "insight": found,
        "case": case,
        "heading": heading,
        "lede": f"{package.asked_and_due(found)} · {state(found)}",
        "crumbs": crumbs(case, heading, (person_url, _("Indsigt"))),
        "sections": sections,
        "withheld": withheld,
        "own": own,
        "files": files_of(found) if own else [],
        "may_release": bool(found.prepared_at and not found.released_at and request.user.pk != found.prepared_by_id),
        "draft": own and not found.prepared_at,
        "choose_url": reverse("keeping:insight_choose", args=[number, pk]),
    }
    return render(request, "keeping/insight.html", context)


def files_of(found: Insight) -> list[dict]:
    """The signed copies that go with the package. Each is a line of it as well, which can be withheld."""
    kept = {row["key"] for row in package.withheld_in(found)} if found.prepared_at else set()
    rows = PlanFile.objects.standing().filter(kind=PlanFile.Kind.SIGNED, handover__plan__person=found.person)
    number = found.person.case.number
    return [
        {"url": reverse("reception:signed_copy", args=[number, row.pk]), "version": row.handover.plan.version}
        for row in rows.select_related("handover__plan")
        if f"reception.planfile:{row.pk}" not in kept
    ]


def what_is_seen(found: Insight, *, own: bool, today) -> tuple[list[dict], list[dict]]:
    """(sections, withheld) for the page: today's lines for the assigned, then the frozen copy; others see that alone.

    Health is read by the assigned alone, and that there is a note about violence is known to nobody else.
    """
    if found.prepared_at:
        sections, withheld = package.package_of(found)["sections"], package.withheld_in(found)
    elif own:
        lines = package.judged(found, today=today)
        return draft_sections(lines), package.withheld(lines)
    else:
        return [], []
    if not own:
        withheld = [row for row in withheld if row["data_class"] not in CLOSED]
    return [{"area": s["area"], "lines": [seen(line, own=own) for line in s["lines"]]} for s in sections], withheld


def draft_sections(lines) -> list[dict]:
    areas: dict[str, list[dict]] = {}
    for line in lines:
        rows = [{"key": v.key, "label": v.label, "text": masked(v.text)} for v in line.values if not v.withheld]
        if rows and not line.withheld:
            areas.setdefault(line.area, []).append(
                {"key": line.key, "title": line.title, "day": line.day, "rows": rows}
            )
    return [{"area": area, "lines": found} for area, found in areas.items()]


def seen(line: dict, *, own: bool) -> dict:
    if not own and line["data_class"] in CLOSED:
        return {"key": "", "title": _("Følsom oplysning"), "day": "", "rows": []}
    rows = [row | {"text": masked(row["text"])} for row in line["rows"]]
    return {"key": "", "title": line["title"], "day": line["day"], "rows": rows}


def masked(text: str) -> str:
    """CPR numbers stand in the package, never on the page."""
    return CPR_LIKE.sub("••••••-••••", text)


@needs(Permission.RELEASE_INSIGHT)
def choose(request, number, pk):
    """Give a withheld line, or withhold a given one, with a reason."""
    found = get_insight(request, number, pk, assigned=True)
    back = address(found, number)
    key, include = request.GET.get("linje", ""), request.GET.get("giv") == "1"
    if not key or found.prepared_at:
        return redirect(back)
    form, today = ReasonForm(request.POST or None), timezone.localdate()
    if request.method == "POST" and form.is_valid():
        try:
            package.choose(found, key=key, include=include, by=request.user, today=today, **form.cleaned_data)
        except ValidationError as error:
            blame(form, error)
        else:
            messages.success(request, _("Linjen gives.") if include else _("Linjen holdes tilbage."))
            return redirect(back)
    heading = _("Giv linjen alligevel") if include else _("Hold linjen tilbage")
    return form_page(
        request, found.person.case, form, heading, heading, back=back, way=(back, _("Indsigtspakke")),
        lede=_("Begrundelsen gemmes og kan ses af den, der frigiver pakken."),
    )  # fmt: skip


def done(request, found: Insight, act, sentence: str):
    try:
        act()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except PaperError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, sentence)
    return redirect(address(found, found.person.case.number))


@needs(Permission.RELEASE_INSIGHT)
@require_POST
def prepare(request, number, pk):
    found, today = get_insight(request, number, pk, assigned=True), timezone.localdate()
    act = lambda: package.prepare(found, by=request.user, today=today)  # noqa: E731
    return done(request, found, act, _("Pakken er klargjort. En kollega skal frigive den."))


@needs(Permission.RELEASE_INSIGHT)
@require_POST
def take_back(request, number, pk):
    found = get_insight(request, number, pk)
    return done(
        request, found, lambda: package.take_back(found, by=request.user), _("Pakken er åben for ændringer igen.")
    )


@needs(Permission.RELEASE_INSIGHT)
@require_POST
def release(request, number, pk):
    found, today = get_insight(request, number, pk), timezone.localdate()
    act = lambda: package.release(found, by=request.user, today=today)  # noqa: E731
    return done(request, found, act, _("Pakken er frigivet og kan hentes af den, der har sagen."))


# --- Files ------------------------------------------------------------------------------------


def released(request, number, pk, kind: str) -> Insight:
    """A released package whose checksum holds, logged. Http404 otherwise."""
    found = get_insight(request, number, pk, assigned=True)
    if found.released_at is None or not package.is_intact(found):
        raise Http404
    audit.log(
        request.user,
        "insight.export",
        case_number=number,
        person_id=found.person_id,
        detail=f"{kind} {found.checksum[:16]}",
    )
    return found


def attached(body: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@needs(Permission.RELEASE_INSIGHT)
@transaction.atomic
def as_pdf(request, number, pk):
    found = released(request, number, pk, "pdf")
    return attached(package.pdf_of(found), "application/pdf", package.file_name(found, "pdf"))


@needs(Permission.RELEASE_INSIGHT)
@transaction.atomic
def as_json(request, number, pk):
    found = released(request, number, pk, "json")
    body = json.dumps(package.package_of(found), ensure_ascii=False, indent=1).encode()
    return attached(body, "application/json", package.file_name(found, "json"))


@needs(Permission.RELEASE_INSIGHT)
@transaction.atomic
def as_xlsx(request, number, pk):
    found = released(request, number, pk, "xlsx")
    facts = [
        (_("Indsigt"), found.person.full_name),
        (_("Sagsnr."), number),
        (_("Frigivet"), moment(found.released_at)),
        (_("Kontrolsum"), found.checksum),
    ]
    body = export.workbook(_("Indsigt"), COLUMNS, package.sheet_rows(package.package_of(found)), facts)
    return attached(body, export.CONTENT_TYPE, package.file_name(found, "xlsx"))
