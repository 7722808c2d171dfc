"""Beside a plan: the differences between its versions, the signed copy, and the plan for the citizen's eyes."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.access import Permission, needs
from cases.access import get_case
from cases.formats import doc_date, weekday_date_year
from deadlines.views import annul_page, crumbs, form_page
from reception import rules
from reception.forms import SignatureForm, SignedCopyForm
from reception.models import PlanFile, PlanHandover
from reception.paper import Variant
from reception.services import document, files
from reception.services import plan as plans
from reception.services.changes import changes
from reception.services.content import content_of, read
from reception.views.plan import planner, versions

# A file from outside does nothing in the browser, whatever it turns out to be.
INERT = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}


@require_safe
@needs(Permission.SEE_CASE_FILES)
def differences(request, number, person_id):
    """Each version against the one before, in words, and under it the drafts that were saved on the way."""
    today = timezone.localdate()
    person = planner(request, number, person_id, today)
    rows = versions(person)
    texts = [content_of(row["plan"]) for row in rows]
    for at, row in enumerate(rows):
        row["changes"] = changes(texts[at + 1], texts[at]) if at + 1 < len(rows) else []
        row["is_first"] = at + 1 == len(rows)
        row["saves"] = saves_of(row["plan"])
    context = {
        "case": person.case,
        "person": person,
        "heading": _("Ændringer i Min plan"),
        "lede": person.full_name,
        "crumbs": crumbs(person.case, _("Ændringer")),
        "rows": rows,
        "plan_url": plan_url(number, person),
    }
    return render(request, "reception/plan_changes.html", context)


def saves_of(plan) -> list[dict]:
    """Every accepted save of the version, newest first, with what it changed; the text itself can be read."""
    rows = list(plan.revisions.select_related("saved_by"))
    texts = [read(row.content) for row in rows]
    return [
        {
            "number": row.revision,
            "by": row.saved_by.name if row.saved_by else "",
            "at": timezone.localtime(row.saved_at),
            "changes": changes(texts[at + 1], text) if at + 1 < len(rows) else [],
            "text": text,
        }
        for at, (row, text) in enumerate(zip(rows, texts, strict=True))
    ]


def plan_url(number: str, person) -> str:
    return reverse("reception:min_plan", args=[number, person.pk])


# --- Signature and annulment ---


@needs(Permission.WRITE_CASES)
def sign_plan(request, number, person_id):
    """The signature that came after the hand-over, or that the citizen does not want to sign."""
    today = timezone.localdate()
    person = planner(request, number, person_id, today)
    handover = plans.latest_handover(person, request.GET.get("version", ""))
    if handover is None:
        raise Http404
    known = {"guardian": handover.guardian} if handover.guardian else {}
    form = SignatureForm(request.POST or None, initial={"on": today, **known}, person=person)

    def sign() -> str:
        plans.sign_plan(handover, **form.cleaned_data, by=request.user, today=today)
        return plan_url(number, person)

    return form_page(
        request,
        form,
        sign,
        done=_("Underskriften er registreret"),
        template="components/form_page.html",
        heading=_("Registrér underskrift"),
        lede=handed_over(handover),
        crumbs=crumbs(person.case, _("Underskrift")),
        submit_label=_("Registrér underskrift"),
        cancel_url=plan_url(number, person),
        action="",
    )


def handed_over(handover: PlanHandover) -> str:
    plan = handover.plan
    told = {"name": plan.person.full_name, "version": plan.version, "day": doc_date(handover.on)}
    return _("Min plan for %(name)s, version %(version)s, udleveret %(day)s") % told


def annul_handover(request, number, pk):
    case = get_case(request.user, number)
    row = get_object_or_404(PlanHandover.objects.standing(), pk=pk, plan__person__case=case)
    person = row.plan.person
    sentence = _("Min plan udleveret til %(name)s %(day)s") % {"name": person.short_name, "day": doc_date(row.on)}
    return annul_page(
        request, case, row, rules=[rules.MIN_PLAN], sentence=sentence, kind="reception.handover_annulled", person=person
    )


# --- The signed copy ---


@needs(Permission.WRITE_CASES)
def add_copy(request, number, person_id):
    """Put the signed sheet on the case, as photo or scan."""
    today = timezone.localdate()
    person = planner(request, number, person_id, today)
    handover = plans.latest_handover(person, request.GET.get("version", ""))
    if handover is None:
        raise Http404
    form = SignedCopyForm(request.POST or None, request.FILES or None)

    def keep() -> str:
        upload = form.cleaned_data["upload"]
        try:
            files.keep_signed_copy(handover, upload=upload, by=request.user, today=today)
        except ValidationError as error:
            raise ValidationError({"upload": error.messages}) from error
        return plan_url(number, person)

    return form_page(
        request,
        form,
        keep,
        done=_("Det underskrevne eksemplar er gemt"),
        template="reception/add_copy.html",
        case=person.case,
        heading=_("Tilføj underskrevet eksemplar"),
        lede=handed_over(handover),
        crumbs=crumbs(person.case, _("Underskrevet eksemplar")),
        submit_label=_("Gem eksemplaret"),
        cancel_url=plan_url(number, person),
    )


def copy_of(request, number: str, pk: int) -> PlanFile:
    """The signed copy, if it stands and the case is the user's; Http404 otherwise."""
    case = get_case(request.user, number)
    rows = PlanFile.objects.standing().filter(kind=PlanFile.Kind.SIGNED, handover__plan__person__case=case)
    return get_object_or_404(rows.select_related("handover__plan__person__case"), pk=pk)


