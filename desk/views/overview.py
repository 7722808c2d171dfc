"""Mit overblik: what must be done now, in groups whose counts are the filters.

The list is the page; news, suggestions and families come after it, so that nobody waits for them.
"""

from datetime import date
from itertools import groupby

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import prepared
from accounts.access import Permission, areas_of, can, has_team_scope, needs, sees_cases
from cases.access import get_case, get_person
from cases.formats import plural
from deadlines.models import Group
from desk.services import beside
from desk.services.approvals import to_answer
from desk.services.family import change_member
from desk.services.lines import Lines, for_lines, waits_title
from desk.services.worklist import (
    BY_WORD,
    SECTIONS,
    Counts,
    Section,
    Window,
    add_up,
    opens_with_team,
    sentence,
    shown,
    tallies,
    the_list,
    window,
)
from desk.views import leading
from desk.views.guarded import waiting_for_manager
from desk.views.shell import address

HEADINGS = {section.group: section.heading for section in SECTIONS}
# The sections that every user should see, also when they are empty.
ALWAYS = {"overskredet", "i-dag", "uge", "venter"}


def overview(request):
    if not sees_cases(request.user):
        return render(request, "desk/no_cases.html", {"actions": pages_of_figures(request.user)})
    today = timezone.localdate()
    team = shows_team(request)
    section = BY_WORD.get(request.GET.get("vis", ""))
    counts = add_up(prepared.rows(asked_counts, request.user, today, team))
    if not team:
        request.own_overdue = counts.overdue
    lines = Lines(request.user, today, back=request.get_full_path(), owners=team)
    rows = read(request.user, today, team, window(counts, section))
    context = {
        "lede": sentence(counts, today),
        "lead_lines": lead_lines(request.user, today, counts, team),
        "actions": actions(request.user),
        "switch": switch(team, section) if has_team_scope(request.user) and areas_of(request.user) else [],
        "pills": pills(counts, team, section),
        "groups": groups(rows, lines, counts, team=team, section=section),
        "empty": empty(request.user, counts, team, section),
        "more_url": more_path(team),
    }
    return render(request, "desk/overview.html", context)


def pages_of_figures(user) -> list[dict]:
    """For who sees figures without families."""
    if not can(user, Permission.SEE_FIGURES):
        return []
    return [{"url": address("board:day_figures"), "text": _("Tal på en dato"), "icon": "123", "primary": True}]


def lead_lines(user, today: date, counts: Counts, team: bool) -> list[dict]:
    """For who leads the unit; others are asked for nothing."""
    if not can(user, Permission.LEAD_TEAM):
        return []
    return leading.lines(user, today, counts if team else add_up(prepared.rows(asked_counts, user, today, True)))


def shows_team(request) -> bool:
    """The team's list where it is asked for, and for whoever leads and has no area of the own."""
    return request.GET.get("hvem") == "team" or opens_with_team(request.user)


def more(request):
    """What stands beside and below the list: asked for when the list is there; a page of its own without scripts."""
    if not sees_cases(request.user):
        raise Http404
    user, today = request.user, timezone.localdate()
    team = shows_team(request)
    families = beside.families(user, today)
    # who leads reads it in the first line
    lone = families.unassigned if can(user, Permission.HAND_OVER) and not can(user, Permission.LEAD_TEAM) else 0
    context = {
        "families": families,
        "news": beside.news(user, today),
        "suggestions": beside.suggestions(user, today, team=team),
        "orientation": beside.orientation(user, today, team=team),
        "unassigned": _("%s uden sagsbehandler.") % plural(lone, _("familie er"), _("familier er")) if lone else "",
        "unassigned_url": reverse("desk:cases") + "?sagsbehandler=ingen",
        "guarded": guarded_sentence(user),
        "files": files_sentence(user),
        "mine_url": reverse("desk:cases") + "?sagsbehandler=mig",
    }
    return render(request, "desk/_overview_more.html" if request.htmx else "desk/overview_more.html", context)


