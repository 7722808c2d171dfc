"""Forhåndsvisning, the same as a file, and what follows from it: asking for a yes, giving it, taking it back."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_POST

from accounts.access import Permission, can, needs, sees_names
from accounts.stepup import needs_fresh_login
from board.forms.rule_sets import AskForm, PreviewFilter
from board.models import Activation
from board.services import activation as activations
from board.services.rule_preview import Seen, preview, seen_by
from board.views.rule_sets import address, crumbs, form_page, moment
from cases.formats import long_date, plural
from cases.forms import IndgangForm
from deadlines.models import Kind, RuleSet
from desk.services.export import Column
from desk.services.lines import case_path
from desk.services.lists import page_of
from desk.services.moves import Move, in_words
from desk.views.files import Listing, file_page
from desk.views.lists import page_number, pager

COLUMNS = (
    Column(_l("Sagsnr."), 12),
    Column(_l("Person"), 20),
    Column(_l("Frist"), 40),
    Column(_l("Før"), 12),
    Column(_l("Nu"), 12),
    Column(_l("Ændring"), 24),
    Column(_l("Følge"), 24),
    Column(_l("Art før"), 14),
    Column(_l("Art nu"), 14),
)


@needs(Permission.CONFIRM_EXEMPTION)
def rule_preview(request):
    """What the draft would do, before anybody decides. Without a draft there is nothing to show."""
    form, today = PreviewFilter(request.GET), timezone.localdate()
    draft = form.draft
    if draft is None:
        messages.info(request, _("Der er intet udkast at forhåndsvise."))
        return redirect("board:rule_sets")
    asked = Activation.objects.filter(rule_set=draft, at=None).select_related("asked_by", "rule_set").first()
    choice = form.chosen.get("choice") or (asked.choice if asked else Activation.Choice.NEW)
    moves = preview(draft, choice, today=today)
    seen = Rows(tuple(seen_by(request.user, moves)))
    page = page_of(seen, page_number(request))
    query = urlencode({"saet": draft.pk, "valg": choice})
    context = {
        "draft": draft,
        "crumbs": crumbs((address(draft), str(draft)), ("", _("Forhåndsvisning"))),
        "title": _("Forhåndsvisning af %s") % str(draft).lower(),
        "choices": choices(draft, choice),
        "effect": effect(draft, choice, today),
        "headline": headline(moves),
        "said": in_words(move for move in moves if not move.finished),
        "finished": finished(moves),
        "moves": moves,
        "rows": [shown(one, request.user) for one in page.rows],
        "pager": pager(request, page),
        "hidden": hidden(len(moves) - seen.count()),
        "file_url": f"{reverse('board:rule_preview_xlsx')}?{query}" if page.rows else "",
        **deciding(request.user, draft, asked, choice),
    }
    return render(request, "board/rule_preview.html", context)


def choices(draft: RuleSet, chosen: str) -> list[dict]:
    """The switch between the two ways, each with a preview of its own."""
    url = reverse("board:rule_preview")
    return [
        {"url": f"{url}?{urlencode({'saet': draft.pk, 'valg': value})}", "text": label, "current": value == chosen}
        for value, label in Activation.Choice.choices
    ]


def effect(draft: RuleSet, choice: str, today) -> str:
    day = long_date(draft.valid_from)
    if choice == Activation.Choice.NEW:
        text = _("Sættet gælder kun frister, hvis startdato er %s eller senere. Ældre frister følger deres eget.")
        return text % day
    text = _("Sættet gælder også alle frister, der er åbne nu, uanset hvornår de begyndte.")
    if draft.valid_from > today:
        text += " " + _("De flytter sig straks ved aktiveringen, ikke først %s.") % day
    return text


def headline(moves: list[Move]) -> str:
    count = sum(not move.finished for move in moves)
    words = plural(count, _("åben frist"), _("åbne frister"))
    return _("%s ændres") % words if count else _("Ingen åbne frister ændres")


def finished(moves: list[Move]) -> str:
    """What is done already and yet gets another date: only where the set begins in the past."""
    count = sum(move.finished for move in moves)
    words = plural(count, _("udført opgave"), _("udførte opgaver"))
    return _("%s får en anden frist, fordi sættet gælder fra en dag, der er gået.") % words if count else ""


def hidden(count: int) -> str:
    """What is counted above, but stands in nobody's table but the others'."""
    return _("%s er i sager, du ikke har.") % plural(count, _("ændring"), _("ændringer")) if count else ""


def shown(one: Seen, user) -> dict:
    move = one.move
    return {
        "number": one.number,
        "url": case_path(one.number),
        "name": name_of(one, user),
        "title": move.title,
        "old": move.old,
        "new": move.new,
        "words": move.words,
        "consequence": move.consequence,
        "tone": move.tone,
    }


def name_of(one: Seen, user) -> str:
    """Whose deadline it is, for whoever sees names."""
    return one.move.name if sees_names(user, one.number) else ""


def deciding(user, draft: RuleSet, asked: Activation | None, choice: str) -> dict:
    """What this user can do now: ask, take back, or be the second person."""
    leads = can(user, Permission.LEAD_TEAM)
    texts = dict.fromkeys(("asked_text", "activate_url", "take_back_url", "wait_text"), "")
    found = {"ask_form": None, "asked": asked, **texts}
    if asked is None:
        return found | {"ask_form": AskForm(initial={"choice": choice}) if leads else None}
    words = {"who": asked.asked_by.name, "at": moment(asked.asked_at), "choice": asked.get_choice_display().lower()}
    found["asked_text"] = _("%(who)s bad %(at)s om et ja til »%(choice)s«.") % words
    found["take_back_url"] = reverse("board:take_back_activation", args=[draft.pk]) if leads else ""
    if not activations.may_activate(asked, user):
        text = _("En anden end den, der har lavet udkastet eller bedt om det, skal sætte det i brug.")
        return found | {"wait_text": text}
    if choice != asked.choice:
        text = _("Du ser den anden virkning. Skift til »%s« for at svare.")
        return found | {"wait_text": text % asked.get_choice_display()}
    return found | {"activate_url": reverse("board:activate", args=[asked.pk])}


@dataclass(frozen=True, slots=True)
class Rows:
    """Computed rows that can be counted and cut like those of a table."""

    found: tuple[Seen, ...]

    def order_by(self) -> "Rows":
        return self

    def count(self) -> int:
        return len(self.found)

    def __getitem__(self, span: slice) -> "Rows":
        return Rows(self.found[span])

    def __iter__(self):
        return iter(self.found)


@needs(Permission.CONFIRM_EXEMPTION)
@needs_fresh_login
def rule_preview_xlsx(request):
    """The moves in the user's own cases; protected ones leave the house in no file."""
    form, today = PreviewFilter(request.GET), timezone.localdate()
    draft = form.draft
    if draft is None:
        return redirect("board:rule_sets")
    seen = seen_by(request.user, preview(draft, form.effect, today=today))
    listing = Listing(
        name=f"regelsaet-{draft.number}",
        title=_("Forhåndsvisning af %s") % str(draft).lower(),
        columns=COLUMNS,
        form=form,
        rows=Rows(tuple(one for one in seen if not one.protected)),
        cells=lambda rows: [cells(one, request.user) for one in rows],
        back="board:rule_preview",
    )
    return file_page(request, listing)


