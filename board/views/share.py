"""Fordel sager: who has how much, which cases go to whom, the result before anything is written, and the way back."""

from datetime import date

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.access import Permission, needs
from accounts.models import User
from accounts.services import span
from board.forms.share import ALL, ConfirmForm, ShareForm, sealed
from board.services import leave, moves, share
from board.services.share import NOBODY, Plan, Source
from cases.formats import doc_moment, plural
from cases.models import Case
from desk.services import loads
from desk.services.figures import SOONEST, arrival_text, state, with_figures
from desk.services.lines import case_path
from desk.services.loads import Load

LISTED = 500  # cases to tick; "Alle" takes the rest too


@needs(Permission.LEAD_TEAM)
def share_cases(request):
    """The team with its loads; with `fra`, the cases of one of them and who could have them. Sent: the result."""
    today = timezone.localdate()
    receivers = list(loads.colleagues(request.user, today))
    word = (request.POST or request.GET).get("fra", "")
    source = share.source_of(request.user, word)
    if request.method == "POST":
        if source is None:
            messages.error(request, _("Vælg, hvis sager der skal fordeles."))
            return redirect("board:share")
        form = ShareForm(request.POST, receivers=receivers)
        return result(request, form, source, today) if form.is_valid() else share_page(request, today, source, form)
    if word and source is None:
        raise Http404
    form = ShareForm(initial=first_choice(source, receivers), receivers=receivers) if source else None
    return share_page(request, today, source, form)


def first_choice(source: Source, receivers: list[User]) -> dict:
    """Everybody who is here."""
    here = [str(one.pk) for one in receivers if not one.away and one.pk != source.pk]
    return {"fra": source.word, "to": here}


# --- The page ---------------------------------------------------------------------------------


def share_page(request, today: date, source: Source | None, form: ShareForm | None):
    user = request.user
    away = leave.by_user(user, today)
    figures = loads.of_colleagues(user, today)
    context = {
        "team": user.team.name if user.team else "",
        "rows": team_rows(user, today, figures, away, source),
        "form": form,
        "moves": [move_row(move) for move in moves.latest(user)],
        "leaves": [leave_row(row, today) for rows in away.values() for row in rows],
        "guarded_url": reverse("desk:guarded"),
    }
    if form is not None:
        context |= source_part(user, today, source, form)
    return render(request, "board/share.html", context, status=422 if form and form.errors else 200)


def team_rows(user, today: date, figures: dict, away: dict, source: Source | None) -> list[dict]:
    """Nobody's cases first, then each colleague with what there is and who stands in."""
    people = list(share.sources(user))
    rows = [figure_row(NOBODY, _("Uden sagsbehandler"), figures.get(None, Load()), today)]
    rows[0] |= {"current": bool(source) and source.user is None, "absence_url": "", "notes": [], "is_new": True}
    for one in people:
        mine = one.team_id == user.team_id and one.is_active and one.team_id is not None
        row = figure_row(str(one.pk), one.name, figures.get(one.pk, Load()), today, linked=mine and one != user)
        notes = [leave_text(found, today) for found in away.get(one.pk, [])]
        row |= {
            "current": bool(source) and one == source.user,
            "absence_url": reverse("board:absence", args=[one.pk]) if mine else "",
            "notes": notes if one.is_active else [_("Er lukket som bruger")],
            "is_new": False,
        }
        rows.append(row)
    return rows


def figure_row(word: str, name: str, load: Load, today: date, *, linked: bool = True) -> dict:
    """The figures of one colleague, each with the address of exactly its rows."""
    steps, cases = reverse("desk:steps"), reverse("desk:cases")
    until = today + loads.SOON
    query = {
        "cases": (cases, {"sagsbehandler": word}),
        "steps": (steps, {"sagsbehandler": word}),
        "overdue": (steps, {"sagsbehandler": word, "status": "overskredet"}),
        "soon": (steps, {"sagsbehandler": word, "fra": f"{today:%d.%m.%Y}", "til": f"{until:%d.%m.%Y}"}),
    }
    cells = {
        name: {"number": getattr(load, name), "url": f"{path}?{urlencode(asked)}" if linked else ""}
        for name, (path, asked) in query.items()
    }
    url = f"{reverse('board:share')}?{urlencode({'fra': word})}#flyt" if load.cases else ""
    return {"name": name, "url": url, **cells}


def source_part(user, today: date, source: Source, form: ShareForm) -> dict:
    """The cases to move and the colleagues to choose among."""
    chosen = with_figures(share.cases_of(user, source), user, today).order_by(*SOONEST)
    found = list(chosen[: LISTED + 1])
    total = len(found) if len(found) <= LISTED else chosen.count()
    others = [one for one in form.receivers.values() if one.pk != source.pk]
    ticked, to = set(form["case"].value() or ()), set(form["to"].value() or ())
    return {
        "origin": source.origin,
        "is_new": source.user is None,
        "total": total,
        "total_text": plural(total, _("sag"), _("sager")),
        "cases": [case_row(case, today) | {"ticked": case.number in ticked} for case in found[:LISTED]],
        "cut": total > LISTED,
        "receivers": [
            {"pk": one.pk, "name": one.name, "load": one.load, "away": one.away, "ticked": str(one.pk) in to}
            for one in others
        ],
        "empty": nothing(total, others),
        "guarded": share.guarded(user, source),
    }