@require_safe
@needs(Permission.SEE_CASE_FILES)
def signed_copy(request, number, pk):
    """The file itself, always as a download. Each time is logged."""
    row = copy_of(request, number, pk)
    person = row.handover.plan.person
    try:
        content = files.read(row)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect(plan_url(number, person))
    audit.log(request.user, "plan.copy_read", case_number=number, person_id=person.pk, detail=f"file {row.pk}")
    disposition = {"Content-Disposition": f'attachment; filename="{files.file_name(row)}"'}
    return HttpResponse(content, content_type=row.media_type, headers=INERT | disposition)


def annul_copy(request, number, pk):
    row = copy_of(request, number, pk)
    person = row.handover.plan.person
    told = {"name": person.short_name, "day": weekday_date_year(timezone.localdate(row.recorded_at))}
    sentence = _("Underskrevet eksemplar af Min plan for %(name)s, gemt %(day)s") % told
    return annul_page(
        request, person.case, row, rules=[], sentence=sentence, kind="reception.plan_copy_annulled", person=person
    )


# --- For the citizen's eyes ---


@require_safe
@needs(Permission.SEE_CASE_FILES)
def show(request, number, person_id):
    """Vis for borgeren: the plan, or one card of it (?kort=), alone on the screen. Esc and a link lead back."""
    today = timezone.localdate()
    person = planner(request, number, person_id, today)
    asked = request.GET.get("version", "")
    plan = get_object_or_404(person.plans, version=asked) if asked.isdecimal() else plans.current_plan(person)
    context = document.paper_context(person, plan, Variant.of(document.language_for(person)), today)
    cards = [{"title": g.title, "rows": g.rows, "number": at} for at, g in enumerate(context["groups"], start=1)]
    wanted = request.GET.get("kort", "")
    shown = [card for card in cards if wanted in ("", str(card["number"]))]
    if wanted and not shown:
        raise Http404
    audit.log(request.user, "plan.shown", case_number=number, person_id=person.pk, detail=wanted)
    back = request.path if wanted else plan_url(number, person)
    back = f"{back}?version={plan.version}" if asked.isdecimal() else back
    seen = {"cards": shown, "alone": wanted, "back_url": back, "asked": plan.version if asked.isdecimal() else ""}
    return render(request, "reception/show.html", context | seen)
