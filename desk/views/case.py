"""The family's page: what is next, the matrix, the areas and the timeline; and one tab per area."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import audit
from accounts.access import Permission, can, needs, reads_notes, sees_names, tabs_of
from cases.access import get_case
from cases.location import PLACE_AREAS
from cases.models import Entry
from cases.services import write_note
from deadlines.models import Step
from deadlines.services import tick
from deadlines.views import blame
from desk.areas import AREAS, BY_SLUG, rule_of
from desk.forms.decisions import TickManyForm
from desk.forms.notes import CorrectNoteForm, NoteForm
from desk.models import Draft
from desk.services import casefile, timeline
from desk.views.identity import identity, tabs
from desk.views.shell import remember


def case(request, number):
    found = get_case(request.user, number, covered=True)
    today = timezone.localdate()
    with transaction.atomic():
        audit.log(request.user, "case.read", case_number=found.number)
        file = casefile.read_case_file(found, request.user, today=today)
        chosen = timeline.Filter.of(request.GET)
        lines, older = timeline.read_entries(found, request.user, chosen)
    remember(request, found)
    if not sees_names(request.user, found.number):
        return render(request, "desk/case_lead.html", lead(file, request.user))
    draft = Draft.objects.filter(user=request.user, key=_draft_key(found)).first()
    context = {
        "case": found,
        "identity": identity(file, request.user),
        "tabs": tabs(file, request.user, current=""),
        "next_lines": casefile.next_lines(file),
        "open_count": len(file.open_steps),
        "matrix": casefile.matrix(file),
        "may_write": can(request.user, Permission.WRITE_CASES),
        "areas": casefile.area_cards(file, request.user),
        "days": timeline.days(lines, found, request.user, today=today),
        "older_url": _older(request, older),
        "filters": _filters(file, request.user, chosen),
        "composer": _composer(request, file, draft, today),
        "restored": _restored(draft),
    }
    template = "desk/_timeline.html" if request.htmx and request.htmx.target == "tidslinje" else "desk/case.html"
    return render(request, template, context)


def lead(file, user) -> dict:
    """What a manager sees of a case of the unit: number, surname, who has it, and every deadline."""
    return {
        "case": file.case,
        "identity": identity(file, user),
        "next_lines": casefile.next_lines(file, most=len(file.open_steps)),
        "row_style": {"compact": True},
        "open_count": len(file.open_steps),
    }


def _older(request, older) -> str:
    if older is None:
        return ""
    query = request.GET.copy()
    query["foer"] = str(older)
    return f"?{query.urlencode()}#tidslinje"


def _filters(file, user, chosen) -> dict:
    """The two pickers above the timeline."""
    areas = [(area.key, area.title) for area in AREAS if area.key in file.tabs]
    return {"people": file.people, "areas": areas, "person": chosen.person, "area": chosen.area}


def _draft_key(found) -> str:
    return f"note:{found.number}"


def _composer(request, file, draft, today):
    if not can(request.user, Permission.WRITE_NOTES):
        return None
    given = draft.data if draft else None
    return NoteForm(case=file.case, user=request.user, people=file.people, today=today, initial=given)


def _restored(draft) -> str:
    if draft is None:
        return ""
    saved = timezone.localtime(draft.saved_at)
    return _("Dit udkast fra kl. %(hour)d.%(minute)02d er gendannet.") % {"hour": saved.hour, "minute": saved.minute}


@needs(Permission.WRITE_NOTES)
@require_POST
def write(request, number):
    """Save a note; what was typed comes back when something is missing."""
    found = get_case(request.user, number, covered=True)
    today = timezone.localdate()
    form = NoteForm(request.POST, case=found, user=request.user, today=today)
    if not form.is_valid():
        context = {
            "case": found,
            "form": form,
            "heading": _("Skriv notat"),
            "submit_label": _("Gem notat"),
            "cancel_url": found.get_absolute_url(),
        }
        return render(request, "components/form_page.html", context, status=422)
    data = form.cleaned_data
    write_note(
        found,
        kind=data["kind"],
        body=data["text"],
        on=data["on"],
        by=request.user,
        data_class=data["data_class"],
        people=list(data["people"]),
        area=form.area,
    )
    Draft.objects.filter(user=request.user, key=_draft_key(found)).delete()
    messages.success(request, _("Gemt i tidslinjen."))
    return redirect(found.get_absolute_url() + "#tidslinje")


@needs(Permission.WRITE_NOTES)
@require_POST
def save_draft(request, number):
    """A draft is a row on the server; nothing stays in the browser."""
    found = get_case(request.user, number, covered=True)
    text = request.POST.get("text", "")[:10_000].replace("\0", "")
    if text.strip():
        data = {"text": text, "kind": request.POST.get("kind", "note")[:10].replace("\0", "")}
        Draft.objects.update_or_create(user=request.user, key=_draft_key(found), defaults={"data": data})
    else:
        Draft.objects.filter(user=request.user, key=_draft_key(found)).delete()
    return HttpResponse(status=204)


def _note(request, found, entry_id) -> Entry:
    entry = (
        Entry.objects.visible_to(request.user)
        .filter(case=found, pk=entry_id, kind__startswith="note.", corrects=None)
        .first()
    )
    if entry is None:
        raise Http404
    return entry


@needs(Permission.WRITE_NOTES)
def correct_note(request, number, entry_id):
    """A correction is a new line that points to the old one; the old text stays readable."""
    found = get_case(request.user, number)
    entry = _note(request, found, entry_id)
    latest = entry.corrections.order_by("pk").last() or entry
    if latest.author_id != request.user.pk:
        raise Http404
    form = CorrectNoteForm(request.POST or None, initial={"text": latest.body})
    if request.method == "POST" and form.is_valid():
        write_note(
            found,
            kind=entry.kind.removeprefix("note."),
            body=form.cleaned_data["text"],
            on=entry.on,
            by=request.user,
            data_class=entry.data_class,
            people=list(entry.people.all()),
            area=entry.area,
            corrects=entry,
        )
        messages.success(request, _("Notatet er rettet. Den tidligere tekst kan stadig læses."))
        return redirect(f"{found.get_absolute_url()}#linje-{entry.pk}")
    context = {
        "case": found,
        "form": form,
        "heading": _("Ret notat"),
        "submit_label": _("Gem rettelsen"),
        "cancel_url": found.get_absolute_url(),
        "lede": _("Den tidligere tekst kan stadig læses i tidslinjen."),
        "crumbs": crumbs(found, _("Ret notat")),
    }
    return render(request, "components/form_page.html", context, status=422 if form.is_bound else 200)


def note_history(request, number, entry_id):
    found = get_case(request.user, number)
    if not reads_notes(request.user, found.number):
        raise Http404
    entry = _note(request, found, entry_id)
    versions = [
        entry,
        *Entry.objects.visible_to(request.user).filter(corrects=entry).select_related("author").order_by("pk"),
    ]
    context = {"case": found, "versions": versions, "crumbs": crumbs(found, _("Tidligere tekster"))}
    return render(request, "desk/note_history.html", context)


def crumbs(found, text: str) -> list[dict]:
    return [
        {"url": reverse("desk:cases"), "text": _("Familier")},
        {"url": found.get_absolute_url(), "text": found.title},
        {"url": "", "text": text},
    ]


def area(request, number, slug):
    """One area of the family: its deadlines, its check-list, and the area's own panel."""
    return area_page(request, number, slug)


