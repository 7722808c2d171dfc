"""What stands around every page: the menu with its count, the families opened last, banners, and who is logged in.

The context is lazy, so a fragment that draws no menu asks the database nothing.
"""

from datetime import date
from functools import cache

from django.conf import settings
from django.core.cache import caches
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import Permission, can, sees_cases
from accounts.models import Opening
from cases.formats import initials, join_names
from cases.models import Case
from desk.services.badge import menu_figures
from desk.services.openings import in_force
from desk.services.sweep import is_stale

RECENT = 3
# Pages of the floors below whose list is had as a file here.
FILE_OF_PAGE = {"housing:board": ("desk:placements_xlsx", Permission.SEE_HOMES)}
SESSION_KEY = "recent_cases"
SWEEP_CACHE_SECONDS = 30

# id, URL name, icon, text, permission (None: whoever sees cases)
MENU = (
    ("overview", "desk:overview", "list-check", gettext_lazy("Mit overblik"), None),
    ("steps", "desk:steps", "calendar-week", gettext_lazy("Frister"), None),
    ("cases", "desk:cases", "people", gettext_lazy("Familier"), None),
    ("import", "intake:imports", "file-earmark-arrow-up", gettext_lazy("Indlæs liste"), Permission.IMPORT_LIST),
    ("housing", "housing:board", "houses", gettext_lazy("Bolig"), Permission.SEE_HOMES),
    ("contacts", "volunteers:contacts", "person-heart", gettext_lazy("Kontaktpersoner"), Permission.MATCH_VOLUNTEERS),
    ("offers", "offers:offers", "envelope-heart", gettext_lazy("Tilbud om hjælp"), Permission.MATCH_VOLUNTEERS),
    ("phrases", "phrases:bank", "translate", gettext_lazy("Tekstbank"), Permission.READ_PHRASES),
    ("letters", "letters:many", "envelope", gettext_lazy("Breve"), Permission.WRITE_CASES),
    ("glass", "desk:glass", "key", gettext_lazy("Nødadgang"), Permission.BREAK_GLASS),
    ("consents", "keeping:consents", "hand-thumbs-up", gettext_lazy("Samtykker"), Permission.SEE_FAMILIES),
)
LEADING = (
    ("compliance", "board:compliance", "bar-chart", gettext_lazy("Fristoverholdelse"), Permission.LEAD_TEAM),
    ("day_figures", "board:day_figures", "123", gettext_lazy("Tal på en dato"), Permission.SEE_FIGURES),
    ("share", "board:share", "shuffle", gettext_lazy("Fordel sager"), Permission.LEAD_TEAM),
    ("rule_sets", "board:rule_sets", "sliders", gettext_lazy("Fristregler"), Permission.CONFIRM_EXEMPTION),
    ("actions", "board:actions", "clipboard-check", gettext_lazy("Handlinger"), Permission.LEAD_TEAM),
    ("reports", "board:reports", "file-earmark-bar-graph", gettext_lazy("Rapporter"), Permission.LEAD_TEAM),
    ("operation", "board:operation", "activity", gettext_lazy("Drift"), Permission.LEAD_TEAM),
    ("opened", "desk:opened_cases", "unlock", gettext_lazy("Åbnede sager"), Permission.LEAD_TEAM),
    ("log_summary", "desk:log_summary", "journal-text", gettext_lazy("Brug af sager"), Permission.LEAD_TEAM),
    ("roles", "desk:role_requests", "person-check", gettext_lazy("Roller til godkendelse"), Permission.LEAD_TEAM),
    (
        "files",
        "desk:file_requests",
        "file-earmark-spreadsheet",
        gettext_lazy("Filer til godkendelse"),
        Permission.LEAD_TEAM,
    ),
    ("keeping", "keeping:review", "archive", gettext_lazy("Opbevaring"), Permission.LEAD_TEAM),
)
OF_LEADING = frozenset(key for key, *_rest in LEADING)
OF_AUDITOR = (
    ("log", "desk:log", "journal-text", gettext_lazy("Log")),
    ("log_reviews", "desk:log_reviews", "journal-check", gettext_lazy("Gennemgang af loggen")),
    ("opened", "desk:opened_cases", "unlock", gettext_lazy("Åbnede sager")),
    ("breach", "keeping:breach", "shield-exclamation", gettext_lazy("Hvem har set hvem")),
    ("keeping", "keeping:review_figures", "archive", gettext_lazy("Opbevaring")),
)
NEW = ("new", "intake:register", "plus-circle", gettext_lazy("Ny"), Permission.WRITE_CASES)
TABS = ("overview", "cases", "new", "steps", "contacts")
TAB_TEXT = {"overview": gettext_lazy("Overblik"), "contacts": gettext_lazy("Kontakter")}
SHORTCUTS = {"new": "r"}
TABS_SHOWN = 4


def remember(request, case: Case) -> None:
    """Keep the number of an opened family in the session; names are read anew, and only if still visible."""
    numbers = request.session.get(SESSION_KEY, [])
    kept = [case.number, *(number for number in numbers if number != case.number)][:RECENT]
    if kept != numbers:
        request.session[SESSION_KEY] = kept


def shell(request) -> dict:
    """Context processor: `shell` as base.html documents it; None for whoever is not or not yet wholly logged in."""
    return {"shell": SimpleLazyObject(lambda: build(request))}


