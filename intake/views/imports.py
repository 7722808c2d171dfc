"""Indlæs visiteringsliste: upload, columns, preview, commit, result and undo."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts import audit
from accounts.access import Permission, needs
from cases.models import Case
from intake.forms.imports import ChoicesForm, ColumnsForm, ForAllForm, UploadForm
from intake.models import Import, ImportRow
from intake.services.imports import committing, receiving, undoing
from intake.services.imports.files import FileRefused
from intake.views import preview

State, Outcome = Import.State, ImportRow.Outcome
PER_PAGE = 25
HEADINGS = {
    State.DONE: gettext_lazy("Listen er indlæst"),
    State.UNDONE: gettext_lazy("Indlæsningen er fortrudt"),
    State.DISCARDED: gettext_lazy("Listen er kasseret"),
}
TONES = {State.DONE: "done", State.PREVIEW: "wait", State.MAPPING: "wait"}


def get_import(request, pk: int) -> Import:
    """The import if this user may see it; Http404 otherwise."""
    return get_object_or_404(
        Import.objects.visible_to(request.user).select_related("committed_by", "created_by"), pk=pk
    )


def crumbs(filename: str) -> list[dict]:
    return [{"url": reverse("intake:imports"), "text": _("Indlæs visiteringsliste")}, {"url": "", "text": filename}]


@needs(Permission.IMPORT_LIST)
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request):
    """Upload a list, and see the earlier ones."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            found = receiving.receive(
                file.read(),
                filename=file.name,
                source=form.cleaned_data["source"],
                by=request.user,
                today=timezone.localdate(),
            )
        except FileRefused as refused:
            form.add_error("file", refused.sentence)
        else:
            return redirect(found)
    listed = Import.objects.visible_to(request.user).exclude(state=State.DISCARDED).select_related("created_by")
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("side"))
    for found in page:
        found.tone = TONES.get(found.state, "")
    return render(request, "intake/imports.html", {"form": form, "page": page, "pager": pager(page, "side", "")})


def pager(page, name: str, rest: str) -> dict:
    text = _("Viser %(first)s–%(last)s af %(all)s") % {
        "first": page.start_index(), "last": page.end_index(), "all": page.paginator.count,
    }  # fmt: skip
    return {
        "text": text,
        "previous_url": f"?{rest}{name}={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?{rest}{name}={page.next_page_number()}" if page.has_next() else "",
        "several": page.paginator.num_pages > 1,
    }


@needs(Permission.IMPORT_LIST)
@require_safe
def show_import(request, pk: int):
    """The page of one list; its state decides what stands there."""
    found = get_import(request, pk)
    if found.state == State.MAPPING:
        return redirect("intake:import_columns", pk=found.pk)
    audit.log(request.user, "import.read", detail=str(found.pk))
    if found.state == State.PREVIEW:
        return show_preview(request, found)
    return show_result(request, found)


def preview_page(request, found: Import, data=None) -> dict:
    """The page of the preview that the address asks for, with its form."""
    chosen = request.GET.get("vis", "")
    page = preview.page_of(found, chosen, request.GET.get("side"))
    families, rows = list(page), preview.rows_of(found, chosen, page)
    caseworkers = receiving.caseworkers()
    form = ChoicesForm(
        data,
        families=preview.with_new_people(families, rows),
        offered=preview.offered(rows),
        caseworkers=caseworkers,
        joinable=preview.joinable(families, rows),
        me=request.user,
    )
    return {
        "chosen": chosen, "page": page, "families": families, "rows": rows, "form": form, "caseworkers": caseworkers,
    }  # fmt: skip


def show_preview(request, found: Import):
    shown, counted, opened = preview_page(request, found), preview.counts(found), preview.families_to_open(found)
    today = timezone.localdate()
    context = {
        "found": found,
        "lede": preview.lede(found, counted),
        "pills": preview.pills(shown["chosen"], counted=counted, path=request.path),
        "families": preview.by_family(found, shown["families"], shown["rows"], form=shown["form"], today=today),
        "for_all": ForAllForm(caseworkers=shown["caseworkers"], me=request.user) if opened else None,
        "commit_label": preview.commit_label(opened, counted),
        "unread": receiving.unread(found),
        "earlier": receiving.earlier_copy(found),
        "pager": pager(shown["page"], "side", f"vis={shown['chosen']}&" if shown["chosen"] else ""),
        "query": request.GET.urlencode(),
        "crumbs": crumbs(found.filename),
    }
    return render(request, "intake/import_preview.html", context)


def keep_choices(request, found: Import) -> str:
    """Store what was chosen on the page that was sent: "" when the choices don't fit it any more, else "kept", or
    "judged" where they changed what the rows mean.
    """
    form = preview_page(request, found, request.POST)["form"]
    if not form.is_valid():
        messages.error(request, _("Valgene passer ikke længere til listen. Se dem efter, og prøv igen."))
        return ""
    judged = receiving.choose(
        found,
        caseworkers=form.caseworkers(),
        taken=form.taken(),
        apart=form.apart(),
        by=request.user,
        today=timezone.localdate(),
    )
    return "judged" if judged else "kept"