def cells(one: Seen, user) -> tuple:
    move = one.move
    kinds = [str(Kind(kind).label) if kind else "" for kind in (move.old_kind, move.new_kind)]
    return (one.number, name_of(one, user), move.title, move.old, move.new, move.words, move.consequence, *kinds)


# --- From draft to force and back -------------------------------------------------------------


@require_POST
@needs(Permission.LEAD_TEAM)
def ask_activation(request, pk):
    draft = get_object_or_404(RuleSet, pk=pk)
    form = AskForm(request.POST)
    choice = form.cleaned_data["choice"] if form.is_valid() else Activation.Choice.NEW
    try:
        activations.ask(draft, choice=choice, by=request.user, now=timezone.now())
        messages.success(
            request, _("Udkastet venter nu på en kollegas ja. Bed en sagsbehandler eller leder åbne Fristregler.")
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(f"{reverse('board:rule_preview')}?{urlencode({'saet': pk, 'valg': choice})}")


@require_POST
@needs(Permission.LEAD_TEAM)
def take_back_activation(request, pk):
    draft = get_object_or_404(RuleSet, pk=pk)
    activations.take_back(draft, by=request.user)
    messages.success(request, _("Udkastet kan rettes igen."))
    return redirect(address(draft))


@require_POST
@needs(Permission.CONFIRM_EXEMPTION)
def activate(request, pk):
    asked = get_object_or_404(Activation.objects.select_related("rule_set"), pk=pk)
    try:
        changed = activations.activate(asked, by=request.user, today=timezone.localdate(), now=timezone.now())
        words = {"set": asked.number, "cases": plural(changed, _("sag"), _("sager"))}
        messages.success(request, _("Regelsæt %(set)d er i brug. %(cases)s er regnet om.") % words)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("board:rule_sets")


@needs(Permission.LEAD_TEAM)
def undo_activation(request, pk):
    found = get_object_or_404(Activation.objects.select_related("rule_set"), pk=pk)

    def act(form):
        activations.undo(found, by=request.user, today=timezone.localdate(), now=timezone.now())

    return form_page(
        request,
        IndgangForm(request.POST if request.method == "POST" else None),
        heading=_("Fortryd regelsæt %d") % found.number,
        lede=_("Sættet bliver et udkast igen, og alle frister, som de var. Kollegers registreringer bliver stående."),
        submit=_("Fortryd aktiveringen"),
        act=act,
        done=_("Aktiveringen er fortrudt. Regelsæt %d er et udkast igen.") % found.number,
        back=reverse("board:rule_sets"),
    )
