"""Breve: one letter with its preview, the family's sheet, and letters for many families in the background."""

from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.access import Permission, needs
from cases.access import get_case, get_person
from cases.choices import FamilyRole
from cases.paper import PaperError
from desk.models import Draft
from desk.services import jobs
from desk.tasks import ask_for
from desk.views.case import crumbs
from desk.views.jobs import row_of
from letters.forms import LetterForm, ManyForm
from letters.services import batch, printing
from letters.services.facts import ADULT, KINDS, Kind, Missing, Order

PDF = "application/pdf"


# --- One family -------------------------------------------------------------------------------


@needs(Permission.WRITE_CASES)
def letters(request, number):
    """Everything that can be printed for this family, and what is missing for it."""
    case, today = get_case(request.user, number), timezone.localdate()
    grown = batch.adults(case, today)
    children = [person for person in case.people.order_by("pk") if person.role == FamilyRole.CHILD] if grown else []
    audit.log(request.user, "case.read", case_number=case.number)
    context = {
        "case": case,
        "crumbs": crumbs(case, _("Breve")),
        "rows": [row(kind, case, grown if kind.whom == ADULT else children) for kind in KINDS.values()],
        "sheet_url": reverse("letters:sheet_pdf", args=[number]),
    }
    return render(request, "letters/letters.html", context)


def row(kind: Kind, case, people) -> dict:
    links = [{"text": person.short_name, "url": url_of(kind, case, person)} for person in people]
    return {"icon": kind.icon, "title": kind.text, "text": kind.lede, "links": links}


def url_of(kind: Kind, case, person) -> str:
    return reverse("letters:letter", args=[case.number, kind.key, person.pk])


@needs(Permission.WRITE_CASES)
def letter(request, number, slug, person_id):
    """The form and a preview; `do` says what to make of it: the PDF, or the letter alone on the screen."""
    case, today = get_case(request.user, number), timezone.localdate()
    about = get_person(case, person_id)
    kind, readers = KINDS.get(slug), batch.adults(case, today)
    if kind is None or not readers or (kind.whom == ADULT and about not in readers):
        raise Http404
    reader = next((one for one in readers if one == about), readers[0])
    key = f"letter:{number}:{slug}:{person_id}"
    typed = Draft.objects.filter(user=request.user, key=key).values_list("data", flat=True).first()
    who = {"reader": reader, "readers": to_whom(kind, readers), "typed": typed}
    form = LetterForm(request.POST or None, kind=kind, today=today, **who)
    if form.is_bound:
        keep(request, key, form)
    paper, missing = None, None
    if not form.is_bound or form.is_valid():
        try:
            paper = preview(form, kind, about, readers, today)
        except Missing as error:
            missing = error
    if paper and form.is_bound and (answer := made(request, form, kind, about, paper)):
        if answer["Content-Type"] == PDF:
            Draft.objects.filter(user=request.user, key=key).delete()
        return answer
    audit.log(request.user, "person.read", case_number=number, person_id=about.pk)
    context = page(case, kind, about) | {"form": form, "paper": paper, "missing": missing}
    context["missing_url"] = (
        reverse(missing.page, args=[number, about.pk]) if missing is not None and missing.page else ""
    )
    status = 422 if form.errors or (missing and form.is_bound) else 200
    return render(request, "letters/letter.html", context, status=status)


def keep(request, key: str, form: LetterForm) -> None:
    """What was typed stands there again after the letter has been shown to the citizen."""
    typed = {name: request.POST.get(name, "")[:200].replace("\0", "") for name in form.fields if name != "anyway"}
    Draft.objects.update_or_create(user=request.user, key=key, defaults={"data": typed})


def to_whom(kind: Kind, readers: list) -> list:
    """A letter about a child is written to one of the adults; others to the person alone."""
    return [] if kind.whom == ADULT else readers


def page(case, kind: Kind, about) -> dict:
    back = reverse("letters:letters", args=[case.number])
    trail = crumbs(case, str(kind.text))
    trail.insert(2, {"url": back, "text": _("Breve")})
    return {"case": case, "heading": kind.text, "lede": about.full_name, "crumbs": trail, "cancel_url": back}


def preview(form: LetterForm, kind: Kind, about, readers: list, today) -> dict | None:
    """The letter as it would be printed; None while the form lacks what the letter says."""
    if not form.is_bound and kind.key == "samtale":
        return None
    said = form.cleaned_data if form.is_bound else {}
    chosen = said.get("reader")
    reader = next((one for one in readers if one.pk == chosen), about if about in readers else readers[0])
    return printing.composed(kind, Order(about, reader, today, said), language=said.get("language", ""))


def made(request, form: LetterForm, kind: Kind, about, paper: dict):
    """The PDF or the page for the citizen; None where the form is shown again, with a sentence."""
    do, number = request.POST.get("do"), paper["number"]
    if do not in {"pdf", "show"}:
        return None
    if paper["past"] and not form.cleaned_data["anyway"]:
        form.add_error("anyway", _("Passeret: %s. Ret datoen, eller sæt kryds her.") % ", ".join(paper["past"]))
        return None
    log = partial(audit.log, request.user, case_number=number, person_id=about.pk, detail=kind.key)
    if do == "show":
        log("letter.shown")
        return render(request, "letters/show.html", {"paper": paper, "back_url": request.path})
    try:
        content = printing.letters_pdf([paper])
    except PaperError as error:
        form.add_error(None, str(error))
        return None
    log("letter.print")
    return pdf(content, printing.file_name(kind.key, number))


def pdf(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=PDF, headers=headers)


@needs(Permission.WRITE_CASES)
def sheet_pdf(request, number):
    """Familieark, for a visit at home."""
    case = get_case(request.user, number)
    try:
        content = printing.sheets_pdf([printing.sheet(case, request.user, today=timezone.localdate())])
    except PaperError as error:
        messages.error(request, str(error))
        return redirect("letters:letters", number)
    audit.log(request.user, "letter.print", case_number=number, detail=printing.SHEET)
    return pdf(content, printing.file_name(printing.SHEET, number))


# --- Many families ----------------------------------------------------------------------------


@needs(Permission.WRITE_CASES)
def many(request):
    found = batch.families(request.user)
    shown = found[: batch.MOST]
    form = ManyForm(request.POST or None, letters=batch.MANY, families=shown, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with transaction.atomic():
            made_job = batch.start(request.user, letter=said["letter"], cases=said["cases"], day=said["day"])
            ask_for(made_job)
        return redirect("desk:job", made_job.pk)
    found_jobs = jobs.of(request.user).filter(kind=batch.KIND)[:5]
    context = {
        "form": form,
        "families": len(found),
        "most": batch.MOST,
        "jobs": [row_of(one, timezone.now()) for one in found_jobs],
    }
    return render(request, "letters/many.html", context, status=422 if form.errors else 200)