@needs(Permission.WRITE_CASES)
@require_POST
def tick_many(request, number, slug):
    """Tick several boxes of the check-list in one go: one day, one note, one line each in the timeline."""
    found = get_case(request.user, number, covered=True)
    today = timezone.localdate()
    form = TickManyForm(request.POST)
    steps = tickable(found, request, slug)
    if form.is_valid() and not steps:
        form.add_error(None, _("Sæt mindst ét kryds."))
    if not form.is_valid():
        return area_page(request, number, slug, tick_form=form)
    try:
        with transaction.atomic():
            for step in steps:
                tick(step, on=form.cleaned_data["on"], text=form.cleaned_data["text"], by=request.user, today=today)
    except ValidationError as error:
        blame(form, error)
        return area_page(request, number, slug, tick_form=form)
    messages.success(request, _("Registreret som udført."))
    return redirect("desk:area", number, slug)


def tickable(found, request, slug) -> list[Step]:
    """The chosen boxes that are boxes: undated steps of this area, met by a tick. Http404: no such area."""
    chosen = BY_SLUG.get(slug)
    if chosen is None or chosen.key not in tabs_of(request.user, found.number):
        raise Http404
    steps = Step.objects.visible_to(request.user).filter(
        case=found,
        area=chosen.key,
        pk__in=chosen_ids(request),
        due_on=None,
        waits_for="",
        done_on=None,
        withdrawn_on=None,
    )
    return [step for step in steps.order_by("pk") if (rule := rule_of(step)) is None or rule.tick]


def chosen_ids(request) -> list[int]:
    return [int(value) for value in request.POST.getlist("step")[:200] if value.isdecimal() and len(value) < 12]


def area_page(request, number, slug, *, tick_form=None):
    found = get_case(request.user, number, covered=True)
    chosen = BY_SLUG.get(slug)
    if chosen is None or chosen.key not in tabs_of(request.user, found.number):
        raise Http404
    today = timezone.localdate()
    with transaction.atomic():
        file = casefile.read_case_file(found, request.user, today=today)
        hidden = found.covered and chosen.key in PLACE_AREAS
        panel = {} if hidden else chosen.panel(found, request.user)
        if not audit.is_shown():
            audit.log(request.user, "case.area_read", case_number=found.number, detail=chosen.key)
    remember(request, found)
    rows = [casefile.row(file, step, found.number) for step in file.open_steps if step.area == chosen.key]
    context = {
        "case": found,
        "area": chosen,
        "identity": identity(file, request.user),
        "tabs": tabs(file, request.user, current=chosen.key),
        "group": {"title": "", "rows": rows, "folded": False, "note": "", "compact": False},
        "checks": casefile.check_table(file, chosen.key),
        "may_write": can(request.user, Permission.WRITE_CASES),
        "tick_form": tick_form or TickManyForm(initial={"on": today}),
        "panel_template": "desk/_covered.html" if hidden else chosen.template,
        "panel": panel,
    }
    return render(request, "desk/area.html", context, status=422 if tick_form else 200)
