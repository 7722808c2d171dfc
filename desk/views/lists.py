"""Frister and Familier: filtered, sorted and paged lists, and the same rows as files. All state stands in the URL."""

import re

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.access import Permission, areas_of, can, needs, parts_of, sees_cases, tabs_of
from accounts.stepup import needs_fresh_login
from cases.access import by_number
from cases.cpr import CprError, parse_cpr
from cases.formats import relative, weekday_date
from cases.models import Case, Locality
from deadlines.status import CLOSED, look_of, status_of
from deadlines.templatetags.deadlines import WORDS
from desk.areas import BY_KEY, all_rules
from desk.forms.filters import CaseFilter, PlainFilter, StepFilter
from desk.services import catalogue, lists
from desk.services.figures import arrival_text, state
from desk.services.lines import Lines, case_path, day_text, for_lines, kind_label, owner_of, step_path
from desk.services.listings import ListFile
from desk.views.files import file_page, listing_of
from desk.views.shell import address

CASE_NUMBER = re.compile(r"\d{4}-\d{4,}\Z")
LIKE_CPR = re.compile(r"\d{6}[- ]?\d{4}\Z")


def page_number(request) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


def pager(request, page: lists.Page) -> dict:
    """For components/pagination.html."""

    def url(number: int) -> str:
        query = request.GET.copy()
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    return {
        "text": page.text,
        "previous_url": url(page.number - 1) if page.number > 1 else "",
        "next_url": url(page.number + 1) if page.more else "",
    }


def download_url(request, name: str, listing: ListFile) -> str:
    """Where the list can be had as a file; empty for those who may only read it on the page."""
    if not can(request.user, listing.permission):
        return ""
    query = request.GET.copy()
    query.pop("page", None)
    return f"{reverse(name)}?{query.urlencode()}" if query else reverse(name)


def only_for_case_readers(request) -> None:
    if not sees_cases(request.user):
        raise Http404


def log_search(request, form, page: lists.Page, what: str) -> None:
    """A search for words stands in the log with the number of hits, never with the words."""
    if form.chosen.get("q"):
        hits = f"> {lists.COUNT_TO}" if page.total is None else str(page.total)
        audit.log(request.user, f"{what}.search", detail=hits)


def localities() -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in Locality.objects.values_list("pk", "name")]


# --- Frister ----------------------------------------------------------------------------------


def step_filter(request, today) -> StepFilter:
    areas = seen_areas(request.user)
    rules = [(rule.key, str(rule.title)) for rule in all_rules() if sees_rule(request.user, rule)]
    owners = lists.colleagues(request.user)
    return StepFilter(request.GET, owners=owners, localities=localities(), rules=rules, areas=areas, today=today)


def seen_areas(user) -> frozenset[str]:
    """The areas of the deadlines that the user sees: the own ones, for a manager all."""
    return frozenset(BY_KEY) if can(user, Permission.LEAD_TEAM) else tabs_of(user)


def sees_rule(user, rule) -> bool:
    whole = can(user, Permission.LEAD_TEAM) or rule.area in areas_of(user)
    return whole or rule.key.startswith(tuple(parts_of(user)))


def found_steps(request, form: StepFilter, today):
    found = lists.steps_found(request.user, today, form.chosen)
    return lists.in_order(
        for_lines(found, request.user), form.chosen.get("sort", ""), lists.step_orders(request.user), lists.STEP_ORDER
    )


def steps(request):
    only_for_case_readers(request)
    today = timezone.localdate()
    form = step_filter(request, today)
    page = lists.page_of(found_steps(request, form, today), page_number(request))
    log_search(request, form, page, "step")
    lines = Lines(request.user, today)
    context = {
        "form": form,
        "rows": [step_row(step, lines) for step in page.rows],
        "pager": pager(request, page),
        "reset_url": reverse("desk:steps") if form.narrowed else "",
        "download_url": download_url(request, "desk:steps_xlsx", catalogue.STEPS),
        "quick": quick_views(form),
        "lede": _("Alle frister, du kan se. Tallene på Mit overblik er dine egne."),
        "first": lists.STEP_ORDER,
    }
    return render(request, "desk/steps.html", context)


def quick_views(form: StepFilter) -> list[dict]:
    """The three questions asked most, as pills above the list."""
    url, status, owner = reverse("desk:steps"), form.chosen.get("status", ""), form.chosen.get("owner", "")
    chosen = (status, owner)
    views = (
        (_("Alle åbne"), "", "", ""),
        (_("Mine"), "", lists.MINE, "sagsbehandler=mig"),
        (_("Overskredet"), "overskredet", "", "status=overskredet"),
        (_("Uden sagsbehandler"), "", lists.NOBODY, "sagsbehandler=ingen"),
    )
    return [
        {
            "url": f"{url}?{query}" if query else url,
            "label": label,
            "count": None,
            "status": "",
            "pressed": chosen == (word, who),
        }
        for label, word, who, query in views
    ]


