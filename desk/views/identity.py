"""The head that all pages of a family share: who they are, what is next, the tabs."""

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.access import Permission, can
from cases.formats import relative, weekday_date
from cases.phones import pretty_phone
from deadlines.status import Status, status_of
from desk.areas import AREAS
from desk.services.casefile import CaseFile
from desk.services.lines import case_path, page_path, step_path
from desk.views.shell import address_of


def identity(file: CaseFile, user) -> dict:
    """For components/identity.html."""
    case = file.case
    return {
        "title": case.title,
        "crumbs": [{"url": reverse("desk:cases"), "text": _("Familier")}, {"url": "", "text": case.number}],
        "day": _("Dag %d") % file.day_number if file.day_number is not None and not case.closed_on else "",
        "tags": state_tags(file),
        "next": next_deadline(file),
        "facts": facts(file),
        "menu": menu(case, user),
        "actions": actions(file, user),
    }


def state_tags(file: CaseFile) -> list[dict]:
    """How the case stands, and a calm mark where somebody in it is protected."""
    shield = {"text": _("Beskyttet adresse"), "tone": "wait", "icon": "shield-lock"}
    return ([shield] if file.case.protected else []) + presence_tags(file)


def presence_tags(file: CaseFile) -> list[dict]:
    if file.case.closed_on:
        return [{"text": _("Afsluttet %s") % weekday_date(file.case.closed_on), "tone": ""}]
    present = [p for p in file.people if p.stay and not p.stay.left_on]
    if not present and file.people:
        return [{"text": _("Alle er fraflyttet"), "tone": ""}]
    if file.people and file.arrived_on is None:
        return [{"text": _("Ventes"), "tone": "info"}]
    return []


def next_deadline(file: CaseFile) -> dict | None:
    dated = [
        step for step in file.open_steps if step.effective_on and status_of(step, file.today) is not Status.WAITING
    ]
    if not dated:
        return None
    step = dated[0]
    who = f", {step.person.short_name}" if step.person else ""
    when = relative(step.effective_on, file.today)
    return {
        "url": step_path(step.pk),
        "status": file.looks[step.pk],
        "text": f"{step.title}{who}, {when[0].lower()}{when[1:]}",
    }


def facts(file: CaseFile) -> list[dict]:
    case = file.case
    languages = list(dict.fromkeys(p.languages for p in file.people if p.languages))
    interpreter = _(", tolk") if any(p.interpreter for p in file.people) else ""
    found = [
        (_("Ankomst"), arrival(file)),
        (_("Sprog"), ", ".join(languages[:2]) + interpreter if languages or interpreter else ""),
        (_("Bolig"), home(file)),
        (_("Sagsbehandler"), case.caseworker.name if case.caseworker else _("ingen endnu")),
        (_("Kontaktperson"), met_evidence(file, "volunteers.contact_person").removeprefix(_("Kontaktperson: "))),
        (_("Familienr."), case.external_number),
    ]
    return [{"label": label, "value": value} for label, value in found if value]


def arrival(file: CaseFile) -> str:
    """Empty for whoever does not see who came."""
    if not file.people:
        return ""
    return weekday_date(file.arrived_on) if file.arrived_on else _("ikke endnu")


def home(file: CaseFile) -> str:
    """Where they live until a day that is known ("Bor Rønneholt 4 til 11. jan."), else the latest offer."""
    ending = [s for s in file.steps if s.rule == "housing.next_home" and not s.met_on and not s.withdrawn_on]
    return ending[-1].evidence if ending else met_evidence(file, "housing")


def met_evidence(file: CaseFile, prefix: str) -> str:
    """What met the newest household step of that area or rule ("Rønneholt 4, st. th.")."""
    met = [s for s in file.steps if s.rule.startswith(prefix) and s.person_id is None and s.met_on and s.evidence]
    return max(met, key=lambda step: (step.met_on, step.pk)).evidence if met else ""


def menu(case, user) -> list[dict]:
    return [*work(case, user), *stewardship(case, user), *oversight(case, user)]


def oversight(case, user) -> list[dict]:
    """For the manager of the case's own unit."""
    if not can(user, Permission.LEAD_TEAM) or case.team_id is None or case.team_id != user.team_id:
        return []
    log, oversight = (page_path(f"desk:{name}", case.number) for name in ("case_log", "oversight"))
    found = [
        {"url": oversight, "text": _("Ledelsestilsyn"), "icon": "shield-check"},
        {"url": log, "text": _("Hvem har set sagen?"), "icon": "eye"},
    ]
    keeping = address_of("keeping:review_case", case.number)
    return [*found, {"url": keeping, "text": _("Opbevaring"), "icon": "archive"}] if keeping else found


def work(case, user) -> list[dict]:
    if not can(user, Permission.WRITE_CASES):
        return []
    n = case.number
    items = [
        (page_path("desk:add_task", n), _("Ny opgave"), "plus-square"),
        (page_path("desk:add_member", n), _("Tilføj person"), "person-plus"),
    ]
    if letters := address_of("letters:letters", n):
        items.append((letters, _("Breve og familieark"), "envelope"))
    if wish := address_of("offers:add_wish", n):
        items.append((wish, _("Skriv et ønske ned"), "box-seam"))
    if case.closed_on:
        items.append((page_path("desk:reopen_case", n), _("Genåbn sag"), "arrow-counterclockwise"))
    else:
        items.append((page_path("desk:close_case", n), _("Afslut sag"), "archive"))
    return [{"url": url, "text": text, "icon": icon} for url, text, icon in items]


def stewardship(case, user) -> list[dict]:
    """Who has the case, and who else works with the family."""
    if not can(user, Permission.HAND_OVER):
        return []
    colleagues, hand_over = (page_path(f"desk:{name}", case.number) for name in ("colleagues", "hand_over"))
    return [
        {"url": colleagues, "text": _("Hvem arbejder med familien"), "icon": "people"},
        {"url": hand_over, "text": _("Overdrag sag"), "icon": "arrow-left-right"},
    ]


def actions(file: CaseFile, user) -> list[dict]:
    """Call, and write a note."""
    phone = next((person.phone for person in file.people if person.phone), "")
    found = []
    if file.case.covered:
        ask, back = reverse("desk:reveal_places", args=[file.case.number]), case_path(file.case.number)
        found.append({"url": f"{ask}?{urlencode({'next': back})}", "text": _("Vis steder"), "icon": "eye"})
    if phone:
        found.append({"url": f"tel:{phone}", "text": pretty_phone(phone), "icon": "telephone"})
    if can(user, Permission.WRITE_CASES):
        url = f"{case_path(file.case.number)}#tidslinje"
        found.append({"url": url, "text": _("Nyt notat"), "icon": "pencil-square", "primary": True, "shortcut": "n"})
    return found


def tabs(file: CaseFile, user, *, current: str) -> list[dict]:
    """Overblik and one tab per area the user works with; an overdue one carries its shape."""
    late = {step.area for step in file.open_steps if file.looks[step.pk] == "overdue"}
    overview = tab(case_path(file.case.number), _("Overblik"), current=current == "")
    return [overview] + [
        tab(
            page_path("desk:area", file.case.number, area.slug),
            str(area.title),
            current=current == area.key,
            late=area.key in late,
        )
        for area in AREAS
        if area.key in file.tabs
    ]


def tab(url: str, text: str, *, current: bool, late: bool = False) -> dict:
    """For components/subnav.html."""
    return {
        "url": url,
        "text": text,
        "current": current,
        "status": "overdue" if late else "",
        "status_label": _("har en overskredet frist") if late else "",
        "count": None,
    }