def nothing(total: int, others: list[User]) -> str:
    """Why there is nothing to choose; empty when there is."""
    if not total:
        return _("Der er ingen sager, der kan flyttes herfra.")
    return "" if others else _("Der er ingen andre sagsbehandlere i dit team.")


def case_row(case: Case, today: date) -> dict:
    """By case number: who leads meets no family by name here."""
    text, status = state(case, today)
    members = plural(case.members, _("person"), _("personer"))
    return {
        "number": case.number,
        "url": case_path(case.number),
        "members": members,
        "arrival": arrival_text(case, today),
        "state": text,
        "status": status,
    }


def leave_text(absence, today: date) -> str:
    words = {"days": span(absence), "who": absence.deputy.name if absence.deputy else _("teamets leder")}
    if absence.starts_on > today:
        return _("Væk %(days)s, %(who)s træder til") % words
    return _("Væk nu (%(days)s), %(who)s er stedfortræder") % words


def leave_row(absence, today: date) -> dict:
    return {
        "name": absence.user.name,
        "deputy": absence.deputy.name if absence.deputy else _("Teamets leder"),
        "days": span(absence),
        "now": absence.starts_on <= today,
        "url": reverse("board:end_absence", args=[absence.pk]),
    }


def move_row(move) -> dict:
    return {
        "url": reverse("board:move", args=[move.pk]),
        "when": doc_moment(move.at),
        "what": plural(move.moved, _("sag"), _("sager")),
        "origin": Source(move.source).origin,
        "by": move.by.name,
        "left": move.left,
        "undone": move.undone_at is not None,
    }


# --- The result, before anything is written ---------------------------------------------------


def result(request, form: ShareForm, source: Source, today: date):
    """What the choice would do; the plan travels sealed to the click that carries it out."""
    user, every = request.user, form.cleaned_data["which"] == ALL
    rows = share.cases_of(user, source).order_by("number")
    cases, missing = (list(rows), []) if every else picked(rows, form.cleaned_data["case"])
    receivers = [one for one in form.chosen if one.pk != source.pk]
    if not cases or not receivers:
        text = _("Der er ingen sager at flytte.") if receivers else _("Vælg en anden end den, der har sagerne.")
        form.add_error(None, text)
        return share_page(request, today, source, form)
    plan = share.propose(user, today, source=source, cases=cases, receivers=receivers)
    outcome = share.simulate(user, today, plan)
    names = {one.pk: one.name for one in form.receivers.values()} | {source.pk: source.name}
    context = {
        "origin": source.origin,
        "total_text": plural(len(cases), _("sag"), _("sager")),
        "rows": outcome_rows(plan, outcome, names),
        "given": [given_row(outcome, pk, names[pk]) for pk in outcome.given],
        "stays": outcome.stays,
        "missing": missing,
        "guarded": share.guarded(user, source) if every else [],
        "form": ConfirmForm(initial={"plan": sealed(plan, user)}, user=user),
        "back": f"{reverse('board:share')}?{urlencode({'fra': source.word})}#flyt",
        "crumbs": crumbs(_("Resultat")),
    }
    return render(request, "board/share_result.html", context)


def crumbs(here: str) -> list[dict]:
    return [{"url": reverse("board:share"), "text": _("Fordel sager")}, {"url": "", "text": here}]


def picked(rows, numbers: list[str]) -> tuple[list[Case], list[str]]:
    """The ticked cases that are still there, and the numbers of those that are not."""
    wanted = set(numbers)
    found = [case for case in rows if case.number in wanted]
    return found, sorted(wanted - {case.number for case in found})


def outcome_rows(plan: Plan, outcome, names: dict[int, str]) -> list[dict]:
    """Who gives and who gets, each figure before and after."""
    touched = dict.fromkeys([plan.source, *outcome.given])
    rows = []
    for pk in touched:
        before, after = outcome.before.get(pk, Load()), outcome.after.get(pk, Load())
        figures = [{"old": getattr(before, one), "new": getattr(after, one)} for one in Load.__slots__]
        for figure in figures:
            figure["more"] = figure["new"] - figure["old"]
        rows.append(
            {"name": names[pk] if pk else _("Uden sagsbehandler"), "gives": pk == plan.source, "figures": figures}
        )
    return rows


def given_row(outcome, pk: int, name: str) -> dict:
    numbers = sorted(outcome.numbers[case] for case in outcome.given[pk])
    return {
        "name": name,
        "text": plural(len(numbers), _("sag"), _("sager")),
        "cases": [{"number": number, "url": case_path(number)} for number in numbers],
    }