def build(request) -> dict | None:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or getattr(request, "bare", False):
        return None
    overdue, families = 0, []
    if sees_cases(user):
        overdue, families = figures(request, user, timezone.localdate())
    items = menu(request.path, user, overdue)
    return {
        "sections": sections(items, leads=can(user, Permission.SEE_FIGURES)),
        "recent": families,
        "tabs": tabs(items),
        "idle": settings.IDLE_SECONDS,
        "user": {
            "id": user.pk,
            "initials": initials(user.name),
            "name": user.name,
            "role": join_names([str(role.label) for role in user.roles]) or _("Ingen rolle"),
        },
        "searches": sees_cases(user),
        "file_url": file_url(request),
        "banners": banners(user),
        "subtitle": f"{settings.MUNICIPALITY['unit']} · {settings.MUNICIPALITY['name'].removesuffix(' Kommune')}",
    }


def file_url(request) -> str:
    """Where the list of this page can be had as a file; empty for other pages, which say so themselves."""
    match = request.resolver_match
    name, needed = FILE_OF_PAGE.get(match.view_name if match else "", ("", None))
    return address(name) if name and can(request.user, needed) else ""


# --- Counts and families ------------------------------------------------------------------------


def figures(request, user, today: date) -> tuple[int, list[dict]]:
    """(overdue steps of the user's own list, the families opened last under the names they have now).

    A page that has counted already says so in `request.own_overdue`.
    """
    numbers = [str(number) for number in request.session.get(SESSION_KEY, [])][:RECENT]
    known = getattr(request, "own_overdue", None)
    if known is not None and not numbers:
        return known, []
    overdue, names = menu_figures(user, today, numbers)
    return overdue, [
        {"url": reverse("desk:case", args=[number]), "name": names[number]} for number in numbers if number in names
    ]


# --- The menu ---------------------------------------------------------------------------------


@cache
def address(name: str) -> str:
    """The path of a named page; empty while there is no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def address_of(name: str, *args) -> str:
    """The path of a page of a floor above, for these arguments; empty while there is no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def menu(path: str, user, overdue: int) -> list[dict]:
    """Items of the pages that exist and that this user may open; the current one is the longest path that fits."""
    if not sees_cases(user):
        found = [item("overview", address("desk:overview"), "list-check", _("Mit overblik"), current=path == "/")]
        found += [
            item(key, address(name), icon, text, current=path.startswith(address(name)))
            for key, name, icon, text, needed in LEADING
            if can(user, needed) and address(name)
        ]
        if can(user, Permission.READ_LOG):
            found += [
                item(key, address(name), icon, text, current=path == address(name))
                for key, name, icon, text in OF_AUDITOR
                if address(name)
            ]
        if can(user, Permission.MANAGE_USERS):
            users = address("desk:users")
            found.append(item("users", users, "person-gear", _("Brugere"), current=path.startswith(users)))
        return found
    allowed = [entry for entry in (*MENU, *LEADING, NEW) if entry[4] is None or can(user, entry[4])]
    found = [(entry, address(entry[1])) for entry in allowed if address(entry[1])]
    fitting = [url for _entry, url in found if path == url or (url != "/" and path.startswith(url))]
    current = max(fitting, key=len, default=None)
    items = [item(key, url, icon, text, current=url == current) for (key, _name, icon, text, _needed), url in found]
    for entry in items:
        if entry["id"] == "overview" and overdue:
            entry |= {
                "count": overdue,
                "over": True,
                "count_label": _("overskredet") if overdue == 1 else _("overskredne"),
            }
    return items


def sections(items: list[dict], *, leads: bool) -> list[dict]:
    """The daily work, and below a heading of their own the pages for who leads; for others these stand among the rest.

    "Ny" is a tab of the phone and a button of the pages.
    """
    shown = [entry for entry in items if entry["id"] != "new"]
    of_leading = [entry for entry in shown if leads and entry["id"] in OF_LEADING]
    daily = [entry for entry in shown if entry not in of_leading]
    found = [{"label": "", "items": daily}]
    return [*found, {"label": _("Ledelse"), "items": of_leading}] if of_leading else found


def item(key: str, url: str, icon: str, text: str, *, current: bool) -> dict:
    found = {"id": key, "url": url, "icon": icon, "text": text, "current": current}
    return found | ({"shortcut": SHORTCUTS[key]} if key in SHORTCUTS else {})


def tabs(items: list[dict]) -> list[dict]:
    """The phone's tab bar: four of the menu, with shorter words."""
    by_id = {entry["id"]: entry for entry in items}
    chosen = [by_id[key] for key in TABS if key in by_id][:TABS_SHOWN]
    return [entry | {"text": TAB_TEXT.get(entry["id"], entry["text"])} for entry in chosen]


# --- Banners ----------------------------------------------------------------------------------


def opening_banner(opening: Opening) -> dict:
    until = timezone.localtime(opening.closes_at)
    words = {"number": opening.case_number, "kind": opening.get_kind_display()}
    text = _("Du har åbnet sag %(number)s (%(kind)s) til kl. ") % words + f"{until.hour}.{until.minute:02d}."
    return {"kind": "warning", "text": text, "link_url": reverse("desk:glass"), "link_text": _("Luk nu")}


def banners(user) -> list[dict]:
    found = [opening_banner(row) for row in in_force(user, now=timezone.now())] if user.openings else []
    if caches["process"].get_or_set("sweep-is-stale", lambda: is_stale(timezone.now()), SWEEP_CACHE_SECONDS):
        text = _("Der er ikke varslet frister i over en time. Datoerne på siderne er rigtige, men varsler kan mangle.")
        found.append({"kind": "warning", "text": text})
    if settings.DEMO:
        found.append({"kind": "demo", "text": _("Demo: alle personer er opdigtede. Skriv ikke rigtige oplysninger.")})
    return found