def guarded_sentence(user) -> str:
    """What waits for a manager in cases of which only the number may be known."""
    waiting = waiting_for_manager(user)
    return _("%s på dig.") % plural(waiting, _("beskyttet sag venter"), _("beskyttede sager venter")) if waiting else ""


def files_sentence(user) -> str:
    """Long lists of the unit that wait for a manager's yes."""
    waiting = to_answer(user).count()
    return _("%s på din godkendelse.") % plural(waiting, _("fil venter"), _("filer venter")) if waiting else ""


def more_path(team: bool) -> str:
    return reverse("desk:overview_more") + ("?hvem=team" if team else "")


def asked_counts(user, today: date, team: bool):
    return tallies(the_list(user, today, team=team))


def read(user, today: date, team: bool, cut: Window) -> list:
    """The rows, in one query."""
    return prepared.rows(asked_rows, user, today, team, cut)


def asked_rows(user, today: date, team: bool, cut: Window):
    return for_lines(shown(the_list(user, today, team=team), cut), user)


def link(team: bool, section: str = "") -> str:
    query = {"hvem": "team"} if team else {}
    query |= {"vis": section} if section else {}
    return f"{reverse('desk:overview')}?{urlencode(query)}" if query else reverse("desk:overview")


def all_rows(team: bool, section: str) -> str:
    """The same rows in Frister, where they are paged."""
    query = {"status": section} | ({} if team else {"sagsbehandler": "mig"})
    return f"{reverse('desk:steps')}?{urlencode(query)}"


def actions(user) -> list[dict]:
    url = address("intake:register")
    if not url or not can(user, Permission.WRITE_CASES):
        return []
    return [{"url": url, "text": _("Registrér familie"), "icon": "person-plus", "primary": True, "shortcut": "r"}]


def switch(team: bool, section: Section | None) -> list[dict]:
    word = section.word if section else ""
    return [
        {"url": link(False, word), "text": _("Mine"), "current": not team},
        {"url": link(True, word), "text": _("Mit team"), "current": team},
    ]


def pills(counts: Counts, team: bool, section: Section | None) -> list[dict]:
    """The counts are the filters; a rare section stands there when it has rows."""
    found = [
        {"url": link(team), "label": _("Alle åbne"), "count": counts.total, "status": "", "pressed": section is None}
    ]
    for each in SECTIONS:
        number = counts.by_word.get(each.word, 0)
        if number or each.word in ALWAYS or each is section:
            found.append(
                {
                    "url": link(team, each.word),
                    "label": each.title,
                    "count": number,
                    "status": each.status,
                    "pressed": each is section,
                }
            )
    return found


# --- The groups -------------------------------------------------------------------------------


def groups(steps: list, lines: Lines, counts: Counts, *, team: bool, section: Section | None) -> list[dict]:
    """For components/deadline_group.html, in the order of the rows."""
    found = []
    for group, members in groupby(steps, key=lambda step: HEADINGS[step.group]):
        rows = list(members)
        if group == Group.DATE_MISSING:
            found += missing_groups(rows, lines, counts, team)
        else:
            found.append(titled(group, rows, lines, counts, team=team, section=section))
    return found + beyond(found, counts, team, section)


def titled(group: Group, rows: list, lines: Lines, counts: Counts, *, team: bool, section: Section | None) -> dict:
    """Overdue has two counts: what is *overskredet* and, amber, the local targets that are only *passeret*."""
    own = [each for each in SECTIONS if each.heading == group]
    first = section or own[0]
    number = sum(counts.by_word.get(each.word, 0) for each in ([section] if section else own))
    if group == Group.OVERDUE and section is None:
        number, first = (counts.overdue, own[0]) if counts.overdue else (counts.passed, own[1])
    more = number if group != Group.OVERDUE or section else counts.overdue + counts.passed
    return {
        "id": f"g-{first.word}",
        "title": first.title,
        "status": first.status if group in {Group.OVERDUE, Group.TODAY} else "",
        "count": number,
        "count_note": overdue_note(counts) if group == Group.OVERDUE and section is None else "",
        "rows": [lines.row(step) for step in rows],
        "folded": group == Group.LATER and section is None,
        **more_link(first.word, team, shown_rows=len(rows), number=more),
    }