@needs(Permission.IMPORT_LIST)
@require_POST
def choose(request, pk: int):
    """Keep the choices; htmx does so after each one, without scripts the button does."""
    found = get_import(request, pk)
    kept = attempt(request, lambda: keep_choices(request, found))
    if request.htmx:
        return HttpResponseClientRefresh() if kept == "judged" else HttpResponse(status=204)
    if kept:
        messages.success(request, _("Valgene er gemt."))
    return back_to(request, found)


@needs(Permission.IMPORT_LIST)
@require_POST
def choose_for_all(request, pk: int):
    found = get_import(request, pk)
    form = ForAllForm(request.POST, caseworkers=receiving.caseworkers(), me=request.user)
    if form.is_valid():
        receiving.choose_for_all(found, caseworker=form.cleaned_data["caseworker"])
        messages.success(request, _("Sagsbehandleren er valgt for alle familier på listen."))
    return back_to(request, found)


@needs(Permission.IMPORT_LIST)
@require_POST
def commit(request, pk: int):
    found = get_import(request, pk)
    today = timezone.localdate()
    if found.state == State.PREVIEW and not attempt(request, lambda: keep_choices(request, found)):
        return back_to(request, found)
    attempt(request, lambda: committing.commit(found, by=request.user, today=today) or True)
    return redirect(found)


@needs(Permission.IMPORT_LIST)
@require_POST
def discard(request, pk: int):
    found = get_import(request, pk)
    if attempt(request, lambda: receiving.discard(found, by=request.user) or True):
        messages.success(request, _("Listen er kasseret. Der er ikke indlæst noget."))
        return redirect("intake:imports")
    return redirect(found)


@needs(Permission.IMPORT_LIST)
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request, pk: int):
    """Say which column holds what, when the list has headings we don't know or the reading is wrong."""
    found = get_import(request, pk)
    if found.state not in (State.MAPPING, State.PREVIEW):
        return redirect(found)
    data = request.POST if request.method == "POST" else None
    form = ColumnsForm(data, headings=found.headings, fields=found.fields, samples=receiving.samples(found))
    if data is not None and form.is_valid():
        try:
            receiving.choose_columns(found, form.chosen(), by=request.user, today=timezone.localdate())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect(found)
    context = {
        "form": form,
        "heading": _("Hvad står der i kolonnerne?"),
        "lede": _("Vælg, hvad hver kolonne i %s holder. Valgene huskes til næste liste fra samme afsender.")
        % found.filename,
        "crumbs": crumbs(found.filename),
        "submit_label": _("Vis rækkerne"),
        "cancel_url": reverse("intake:imports"),
    }
    return render(request, "intake/import_columns.html", context)


@needs(Permission.IMPORT_LIST)
@require_POST
def settle(request, pk: int):
    """The rejected rows have been dealt with."""
    found = get_import(request, pk)
    committing.settle_rejected(found, by=request.user)
    messages.success(request, _("De afviste rækker er markeret som håndteret."))
    return redirect(found)


def show_result(request, found: Import):
    """What came of the list, with links to the cases this user may see."""
    families = found.families.exclude(case=None).filter(case__in=Case.objects.visible_to(request.user)).order_by("pk")
    page = Paginator(families.select_related("case__caseworker"), preview.FAMILIES_PER_PAGE).get_page(
        request.GET.get("side")
    )
    left = found.rows.filter(outcome__in=[Outcome.REJECTED, Outcome.DUPLICATE]).select_related("person__case")
    context = {
        "found": found,
        "heading": HEADINGS[found.state],
        "lede": preview.result_lede(found),
        "page": page,
        "pager": pager(page, "side", ""),
        "left": [preview.show(row, found, today=timezone.localdate()) for row in left],
        "rejected_open": found.closed_at is None and any(row.outcome == Outcome.REJECTED for row in left),
        "crumbs": crumbs(found.filename),
    }
    return render(request, "intake/import_result.html", context)


@needs(Permission.IMPORT_LIST)
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request, pk: int):
    """What undoing takes away, and whether it still can."""
    found = get_import(request, pk)
    if found.state != State.DONE:
        return redirect(found)
    if request.method == "POST":
        done = attempt(request, lambda: undoing.undo(found, by=request.user, today=timezone.localdate()) and True)
        if done:
            messages.success(request, _("Indlæsningen er fortrudt. Familier og personer fra listen er slettet igen."))
        return redirect(found)
    worked_on = undoing.worked_on(found)
    context = {
        "found": found,
        "crumbs": crumbs(found.filename),
        "what": preview.result_lede(found),
        "refusal": undoing.cannot_sentence(worked_on) if worked_on else "",
    }
    return render(request, "intake/import_undo.html", context)


def attempt(request, act):
    """What `act` gives; what the rules refuse is told on the next page, and gives None."""
    try:
        return act()
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
        return None


def back_to(request, found: Import):
    query = request.GET.urlencode()
    return redirect(f"{found.get_absolute_url()}?{query}" if query else found)