def step_row(step, lines: Lines) -> dict:
    """One row of the table; prepared, so that the template only prints."""
    step = lines.covered(step)
    look, day = look_of(step, lines.today), step.effective_on
    closed = status_of(step, lines.today) in CLOSED
    return {
        "url": step_path(step.pk),
        "date": day_text(day, lines.today) if day else "–",
        "iso": day.isoformat() if day else "",
        "days": "" if closed or not day else relative(day, lines.today),
        "title": lines.title(step),
        "person": lines.who(step) if step.person_id else _("Husstanden"),
        "family": step.case__family_name,
        "family_url": case_path(step.case__number),
        "area": str(BY_KEY[step.area].title) if step.area in BY_KEY else "",
        "owner": owner_of(step) or _("Ingen"),
        "status": look,
        "word": str(WORDS[look]),
        "kind": step.kind,
        "kind_label": kind_label(step),
    }


@needs(Permission.TAKE_STEPS)
@needs_fresh_login
def steps_xlsx(request):
    """Exactly the rows of the list, all pages, but those of protected families."""
    today = timezone.localdate()
    form = step_filter(request, today)
    return file_page(request, listing_of(request.user, catalogue.STEPS, form, back="desk:steps", today=today))


# --- Familier ---------------------------------------------------------------------------------


def case_filter(request) -> CaseFilter:
    return CaseFilter(request.GET, owners=lists.colleagues(request.user), localities=localities())


def found_cases(request, form: CaseFilter, today):
    found = lists.cases_found(request.user, today, form.chosen)
    return lists.in_order(found, form.chosen.get("sort", ""), lists.CASE_ORDERS, lists.CASE_ORDER)


def is_cpr(text: str, today) -> bool:
    if not LIKE_CPR.match(text):
        return False
    try:
        return bool(parse_cpr(text, today=today))
    except CprError:
        return False


def cases(request):
    only_for_case_readers(request)
    today = timezone.localdate()
    text = request.GET.get("q", "").strip()
    if is_cpr(text, today):
        messages.warning(request, _("Skriv ikke CPR-numre i søgefeltet. Søg på navn, sagsnummer eller telefon."))
        return redirect("desk:cases")
    if CASE_NUMBER.match(text) and (found := Case.objects.visible_to(request.user).filter(number=text).first()):
        return redirect(found)
    form = case_filter(request)
    page = lists.page_of(found_cases(request, form, today), page_number(request))
    log_search(request, form, page, "case")
    by_number(request.user, page.rows)
    context = {
        "form": form,
        "rows": [case_row(case, today) for case in page.rows],
        "pager": pager(request, page),
        "reset_url": reverse("desk:cases") if form.narrowed else "",
        "download_url": download_url(request, "desk:cases_xlsx", catalogue.CASES),
        "actions": case_actions(request.user),
        "first": lists.CASE_ORDER,
    }
    return render(request, "desk/cases.html", context)


def case_actions(user) -> list[dict]:
    register, imports = address("intake:register"), address("intake:imports")
    found = []
    if imports and can(user, Permission.IMPORT_LIST):
        found.append({"url": imports, "text": _("Indlæs liste"), "icon": "file-earmark-arrow-up"})
    if register and can(user, Permission.WRITE_CASES):
        found.append(
            {"url": register, "text": _("Registrér familie"), "icon": "person-plus", "primary": True, "shortcut": "r"}
        )
    return found


def case_row(case: Case, today) -> dict:
    text, status = state(case, today)
    return {
        "url": case_path(case.number),
        "name": case.family_name,
        "matched": "" if case.family_name == case.number else case.matched,
        "number": case.number,
        "members": case.members,
        "arrival": _("Afsluttet %s") % weekday_date(case.closed_on) if case.closed_on else arrival_text(case, today),
        "owner": case.caseworker.name if case.caseworker else "",
        "locality": case.locality.name if case.locality and not case.protected else "",
        "next": day_text(case.next_on, today) if case.next_on else "",
        "next_iso": case.next_on.isoformat() if case.next_on else "",
        "next_days": relative(case.next_on, today) if case.next_on else "",
        "overdue": text if status in {"overdue", "passed"} else "",
        "status": status,
    }


@needs(Permission.SEE_CASE_FILES)
@needs_fresh_login
def cases_xlsx(request):
    today = timezone.localdate()
    form = case_filter(request)
    return file_page(request, listing_of(request.user, catalogue.CASES, form, back="desk:cases", today=today))


# --- Boligplaceringer -------------------------------------------------------------------------


@needs(Permission.SEE_HOMES)
@needs_fresh_login
def placements_xlsx(request):
    """Who lives where, of the families the user sees; the list of homes leads here (desk.views.shell)."""
    form, today = PlainFilter(request.GET), timezone.localdate()
    return file_page(request, listing_of(request.user, catalogue.PLACEMENTS, form, back="housing:board", today=today))