def overdue_note(counts: Counts) -> str:
    notes = []
    if counts.laws_overdue:
        notes.append(plural(counts.laws_overdue, _("lovfrist"), _("lovfrister")))
    if counts.overdue and counts.passed:
        notes.append(plural(counts.passed, _("passeret"), _("passerede")))
    return " · ".join(notes)


def missing_groups(rows: list, lines: Lines, counts: Counts, team: bool) -> list[dict]:
    """One heading per missing date below the group's own."""
    number = counts.by_word["mangler"]
    head = {
        "id": "g-mangler",
        "title": BY_WORD["mangler"].title,
        "status": "",
        "count": number,
        "rows": [],
        **more_link("mangler", team, shown_rows=len(rows), number=number),
    }
    parts = [(waits_for, list(members)) for waits_for, members in groupby(rows, key=lambda step: step.waits_for)]
    return [head] + [
        {
            "id": f"g-mangler-{name}",
            "title": waits_title(name),
            "level": 3,
            "count": len(part),
            "rows": [lines.row(step) for step in part],
        }
        for name, part in parts
    ]


def more_link(word: str, team: bool, *, shown_rows: int, number: int) -> dict:
    if number <= shown_rows:
        return {}
    return {"more_url": all_rows(team, word), "more_text": _("Se alle %d") % number}


def beyond(found: list[dict], counts: Counts, team: bool, section: Section | None) -> list[dict]:
    """Headings of the sections for which the page had no room, so that nothing is out of sight."""
    if section is not None:
        return []
    there = {group["id"] for group in found}
    left = [
        each
        for each in SECTIONS
        if counts.by_word.get(each.word) and f"g-{each.word}" not in there and each.word != "passeret"
    ]
    return [
        {
            "id": f"g-{each.word}",
            "title": each.title,
            "count": counts.by_word[each.word],
            "rows": [],
            **more_link(each.word, team, shown_rows=0, number=counts.by_word[each.word]),
        }
        for each in left
    ]


def empty(user, counts: Counts, team: bool, section: Section | None) -> dict | None:
    """What the page says when there is nothing to do."""
    if section is not None and not counts.by_word.get(section.word):
        return {
            "title": _("Ingen frister her."),
            "text": "",
            "actions": [{"url": link(team), "text": _("Vis alle åbne")}],
        }
    if counts.total:
        return None
    others = [] if team else [{"url": link(True), "text": _("Se teamets frister")}]
    if can(user, Permission.WRITE_CASES):
        text = (
            _("Registrér en familie, eller se teamets frister.")
            if not team
            else _("Registrér en familie, så kommer dens frister her.")
        )
    else:
        text = _("Se teamets frister.") if not team else ""
    title = _("Teamet har ingen åbne frister.") if team else _("Du har ingen åbne frister.")
    return {"title": title, "text": text, "actions": actions(user) + others}


# --- Suggestions ------------------------------------------------------------------------------


@needs(Permission.WRITE_CASES)
@require_POST
def treat_as_adult(request, number, person_id):
    """The "ja" to a suggestion: the duties of an adult run from the birthday ahead, or from today."""
    person = get_person(get_case(request.user, number), person_id)
    today = timezone.localdate()
    if person.birth_date is None or person.treated_as_adult_from:
        raise Http404
    day = beside.adult_from(person, today)
    change_member(person, today=today, by=request.user, fields={"treated_as_adult_from": day}, dates={})
    messages.success(request, _("Fristerne for voksne er oprettet for %s.") % person.short_name)
    return redirect("desk:overview")
